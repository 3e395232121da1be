/*
 * How a rule says what it found. diagnosis_begin() opens a finding, or counts a repeat of one that was made before for the
 * same peers; the rest fills it. Sentences and advice are templates: {name} is a word, and a part in [[ ]] is left out when one
 * of its words is unknown. Words that are always there:
 *
 *   {initiator} {responder}   "the initiator 192.0.2.1 (R1)"
 *   {both}                    the two; where nothing tells who initiated, "this end … and its peer …"
 *   {here} {there}            the same, for the side that the diagnosis names and for the other
 *   in advice also {peer} {local} {peer_name}: as seen from the router that the line is for; {ends} "192.0.2.1 and 192.0.2.2";
 *   {family} "ipv4" or "ipv6", of {peer}; {ip} "ip" or "ipv6", as IOS's show commands have it
 */
#ifndef IKESCOPE_ANALYSIS_QUOTE_H
#define IKESCOPE_ANALYSIS_QUOTE_H

#include "analysis/rule.h"
#include "analysis/symptoms.h"

enum { DIAGNOSIS_WORDS = 30 };

struct diagnosis {
    struct model *m;
    const struct rule *rule;
    struct ike_sa *sa; /* NULL: of the whole report */
    struct finding *f;
    struct finding *met;        /* f, or the one that it repeats; NULL: nothing was found */
    enum side side;             /* {here} */
    const struct record *entry; /* for advice to a router: which of several ways to its peer it is about; NULL: the only one */
    struct {
        const char *name;
        struct text value;
    } words[DIAGNOSIS_WORDS];
    unsigned word_count;
    uint8_t platform[4]; /* of each place that advice may be for, once it was asked (quote.c) */
    bool platform_known[4];
};

/* diagnosis_begin is false, and there is nothing more to do, when a cause of this effect was found for the same SA, when the
 * finding repeats an earlier one (which is then counted), or when there are too many. about: what tells different findings of
 * this rule between the same peers apart; "": nothing, they are repeats. */
bool diagnosis_begin(struct diagnosis *d, struct model *m, const struct rule *rule, struct ike_sa *sa, enum side side,
                     enum confidence confidence, struct text about);
/* diagnosis_severity gives the finding another severity than the rule's. */
void diagnosis_severity(struct diagnosis *d, enum severity severity);
/* diagnosed: did that rule find something about this SA? */
bool diagnosed(const struct ike_sa *sa, const char *rule);
/* diagnosed_again: does a finding of another SA of the same peers count what its rule found of this one? */
bool diagnosed_again(const struct ike_sa *sa, const struct finding *f);
/* found_error: was an error of this SA found yet, or a repeat of one? */
bool found_error(const struct ike_sa *sa);

/* diagnosis_concerns ties a finding that comes from configurations or show output to the SA of these two addresses, if there is
 * one, so that what is wrong with a tunnel is reported with it. diagnosis_advise_router() does so by itself. */
void diagnosis_concerns(struct diagnosis *d, struct address a, struct address b);

