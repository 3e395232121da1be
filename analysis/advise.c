#include "analysis/evidence.h"
#include "analysis/placeholders.h"
#include "analysis/quote_parts.h"
#include "analysis/remarks.h"
#include "analysis/sas_at.h"

static struct address address_at(const struct diagnosis *d, enum place at)
{
    const struct view *v = d->sa->views;
    switch (at) {
    case AT_HERE:
        return v ? v->local.address : (struct address){ 0 };
    case AT_PEER:
        return v ? v->remote.address : (struct address){ 0 };
    default:
        return address_on(d->sa, at == AT_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER);
    }
}

static struct text name_at(const struct diagnosis *d, enum place at)
{
    switch (at) {
    case AT_HERE:
        return side_text(d->m, d->sa, SIDE_UNKNOWN);
    case AT_PEER:
        return peer_text(d->m, d->sa);
    default:
        return side_text(d->m, d->sa, at == AT_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER);
    }
}

/* Where that end's packets go out in a VRF of their own, which `ping` and `show ip route` must be told; empty: not, or not known. */
static struct text vrf_at(const struct diagnosis *d, enum place at, struct address local)
{
    const bool sided = at == AT_INITIATOR || at == AT_RESPONDER;
    const uint32_t device = sided ? router_of(d->m, d->sa, at == AT_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER) : 0;
    const struct owner *owner = device && local.family ? config_owner(d->m, device, local, NULL) : NULL;
    return owner ? fact_get_text(owner->interface->facts, "vrf") : (struct text){ NULL, 0 };
}

/* What a keyring calls that kind of identity; NULL: it knows none. */
static const char *keyring_kind(const struct identity *id)
{
    return id->type == ID_FQDN ? "fqdn" : id->type == ID_RFC822_ADDR ? "email" : id->type == ID_KEY_ID ? "key-id" : NULL;
}

/* Does another peer come from the address that NAT gives this one? Then that names neither of them, and what it calls itself does. */
static const struct identity *told_by_identity(const struct diagnosis *d, enum place at, struct address peer)
{
    const enum side far = at == AT_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR;
    const struct identity *id = far == SIDE_INITIATOR ? &d->sa->initiator.id : &d->sa->responder.id;
    if ((at != AT_INITIATOR && at != AT_RESPONDER) || !behind_nat(d->sa, far) || !peer.family || !id->value.len)
        return NULL;
    for (const struct placed_sa *p = sas_at(d->m, peer); p; p = p->next) {
        const struct party *other = far == SIDE_INITIATOR ? &p->sa->initiator : &p->sa->responder;
        if (address_equal(other->endpoint.address, peer) && other->id.value.len && !text_equal(other->id.value, id->value))
            return id;
    }
    return NULL;
}

/* How a keyring's block and a tunnel-group name the peer: {block_by}, {group_by}. */
static void words_of_key(struct diagnosis *d, const struct identity *id)
{
    const char *kind = id ? keyring_kind(id) : NULL;
    const struct text peer = diagnosis_word_of(d, "peer", TEXT("PEER-ADDRESS"));
    if (kind)
        diagnosis_wordf(d, "block_by", "identity %s %.*s", kind, TEXT_ARGS(id->value));
    else
        diagnosis_wordf(d, "block_by", "address %.*s%.*s", TEXT_ARGS(peer), TEXT_ARGS(diagnosis_word_of(d, "alone", TEXT(""))));
    diagnosis_word(d, "group_by", id ? id->value : peer);
}

static void words_of_place(struct diagnosis *d, enum place at)
{
    static const char *const names[] = { "peer", "local", "peer_name", "ends", "front_vrf" };
    for (size_t i = 0; d->sa && i < COUNT_OF(names); i++)
        for (unsigned w = 0; w < d->word_count; w++)
            if (strcmp(d->words[w].name, names[i]) == 0)
                d->words[w].value = (struct text){ NULL, 0 };
    struct address peer = { 0 }, local = { 0 };
    bool hidden = false;
    if (d->sa) {
        const bool sided = at == AT_INITIATOR || at == AT_RESPONDER;
        peer = sided ? address_seen(d->sa, at == AT_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER, &hidden)
                     : address_at(d, place_across(at));
        local = address_at(d, at);
    }
    if (d->sa || !diagnosis_known(d, TEXT("peer")).len)
        diagnosis_word(d, "peer",
                       hidden        ? TEXT("ADDRESS-AFTER-NAT")
                       : peer.family ? address_text(peer, d->m->run)
                                     : TEXT("PEER-ADDRESS"));
    bool ipv6 = peer.family == ADDRESS_IPV6 || text_find_byte(diagnosis_known(d, TEXT("peer")), ':') != TEXT_NOWHERE;
    diagnosis_word(d, "family", ipv6 ? TEXT("ipv6") : TEXT("ipv4"));
    diagnosis_word(d, "ip", ipv6 ? TEXT("ipv6") : TEXT("ip"));
    diagnosis_word(d, "alone", ipv6 ? TEXT("/128") : TEXT("")); /* a keyring has IPv6 addresses by prefix */
    words_of_key(d, d->sa && !hidden ? told_by_identity(d, at, peer) : NULL);
    if (d->sa || !diagnosis_known(d, TEXT("local")).len)
        diagnosis_word(d, "local", local.family ? address_text(local, d->m->run) : TEXT("LOCAL-ADDRESS"));
    diagnosis_word(d, "front_vrf", d->sa ? vrf_at(d, at, local) : (struct text){ NULL, 0 });
    bool first = at == AT_INITIATOR || at == AT_HERE || (!peer.family && !local.family); /* in one order: it is the same advice */
    diagnosis_word(d, "ends",
                   arena_format(d->m->run, "%.*s and %.*s", TEXT_ARGS(diagnosis_known(d, first ? TEXT("local") : TEXT("peer"))),
                                TEXT_ARGS(diagnosis_known(d, first ? TEXT("peer") : TEXT("local")))));
    diagnosis_word(d, "peer_name", d->sa ? name_at(d, place_across(at)) : TEXT("the peer"));
}

