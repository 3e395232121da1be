/*
 * IKE SAs, their exchanges and Child SAs, as analysis/ rebuilds them from events. A leg keeps every sighting: sent in
 * A's log, seen in the capture, received in B's log, so that loss, clock skew and contradictions become visible.
 * Everything here lives in model.run; lists are in order of first sighting.
 */
#ifndef IKESCOPE_MODEL_SA_H
#define IKESCOPE_MODEL_SA_H

#include "model/event.h"

struct record;
struct known;

#define TIME_UNKNOWN INT64_MIN /* every ns member here is by the observer's own clock, before alignment, or this */

struct sighting {
    struct sighting *next;
    int64_t ns;
    uint32_t input, place, lines; /* line or frame; lines that belong to it */
    uint32_t length;              /* IKE length there (of one fragment), 0 unknown */
    uint8_t direction;            /* enum direction */
    bool retransmission;
    bool mirrored;    /* the same packet at a second point of one capture: all interfaces, or a mirror port both ways */
    bool announced;   /* a line names the message, and nothing shows what is in it */
    uint8_t fragment; /* number of the SKF fragment; 0: a whole message */
};

struct leg {
    struct message *message; /* the best of its copies: decrypted before from-log before clear before sealed; NULL: not seen */
    struct sighting *seen, *seen_last;
    uint32_t copies, retransmissions;
};

/* leg_timed is the first sighting that has a time, whatever the order of the inputs; without any the first; NULL: never seen. */
const struct sighting *leg_timed(const struct leg *leg);

enum exchange_outcome {
    EXCHANGE_PENDING,
    EXCHANGE_OK,
    EXCHANGE_ERROR,
    EXCHANGE_NO_RESPONSE,
    EXCHANGE_ANSWERED /* an answer came, as the next message ids show; what it said is in no input */
};

struct exchange {
    struct exchange *next;
    struct exchange *alike; /* an earlier one with the same key in the index; analysis/exchange_index.c */
    struct leg request, response;
    uint32_t message_id;
    bool no_id;            /* nobody said its message id (an event trace does not) */
    uint8_t type;          /* enum exchange_type */
    uint8_t from;          /* enum side of the IKE SA that asked */
    uint8_t outcome;       /* enum exchange_outcome */
    uint32_t attempt;      /* IKE_SA_INIT: 0, then 1, 2 for cookie and KE retries (message id 0 again) */
    bool derived;          /* its meaning has been drawn into the SA (analysis/derive.c) */
    bool renews_ike;       /* it replaced the IKE SA; a condensed run does not keep its messages */
    uint32_t renews_child; /* SPI of the Child SA that it is to replace, on which its asker receives; 0: none, or not known */
    bool again;            /* condensed runs: it was folded away before and is now seen again, in the other end's log */
};

struct transition {
    struct transition *next;
    const char *state, *event; /* interned */
    int64_t ns;
    uint32_t line, msgid;
    uint8_t role; /* of the exchange */
    struct stamp time;
};

enum binding { BOUND_NONE, BOUND_SPI, BOUND_SA_ID, BOUND_SESSION_ID, BOUND_MSGID, BOUND_ADJACENCY };
const char *binding_name(enum binding b); /* "spi", "sa-id", ... */

struct note { /* a notable event, kept with its SA */
    struct note *next;
    struct text text;
    int64_t ns;
    uint32_t input, line;
    uint16_t code; /* enum event_code */
    uint8_t severity, role;
    uint32_t sa_id; /* that stands in its line; 0: none */
    struct fact *facts;
};

/* note_told is its text as it is shown to people: as printed, but two lists that were glued together are set apart. */
struct text note_told(const struct note *n, struct arena *arena);

struct chosen { /* the algorithms of an SA */
    uint16_t encr, key_length, integ, prf, dh, esn;
    uint16_t additional_ke[7];
    bool has_encr, has_integ, has_prf, has_dh, has_esn;
};

struct printed_offer { /* "IKE Proposal: 1 …", "ESP Proposal: 1 …": what a router printed before it sent it */
    struct text text;
    struct proposal *proposals; /* of IKE: all of them, in the order printed; else NULL */
    uint32_t input, line;       /* line 0: none */
    uint8_t protocol;
    bool single; /* one algorithm of each kind: whoever accepts it takes these */
    struct chosen chosen;
};

struct said { /* what a router's log says in words, where it prints no payloads */
    struct identity own, peer;
    uint8_t own_method, peer_method;    /* enum auth_method; 0 not said */
    bool checks_again;                  /* behind the line in which it was right, another check has begun */
    uint8_t peer_checked;               /* enum verified: whether the peer's AUTH was right */
    uint32_t checked_line;              /* … and where it says that it was; 0 nowhere */
    uint32_t aaa_line, aaa_answer_line; /* behind that, the last lines in which AAA was asked and answered; 0 none */
    struct printed_offer *ike, *child;  /* printed last, and not used yet; NULL: none was printed */
};

