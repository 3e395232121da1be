/* Questions that rules ask of an IKE SA: what a router said, which exchange carried which notify, how far it got. */
#ifndef IKESCOPE_ANALYSIS_SYMPTOMS_H
#define IKESCOPE_ANALYSIS_SYMPTOMS_H

#include "analysis/platforms.h"

struct heard { /* a notable line, and the view of the observer that printed it; note NULL: there is none */
    const struct note *note;
    const struct view *view;
};

/* heard finds the first line of that meaning, from any observer; heard_on only from the router on that side. */
struct heard heard(const struct ike_sa *sa, enum event_code code);
struct heard heard_on(const struct ike_sa *sa, enum side side, enum event_code code);
/* heard_text finds a line of that meaning that contains the words. */
struct heard heard_text(const struct ike_sa *sa, enum event_code code, const char *words);
/* loose_among is a line that names no SA and stands among those of this one in a log of who answers: it is about it, most likely. */
struct heard loose_among(const struct model *m, const struct ike_sa *sa, enum event_code code);
/* heard_after finds a line of that meaning which the same observer printed later. */
struct heard heard_after(struct heard before, enum event_code code);
/* heard_again finds the next line of the same meaning, of the same observer or of one who comes behind it. */
struct heard heard_again(struct heard before);
/* heard_at_once finds the first line with meaning `code` directly behind one with meaning `before`, no notable line between. */
struct heard heard_at_once(const struct ike_sa *sa, enum event_code before, enum event_code code);
/* heard_deletion is the line in which a router says that its peer deletes something, where that was the IKE SA. */
struct heard heard_deletion(const struct ike_sa *sa);
/* heard_while_up: did the same router say before that the SA is up, so that the line is about a CREATE_CHILD_SA or later? */
bool heard_while_up(struct heard h);
/* refused_though_proven is the refusal of a peer behind the line in which the same router found that peer's authentication right:
 * it is neither the key nor the identity. Left out is EAP, where a first AUTH may be right and the last one wrong. */
struct heard refused_though_proven(const struct ike_sa *sa);
/* proof_before is that line, before another one of the same log. */
struct heard proof_before(const struct ike_sa *sa, struct heard end);
/* told_by_step: was only the state machine logged, so that the step at which it failed is all that tells why? */
bool told_by_step(struct heard h);
/* last_word is the last complaint that says more than that the SA ends, if possible one that names something; last_word_text is
 * what it says. */
struct heard last_word(const struct ike_sa *sa);
/* last_error is the last such complaint in the log of `end`, before it and behind that note (NULL: from its beginning), that is
 * an error. */
struct heard last_error(const struct note *from, struct heard end);
/* first_complaint is the first such complaint of one log behind that line and before that note; NULL: up to its end. */
struct heard first_complaint(const struct view *v, uint32_t after, const struct note *end);
/* complaint_of_child is the first one behind the request for a Child SA, once it is known who asks, in the log of who refused it. */
struct heard complaint_of_child(const struct ike_sa *sa, const struct exchange *x, const struct view *v, const struct note *end);
struct text last_word_text(struct heard h);
uint32_t heard_count(const struct ike_sa *sa, enum event_code code); /* by all observers */
/* note_word is a word of a line: the fact of that name, else what stands behind the marker in quotes or up to the next blank;
 * empty where there is neither. */
struct text note_word(const struct note *n, const char *fact, const char *marker);

/* note_esp_end is who sent the ESP that a router dropped, or to whom it came, as its line says; empty where it does not. */
struct text note_esp_end(const struct note *n, bool sender);

/* loose_of is the notable events of that meaning that belong to no IKE SA, in their order. It is there once loose_settle() was
 * called, so that thousands of them are not looked at for each of thousands of SAs. */
struct note_list loose_of(const struct model *m, enum event_code code);
void loose_settle(struct model *m);

/* speaker_of is the side of the router that printed it; SIDE_UNKNOWN where its log does not tell; `otherwise` for no line. */
enum side speaker_of(struct heard h, enum side otherwise);
/* sides_told: does anything tell who initiated the SA? If not, there are only the log's own end and its peer. */
bool sides_told(const struct ike_sa *sa);

/* exchange_refused finds an exchange of that type (0: any) whose answer carries that error notify; *after (NULL: the start)
 * is where to go on. An INFORMATIONAL request may carry one as well, about the exchange before it. */
const struct exchange *exchange_refused(const struct ike_sa *sa, unsigned type, unsigned notify, const struct exchange *after);
/* refused_groups is what INVALID_KE_PAYLOAD of this exchange is about (RFC 7296 section 1.3): the DH group that was sent and the one that the
 * answer asks for, by the messages, else by what a log says at them; 0: not known. */
