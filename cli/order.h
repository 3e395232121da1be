/*
 * In which order inputs are read: key files first, since messages are opened while they are read; captures by the time of their
 * first frame, since keys come from exchanges that stand before what they open (and the files of a ring buffer, or of a shell's
 * pattern, come in any order); logs that were rotated (r1.log, r1.log.1, r1.log.2.gz) oldest first. Everything else stays as it
 * was given.
 */
#ifndef IKESCOPE_CLI_ORDER_H
#define IKESCOPE_CLI_ORDER_H

#include "cli/inputs.h"

/* order_inputs sorts the list in place. */
void order_inputs(struct input_files *files);

#endif
