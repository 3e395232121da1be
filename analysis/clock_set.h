/* A router's own word that its clock was set, by NTP or by hand: "System clock has been updated from … to …". It tells by how much, and
 * the times around it tell at which line: some releases stamp it with the old time, others with the new one. */
#ifndef IKESCOPE_ANALYSIS_CLOCK_SET_H
#define IKESCOPE_ANALYSIS_CLOCK_SET_H

#include "model/event.h"
#include "model/model.h"

/* clock_set_read takes each event that has a time, before the input's last time is that one's. */
void clock_set_read(struct input *in, const struct event *e);

#endif
