/* The proposal matrix: what one side offered against what the other would accept. Every pair of proposals is compared; the
 * nearest pair is the one with the fewest attributes that have no common value, and the first such attribute is the mismatch. */
#ifndef IKESCOPE_ANALYSIS_PROPOSALS_H
#define IKESCOPE_ANALYSIS_PROPOSALS_H

#include "analysis/evidence.h"
#include "analysis/quote.h"
#include "analysis/remedies.h"

enum { MATRIX_ATTRIBUTES = 8 };

struct matrix {
    const struct proposal *offer, *accept; /* the nearest pair; NULL: nothing to compare */
    uint8_t differing[MATRIX_ATTRIBUTES];  /* transform types without a common value, in order of weight */
    unsigned count;                        /* 0: the pair agrees */
    unsigned offers, accepts;              /* how many proposals were compared */
};

/* matrix_of compares each offer with each acceptance, and keeps the pair that agrees in the most; .offer NULL where a list is. */
struct matrix matrix_of(const struct proposal *offered, const struct proposal *accepted);
/* logged_lists: what a responder's log printed as "Received Policies" and "Expected Policies", of IKE or of IPsec; NULL: nothing.
 * The note is the first that has them. */
const struct note *logged_lists(struct model *m, const struct ike_sa *sa, bool ike, const struct proposal **offered,
                                const struct proposal **accepted);
/* matrix_of_rekey: do the two lists, of a log whose beginning is missing, show by themselves that they belong to a rekey and
 * differ in PFS alone? Only a rekey or a further Child SA has a DH group (RFC 7296 section 1.3.1). */
bool matrix_of_rekey(const struct matrix *x, const struct ike_sa *sa);
/* matrix_values writes all values a proposal has for a transform type: "ENCR_AES_CBC-128 or ENCR_3DES"; "none". */
struct text matrix_values(struct arena *arena, const struct proposal *p, unsigned type);
const char *attribute_word(unsigned type); /* "encryption", "DH group", ... */
/* vendor_line is the configuration line that sets a value: "encryption aes-cbc-256", "group 14", "esp-aes 256"; empty when the
 * platform has no word for it. */
struct text vendor_line(struct arena *arena, enum platform platform, bool ike, struct transform t);
/* matrix_report sets the words attribute, offered, accepted, and adds both lists as evidence. */
void matrix_report(struct diagnosis *d, const struct matrix *x, const struct proposal *offered, const struct proposal *accepted,
                   enum side offerer);
/* configured_proposals is a router's list as proposals to compare. */
struct proposal *configured_proposals(struct model *m, const struct configured *list);
/* matrix_quote_config quotes the lines of a router's list that set the attributes which differ; all lines where none is known to
 * differ. */
void matrix_quote_config(struct diagnosis *d, const struct matrix *x, const struct configured *list);
/* matrix_advise gives the smallest change on either side. offerer: the side that offered. */
void matrix_advise(struct diagnosis *d, const struct matrix *x, enum side offerer, bool ike);
/* remedy_words is the remedy at one end as advice; there: what the other end could do instead. */
struct text remedy_words(struct model *m, const struct remedy *here, const struct remedy *there);
/* proposal_combined: it has a cipher that needs no integrity algorithm beside it (GCM, CCM, ...). NULL has none. */
bool proposal_combined(const struct proposal *p);

/* proposal_lacks is the command of IOS that an IKE proposal needs and does not have ("group"), NULL: it is complete. */
const char *proposal_lacks(const struct proposal *p);

/* proposals_text is the list as it was offered, "A B C; D E F"; what goes beyond a few is counted. */
struct text proposals_text(struct arena *arena, const struct proposal *list);

#endif