struct refused_groups {
    unsigned sent, wanted;
};
struct refused_groups refused_groups(const struct ike_sa *sa, const struct exchange *x);
/* selectors_refused: were the traffic selectors refused? The notify that was sent decides: NO_PROPOSAL_CHOSEN is not that,
 * whatever the log says of its lists. */
bool selectors_refused(const struct ike_sa *sa);
const struct exchange *exchange_last(const struct ike_sa *sa, unsigned type); /* NULL: none of that type */
/* exchange_silent: was the request seen, and no answer by anybody? */
bool exchange_silent(const struct exchange *x);
/* cookies_refused: how many answers asked for a cookie again, although the request came with one; one may be by a change of secret. */
unsigned cookies_refused(const struct ike_sa *sa);
/* exchange_rekeys: is it a CREATE_CHILD_SA whose request, as far as it was kept, replaces a Child SA or the IKE SA?
 * exchange_rekeys_ike: does it replace the IKE SA? This is known also in a condensed run, which drops the request. */
bool exchange_rekeys(const struct exchange *x);
bool exchange_rekeys_ike(const struct exchange *x);
/* exchange_other_child: is it known that the one is to replace another Child SA than the other? */
bool exchange_other_child(const struct ike_sa *sa, const struct exchange *x, const struct exchange *other);
/* exchange_asker: whose request it was; where nobody knows who initiated the SA, rules call who asked its initiator. */
static inline enum side exchange_asker(const struct exchange *x)
{
    return x && x->from ? (enum side)x->from : SIDE_INITIATOR;
}
/* exchange_sealed: are the request's contents not known? */
bool exchange_sealed(const struct exchange *x);
/* answer_may_follow: does the log of the end that got the request stop there, so that a missing answer proves nothing? */
bool answer_may_follow(const struct model *m, const struct exchange *x);

/* leg_seen finds a copy that an observer on that side logged; SIDE_UNKNOWN: the wire. */
const struct sighting *leg_seen(const struct ike_sa *sa, const struct exchange *x, const struct leg *leg, enum side side);
enum side leg_sender(const struct exchange *x, const struct leg *leg); /* SIDE_UNKNOWN where nobody knows who asked */
uint32_t leg_copies(const struct ike_sa *sa, const struct exchange *x, const struct leg *leg, enum side side);
const struct view *view_on(const struct ike_sa *sa, enum side side); /* a router's own log; NULL */
const struct view *view_of_input(const struct ike_sa *sa, uint32_t input);

bool sa_reached_auth(const struct ike_sa *sa); /* IKE_SA_INIT was answered, or IKE_AUTH was seen */
bool sa_up(const struct ike_sa *sa);           /* it was up at some time and is not known to have failed */
/* sa_auth_method: how a side authenticates, as its AUTH payload or a log says: enum auth_method, 0 unknown. */
unsigned sa_auth_method(const struct ike_sa *sa, enum side side);
bool note_of_ppk(const struct note *n);     /* an error that names the postquantum preshared key (RFC 8784) */
bool sa_mixes_ppk(const struct ike_sa *sa); /* its initiator named such a key, or a router complains of one */

uint32_t device_of(const struct ike_sa *sa, enum side side); /* whose log it is; 0 unknown */
/* router_of is the device under which that side's configuration was supplied, found by its log, name or address; 0: none. */
uint32_t router_of(const struct model *m, const struct ike_sa *sa, enum side side);
uint32_t router_of_input(const struct model *m, uint32_t input); /* the same, of a log that tells of no SA */
struct address address_on(const struct ike_sa *sa, enum side side);
bool behind_nat(const struct ike_sa *sa, enum side side);
bool sa_in_udp(const struct ike_sa *sa);   /* its ESP goes in UDP 4500: IKE is there, or a Child SA says so */
bool sa_kept_500(const struct ike_sa *sa); /* IKE_AUTH went to UDP 500, and nothing of it is in UDP 4500 */
/* address_seen is the far end's address as the router at `from` sees it, which behind NAT is not the far end's own. *hidden: only
 * the far end's log is there, so it is not known what NAT makes of the address. */
struct address address_seen(const struct ike_sa *sa, enum side from, bool *hidden);

/* note_policies reads the proposals of a list of policies that a log printed ("Received Policies", "Expected Policies"), from the
 * facts of a note or its text; NULL: none. which: "received" or "expected". *listed: the list was printed, empty or not. */
struct proposal *note_policies(const struct note *n, const char *which, struct arena *arena, bool *listed);
/* fact_proposals reads a list of proposals among facts. NULL: none. */
struct proposal *fact_proposals(const struct fact *list, struct arena *arena);

#endif
