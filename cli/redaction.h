/* --redact: replaces names and addresses in the model of a report, and removes octets that hold them. */
#ifndef IKESCOPE_CLI_REDACTION_H
#define IKESCOPE_CLI_REDACTION_H

#include "model/model.h"

void redact_model(struct model *m);

#endif
