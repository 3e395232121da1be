/* There is no key to authenticate with. */
#include "analysis/quote.h"
#include "analysis/sas_at.h"
#include "analysis/stray_groups.h"
#include "analysis/tunnels.h"
#include "analysis/ways.h"

#define ASA_KEYS_OF(group)                                                                                                       \
    "`tunnel-group " group " ipsec-attributes` / `ikev2 local-authentication pre-shared-key KEY` / "                             \
    "`ikev2 remote-authentication pre-shared-key KEY`"
#define ASA_KEYS               ASA_KEYS_OF("{peer}")
/* Of a tunnel-group that is not there yet, an ASA takes its attributes only behind its type. */
#define ASA_NEW_KEYS_OF(group) "`tunnel-group " group " type ipsec-l2l`, " ASA_KEYS_OF(group)
#define ASA_NEW_KEYS           ASA_NEW_KEYS_OF("{peer}")

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "give it a key for this peer: `crypto ikev2 keyring NAME` / `peer NEW` / `address {peer}[[{alone}]]`[[ (or "
      "`identity {kind} {id}`)]] / `pre-shared-key KEY`, and `keyring local NAME` in `crypto ikev2 profile NAME`" },
    { TO_THIS, PLATFORM_ASA, "give it keys for this peer: " ASA_KEYS },
};

static const struct advice in_ring[] = {
    { TO_THIS, PLATFORM_IOS,
      "give it a key for this peer, or the right address to the block that is meant for it: `crypto ikev2 keyring {ring}` / "
      "`peer "
      "NEW` / `address {peer}[[{alone}]]`[[ (or `identity {kind} {id}`)]] / `pre-shared-key KEY`" },
};
static const struct advice one_key[] = {
    { TO_THIS, PLATFORM_ASA,
      "give it the key that it lacks: `tunnel-group {peer} ipsec-attributes` / `ikev2 {lacks} pre-shared-key KEY`" },
};

static const struct advice own_group[] = {
    /* the second where nothing tells whether keys or certificates were to be */
    { TO_THIS, PLATFORM_ASA,
      "give the peer a tunnel-group of its own, named as its address arrives here (after NAT), and not keys to {group}: "
      "everybody who has none of his own would share them: " ASA_NEW_KEYS },
    { TO_THIS, PLATFORM_ASA,
      "where certificates are to prove it, in place of the keys: `tunnel-group {peer} ipsec-attributes` / `ikev2 "
      "local-authentication certificate TRUSTPOINT` / `ikev2 remote-authentication certificate`" },
};

/* The group that takes in all peers that have none of their own, where this end took it; empty: it did not. */
static struct text default_group(const struct ike_sa *sa, enum side side)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (!v->wire && v->role == side && text_starts(v->tunnel_group, TEXT("Default")))
            return v->tunnel_group;
    return (struct text){ NULL, 0 };
}

/* The keyring that this end's profile names for the peer, and that has no key for it; NULL: it is not known. */
static const struct record *ring_without(struct diagnosis *d, const struct ike_sa *sa, enum side side)
{
    const uint32_t router = router_of(d->m, sa, side);
    const struct address peer = address_on(sa, side_other(side));
    const struct config_path path = router && peer.family ? config_path_to(d->m, router, peer, NULL) : (struct config_path){ 0 };
    if (!path.keyring || path.key)
        return NULL;
    finding_quote(d->m, d->f, path.profile, fact_find(path.profile->facts, "keyring_local")->line);
    for (const struct fact *g = fact_members(path.keyring->facts, "peers"); g; g = g->next)
        for (const struct fact *f = fact_children(g); f; f = f->next)
            if (f->name && f->line && strcmp(f->name, "start") == 0)
                finding_quote(d->m, d->f, path.keyring, f->line);
    return path.keyring;
}

