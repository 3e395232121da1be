#include "reporters/words.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/zone.h"

#include "reporters/clean.h"
#include "reporters/members.h"

#define NS_PER_MS INT64_C(1000000)

void duration_print(int64_t ns, struct buffer *out)
{
    if (ns < 0) {
        buffer_byte(out, '-');
        ns = ns == INT64_MIN ? INT64_MAX : -ns;
    }
    int64_t s = ns / NS_PER_S;
    if (ns < NS_PER_S)
        buffer_format(out, "%lld ms", (long long)(ns / NS_PER_MS));
    else if (s < 60)
        buffer_format(out, "%lld.%lld s", (long long)s, (long long)(ns % NS_PER_S / (100 * NS_PER_MS)));
    else if (s < 3600)
        buffer_format(out, "%lld min %02lld s", (long long)(s / 60), (long long)(s % 60));
    else if (s < 86400)
        buffer_format(out, "%lld h %02lld min", (long long)(s / 3600), (long long)(s / 60 % 60));
    else
        buffer_format(out, "%lld d %02lld h", (long long)(s / 86400), (long long)(s / 3600 % 24));
}

void seconds_print(int64_t ns, struct buffer *out)
{
    uint64_t v = ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns;
    buffer_format(out, "%s%llu.%03llu", ns < 0 ? "-" : "", (unsigned long long)(v / NS_PER_S),
                  (unsigned long long)(v % NS_PER_S / NS_PER_MS));
}

/* Seconds are read at a glance up to so many. */
#define ELAPSED_SECONDS (INT64_C(600) * NS_PER_S)

const char *elapsed_unit(int64_t latest)
{
    return latest >= ELAPSED_SECONDS ? "h:mm:ss" : "seconds";
}

void elapsed_print(int64_t ns, int64_t latest, struct buffer *out)
{
    const uint64_t v = ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns, s = v / NS_PER_S;
    if (latest < ELAPSED_SECONDS)
        seconds_print(ns, out);
    else
        buffer_format(out, "%s%llu:%02u:%02u.%03u", ns < 0 ? "-" : "", (unsigned long long)(s / 3600), (unsigned)(s / 60 % 60),
                      (unsigned)(s % 60), (unsigned)(v % NS_PER_S / NS_PER_MS));
}

#define LISTED_ANEW_NS INT64_C(60000000000)

int64_t set_forward(const struct input *in, int64_t first, int64_t last)
{
    int64_t left = last - first;
    for (uint8_t i = 0; in && i < in->step_count; i++)
        if (!in->steps[i].device && in->steps[i].by_ns > 0 && first < in->steps[i].after_ns && last >= in->steps[i].after_ns)
            left = left > in->steps[i].by_ns ? left - in->steps[i].by_ns : 0;
    return last - first - left;
}

void span_print(const struct input *in, struct stamp first, struct stamp last, struct buffer *out)
{
    if (!first.kind)
        return;
    first.digits = last.digits = 3;
    stamp_print(first, out);
    if (!last.kind || last.ns == first.ns)
        return;
    buffer_string(out, " to ");
    size_t from = out->len;
    stamp_print(last, out);
    /* the same day is not said twice */
    struct buffer again;
    buffer_init(&again, 64);
    stamp_print(first, &again);
    size_t t = text_find_byte(buffer_view(&again), 'T'), u = text_find_byte(text_over(out->at + from, out->len - from), 'T');
    if (t != TEXT_NOWHERE && t == u && memcmp(again.at, out->at + from, t) == 0) {
        memmove(out->at + from, out->at + from + t + 1, out->len - from - t - 1);
        out->len -= t + 1;
    }
    buffer_clear(&again);
    if (first.zone[0] && last.zone[0] && strcmp(first.zone, last.zone) != 0) { /* how long it was, nobody can tell */
        buffer_format(out, " (the zone changed from %s to %s)", first.zone, last.zone);
        return;
    }
    if (last.ns < first.ns) {
        /* one listing of an event trace behind another begins anew, and no clock was touched */
        buffer_string(out, first.ns - last.ns < LISTED_ANEW_NS ? " (not in order of time)" : " (the clock was set back)");
        return;
    }
    const int64_t by = set_forward(in, first.ns, last.ns);
    buffer_string(out, " (");
    duration_print(last.ns - first.ns - by, out);
    buffer_string(out, by ? "; the clock was set forward in between)" : ")");
}

