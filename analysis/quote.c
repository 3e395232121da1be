#include "analysis/quote.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "analysis/quote_parts.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/utf8.h"

/* What explains what: an effect is not reported for an SA where one of its causes was found. Rules run causes first. */
struct explanation {
    const char *effect, *causes[14];
};

/* {effect, its causes} */
static const struct explanation explanations[] = {
    { "auth-failed",
      { "auth-psk-mismatch", "auth-method-mismatch", "identity-mismatch", "no-matching-profile", "cert-invalid", "eap-failed",
        "no-key", "no-tunnel-group", "mode-config-failed", "admission-limit", "child-no-proposal-chosen" } },
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
    for (size_t i = 0; i < COUNT_OF(explanations); i++) {
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
    char key[SUBJECT_RULE + 2 * sizeof(struct address) + SUBJECT_UNKNOWN + sizeof(uint64_t) + SUBJECT_ABOUT];
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
    /* what one user fails by is not what the next one does who calls from the same address; what is no error is said once */
    const struct text caller = sa && rule->severity == SEVERITY_ERROR ? ike_sa_caller(sa) : (struct text){ NULL, 0 };
    const uint64_t of_caller = caller.len ? hash_bytes(bytes_of_text(caller)) : 0;
    subject_put(s, &of_caller, sizeof of_caller);
    about = text_upto(about, SUBJECT_ABOUT);
    subject_put(s, about.at, about.len);
}

bool diagnosed_again(const struct ike_sa *sa, const struct finding *f)
{
    const struct rule *rule = f->ike_sa && diagnosed(sa, f->rule) ? rule_find(text_of(f->rule)) : NULL;
    struct subject one, other;
    if (!rule)
        return false;
    subject_of(&one, rule, f->ike_sa, TEXT(""));
    subject_of(&other, rule, sa, TEXT(""));
    return bytes_equal(bytes_over(one.key, one.len), bytes_over(other.key, other.len));
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

/* Where a side acts. A log that begins in an SA's midlife does not tell who initiated it, but which way its requests went: who
 * asked is then what rules call its initiator. */
enum place place_of_side(const struct ike_sa *sa, enum side side)
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
struct text peer_text(const struct model *m, const struct ike_sa *sa)
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
    const enum place at = side ? place_of_side(sa, side) : AT_HERE;
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

struct text diagnosis_known(const struct diagnosis *d, struct text name)
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
        struct text value = diagnosis_known(d, text_upto(t, close));
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
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_starts(made, text_of(words[i])))
            return false;
    return template[0] == '{';
}

struct text diagnosis_render(const struct diagnosis *d, const char *template, bool sentence)
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
    d->f->title = diagnosis_render(d, title ? title : d->rule->title, true);
    d->f->cause = diagnosis_render(d, cause, true);
}

void diagnosis_more(struct diagnosis *d, const char *sentence)
{
    struct text more = diagnosis_render(d, sentence, true);
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

void diagnosis_put_line(struct model *m, struct finding_line **at, struct text t, uint32_t input, uint32_t place, bool packet)
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

void quote_note(struct diagnosis *d, struct heard h)
{
    if (!h.note)
        return;
    bool packet = h.note->input < d->m->input_count && d->m->inputs[h.note->input].has_packets;
    diagnosis_put_line(d->m, &d->f->evidence, note_told(h.note, d->m->run), h.note->input, h.note->line, packet);
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

/* "Retransmitting packet" tells of a copy whose dump the log may leave out: how often the only request that there is was sent by it. */
static uint32_t told_sent(const struct ike_sa *sa, const struct exchange *x, const struct sighting *s)
{
    uint32_t times = 0;
    if (!sa || sa->exchanges != x || x->next || s->direction != DIRECTION_SENT)
        return 0;
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->role == x->from ? v->notes : NULL; n; n = n->next)
            times += n->code == CODE_RETRANSMIT && n->input == s->input;
    return times + 1;
}

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
        const uint32_t told = request ? told_sent(d->sa, x, s) : 0;
        copies = told > copies ? told : copies;
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
        diagnosis_put_line(d->m, &d->f->evidence, arena_text(d->m->run, buffer_view(&b)), s->input, s->place,
                           s->direction == DIRECTION_WIRE);
        buffer_clear(&b);
    }
}

void quote_state(struct diagnosis *d, const struct ike_sa *sa, const char *event)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct transition *t = v->transitions; t; t = t->next)
            if (t->event && strcmp(t->event, event) == 0) {
                diagnosis_put_line(d->m, &d->f->evidence, arena_format(d->m->run, "CurState: %s Event: %s", t->state, t->event),
                                   v->input, t->line, false);
                return;
            }
}

static void quote_printed(struct diagnosis *d, uint32_t input, uint32_t place, bool packet, const char *format, va_list args)
{
    char room[1024];
    const int n = vsnprintf(room, sizeof room, format, args);
    if (n <= 0)
        return;
    const size_t len = (size_t)n < sizeof room ? (size_t)n : sizeof room - 1;
    const struct text printed = len == (size_t)n ? text_over(room, len) : utf8_upto(text_over(room, len), len - 1);
    diagnosis_put_line(d->m, &d->f->evidence, arena_text(d->m->run, printed), input, place, packet);
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

struct text route_network_text(struct arena *arena, const struct selector *s)
{
    static const struct text host = { "host ", sizeof "host " - 1 };
    const struct text end = acl_end_text(arena, s, false);
    if (text_starts(end, host))
        return arena_format(arena, "%.*s 255.255.255.255", TEXT_ARGS(text_from(end, host.len)));
    return text_equal(end, TEXT("any")) ? TEXT("0.0.0.0 0.0.0.0") : end;
}
