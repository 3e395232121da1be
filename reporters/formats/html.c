/* html: one file that needs no network: verdict, findings, ladders, walkthroughs, events. reporters/html_parts.h says how. */
#include "base/crypto.h"
#include "reporters/html_assets.h"
#include "reporters/html_parts.h"
#include "reporters/peers.h"
#include "reporters/reporter.h"

/* How many SAs have a panel of their own, and how much all panels may take: a page is still to be sent by mail. */
enum { DETAILED = 500, PANELS_LIMIT = 32 << 20 };

/* The hash by which the page's policy allows exactly this style sheet and this script. */
static void put_hash(struct buffer *out, const struct bytes *parts, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t hash[CRYPTO_DIGEST] = { 0 };
    hash_of(HASH_SHA2_256, parts, count, hash);
    buffer_string(out, "'sha256-");
    for (size_t i = 0; i < 32; i += 3) {
        uint32_t v = (uint32_t)hash[i] << 16 | (i + 1 < 32 ? (uint32_t)hash[i + 1] << 8 : 0) | (i + 2 < 32 ? hash[i + 2] : 0);
        buffer_byte(out, digits[v >> 18]);
        buffer_byte(out, digits[v >> 12 & 63]);
        buffer_byte(out, i + 1 < 32 ? digits[v >> 6 & 63] : '=');
        buffer_byte(out, i + 2 < 32 ? digits[v & 63] : '=');
    }
    buffer_byte(out, '\'');
}