/* Of a tunnel-group that has one of the two keys, the other one. */
static struct text key_lacking(struct diagnosis *d, const struct ike_sa *sa, enum side side)
{
    const uint32_t router = router_of(d->m, sa, side);
    const struct record *group = router ? config_find(d->m, router, "tunnel-group",
                                                      address_text(address_on(sa, side_other(side)), d->m->run))
                                        : NULL;
    const bool local = group && fact_find(group->facts, "local_authentication"),
               remote = group && fact_find(group->facts, "remote_authentication");
    if (local == remote)
        return (struct text){ NULL, 0 };
    finding_quote(d->m, d->f, group, fact_find(group->facts, local ? "local_authentication" : "remote_authentication")->line);
    return local ? TEXT("remote-authentication") : TEXT("local-authentication");
}

static void advise_own(struct diagnosis *d, const struct ike_sa *sa, enum side side)
{
    const struct record *ring = ring_without(d, sa, side);
    const struct text lacks = ring ? TEXT("") : key_lacking(d, sa, side);
    diagnosis_word(d, "ring", ring ? ring->title : TEXT(""));
    diagnosis_word(d, "lacks", lacks);
    if (ring)
        ADVISE(d, in_ring);
    else if (lacks.len)
        ADVISE(d, one_key);
    else
        ADVISE(d, common);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_NO_PSK_FOUND, CODE_POLICY_BUILD_FAILED, CODE_AUTH_METHOD_UNSET };
    struct heard said = { NULL, NULL };
    for (size_t i = 0; i < COUNT_OF(codes) && !said.note; i++)
        said = heard(sa, codes[i]);
    if (!said.note) /* what could not be found was the key */
        said = heard_at_once(sa, CODE_PEER_PSK_LOOKUP, CODE_ITEM_NOT_FOUND);
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_INITIATOR);
    if (!said.note || sa_up(sa) || heard(sa, CODE_TUNNEL_GROUP_NOT_FOUND).note ||
        !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    bool lookup = said.note->code == CODE_NO_PSK_FOUND || said.note->code == CODE_ITEM_NOT_FOUND;
    const struct identity *id = side == SIDE_INITIATOR ? &sa->responder.id : &sa->initiator.id;
    bool named = lookup && (id->type == ID_FQDN || id->type == ID_RFC822_ADDR || id->type == ID_KEY_ID);
    diagnosis_word(&d, "id", named ? id->value : (struct text){ NULL, 0 });
    diagnosis_word(&d, "kind",
                   named ? text_of(id->type == ID_FQDN     ? "fqdn"
                                   : id->type == ID_KEY_ID ? "key-id"
                                                           : "email")
                         : TEXT(""));
    diagnosis_say(&d, NULL,
                  lookup ? "{here} looked for a pre-shared key for {there}[[, which calls itself '{id}',]] and has none."
                         : "{here} has no key or certificate configured to authenticate itself to {there}, or {there} to it.");
    struct text group = default_group(sa, side);
    diagnosis_word(&d, "group", group);
    diagnosis_more(&d, group.len ? "It took the tunnel-group {group}, so none is named after this peer." : "");
    if (group.len)
        diagnosis_advise(&d, own_group, lookup ? 1 : COUNT_OF(own_group));
    else
        advise_own(&d, sa, side);
    if (group.len)
        quote_note(&d, heard_text(sa, CODE_TUNNEL_GROUP_FOUND, "Default"));
    quote_note(&d, said);
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (said.note->code != codes[i])
            quote_note(&d, heard(sa, codes[i]));
}

enum { ONE_ATTEMPT = 6 }; /* lines */

/* One attempt leaves several such lines; the one before may name the tunnel-group, which is the peer. */
static void judge_loose(struct model *m, const struct rule *r)
{
    const struct note *group = NULL, *before = NULL, *none = NULL;
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code == CODE_TUNNEL_GROUP_FOUND)
            group = n;
        if (n->code == CODE_TUNNEL_GROUP_NOT_FOUND)
            none = n;
        if (n->code != CODE_POLICY_BUILD_FAILED && n->code != CODE_NO_PSK_FOUND && n->code != CODE_AUTH_METHOD_UNSET)
            continue;
        bool same = before && before->input == n->input && model_lines_between(m, n->input, before->line, n->line) <= ONE_ATTEMPT;
        bool named = group && group->input == n->input && model_lines_between(m, n->input, group->line, n->line) <= ONE_ATTEMPT;
        struct text peer = named ? note_word(group, "tunnel_group", "tunnel group ") : (struct text){ NULL, 0 };
        before = n;
        if (none && none->input == n->input && model_lines_between(m, n->input, none->line, n->line) <= ONE_ATTEMPT)
            continue; /* no-tunnel-group says it */
        if (same || !diagnosis_begin(&d, m, r, NULL, SIDE_INITIATOR, CONFIDENCE_CERTAIN, peer))
            continue;
        diagnosis_word(&d, "peer", peer);
        diagnosis_say(&d, NULL,
                      "the router has no key or certificate configured for the peer[[ {peer}]] it wants to reach, so it did not "
                      "even begin.");
        ADVISE(&d, common);
        quote_note(&d, (struct heard){ n, NULL });
    }
}

