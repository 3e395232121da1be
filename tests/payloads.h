/* A message's payload by its type. The program itself walks them in their order, or asks the digest. */
#ifndef IKESCOPE_TESTS_PAYLOADS_H
#define IKESCOPE_TESTS_PAYLOADS_H

#include "model/message.h"

/* payload_of is the first of that type, or NULL. */
static inline const struct payload *payload_of(const struct message *m, unsigned type)
{
    const struct payload *p = m->payloads;
    while (p && p->type != type)
        p = p->next;
    return p;
}

#endif
