#include "cli/kafka.h"

#include "cli/command.h"
#include "cli/run.h"

int kafka_stream(const struct invocation *i)
{
    warn(false, "this build reads no Kafka ('%s'); pipe a consumer into 'ikescope stream --device-field FIELD' instead", option_last(&i->kafka, ""));
    return EXIT_TROUBLE;
}