/* Does that end, by one of its two directions, need a key? What the other end does in another way is no matter of keys. An ASA says
 * its method by the key itself: without a word of it, that may be what is missing. */
static bool uses_key(const struct tunnel_end *end, const struct tunnel_end *other, bool local)
{
    uint32_t line = 0;
    const unsigned own = own_methods(end, local, &line), its = other ? own_methods(other, !local, &line) : 0;
    return ((own & OWN_KEY) || (end->asa && !own)) && (!its || (its & OWN_KEY));
}

static bool needs_key(const struct tunnel_end *end, const struct tunnel_end *other)
{
    uint32_t line = 0;
    const bool signs = other && (own_methods(other, true, &line) & OWN_KEY);
    if (end->asa && end->auth)
        return !fact_find(end->auth->facts, "ikev1_key") &&
               (uses_key(end, other, true) || (signs && uses_key(end, other, false)));
    return (end->asa ? !end->group_unknown : end->auth != NULL) && (uses_key(end, other, true) || uses_key(end, other, false)) &&
           !(end->auth && fact_find(end->auth->facts, "keyring_aaa"));
}

/* What it needs the key for. */
static struct text key_use(const struct tunnel_end *end)
{
    uint32_t line = 0;
    return own_methods(end, true, &line) & OWN_KEY ? TEXT("is to authenticate with a pre-shared key")
                                                   : TEXT("expects a pre-shared key of it");
}

static void quote_keyring(struct model *m, struct diagnosis *d, const struct tunnel_end *end)
{
    const struct fact *named = end->auth ? fact_find(end->auth->facts, "keyring_local") : NULL;
    if (named)
        finding_quote(m, d->f, end->auth, named->line);
    else if (end->auth)
        finding_quote(m, d->f, end->auth, 0);
    const struct record *ring = end->path.keyring;
    const struct fact *list = ring ? fact_find(ring->facts, "peers") : NULL;
    for (const struct fact *g = fact_children(list); g; g = g->next)
        for (const struct fact *f = fact_children(g); f; f = f->next)
            if (f->name && f->line && (strcmp(f->name, "start") == 0 || strcmp(f->name, "hostname") == 0))
                finding_quote(m, d->f, ring, f->line);
}

/* IKEv2 looks up no keyring but the one that the profile names. */
static bool names_no_keyring(const struct model *m, const struct tunnel_end *end)
{
    const struct record *profile = end->asa ? NULL : end->auth;
    return profile && end->key_at && end->key_at != profile && config_whole(m, end->device) &&
           !fact_find(profile->facts, "keyring_local") && !fact_find(profile->facts, "keyring_aaa");
}

static void tell_keyring(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here];
    struct diagnosis d;
    if (!tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "key_use", key_use(end));
    diagnosis_word(&d, "profile", end->auth->title);
    diagnosis_word(&d, "ring", end->key_at->title);
    diagnosis_say(&d, "The IKEv2 profile names no keyring",
                  "Towards {there_name}, {here_name} {key_use}, and its IKEv2 profile {profile} names no keyring: the key in "
                  "{ring} is never looked at.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, here, "`crypto ikev2 profile {profile}` / `keyring local {ring}`", "");
    finding_quote(m, d.f, end->auth, 0);
    finding_quote(m, d.f, end->key_at, config_keys_line(end->key));
}