void count_print(uint64_t n, const char *one, const char *many, struct buffer *out)
{
    buffer_format(out, "%llu %s", (unsigned long long)n, n == 1 ? one : many);
}

void octets_print(uint64_t n, struct buffer *out)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB" };
    if (n < 10000) {
        count_print(n, "octet", "octets", out);
        return;
    }
    size_t u = 0;
    uint64_t tenths = n / 100;
    for (; tenths >= 10000 && u < 3; u++)
        tenths /= 1000;
    buffer_format(out, "%llu.%llu %s", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10), units[u]);
}

static void spi_or_unknown(struct spi spi, struct buffer *out)
{
    if (spi_known(spi))
        spi_print(spi, out);
    else
        buffer_string(out, "unknown");
}

bool spis_print(struct spi i, struct spi r, const char *between, struct buffer *out)
{
    if (!spi_known(i) && !spi_known(r))
        return false;
    buffer_string(out, "SPIs ");
    spi_or_unknown(i, out);
    buffer_string(out, between);
    spi_or_unknown(r, out);
    return true;
}

/* Some other input is of another zone: what is in one alone needs no reckoning. */
static bool zones_differ(const struct model *m, const struct input *in)
{
    for (size_t i = 0; i < m->input_count; i++)
        if (m->inputs[i].first_stamp.kind >= STAMP_DATE && m->inputs[i].first_stamp.kind != STAMP_UPTIME &&
            (m->inputs[i].zone_ns != in->zone_ns || strcmp(m->inputs[i].first_stamp.zone, in->first_stamp.zone) != 0))
            return true;
    return false;
}

/* Does anything rest on what its stamps say alone, with no message that is in both? */
static bool by_calendar(const struct model *m, const struct input *in)
{
    for (size_t i = 0; i < m->input_count; i++)
        if (i != in->index && m->inputs[i].first_stamp.kind >= STAMP_DATE &&
            (in->clock_of != in->index ? !in->by_messages : !m->inputs[i].by_messages))
            return true;
    return false;
}

/* "in CET, UTC+01:00 by its configuration"; of UTC itself nothing has to be said. */
static void zone_print(const struct model *m, const struct input *in, struct buffer *out)
{
    int64_t east, minutes = in->zone_ns / (60 * NS_PER_S);
    const struct text name = text_of(in->first_stamp.zone);
    if (in->first_stamp.kind != STAMP_DATE || !zones_differ(m, in))
        return;
    if (in->has_zone && (minutes || in->zone_by == ZONE_BY_CONFIGURATION)) {
        buffer_string(out, name.len ? "in " : "");
        clean_put(out, name);
        buffer_format(out, "%sUTC%c%02lld:%02lld%s", name.len ? ", " : "in ", minutes < 0 ? '-' : '+', llabs(minutes) / 60,
                      llabs(minutes) % 60, in->zone_by == ZONE_BY_CONFIGURATION ? " by a configuration" : "");
    } else if (!in->has_zone && name.len && by_calendar(m, in)) {
        buffer_string(out, "in ");
        clean_put(out, name);
        buffer_string(out, zone_read(name, &east)
                               ? ", which is more than one zone's name: taken as it stands (--timezone tells it)"
                               : ", a zone that is not known: taken as it stands (--timezone tells it)");
    }
}

