/*
 * Times that are counted from now, as journalctl takes them for --since and --until: "-15m", "-1h 30min", "2 days ago", "now",
 * "today", "yesterday". They are reckoned by the clock and zone of this machine, which need not be those of the log.
 */
#ifndef IKESCOPE_CLI_AGO_H
#define IKESCOPE_CLI_AGO_H

#include "base/bytes.h"

/* ago_read: now_ns is what a clock on the wall shows, in ns since 1970 as if it were UTC, and so is *ns. False: the value is not
 * such a time. */
bool ago_read(struct text value, int64_t now_ns, int64_t *ns);
/* ago_now is what this machine's clock shows. */
int64_t ago_now(void);

#endif
