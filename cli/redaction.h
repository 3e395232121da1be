/* --redact: the model of a report, with names and addresses replaced and octets that hold them left out. */
#ifndef IKESCOPE_CLI_REDACTION_H
#define IKESCOPE_CLI_REDACTION_H

#include "model/model.h"

void redact_model(struct model *m);

#endif
