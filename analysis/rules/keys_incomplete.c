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

/* ---- Why what was given does not open the rest ---- */

enum why {
    WHY_NOT,
    WHY_ADDITIONAL, /* of IKE messages; the others of Child SAs */
    WHY_REKEYED,
    WHY_NO_SK_D,
    WHY_FOLLOWUP,
    WHY_PFS,
    WHY_PPK,
    WHY_NONCES,
    WHY_COUNT
};

static const char *const why_words[WHY_COUNT] = {
    [WHY_ADDITIONAL] =
        "Behind IKE_SA_INIT[[, {ke} in]] IKE_INTERMEDIATE gave the IKE SA new keys: what follows cannot be derived without the "
        "shared secret of that key exchange, and opens with it or with the SK_* keys made after it.",
    [WHY_REKEYED] =
        "The keys of an IKE SA made by a rekey follow only with the secret of that rekey's own Diffie-Hellman exchange.",
    [WHY_NO_SK_D] = "The keys given of an IKE SA lack SK_d, from which the keys of its Child SAs follow: Wireshark's "
                    "ikev2_decryption_table has none.",
    [WHY_FOLLOWUP] = "The keys of a Child SA come from an additional key exchange, too[[ ({child_ke})]], whose shared secret is "
                     "needed.",
    [WHY_PFS] =
        "A Child SA was made with a Diffie-Hellman exchange of its own (PFS): its keys follow only with that one's secret.",
    [WHY_PPK] = "A postquantum preshared key is mixed into the keys of the Child SAs (RFC 8784): they follow only with it.",
    [WHY_NONCES] =
        "What made a Child SA is not whole in the capture: without both ends' nonces and proposals SK_d gives no keys.",
};

static uint64_t sealed_messages(const struct ike_sa *sa)
{
    uint64_t n = sa->dropped_sealed;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        n += x->request.message && x->request.message->decryption == DECRYPTION_NO_KEY;
        n += x->response.message && x->response.message->decryption == DECRYPTION_NO_KEY;
    }
    return n;
}

static bool has_sk_d(const struct model *m, const struct ike_sa *sa)
{
    for (const struct ike_key *k = NULL; (k = keyring_find_ike(m->keyring, sa->spi_i, sa->spi_r, k));)
        if (k->sk_d.len)
            return true;
    return false;
}

static enum why why_sealed(const struct ike_sa *sa)
{
    if (!sealed_messages(sa))
        return WHY_NOT;
    if (sa->proposal.additional_ke[0] && !sa->rekeys)
        return sa->keys ? WHY_ADDITIONAL : WHY_NOT;
    return sa->rekeys && sa->rekeys->keys && !sa->keys ? WHY_REKEYED : WHY_NOT;
}

static bool no_key(const struct flow *f)
{
    return f && f->traffic.no_key && !f->wrong_encryption_key;
}

static enum why why_child(const struct model *m, const struct child_sa *c)
{
    const struct ike_sa *sa = c->ike_sa;
    if (!sa->keys || c->keys || (!no_key(c->to_responder) && !no_key(c->to_initiator)))
        return WHY_NOT;
    if (!has_sk_d(m, sa))
        return WHY_NO_SK_D;
    if (c->proposal.additional_ke[0] && !c->initial)
        return WHY_FOLLOWUP;
    if (c->pfs || c->pfs_dh)
        return WHY_PFS;
    if (sa->ppk_agreed)
        return WHY_PPK;
    return (c->initial && !sa->start_seen) || !spi_known(c->spi_i) || !spi_known(c->spi_r) ? WHY_NONCES : WHY_NOT;
}

static void name_exchange(struct diagnosis *d, const char *word, const struct chosen *c)
{
    const char *name = registry_name(REGISTRY_KE, c->additional_ke[0]);
    diagnosis_word(d, word, name ? text_of(name) : (struct text){ NULL, 0 });
}

static void say_why(struct diagnosis *d)
{
    bool said[WHY_COUNT] = { false };
    for (const struct ike_sa *sa = d->m->ike_sas; sa; sa = sa->next) {
        const enum why why = why_sealed(sa);
        if (why == WHY_ADDITIONAL && !said[why])
            name_exchange(d, "ke", &sa->proposal);
        said[why] = true;
    }
    for (const struct child_sa *c = d->m->child_sas; c; c = c->next) {
        const enum why why = why_child(d->m, c);
        if (why == WHY_FOLLOWUP && !said[why])
            name_exchange(d, "child_ke", &c->proposal);
        said[why] = true;
    }
    for (int i = WHY_NOT + 1; i < WHY_COUNT; i++)
        if (said[i])
            diagnosis_more(d, why_words[i]);
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
    if (given && !proof)
        say_why(&d);
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
