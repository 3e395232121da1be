/* What records of both stages of a stream are made of. */
#ifndef IKESCOPE_CLI_STREAMRECORD_H
#define IKESCOPE_CLI_STREAMRECORD_H

#include "base/writer.h"
#include "model/model.h"

void record_spi(struct json_writer *w, const char *name, struct spi spi);
void record_time(struct json_writer *w, const char *name, struct stamp time);
void record_address(struct json_writer *w, const char *name, struct endpoint e);
void record_sa(struct json_writer *w, const struct ike_sa *sa); /* SPIs and ends */
void record_finding(struct json_writer *w, const struct finding *f);
/* Findings about an input as a whole mean little in a stream: its pieces always begin and end in the middle. */
bool record_worth_telling(const struct finding *f);
void record_cap(struct sink *out, const char *what, uint64_t limit); /* a cap bit: a whole record */

#endif
