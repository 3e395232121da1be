#include "reporters/html_parts.h"

#include <stdarg.h>
#include <stdio.h>

#include "reporters/prose.h"
#include "reporters/words.h"

enum { PAIRS_OPEN = 12, PAIRS_SHOWN = 500, INPUTS_NAMED = 6, RECORD_LINES = 400 };

void html_put(struct html *h, struct text t)
{
    draw_put(&h->d, t);
}

void html_raw(struct html *h, const char *markup)
{
    buffer_string(h->d.out, markup);
}

void html_format(struct html *h, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    html_put(h, text_of(text));
}

static void part(struct html *h, const struct prose_part *p)
{
    html_raw(h, p->code ? "<code>" : "");
    html_put(h, p->text);
    html_raw(h, p->code ? "</code>" : "");
}

void html_prose(struct html *h, struct text t)
{
    struct prose prose = prose_of(t, false);
    for (struct prose_part p; prose_next(&prose, &p);)
        part(h, &p);
}

void html_advice(struct html *h, struct text t)
{
    struct prose prose = prose_of(t, true);
    bool in_row = false;
    for (struct prose_part p; prose_next(&prose, &p);) {
        if (!p.row) {
            html_raw(h, in_row ? "</pre>" : "");
            part(h, &p);
        } else {
            html_raw(h, p.row > 1 ? "\n" : in_row ? "</pre><pre class=\"typed\">" : "<pre class=\"typed\">");
            html_put(h, p.text);
        }
        in_row = p.row != 0;
        if (p.remark.len) {
            html_raw(h, " <small>");
            html_prose(h, p.remark);
            html_raw(h, "</small>");
        }
    }
    html_raw(h, in_row ? "</pre>" : "");
}

