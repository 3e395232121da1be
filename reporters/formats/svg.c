/* svg: a drawing fit for a document: the lives of the SAs, then for each its ladder and the walkthrough beside it. */
#include "reporters/peers.h"
#include "reporters/reporter.h"
#include "reporters/svg_ladder.h"
#include "reporters/svg_legend.h"
#include "reporters/svg_lives.h"
#include "reporters/svg_verdict.h"
#include "reporters/svg_walk.h"
#include "reporters/words.h"

enum { SAS_DRAWN = 12, LIVES_DRAWN = 24, STEPS_DRAWN = 400, ALIKE_NAMED = 12, ALGORITHM_COLUMNS = 124 };

/* "The same way went ike2, ike3": returns how many are named. */
static unsigned alike(struct drawing *d, const struct model *m, const struct peers *p, const struct ike_sa *drawn, int *y)
{
    unsigned n = 0;
    buffer_reset(&d->line);
    buffer_string(&d->line, "The same way, and not drawn again:");
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa != drawn && peers_same_course(p, drawn, sa)) {
            if (n < ALIKE_NAMED)
                buffer_format(&d->line, "%s ike%u", n ? "," : "", sa->number);
            n++;
        }
    if (n > ALIKE_NAMED)
        buffer_format(&d->line, " and %u more", n - ALIKE_NAMED);
    if (n) {
        draw_text(d, 8, *y + 10, "small", "start", buffer_view(&d->line), 0);
        *y += 22;
    }
    return n;
}

static int one(struct drawing *d, const struct walker *w, const struct model *m, const struct ike_sa *sa, int y)
{
    struct arena *arena = arena_create();
    struct steps steps = steps_of(m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    buffer_reset(&d->line);
    buffer_format(&d->line, "ike%u  ", sa->number);
    spis_print(sa->spi_i, sa->spi_r, " / ", &d->line);
    draw_text(d, 8, y + 16, "h2", "start", buffer_view(&d->line), 60);
    buffer_reset(&d->line);
    if (sa->has_proposal)
        algorithms_print(&sa->proposal, &d->line);
    y += draw_lines(d, 8, y + 34, "small dim", buffer_view(&d->line), ALGORITHM_COLUMNS, 3) * DRAW_LINE;
    y = ladder_draw(d, m, &steps, (struct ladder_options){ .most = STEPS_DRAWN }, y + 28);
    y = legend_draw(d, &steps, y);
    y = walk_draw(d, w, m, sa, y + 12);
    arena_destroy(arena);
    return y + 24;
}

/* The lives of all SAs where they fit, else of those that are drawn. */
static int lives(struct drawing *d, const struct model *m, const struct ike_sa *const *drawn, size_t n, int y)
{
    const struct ike_sa *sas[LIVES_DRAWN];
    size_t count = 0;
    if (m->ike_sa_count + m->child_sa_count < 2)
        return y;
    if (m->ike_sa_count > LIVES_DRAWN)
        return lives_draw(d, m, drawn, n, LIVES_DRAWN, y + 8) + 12;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        sas[count++] = sa;
    return lives_draw(d, m, sas, count, LIVES_DRAWN, y + 8) + 12;
}

static int body_draw(struct drawing *d, const struct model *m, const struct peers *peers)
{
    const struct ike_sa *sas[SAS_DRAWN];
    size_t n = peers_chosen(m, peers, SAS_DRAWN, sas);
    unsigned told = (unsigned)n;
    int y = verdict_draw(d, m, peers, 0);
    y = lives(d, m, sas, n, y);
    struct walker *w = walker_create(m);
    for (size_t i = 0; i < n; i++) {
        y = one(d, w, m, sas[i], y);
        told += alike(d, m, peers, sas[i], &y);
    }
    walker_destroy(w);
    if (m->ike_sa_count > told) {
        buffer_reset(&d->line);
        buffer_format(&d->line, "%u more IKE SA%s not drawn%s; --sa or --peer picks others", m->ike_sa_count - told,
                      m->ike_sa_count - told == 1 ? " is" : "s are", n < SAS_DRAWN ? ": none of them failed" : "");
        draw_text(d, 8, y + 10, "dim", "start", buffer_view(&d->line), 0);
        y += 24;
    }
    if (!n) {
        buffer_reset(&d->line);
        none_seen_print(m, &d->line);
        draw_text(d, 8, y + 10, "dim", "start", buffer_view(&d->line), 0);
    }
    return y + 24;
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    (void)o;
    struct buffer body, all;
    struct arena *arena = arena_create();
    struct peers peers = peers_of(m, arena);
    buffer_init(&body, DRAWING_LIMIT);
    buffer_init(&all, DRAWING_LIMIT);
    struct drawing d = drawing_into(&body);
    int y = body_draw(&d, m, &peers);
    d.out = &all;
    buffer_reset(&d.line);
    verdict_words(m, &peers, &d.line);
    draw_begin(&d, LADDER_WIDTH, y, true, "IKEv2 ladder", buffer_view(&d.line));
    buffer_put(&all, body.at, body.len);
    draw_end(&d);
    sink_text(out, buffer_view(&all));
    drawing_clear(&d);
    buffer_clear(&body);
    buffer_clear(&all);
    peers_clear(&peers);
    arena_destroy(arena);
}

const struct reporter reporter_svg = { .name = "svg",
                                       .summary = "the ladder as a drawing for a document, with the walkthrough",
                                       .endings = ".svg",
                                       .needs_events = true,
                                       .needs_payloads = true,
                                       .needs_transitions = true,
                                       .write = write };