/* Keys are typed for each direction, and one of the two is not there. */
static void tell_half(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here];
    const struct key_way own = config_keys_way(end->key, end->key);
    const bool local = own.signs_line == 0;
    uint32_t line = 0;
    const unsigned methods = own_methods(end, local, &line);
    struct diagnosis d;
    if (!own.signs_line == !own.verifies_line || (!end->asa && end->key_at == end->auth) || /* the other may be in a keyring */
        !((methods & OWN_KEY) || (end->asa && !methods)) || !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "side", local ? TEXT("local") : TEXT("remote"));
    diagnosis_say(&d, "One of the two pre-shared keys is missing",
                  local
                      ? "For {there_name}, {here_name} has a pre-shared key to verify with and none to sign with."
                      : "For {there_name}, {here_name} has a pre-shared key to sign with and none to verify {there_name} with.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, here,
                  "add the other one: `crypto ikev2 keyring NAME` / `peer NAME` / `pre-shared-key {side} KEY`; where both "
                  "directions have the same key, `pre-shared-key KEY`",
                  "add the other one: `tunnel-group {peer} ipsec-attributes` / `ikev2 {side}-authentication pre-shared-key KEY`");
    finding_quote(m, d.f, end->key_at, local ? own.verifies_line : own.signs_line);
    if (line)
        finding_quote(m, d.f, end->auth, line);
}

/* Every peer of the keyring is known by its address: no name that the other end calls itself may find a key. */
static bool finds_by_address(const struct record *ring)
{
    for (const struct fact *g = fact_members(ring->facts, "peers"); g; g = g->next)
        if (!fact_find(fact_children(g), "start"))
            return false;
    return true;
}

/* No profile accepts what the other end calls itself, and so no key is found by that name, either: no-matching-profile says it. */
static bool unaccepted(const struct tunnel_end *end)
{
    return !end->asa && !end->profile && end->path.keyring && !finds_by_address(end->path.keyring);
}

/* The profile names a keyring, and what is here of the configuration ends before that. */
static bool keyring_elsewhere(const struct model *m, const struct tunnel_end *end)
{
    return !end->asa && end->auth && !end->path.keyring && fact_get_text(end->auth->facts, "keyring_local").len &&
           !config_whole(m, end->device);
}

/* Nobody knows the address of who calls: a tunnel-group is found by the word that he calls himself, or it is the default one, which
 * is always there. */
static const char *keys_for_anybody(struct diagnosis *d, const struct tunnel_end *end, const struct tunnel_end *other)
{
    const bool word = other->id.type == ID_FQDN || other->id.type == ID_RFC822_ADDR || other->id.type == ID_KEY_ID;
    diagnosis_word(d, "group", end->auth ? end->auth->title : word ? other->id.value : TEXT("DefaultL2LGroup"));
    return end->auth ? "give keys to the tunnel-group that it finds: " ASA_KEYS_OF("{group}")
           : word    ? "give it keys in a tunnel-group of the name that it calls itself: " ASA_NEW_KEYS_OF("{group}")
                     : "give keys to the tunnel-group of all whose address nobody knows: " ASA_KEYS_OF("{group}");
}

/* The tunnel-group that it has for the peer, or one to be made: keys in the default one would be everybody's. */
static const char *keys_for_peer(struct diagnosis *d, const struct tunnel_end *end)
{
    const bool own = end->auth && !text_starts(end->auth->title, TEXT("Default"));
    diagnosis_word(d, "group", own ? end->auth->title : (struct text){ NULL, 0 });
    return own ? "give it keys for this peer: " ASA_KEYS_OF("{group}") : "give it keys for this peer: " ASA_NEW_KEYS;
}