void diagnosis_word(struct diagnosis *d, const char *name, struct text value);
void diagnosis_wordf(struct diagnosis *d, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* diagnosis_word_of is what a word was set to, or `otherwise` if it was not. */
struct text diagnosis_word_of(const struct diagnosis *d, const char *name, struct text otherwise);
/* diagnosis_count sets a word to "1 packet" or "3 packets". */
void diagnosis_count(struct diagnosis *d, const char *name, uint64_t n, const char *one, const char *many);
void diagnosis_say(struct diagnosis *d, const char *title, const char *cause); /* title NULL: the rule's */
/* diagnosis_more appends a sentence to the cause. */
void diagnosis_more(struct diagnosis *d, const char *sentence);

enum advised { TO_THIS, TO_THAT, TO_INITIATOR, TO_RESPONDER, TO_BOTH };
struct advice { /* {whom it is for, on which platform (PLATFORM_UNKNOWN: any), what to do} */
    uint8_t to, platform;
    const char *text;
};
void diagnosis_advise(struct diagnosis *d, const struct advice *rows, size_t count);
#define ADVISE(d, table) diagnosis_advise((d), (table), sizeof(table) / sizeof(table)[0])
/* diagnosis_advise_router says what to do on a router by name, "on R1: ...", where no SA tells which end begins.
 * Where the finding is of an SA that this router is an end of, the advice is for that end alone. {local} and {peer} are its
 * address and its peer's; placeholders become the names that its configuration has. */
void diagnosis_advise_router(struct diagnosis *d, uint32_t device, struct address local, struct address peer, const char *text);
/* A capture of what goes to and from {peer}, from its beginning to a file that other tools open. */
#define CAPTURE_IOS                                                                                                              \
    "`monitor capture IKE interface INTERFACE both` (INTERFACE: `show {ip} cef[[ vrf {front_vrf}]] {peer}` names it), `monitor " \
    "capture IKE match "                                                                                                         \
    "{family} host {peer} any`, `monitor capture IKE start`, then `monitor capture IKE stop`, `show monitor capture IKE buffer " \
    "brief`, `monitor capture IKE export "                                                                                       \
    "flash:ike.pcap`"
#define CAPTURE_ASA                                                                                                              \
    "`capture IKE type isakmp interface outside match udp host {peer} host {local}` (outside: or as `show nameif` calls it), "   \
    "then `show capture IKE`, `copy /pcap "                                                                                      \
    "capture:IKE flash:ike.pcap`, `no capture IKE`"
/* What to look at where the two ends do not agree on a Child SA, and nothing tells on what. */
#define COMPARE_IOS                                                                                                              \
    "compare both ends' crypto ACLs, which must mirror each other, and transform sets: `show crypto map`, `show crypto ipsec "   \
    "transform-set`"
#define COMPARE_ASA                                                                                                              \
    "compare both ends' crypto ACLs, which must mirror each other, and proposals: `show run crypto map`, `show run crypto "      \
    "ipsec`"
/* An access list keeps what it has: the new entry does not take its place. */
#define BESIDE " (and `no` in front of the entry that it replaces, which would stay beside it)"
/* diagnosis_debug advises which debugs to take next on a router whose log is missing or does not tell enough. */
void diagnosis_debug(struct diagnosis *d, enum advised to);
/* diagnosis_ppk says, where a postquantum preshared key takes part in a refused AUTH, that it may be the key that differs. */
void diagnosis_ppk(struct diagnosis *d);
/* diagnosis_nat says under which address an end behind NAT is seen, or that nothing shows it. */
void diagnosis_nat(struct diagnosis *d);

void quote_note(struct diagnosis *d, struct heard h); /* nothing when h is empty */
void quote_all(struct diagnosis *d, const struct ike_sa *sa, enum event_code code, unsigned limit);
/* quote_leg names the message by its first sighting in each input; words say what is remarkable about it, may be "". */
void quote_leg(struct diagnosis *d, const struct exchange *x, const struct leg *leg, const char *words);
void quote_state(struct diagnosis *d, const struct ike_sa *sa, const char *event); /* the state machine's line, where kept */
void quote_text(struct diagnosis *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void quote_line(struct diagnosis *d, uint32_t input, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void quote_frame(struct diagnosis *d, uint32_t input, uint32_t frame, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* selectors_text is "10.0.0.0/24 to 10.1.0.0/24" or, with ports and protocol, as they are. */
struct text selectors_text(struct arena *arena, const struct selector *s);
struct text vrf_text(struct arena *arena, struct text vrf); /* "VRF INET", "the global VRF" */
/* acl_end_text is one end of an access list's entry, "host A", "any" or "A MASK"; wildcard: as IOS writes masks, else as an ASA
 * does. Empty where an entry cannot say it. */
struct text acl_end_text(struct arena *arena, const struct selector *s, bool wildcard);
/* route_network_text is a network as a static route has it, "A MASK". Empty where it cannot say it. */
struct text route_network_text(struct arena *arena, const struct selector *s);
struct text proposal_text(struct arena *arena, const struct proposal *p);
struct text side_text(const struct model *m, const struct ike_sa *sa, enum side side); /* "the responder 192.0.2.2 (R2)" */

#endif
