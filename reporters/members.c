#include "reporters/members.h"

#include "base/limits.h"
#include "reporters/factwriter.h"
#include "reporters/members_parts.h"

enum { SCRATCH = LIMIT_RECORD };

const char *side_name(unsigned side)
{
    return side == SIDE_INITIATOR ? "initiator" : side == SIDE_RESPONDER ? "responder" : NULL;
}

const char *exchange_outcome_name(unsigned outcome)
{
    static const char *const names[] = {
        [EXCHANGE_OK] = "ok", [EXCHANGE_ERROR] = "error", [EXCHANGE_NO_RESPONSE] = "no-response"
    };
    return outcome < COUNT_OF(names) ? names[outcome] : NULL;
}

const char *traffic_protocol(unsigned protocol)
{
    return protocol == PROTOCOL_AH ? "AH" : protocol == PROTOCOL_ESP ? "ESP" : NULL;
}

void members_init(struct members *s, const struct model *m, struct sink *out)
{
    *s = (struct members){ .model = m };
    s->w.out = out;
    buffer_init(&s->scratch, SCRATCH);
}

void members_clear(struct members *s)
{
    buffer_clear(&s->scratch);
}

void members_generator(struct members *s, const char *version)
{
    write_object(&s->w, "generator");
    write_string(&s->w, "name", "ikescope");
    write_string(&s->w, "version", version ? version : "0");
    write_end_object(&s->w);
}

static void put_lines(struct members *s, const struct input *in)
{
    static const char *const names[] = { [LINE_EVENT] = "event",
                                         [LINE_CONTINUATION] = "continuation",
                                         [LINE_NOISE] = "noise",
                                         [LINE_BLANK] = "blank",
                                         [LINE_UNPARSED] = "unparsed" };
    write_object(&s->w, "lines");
    write_number(&s->w, "total", in->line_total);
    for (size_t i = 0; i < LINE_CLASS_COUNT; i++)
        write_number(&s->w, names[i], in->lines[i]);
    write_end_object(&s->w);
}

static void put_packets(struct members *s, const struct input *in)
{
    static const char *const names[] = { [PACKET_IKE] = "ike",     [PACKET_ESP] = "esp",
                                         [PACKET_AH] = "ah",       [PACKET_KEEPALIVE] = "keepalive",
                                         [PACKET_OTHER] = "other", [PACKET_MALFORMED] = "malformed" };
    write_object(&s->w, "packets");
    write_number(&s->w, "total", in->packet_total);
    for (size_t i = 0; i < PACKET_CLASS_COUNT; i++)
        write_number(&s->w, names[i], in->packets[i]);
    write_end_object(&s->w);
}

static const char *zone_by_name(unsigned by)
{
    return by == ZONE_BY_NAME ? "name" : by == ZONE_BY_CONFIGURATION ? "configuration" : "option";
}

static void put_clock(struct members *s, const struct input *in)
{
    const bool zone = in->has_zone && (in->zone_ns || in->zone_by == ZONE_BY_CONFIGURATION);
    if (!in->by_messages && in->ahead_ns == 0 && !in->parts_aligned && !zone)
        return;
    write_object(&s->w, "clock");
    if (zone) {
        write_object(&s->w, "zone");
        if (in->first_stamp.zone[0])
            write_string(&s->w, "name", in->first_stamp.zone);
        write_decimal(&s->w, "offset", in->zone_ns, 9);
        write_string(&s->w, "by", zone_by_name(in->zone_by));
        write_end_object(&s->w);
    }
    put_id(s, "of", "in", in->clock_of + 1);
    write_string(&s->w, "by", in->by_messages ? "messages" : "calendar");
    write_decimal(&s->w, "offset", in->ahead_ns, 9);
    write_decimal(&s->w, "drift_ppm", (int64_t)(in->drift * 1e9), 3);
    if (in->by_messages)
        write_decimal(&s->w, "uncertainty", in->uncertainty_ns, 9);
    for (uint8_t i = 0; i < in->step_count; i++) {
        if (i == 0)
            write_array(&s->w, "steps");
        write_object(&s->w, NULL);
        write_number(&s->w, in->has_packets ? "packet" : "line", in->steps[i].place);
        write_decimal(&s->w, "seconds", in->steps[i].by_ns, 9);
        put_device(s, "device", in->steps[i].device);
        write_end_object(&s->w);
    }
    if (in->step_count)
        write_end_array(&s->w);
    write_end_object(&s->w);
}

