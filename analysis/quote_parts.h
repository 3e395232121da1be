/* What the files behind quote.h need of each other: quote.c opens a finding, fills its sentences and quotes its evidence; advise.c
 * says what is to be done about it, at which end. */
#ifndef IKESCOPE_ANALYSIS_QUOTE_PARTS_H
#define IKESCOPE_ANALYSIS_QUOTE_PARTS_H

#include "analysis/quote.h"

/* Where advice is to be followed. HERE and PEER where nothing tells who initiated: nothing then is known of the initiator. */
enum place { AT_INITIATOR, AT_RESPONDER, AT_HERE, AT_PEER };

static inline enum place place_across(enum place at)
{
    static const enum place across[] = { AT_RESPONDER, AT_INITIATOR, AT_PEER, AT_HERE };
    return across[at];
}

/* place_of_side is where a side acts; peer_text "the peer 192.0.2.2", where nobody knows who initiated. */
enum place place_of_side(const struct ike_sa *sa, enum side side);
struct text peer_text(const struct model *m, const struct ike_sa *sa);

struct text diagnosis_known(const struct diagnosis *d, struct text name); /* what a word was set to; empty: it was not */
/* diagnosis_render fills a template's words, and leaves out the parts in [[ ]] of which one is not known. sentence: it begins with
 * a capital letter. */
struct text diagnosis_render(const struct diagnosis *d, const char *template, bool sentence);
/* diagnosis_put_line appends a line to a list of the finding's: of evidence, with the place where it stands, or of advice; one that
 * is there already, or for which there is no room, is not. */
void diagnosis_put_line(struct model *m, struct finding_line **at, struct text t, uint32_t input, uint32_t place, bool packet);

#endif
