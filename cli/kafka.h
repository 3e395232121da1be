/* The door to librdkafka: `stream --kafka`. */
#ifndef IKESCOPE_CLI_KAFKA_H
#define IKESCOPE_CLI_KAFKA_H

#include "cli/options.h"

/* kafka_stream runs until it is told to stop, and gives an exit status; 2 with a sentence where this build has no Kafka. */
int kafka_stream(const struct invocation *i);

#endif
