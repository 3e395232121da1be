/* The blocks that `show crypto ikev2 sa` and `show crypto ikev2 session` have in common, on IOS, IOS-XE and ASA. */
#ifndef IKESCOPE_PARSER_SHOW_IKE_H
#define IKESCOPE_PARSER_SHOW_IKE_H

#include "parser/fields.h"

void show_ike_read(struct section *s, const char *name);

#endif
