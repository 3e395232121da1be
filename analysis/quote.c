#include "analysis/quote.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "analysis/placeholders.h"
#include "analysis/remarks.h"
#include "base/limits.h"

/* What explains what: an effect is not reported for an SA where one of its causes was found. Rules run causes first. */
struct explanation {
    const char *effect, *causes[14];
};

/* {effect, its causes} */
static const struct explanation explanations[] = {
    { "auth-failed",
      { "auth-psk-mismatch", "auth-method-mismatch", "identity-mismatch", "no-matching-profile", "cert-invalid", "eap-failed",
        "no-key", "no-tunnel-group", "mode-config-failed", "admission-limit" } },
    { "auth-psk-mismatch", { "auth-method-mismatch", "identity-mismatch", "no-matching-profile", "cert-invalid" } },
    { "no-matching-profile", { "identity-mismatch", "cert-invalid", "no-tunnel-group", "no-key" } },
    { "child-no-proposal-chosen", { "acl-or-crypto-map-mismatch", "ts-unacceptable", "pfs-mismatch" } },
    { "ts-unacceptable", { "acl-or-crypto-map-mismatch" } },
    { "dpd-timeout", { "one-way-path" } },
    { "rekey-failed", { "pfs-mismatch", "dpd-timeout", "ts-unacceptable", "child-no-proposal-chosen" } },
    { "no-response", { "one-way-path", "admission-limit", "no-tunnel-group", "no-key" } },
    { "auth-not-received", { "fragmentation-needed", "one-way-path" } },
    { "msgid-window", { "fragmentation-needed", "no-response" } },
    { "retransmissions",
      { "no-response", "one-way-path", "auth-not-received", "fragmentation-needed", "dpd-timeout", "rekey-failed" } },
    { "no-proposal-chosen", { "no-key", "no-tunnel-group", "acl-or-crypto-map-mismatch" } },
    { "invalid-ke-payload", { "no-proposal-chosen" } },
    { "deleted-by-peer",
      { "dpd-timeout", "ike-weaker-than-esp", "half-open", "acl-or-crypto-map-mismatch", "child-no-proposal-chosen",
        "ts-unacceptable", "auth-failed", "auth-psk-mismatch", "identity-mismatch", "rekey-failed" } },
    { "negotiation-failed", { "no-proposal-chosen", "invalid-ke-payload" } },
};

static size_t rule_place(const struct rule *rule)
{
    size_t i = 0;
    while (i < rule_count && rules[i] != rule)
        i++;
    assert(i < rule_count);
    return i;
}

static bool set_has(const struct rule_set *set, size_t place)
{
    return set->bits[place / 64] >> (place % 64) & 1;
}

static bool set_empty(const struct rule_set *set)
{
    uint64_t any = 0;
    for (size_t i = 0; i < RULES_MOST / 64; i++)
        any |= set->bits[i];
    return any == 0;
}

bool diagnosed(const struct ike_sa *sa, const char *rule)
{
    if (set_empty(&sa->diagnosed)) /* as of most */
        return false;
    for (size_t i = 0; i < rule_count; i++)
        if (strcmp(rules[i]->id, rule) == 0)
            return set_has(&sa->diagnosed, i);
    return false;
}

bool found_error(const struct ike_sa *sa)
{
    for (size_t i = 0; i < rule_count; i++)
        if (rules[i]->severity == SEVERITY_ERROR && set_has(&sa->diagnosed, i))
            return true;
    return sa->diagnosed_error;
}

static bool explained(const struct rule *rule, const struct ike_sa *sa)
{
    if (set_empty(&sa->diagnosed))
        return false;
    for (size_t i = 0; i < sizeof explanations / sizeof explanations[0]; i++) {
        if (strcmp(explanations[i].effect, rule->id) != 0)
            continue;
        for (const char *const *cause = explanations[i].causes; *cause; cause++)
            if (diagnosed(sa, *cause))
                return true;
    }
    return false;
}

/* Peers unknown: only a session's number tells that it is the same pair again. */
static int name_unknown_peers(char *room, size_t size, const struct ike_sa *sa)
{
    const struct view *v = sa->views;
    if (v && !spi_known(sa->spi_i) && !v->session_id) /* nothing tells them apart */
        return snprintf(room, size, "log%u|%u", (unsigned)v->input, (unsigned)v->device);
    if (v && v->session_id)
        return snprintf(room, size, "session%u|%u|%u", (unsigned)v->session_id, (unsigned)v->input, (unsigned)v->device);
    return snprintf(room, size, "ike%u", (unsigned)sa->number);
}

