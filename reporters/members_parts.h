/* What the files behind members.h share: values that occur in many places. Each function writes one member, or none where the
 * value is not known. */
#ifndef IKESCOPE_REPORTERS_MEMBERS_PARTS_H
#define IKESCOPE_REPORTERS_MEMBERS_PARTS_H

#include "reporters/members.h"

struct buffer *scratch_fresh(struct members *s);       /* empties the scratch buffer, for one value */
void put_scratch(struct members *s, const char *name); /* writes what is in it */
void put_text(struct members *s, const char *name, struct text t);
void put_id(struct members *s, const char *name, const char *prefix, uint32_t number);
void put_kebab(struct members *s, const char *name, const char *word); /* "NO_RESPONSE" as "no-response" */
void put_input(struct members *s, uint32_t input);
void put_device(struct members *s, const char *name, uint32_t device);
void put_spi(struct members *s, const char *name, struct spi spi);
void put_t(struct members *s, uint32_t input, uint32_t place, int64_t ns); /* the joined clock */
void put_stamp(struct members *s, const char *name, struct stamp stamp);
void put_time(struct members *s, struct stamp stamp);                       /* "time" and "zone", as printed */
struct stamp stamp_like(const struct model *m, uint32_t input, int64_t ns); /* in the form the input's stamps have */
void put_place(struct members *s, uint32_t place, bool packet);             /* "line" or "packet" */
void put_endpoint(struct members *s, const char *name, struct endpoint e);
bool is_capture(const struct members *s, uint32_t input);

#endif
