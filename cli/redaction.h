/* --redact: replaces names and addresses in the model of a report, and removes octets that hold them. */
#ifndef IKESCOPE_CLI_REDACTION_H
#define IKESCOPE_CLI_REDACTION_H

#include "model/model.h"

void redact_model(struct model *m);
/* redact_models does so for several of one report: what is one in them stays one. Substitutes live as long as
 * the first. */
void redact_models(struct model *const *models, size_t count);

#endif
