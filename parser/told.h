/*
 * What texts told before. A router names its profile, its proposal or its peer's address in the same words with every SA, so the
 * row of such a text is found once, and its facts are made once and given out again as they are.
 */
#ifndef IKESCOPE_PARSER_TOLD_H
#define IKESCOPE_PARSER_TOLD_H

#include "parser/phrases.h"

enum { TOLD_TEXTS = 128, TOLD_LONGEST = 160, TOLD_MEMORY = 1 << 17 };

struct told {
    const struct phrase *phrase;
    struct text text;
    struct fact *facts;
};

struct told_before { /* a zeroed one is valid */
    struct arena *arena;
    struct told texts[TOLD_TEXTS];
    struct told found[TOLD_TEXTS]; /* without facts */
};

/* told_facts is what phrase_facts() appends for a text that matches; it also fills the event's members as that does. The facts
 * live until the next call, and nothing may be appended to them. */
struct fact *told_facts(struct told_before *t, const struct phrase *phrase, struct text text, struct event *event);
/* told_phrase is the same as phrase_find(). */
const struct phrase *told_phrase(struct told_before *t, struct text text);
void told_clear(struct told_before *t);

#endif