void html_place(struct html *h, uint32_t input, uint32_t place, bool packet)
{
    buffer_format(h->d.out, "<button class=\"place\" data-place=\"%u:%u\">", input, place);
    buffer_reset(&h->d.line);
    place_print(h->m, input, place, packet, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
    html_raw(h, "</button>");
}

void html_sign(struct html *h, unsigned severity)
{
    static const char *const signs[] = { "", "<span class=\"sev note\">\xe2\x97\x8f note</span>",
                                         "<span class=\"sev warning\">\xe2\x96\xb2 warning</span>",
                                         "<span class=\"sev error\">\xe2\x9c\x96 error</span>" };
    html_raw(h, signs[severity <= SEVERITY_ERROR ? severity : 0]);
}

void html_heads(struct html *h, const char *const *names)
{
    html_raw(h, "<thead><tr>");
    for (; *names; names++) {
        html_raw(h, "<th scope=\"col\">");
        html_raw(h, *names);
    }
    html_raw(h, "</thead><tbody>\n");
}

/* ---- verdict ---- */

static const char *state_class(const struct pair *p)
{
    return p->state == PAIR_FAILED ? "bad" : p->state == PAIR_UP ? "good" : "middling";
}

static void state(struct html *h, const struct pair *p)
{
    static const char *const signs[] = {
        [PAIR_FAILED] = "\xe2\x9c\x96 ",    [PAIR_INCOMPLETE] = "\xe2\x96\xb2 ", [PAIR_DOWN] = "\xe2\x96\xbc ",
        [PAIR_IMPAIRED] = "\xe2\x96\xb2 ",  [PAIR_ONE_WAY] = "\xe2\x96\xb2 ",    [PAIR_REDIRECTED] = "\xe2\x96\xb6 ",
        [PAIR_LIKELY_UP] = "\xe2\x9c\x94 ", [PAIR_UP] = "\xe2\x9c\x94 "
    };
    html_raw(h, "<strong class=\"state ");
    html_raw(h, state_class(p));
    html_raw(h, "\">");
    html_raw(h, signs[p->state]);
    html_put(h, text_of(pair_state_word((enum pair_state)p->state)));
    html_raw(h, "</strong>");
}

static void between(struct html *h, const struct pair *p)
{
    buffer_reset(&h->d.line);
    ends_draw(h->m, p->best, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
}

static void figures(struct html *h, const struct pair *p)
{
    buffer_reset(&h->d.line);
    pair_figures(h->m, p, false, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
}

static void states(struct html *h, size_t from, size_t to)
{
    buffer_reset(&h->d.line);
    peers_states(h->peers, from, to, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
}

/* Of one pair who it is, of several how many are in which state. */
static void headline(struct html *h)
{
    html_raw(h, "<h1>");
    if (!h->peers->count) {
        buffer_reset(&h->d.line);
        none_seen_print(h->m, &h->d.line);
        html_put(h, buffer_view(&h->d.line));
    } else if (h->peers->count == 1) {
        state(h, h->peers->at[0]);
        html_raw(h, " ");
        between(h, h->peers->at[0]);
    } else {
        html_format(h, "%zu tunnels: ", h->peers->count);
        states(h, 0, h->peers->count);
    }
    html_raw(h, "</h1>\n");
}

static void verdict_row(struct html *h, const struct pair *p)
{
    html_raw(h, "<tr><td>");
    state(h, p);
    html_raw(h, "<td><strong>");
    between(h, p);
    html_raw(h, "</strong><br><span class=\"meta\">");
    figures(h, p);
    html_raw(h, "</span><td>");
    if (p->finding) {
        buffer_format(h->d.out, "<a href=\"#f%u\">", p->finding->number);
        html_put(h, p->finding->title);
        html_raw(h, "</a>");
    }
    html_raw(h, "\n");
}

void html_title(struct html *h, const char *between)
{
    html_raw(h, "IKEv2 report");
    for (size_t i = 0; i < h->m->input_count && i < INPUTS_NAMED; i++) {
        html_raw(h, i ? ", " : between);
        html_put(h, h->m->inputs[i].name);
    }
    if (h->m->input_count > INPUTS_NAMED)
        html_format(h, " and %zu more", h->m->input_count - INPUTS_NAMED);
}

static void verdict_rows(struct html *h, size_t from, size_t to)
{
    html_raw(h, "<table class=\"verdict\">");
    html_heads(h, (const char *const[]){ "State", "Between, how often, since when", "Why", NULL });
    const size_t most = to - from > PAIRS_SHOWN ? from + PAIRS_SHOWN : to;
    for (size_t i = from; i < most; i++)
        verdict_row(h, h->peers->at[i]);
    html_raw(h, "</tbody></table>\n");
    if (most < to)
        buffer_format(h->d.out, "<p>and %zu more pair%s of peers</p>\n", to - most, plural_s(to - most));
}

void html_verdict(struct html *h)
{
    html_raw(h, "<p class=\"brand\">");
    html_title(h, " \xc2\xb7 ");
    html_raw(h, "</p>\n");
    headline(h);
    if (h->peers->count == 1) {
        html_raw(h, "<p class=\"meta\">");
        figures(h, h->peers->at[0]);
        html_raw(h, "</p>\n");
    }
    if (h->peers->count < 2)
        return;
    const size_t told = peers_told(h->peers), open = told <= PAIRS_OPEN + 1 ? told : PAIRS_OPEN;
    verdict_rows(h, 0, open);
    if (open < told) {
        buffer_format(h->d.out, "<details><summary>%zu more: ", told - open);
        states(h, open, told);
        html_raw(h, "</summary>");
        verdict_rows(h, open, told);
        html_raw(h, "</details>\n");
    }
    if (told < h->peers->count) {
        buffer_format(h->d.out, "<details><summary>%zu other%s up</summary>", h->peers->count - told,
                      h->peers->count - told == 1 ? " is" : "s are");
        verdict_rows(h, told, h->peers->count);
        html_raw(h, "</details>\n");
    }
}

/* ---- inputs ---- */

static void input_row(struct html *h, const struct input *in)
{
    html_raw(h, "<tr><td>");
    html_put(h, in->name);
    html_raw(h, "<td>");
    html_put(h, text_of(input_kind_name(in->kind) ? input_kind_name(in->kind) : "nothing recognised"));
    html_raw(h, "<td>");
    html_put(h, device_name(h->m, in->device));
    html_raw(h, "<td>");
    if (in->has_lines)
        html_format(h, "%llu line%s, %llu not understood", (unsigned long long)in->line_total, plural_s(in->line_total),
                    (unsigned long long)in->lines[LINE_UNPARSED]);
    if (in->has_packets)
        html_format(h, "%llu packet%s, %llu of IKE", (unsigned long long)in->packet_total, plural_s(in->packet_total),
                    (unsigned long long)in->packets[PACKET_IKE]);
    buffer_reset(&h->d.line);
    if (clock_print(h->m, in, &h->d.line)) {
        html_raw(h, "; its clock: ");
        html_put(h, buffer_view(&h->d.line));
    }
    if (in->incomplete)
        html_raw(h, ", <strong>incomplete</strong>");
    html_raw(h, "\n");
}

static void record(struct html *h, const struct record *r)
{
    struct text rest = r->text, line;
    html_raw(h, "<details><summary>");
    html_put(h, text_of(r->name));
    html_raw(h, " ");
    html_put(h, r->title);
    html_raw(h, r->foreign ? " <strong>of another run: its SPIs contradict the logs</strong>" : "");
    html_raw(h, " <span class=\"meta\">");
    buffer_reset(&h->d.line);
    place_print(h->m, r->input, r->first_line, false, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
    html_raw(h, "</span></summary><pre>");
    for (size_t n = 0; n < RECORD_LINES && text_cut(&rest, '\n', &line); n++) {
        html_put(h, line);
        html_raw(h, "\n");
    }
    html_raw(h, "</pre></details>\n");
}

struct held { /* the records of an input, in order */
    const struct record **at;
    size_t count;
};

/* Those of all inputs, whose records may stand in any order. */
static struct held *held_by_inputs(const struct model *m, const struct record **room)
{
    struct held *all = memory_take((m->input_count + 1) * sizeof *all);
    for (const struct record *r = m->records; r; r = r->next)
        if (r->input < m->input_count && (r->text.len || r->title.len)) /* where a configuration begins is no block of it */
            all[r->input].count++;
    for (size_t i = 0; i < m->input_count; i++) {
        all[i].at = room;
        room += all[i].count;
        all[i].count = 0;
    }
    for (const struct record *r = m->records; r; r = r->next)
        if (r->input < m->input_count && (r->text.len || r->title.len)) /* where a configuration begins is no block of it */
            all[r->input].at[all[r->input].count++] = r;
    return all;
}

/* What an input holds besides log lines: its configuration and show output, object by object. */
static void records(struct html *h, const struct input *in, const struct held *held, size_t *budget)
{
    if (!held->count)
        return;
    html_raw(h, "<details class=\"records\"><summary>");
    html_put(h, in->name);
    html_format(h, ": %zu %s", held->count, held->count == 1 ? "block" : "blocks");
    html_raw(h, "</summary>\n");
    for (size_t i = 0; i < held->count && *budget; i++, --*budget)
        record(h, held->at[i]);
    html_raw(h, "</details>\n");
}

void html_inputs(struct html *h)
{
    size_t budget = 500;
    html_raw(h, "<section id=\"inputs\"><h2>Inputs</h2><table class=\"inputs\">");
    html_heads(h, (const char *const[]){ "Name", "Kind", "Router", "Read", NULL });
    for (size_t i = 0; i < h->m->input_count; i++)
        input_row(h, &h->m->inputs[i]);
    html_raw(h, "</tbody></table>\n");
    buffer_reset(&h->d.line);
    if (not_read_print(h->m, &h->d.line)) {
        html_raw(h, "<p class=\"meta\">Not read: ");
        html_put(h, buffer_view(&h->d.line));
        html_raw(h, ".</p>\n");
    }
    size_t count = 0;
    for (const struct record *r = h->m->records; r; r = r->next)
        count++;
    const struct record **room = memory_take((count + 1) * sizeof *room);
    struct held *held = held_by_inputs(h->m, room);
    for (size_t i = 0; i < h->m->input_count; i++)
        records(h, &h->m->inputs[i], &held[i], &budget);
    memory_free(held);
    memory_free((void *)room);
    html_raw(h, "</section>\n");
}
