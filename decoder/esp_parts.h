/* Shared by esp.c (SAs and their counts), esp_fit.c (which key opens a packet), esp_foresight.c (ahead, on all cores) and ah.c.
 */
#ifndef IKESCOPE_DECODER_ESP_PARTS_H
#define IKESCOPE_DECODER_ESP_PARTS_H

#include <pthread.h>

#include "base/map.h"
#include "decoder/ciphers.h"
#include "decoder/esp.h"
#include "decoder/inner.h"
#include "decoder/sequence.h"

enum { SA_KEY = 40 };

struct offer { /* a key for an SPI, whatever the addresses */
    struct offer *next;
    const struct esp_key *key;
    bool certain;
};

struct expectation {
    struct selector *from, *to;
};

struct fit { /* a key that may belong to an SA, made ready when first tried */
    struct fit *next;
    const struct esp_key *key;
    struct opener *opener, *narrow; /* narrow: HMAC-SHA-256 cut to 96 bits, as Linux before 2.6.33 and some others do */
    struct sealer *sealer;          /* AH */
    struct opener **crew;           /* one for each thread that tries it ahead, which makes it when it first needs it */
    uint32_t failures;
    bool certain;       /* it was meant for this SA, so a packet that it does not open is at fault */
    bool ready, opened; /* opened: it fitted at least once, so esn is known */
    bool usable;        /* the key is one for its algorithms; known once it was ready */
    bool late;          /* there were many before it: not kept ready */
    bool esn, speculative;
    bool cut; /* opener is the narrow one */
};

struct outlook {     /* what threads that look ahead may know of an SA */
    struct fit *fit; /* the key that will be tried first, whatever becomes of the packets before; NULL: that is not sure */
    uint64_t near;   /* a sequence number not far from its packets' (ESN) */
};

struct esp_sa {
    struct flow *flow;
    struct esp_sa *kin;   /* an older SA of the same SPI between other addresses */
    struct esp_sa *keyed; /* the one of these that a key fitted before it fitted this one */
    struct fit *fits, *current;
    size_t fit_count;
    const struct expectation *expected;
    struct outlook outlook; /* under esp.lock */
    struct sequence sequence;
    uint64_t lost_before; /* of earlier keys on this SPI */
    struct inner_table inner;
    uint32_t version;               /* of esp.version when the fits were gathered; 0 never */
    struct held *held, **held_tail; /* packets that wait for a key */
    bool released, moved_gathered;
    bool forgone; /* packets were not held, since there were too many */
};

struct esp {
    struct model *model;
    struct plain_taker plain;
    struct arena *arena;
    struct map sas;   /* SPI, protocol, addresses -> esp_sa; moved SAs under several keys; changed under the lock */
    struct map kin;   /* SPI, protocol -> the newest esp_sa */
    struct map keyed; /* SPI, protocol -> the last esp_sa that a key fitted: the only ones that are known when they move */
    struct map offers, supplied; /* SPI, protocol -> offer */
    struct map expected;         /* SPI, protocol -> expectation */
    bool indexed;
    uint32_t version;    /* counts offers and expectations */
    struct esp_sa *last; /* neighbours are mostly of one SA */
    uint8_t last_key[SA_KEY];
    uint8_t *out; /* plaintext of the packet at hand */
    size_t out_room;
    size_t held;      /* octets of packets that wait for keys */
    uint64_t guesses; /* fits behind the first few of each SA */
    unsigned threads;
    uint32_t crews;
    const struct foresight *foresight; /* of the stretch at hand; NULL none */
    pthread_mutex_t lock;              /* of what threads that look ahead read */
};

struct found {          /* what a key made of a packet */
    struct bytes plain; /* ESP: in esp.out, trailer included */
    struct inner inner;
    uint64_t sequence; /* with its high half */
    uint64_t print;    /* fingerprint of the octets */
    bool verified;     /* by an ICV */
};

struct attempt {         /* one packet before its SA's keys */
    struct bytes octets; /* from the SPI (ESP) or the AH header on */
    const struct packet *packet;
    uint32_t spi, number;
    const struct try *made; /* one that was made ahead, or NULL */
    struct found found;
};

/* One try of one key, made ahead, and what came of it. */
struct
try {
    struct fit *fit; /* NULL: none was made */
    struct bytes octets;
    size_t out; /* where the plaintext goes, among the stretch's */
    uint32_t number, high;
    uint8_t tried; /* enum tried */
    struct found found;
};

enum attempt_result {
    ATTEMPT_NO_KEY,       /* nothing that may be the key */
    ATTEMPT_ICV,          /* keys are there, none fits */
    ATTEMPT_WRONG_CIPHER, /* the integrity key fits, the encryption key does not */
    ATTEMPT_OPENED
};

enum tried { TRIED_NOT, TRIED_WRONG_CIPHER, TRIED_OPENED };

/* esp_attempt tries the keys of an SA, the one that fitted last first. */
enum attempt_result esp_attempt(struct esp *e, struct esp_sa *sa, struct attempt *a);
/* esp_attempt_current tries only the key that fitted last, for a packet that may belong to the SA though its address is another.
 */
bool esp_attempt_current(struct esp *e, struct esp_sa *sa, struct attempt *a);
/* esp_try makes a try, by any thread, into room for the packet's octets. esp_attempt uses its result only where it would have
 * tried exactly that. */
void esp_try(struct try *t, unsigned thread, uint8_t *out);
void fits_destroy(struct esp *e, struct esp_sa *sa);
/* esp_keyed tells that a key fitted this SA for the first time. */
void esp_keyed(struct esp *e, struct esp_sa *sa);
void esp_key(uint8_t protocol, uint32_t spi, struct address source, struct address destination, uint8_t key[static SA_KEY]);

/* What threads that look ahead may know (esp_foresight.c). esp_show brings it up to date after a packet; esp_made is the try that
 * was made ahead of a packet's turn, or NULL. */
void esp_show(struct esp *e, struct esp_sa *sa);
const struct try *esp_made(const struct esp *e, const struct packet *p, struct bytes octets);
void esp_lock(struct esp *e);
void esp_unlock(struct esp *e);

void esp_count(struct esp *e, struct esp_sa *sa, struct attempt *a, enum attempt_result r);

/* Packets that came before their key (esp_held.c). esp_hold keeps one that nothing opened; false: it is to be counted. */
bool esp_hold(struct esp *e, struct esp_sa *sa, const struct attempt *a, uint8_t protocol);
void esp_hold_offered(struct esp *e, struct esp_sa *sa); /* a key came: an SA of its SPI may open now */
void esp_release(struct esp *e, struct esp_sa *sa);      /* tries all once more, and counts them */
void esp_held_clear(struct esp_sa *sa);
const struct offer *esp_supplied(struct esp *e, uint8_t protocol, uint32_t spi);
struct offer *esp_by_spi(const struct map *m, uint8_t protocol, uint32_t spi);
/* ah_verify checks an AH packet under one key, with these upper 32 bits of the sequence number (esn). */
bool ah_verify(struct sealer *s, const struct packet *p, struct bytes ah, bool esn, uint32_t high);
/* ah_content gives what stands behind the AH header; false: the header contradicts itself. */
bool ah_content(struct bytes ah, uint8_t *next_header, struct bytes *icv, struct bytes *content);

#endif
