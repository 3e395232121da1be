/* The look-up of message texts: the rows of all dialects, sorted by anchor; the longest anchor that a text starts with and
 * whose pattern matches names the event. */
#ifndef IKESCOPE_PARSER_PHRASES_H
#define IKESCOPE_PARSER_PHRASES_H

#include "parser/dialect.h"
#include "parser/tag.h"

/* phrase_find gives the row for a text, or NULL. Patterns are compiled when first needed. */
const struct phrase *phrase_find(struct text t);
/* phrase_settled is phrase_find as far as anchors alone can tell; false where a pattern would have to be asked. It compiles
 * nothing, so any thread may call it once phrases_prepare() was called. */
bool phrase_settled(struct text t, const struct phrase **phrase);
void phrases_prepare(void);
/* phrase_begins: is this text the beginning of some row's anchor, which goes on behind it? */
bool phrase_begins(struct text t);
/* syslog_key is what a syslog message is looked up by: "%CRYPTO-5-X: text" as it stands; of ASA and FTD "750003 text",
 * whatever the severity. */
struct text syslog_key(const struct tag *tag, struct arena *arena);
/* phrase_kind is the kind of input that the row's dialect is of. */
enum input_kind phrase_kind(const struct phrase *phrase);
/* phrase_facts appends what the row's pattern finds: addresses, numbers, texts by the groups' names; it also fills the
 * event's members spi_i, spi_r, local, remote, msgid where groups are so named. */
void phrase_facts(const struct phrase *phrase, struct text t, struct event *event, struct facts *facts);
/* phrases_exhausted is how often a pattern reached its limit of steps since the last call; such a text was not taken for its
 * row's. */
uint64_t phrases_exhausted(void);
/* phrase_guess judges a text that no row knows by its words: whether it tells a step or a failure, and the kind of event. */
enum event_code phrase_guess(struct text t, bool error, enum event_kind *kind);
/* For tests: does the row itself match its text? */
bool phrase_matches(const struct phrase *phrase, struct text t);

#endif
