/* The words of the trade, taken from the tables of messages. A redaction leaves them alone even if somebody called a transform
 * set "TS" or an ACL "VPN": such a name gives nothing away, and with it replaced the log's sentences could not be read any more.
 */
#ifndef IKESCOPE_CLI_VOCABULARY_H
#define IKESCOPE_CLI_VOCABULARY_H

#include "model/redact.h"

/* vocabulary_keep tells the redactor these words (redact_keep). */
void vocabulary_keep(struct redactor *r);

#endif