static void judge_end(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    struct diagnosis d;
    if (end->key && needs_key(end, other)) {
        if (names_no_keyring(m, end))
            tell_keyring(m, r, t, here);
        else if (tunnel_key_sure(t, here))
            tell_half(m, r, t, here);
    }
    const bool chosen = end->asa && end->answers; /* by the caller's name, or the default one */
    if (end->key || (other->assumed && !chosen) || !needs_key(end, other) || unaccepted(end) || keyring_elsewhere(m, end) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "key_use", key_use(end));
    diagnosis_word(&d, "ring", end->path.keyring ? end->path.keyring->title : (struct text){ NULL, 0 });
    diagnosis_say(&d, NULL,
                  end->asa ? "No tunnel-group of {here_name} has keys for {there_name}[[, {there_address}]]."
                           : "Towards {there_name}, {here_name} {key_use}, and its keyring[[ {ring}]] has no entry with a key "
                             "that fits {there_address}.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, here,
                  end->path.keyring
                      ? "give it a key for this peer, in a block of its own or by the right address in one that is meant for it: "
                        "`crypto ikev2 keyring NAME` / `peer NEW` / `address {peer}[[{alone}]]` / `pre-shared-key KEY`"
                      : "give it a key for this peer: `crypto ikev2 keyring NAME` / `peer NEW` / `address {peer}[[{alone}]]` / "
                        "`pre-shared-key KEY`, and `keyring local NAME` in `crypto ikev2 profile NAME`",
                  chosen && other->assumed ? keys_for_anybody(&d, end, other) : keys_for_peer(&d, end));
    if (end->asa && !end->auth && !other->assumed)
        stray_groups_tell(&d, end->device, address_text(other->address, m->run));
    quote_keyring(m, &d, end);
    const struct record *way = other->path.crypto_map ? other->path.crypto_map : other->path.interface;
    if (other->key_at)
        finding_quote(m, d.f, other->key_at, config_keys_line(other->key));
    else if (way)
        finding_quote(m, d.f, way, 0);
}

/* Who calls looks for its key by the address or host name of the peer, whose identity it has yet to learn. */
static bool may_call(const struct model *m, const struct tunnel_end *end, const struct tunnel_end *other)
{
    const struct record *ring = end->path.keyring;
    if (end->answers)
        return false;
    if (end->asa || !end->auth || !uses_key(end, other, true) || !ring || !other->address.family)
        return true;
    for (const struct fact *g = fact_members(ring->facts, "peers"); g; g = g->next)
        if (fact_find(fact_children(g), "hostname"))
            return true;
    return config_key_of(m, end->device, end->path.profile, NULL, other->address, NULL) != NULL;
}

static void judge_callers(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const unsigned here = t->end[0].answers; /* the one that calls, or either */
    const struct tunnel_end *end = &t->end[here];
    struct diagnosis d;
    if (t->sa || t->ike_up || !end->key || may_call(m, &t->end[0], &t->end[1]) || may_call(m, &t->end[1], &t->end[0]) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "ring", end->path.keyring->title);
    diagnosis_word(&d, "block", fact_get_text(fact_children(end->key), "name"));
    diagnosis_say(
        &d, "Neither end finds a key when it calls",
        "The keyring {ring} of {here_name} knows {there_name} by its identity alone. That finds a key when "
        "{there_name} calls, but {there_name} cannot call; when {here_name} calls, it looks for the address {there_address}.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, here,
                  "add the address to the block: `crypto ikev2 keyring {ring}` / `peer {block}` / `address {peer}[[{alone}]]`; "
                  "both may stand in one block",
                  "");
    quote_keyring(m, &d, end);
    const struct fact *identity = fact_find(fact_children(end->key), "identity");
    if (identity)
        finding_quote(m, d.f, end->key_at, identity->line);
}

/* An ASA also finds a tunnel-group by what the other end calls itself, or by its certificate: any that is named by a word may do.
 */
static bool finds_by_word(const struct model *m, uint32_t device)
{
    struct address a;
    for (const struct record *g = record_next(m, device, "tunnel-group", NULL); g;
         g = record_next(m, device, "tunnel-group", g)) {
        struct text type = fact_get_text(g->facts, "type");
        if (!address_read(g->title, &a) && !text_starts(g->title, TEXT("Default")) &&
            (!type.len || text_equal(type, TEXT("ipsec-l2l"))))
            return true;
    }
    return false;
}

