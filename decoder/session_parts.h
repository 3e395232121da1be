/* Shared by session.c (SAs, opening), generations.c (keys of an IKE SA), offspring.c (the SAs that exchanges make), authverify.c.
 */
#ifndef IKESCOPE_DECODER_SESSION_PARTS_H
#define IKESCOPE_DECODER_SESSION_PARTS_H

#include "base/map.h"
#include "decoder/half_open.h"
#include "decoder/keymat.h"
#include "decoder/session.h"

enum {
    HALVES = 32,         /* requests of one SA waiting for their response */
    EXTRA_KE = 8,        /* the first and up to seven additional key exchanges */
    GENERATIONS_FEW = 8, /* of one SA: that these are kept ready, and those beyond count as guesses (OVER_GUESSES) */
    GUESS_OF_DH = 64,    /* what a key exchange to be computed counts for */
    INTERMEDIATES = 16
};

struct ke_pair { /* one key exchange: both sides' values */
    uint16_t group;
    bool ppk;          /* none, but a postquantum preshared key that is mixed in between: RFC 9867 */
    struct bytes i, r; /* of the exchange's initiator and responder */
};

struct learned { /* what of a message keys and proofs need; views into the message, or kept copies */
    struct bytes ke, nonce, idi, idr, auth, cert, no_ppk_auth, ppk_id, ticket;
    const struct proposal *proposals;
    struct identity idi_name, idr_name;
    const struct selector *tsi, *tsr;
    uint16_t group;
    uint8_t auth_method;
    bool eap, transport, link;
    bool has_cert;    /* of the sender; it may be in a form that is not read */
    bool ppk_between; /* USE_PPK_INT, RFC 9867 */
};

struct half { /* a request, kept for its response */
    uint32_t message_id;
    uint8_t exchange;
    bool used, answered, from_initiator; /* which end of the IKE SA sent the request */
    struct learned said;
};

struct generation {
    struct generation *next;
    struct ike_suite suite;
    struct secret d, ai, ar, ei, er, pi, pr;
    struct opener *from_i, *from_r;
    uint8_t keys;  /* enum keys_state */
    uint8_t level; /* how many additional key exchanges are in it; for supplied keys known when they first fit */
    bool ready, opened, certain;
    bool settled;     /* it opened a message behind IKE_INTERMEDIATE: no further key exchange follows */
    uint8_t extended; /* up to this many additional key exchanges were tried on top of it */
};

struct pending { /* a CREATE_CHILD_SA that waits for its IKE_FOLLOWUP_KE exchanges */
    struct learned request, response;
    struct ke_pair ke[EXTRA_KE];
    uint8_t have, want;
    bool used;
    struct endpoint source, destination; /* of the response */
};

struct inside { /* what the sealed messages of an SA said, which come in exchanges */
    struct half halves[HALVES];
    uint8_t half_next;
    struct learned auth_request; /* the first IKE_AUTH request: its SA payload is answered in the last response */
    struct {
        uint32_t id;
        uint8_t i[CRYPTO_DIGEST], r[CRYPTO_DIGEST];
        uint8_t i_len, r_len;
    } mids[INTERMEDIATES];
    struct pending pending;
};

struct session {
    uint64_t spis[2]; /* the map's key */
    struct ike_suite suite;
    bool has_suite, supplied_gathered, dh_gathered, eap;
    bool resumed;        /* IKE_SESSION_RESUME in place of IKE_SA_INIT; then parent: whose ticket it was */
    uint8_t more_agreed; /* further key exchanges that IKE_SA_INIT agreed on */
    struct bytes init_request, init_response, ni, nr; /* whole messages; nonces */
    bool init_doubtful;                               /* another request than this one was answered, and not captured */
    struct ke_pair ke;                                /* of IKE_SA_INIT, or of the rekey that made it */
    struct session *parent;                           /* whom it rekeyed */
    struct ke_pair more[EXTRA_KE];                    /* RFC 9370: at a rekey, the further ones; */
    uint8_t more_count;
    struct ke_pair additional[EXTRA_KE]; /* by IKE_INTERMEDIATE, in order */
    uint8_t additional_count;
    struct generation *generations, *current;
    uint32_t generation_count;
    struct inside *inside; /* NULL: no message was opened; most SAs of a capture may be such */
    bool has_auth_request;
    struct identity idi_name, idr_name;
    struct bytes idi, idr, cert_i, cert_r;
    uint32_t claim_i, claim_r; /* message ids of the latest round of authentication */
    struct bytes ppk_id;
    bool ppk_confirmed;
    uint8_t mid_count; /* of inside->mids */
    uint32_t auth_mid;
};