/* What a finding is about: its rule, the two peers in either order, and what the rule adds. */
enum { SUBJECT_RULE = 64, SUBJECT_UNKNOWN = 64, SUBJECT_ABOUT = 256 };
struct subject {
    size_t len;
    char key[SUBJECT_RULE + 2 * sizeof(struct address) + SUBJECT_UNKNOWN + SUBJECT_ABOUT];
};

static void subject_put(struct subject *s, const void *at, size_t len)
{
    assert(len <= sizeof s->key - s->len);
    if (len)
        memcpy(s->key + s->len, at, len);
    s->len += len;
}

static void subject_of(struct subject *s, const struct rule *rule, const struct ike_sa *sa, struct text about)
{
    struct address a = sa ? sa->initiator.endpoint.address : (struct address){ 0 },
                   b = sa ? sa->responder.endpoint.address : (struct address){ 0 };
    bool unknown = sa && a.family == ADDRESS_NONE && b.family == ADDRESS_NONE && sa->views;
    if (unknown) {
        a = sa->views->local.address;
        b = sa->views->remote.address;
    }
    const bool swap = address_compare(a, b) > 0;
    s->len = 0;
    subject_put(s, rule->id, strlen(rule->id) + 1);
    subject_put(s, swap ? &b : &a, sizeof a);
    subject_put(s, swap ? &a : &b, sizeof a);
    if (sa && a.family == ADDRESS_NONE && b.family == ADDRESS_NONE) {
        char room[SUBJECT_UNKNOWN] = "";
        subject_put(s, room, (size_t)name_unknown_peers(room, sizeof room, sa));
    }
    about = text_upto(about, SUBJECT_ABOUT);
    subject_put(s, about.at, about.len);
}

static void stamp_finding(struct model *m, struct finding *f, const struct ike_sa *sa)
{
    f->count++;
    if (!sa)
        return;
    int64_t from = model_time(m, sa->first_input, sa->first_ns), to = model_time(m, sa->first_input, sa->last_ns);
    if (f->first_ns == TIME_UNKNOWN || (from != TIME_UNKNOWN && from < f->first_ns)) {
        f->first_ns = from;
        f->first = sa->first;
    }
    if (f->last_ns == TIME_UNKNOWN || (to != TIME_UNKNOWN && to > f->last_ns)) {
        f->last_ns = to;
        f->last = sa->last;
    }
}

/* Where advice is to be followed. HERE and PEER where nothing tells who initiated: nothing then is known of the initiator. */
enum place { AT_INITIATOR, AT_RESPONDER, AT_HERE, AT_PEER };

static enum place place_across(enum place at)
{
    static const enum place across[] = { AT_RESPONDER, AT_INITIATOR, AT_PEER, AT_HERE };
    return across[at];
}

/* Where a side acts. A log that begins in an SA's midlife does not tell who initiated it, but which way its requests went: who
 * asked is then what rules call its initiator. */
static enum place place_of(const struct ike_sa *sa, enum side side)
{
    const enum place told = side == SIDE_INITIATOR ? AT_INITIATOR : AT_RESPONDER;
    unsigned way = 0;
    for (const struct exchange *x = sa && !sides_told(sa) ? sa->exchanges : NULL; x; x = x->next) {
        const struct sighting *s = x->from ? NULL : x->request.seen;
        if (!s || (s->direction != DIRECTION_SENT && s->direction != DIRECTION_RECEIVED))
            continue;
        if (way && way != s->direction) /* both asked */
            return told;
        way = s->direction;
    }
    const enum place asker = way == DIRECTION_SENT ? AT_HERE : AT_PEER;
    return !way ? told : side == SIDE_INITIATOR ? asker : place_across(asker);
}

/* The far end of a log that does not tell who initiated. */
static struct text peer_text(const struct model *m, const struct ike_sa *sa)
{
    if (!sa || !sa->views || sa->views->remote.address.family == ADDRESS_NONE)
        return TEXT("the peer");
    return arena_format(m->run, "the peer %.*s", TEXT_ARGS(address_text(sa->views->remote.address, m->run)));
}

