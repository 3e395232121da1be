/* The look-up of message texts: the rows of all dialects, sorted by anchor; the longest anchor that a text starts with and
 * whose pattern matches names the event. */
#ifndef IKESCOPE_PARSER_PHRASES_H
#define IKESCOPE_PARSER_PHRASES_H

#include "parser/dialect.h"
#include "parser/tag.h"

/* phrase_find gives the row for a text, or NULL. Patterns are compiled when first needed. */
const struct phrase *phrase_find(struct text t);
/* phrase_settled is phrase_find as far as anchors alone can tell; false: a pattern has to be asked. It compiles nothing, so that
 * any thread may call it once phrases_prepare() was. */
bool phrase_settled(struct text t, const struct phrase **phrase);
void phrases_prepare(void);
/* phrase_begins: some row's anchor begins with this text, and goes on. */
bool phrase_begins(struct text t);
/* syslog_key is what a syslog message is looked up by: "%CRYPTO-5-X: text" as it stands; of ASA and FTD "750003 text",
 * whatever the severity. */
struct text syslog_key(const struct tag *tag, struct arena *arena);
/* phrase_kind is the kind of input that the row's dialect is of. */
enum input_kind phrase_kind(const struct phrase *phrase);
/* phrase_facts appends what the row's pattern finds: addresses, numbers, texts by the groups' names; it also fills the
 * event's members spi_i, spi_r, local, remote, msgid where groups are so named. */
void phrase_facts(const struct phrase *phrase, struct text t, struct event *event, struct facts *facts);
/* phrases_exhausted is how often a pattern met its limit of steps, and forgets it: such a text is not of that row. */
uint64_t phrases_exhausted(void);
/* phrase_guess is for a text that no row knows: a step, or a failure by its words, and the kind of event they suggest. */
enum event_code phrase_guess(struct text t, bool error, enum event_kind *kind);
/* For tests: does the row itself match its text? */
bool phrase_matches(const struct phrase *phrase, struct text t);

#endif
