/* The blocks that `show crypto ikev2 sa` and `show crypto ikev2 session` have in common, on IOS, IOS-XE and ASA. */
#ifndef IKESCOPE_PARSER_SHOW_IKE_H
#define IKESCOPE_PARSER_SHOW_IKE_H

#include "parser/fields.h"

void show_ike_read(struct section *s, const char *name);
/* show_ike_is_row: a number, two ends of which the local one has IKE's port, and a VRF or a status behind them. */
bool show_ike_is_row(struct text line);

#endif