bool clock_print(const struct model *m, const struct input *in, struct buffer *out)
{
    int64_t off = in->ahead_ns < 0 ? -in->ahead_ns : in->ahead_ns;
    size_t before = out->len;
    zone_print(m, in, out);
    if (!in->by_messages && !in->parts_aligned)
        return out->len > before;
    if (in->by_messages && off > in->uncertainty_ns) {
        buffer_string(out, out->len > before ? "; " : "");
        int64_t unit = off < NS_PER_S ? NS_PER_MS : off < 60 * NS_PER_S ? 100 * NS_PER_MS : NS_PER_S;
        off = (off + unit / 2) / unit * unit;
        duration_print(off, out);
        buffer_string(out, in->ahead_ns < 0 ? " behind " : " ahead of ");
        clean_put(out, m->inputs[in->clock_of].name);
        buffer_string(out, "'s, +/- ");
        duration_print(in->uncertainty_ns > NS_PER_MS ? in->uncertainty_ns : NS_PER_MS, out);
    }
    double ppm = in->drift * 1e6;
    if (ppm > 0.5 || ppm < -0.5)
        buffer_format(out, "%s%s %.0f ppm", out->len > before ? "; " : "", ppm > 0 ? "gains" : "loses", ppm > 0 ? ppm : -ppm);
    for (uint8_t i = 0; i < in->step_count; i++) {
        int64_t by = in->steps[i].by_ns;
        struct text router = device_name(m, in->steps[i].device);
        if (router.len && (by > NS_PER_S || by < -NS_PER_S)) {
            buffer_string(out, out->len > before ? "; from line " : "from line ");
            buffer_format(out, "%u on %.*s's, ", in->steps[i].place, TEXT_ARGS(router));
            duration_print((by < 0 ? -by : by) + 50 * NS_PER_MS, out);
            buffer_string(out, by > 0 ? " ahead" : " behind");
        }
        if (in->steps[i].device)
            continue;
        buffer_format(out, "%sset %s by ", out->len > before ? "; " : "", by > 0 ? "forward" : "back");
        duration_print((by < 0 ? -by : by) + 50 * NS_PER_MS, out);
        buffer_format(out, " at %s %u", in->has_packets ? "packet" : "line", in->steps[i].place);
    }
    return out->len > before;
}

void place_print(const struct model *m, uint32_t input, uint32_t place, bool packet, struct buffer *out)
{
    if (input < m->input_count)
        clean_put(out, m->inputs[input].name);
    if (place)
        buffer_format(out, packet ? " packet %u" : ":%u", place);
}

void view_name_print(const struct model *m, const struct view *v, struct buffer *out)
{
    struct text name = device_name(m, v->device);
    if (name.len)
        buffer_text(out, name);
    else
        place_print(m, v->input, v->first_line, v->wire, out);
}

void party_print(const struct model *m, const struct party *p, struct buffer *out)
{
    struct text name = device_name_beside(m, p->device, p->endpoint.address);
    clean_put(out, name);
    if (p->endpoint.address.family != ADDRESS_NONE) {
        if (name.len)
            buffer_byte(out, ' ');
        address_print(p->endpoint.address, out);
    } else if (!name.len) {
        buffer_string(out, "unknown");
    }
}

static void end_print(const struct model *m, const struct party *p, bool ports, struct buffer *out)
{
    party_print(m, p, out);
    if (ports && p->endpoint.port)
        buffer_format(out, " port %u", p->endpoint.port);
}

bool ends_of(const struct ike_sa *sa, struct party *from, struct party *to)
{
    bool unknown = sa->initiator.endpoint.address.family == ADDRESS_NONE && sa->responder.endpoint.address.family == ADDRESS_NONE;
    for (const struct view *v = sa->views; v && unknown; v = v->next) {
        if (v->local.address.family == ADDRESS_NONE && (v->role || !v->device || v->wire))
            continue;
        *(v->role == SIDE_RESPONDER ? to : from) = (struct party){ .endpoint = v->local, .device = v->device };
        *(v->role == SIDE_RESPONDER ? from : to) = (struct party){ .endpoint = v->remote };
        return v->role;
    }
    *from = sa->initiator;
    *to = sa->responder;
    return true;
}