/* Is the key of the other end of this way to be found by its address, and not there? */
static bool lacks_key(const struct model *m, const struct config_way *w, struct tunnel_end *end)
{
    if (end->asa && (finds_by_word(m, end->device) ||
                     (strcmp(w->entry->name, "crypto-map") == 0 && !fact_find(w->entry->facts, "ipsec_proposals"))))
        return false; /* or it is IKEv1's */
    end->path = config_path_to(m, end->device, w->peer, w->entry);
    end->auth = end->asa ? end->path.tunnel_group : end->path.profile;
    end->key = config_key_of(m, end->device, end->path.profile, NULL, w->peer, &end->key_at);
    return !end->key && needs_key(end, NULL) && (end->asa || (end->path.keyring && finds_by_address(end->path.keyring)));
}

/* One of several peers of an entry, of which another has a key: it is only missed when that one is gone. */
static bool is_backup(const struct model *m, const struct config_way *w, const struct tunnel_end *end)
{
    for (const struct fact *g = fact_members(w->entry->facts, "peers"); g; g = g->next) {
        struct address a;
        if (fact_get_address(fact_children(g), "address", &a) && !address_equal(a, w->peer) &&
            config_key_of(m, end->device, end->path.profile, NULL, a, NULL))
            return true;
    }
    return false;
}

/* lone: this router's configuration is all that is here. Else an address that nobody has may be the mistake itself, which is told, or
 * what was tried tells more; but not of a peer beside another one. */
static void judge_way(struct model *m, const struct rule *r, uint32_t device, const struct config_way *w, bool lone)
{
    struct tunnel_end end = { .device = device, .asa = config_of_asa(m, device) };
    struct diagnosis d;
    if (!lacks_key(m, w, &end) ||
        (!lone && (!is_backup(m, w, &end) || config_owner(m, 0, w->peer, NULL) || sas_at(m, w->peer))) ||
        !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY, address_text(w->peer, m->run)))
        return;
    if (is_backup(m, w, &end))
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "router", device_name_or(m, device, TEXT("the router")));
    diagnosis_word(&d, "peer", address_text(w->peer, m->run));
    diagnosis_word(&d, "key_use", key_use(&end));
    diagnosis_word(&d, "ring", end.path.keyring ? end.path.keyring->title : TEXT(""));
    diagnosis_say(&d, NULL,
                  end.asa ? "{router} has no tunnel-group with keys for {peer}, to which its crypto leads."
                          : "Towards {peer}, {router} {key_use}, and its keyring {ring} has no entry with "
                            "a key that fits that address.");
    diagnosis_advise_router(
        &d, device, w->own_count ? w->own[0] : (struct address){ 0 }, w->peer,
        end.asa ? keys_for_peer(&d, &end)
                : "give it a key for this peer, or the right address to the block that is meant for it: "
                  "`crypto ikev2 keyring {ring}` / `peer NEW` / `address {peer}[[{alone}]]` / `pre-shared-key KEY`");
    finding_quote(m, d.f, w->entry, w->peer_line);
    if (!end.asa)
        quote_keyring(m, &d, &end);
    else
        (void)stray_groups_tell(&d, device, address_text(w->peer, m->run));
}

static void judge_ways(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    const size_t routers = ways_routers(m, devices);
    const bool lone = !m->ike_sas && !m->loose && routers == 1;
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (size_t i = 0; i < routers; i++) {
        const size_t count = config_whole(m, devices[i]) ? ways_of(m, devices[i], ways) : 0;
        for (size_t k = 0; k < count; k++)
            if (ways[k].peer.family && !way_is_shut(&ways[k]))
                judge_way(m, r, devices[i], &ways[k], lone);
    }
    memory_free(ways);
}

static void judge_whole(struct model *m, const struct rule *r)
{
    judge_loose(m, r);
    judge_ways(m, r);
}

const struct rule rule_no_key = {
    .id = "no-key",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "No key is configured for the peer",
    .meaning = "A router has neither a pre-shared key nor a certificate for this peer, so it cannot build its IKEv2 policy or "
               "its AUTH payload.",
    .advice = "IOS: a keyring entry for the peer, named in the profile. ASA: `ikev2 local-authentication` and `ikev2 "
              "remote-authentication` in the tunnel-group.",
    .sa = judge,
    .whole = judge_whole,
    .tunnel = judge_callers,
    .tunnel_end = judge_end,
};