void members_not_read(struct members *s)
{
    if (!s->model->not_read)
        return;
    write_array(&s->w, "not_read");
    for (const struct not_read *n = s->model->not_read; n; n = n->next) {
        write_object(&s->w, NULL);
        if (n->name.len)
            write_text(&s->w, "name", n->name);
        write_text(&s->w, "why", n->why);
        if (n->trouble)
            write_bool(&s->w, "trouble", true);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

void members_input(struct members *s, const struct input *in)
{
    put_id(s, "id", "in", in->index + 1);
    write_text(&s->w, "name", in->name);
    write_string(&s->w, "kind", input_kind_name(in->kind));
    put_device(s, "device", in->device);
    if (in->parts && in->parts->next) {
        write_array(&s->w, "parts");
        for (const struct part *p = in->parts; p; p = p->next) {
            write_object(&s->w, NULL);
            write_string(&s->w, "kind", input_kind_name(p->kind));
            put_device(s, "device", p->device);
            write_number(&s->w, "first_line", p->first_line);
            write_number(&s->w, "last_line", p->last_line);
            write_end_object(&s->w);
        }
        write_end_array(&s->w);
    }
    if (in->has_lines)
        put_lines(s, in);
    if (in->has_packets)
        put_packets(s, in);
    write_bool(&s->w, "complete", !in->incomplete);
    put_clock(s, in);
    if (!s->show_unparsed || !in->unparsed)
        return;
    write_array(&s->w, "unparsed_lines");
    for (const struct unparsed_line *u = in->unparsed; u; u = u->next) {
        write_object(&s->w, NULL);
        write_number(&s->w, "line", u->line);
        write_text(&s->w, "text", u->text);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

static void put_quotes(struct members *s, const char *name, const struct finding_line *first)
{
    if (!first)
        return;
    write_array(&s->w, name);
    for (const struct finding_line *l = first; l; l = l->next) {
        write_object(&s->w, NULL);
        if (l->place)
            put_input(s, l->input);
        put_place(s, l->place, l->packet);
        put_text(s, "text", l->text);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

static void put_advice(struct json_writer *w, const char *name, const struct finding_line *first)
{
    if (!first)
        return;
    write_array(w, name);
    for (const struct finding_line *l = first; l; l = l->next)
        write_text(w, NULL, l->text);
    write_end_array(w);
}

void members_fix(struct json_writer *w, const struct finding *f)
{
    if (!f->fix_initiator && !f->fix_responder && !f->fix_here && !f->fix_peer)
        return;
    write_object(w, "fix");
    put_advice(w, "initiator", f->fix_initiator);
    put_advice(w, "responder", f->fix_responder);
    put_advice(w, "here", f->fix_here);
    put_advice(w, "peer", f->fix_peer);
    write_end_object(w);
}

void members_finding(struct members *s, const struct finding *f)
{
    put_id(s, "id", "f", f->number);
    write_string(&s->w, "rule", f->rule);
    write_string(&s->w, "severity", severity_name((enum severity)f->severity));
    put_text(s, "title", f->title);
    put_text(s, "cause", f->cause);
    members_fix(&s->w, f);
    write_string(&s->w, "confidence", confidence_name((enum confidence)f->confidence));
    if (f->ike_sa)
        put_id(s, "ike_sa", "ike", f->ike_sa->number);
    if (f->child_sa)
        put_id(s, "child_sa", "child", f->child_sa->number);
    write_number(&s->w, "count", f->count ? f->count : 1);
    put_stamp(s, "first", f->first);
    put_stamp(s, "last", f->last);
    put_quotes(s, "evidence", f->evidence);
    put_quotes(s, "config", f->config);
}

void members_record(struct members *s, const struct record *r)
{
    put_input(s, r->input);
    write_string(&s->w, "kind", input_kind_name(r->kind));
    write_string(&s->w, "name", r->name);
    put_text(s, "title", r->title);
    put_device(s, "device", r->device);
    write_number(&s->w, "first_line", r->first_line);
    write_number(&s->w, "last_line", r->last_line);
    if (r->foreign)
        write_bool(&s->w, "foreign", true);
    write_object(&s->w, "facts");
    facts_write(&s->w, r->facts, NULL);
    write_end_object(&s->w);
}