uint64_t configurations_alone(const struct model *m)
{
    uint64_t n = 0;
    for (size_t i = 0; i < m->input_count; i++)
        n += m->inputs[i].kind == INPUT_CONFIG;
    return m->ike_sas || n != m->input_count ? 0 : n;
}

void none_seen_print(const struct model *m, struct buffer *out)
{
    const uint64_t n = configurations_alone(m);
    if (n) {
        count_print(n, "configuration", "configurations", out);
        buffer_string(out, m->findings ? ", no log" : ", no log: nothing wrong was found in what stands there");
    } else {
        buffer_string(out, "No IKE SA was found");
    }
}

const char *end_role(const struct ike_sa *sa, bool responder)
{
    struct party from, to;
    return ends_of(sa, &from, &to) ? responder ? "responder" : "initiator" : responder ? "the other end" : "this end";
}

void ends_print(const struct model *m, const struct ike_sa *sa, bool ports, struct buffer *out)
{
    struct party from, to;
    bool known = ends_of(sa, &from, &to);
    end_print(m, &from, ports, out);
    buffer_string(out, known ? " -> " : " <-> ");
    end_print(m, &to, ports, out);
}

void ends_draw(const struct model *m, const struct ike_sa *sa, struct buffer *out)
{
    struct buffer plain;
    buffer_init(&plain, LIMIT_LINE);
    ends_print(m, sa, false, &plain);
    struct text rest = buffer_view(&plain);
    size_t at = text_find(rest, TEXT(" -> ")), both = text_find(rest, TEXT(" <-> "));
    size_t from = both != TEXT_NOWHERE ? both : at;
    buffer_text(out, from == TEXT_NOWHERE ? rest : text_upto(rest, from));
    if (from != TEXT_NOWHERE) {
        buffer_string(out, both != TEXT_NOWHERE ? " \xe2\x87\x84 " : " \xe2\x86\x92 ");
        buffer_text(out, text_from(rest, from + (both != TEXT_NOWHERE ? 5 : 4)));
    }
    buffer_clear(&plain);
}

static void algorithm(enum registry registry, uint16_t id, uint16_t key_length, struct buffer *out)
{
    const char *name = registry_name(registry, id);
    if (out->len && out->at[out->len - 1] != ' ')
        buffer_byte(out, ' ');
    if (name)
        buffer_string(out, name);
    else
        buffer_format(out, "%s %u", registry_stem(registry), id);
    if (key_length)
        buffer_format(out, "-%u", key_length);
}

static void group(uint16_t id, struct buffer *out)
{
    const char *name = registry_name(REGISTRY_KE, id);
    if (name)
        buffer_format(out, " %s (group %u)", name, id);
    else
        buffer_format(out, " group %u", id);
}

void algorithms_print(const struct chosen *c, struct buffer *out)
{
    if (c->has_encr)
        algorithm(REGISTRY_ENCR, c->encr, c->key_length, out);
    if (c->has_integ && c->integ)
        algorithm(REGISTRY_INTEG, c->integ, 0, out);
    if (c->has_prf)
        algorithm(REGISTRY_PRF, c->prf, 0, out);
    if (c->has_dh && c->dh)
        group(c->dh, out);
    for (size_t i = 0; i < 7; i++)
        if (c->additional_ke[i])
            group(c->additional_ke[i], out);
    if (c->has_esn && c->esn == ESN_YES)
        buffer_string(out, " ESN");
}

