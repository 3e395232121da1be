/* The members that records of both stages of a stream share. */
#ifndef IKESCOPE_CLI_STREAMRECORD_H
#define IKESCOPE_CLI_STREAMRECORD_H

#include "base/writer.h"
#include "model/model.h"

void record_spi(struct json_writer *w, const char *name, struct spi spi);
void record_time(struct json_writer *w, const char *name, struct stamp time);
void record_address(struct json_writer *w, const char *name, struct endpoint e);
void record_sa(struct json_writer *w, const struct ike_sa *sa); /* SPIs and ends */
void record_finding(struct json_writer *w, const struct finding *f);
/* record_worth_telling is false for findings about an input as a whole, which mean little in a stream, since its pieces always
 * begin and end in the middle. */
bool record_worth_telling(const struct finding *f);
void record_cap(struct sink *out, const char *what, uint64_t limit); /* the whole record that says that a limit was reached */

#endif
