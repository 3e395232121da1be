/*
 * Two routers whose configurations lead to each other. They can be compared before anything was logged between the two; where a
 * log has an SA of them, the rules that judge SAs know more, and the pair is left to those.
 */
#ifndef IKESCOPE_ANALYSIS_TUNNELS_H
#define IKESCOPE_ANALYSIS_TUNNELS_H

#include "analysis/evidence.h"
#include "analysis/quote.h"

enum own_method {
    OWN_KEY = 1,
    OWN_RSA = 2,
    OWN_ECDSA = 4,
    OWN_MLDSA = 8,
    OWN_EAP = 16,
    OWN_OTHER = 32,
    OWN_CERTIFICATE = OWN_RSA | OWN_ECDSA | OWN_MLDSA /* with whatever kind of key */
};

/* own_method_seen is the set that a method of an AUTH payload may be; 0: none was seen. */
unsigned own_method_seen(unsigned method);

struct tunnel_end {
    uint32_t device;
    bool asa;
    struct address address;     /* as the other end's configuration names it; where that answers anybody, what it sends from */
    struct address own;         /* what it sends from, where that is known and a NAT in between gives it `address` */
    bool assumed;               /* nobody here knows as what it arrives at the other end: a NAT, DHCP */
    bool answers;               /* anybody, by a virtual template or a dynamic map: the caller's identity chooses its profile */
    bool by_name;               /* an ASA finds its tunnel-group only by the name that the caller has for himself */
    bool group_unknown;         /* an ASA chooses the tunnel-group by the caller's certificate, which nobody here has */
    const struct record *entry; /* which of several ways to the other end is judged; NULL: the only one, or the first */
    struct config_path path;
    struct identity id;           /* the identity that it will send; type 0: its configuration does not tell */
    const struct record *id_at;   /* where it is set: the profile, `crypto isakmp identity`, or the interface; NULL unknown */
    uint32_t id_line;             /* the line there; 0: its first */
    const struct record *profile; /* IOS: the profile that the other end's identity finds; NULL: none */
    const struct record *auth;    /* the profile or tunnel-group that says how it authenticates */
    unsigned method;              /* set of enum own_method of which it was seen to use one; 0: only its configuration tells */
    const struct fact *key;       /* its key for the other end */
    const struct record *key_at;
};

struct tunnel {
    struct tunnel_end end[2];
    struct ike_sa *sa;     /* the refused SA that it is about, with end[0] its initiator; NULL: none was seen */
    bool failed;           /* the attempts that were seen failed at an earlier step than the rule is about */
    bool ike_up, child_up; /* show output says so: what follows from the configuration did not happen, or not yet */
};

/* tunnels_judge asks a rule's .tunnel and .tunnel_end once for each pair of addresses by which the configurations of two routers
 * lead to each other, or the one to the other, which answers anybody or knows it by the address that a NAT gives it; and its
 * .tunnel_child for each pair of crypto map entries or tunnels of the two that belong together: the word {which} names them where
 * there are several. */
void tunnels_judge(struct model *m, const struct rule *r);
/* tunnel_refusal asks a rule's .tunnel_end about the end that refused the authentication of this SA, by its configuration, where
 * the rule found nothing else about it and no log tells why. Of the other end at least what it sent is known. */
void tunnel_refusal(struct model *m, const struct rule *r, struct ike_sa *sa);

/* tunnel_of_sa is what the configurations of both ends of this SA say of it, end[0] its initiator; false: one is not here. */
bool tunnel_of_sa(const struct model *m, struct ike_sa *sa, struct tunnel *t);

/* tunnel_key_sure: is the key that this end has for the other one the one that it will take, whatever address that one arrives
 * as? */
bool tunnel_key_sure(const struct tunnel *t, unsigned end);

/* own_methods is the set of enum own_method that a profile or tunnel-group allows ("authentication_local" or
 * "..._remote"); 0: it says none. *line: where. */
unsigned own_methods(const struct tunnel_end *end, bool local, uint32_t *line);

struct text tunnel_name(const struct model *m, const struct tunnel_end *end); /* of the router, else its address */
/* tunnel_diagnosis opens a finding about end `here` of a tunnel, and of its SA where there is one, with the words here_name,
 * there_name, here_address, there_address. */
bool tunnel_diagnosis(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, unsigned here,
                      enum confidence confidence);
/* tunnel_diagnosis_of is the same, likely, once for what it is about, whatever addresses lead there. */
bool tunnel_diagnosis_of(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, unsigned here,
                         struct text about);
/* tunnel_to_come adds, where it is so (tunnel.failed), that the attempts that were seen did not come this far. */
void tunnel_to_come(struct diagnosis *d, const struct tunnel *t);
/* tunnel_advise says what to do at that end, in the words of its platform. */
void tunnel_advise(struct diagnosis *d, const struct tunnel *t, unsigned end, const char *ios, const char *asa);
/* tunnel_proposals compares both ends' lists and says what differs, as {attribute}, {offered} (of end 0), {accepted}; false where
 * they agree or one is not known. Both lists are quoted. */
bool tunnel_proposals(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, bool ike);
/* tunnel_default_lacks: has one end nothing but the router's own default, and the other one combined ciphers (AES-GCM) alone, of which
 * the default has none? The finding is about the one, {here_name}; {offered} is what the other has, {ipsec} or {ipsec_or} the one's profile. *here: which end it is. */
bool tunnel_default_lacks(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, bool ike,
                          unsigned *here);
struct address tunnel_sends_from(const struct tunnel_end *end); /* ADDRESS_NONE: not known */

#endif