/* "10.1.0.0/16", "10.1.1.1-10.1.1.9 tcp 80" */
static void selector_print(const struct selector *s, struct buffer *out)
{
    int prefix = range_prefix(s->start, s->end);
    if (prefix >= 0) {
        address_print(s->start, out);
        if ((size_t)prefix != 8 * address_length(s->start))
            buffer_format(out, "/%d", prefix);
    } else {
        range_print(s->start, s->end, out);
    }
    if (s->protocol) {
        const char *name = registry_name(REGISTRY_IPPROTO, s->protocol);
        if (name)
            buffer_format(out, " %s", name);
        else
            buffer_format(out, " protocol %u", s->protocol);
    }
    if (s->start_port == s->end_port && s->start_port)
        buffer_format(out, " port %u", s->start_port);
    else if (s->start_port != 0 || (s->end_port != 65535 && s->end_port != 0))
        buffer_format(out, " ports %u-%u", s->start_port, s->end_port);
}

void selectors_print(const struct selector *first, size_t most, struct buffer *out)
{
    size_t n = 0, left = 0;
    for (const struct selector *s = first; s; s = s->next) {
        if (n++ >= most) {
            left++;
            continue;
        }
        if (n > 1)
            buffer_string(out, ", ");
        selector_print(s, out);
    }
    if (left)
        buffer_format(out, " and %zu more", left);
}

void exchange_print(unsigned type, struct buffer *out)
{
    const char *name = registry_name(REGISTRY_EXCHANGE, type);
    if (name)
        buffer_string(out, name);
    else
        buffer_format(out, "exchange %u", type);
}

void message_label(const struct exchange *x, bool response, struct buffer *out)
{
    exchange_print(x->type, out);
    buffer_string(out, response ? " response" : " request");
}

static void notify_print(const struct notice *n, const struct payload *p, struct buffer *out)
{
    uint64_t number = 0;
    const struct fact *word = p ? fact_find(p->facts, "notify") : NULL;
    bool known = n || (p && (fact_get_number(p->facts, "number", &number) || fact_get_number(p->facts, "notify", &number)));
    number = n ? n->type : number;
    const char *name = known ? registry_name(REGISTRY_NOTIFY, number) : NULL;
    if (name) {
        buffer_format(out, "N(%s)", name);
    } else if (word && word->kind == FACT_TEXT) {
        buffer_string(out, "N(");
        clean_put(out, word->as.text);
        buffer_byte(out, ')');
    } else if (known) {
        buffer_format(out, "N(%llu)", (unsigned long long)number);
    } else {
        buffer_byte(out, 'N');
    }
}

static void type_print(unsigned type, unsigned times, struct buffer *out)
{
    const char *name = payload_notation(type);
    if (name)
        buffer_string(out, name);
    else
        buffer_format(out, "payload-%u", type);
    if (times > 1)
        buffer_format(out, " x%u", times);
}

static bool is_seal(unsigned type)
{
    return type == PAYLOAD_SK || type == PAYLOAD_SKF;
}

static size_t full_list(const struct message *m, struct buffer *out)
{
    size_t shown = 0;
    for (const struct payload *p = m->payloads; p; p = p->next) {
        unsigned times = 1;
        if (is_seal(p->type))
            continue; /* what stands inside is listed in its place */
        if (shown++)
            buffer_byte(out, ' ');
        if (p->type == PAYLOAD_NOTIFY) {
            notify_print(NULL, p, out);
            continue;
        }
        const struct payload *first = p;
        for (; p->next && p->next->type == p->type; p = p->next)
            times++;
        type_print(p->type, times, out);
        uint64_t protocol;
        if (first->type == PAYLOAD_DELETE && times == 1 && fact_get_number(first->facts, "protocol", &protocol) &&
            registry_name(REGISTRY_PROTOCOL, protocol))
            buffer_format(out, "(%s)", registry_name(REGISTRY_PROTOCOL, protocol));
    }
    return shown;
}

