/*
 * The year of stamps that print none. The first of a log is of the year that the user gave (--year), else of the one that stands for
 * none (STAMP_YEAR_UNKNOWN), and stays without a year; from there on its clock goes on: December, then January, is the next year.
 */
#ifndef IKESCOPE_PARSER_CALENDAR_H
#define IKESCOPE_PARSER_CALENDAR_H

#include "base/stamp.h"

struct calendar { /* zeroed: no stamp yet */
    int64_t last_ns;
    int64_t first, year; /* of the first stamp and of the last; 0 none yet */
};

/* calendar_place brings a stamp without a year into its own; given: --year, 0 none. */
void calendar_place(struct calendar *c, int given, struct stamp *stamp);

#endif
