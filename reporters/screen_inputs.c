#include "reporters/members.h"
#include "reporters/screen.h"
#include "reporters/words.h"

enum { INPUTS_SHOWN = 20 };

static void counts(const struct input *in, struct buffer *out)
{
    static const char *const lines[][2] = { [LINE_EVENT] = { "event", "events" },
                                            [LINE_CONTINUATION] = { "continuation", "continuations" },
                                            [LINE_NOISE] = { "noise", "noise" },
                                            [LINE_BLANK] = { "blank", "blank" },
                                            [LINE_UNPARSED] = { "unparsed", "unparsed" } };
    static const char *const packets[][2] = {
        [PACKET_IKE] = { "IKE", "IKE" },       [PACKET_ESP] = { "ESP", "ESP" },
        [PACKET_AH] = { "AH", "AH" },          [PACKET_KEEPALIVE] = { "keepalive", "keepalives" },
        [PACKET_OTHER] = { "other", "other" }, [PACKET_MALFORMED] = { "malformed", "malformed" }
    };
    if (in->has_lines) {
        count_print(in->line_total, "line", "lines", out);
        const char *before = ": ";
        for (size_t i = 0; i < LINE_CLASS_COUNT; i++)
            if (in->lines[i] || i == LINE_UNPARSED) {
                buffer_string(out, before);
                count_print(in->lines[i], lines[i][0], lines[i][1], out);
                before = ", ";
            }
    }
    if (in->has_packets) {
        if (in->has_lines)
            buffer_string(out, "; ");
        count_print(in->packet_total, "packet", "packets", out);
        const char *before = ": ";
        for (size_t i = 0; i < PACKET_CLASS_COUNT; i++)
            if (in->packets[i]) {
                buffer_string(out, before);
                count_print(in->packets[i], packets[i][0], packets[i][1], out);
                before = ", ";
            }
    }
    if (in->incomplete)
        buffer_string(out, "; INCOMPLETE");
}

static void other_inputs(struct screen *s, size_t from)
{
    struct page *p = &s->p;
    struct input rest = { .has_lines = false };
    for (size_t n = from; n < s->m->input_count; n++) {
        const struct input *in = &s->m->inputs[n];
        rest.has_lines |= in->has_lines;
        rest.has_packets |= in->has_packets;
        rest.line_total += in->line_total;
        rest.packet_total += in->packet_total;
        for (size_t k = 0; k < LINE_CLASS_COUNT; k++)
            rest.lines[k] += in->lines[k];
        for (size_t k = 0; k < PACKET_CLASS_COUNT; k++)
            rest.packets[k] += in->packets[k];
    }
    page_to(p, 2);
    buffer_format(page_text(p), "... and %zu more input%s: ", s->m->input_count - from, plural_s(s->m->input_count - from));
    counts(&rest, &p->text);
    page_wrap(p, STYLE_DIM, 4, page_view(p));
    page_line(p);
}

/* A relay's log has many: each is counted by its last part. */
static uint64_t routers_in(const struct input *in)
{
    uint64_t n = 0;
    for (const struct part *p = in->parts; p; p = p->next)
        n += p->device && !p->again;
    return n;
}

void screen_inputs(struct screen *s)
{
    struct page *p = &s->p;
    page_heading(p, "Inputs");
    size_t i = 0;
    for (; i < s->m->input_count && i < INPUTS_SHOWN; i++) {
        const struct input *in = &s->m->inputs[i];
        page_to(p, 2);
        page_wrap(p, STYLE_PLAIN, 4, in->name);
        struct buffer *out = page_text(p);
        bool empty = in->line_total + in->packet_total == 0;
        const char *kind = input_kind_name(in->kind);
        buffer_string(out, "  ");
        buffer_string(out, kind ? kind : empty ? "empty" : "nothing recognised");
        struct text device = device_name(s->m, in->device);
        if (kind && device.len) {
            buffer_string(out, " of ");
            buffer_text(out, device);
            const uint64_t routers = routers_in(in);
            if (routers > 1)
                buffer_format(out, " and %llu more", (unsigned long long)(routers - 1));
        }
        if ((in->has_lines || in->has_packets) && (kind || !empty)) {
            buffer_string(out, ", ");
            counts(in, out);
        }
        size_t told = out->len;
        buffer_string(out, "; its clock: ");
        if (!clock_print(s->m, in, out))
            out->len = told;
        page_wrap(p, STYLE_PLAIN, 4, page_view(p));
        page_line(p);
        for (const struct unparsed_line *u = s->show_unparsed ? in->unparsed : NULL; u; u = u->next) {
            page_to(p, 4);
            page_format(p, STYLE_DIM, "line %u not understood: ", u->line);
            page_cut(p, STYLE_PLAIN, u->text, p->width > 40 ? p->width - 30 : 20);
            page_line(p);
        }
    }
    if (i < s->m->input_count)
        other_inputs(s, i);
    buffer_string(page_text(p), "not read: ");
    if (not_read_print(s->m, &p->text)) {
        page_to(p, 2);
        page_wrap(p, STYLE_DIM, 4, page_view(p));
        page_line(p);
    }
}
