/* What stays sealed: no keys were given, or they do not open everything. */
#include "analysis/troubles.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give the keys of every IKE SA and Child SA in the capture, or the SK_d of each IKE SA, from which Child SA keys are "
      "derived when PFS is not used; `ikescope keys -k FILE CAPTURE` says whose the given ones are" },
};

static const struct advice none[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give keys with `-k FILE` to see what is inside: Wireshark's tables, `ip xfrm state`, a charon log at level 4, ... "
      "(`ikescope list key-formats`)" },
};

static const struct advice asked_alone[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "keys are not what is missing: with `-k FILE` it would be seen what was asked, and not why no answer came" },
};

static const struct advice proof_alone[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give what opens the messages as well, with `-k FILE`: the SK_* keys of the IKE SA or the secret of its Diffie-Hellman "
      "exchange, as an end prints or saves them (`ikescope help keys`, `ikescope list key-formats`)" },
};

struct sealed {
    uint64_t messages, packets, opened;
    uint64_t unanswered; /* of the messages: requests to which no answer was seen */
    bool wrong_cipher;
    const struct exchange *where;
    const struct flow *flow; /* the first with sealed packets */
};

/* Who gave no keys and has a log of an SA is not told to find keys for it. */
static struct sealed count(const struct model *m, bool given)
{
    struct sealed s = { 0 };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        if (!given && !ike_sa_on_wire_alone(sa))
            continue;
        s.messages += sa->dropped_sealed;
        s.opened += sa->dropped_opened;
        for (const struct exchange *x = sa->exchanges; x; x = x->next) {
            const struct message *legs[2] = { x->request.message, x->response.message };
            for (int i = 0; i < 2; i++) {
                s.opened += legs[i] && legs[i]->decryption == DECRYPTION_DECRYPTED;
                if (!legs[i] || legs[i]->decryption != DECRYPTION_NO_KEY || legs[i]->direction != DIRECTION_WIRE ||
                    legs[i]->truncated) /* which no key would open */
                    continue;
                s.messages++;
                s.unanswered += i == 0 && exchange_silent(x);
                s.wrong_cipher |= legs[i]->wrong_encryption_key;
                s.where = s.where ? s.where : x;
            }
        }
    }
    for (const struct flow *f = m->flows; f; f = f->next) {
        s.packets += f->traffic.no_key;
        s.opened += f->traffic.decrypted;
        s.wrong_cipher |= f->wrong_encryption_key;
        s.flow = f->traffic.no_key && !s.flow ? f : s.flow;
    }
    return s;
}

static void say_psk_alone(struct diagnosis *d)
{
    diagnosis_say(d, "A pre-shared key alone opens nothing",
                  "What is sealed stays so: a pre-shared key cannot open IKEv2. The keys that seal it come from the "
                  "Diffie-Hellman exchange, whose secret the two ends alone know; the pre-shared key only tells, once the "
                  "messages are open, whether an AUTH payload was made with it.");
}

static void say(struct diagnosis *d, const struct sealed *s, bool given)
{
    static const char *const title[] = { "No keys were given", "The given keys open nothing", NULL };
    static const char *const what[3][3] = {
        { "Without keys {messages} and {packets} {stay} sealed.", "Without keys {messages} {stay} sealed.",
          "Without keys {packets} {stay} sealed." },
        { "The given keys open none of {messages} and {packets}: they are of other SAs.",
          "The given keys open none of {messages}: they are of other SAs.",
          "The given keys open none of {packets}: they are of other SAs." },
        { "The given keys do not open {messages} and {packets}.", "The given keys do not open {messages}.",
          "The given keys do not open {packets}." },
    };
    unsigned how = !given ? 0 : s->opened == 0 && !s->wrong_cipher ? 1 : 2;
    if (s->messages)
        diagnosis_count(d, "messages", s->messages, "IKE message", "IKE messages");
    if (s->packets)
        diagnosis_count(d, "packets", s->packets, "ESP packet", "ESP packets");
    diagnosis_word(d, "stay", s->messages + s->packets == 1 ? TEXT("stays") : TEXT("stay"));
    diagnosis_say(d, title[how], what[how][s->messages && s->packets ? 0 : s->messages ? 1 : 2]);
}

static void judge(struct model *m, const struct rule *r)
{
    troubles_tell(m, r, common, COUNT_OF(common));
    const bool given = m->keyring && keyring_count(m->keyring) > 0;
    const struct sealed s = count(m, given);
    struct diagnosis d;
    if ((!s.messages && !s.packets) || !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const bool proof = given && !keyring_opens(m->keyring) && !s.opened;
    if (proof)
        say_psk_alone(&d);
    else
        say(&d, &s, given);
    if (s.wrong_cipher)
        diagnosis_more(&d, "An integrity key fits, so the packets are whole, and the encryption key beside it does not: it is "
                           "mistyped or of another SA, and what it would give is not shown.");
    if (proof)
        ADVISE(&d, proof_alone);
    else if (given)
        ADVISE(&d, common);
    else if (!s.packets && s.unanswered == s.messages)
        ADVISE(&d, asked_alone);
    else
        ADVISE(&d, none);
    if (s.where) {
        const struct message *asked = s.where->request.message;
        quote_leg(&d, s.where, asked && asked->decryption == DECRYPTION_NO_KEY ? &s.where->request : &s.where->response,
                  "no key");
    }
    if (s.flow)
        quote_frame(&d, s.flow->traffic.input, s.flow->traffic.first_frame, "ESP with SPI 0x%08x: no key", (unsigned)s.flow->spi);
}

const struct rule rule_keys_incomplete = {
    .id = "keys-incomplete",
    .severity = SEVERITY_NOTE,
    .rank = 92,
    .title = "The keys do not open everything",
    .meaning =
        "Some messages or packets of the capture stay sealed: no keys were given, or they belong to SAs whose keys are missing.",
    .advice = "`ikescope keys -k KEYS CAPTURE` lists what each key opens and what is missing.",
    .whole = judge,
};
