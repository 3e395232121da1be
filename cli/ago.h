/*
 * Times that are counted from now, as journalctl takes them for --since and --until: "-15m", "-1h 30min", "2 days ago", "now",
 * "today", "yesterday". They are told by this machine's clock and zone: a log whose clock is another's has times of its own.
 */
#ifndef IKESCOPE_CLI_AGO_H
#define IKESCOPE_CLI_AGO_H

#include "base/bytes.h"

/* ago_read: now_ns is what a clock on the wall shows, as if it were UTC. False: the value is no such time. */
bool ago_read(struct text value, int64_t now_ns, int64_t *ns);
/* ago_now is what this machine's clock shows. */
int64_t ago_now(void);

#endif
