#include "reporters/html_parts.h"

#include <stdarg.h>
#include <stdio.h>

#include "reporters/words.h"

enum { PAIRS_SHOWN = 50, FINDINGS_SHOWN = 200, RECORD_LINES = 400 };

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

void html_prose(struct html *h, struct text t)
{
    bool code = false;
    size_t ticks = 0;
    for (size_t i = 0; i < t.len; i++)
        ticks += t.at[i] == '`';
    if (ticks % 2) {
        html_put(h, t);
        return;
    }
    for (size_t from = 0, i = 0; i <= t.len; i++)
        if (i == t.len || t.at[i] == '`') {
            html_put(h, text_upto(text_from(t, from), i - from));
            if (i < t.len)
                html_raw(h, code ? "</code>" : "<code>");
            code = !code;
            from = i + 1;
        }
}

void html_place(struct html *h, uint32_t input, uint32_t place, bool packet)
{
    buffer_format(h->d.out, "<button type=\"button\" class=\"place\" data-place=\"%u:%u\">", input, place);
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

/* ---- verdict ---- */

static const char *state_class(const struct pair *p)
{
    return p->state == PAIR_FAILED ? "bad" : p->state == PAIR_UP ? "good" : "middling";
}

static void headline(struct html *h)
{
    uint32_t states[PAIR_UP + 1] = { 0 };
    static const char *const words[] = { "", "failed", "incomplete", "down", "impaired", "up" };
    for (size_t i = 0; i < h->peers->count; i++)
        states[h->peers->at[i]->state <= PAIR_UP ? h->peers->at[i]->state : 0]++;
    html_raw(h, "<h1>");
    if (!h->peers->count)
        html_raw(h, "No IKE SA was found");
    bool any = false;
    for (size_t s = PAIR_FAILED; s <= PAIR_UP; s++)
        if (states[s]) {
            html_format(h, "%s%u %s %s", any ? ", " : "", states[s], states[s] == 1 ? "tunnel" : "tunnels", words[s]);
            any = true;
        }
    html_raw(h, "</h1>\n");
}

void html_verdict(struct html *h)
{
    headline(h);
    if (!h->peers->count)
        return;
    html_raw(h, "<table class=\"verdict\"><thead><tr><th>State<th>Between<th>IKE SAs<th>Why</thead><tbody>\n");
    for (size_t i = 0; i < h->peers->count && i < PAIRS_SHOWN; i++) {
        const struct pair *p = h->peers->at[i];
        buffer_format(h->d.out, "<tr><td><strong class=\"state %s\">", state_class(p));
        html_put(h, text_of(pair_state_word((enum pair_state)p->state)));
        html_raw(h, "</strong><td>");
        buffer_reset(&h->d.line);
        party_print(h->m, &p->first->initiator, &h->d.line);
        buffer_string(&h->d.line, " \xe2\x87\x84 ");
        party_print(h->m, &p->first->responder, &h->d.line);
        html_put(h, buffer_view(&h->d.line));
        buffer_format(h->d.out, "<td>%u<td>", p->count);
        if (p->finding) {
            buffer_format(h->d.out, "<a href=\"#f%u\">", p->finding->number);
            html_put(h, p->finding->title);
            html_raw(h, "</a>");
        }
        html_raw(h, "\n");
    }
    html_raw(h, "</tbody></table>\n");
    if (h->peers->count > PAIRS_SHOWN)
        buffer_format(h->d.out, "<p>and %zu more pairs of peers</p>\n", h->peers->count - PAIRS_SHOWN);
}

/* ---- findings ---- */

static void advice(struct html *h, const char *who, const struct finding_line *l)
{
    if (!l)
        return;
    html_raw(h, "<div><h4>On the ");
    html_raw(h, who);
    html_raw(h, "</h4><ul>");
    for (; l; l = l->next) {
        html_raw(h, "<li>");
        html_prose(h, l->text);
    }
    html_raw(h, "</ul></div>");
}

static void quotes(struct html *h, const char *heading, const struct finding_line *l)
{
    if (!l)
        return;
    html_raw(h, "<h4>");
    html_raw(h, heading);
    html_raw(h, "</h4><ul class=\"quotes\">\n");
    for (; l; l = l->next) {
        html_raw(h, "<li>");
        if (l->place)
            html_place(h, l->input, l->place, l->packet);
        html_raw(h, " <code>");
        html_put(h, text_upto(l->text, 4000));
        html_raw(h, "</code>\n");
    }
    html_raw(h, "</ul>");
}

static void finding(struct html *h, const struct finding *f)
{
    buffer_format(h->d.out, "<article class=\"finding %s\" id=\"f%u\"><h3>", severity_name((enum severity)f->severity),
                  f->number);
    html_sign(h, f->severity);
    html_raw(h, " ");
    html_put(h, f->title);
    html_raw(h, "</h3><p class=\"meta\">");
    html_put(h, text_of(f->rule));
    if (f->confidence) {
        html_raw(h, ", ");
        html_put(h, text_of(confidence_name((enum confidence)f->confidence)));
    }
    if (f->count > 1)
        buffer_format(h->d.out, ", %u times", f->count);
    if (f->ike_sa)
        buffer_format(h->d.out, ", <a href=\"#sa\" data-sa=\"%u\">ike%u</a>", f->ike_sa->number, f->ike_sa->number);
    if (f->child_sa)
        buffer_format(h->d.out, ", child%u", f->child_sa->number);
    html_raw(h, "</p><p>");
    html_prose(h, f->cause);
    html_raw(h, "</p>");
    if (f->fix_initiator || f->fix_responder) {
        html_raw(h, "<div class=\"fix\">");
        advice(h, "initiator", f->fix_initiator);
        advice(h, "responder", f->fix_responder);
        html_raw(h, "</div>");
    }
    quotes(h, "Evidence", f->evidence);
    quotes(h, "Configuration", f->config);
    html_raw(h, "</article>\n");
}

void html_findings(struct html *h)
{
    size_t n = 0;
    html_raw(h, "<section id=\"findings\"><h2>Findings</h2>\n");
    for (const struct finding *f = h->m->findings; f && n < FINDINGS_SHOWN; f = f->next, n++)
        finding(h, f);
    if (!n)
        html_raw(h, "<p>Nothing was found that needs attention.</p>\n");
    if (h->m->finding_count > n)
        buffer_format(h->d.out, "<p>and %u more findings; the JSON report has all of them</p>\n",
                      h->m->finding_count - (unsigned)n);
    html_raw(h, "</section>\n");
}

/* ---- inputs ---- */

static void input_row(struct html *h, const struct input *in)
{
    html_raw(h, "<tr><td>");
    html_put(h, in->name);
    html_raw(h, "<td>");
    html_put(h, text_of(input_kind_name(in->kind) ? input_kind_name(in->kind) : ""));
    html_raw(h, "<td>");
    html_put(h, device_name(h->m, in->device));
    html_raw(h, "<td>");
    if (in->has_lines)
        html_format(h, "%llu lines, %llu not understood", (unsigned long long)in->line_total,
                    (unsigned long long)in->lines[LINE_UNPARSED]);
    if (in->has_packets)
        html_format(h, "%llu packets, %llu of IKE", (unsigned long long)in->packet_total,
                    (unsigned long long)in->packets[PACKET_IKE]);
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

void html_inputs(struct html *h)
{
    html_raw(h, "<section id=\"inputs\"><h2>Inputs</h2><table><thead><tr><th>Name<th>Kind<th>Router<th>Read</thead><tbody>\n");
    for (size_t i = 0; i < h->m->input_count; i++)
        input_row(h, &h->m->inputs[i]);
    html_raw(h, "</tbody></table>\n");
    size_t n = 0;
    for (const struct record *r = h->m->records; r && n < 500; r = r->next, n++)
        record(h, r);
    html_raw(h, "</section>\n");
}
