/* What `list` can list: every folder of small files, and every registry. */
#ifndef IKESCOPE_CLI_THINGS_H
#define IKESCOPE_CLI_THINGS_H

#include "base/sink.h"

extern const char *const thing_names[];                /* ends with NULL */
void things_overview(struct sink *out);                /* what can be listed */
bool things_list(const char *thing, struct sink *out); /* false: no such thing */

#endif
