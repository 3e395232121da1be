#include "analysis/key_pair.h"

enum { EITHER = 2 };

void key_pair_of(struct key_pair *p)
{
    for (unsigned i = 0; i < 2; i++) {
        p->way[i] = config_keys_way(p->end[i].key, p->end[1 - i].key);
        p->by_direction = p->by_direction || config_keys_by_direction(p->end[i].key);
    }
    p->exchanged = p->way[0].same == VERIFIED_FALSE && p->way[1].same == VERIFIED_FALSE &&
                   config_keys_exchanged(p->end[0].key, p->end[1].key);
}

bool key_pair_differ(const struct key_pair *p, unsigned signer)
{
    if (signer < EITHER)
        return p->way[signer].same == VERIFIED_FALSE;
    return p->way[0].same == VERIFIED_FALSE || p->way[1].same == VERIFIED_FALSE;
}

/* ---- advice ---- */

static const struct advice ios_key[] = {
    { TO_BOTH, PLATFORM_IOS,
      "type the same key at both ends: `crypto ikev2 keyring NAME` / `peer NAME` / `address {peer}` / `pre-shared-key KEY`" },
};

static const struct advice asa_key[] = {
    { TO_BOTH, PLATFORM_ASA,
      "type the same key at both ends: `tunnel-group {peer} ipsec-attributes` / `ikev2 local-authentication pre-shared-key KEY` "
      "/ `ikev2 remote-authentication pre-shared-key KEY`; one end's local is the other's remote" },
};

static const struct advice maybe_exchanged[] = {
    { TO_BOTH, PLATFORM_IOS,
      "with keys per direction, {local}'s `pre-shared-key local` is {peer}'s `pre-shared-key remote`: are they swapped?" },
};

static const struct advice other_looks[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`key len` in `debug crypto ikev2` must be the same at both ends; a blank at the end of a pasted key counts" },
    { TO_BOTH, PLATFORM_IOS,
      "is it the right entry: `show run | section crypto ikev2 keyring` (the most specific peer block wins)" },
};

/* {for the end that signs, for the one that verifies}, each on IOS and on an ASA */
static const struct advice of_direction[2][2] = {
    { { TO_INITIATOR, PLATFORM_IOS,
        "either end will do: here, sign with the key that {peer_name} verifies with: `crypto ikev2 keyring NAME` / `peer NAME` / "
        "`pre-shared-key local KEY`" },
      { TO_INITIATOR, PLATFORM_ASA,
        "either end will do: here, sign with the key that {peer_name} verifies with: `tunnel-group {peer} ipsec-attributes` / "
        "`ikev2 local-authentication pre-shared-key KEY`" } },
    { { TO_RESPONDER, PLATFORM_IOS,
        "either end will do: here, verify with the key that {peer_name} signs with: `crypto ikev2 keyring NAME` / `peer NAME` / "
        "`pre-shared-key remote KEY`" },
      { TO_RESPONDER, PLATFORM_ASA,
        "either end will do: here, verify with the key that {peer_name} signs with: `tunnel-group {peer} ipsec-attributes` / "
        "`ikev2 remote-authentication pre-shared-key KEY`" } },
};

/* Of two routers by name, without an SA. */
static void advise_router(struct diagnosis *d, const struct key_pair *p, unsigned i, const char *ios, const char *asa)
{
    const struct key_end *end = &p->end[i];
    bool asa_end = platform_of_router(d->m, end->device) == PLATFORM_ASA;
    diagnosis_word(d, "peer_name", p->end[1 - i].name);
    diagnosis_advise_router(d, end->device, end->local, p->end[1 - i].local, asa_end ? asa : ios);
}

static void advise_direction(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    if (!d->sa) {
        for (unsigned i = 0; i < 2; i++)
            advise_router(d, p, i, of_direction[i != signer][0].text, of_direction[i != signer][1].text);
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        struct advice rows[2] = { of_direction[i][0], of_direction[i][1] };
        if (signer) /* the responder signs */
            rows[0].to = rows[1].to = i ? TO_INITIATOR : TO_RESPONDER;
        ADVISE(d, rows);
    }
}

/* ---- words ---- */

/* "ikev2 local-authentication pre-shared-key", without what is masked and what says how it is encrypted. */
static struct text command_at(const struct key_end *end, uint32_t line)
{
    struct text t = text_trim(record_line(end->at, line));
    t = text_trim(text_upto(t, text_find(t, TEXT("******"))));
    if (t.len > 2 && t.at[t.len - 2] == ' ')
        t.len -= 2;
    return t;
}

static void tell_direction(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    const struct key_way *way = &p->way[signer];
    diagnosis_word(d, "signer", p->end[signer].name);
    diagnosis_word(d, "verifier", p->end[1 - signer].name);
    diagnosis_word(d, "signs", command_at(&p->end[signer], way->signs_line));
    diagnosis_word(d, "verifies", command_at(&p->end[1 - signer], way->verifies_line));
    diagnosis_more(d, "The keys are per direction: what {signer} signs with (`{signs}`) is not what {verifier} verifies with "
                      "(`{verifies}`).");
    enum verified back = p->way[1 - signer].same;
    if (back == VERIFIED_TRUE)
        diagnosis_more(d, "The keys of the other direction agree; leave them.");
    advise_direction(d, p, signer);
}

static void tell_ways(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    bool known = p->end[0].key && p->end[1].key;
    if (known && p->exchanged) {
        diagnosis_more(d, "Local and remote key are exchanged at one end: both sign with the one key and verify with the other.");
    } else if (known && p->by_direction && key_pair_differ(p, signer)) {
        for (unsigned i = 0; i < 2; i++)
            if (key_pair_differ(p, i))
                tell_direction(d, p, i);
        return;
    } else if (signer < EITHER && p->way[signer].same == VERIFIED_TRUE) {
        diagnosis_more(d, "The supplied configurations have the same key for this direction: they are not what ran, or another "
                          "entry was used.");
    }
    if (!d->sa) {
        for (unsigned i = 0; i < 2; i++)
            advise_router(d, p, i, ios_key[0].text, asa_key[0].text);
        return;
    }
    ADVISE(d, ios_key);
    if (!known || p->exchanged)
        ADVISE(d, maybe_exchanged);
    ADVISE(d, asa_key);
    ADVISE(d, other_looks);
}

void key_pair_tell(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    tell_ways(d, p, signer);
    for (unsigned i = 0; i < 2; i++) {
        bool other_way = p->by_direction && (signer < EITHER ? i != signer : p->way[i].same == VERIFIED_TRUE);
        if (other_way && p->way[i].same != VERIFIED_FALSE)
            continue; /* it is not about these keys */
        if (p->way[i].signs_line)
            finding_quote(d->m, d->f, p->end[i].at, p->way[i].signs_line);
        if (p->way[i].verifies_line)
            finding_quote(d->m, d->f, p->end[1 - i].at, p->way[i].verifies_line);
    }
}