struct view { /* one observer's view of an IKE SA: a log's, or the wire */
    struct view *next;
    uint32_t input, device;
    uint8_t role; /* enum side; SIDE_UNKNOWN with wire set: a capture */
    bool wire;
    bool has_sa_id, has_session_id;
    uint32_t sa_id, session_id;
    const char *final_state; /* last CurState printed for the SPI pair; NULL none */
    const char *final_event;
    const char
        *waited_state; /* the state, other than READY, in which it stayed longest before it moved on; NULL: no clock tells */
    int64_t waited_ns;
    int64_t since_ns; /* when it entered final_state; TIME_UNKNOWN */
    struct transition *transitions, *transitions_last;
    uint32_t transition_count; /* also when condensed and the list is gone */
    uint32_t bound[6];         /* events bound in each way, by enum binding */
    int64_t first_ns, last_ns;
    struct stamp first, last;
    uint32_t first_line, last_line, ready_line; /* ready_line: where it said that the SA is up; 0 nowhere */
    struct note *notes, *notes_last;
    uint32_t note_count;
    bool start_seen;
    uint32_t unnamed_end;    /* the line of an end that named nobody and was taken for this SA's; 0: none (analysis/unnamed.h) */
    bool unnamed_named;      /* such an end stood right before the line that named this SA as the one that went down */
    bool delete_unsure;      /* the peer deletes something, and it was taken for the IKE SA */
    uint32_t delete_line;    /* the line that says so, where none behind it says that it was a Child SA; 0 nowhere */
    bool child_taken;        /* this end says that a Child SA came with the IKE SA */
    bool failed;             /* it told what made an attempt fail, and did not begin anew behind that */
    bool restarted;          /* behind all that it says of the SA it was started anew, so the SA is gone */
    uint32_t childless_line; /* the line that shows that none came, unless child_taken; 0 nowhere */
    struct endpoint local, remote;
    struct text profile, policy, proposal, keyring, key_block, tunnel_group; /* what it says that it uses; empty: not said */
    struct text crypto_map;       /* "OUTSIDE 10"; "OUTSIDE SEQ", "MAP SEQ": several were tried */
    uint32_t pfs_group, pfs_line; /* the DH group that it wants for a Child SA, and the last line that says so; 0 not said */
    uint32_t dh_group, dh_line;   /* the group of the last key share it made once the SA was up, and the line; 0 not said */
    uint32_t taken_below;         /* it has dealt with every request of its peer below this message id … */
    uint32_t answered_below;      /* … and has the answer to each of its own below this one; 0 not said */
    struct said *said;            /* NULL: nothing */
};

enum eap_outcome { EAP_OUTCOME_UNKNOWN, EAP_SUCCEEDED, EAP_FAILED };
enum validity { VALIDITY_UNKNOWN, VALIDITY_IN_TIME, VALIDITY_NOT_YET, VALIDITY_EXPIRED };

struct party {
    struct endpoint endpoint; /* as first seen */
    uint32_t device;          /* index into model.devices; 0 unknown */
    uint8_t auth_method, auth_verified;
    uint8_t auth_checked; /* enum verified: what the other end found, as its log says */
    struct identity id;
    bool eap;                      /* it authenticates with EAP; its AUTH, if any, only binds the method's key */
    uint8_t eap_type, eap_outcome; /* the method: enum eap_type, 0 unknown; enum eap_outcome */
    struct text eap_identity;      /* at NULL unknown */
    struct certificate cert;       /* the one that it sent */
    uint8_t validity;              /* enum validity: was that certificate valid when it was sent? */
    uint8_t vendors;               /* set of enum vendor_mark: the ids in its IKE_SA_INIT */
};

struct path { /* addresses in use from then on: NAT float, MOBIKE */
    struct path *next;
    int64_t ns;
    uint32_t input;
    struct endpoint initiator, responder;
};

enum sa_outcome { SA_INCOMPLETE, SA_ESTABLISHED, SA_FAILED, SA_REKEYED, SA_DELETED };
const char *sa_outcome_name(enum sa_outcome o);
enum keys_state { KEYS_NONE, KEYS_SUPPLIED, KEYS_DERIVED };

struct traffic {
    uint64_t packets, decrypted, icv_failed, no_key, truncated, lost, duplicate, replayed, bytes;
    uint64_t reordered, dummies, tfc, outside_selectors;
    int64_t first_ns, last_ns;
    uint32_t first_frame, last_frame, input;
};