bool diagnosis_begin(struct diagnosis *d, struct model *m, const struct rule *rule, struct ike_sa *sa, enum side side,
                     enum confidence confidence, struct text about)
{
    *d = (struct diagnosis){ .m = m, .rule = rule, .sa = sa, .side = side };
    if (m->on_trial) {
        *m->on_trial = true;
        return false;
    }
    if (sa && explained(rule, sa))
        return false;
    if (sa) {
        const size_t place = rule_place(rule);
        sa->diagnosed.bits[place / 64] |= UINT64_C(1) << (place % 64);
    }
    struct subject subject;
    subject_of(&subject, rule, sa, about);
    const struct bytes key = bytes_over(subject.key, subject.len);
    struct finding *before = map_find(&m->findings_about, key);
    if (before) {
        stamp_finding(m, before, sa);
        if (sa && before->severity == SEVERITY_ERROR)
            sa->diagnosed_error = true;
        if (confidence > before->confidence)
            before->confidence = (uint8_t)confidence;
        d->met = before;
        return false;
    }
    if (!rule->always && !limits_room(&m->limits, OVER_FINDINGS, m->finding_count))
        return false;
    d->f = d->met = model_add_finding(m, rule->id, rule->severity);
    d->f->confidence = (uint8_t)confidence;
    d->f->rank = rule->rank;
    d->f->ike_sa = sa;
    d->f->count = 0;
    d->f->first_ns = d->f->last_ns = TIME_UNKNOWN;
    d->f->title = text_of(rule->title);
    stamp_finding(m, d->f, sa);
    map_put(&m->findings_about, arena_bytes(m->run, key), d->f);
    diagnosis_word(d, "initiator", side_text(m, sa, SIDE_INITIATOR));
    diagnosis_word(d, "responder", side_text(m, sa, SIDE_RESPONDER));
    bool told = !sa || sides_told(sa);
    diagnosis_word(d, "both",
                   arena_format(m->run, "%.*s and %.*s", TEXT_ARGS(side_text(m, sa, told ? SIDE_INITIATOR : SIDE_UNKNOWN)),
                                TEXT_ARGS(told ? side_text(m, sa, SIDE_RESPONDER) : peer_text(m, sa))));
    diagnosis_word(d, "here", side_text(m, sa, side));
    diagnosis_word(d, "there", side == SIDE_UNKNOWN ? peer_text(m, sa) : side_text(m, sa, side_other(side)));
    return true;
}

void diagnosis_severity(struct diagnosis *d, enum severity severity)
{
    d->f->severity = (uint8_t)severity;
    if (d->sa && severity == SEVERITY_ERROR)
        d->sa->diagnosed_error = true;
}

