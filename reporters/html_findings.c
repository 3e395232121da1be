/* The findings of the HTML report: what happened and what to do at the left, the proof of it at the right. Errors lie open, what
 * is lesser can be opened. */
#include "reporters/fixes.h"
#include "reporters/html_parts.h"
#include "reporters/words.h"

enum { FINDINGS_SHOWN = 200, OPEN_ERRORS = 5 };

static void advice(struct html *h, const struct finding *f)
{
    struct fixes places[FIX_PLACES];
    size_t count = fixes_of(f, places);
    for (size_t i = 0; i < count; i++) {
        const char *where = places[i].where[0] ? places[i].where : "what to do";
        buffer_format(h->d.out, "<div><h4>%c%s", where[0] - 'a' + 'A', where + 1);
        buffer_reset(&h->d.line);
        if (places[i].party)
            party_print(h->m, places[i].party, &h->d.line);
        if (h->d.line.len && !text_equal(buffer_view(&h->d.line), TEXT("unknown"))) {
            html_raw(h, ", ");
            html_put(h, buffer_view(&h->d.line));
        }
        html_raw(h, "</h4><ul>");
        for (size_t n = 0; n < places[i].count; n++) {
            html_raw(h, "<li>");
            html_prose(h, places[i].lines[n]);
        }
        html_raw(h, "</ul></div>");
    }
}

static void quotes(struct html *h, const char *heading, const struct finding_line *l)
{
    if (!l)
        return;
    html_raw(h, "<div><h4>");
    html_raw(h, heading);
    html_raw(h, "</h4><ul class=\"quotes\">\n");
    for (; l; l = l->next) {
        html_raw(h, "<li>");
        if (l->place) {
            html_place(h, l->input, l->place, l->packet);
            html_raw(h, " ");
        }
        html_raw(h, "<code>");
        html_put(h, text_upto(l->text, 4000));
        html_raw(h, "</code>\n");
    }
    html_raw(h, "</ul></div>");
}

static void about(struct html *h, const struct finding *f)
{
    html_raw(h, "<span class=\"meta\">");
    html_put(h, text_of(f->rule));
    if (f->confidence) {
        html_raw(h, ", ");
        html_put(h, text_of(confidence_name((enum confidence)f->confidence)));
    }
    if (f->ike_sa)
        buffer_format(h->d.out, ", <a href=\"#sa\" data-sa=\"%u\">ike%u</a>", f->ike_sa->number, f->ike_sa->number);
    if (f->child_sa)
        buffer_format(h->d.out, ", child%u", f->child_sa->number);
    if (f->count > 1) {
        buffer_format(h->d.out, ", %u times", f->count);
        buffer_reset(&h->d.line);
        span_print(f->first, f->last, &h->d.line);
        if (h->d.line.len)
            html_raw(h, ", ");
        html_put(h, buffer_view(&h->d.line));
    }
    html_raw(h, "</span>");
}

static void body(struct html *h, const struct finding *f)
{
    html_raw(h, "<div class=\"body\"><p>");
    html_prose(h, f->cause);
    html_raw(h, "</p>");
    advice(h, f);
    quotes(h, "Evidence", f->evidence);
    quotes(h, "Configuration", f->config);
    html_raw(h, "</div>");
}

static void finding(struct html *h, const struct finding *f, bool open)
{
    const char *severity = severity_name((enum severity)f->severity);
    buffer_format(h->d.out,
                  open ? "<article class=\"finding %s\" id=\"f%u\"><h3>"
                       : "<details class=\"finding %s\" id=\"f%u\"><summary><h3>",
                  severity, f->number);
    html_sign(h, f->severity);
    html_raw(h, " ");
    html_put(h, f->title);
    html_raw(h, "</h3> ");
    about(h, f);
    if (!open)
        html_raw(h, "</summary>");
    body(h, f);
    html_raw(h, open ? "</article>\n" : "</details>\n");
}

void html_findings(struct html *h)
{
    size_t n = 0;
    html_raw(h, "<section id=\"findings\"><h2>Findings</h2>\n");
    for (const struct finding *f = h->m->findings; f && n < FINDINGS_SHOWN; f = f->next, n++)
        finding(h, f, n == 0 || (n < OPEN_ERRORS && f->severity == SEVERITY_ERROR));
    if (!n)
        html_raw(h, "<p>Nothing was found that needs attention.</p>\n");
    if (h->m->finding_count > n)
        buffer_format(h->d.out, "<p>and %u more finding%s; the JSON report has all of them</p>\n",
                      h->m->finding_count - (unsigned)n, plural_s(h->m->finding_count - n));
    html_raw(h, "</section>\n");
}
