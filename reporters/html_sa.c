/* One SA of the HTML report: its line in the list, and its panel. */
#include "reporters/html_parts.h"
#include "reporters/shown.h"
#include "reporters/svg_ladder.h"
#include "reporters/svg_legend.h"
#include "reporters/svg_lives.h"
#include "reporters/svg_machine.h"
#include "reporters/words.h"

enum { SAS_LISTED = 5000, STEPS_DRAWN = 1500, RELATED = 24, LIVES_DRAWN = 48 };

static void ends(struct html *h, const struct ike_sa *sa)
{
    buffer_reset(&h->d.line);
    ends_draw(h->m, sa, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
}

static void list_row(struct html *h, const struct ike_sa *sa, bool focus)
{
    unsigned severity = h->severity[sa->number];
    buffer_format(h->d.out,
                  "<tr data-sa=\"%u\" data-severity=\"%u\" data-outcome=\"%s\"%s><td><button type=\"button\" "
                  "tabindex=\"-1\">ike%u</button><td>",
                  sa->number, severity, sa_outcome_name((enum sa_outcome)sa->outcome), focus ? " class=\"chosen\"" : "",
                  sa->number);
    html_sign(h, severity);
    html_raw(h, "<td>");
    html_put(h, text_of(outcome_story(sa)));
    html_raw(h, "<td>");
    ends(h, sa);
    html_raw(h, "<td><code>");
    buffer_reset(&h->d.line);
    spi_print(sa->spi_i, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
    html_raw(h, "</code><td>");
    buffer_reset(&h->d.line);
    if (sa->first.kind)
        stamp_print(sa->first, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
    buffer_format(h->d.out, "<td>%u<td>%u\n", sa->exchange_count, sa->child_count);
}

void html_sa_list(struct html *h, const struct ike_sa *focus)
{
    size_t n = 0;
    html_raw(h, h->m->ike_sa_count < 2 ? "<section id=\"sas\" hidden>" : "<section id=\"sas\">");
    html_raw(h, "<h2>IKE SAs</h2>\n<div class=\"filters\" id=\"sa-filters\" hidden></div>\n"
                "<div class=\"scroll list\"><table id=\"sa-table\" aria-label=\"IKE SAs\">");
    html_heads(h, (const char *const[]){ "SA", "Worst", "Outcome", "Between", "Initiator SPI", "First seen", "Exchanges",
                                         "Child SAs", NULL });
    for (const struct ike_sa *sa = h->m->ike_sas; sa && n < SAS_LISTED; sa = sa->next, n++)
        list_row(h, sa, sa == focus);
    html_raw(h, "</tbody></table></div>\n");
    if (h->m->ike_sa_count > n)
        buffer_format(h->d.out, "<p class=\"meta\">and %u more; --sa or --peer picks others</p>\n",
                      h->m->ike_sa_count - (unsigned)n);
    html_raw(h, "</section>\n");
}

/* ---- the panel ---- */

static void fact(struct html *h, const char *name, struct text value)
{
    if (!value.len)
        return;
    html_raw(h, "<dt>");
    html_raw(h, name);
    html_raw(h, "<dd>");
    html_put(h, value);
    html_raw(h, "\n");
}

static void party_facts(struct html *h, const char *name, const struct party *p)
{
    struct buffer *b = &h->d.line;
    buffer_reset(b);
    party_print(h->m, p, b);
    if (p->endpoint.port)
        buffer_format(b, " port %u", p->endpoint.port);
    if (p->id.value.len) {
        buffer_string(b, ", is ");
        buffer_text(b, p->id.value);
    }
    party_auth_print(p, ", by ", b);
    fact(h, name, buffer_view(b));
}

static void shown_facts(struct html *h, const struct shown *first, const struct child_sa *child)
{
    size_t n = 0;
    for (; first && n < SHOWN_LINES; first = first->next) {
        buffer_reset(&h->d.line);
        if (shown_print(h->m, first, child, &h->d.line)) {
            fact(h, "Shown", buffer_view(&h->d.line));
            n++;
        }
    }
}

static void child_facts(struct html *h, const struct child_sa *c)
{
    struct buffer *b = &h->d.line;
    buffer_reset(b);
    buffer_string(b, sa_outcome_name((enum sa_outcome)c->outcome));
    if (spi_known(c->spi_i) || spi_known(c->spi_r)) {
        buffer_string(b, ", ");
        spis_print(c->spi_i, c->spi_r, " / ", b);
    }
    if (c->tsi || c->tsr) {
        buffer_string(b, ", ");
        selectors_print(c->tsi, 4, b);
        buffer_string(b, " \xe2\x87\x84 ");
        selectors_print(c->tsr, 4, b);
    }
    const size_t told = b->len;
    buffer_string(b, ", ");
    algorithms_print(&c->proposal, b);
    if (b->len == told + 2) /* none is known */
        b->len = told;
    if (c->rekeys)
        buffer_format(b, ", replaces child%u", c->rekeys->number);
    if (c->rekeyed_by)
        buffer_format(b, ", replaced by child%u", c->rekeyed_by->number);
    const struct flow *flows[] = { c->to_responder, c->to_initiator };
    for (size_t i = 0; i < 2; i++)
        if (flows[i]) {
            buffer_string(b, i ? ", to the initiator " : ", to the responder ");
            count_print(flows[i]->traffic.packets, "packet", "packets", b);
            if (flows[i]->traffic.lost)
                buffer_format(b, " (%llu lost)", (unsigned long long)flows[i]->traffic.lost);
        }
    char name[32];
    snprintf(name, sizeof name, "child%u", c->number);
    fact(h, name, buffer_view(b));
    shown_facts(h, c->shown, c);
}

static void facts(struct html *h, const struct ike_sa *sa)
{
    struct buffer *b = &h->d.line;
    html_raw(h, "<dl class=\"facts\">\n");
    buffer_reset(b);
    if (spis_print(sa->spi_i, sa->spi_r, " / ", b))
        fact(h, "SPIs", text_from(buffer_view(b), sizeof "SPIs"));
    struct party from, to, ends[2] = { sa->initiator, sa->responder };
    const bool known = ends_of(sa, &from, &to); /* as the heading has them */
    ends[0].endpoint = from.endpoint;
    ends[0].device = from.device;
    ends[1].endpoint = to.endpoint;
    ends[1].device = to.device;
    party_facts(h, known ? "Initiator" : "This end", known ? &ends[0] : &from);
    party_facts(h, known ? "Responder" : "The other end", known ? &ends[1] : &to);
    buffer_reset(b);
    if (sa->has_proposal)
        algorithms_print(&sa->proposal, b);
    fact(h, "Chosen", buffer_view(b));
    if (sa->nat_known)
        fact(h, "NAT",
             text_of(sa->initiator_behind_nat && sa->responder_behind_nat ? "both ends are behind NAT"
                     : sa->initiator_behind_nat                           ? "the initiator is behind NAT"
                     : sa->responder_behind_nat                           ? "the responder is behind NAT"
                                                                          : "none"));
    buffer_reset(b);
    if (sa->rekeys)
        buffer_format(b, "replaces ike%u ", sa->rekeys->number);
    if (ike_sa_replaced(sa)) {
        buffer_string(b, "replaced ");
        heir_print(sa, b);
    }
    fact(h, "Rekey", buffer_view(b));
    buffer_reset(b);
    moves_print(sa, b);
    fact(h, "Ports", buffer_view(b));
    shown_facts(h, sa->shown, NULL);
    size_t n = 0;
    for (const struct child_sa *c = sa->children; c && n < RELATED; c = c->sibling, n++)
        child_facts(h, c);
    if (sa->child_count > n)
        html_format(h, "and %u more Child SA%s", sa->child_count - (unsigned)n, plural_s(sa->child_count - n));
    html_raw(h, "</dl>\n");
}

/* title NULL: none. Without times there is nothing to draw. */
static void lives_figure(struct html *h, const char *title, const struct ike_sa *const *sas, size_t n)
{
    struct buffer body, *out = h->d.out;
    buffer_init(&body, DRAWING_LIMIT);
    h->d.out = &body;
    int y = lives_draw(&h->d, h->m, sas, n, LIVES_DRAWN, 8);
    h->d.out = out;
    if (body.len) {
        html_raw(h, title ? title : "");
        html_raw(h, "<div class=\"scroll lives\" tabindex=\"0\" role=\"region\" aria-label=\"Lifelines\">");
        draw_begin(&h->d, LADDER_WIDTH, y + 4, false, "The lives of the SAs",
                   TEXT("A bar for each SA, from its beginning to its end; an arrow leads to the SA that replaced it."));
        buffer_put(out, body.at, body.len);
        draw_end(&h->d);
        html_raw(h, "</div>\n");
    }
    buffer_clear(&body);
}

void html_lives(struct html *h)
{
    const struct ike_sa *sas[LIVES_DRAWN];
    const size_t n = peers_drawn(h->m, LIVES_DRAWN, sas);
    if (n < 2)
        return;
    html_raw(h, "<section id=\"lives\">");
    lives_figure(h, "<h2>Lifelines</h2>\n", sas, n);
    if (h->m->ike_sa_count > n)
        html_format(h, "%zu of %u IKE SAs, the failing ones first.", n, h->m->ike_sa_count);
    html_raw(h, "</section>\n");
}

/* The SA itself, and those that it replaced or that replaced it, nearest first. */
static void lives(struct html *h, const struct ike_sa *sa)
{
    const struct ike_sa *related[RELATED];
    size_t n = 0;
    const struct ike_sa *first = sa;
    for (size_t back = 0; first->rekeys && back < RELATED / 2; back++)
        first = first->rekeys;
    for (; first && n < RELATED; first = first->rekeyed_by)
        related[n++] = first;
    lives_figure(h, NULL, related, n);
}

static void ladder(struct html *h, const struct ike_sa *sa)
{
    struct arena *arena = arena_create();
    struct steps steps = steps_of(h->m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    struct buffer body, *out = h->d.out;
    buffer_init(&body, DRAWING_LIMIT);
    h->d.out = &body;
    int y = ladder_draw(&h->d, h->m, &steps, (struct ladder_options){ .interactive = true, .most = STEPS_DRAWN }, 4);
    y = legend_draw(&h->d, &steps, y);
    h->d.out = out;
    html_raw(h, "<div class=\"scroll ladder\">");
    buffer_reset(&h->d.line);
    buffer_format(&h->d.line, "ike%u, ", sa->number);
    ends_draw(h->m, sa, &h->d.line);
    buffer_format(&h->d.line, ": %s. From top to bottom an arrow for each message, beside it the states and notes of both ends.",
                  outcome_story(sa));
    draw_begin(&h->d, LADDER_WIDTH, y + 8, false, "The ladder of the exchanges", buffer_view(&h->d.line));
    buffer_put(out, body.at, body.len);
    draw_end(&h->d);
    html_raw(h, "</div>\n");
    buffer_clear(&body);
    arena_destroy(arena);
}

static void machines(struct html *h, const struct ike_sa *sa)
{
    struct buffer body, *out = h->d.out;
    int bottom = 0, x = 0;
    buffer_init(&body, DRAWING_LIMIT);
    h->d.out = &body;
    for (const struct view *v = sa->views; v && x < 2 * MACHINE_WIDTH; v = v->next) {
        if (!v->transitions)
            continue;
        int y = machine_draw(&h->d, h->m, sa, v, x, 8);
        bottom = y > bottom ? y : bottom;
        x += MACHINE_WIDTH;
    }
    h->d.out = out;
    if (x) {
        html_raw(h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"States\">");
        draw_begin(&h->d, 2 * MACHINE_WIDTH + 10, bottom + 8, false, "The states that were passed",
                   TEXT("A box for each state, in the order in which they were entered; an arrow with the event that left it."));
        buffer_put(out, body.at, body.len);
        draw_end(&h->d);
        html_raw(h, "</div>\n");
    } else {
        html_raw(h, "<p>No log shows the state machine of this SA.</p>\n");
    }
    buffer_clear(&body);
}

void html_sa_panel(struct html *h, const struct ike_sa *sa)
{
    buffer_format(h->d.out, "<h2 id=\"sa-title\">ike%u: ", sa->number);
    html_put(h, text_of(outcome_story(sa)));
    html_raw(h, ", ");
    ends(h, sa);
    html_raw(h, "</h2>\n<p class=\"meta\">");
    buffer_reset(&h->d.line);
    if (spis_print(sa->spi_i, sa->spi_r, " / ", &h->d.line)) {
        html_raw(h, "SPIs <code>");
        html_put(h, text_from(buffer_view(&h->d.line), sizeof "SPIs"));
        html_raw(h, "</code> ");
    }
    buffer_reset(&h->d.line);
    if (sa->has_proposal)
        algorithms_print(&sa->proposal, &h->d.line);
    html_put(h, buffer_view(&h->d.line));
    html_raw(h, "</p>\n<div class=\"tab\" data-tab=\"Ladder\"><h3>Ladder</h3>\n");
    ladder(h, sa);
    html_raw(h, "</div>\n<div class=\"tab\" data-tab=\"Step by step\"><h3>Step by step</h3>\n");
    html_walk(h, sa);
    html_raw(h, "</div>\n<div class=\"tab\" data-tab=\"States\"><h3>States</h3>\n");
    machines(h, sa);
    html_raw(h, "</div>\n<div class=\"tab\" data-tab=\"SA and Child SAs\"><h3>SA and Child SAs</h3>\n");
    facts(h, sa);
    lives(h, sa);
    html_raw(h, "</div>\n");
}
