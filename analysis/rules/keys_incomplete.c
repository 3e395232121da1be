/* Keys were given and do not open everything. */
#include "analysis/troubles.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give the keys of every IKE SA and Child SA in the capture, or the SK_d of each IKE SA, from which Child SA keys are "
      "derived when PFS is not used" },
};

static void judge(struct model *m, const struct rule *r)
{
    troubles_tell(m, r, common, sizeof common / sizeof common[0]);
    if (!m->keyring || keyring_count(m->keyring) == 0)
        return;
    uint64_t sealed = 0, packets = 0;
    bool wrong_cipher = false;
    const struct ike_sa *first = NULL;
    const struct exchange *where = NULL;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct exchange *x = sa->exchanges; x; x = x->next) {
            const struct message *legs[2] = { x->request.message, x->response.message };
            for (int i = 0; i < 2; i++)
                if (legs[i] && legs[i]->decryption == DECRYPTION_NO_KEY) {
                    sealed++;
                    wrong_cipher |= legs[i]->wrong_encryption_key;
                    first = first ? first : sa;
                    where = where ? where : x;
                }
        }
    const struct flow *flow = NULL;
    for (const struct flow *f = m->flows; f; f = f->next) {
        packets += f->traffic.no_key;
        wrong_cipher |= f->wrong_encryption_key;
        flow = f->traffic.no_key && !flow ? f : flow;
    }
    struct diagnosis d;
    if ((!sealed && !packets) || !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    if (sealed)
        diagnosis_wordf(&d, "messages", "%llu IKE messages", (unsigned long long)sealed);
    if (packets)
        diagnosis_wordf(&d, "packets", "%llu ESP packets", (unsigned long long)packets);
    diagnosis_say(&d, NULL,
                  sealed && packets ? "The given keys do not open {messages} and {packets}."
                  : sealed          ? "The given keys do not open {messages}."
                                    : "The given keys do not open {packets}.");
    if (wrong_cipher)
        diagnosis_more(&d, "An integrity key fits, so the packets are whole, and the encryption key beside it does not: it is "
                           "mistyped or of another SA, and what it would give is not shown.");
    ADVISE(&d, common);
    if (where) {
        d.sa = first;
        quote_leg(&d, where,
                  where->request.message && where->request.message->decryption == DECRYPTION_NO_KEY ? &where->request
                                                                                                    : &where->response,
                  "no key");
    }
    if (flow)
        quote_frame(&d, flow->traffic.input, flow->traffic.first_frame, "ESP with SPI 0x%08x: no key", (unsigned)flow->spi);
}

const struct rule rule_keys_incomplete = {
    .id = "keys-incomplete",
    .severity = SEVERITY_NOTE,
    .rank = 92,
    .title = "The keys do not open everything",
    .meaning =
        "Keys were given, and some messages or packets of the capture stay sealed: they belong to SAs whose keys are missing.",
    .advice = "`ikescope keys -k KEYS CAPTURE` lists what each key opens and what is missing.",
    .whole = judge,
};