/* Asked once for all rows of advice: a log of many routers has many parts. */
static enum platform platform_at(struct diagnosis *d, enum place at, enum side side)
{
    if (!d->platform_known[at]) {
        d->platform_known[at] = true;
        d->platform[at] = (uint8_t)platform_of(d->m, d->sa, side);
    }
    return (enum platform)d->platform[at];
}

static void advise_at(struct diagnosis *d, enum place at, const struct advice *row, bool any)
{
    static const enum side sides[] = { SIDE_INITIATOR, SIDE_RESPONDER, SIDE_UNKNOWN, SIDE_UNKNOWN };
    struct finding_line **lists[] = { &d->f->fix_initiator, &d->f->fix_responder, &d->f->fix_here, &d->f->fix_peer };
    enum platform known = at == AT_PEER ? PLATFORM_UNKNOWN : platform_at(d, at, sides[at]);
    if (row->platform && row->platform != known && (known || row->platform == PLATFORM_CLIENT))
        return; /* nobody is taken for a client who is not known for one */
    words_of_place(d, at);
    struct text t = placeholders_fill(d->m, d->sa, sides[at], diagnosis_render(d, row->text, false));
    t = remarks_add(d->m->run, t);
    if (row->platform && !known && !any)
        t = arena_format(d->m->run, "%s: %.*s", row->platform == PLATFORM_ASA ? "ASA" : "IOS", TEXT_ARGS(t));
    diagnosis_put_line(d->m, lists[at], t, 0, 0, false);
}

/* Who is meant, where the log does not tell who initiated: it tells itself from its peer. */
static void name_ends(struct diagnosis *d)
{
    const struct view *v = d->sa->views;
    d->f->here = (struct party){ .endpoint = { .address = v->local.address }, .device = v->device };
    d->f->peer = (struct party){ .endpoint = { .address = v->remote.address } };
}

static void advise_row(struct diagnosis *d, const struct advice *row, bool any)
{
    enum advised to = (enum advised)row->to;
    bool unknown = d->sa ? !sides_told(d->sa) && (to == TO_BOTH || !d->side) : !d->side && to != TO_BOTH;
    const bool named = to == TO_INITIATOR || to == TO_RESPONDER;
    enum place here = named     ? place_of_side(d->sa, to == TO_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER)
                      : unknown ? AT_HERE
                                : place_of_side(d->sa, d->side);
    if (d->sa && (here == AT_HERE || here == AT_PEER || (unknown && !named)))
        name_ends(d);
    if (named) {
        advise_at(d, here, row, any);
    } else if (to == TO_BOTH) {
        advise_at(d, unknown ? AT_HERE : AT_INITIATOR, row, any);
        advise_at(d, unknown ? AT_PEER : AT_RESPONDER, row, any);
    } else {
        advise_at(d, to == TO_THIS ? here : place_across(here), row, any);
    }
}

void diagnosis_advise(struct diagnosis *d, const struct advice *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* The same words for both platforms: diagnosis_put_line() drops the second. */
        bool any = (i > 0 && strcmp(rows[i].text, rows[i - 1].text) == 0) ||
                   (i + 1 < count && strcmp(rows[i].text, rows[i + 1].text) == 0);
        advise_row(d, &rows[i], any);
    }
}

/* Which end of the finding's SA that router is; SIDE_UNKNOWN: of none, or nobody knows who initiated. */
static enum side side_of_router(const struct diagnosis *d, uint32_t device, struct address local)
{
    const struct ike_sa *sa = d->f->ike_sa;
    for (enum side side = SIDE_INITIATOR; sa && sides_told(sa) && side <= SIDE_RESPONDER; side++)
        if ((local.family && address_equal(address_on(sa, side), local)) || (device && device_of(sa, side) == device))
            return side;
    return SIDE_UNKNOWN;
}