static void head(struct html *h, const char *version)
{
    const struct bytes style[] = { bytes_over(asset_drawing_css, asset_drawing_css_length),
                                   bytes_over(asset_report_css, asset_report_css_length) };
    const struct bytes script[] = { bytes_over(asset_report_js, asset_report_js_length) };
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    put_hash(h->d.out, style, 2);
    html_raw(h, "; script-src ");
    put_hash(h->d.out, script, 1);
    html_raw(
        h,
        "; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"ikescope ");
    html_put(h, text_of(version));
    html_raw(h, "\">\n<title>");
    html_title(h, ": ");
    html_raw(h, "</title>\n<style>");
    buffer_put(h->d.out, style[0].at, style[0].len);
    buffer_put(h->d.out, style[1].at, style[1].len);
    html_raw(h, "</style>\n</head>\n<body>\n");
}

/* The SA that is shown first: that of the first finding that is an error, else the worst one, of those the first. */
static const struct ike_sa *focus_of(const struct model *m)
{
    const struct ike_sa *best = m->ike_sas;
    for (const struct finding *f = m->findings; f; f = f->next)
        if (f->ike_sa && f->severity == SEVERITY_ERROR)
            return f->ike_sa;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (ike_sa_need(sa) < ike_sa_need(best))
            best = sa;
    return best;
}

static const uint8_t *severities(const struct model *m, struct arena *arena)
{
    uint32_t most = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        most = sa->number > most ? sa->number : most;
    uint8_t *worst = arena_array(arena, uint8_t, (size_t)most + 1);
    for (const struct finding *f = m->findings; f; f = f->next)
        if (f->ike_sa && f->severity > worst[f->ike_sa->number])
            worst[f->ike_sa->number] = f->severity;
    return worst;
}

static void flush(struct html *h, struct sink *out)
{
    sink_text(out, buffer_view(h->d.out));
    buffer_reset(h->d.out);
}

/* The keys, also opened by "?". What html/report.js listens to. keys, what they do */
static void keys(struct html *h)
{
    static const struct {
        const char *keys, *what;
    } list[] = { { "/", "find in the ladder" },
                 { "j k", "next and previous step of the ladder; Enter unfolds" },
                 { "[ ]", "previous and next SA" },
                 { "1 2 3 4", "ladder, step by step, states, facts" },
                 { "+ - 0", "larger, smaller, as it was" },
                 { "e", "events" },
                 { "Esc", "close, leave and empty a field" },
                 { "?", "this list" } };
    html_raw(h, "<details id=\"keys\"><summary>Keys</summary><dl class=\"facts\">");
    for (size_t i = 0; i < COUNT_OF(list); i++) {
        html_raw(h, "<dt>");
        for (struct text rest = text_of(list[i].keys), one; text_cut(&rest, ' ', &one);) {
            html_raw(h, "<kbd>");
            html_put(h, one);
            html_raw(h, "</kbd> ");
        }
        html_raw(h, "<dd>");
        html_put(h, text_of(list[i].what));
    }
    html_raw(h, "</dl></details>\n");
}

static void body(struct html *h, const struct ike_sa *focus, const char *version)
{
    html_raw(h, "<a class=\"skip\" href=\"#main\">to the findings</a>\n<header>");
    html_verdict(h);
    html_raw(h, "</header>\n<main id=\"main\">\n");
    html_findings(h);
    html_sa_list(h, focus);
    html_lives(h);
    html_raw(h, "<section id=\"sa\">\n<div id=\"sa-tools\" class=\"filters\" hidden></div>\n<div id=\"panel\">\n");
    if (focus)
        html_sa_panel(h, focus);
    html_raw(h, "</div>\n</section>\n");
    if (h->m->event_count) {
        html_raw(h, "<section id=\"events\" hidden><h2>Events</h2>\n<div class=\"filters\" id=\"event-filters\"></div>\n"
                    "<div class=\"scroll\" id=\"event-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Events\">"
                    "<table id=\"event-table\" aria-label=\"Events\">");
        html_heads(h, (const char *const[]){ "t", "Input", "Line", "Kind", "Sign", "SA", "Text", NULL });
        html_raw(h, "</tbody></table></div></section>\n");
    }
    html_inputs(h);
    html_raw(h, "</main>\n<aside id=\"detail\" hidden tabindex=\"-1\" aria-label=\"Details\"></aside>\n<noscript><p>Without "
                "scripts this page "
                "shows one SA; the others and the "
                "events are in it as data.</p></noscript>\n<footer>");
    keys(h);
    html_raw(h, "<p>Written by ikescope ");
    html_put(h, text_of(version));
    html_raw(h, ".</p></footer>\n");
}

static void data(struct html *h, const struct ike_sa *focus, struct sink *out)
{
    size_t n = 0;
    for (unsigned round = 0; round < SA_NEEDS; round++)
        for (const struct ike_sa *sa = h->m->ike_sas; sa; sa = sa->next)
            if (sa != focus && ike_sa_need(sa) == round && n < DETAILED && h->data < PANELS_LIMIT) {
                html_sa_data(h, sa, out);
                n++;
            }
    if (focus)
        html_sa_data(h, focus, out);
    html_events_data(h, out);
    html_records_data(h, out);
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct buffer page;
    struct arena *arena = arena_create();
    struct peers peers = peers_of(m, arena);
    struct walker *walker = walker_create(m);
    buffer_init(&page, DRAWING_LIMIT);
    struct html h = { .d = drawing_into(&page), .m = m, .walker = walker, .peers = &peers };
    h.severity = severities(m, arena);
    const struct ike_sa *focus = focus_of(m);
    head(&h, o->version ? o->version : "");
    body(&h, focus, o->version ? o->version : "");
    flush(&h, out);
    data(&h, focus, out);
    html_raw(&h, "<script>");
    buffer_put(&page, asset_report_js, asset_report_js_length);
    html_raw(&h, "</script>\n</body>\n</html>\n");
    flush(&h, out);
    drawing_clear(&h.d);
    buffer_clear(&page);
    walker_destroy(walker);
    peers_clear(&peers);
    arena_destroy(arena);
}

const struct reporter reporter_html = { .name = "html",
                                        .summary = "one page with all of it, for a browser, a mail or paper; needs no network",
                                        .endings = ".html .htm",
                                        .needs_events = true,
                                        .needs_payloads = true,
                                        .needs_transitions = true,
                                        .write = write };