struct text side_text(const struct model *m, const struct ike_sa *sa, enum side side)
{
    if (!sa)
        return TEXT("the router");
    const enum place at = side ? place_of(sa, side) : AT_HERE;
    if (at == AT_PEER)
        return peer_text(m, sa);
    side = at == AT_HERE ? SIDE_UNKNOWN : side;
    struct buffer b;
    buffer_init(&b, 512);
    buffer_string(&b, side == SIDE_INITIATOR ? "the initiator" : side == SIDE_RESPONDER ? "the responder" : "one end");
    struct address a = address_on(sa, side);
    uint32_t device = device_of(sa, side);
    if (side == SIDE_UNKNOWN && sa->views && !sa->views->wire) {
        buffer_reset(&b);
        buffer_string(&b, "this end");
        a = sa->views->local.address;
        device = sa->views->device;
    }
    if (a.family != ADDRESS_NONE) {
        buffer_byte(&b, ' ');
        address_print(a, &b);
    }
    struct text name = device_name_beside(m, device, a);
    if (name.len)
        buffer_format(&b, " (%.*s)", TEXT_ARGS(name));
    struct text t = arena_text(m->run, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

void diagnosis_word(struct diagnosis *d, const char *name, struct text value)
{
    if (value.len == 0)
        return;
    unsigned i = 0;
    while (i < d->word_count && strcmp(d->words[i].name, name) != 0)
        i++;
    if (i == DIAGNOSIS_WORDS)
        return;
    d->words[i].name = name;
    d->words[i].value = value;
    if (i == d->word_count)
        d->word_count++;
}

struct text diagnosis_word_of(const struct diagnosis *d, const char *name, struct text otherwise)
{
    for (unsigned i = 0; i < d->word_count; i++)
        if (strcmp(d->words[i].name, name) == 0 && d->words[i].value.len)
            return d->words[i].value;
    return otherwise;
}

void diagnosis_wordf(struct diagnosis *d, const char *name, const char *format, ...)
{
    char room[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(room, sizeof room, format, args);
    va_end(args);
    if (n > 0)
        diagnosis_word(d, name, arena_text(d->m->run, text_over(room, (size_t)n < sizeof room ? (size_t)n : sizeof room - 1)));
}

void diagnosis_count(struct diagnosis *d, const char *name, uint64_t n, const char *one, const char *many)
{
    diagnosis_wordf(d, name, "%llu %s", (unsigned long long)n, n == 1 ? one : many);
}

static struct text word(const struct diagnosis *d, struct text name)
{
    for (unsigned i = 0; i < d->word_count; i++)
        if (text_equal(text_of(d->words[i].name), name))
            return d->words[i].value;
    return (struct text){ NULL, 0 };
}

/* Fills one stretch without brackets; false when a word was unknown. */
static bool fill(const struct diagnosis *d, struct text t, struct buffer *out)
{
    bool known = true;
    while (t.len) {
        size_t open = text_find_byte(t, '{');
        buffer_text(out, open == TEXT_NOWHERE ? t : text_upto(t, open));
        if (open == TEXT_NOWHERE)
            return known;
        t = text_from(t, open + 1);
        size_t close = text_find_byte(t, '}');
        if (close == TEXT_NOWHERE)
            return known;
        struct text value = word(d, text_upto(t, close));
        known &= value.len > 0;
        buffer_text(out, value.len ? value : TEXT("(unknown)"));
        t = text_from(t, close + 1);
    }
    return known;
}

/* A router's name, which is written as it is, also where a sentence begins with it; not "the responder 192.0.2.2". */
static bool begins_with_name(const char *template, struct text made)
{
    static const char *const words[] = { "the ", "this end", "one end", "its ", "both " };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_starts(made, text_of(words[i])))
            return false;
    return template[0] == '{';
}

static struct text render(const struct diagnosis *d, const char *template, bool sentence)
{
    struct buffer out, part;
    buffer_init(&out, 1 << 14);
    buffer_init(&part, 1 << 14);
    struct text t = text_of(template);
    while (t.len) {
        size_t open = text_find(t, TEXT("[["));
        fill(d, open == TEXT_NOWHERE ? t : text_upto(t, open), &out);
        if (open == TEXT_NOWHERE)
            break;
        t = text_from(t, open + 2);
        size_t close = text_find(t, TEXT("]]"));
        buffer_reset(&part);
        if (fill(d, close == TEXT_NOWHERE ? t : text_upto(t, close), &part))
            buffer_text(&out, buffer_view(&part));
        t = close == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_from(t, close + 2);
    }
    if (sentence && out.len && out.at[0] >= 'a' && out.at[0] <= 'z' && !begins_with_name(template, buffer_view(&out)))
        out.at[0] = (char)(out.at[0] - 'a' + 'A');
    struct text made = arena_text(d->m->run, buffer_view(&out));
    buffer_clear(&out);
    buffer_clear(&part);
    return made;
}

void diagnosis_say(struct diagnosis *d, const char *title, const char *cause)
{
    d->f->title = render(d, title ? title : d->rule->title, true);
    d->f->cause = render(d, cause, true);
}

void diagnosis_more(struct diagnosis *d, const char *sentence)
{
    struct text more = render(d, sentence, true);
    if (more.len)
        d->f->cause = arena_format(d->m->run, "%.*s %.*s", TEXT_ARGS(d->f->cause), TEXT_ARGS(more));
}

static bool have_line(const struct finding_line *line, struct text t, uint32_t input, uint32_t place)
{
    for (; line; line = line->next)
        if (text_equal(line->text, t) && line->input == input && line->place == place)
            return true;
    return false;
}

static void put_line(struct model *m, struct finding_line **at, struct text t, uint32_t input, uint32_t place, bool packet)
{
    unsigned count = 0;
    if (t.len == 0 || have_line(*at, t, input, place))
        return;
    for (; *at; at = &(*at)->next)
        count++;
    if (!limits_room(&m->limits, OVER_EVIDENCE, count))
        return;
    *at = arena_new(m->run, struct finding_line);
    **at = (struct finding_line){ .text = t, .input = input, .place = place, .packet = packet };
}

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

static void words_of_place(struct diagnosis *d, enum place at)
{
    static const char *const names[] = { "peer", "local", "peer_name", "ends" };
    for (size_t i = 0; d->sa && i < sizeof names / sizeof names[0]; i++)
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
    if (d->sa || !word(d, TEXT("peer")).len)
        diagnosis_word(d, "peer",
                       hidden        ? TEXT("ADDRESS-AFTER-NAT")
                       : peer.family ? address_text(peer, d->m->run)
                                     : TEXT("PEER-ADDRESS"));
    bool ipv6 = peer.family == ADDRESS_IPV6 || text_find_byte(word(d, TEXT("peer")), ':') != TEXT_NOWHERE;
    diagnosis_word(d, "family", ipv6 ? TEXT("ipv6") : TEXT("ipv4"));
    diagnosis_word(d, "ip", ipv6 ? TEXT("ipv6") : TEXT("ip"));
    diagnosis_word(d, "alone", ipv6 ? TEXT("/128") : TEXT("")); /* a keyring has IPv6 addresses by prefix */
    if (d->sa || !word(d, TEXT("local")).len)
        diagnosis_word(d, "local", local.family ? address_text(local, d->m->run) : TEXT("LOCAL-ADDRESS"));
    bool first = at == AT_INITIATOR || at == AT_HERE || (!peer.family && !local.family); /* in one order: it is the same advice */
    diagnosis_word(d, "ends",
                   arena_format(d->m->run, "%.*s and %.*s", TEXT_ARGS(word(d, first ? TEXT("local") : TEXT("peer"))),
                                TEXT_ARGS(word(d, first ? TEXT("peer") : TEXT("local")))));
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
    if (row->platform && known && row->platform != known)
        return;
    words_of_place(d, at);
    struct text t = placeholders_fill(d->m, d->sa, sides[at], render(d, row->text, false));
    t = remarks_add(d->m->run, t);
    if (row->platform && !known && !any)
        t = arena_format(d->m->run, "%s: %.*s", row->platform == PLATFORM_ASA ? "ASA" : "IOS", TEXT_ARGS(t));
    put_line(d->m, lists[at], t, 0, 0, false);
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
    enum place here = named     ? place_of(d->sa, to == TO_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER)
                      : unknown ? AT_HERE
                                : place_of(d->sa, d->side);
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
        /* The same words for both platforms: put_line() drops the second. */
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
    for (struct ike_sa *sa = d->m->ike_sas; sa; sa = sa->next) {
        struct address i = sa->initiator.endpoint.address, r = sa->responder.endpoint.address;
        if ((address_equal(i, a) && address_equal(r, b)) || (address_equal(i, b) && address_equal(r, a)))
            d->f->ike_sa = sa; /* the last: its state is the tunnel's */
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
    struct text t = placeholders_fill_router(d->m, device, local, peer, d->entry, render(d, text, false));
    t = remarks_add(d->m->run, t);
    diagnosis_concerns(d, local, peer);
    enum side side = side_of_router(d, device, local);
    if (side) {
        put_line(d->m, side == SIDE_INITIATOR ? &d->f->fix_initiator : &d->f->fix_responder, t, 0, 0, false);
        return;
    }
    t = arena_format(d->m->run, "on %.*s: %.*s", TEXT_ARGS(name), TEXT_ARGS(t));
    put_line(d->m, &d->f->fix_initiator, t, 0, 0, false);
    put_line(d->m, &d->f->fix_responder, t, 0, 0, false);
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

void quote_note(struct diagnosis *d, struct heard h)
{
    if (!h.note)
        return;
    bool packet = h.note->input < d->m->input_count && d->m->inputs[h.note->input].has_packets;
    put_line(d->m, &d->f->evidence, note_told(h.note, d->m->run), h.note->input, h.note->line, packet);
}

void quote_all(struct diagnosis *d, const struct ike_sa *sa, enum event_code code, unsigned limit)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n && limit; n = n->next)
            if (n->code == code) {
                quote_note(d, (struct heard){ n, v });
                limit--;
            }
}

static const char *const direction_words[] = { "", " sent", " received", " on the wire" };

void quote_leg(struct diagnosis *d, const struct exchange *x, const struct leg *leg, const char *words)
{
    bool request = leg == &x->request;
    const char *type = registry_name(REGISTRY_EXCHANGE, x->type);
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        bool first = true;
        for (const struct sighting *before = leg->seen; first && before != s; before = before->next)
            first = before->input != s->input || before->direction != s->direction;
        if (!first)
            continue;
        uint32_t copies = 0;
        for (const struct sighting *copy = s; copy; copy = copy->next)
            copies += copy->input == s->input && copy->direction == s->direction && copy->fragment <= 1 &&
                      (copy->length || copy->direction != DIRECTION_WIRE); /* else a frame that held an IP fragment of it */
        struct buffer b;
        buffer_init(&b, 1024);
        buffer_format(&b, "%s %s%s", type ? type : "IKE", request ? "request" : "response", direction_words[s->direction & 3]);
        if (!x->no_id)
            buffer_format(&b, ", message id %u", (unsigned)x->message_id);
        uint32_t length = leg->message && leg->message->length ? leg->message->length : s->length;
        if (length)
            buffer_format(&b, ", %u octets", (unsigned)length);
        if (copies > 1)
            buffer_format(&b, ", %u times", (unsigned)copies);
        if (words[0])
            buffer_format(&b, ": %s", words);
        put_line(d->m, &d->f->evidence, arena_text(d->m->run, buffer_view(&b)), s->input, s->place,
                 s->direction == DIRECTION_WIRE);
        buffer_clear(&b);
    }
}

void quote_state(struct diagnosis *d, const struct ike_sa *sa, const char *event)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct transition *t = v->transitions; t; t = t->next)
            if (t->event && strcmp(t->event, event) == 0) {
                put_line(d->m, &d->f->evidence, arena_format(d->m->run, "CurState: %s Event: %s", t->state, t->event), v->input,
                         t->line, false);
                return;
            }
}

