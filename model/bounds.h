/* The time that the user asked for (--since, --until), and which of an input's entries and frames lie in it. */
#ifndef IKESCOPE_MODEL_BOUNDS_H
#define IKESCOPE_MODEL_BOUNDS_H

#include "model/model.h"

/* bounds_leave_any is false where no time can lie between the two. Without years, one of December and the other of January behind it
 * have New Year between them. */
bool bounds_leave_any(int64_t since, int64_t until);
bool bounds_given(const struct model *m);
/* bounds_take notes that the input has something at that time (input.timed, .outside, .covers_*), and is false where nobody asked
 * for it. place: its line or frame. */
bool bounds_take(struct model *m, uint32_t input, const struct stamp *time, uint32_t place);

#endif
