/* The words of the trade, as the tables of messages have them: what a redaction leaves alone, though somebody called a transform
 * set "TS" or an ACL "VPN". Such a name tells nothing, and with it gone the log's sentences would not be read any more. */
#ifndef IKESCOPE_CLI_VOCABULARY_H
#define IKESCOPE_CLI_VOCABULARY_H

#include "model/redact.h"

void vocabulary_keep(struct redactor *r);

#endif