void diagnosis_concerns(struct diagnosis *d, struct address a, struct address b)
{
    if (d->f->ike_sa || !a.family || !b.family)
        return;
    for (const struct placed_sa *p = sas_at(d->m, b); p; p = p->next) {
        struct address i = p->sa->initiator.endpoint.address, r = p->sa->responder.endpoint.address;
        if ((address_equal(i, a) && address_equal(r, b)) || (address_equal(i, b) && address_equal(r, a)))
            d->f->ike_sa = p->sa; /* the last: its state is the tunnel's */
    }
    if (d->f->ike_sa && d->f->severity == SEVERITY_ERROR)
        d->f->ike_sa->diagnosed_error = true;
}

void diagnosis_advise_router(struct diagnosis *d, uint32_t device, struct address local, struct address peer, const char *text)
{
    const struct address unknown = { 0 };
    local = address_of_nobody(local) ? unknown : local;
    peer = address_of_nobody(peer) ? unknown : peer; /* whoever calls */
    struct text name = device_name_or(d->m, device, local.family ? address_text(local, d->m->run) : TEXT("the router"));
    diagnosis_word(d, "local", local.family ? address_text(local, d->m->run) : TEXT("LOCAL-ADDRESS"));
    diagnosis_word(d, "peer", peer.family ? address_text(peer, d->m->run) : TEXT("PEER-ADDRESS"));
    diagnosis_word(d, "family", peer.family == ADDRESS_IPV6 ? TEXT("ipv6") : TEXT("ipv4"));
    diagnosis_word(d, "ip", peer.family == ADDRESS_IPV6 ? TEXT("ipv6") : TEXT("ip"));
    diagnosis_word(d, "alone", peer.family == ADDRESS_IPV6 ? TEXT("/128") : TEXT(""));
    words_of_key(d, NULL);
    struct text t = placeholders_fill_router(d->m, device, local, peer, d->entry, diagnosis_render(d, text, false));
    t = remarks_add(d->m->run, t);
    diagnosis_concerns(d, local, peer);
    enum side side = side_of_router(d, device, local);
    if (side) {
        diagnosis_put_line(d->m, side == SIDE_INITIATOR ? &d->f->fix_initiator : &d->f->fix_responder, t, 0, 0, false);
        return;
    }
    t = arena_format(d->m->run, "on %.*s: %.*s", TEXT_ARGS(name), TEXT_ARGS(t));
    diagnosis_put_line(d->m, &d->f->fix_initiator, t, 0, 0, false);
    diagnosis_put_line(d->m, &d->f->fix_responder, t, 0, 0, false);
}

void diagnosis_debug(struct diagnosis *d, enum advised to)
{
    const struct advice rows[] = {
        { (uint8_t)to, PLATFORM_IOS,
          "next, to see more: `debug crypto condition peer {family} {peer}`, `debug crypto ikev2`, `debug crypto ikev2 error`, "
          "then let the tunnel try again" },
        { (uint8_t)to, PLATFORM_ASA,
          "next, to see more: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, "
          "`debug crypto ikev2 platform 127`, then let the tunnel try again" },
    };
    ADVISE(d, rows);
}

void diagnosis_ppk(struct diagnosis *d)
{
    static const struct advice same[] = {
        { TO_BOTH, PLATFORM_IOS,
          "the same postquantum key under the same id: `crypto ikev2 keyring NAME` / `peer NAME` / `ppk manual id "
          "ID key KEY`" },
    };
    if (!d->sa || !sa_mixes_ppk(d->sa))
        return;
    diagnosis_more(
        d, "A postquantum preshared key is mixed into the keys (RFC 8784): if that, or the id it is known by, differs, the "
           "answer is the same.");
    ADVISE(d, same);
}

void diagnosis_nat(struct diagnosis *d)
{
    for (enum side from = SIDE_INITIATOR; from <= SIDE_RESPONDER; from++) {
        const enum side far = side_other(from);
        bool hidden;
        const struct address seen = address_seen(d->sa, from, &hidden), own = address_on(d->sa, far);
        if (!behind_nat(d->sa, far) || (!hidden && address_equal(seen, own)))
            continue;
        diagnosis_word(d, "masked", side_text(d->m, d->sa, far));
        diagnosis_word(d, "masker", side_text(d->m, d->sa, from));
        diagnosis_word(d, "mask", address_text(seen, d->m->run));
        diagnosis_more(d, hidden
                              ? "As what address {masker} sees {masked} is not told here: ask whoever runs the NAT, or look at "
                                "the log of the other end."
                              : "{masker} sees {masked} as {mask}.");
    }
}