static void quote_printed(struct diagnosis *d, uint32_t input, uint32_t place, bool packet, const char *format, va_list args)
{
    char room[1024];
    int n = vsnprintf(room, sizeof room, format, args);
    if (n > 0)
        put_line(d->m, &d->f->evidence,
                 arena_text(d->m->run, text_over(room, (size_t)n < sizeof room ? (size_t)n : sizeof room - 1)), input, place,
                 packet);
}

void quote_text(struct diagnosis *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    quote_printed(d, 0, 0, false, format, args);
    va_end(args);
}

void quote_line(struct diagnosis *d, uint32_t input, uint32_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    quote_printed(d, input, line, false, format, args);
    va_end(args);
}

void quote_frame(struct diagnosis *d, uint32_t input, uint32_t frame, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    quote_printed(d, input, frame, true, format, args);
    va_end(args);
}

static void print_selector(const struct selector *s, struct buffer *b)
{
    int prefix = range_prefix(s->start, s->end);
    address_print(s->start, b);
    if (prefix >= 0 && (size_t)prefix != 8 * address_length(s->start)) {
        buffer_format(b, "/%d", prefix);
    } else if (prefix < 0) {
        buffer_byte(b, '-');
        address_print(s->end, b);
    }
    if (s->protocol) {
        const char *name = registry_name(REGISTRY_IPPROTO, s->protocol);
        buffer_format(b, " %s", name ? name : "protocol ");
        if (!name)
            buffer_format(b, "%u", (unsigned)s->protocol);
    }
    if (s->start_port || (s->end_port && s->end_port != 65535))
        buffer_format(b, s->start_port == s->end_port ? " port %u" : " ports %u-%u", (unsigned)s->start_port,
                      (unsigned)s->end_port);
}