struct sessions {
    struct model *model;
    struct esp *esp;
    struct arena *arena;
    struct map map;     /* both SPIs -> session */
    struct map tickets; /* TICKET_OPAQUE -> the session that it resumes */
    struct half_opens half_open;
    uint64_t guesses; /* generations behind the first few of each */
    uint8_t *out;
    size_t out_room;
};

struct guess { /* a shared secret that may be the one of a key exchange */
    uint8_t octets[CRYPTO_SHARED];
    size_t len;
    bool certain;
};

struct session *session_find(struct sessions *s, uint64_t spi_i, uint64_t spi_r);
struct session *session_create(struct sessions *s, uint64_t spi_i, uint64_t spi_r);
/* generations_gather adds the generations that are now possible; true when there are new ones. */
bool generations_gather(struct sessions *s, struct session *ss);
void generation_prepare(struct generation *g);
void generations_destroy(struct session *ss);
/* generations_rest gives back what those of many that opened nothing hold ready: a capture of thousands of IKE SAs may come with
 * hundreds of keys that fit any of them. */
void generations_rest(struct session *ss);
/* suite_of reads a proposal's algorithms; false when one is missing or unknown. */
bool suite_of(const struct proposal *p, struct ike_suite *out);
/* generation_opened tells that a message was opened by it for the first time. */
void generation_opened(struct sessions *s, struct session *ss, struct generation *g);
/* combine walks the combinations of secrets of several key exchanges. */
typedef void combination_taker(void *context, struct bytes first, const struct bytes *more, size_t more_count, bool certain);
void secrets_combine(struct sessions *s, const struct session *of, const struct session *made, const struct ke_pair *ke,
                     size_t ke_count, combination_taker *take, void *context);
/* sk_d_each walks what the SK_d of a generation may be once a postquantum preshared key was agreed on (RFC 8784); only: this is
 * the only one possible. */
typedef void sk_d_taker(void *context, struct bytes sk_d, bool only);
void sk_d_each(const struct sessions *s, const struct session *ss, const struct generation *g, sk_d_taker *take, void *context);

/* offspring.c */
void offspring_learn(struct sessions *s, struct session *ss, struct message *m, const struct learned *l, uint8_t first,
                     struct bytes plain);
void learned_read(const struct message *m, uint8_t first, struct bytes payloads, struct learned *out);
/* intermediates_seen: was every IKE_INTERMEDIATE exchange with a message id below this one captured whole, and opened? */
bool intermediates_seen(const struct session *ss, uint32_t before);
uint8_t additional_count(const struct proposal *p); /* additional key exchanges in it, RFC 9370 */
/* authverify.c */
struct auth_case {
    const struct keyring *ring;
    const struct prf *prf;
    struct bytes real_message, nonce, id, int_auth, auth, cert; /* nonce: of the other side */
    struct secret sk_p;
    struct identity own, peer;
    struct address own_address, peer_address;
    struct bytes ppk_id, no_ppk_auth;
    uint8_t method;
    bool eap, ppk, resumed;
};
enum verified auth_verify(const struct auth_case *c);
/* ppk_meant: is this the postquantum key of that name, or of none? named: as a PPK_IDENTITY notify has it, its type first. */
bool ppk_meant(const struct ppk_key *k, struct bytes named);

#endif
