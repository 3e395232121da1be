/*
 * In which order inputs are read: what holds keys first, since what is sealed is opened while it is read; captures by the
 * time of their first frame, since an exchange keys what comes after it (the files of a ring, or of a shell's pattern, stand
 * in any order). All else as it was given.
 */
#ifndef IKESCOPE_CLI_ORDER_H
#define IKESCOPE_CLI_ORDER_H

#include "cli/inputs.h"

void order_inputs(struct input_files *files);

#endif