/* Without the payloads there are their types, and the notices in their order if all were understood. */
static size_t short_list(const struct message *m, struct buffer *out)
{
    size_t shown = 0, notifies = 0, notices = 0;
    for (size_t i = 0; i < m->type_count; i++)
        notifies += m->types[i] == PAYLOAD_NOTIFY;
    for (const struct notice *n = m->notices; n; n = n->next)
        notices++;
    const struct notice *notice = notifies == notices ? m->notices : NULL;
    for (size_t i = 0; i < m->type_count; i++) {
        unsigned type = m->types[i], times = 1;
        if (is_seal(type))
            continue;
        if (shown++)
            buffer_byte(out, ' ');
        if (type == PAYLOAD_NOTIFY) {
            notify_print(notice, NULL, out);
            notice = notice ? notice->next : NULL;
            continue;
        }
        for (; i + 1 < m->type_count && m->types[i + 1] == type; i++)
            times++;
        type_print(type, times, out);
    }
    return shown;
}

bool payloads_print(const struct message *m, struct buffer *out)
{
    if (!m)
        return false;
    size_t shown = m->payloads ? full_list(m, out) : short_list(m, out);
    if (shown)
        return true;
    if (m->protection && m->decryption != DECRYPTION_DECRYPTED && m->decryption != DECRYPTION_FROM_LOG) {
        buffer_string(out, m->protection == PROTECTION_SKF ? "SKF" : "SK");
        buffer_string(out, m->decryption == DECRYPTION_ICV_FAILED ? " (the key does not open it)" : " (sealed)");
    } else {
        buffer_string(out, m->announced ? "(not shown)" : "(empty)");
    }
    return true;
}

/* ---- stories ---- */

/* What an error notify says about the message it answers. type, sentence */
static const struct refusal {
    uint16_t type;
    const char *story;
} refusals[] = {
    { NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD, "refuses: a payload marked critical is unknown to it" },
    { NOTIFY_INVALID_IKE_SPI, "does not know this IKE SA (any more)" },
    { NOTIFY_INVALID_MAJOR_VERSION, "refuses: it does not speak this version of IKE" },
    { NOTIFY_INVALID_SYNTAX, "refuses: the message is malformed, or was decrypted with the wrong keys" },
    { NOTIFY_INVALID_MESSAGE_ID, "got a message id outside its window" },
    { NOTIFY_INVALID_SPI, "got ESP or AH with an SPI it does not know" },
    { NOTIFY_NO_PROPOSAL_CHOSEN, "refuses: none of the proposals is acceptable to it" },
    { NOTIFY_INVALID_KE_PAYLOAD, "wants the request again with another Diffie-Hellman group" },
    { NOTIFY_AUTHENTICATION_FAILED, "refuses: it cannot authenticate the peer" },
    { NOTIFY_SINGLE_PAIR_REQUIRED, "wants a request with a single pair of selectors" },
    { NOTIFY_NO_ADDITIONAL_SAS, "accepts no further Child SA in this IKE SA" },
    { NOTIFY_INTERNAL_ADDRESS_FAILURE, "has no address to hand out" },
    { NOTIFY_FAILED_CP_REQUIRED, "refuses: it expected a configuration request" },
    { NOTIFY_TS_UNACCEPTABLE, "refuses the traffic selectors: what the peer wants to send is not what it protects" },
    { NOTIFY_TEMPORARY_FAILURE, "cannot do this now and asks the peer to try again later" },
    { NOTIFY_CHILD_SA_NOT_FOUND, "does not know the Child SA that is to be rekeyed" },
};

static const char *refusal_story(const struct message *m)
{
    const struct notice *n = m ? message_error(m) : NULL;
    for (size_t i = 0; n && i < COUNT_OF(refusals); i++)
        if (refusals[i].type == n->type)
            return refusals[i].story;
    return n ? "answers with an error" : NULL;
}

static const char *init_story(const struct message *m, bool response)
{
    if (m && message_notice(m, NOTIFY_COOKIE))
        return response ? "asks the peer to prove its address with a cookie before it keeps any state"
                        : "sends its proposals again, now with the cookie";
    return response ? "chooses one proposal and answers with its own key share and nonce; from here on everything is encrypted"
                    : "offers its IKE proposals, a Diffie-Hellman key share and a nonce";
}

