/* The findings of the HTML report: what happened, what to do, the ends beside each other where there is room, and the proof of it.
 * Errors lie open, what is lesser can be opened, and what is the same of others stands folded below it. */
#include "base/map.h"
#include "reporters/fixes.h"
#include "reporters/html_parts.h"
#include "reporters/prose.h"
#include "reporters/words.h"

enum { FINDINGS_SHOWN = 200, OPEN_ERRORS = 5, ALIKE_NAMED = 8 };

static void advice(struct html *h, const struct finding *f)
{
    struct fixes places[FIX_PLACES];
    size_t count = fixes_of(f, places);
    html_raw(h, count ? "<div class=\"fixes\">" : "");
    for (size_t i = 0; i < count; i++) {
        buffer_reset(&h->d.line);
        fix_where_print(h->m, &places[i], &h->d.line);
        if (!places[i].where.len)
            buffer_string(&h->d.line, "what to do");
        html_raw(h, "<div><h4>");
        buffer_byte(h->d.out, (unsigned char)(h->d.line.at[0] - 'a' + 'A'));
        html_put(h, text_from(buffer_view(&h->d.line), 1));
        html_raw(h, "</h4><ul>");
        for (size_t n = 0; n < places[i].count; n++) {
            html_raw(h, "<li>");
            html_advice(h, places[i].lines[n]);
        }
        html_raw(h, "</ul></div>");
    }
    html_raw(h, count ? "</div>" : "");
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
        span_print(f->ike_sa ? model_input(h->m, f->ike_sa->first_input) : NULL, f->first, f->last, &h->d.line);
        if (h->d.line.len)
            html_raw(h, ", ");
        html_put(h, buffer_view(&h->d.line));
    }
    html_raw(h, "</span>");
}

static void body(struct html *h, const struct finding *f)
{
    html_raw(h, "<div class=\"body\"><p>");
    buffer_reset(&h->d.line);
    cause_print(h->m, f, &h->d.line);
    html_prose(h, buffer_view(&h->d.line));
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

/* Findings of one rule that say the same of several tunnels: the first is told, the others stand folded below it. */
struct kind {
    const struct finding **at;
    size_t count, room;
};

struct kinds {
    struct kind *at;
    size_t count, room;
    struct map by_key;
    struct arena *arena;
};

static void add(struct kinds *k, const struct finding *f)
{
    const struct text key = arena_format(k->arena, "%u|%s|%.*s", f->severity, f->rule, TEXT_ARGS(f->title));
    size_t index = (size_t)(uintptr_t)map_find(&k->by_key, bytes_of_text(key));
    if (!index) {
        if (k->count == k->room) {
            k->room = k->room ? 2 * k->room : 64;
            k->at = memory_grow(k->at, k->room * sizeof *k->at);
        }
        k->at[k->count++] = (struct kind){ 0 };
        index = k->count;
        map_put(&k->by_key, bytes_of_text(key), (void *)(uintptr_t)index); /* from 1: nothing is not there */
    }
    struct kind *of = &k->at[index - 1];
    if (of->count == of->room) {
        of->room = of->room ? 2 * of->room : 4;
        of->at = memory_grow(of->at, of->room * sizeof *of->at);
    }
    of->at[of->count++] = f;
}

static void kinds_clear(struct kinds *k)
{
    for (size_t i = 0; i < k->count; i++)
        memory_free(k->at[i].at);
    memory_free(k->at);
    map_clear(&k->by_key);
    arena_destroy(k->arena);
}

/* "16 more like it: ike4, ike7 and 14 more"; returns how many are in the page. */
static size_t others(struct html *h, const struct kind *k, size_t room)
{
    size_t n = 1, named = 0;
    buffer_format(h->d.out, "<details class=\"alike\"><summary>%zu more like it", k->count - 1);
    for (size_t i = 1; i < k->count; i++)
        if (k->at[i]->ike_sa && named < ALIKE_NAMED)
            buffer_format(h->d.out, named++ ? ", ike%u" : ": ike%u", k->at[i]->ike_sa->number);
    html_raw(h, named == ALIKE_NAMED && k->count - 1 > named ? ", ...</summary>\n" : "</summary>\n");
    for (; n < k->count && n <= room; n++)
        finding(h, k->at[n], false);
    html_raw(h, "</details>\n");
    return n - 1;
}

void html_findings(struct html *h)
{
    struct kinds k = { .arena = arena_create() };
    size_t n = 0;
    html_raw(h, "<section id=\"findings\"><h2>Findings</h2>\n");
    for (const struct finding *f = h->m->findings; f; f = f->next)
        add(&k, f);
    for (size_t i = 0; i < k.count && n < FINDINGS_SHOWN; i++) {
        finding(h, k.at[i].at[0], i == 0 || (i < OPEN_ERRORS && k.at[i].at[0]->severity == SEVERITY_ERROR));
        n++;
        if (k.at[i].count > 1)
            n += others(h, &k.at[i], FINDINGS_SHOWN - n);
    }
    if (!n)
        html_raw(h, h->m->ike_sa_count || h->m->records
                        ? "<p>Nothing was found that needs attention.</p>\n"
                        : "<p>Nothing of IKEv2 is in what was read, so nothing is judged. To begin with it takes the output of "
                          "<code>debug crypto ikev2</code> of one end, or a capture of UDP 500 and 4500.</p>\n");
    if (h->m->finding_count > n)
        buffer_format(h->d.out, "<p>and %u more finding%s; the JSON report has all of them</p>\n",
                      h->m->finding_count - (unsigned)n, plural_s(h->m->finding_count - n));
    html_raw(h, "</section>\n");
    kinds_clear(&k);
}