struct flow { /* ESP or AH packets of one SPI to one address; made by the decoder */
    struct flow *next;
    uint32_t spi;
    uint8_t protocol;          /* PROTOCOL_ESP or PROTOCOL_AH */
    uint8_t encap;             /* enum encap */
    uint8_t keys;              /* enum keys_state */
    bool claimed;              /* a Child SA owns it */
    bool wrong_encryption_key; /* the ICV fits and the plaintext does not */
    struct endpoint source, destination;
    struct traffic traffic;
    struct fact *inner; /* what it carried: list of group { protocol, source, destination, packets } */
};

enum encap { ENCAP_UNKNOWN, ENCAP_NONE, ENCAP_UDP, ENCAP_TCP };
enum sa_mode { MODE_UNKNOWN, MODE_TUNNEL, MODE_TRANSPORT };

struct shown {                   /* a block of show output that is about this SA; made by analysis/evidence.c */
    struct shown *next, *last;   /* last: in the first of them */
    const struct record *record; /* model/model.h */
    const struct fact *entry;    /* the group of the record's facts that describes this SA */
    bool by_spi;                 /* told by its SPIs; otherwise only by the addresses of both ends */
    bool initiator_side;         /* shown by the router that initiated this SA; "local" there is the initiator */
};

struct child_sa {
    struct child_sa *next;    /* of model.child_sas */
    struct child_sa *sibling; /* of the same IKE SA */
    struct ike_sa *ike_sa;
    uint32_t number;         /* from 1: "child1" */
    struct spi spi_i, spi_r; /* on which the IKE SA's initiator / responder receives */
    uint8_t protocol, mode, encap, outcome, from, keys;
    bool initial;     /* made by IKE_AUTH */
    bool of_exchange; /* made by the exchange of message_id, of which the log printed no more than the payloads' names */
    bool pfs;         /* with a key exchange, of pfs_dh where that is known */
    uint32_t message_id;
    const struct printed_offer *offer; /* where the log printed the proposal by itself; else NULL */
    bool initiator_deleted, responder_deleted;
    struct chosen proposal;
    struct selector *tsi, *tsr; /* of the IKE SA's initiator / responder */
    uint16_t pfs_dh;            /* 0 none */
    struct child_sa *rekeys, *rekeyed_by;
    struct flow *to_responder, *to_initiator; /* NULL: no packets seen */
    struct shown *shown;                      /* show output about it */
    int64_t ns;                               /* made at */
    uint32_t input, place;                    /* where that stands; place: line or frame, 0: not known */
    struct child_sa *copy;                    /* while SAs are copied: analysis/sa_copy.h */
};

/* A set of rules, by their place in rules[]. That there are not more rules is asserted where they are listed (CMakeLists.txt). */
enum { RULES_MOST = 128 };

struct rule_set {
    uint64_t bits[RULES_MOST / 64];
};