static const char *auth_story(const struct message *m, bool response)
{
    if (m && m->eap_code)
        return response ? "goes on with EAP: asks, or tells the result" : "answers the EAP request";
    if (m && !response && m->type_count && !message_has_type(m, PAYLOAD_AUTH) && message_has_type(m, PAYLOAD_IDI))
        return "tells its identity and leaves AUTH out: it wants EAP";
    if (!response)
        return "tells its identity, proves it with AUTH, and asks for the first Child SA";
    if (m && m->type_count && message_has_type(m, PAYLOAD_AUTH) && !message_has_type(m, PAYLOAD_SA) && !message_error(m))
        return "proves its own identity; no Child SA is made";
    return "accepts the peer, proves its own identity, and installs the first Child SA";
}

static const char *create_story(const struct message *m, bool response)
{
    if (m && message_notice(m, NOTIFY_REKEY_SA))
        return "asks for a new Child SA in place of an old one";
    bool child = m && (m->tsi || message_has_type(m, PAYLOAD_TSI));
    if (m && m->type_count > 1 && !child)
        return response ? "answers with the keys of the new IKE SA" : "asks for a new IKE SA in place of this one";
    if (!child)
        return response ? "answers the request for a new SA" : "asks for a new SA";
    return response ? "accepts the new Child SA" : "asks for a further Child SA";
}

static const char *informational_story(const struct message *m, bool response)
{
    if (!m || (m->has_sk && m->type_count <= 1 && m->decryption == DECRYPTION_NO_KEY))
        return response ? "answers" : "sends something that is sealed";
    for (const struct deletion *d = m->deletions; d; d = d->next)
        if (d->protocol == PROTOCOL_IKE)
            return response ? "confirms that the IKE SA is gone" : "deletes the IKE SA";
    if (m->deletions || message_has_type(m, PAYLOAD_DELETE))
        return response ? "confirms the deletion and deletes its own direction" : "deletes an SA";
    if (m->cfg_type)
        return "passes configuration";
    bool empty = m->type_count == 0 || (m->type_count == 1 && m->has_sk);
    if (empty)
        return response ? "answers: it is alive, and has got the message" : "asks whether the peer is alive";
    if (message_notice(m, NOTIFY_UPDATE_SA_ADDRESSES))
        return "moves the SAs to another address (MOBIKE)";
    return response ? "answers" : "notifies the peer";
}

bool message_story(const struct exchange *x, const struct message *m, bool response, struct buffer *out)
{
    const char *story = refusal_story(m);
    if (!story)
        switch (x->type) {
        case EXCHANGE_IKE_SA_INIT:
            story = init_story(m, response);
            break;
        case EXCHANGE_IKE_AUTH:
            story = auth_story(m, response);
            break;
        case EXCHANGE_CREATE_CHILD_SA:
            story = create_story(m, response);
            break;
        case EXCHANGE_INFORMATIONAL:
            story = informational_story(m, response);
            break;
        case EXCHANGE_IKE_INTERMEDIATE:
            story = response ? "answers with its share of the further key exchange"
                             : "sends a further key exchange before authentication";
            break;
        case EXCHANGE_IKE_SESSION_RESUME:
            story = !response                                    ? "resumes an earlier session with a ticket"
                    : m && message_notice(m, NOTIFY_TICKET_NACK) ? "refuses the ticket"
                                                                 : "takes the ticket";
            break;
        case EXCHANGE_IKE_FOLLOWUP_KE:
            story = response ? "answers with its share of the further key exchange"
                             : "sends a further key exchange for the new SA";
            break;
        default:
            return false;
        }
    buffer_string(out, story);
    return true;
}

/* method, how one proves to be somebody */
static const struct {
    uint8_t method;
    const char *word;
} auth_words[] = {
    { AUTH_RSA, "an RSA signature" },
    { AUTH_PSK, "a pre-shared key" },
    { AUTH_DSS, "a DSS signature" },
    { AUTH_ECDSA_256, "an ECDSA signature (P-256)" },
    { AUTH_ECDSA_384, "an ECDSA signature (P-384)" },
    { AUTH_ECDSA_521, "an ECDSA signature (P-521)" },
    { AUTH_GSPM, "a password" },
    { AUTH_NULL, "nothing (NULL authentication)" },
    { AUTH_DIGITAL_SIGNATURE, "a digital signature" },
};