struct text vrf_text(struct arena *arena, struct text vrf)
{
    return vrf.len ? arena_format(arena, "VRF %.*s", TEXT_ARGS(vrf)) : TEXT("the global VRF");
}

struct text selectors_text(struct arena *arena, const struct selector *s)
{
    struct buffer b;
    buffer_init(&b, 1 << 12);
    for (; s; s = s->next) {
        if (b.len)
            buffer_string(&b, ", ");
        print_selector(s, &b);
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

struct text proposal_text(struct arena *arena, const struct proposal *p)
{
    struct buffer b;
    buffer_init(&b, 1 << 12);
    for (uint16_t i = 0; i < p->count; i++) {
        if (i)
            buffer_byte(&b, p->transforms[i].type == p->transforms[i - 1].type ? '|' : ' ');
        transform_print(p->transforms[i], &b);
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

struct text acl_end_text(struct arena *arena, const struct selector *s, bool wildcard)
{
    if (!s || s->next || s->start.family != ADDRESS_IPV4)
        return (struct text){ NULL, 0 };
    int prefix = range_prefix(s->start, s->end);
    if (prefix < 0)
        return (struct text){ NULL, 0 };
    if (prefix == 0)
        return TEXT("any");
    struct text start = address_text(s->start, arena);
    if (prefix == 32)
        return arena_format(arena, "host %.*s", TEXT_ARGS(start));
    uint32_t host = UINT32_MAX >> prefix, bits = wildcard ? host : ~host;
    return arena_format(arena, "%.*s %u.%u.%u.%u", TEXT_ARGS(start), bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
}
