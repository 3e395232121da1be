/*
 * The summary's parts and what they share: screen_findings.c says what is wrong and what to do, screen_sas.c describes each SA in
 * a few lines, screen_inputs.c says what was read. The first screen itself is reporters/formats/summary.c.
 */
#ifndef IKESCOPE_REPORTERS_SCREEN_H
#define IKESCOPE_REPORTERS_SCREEN_H

#include "reporters/page.h"
#include "reporters/peers.h"

enum { SCREEN_LABEL = 11, SCREEN_STATE = 12, SCREEN_PAIRS = 25 /* pairs of peers with a line of their own */ };

struct screen {
    struct page p;
    const struct model *m;
    struct peers peers;
    size_t pairs_told; /* how many of the pairs have lines of their own */
    bool in_full;      /* these lines hold the whole of their finding */
    struct arena *arena;
    bool show_unparsed;
};

void screen_label(struct page *p, const char *word);
/* screen_labelled writes "  word       text", wrapped below itself; nothing where the text is empty. */
void screen_labelled(struct page *p, const char *word, enum style style, struct text t);
/* screen_wrap is page_wrap for sentences: on a wide terminal they stay narrow enough to be read. */
void screen_wrap(struct page *p, enum style style, size_t indent, struct text t);
/* screen_more writes "... and 12 more WHAT", nothing for 0. */
void screen_more(struct page *p, size_t indent, uint64_t left, const char *what);
enum style screen_outcome(unsigned outcome);

/* screen_finding writes cause, fix and places of one finding. brief: only what to type first, and one place. */
void screen_finding(struct screen *s, const struct finding *f, bool with_title, bool brief);
/* screen_cause writes it on one line, for a screen with many peers. */
void screen_cause(struct screen *s, const struct finding *f);
void screen_findings(struct screen *s); /* those that are not among the lines of a pair */
/* screen_findings_alone writes all findings, on the page of a format that has no SA to draw. */
void screen_findings_alone(const struct model *m, struct page *p);
void screen_sas(struct screen *s);
void screen_flows(struct screen *s);
void screen_shown(struct screen *s); /* show output that belongs to none of the SAs */
void screen_inputs(struct screen *s);

#endif