const char *auth_word(unsigned method)
{
    for (size_t i = 0; i < COUNT_OF(auth_words); i++)
        if (auth_words[i].method == method)
            return auth_words[i].word;
    return method ? registry_name(REGISTRY_AUTH, method) : NULL;
}

static void eap_print(const struct party *p, struct buffer *out)
{
    const char *method = p->eap_type ? registry_name(REGISTRY_EAP, p->eap_type) : NULL;
    buffer_string(out, "EAP");
    if (method)
        buffer_format(out, " (%s)", method);
    if (p->eap_identity.len) {
        buffer_string(out, " as ");
        buffer_text(out, p->eap_identity);
    }
    if (p->eap_outcome)
        buffer_string(out, p->eap_outcome == EAP_SUCCEEDED ? ", which succeeded" : ", which failed");
}

void party_auth_print(const struct party *p, const char *before, struct buffer *out)
{
    const char *method = auth_word(p->auth_method);
    if (p->eap || method)
        buffer_string(out, before);
    if (p->eap)
        eap_print(p, out);
    else if (method)
        buffer_string(out, method);
    if (party_verified(p))
        buffer_string(out, party_verified(p) == VERIFIED_TRUE ? ", verified" : ", NOT verified");
    if (p->validity > VALIDITY_IN_TIME)
        buffer_string(out, p->validity == VALIDITY_EXPIRED ? ", certificate EXPIRED" : ", certificate NOT YET valid");
}

bool finding_heads(const struct finding *f, const struct ike_sa *sa)
{
    return f->ike_sa == sa && f->severity >= (sa->shown_only ? SEVERITY_WARNING : SEVERITY_ERROR);
}

const char *outcome_story(const struct ike_sa *sa)
{
    switch ((enum sa_outcome)sa->outcome) {
    case SA_ESTABLISHED:
        return sa->shown_childless ? "up, without a Child SA" : sa->child_refused ? "up, a Child SA was refused" : "up";
    case SA_FAILED:
        return "failed";
    case SA_REKEYED:
        return "rekeyed";
    case SA_DELETED:
        return sa->redirected ? "sent on to another gateway" : "deleted";
    case SA_INCOMPLETE:
        break;
    }
    return "incomplete";
}

const char words_answered[] = "answered, as the next message ids show; no input shows the answer";

bool moves_print(const struct ike_sa *sa, struct buffer *out)
{
    enum { MOVES_SAID = 4 };
    unsigned n = 0;
    for (const struct path *p = sa->path ? sa->path->next : NULL; p; p = p->next, n++) {
        if (n >= MOVES_SAID)
            continue;
        buffer_string(out, n ? ", then to " : "moved to ");
        endpoint_print(p->initiator, out);
        buffer_string(out, " -> ");
        endpoint_print(p->responder, out);
    }
    if (n > MOVES_SAID)
        buffer_format(out, n - MOVES_SAID == 1 ? ", and once more" : ", and %u times more", n - MOVES_SAID);
    return n > 0;
}

void heir_print(const struct ike_sa *sa, struct buffer *out)
{
    if (sa->rekeyed_by) {
        buffer_format(out, "by ike%u", sa->rekeyed_by->number);
        return;
    }
    buffer_string(out, "by one whose SPIs no input shows");
    if (sa->heir.has_encr) {
        buffer_string(out, ", with ");
        algorithms_print(&sa->heir, out);
    }
}

const char *severity_mark(unsigned severity)
{
    return severity == SEVERITY_ERROR ? "!!" : severity == SEVERITY_WARNING ? "!" : severity == SEVERITY_NOTE ? "-" : "";
}
