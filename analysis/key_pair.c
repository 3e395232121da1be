#include "analysis/key_pair.h"

enum { EITHER = 2 };

void key_pair_of(struct key_pair *p)
{
    for (unsigned i = 0; i < 2; i++) {
        p->way[i] = config_keys_way(p->end[i].key, p->end[1 - i].key);
        p->separate[i] = config_keys_by_direction(p->end[i].key);
        p->by_direction = p->by_direction || p->separate[i];
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

unsigned key_pair_blank(const struct key_pair *p, unsigned signer)
{
    for (unsigned i = 0; i < 2; i++) {
        if (signer < EITHER && i != signer)
            continue;
        if (p->way[i].signs_blank)
            return i;
        if (p->way[i].verifies_blank)
            return 1 - i;
    }
    return EITHER;
}

/* ---- advice ---- */

/* A block's address is one line: typed again it takes the place of the old one, and other peers of the block lose their key. */
enum block { BLOCK_UNKNOWN, BLOCK_NAMED, BLOCK_OWN, BLOCK_SHARED, BLOCK_PROFILE };

#define OWN_BLOCK "`peer NEW` / `{block_by}` / `pre-shared-key KEY`"
static const char *const ios_key[] = {
    [BLOCK_UNKNOWN] = "type the same key at both ends: `crypto ikev2 keyring NAME` / `peer NAME` / `{block_by}` / "
                      "`pre-shared-key KEY`",
    [BLOCK_NAMED] =
        "type the same key at both ends: `crypto ikev2 keyring NAME` / `peer NAME` / `pre-shared-key KEY`; where that "
        "block is for other peers, too, give this one its own: " OWN_BLOCK,
    [BLOCK_OWN] = "type the same key at both ends: `crypto ikev2 keyring NAME` / `peer NAME` / `pre-shared-key KEY`",
    [BLOCK_SHARED] = "type the same key at both ends, here in a block of its own (`peer NAME` is for other peers, too, who would "
                     "get another key): `crypto ikev2 keyring NAME` / " OWN_BLOCK,
    [BLOCK_PROFILE] = "type the same key at both ends: `crypto ikev2 profile NAME` / `authentication local pre-share key KEY` / "
                      "`authentication remote pre-share key KEY`",
};

static const struct advice asa_key[] = {
    { TO_BOTH, PLATFORM_ASA,
      "type the same key at both ends: `tunnel-group {group_by} ipsec-attributes` / `ikev2 local-authentication pre-shared-key "
      "KEY` "
      "/ `ikev2 remote-authentication pre-shared-key KEY`; one end's local is the other's remote" },
};

/* Of one direction: at the end that signs, at the end that verifies. */
static const struct advice signs_with[2][2] = {
    { { TO_INITIATOR, PLATFORM_IOS,
        "where keys are per direction: what {peer_name} could not verify is what `pre-shared-key local` here signs" },
      { TO_RESPONDER, PLATFORM_IOS,
        "where keys are per direction: what was signed at {peer_name} is verified here with `pre-shared-key remote`" } },
    { { TO_RESPONDER, PLATFORM_IOS,
        "where keys are per direction: what {peer_name} could not verify is what `pre-shared-key local` here signs" },
      { TO_INITIATOR, PLATFORM_IOS,
        "where keys are per direction: what was signed at {peer_name} is verified here with `pre-shared-key remote`" } },
};

#define SIGN_IOS                                                                                                                 \
    "either end will do: here, sign with the key that {peer_name} verifies with: `crypto ikev2 keyring NAME` / `peer NAME` / "   \
    "`pre-shared-key local KEY`"
#define SIGN_ASA                                                                                                                 \
    "either end will do: here, sign with the key that {peer_name} verifies with: `tunnel-group {group_by} ipsec-attributes` / "  \
    "`ikev2 local-authentication pre-shared-key KEY`"
#define VERIFY_IOS                                                                                                               \
    "either end will do: here, verify with the key that {peer_name} signs with: `crypto ikev2 keyring NAME` / `peer NAME` / "    \
    "`pre-shared-key remote KEY`"
#define VERIFY_ASA                                                                                                               \
    "either end will do: here, verify with the key that {peer_name} signs with: `tunnel-group {group_by} ipsec-attributes` / "   \
    "`ikev2 remote-authentication pre-shared-key KEY`"

/* [who signs] */
static const struct advice one_direction[2][4] = {
    { { TO_INITIATOR, PLATFORM_IOS, SIGN_IOS },
      { TO_INITIATOR, PLATFORM_ASA, SIGN_ASA },
      { TO_RESPONDER, PLATFORM_IOS, VERIFY_IOS },
      { TO_RESPONDER, PLATFORM_ASA, VERIFY_ASA } },
    { { TO_INITIATOR, PLATFORM_IOS, VERIFY_IOS },
      { TO_INITIATOR, PLATFORM_ASA, VERIFY_ASA },
      { TO_RESPONDER, PLATFORM_IOS, SIGN_IOS },
      { TO_RESPONDER, PLATFORM_ASA, SIGN_ASA } },
};

static const struct advice other_looks[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`key len`, as debug prints it, must be the same at both ends; a blank at the end of a pasted key counts" },
    { TO_BOTH, PLATFORM_IOS,
      "is it the right entry: `show run | section crypto ikev2 keyring` (the most specific peer block wins)" },
};

/* ---- the keyring's block ---- */

/* Is it for this peer alone? */
static enum block configured_block(const struct fact *key, const struct record *at)
{
    const struct fact *f = key->kind == FACT_GROUP && !key->name ? fact_children(key) : NULL;
    const struct fact *identity = fact_children(fact_find(f, "identity"));
    struct address start, end;
    if (fact_get_address(f, "start", &start) && fact_get_address(f, "end", &end))
        return address_equal(start, end) ? BLOCK_OWN : BLOCK_SHARED;
    return at && strcmp(at->name, "ikev2-profile") == 0                  ? BLOCK_PROFILE
           : !f                                                          ? BLOCK_UNKNOWN
           : fact_find(identity, "any") || fact_find(identity, "domain") ? BLOCK_SHARED
                                                                         : BLOCK_OWN;
}

static enum block block_of(const struct diagnosis *d, const struct key_end *end, enum side side)
{
    if (end->key)
        return configured_block(end->key, end->at);
    for (const struct view *v = d->sa ? d->sa->views : NULL; v; v = v->next)
        if (!v->wire && v->role == side && v->key_block.len)
            return BLOCK_NAMED;
    return BLOCK_UNKNOWN;
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

/* What the key stands in. */
static const char *holder_of(const struct key_end *end)
{
    return !end->at                                      ? ""
           : strcmp(end->at->name, "tunnel-group") == 0  ? "`tunnel-group {group_by} ipsec-attributes` / "
           : strcmp(end->at->name, "ikev2-profile") == 0 ? "`crypto ikev2 profile NAME` / "
                                                         : "`crypto ikev2 keyring NAME` / `peer NAME` / ";
}

/* The command of an end's line, with the key under that name. */
static const char *typed_key(struct diagnosis *d, const struct key_end *end, uint32_t line, const char *key)
{
    return arena_string(d->m->run, arena_format(d->m->run, "`%.*s %s`", TEXT_ARGS(command_at(end, line)), key));
}

/* What to type, and where. */
static const char *command_of(struct diagnosis *d, const struct key_end *end, uint32_t line, bool either, const char *what)
{
    return arena_string(d->m->run, arena_format(d->m->run, "%s%s: %s%s", either ? "either end will do: here, " : "", what,
                                                holder_of(end), typed_key(d, end, line, "KEY")));
}

/* Of two routers by name, without an SA. */
static void advise_router(struct diagnosis *d, const struct key_pair *p, unsigned i, const char *ios, const char *asa)
{
    const struct key_end *end = &p->end[i];
    bool asa_end = platform_of_router(d->m, end->device) == PLATFORM_ASA;
    diagnosis_word(d, "peer_name", p->end[1 - i].name);
    diagnosis_advise_router(d, end->device, end->local, p->end[1 - i].local, asa_end ? asa : ios);
}

static void advise_end(struct diagnosis *d, const struct key_pair *p, unsigned i, const char *text)
{
    const struct advice row = { i ? TO_RESPONDER : TO_INITIATOR, PLATFORM_UNKNOWN, text };
    if (d->sa)
        diagnosis_advise(d, &row, 1);
    else
        advise_router(d, p, i, text, text);
}

static void tell_direction(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    const struct key_way *way = &p->way[signer];
    const struct key_end *signs = &p->end[signer], *verifies = &p->end[1 - signer];
    bool back = p->way[1 - signer].same == VERIFIED_TRUE;
    diagnosis_word(d, "signer", signs->name);
    diagnosis_word(d, "verifier", verifies->name);
    diagnosis_word(d, "signs", command_at(signs, way->signs_line));
    diagnosis_word(d, "verifies", command_at(verifies, way->verifies_line));
    diagnosis_more(d, "The keys are per direction: what {signer} signs with (`{signs} KEY`) is not what {verifier} verifies with "
                      "(`{verifies} KEY`).");
    if (back)
        diagnosis_more(d, "The keys of the other direction agree; leave them.");
    /* an end that has one key for both would change the other direction, too */
    bool here = p->separate[signer] || !back, there = p->separate[1 - signer] || !back, either = here && there;
    if (here)
        advise_end(d, p, signer,
                   command_of(d, signs, way->signs_line, either, "sign with the key that {peer_name} verifies with"));
    if (there)
        advise_end(d, p, 1 - signer,
                   command_of(d, verifies, way->verifies_line, either, "verify with the key that {peer_name} signs with"));
}

/* The log says that the keys of this direction differ, though they are encrypted in the configurations. */
static bool said_to_differ(const struct key_pair *p, unsigned signer)
{
    return signer < EITHER && p->separate[0] && p->separate[1] && p->way[signer].same == VERIFIED_UNKNOWN &&
           p->way[signer].signs_line && p->way[signer].verifies_line;
}

/* What is known of the other direction, where no configuration tells. */
static void tell_back(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    diagnosis_word(d, "signer", p->end[signer].name);
    diagnosis_word(d, "verifier", p->end[1 - signer].name);
    if (p->back == VERIFIED_TRUE)
        diagnosis_more(d, "In the other direction {signer} accepted what {verifier} signed, so that key is right: keys are per "
                          "direction, or {verifier} takes another entry to verify than to sign.");
    else if (p->back != VERIFIED_FALSE)
        diagnosis_more(d, "Only this direction was checked; where keys are per direction, nothing is known of the other.");
}

static void tell_exchanged(struct diagnosis *d, const struct key_pair *p)
{
    diagnosis_more(d, "Local and remote key are exchanged at one end: both sign with the one key and verify with the other.");
    for (unsigned i = 0; i < 2; i++) {
        const struct key_end *end = &p->end[i];
        struct text advice = arena_format(
            d->m->run,
            "either end will do: exchange the two here: %s%s / %s (KEY-1: what it signs with now, KEY-2: what it verifies with)",
            holder_of(end), typed_key(d, end, p->way[i].signs_line, "KEY-2"),
            typed_key(d, end, p->way[1 - i].verifies_line, "KEY-1"));
        advise_end(d, p, i, arena_string(d->m->run, advice));
    }
}

/* The lines that hold the key of the end whose line goes on with a blank. */
static void tell_blank(struct diagnosis *d, const struct key_pair *p, unsigned end)
{
    const struct key_way *signs = &p->way[end], *verifies = &p->way[1 - end];
    const char *again = "type the key again, with nothing behind it";
    diagnosis_word(d, "blank", p->end[end].name);
    diagnosis_more(d, "Behind the key in the configuration of {blank} stands a blank, which a router takes for a part of the key "
                      "(if it did not come with the copy); but for that the two configurations have the same.");
    if (signs->signs_blank)
        advise_end(d, p, end, command_of(d, &p->end[end], signs->signs_line, false, again));
    if (verifies->verifies_blank && verifies->verifies_line != signs->signs_line)
        advise_end(d, p, end, command_of(d, &p->end[end], verifies->verifies_line, false, again));
}

static void tell_ways(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    bool known = p->end[0].key && p->end[1].key;
    unsigned blank = key_pair_blank(p, signer);
    if (known && p->exchanged) {
        tell_exchanged(d, p);
        return;
    } else if (blank < EITHER && !key_pair_differ(p, signer)) {
        tell_blank(d, p, blank);
        return;
    } else if (known && said_to_differ(p, signer)) {
        tell_direction(d, p, signer);
        return;
    } else if (known && p->by_direction && key_pair_differ(p, signer)) {
        for (unsigned i = 0; i < 2; i++)
            if (key_pair_differ(p, i))
                tell_direction(d, p, i);
        return;
    } else if (signer < EITHER && p->way[signer].same == VERIFIED_TRUE) {
        diagnosis_more(d, "The supplied configurations have the same key for this direction: they are not what ran, or another "
                          "entry was used.");
    }
    const enum block blocks[2] = { block_of(d, &p->end[0], SIDE_INITIATOR), block_of(d, &p->end[1], SIDE_RESPONDER) };
    if (!d->sa) {
        for (unsigned i = 0; i < 2; i++)
            advise_router(d, p, i, ios_key[blocks[i]], asa_key[0].text);
        return;
    }
    if (signer < EITHER && (!known || p->by_direction))
        tell_back(d, p, signer);
    if (signer < EITHER && p->back == VERIFIED_TRUE && !known) {
        ADVISE(d, one_direction[signer]);
    } else {
        for (unsigned i = 0; i < 2; i++)
            diagnosis_advise(d, &(struct advice){ i ? TO_RESPONDER : TO_INITIATOR, PLATFORM_IOS, ios_key[blocks[i]] }, 1);
        if (!known && signer < EITHER)
            ADVISE(d, signs_with[signer]);
        ADVISE(d, asa_key);
    }
    diagnosis_advise(d, other_looks + (p->back == VERIFIED_TRUE), p->back == VERIFIED_TRUE ? 1 : 2);
}

/* The line of a key alone, which is masked, tells nobody whose it is. */
static void quote_key(struct diagnosis *d, const struct key_end *end, uint32_t line)
{
    if (!line)
        return;
    if (end->key->kind == FACT_GROUP && !end->key->name && end->key->line && end->key->line != line)
        finding_quote(d->m, d->f, end->at, end->key->line);
    finding_quote(d->m, d->f, end->at, line);
}

void key_pair_tell(struct diagnosis *d, const struct key_pair *p, unsigned signer)
{
    tell_ways(d, p, signer);
    for (unsigned i = 0; i < 2; i++) {
        bool other_way = p->by_direction && (signer < EITHER ? i != signer : p->way[i].same == VERIFIED_TRUE);
        if (other_way && p->way[i].same != VERIFIED_FALSE)
            continue; /* it is not about these keys */
        quote_key(d, &p->end[i], p->way[i].signs_line);
        quote_key(d, &p->end[1 - i], p->way[i].verifies_line);
    }
}
