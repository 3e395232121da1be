#include "analysis/named.h"

#include <stdio.h>

enum {
    NAMED_EVENTS = 60, /* how far behind the look-up of a key its SA may begin */
    NAME_MOST = 256,   /* octets of a crypto map's name */
};

static void keep(struct model *m, struct text *kept, const struct event *e, const char *fact)
{
    struct text said = fact_get_text(e->facts, fact);
    if (said.len && !text_equal(said, *kept))
        *kept = arena_text(m->run, said);
}

/* ---- what was said before the SA ---- */

/* Two attempts that begin at once name their keyrings in a row: nobody knows then which is whose. */
static void wait_for_sa(struct model *m, struct named_early *early, const struct event *e)
{
    bool old = !early->line || m->event_count - early->event > NAMED_EVENTS;
    struct text keyring = fact_get_text(e->facts, "keyring");
    if (old)
        *early = (struct named_early){ .line = e->line };
    else if (keyring.len && early->keyring.len && !text_equal(keyring, early->keyring))
        early->mixed = true;
    struct text block = early->block;
    keep(m, &early->keyring, e, "keyring");
    keep(m, &early->block, e, "peer");
    keep(m, &early->policy, e, "policy");
    early->mixed = early->mixed || (block.len && !text_equal(block, early->block));
    early->event = m->event_count;
}

static void give_if_new(struct text *to, struct text name)
{
    if (!to->len)
        *to = name;
}

static void claim(struct model *m, struct named_early *early, struct view *v)
{
    if (v->first_line <= early->line)
        return; /* an SA that was there before */
    if (!early->mixed && m->event_count - early->event <= NAMED_EVENTS) {
        give_if_new(&v->keyring, early->keyring);
        give_if_new(&v->key_block, early->block);
        give_if_new(&v->policy, early->policy);
    }
    *early = (struct named_early){ .line = 0 };
}

/* ---- of an SA ---- */

/* A responder looks a key up when it has found the profile. Any other look-up next to an SA's lines is of one that begins. */
static void read_key(struct model *m, struct observer *o, struct view *v, const struct event *e)
{
    if (!v || v->role != SIDE_RESPONDER || !v->profile.len) {
        if (o)
            wait_for_sa(m, &o->named, e);
        return;
    }
    keep(m, &v->keyring, e, "keyring");
    keep(m, &v->key_block, e, "peer");
}

/* "No proxy match on map OUTSIDE seq 10", and of seq 20: it is one of them. */
static void read_entry(struct model *m, struct view *v, const struct event *e)
{
    struct text map = text_trim(fact_get_text(e->facts, "crypto_map"));
    uint64_t seq;
    if (!map.len || !fact_get_number(e->facts, "seq", &seq))
        return;
    char room[NAME_MOST + 24];
    snprintf(room, sizeof room, "%.*s %llu", TEXT_ARGS(text_upto(map, NAME_MOST)), (unsigned long long)seq);
    if (v->crypto_map.len && e->code != CODE_PROXY_MATCH && !text_equal(v->crypto_map, text_of(room))) {
        bool same_map = text_starts(v->crypto_map, map) && v->crypto_map.len > map.len && v->crypto_map.at[map.len] == ' ';
        snprintf(room, sizeof room, "%.*s SEQ", TEXT_ARGS(same_map ? text_upto(map, NAME_MOST) : TEXT("MAP")));
    }
    if (!text_equal(v->crypto_map, text_of(room))) /* it is asked again and again */
        v->crypto_map = arena_text(m->run, text_of(room));
}

void named_read(struct model *m, struct observer *o, struct view *v, const struct event *e)
{
    if (v && o && o->named.line)
        claim(m, &o->named, v);
    if (e->code == CODE_PSK_LOOKUP) {
        read_key(m, o, v, e);
    } else if (e->code == CODE_POLICY_FOUND && !v) {
        if (o)
            wait_for_sa(m, &o->named, e);
    }
    if (!v)
        return;
    switch (e->code) {
    case CODE_PROFILE_CHOSEN:
        keep(m, &v->profile, e, "profile");
        break;
    case CODE_POLICY_FOUND:
        keep(m, &v->policy, e, "policy");
        break;
    case CODE_PROPOSAL_ADDED:
        if (!v->proposal.len) /* of several the first is preferred */
            keep(m, &v->proposal, e, "proposal");
        break;
    case CODE_TUNNEL_GROUP_FOUND:
        keep(m, &v->tunnel_group, e, "tunnel_group");
        break;
    case CODE_PROXY_MATCH:
    case CODE_PROXY_NO_MATCH:
    case CODE_CRYPTO_MAP_NO_ACL:
    case CODE_CRYPTO_MAP_UNUSABLE:
        read_entry(m, v, e);
        break;
    default:
        break;
    }
}

void named_unite(struct view *late, const struct view *early)
{
    give_if_new(&late->profile, early->profile);
    give_if_new(&late->policy, early->policy);
    give_if_new(&late->proposal, early->proposal);
    give_if_new(&late->keyring, early->keyring);
    give_if_new(&late->key_block, early->key_block);
    give_if_new(&late->tunnel_group, early->tunnel_group);
    give_if_new(&late->crypto_map, early->crypto_map);
}