struct ike_sa {
    struct ike_sa *next; /* of model.ike_sas */
    uint32_t number;     /* from 1: "ike1" */
    struct spi spi_i, spi_r;
    struct party initiator, responder;
    struct path *path, *path_last;
    uint8_t outcome;    /* enum sa_outcome */
    uint8_t keys;       /* enum keys_state */
    bool sides_swapped; /* its initiator was the responder of the IKE SA that it rekeys */
    bool start_seen;
    bool established; /* it was up at some time, whatever became of it */
    bool deleted, deleted_by_initiator, deleted_by_responder;
    bool ready_initiator, ready_responder; /* that end's log says so */
    bool ppk_declined;                     /* its initiator announced USE_PPK, and the responder did not */
    bool ppk_agreed;                       /* both named the postquantum preshared key that goes into what follows */
    bool initial_contact;                  /* an end said with its AUTH that it has no other: RFC 7296 section 2.4 */
    bool superseded;                       /* by such a one: analysis/superseded.h */
    bool auth_on_500;                      /* IKE_AUTH was seen to go to UDP 500 */
    bool child_refused;                    /* a Child SA was asked for, and an end refused it, or must have refused it */
    bool shown_childless; /* shown_only, and the output shows that it has no Child SA: analysis/shown_childless.h */
    bool nat_known, initiator_behind_nat, responder_behind_nat;
    bool wants_fragmentation; /* both announced IKEV2_FRAGMENTATION_SUPPORTED */
    struct chosen proposal;
    bool has_proposal;
    const struct printed_offer *offer; /* where the log printed the proposal by itself; else NULL */
    struct view *views, *views_last;
    struct exchange *exchanges, *exchanges_last;
    uint32_t exchange_count;
    uint32_t condense_at;                    /* from this many exchanges on it pays to look which can be condensed */
    struct exchange_index *index;            /* made once there are many exchanges and one is looked for; else NULL */
    uint32_t dropped_sealed, dropped_opened; /* condensed runs: messages that were dropped, sealed on the wire and decrypted */
    uint32_t folded;                         /* condensed runs: INFORMATIONAL exchanges that were answered and are not kept */
    uint32_t folded_below[3];                /* by enum side of who asked: one more than the last message id of these */
    struct child_sa *children, *children_last;
    uint32_t child_count;
    struct child_index *child_index; /* made once there are many children and one is looked for; else NULL */
    struct ike_sa *rekeys, *rekeyed_by;
    bool redirected;            /* the peer sent its initiator on to another gateway (RFC 5685) … */
    struct text redirected_to;  /* … to this one; empty: not said */
    bool replaced;              /* a rekey of it succeeded; rekeyed_by is NULL where no input shows the new SA's SPIs */
    struct chosen heir;         /* and then these are the algorithms of the new one */
    struct shown *shown;        /* show output about it */
    bool shown_only;            /* no log and no capture has it: analysis/shown_sas.c made it of show output */
    struct ike_sa *made_before; /* chains every SA ever made, newest first, for model_destroy() */
    struct arena *held;         /* condensed runs: messages of exchanges that are not settled yet; else NULL */
    bool spi_r_firm;            /* spi_r does not come from an answer that only asked for a cookie or another KE */
    struct spi spi_r_first;     /* the responder's SPI in that answer, where the retry was answered under another one */
    bool refused_late;          /* the initiator gave it up before it was up on its side, whatever the responder holds */
    bool sealed_guess;          /* how it ended is told by the clear part of a sealed answer alone */
    bool failed;                /* a log says that it failed before it was up */
    struct rule_set diagnosed;  /* rules that found something (analysis/quote.c) */
    bool diagnosed_error;       /* one of them was more severe here, an error, than the rule usually is */
    uint32_t first_input;       /* the input by whose clock first and last are told: it showed the SA first */
    uint32_t path_input;        /* the one that gives `path` */
    struct ike_sa *same_as;     /* seen without SPIs, and found to be this one; analysis/unite.c joins them */
    struct ike_sa *copy;        /* while SAs are copied: analysis/sa_copy.h */
    struct known *known;        /* what a stream has told of it; cli/episode.h */
    bool gone;                  /* a stream judged it and let it go, so nothing is bound to it any more; analysis/forget.h */
    int64_t first_ns, last_ns;
    struct stamp first, last;
};

/* party_verified says (enum verified) whether its AUTH was right: as the decoder found with the key, else as the other end's log
 * says. */
static inline uint8_t party_verified(const struct party *p)
{
    return p->auth_verified ? p->auth_verified : p->auth_checked;
}

static inline bool ike_sa_replaced(const struct ike_sa *sa)
{
    return sa->replaced || sa->rekeyed_by;
}

/* Of two that a collision made in place of one, the rules of IKEv2 have its maker delete this one. RFC 7296 section 2.8.2. */
static inline bool ike_sa_lost_collision(const struct ike_sa *sa)
{
    return sa->rekeys && sa->rekeys->rekeyed_by && sa->rekeys->rekeyed_by != sa && !sa->children;
}

/* A Child SA was refused or is missing; another one may have come instead. */
static inline bool ike_sa_lacks_child(const struct ike_sa *sa)
{
    return sa->child_refused || sa->shown_childless;
}

/* It is up and carries nothing: its child is missing, and none came instead. */
static inline bool ike_sa_childless(const struct ike_sa *sa)
{
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (c->outcome == SA_ESTABLISHED || c->outcome == SA_REKEYED)
            return false;
    return sa->outcome == SA_ESTABLISHED && ike_sa_lacks_child(sa);
}

/* Behind one NAT there may be many who call, each when it likes: who it is calls itself so. Empty: nobody shares its address, as far
 * as its port tells, or its name is not known. */
struct text ike_sa_caller(const struct ike_sa *sa);

/* The same end asked again later, and is up: what the first failed by was mended. The other end's asking tells nothing of that.
 */
bool ike_sa_mends(const struct ike_sa *later, const struct ike_sa *failed);

/* Only show output has it, and does not say who began it. The initiator's place in its children (spi_i, tsi) is then that of the
 * router whose view comes first. */
static inline bool ike_sa_sideless(const struct ike_sa *sa)
{
    return sa->shown_only && sa->views && !sa->views->role;
}

/* No log showed it. */
static inline bool ike_sa_on_wire_alone(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (!v->wire)
            return false;
    return true;
}

#endif
