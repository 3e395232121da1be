/* Facts as JSON members: numbers, words, hex, lists and groups, whatever they are about. A code whose registry has no
 * name for it is left out. */
#ifndef IKESCOPE_REPORTERS_FACTWRITER_H
#define IKESCOPE_REPORTERS_FACTWRITER_H

#include "base/writer.h"
#include "model/message.h"

/* facts_write writes members into the open object; names in `reserved` (ends with NULL; may be NULL) are taken already. */
void facts_write(struct json_writer *w, const struct fact *first, const char *const *reserved);
/* fact_write writes one as the member `name`, or as an element where name is NULL. */
void fact_write(struct json_writer *w, const char *name, const struct fact *f);

#endif
