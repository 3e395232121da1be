/* svg: a drawing fit for a document: the lives of the SAs, then for each its ladder and the walkthrough beside it. */
#include <stdlib.h>

#include "reporters/reporter.h"
#include "reporters/svg_ladder.h"
#include "reporters/svg_lives.h"
#include "reporters/svg_walk.h"
#include "reporters/words.h"

enum { SAS_DRAWN = 12, LIVES_DRAWN = 48, STEPS_DRAWN = 400 };

static unsigned rank(const struct ike_sa *sa)
{
    return sa->outcome == SA_FAILED ? 0 : sa->outcome == SA_INCOMPLETE ? 1 : 2;
}

/* Which SAs are drawn when there are too many: failing ones first; then in order of first sighting. */
static size_t choose(const struct model *m, const struct ike_sa **into)
{
    size_t n = 0;
    for (unsigned round = 0; round < 3; round++)
        for (const struct ike_sa *sa = m->ike_sas; sa && n < SAS_DRAWN; sa = sa->next)
            if (rank(sa) == round)
                into[n++] = sa;
    return n;
}

static int by_number(const void *a, const void *b)
{
    const struct ike_sa *const *x = a, *const *y = b;
    return (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

static int findings(struct drawing *d, const struct model *m, int y)
{
    size_t n = 0;
    for (const struct finding *f = m->findings; f && n < 5; f = f->next) {
        if (f->severity < SEVERITY_WARNING)
            continue;
        draw_sign(d, f->severity, 8, y + 6);
        draw_text(d, 30, y + 10, f->severity == SEVERITY_ERROR ? "bad" : "strong", "start", f->title, 120);
        y += 16;
        y += draw_lines(d, 30, y + 10, "small", f->cause, 150, 4) * DRAW_LINE + 8;
        n++;
    }
    return n ? y + 8 : y;
}

static int one(struct drawing *d, const struct walker *w, const struct model *m, const struct ike_sa *sa, int y)
{
    struct arena *arena = arena_create();
    struct steps steps = steps_of(m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    buffer_reset(&d->line);
    buffer_format(&d->line, "ike%u  ", sa->number);
    spi_print(sa->spi_i, &d->line);
    buffer_string(&d->line, " / ");
    spi_print(sa->spi_r, &d->line);
    draw_text(d, 8, y + 16, "h2", "start", buffer_view(&d->line), 60);
    buffer_reset(&d->line);
    if (sa->has_proposal)
        algorithms_print(&sa->proposal, &d->line);
    draw_text(d, LADDER_WIDTH - 10, y + 16, "small dim", "end", buffer_view(&d->line), 90);
    y = ladder_draw(d, m, &steps, (struct ladder_options){ .most = STEPS_DRAWN }, y + 28);
    y = walk_draw(d, w, m, sa, y + 12);
    arena_destroy(arena);
    return y + 24;
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    (void)o;
    const struct ike_sa *sas[SAS_DRAWN];
    size_t n = choose(m, sas);
    qsort(sas, n, sizeof sas[0], by_number);
    struct buffer body, all;
    buffer_init(&body, DRAWING_LIMIT);
    buffer_init(&all, DRAWING_LIMIT);
    struct drawing d = drawing_into(&body);
    int y = 24;
    draw_string(&d, 8, y + 2, "h1", "start", n == 1 ? "An IKEv2 negotiation" : "IKEv2 negotiations");
    y = findings(&d, m, y + 20);
    if (n)
        y = lives_draw(&d, m, sas, n, LIVES_DRAWN, y + 8) + 12;
    struct walker *w = walker_create(m);
    for (size_t i = 0; i < n; i++)
        y = one(&d, w, m, sas[i], y);
    walker_destroy(w);
    if (m->ike_sa_count > n) {
        buffer_reset(&d.line);
        buffer_format(&d.line, "%u more IKE SAs are not drawn; --sa or --peer picks others", m->ike_sa_count - (unsigned)n);
        draw_text(&d, 8, y + 10, "dim", "start", buffer_view(&d.line), 0);
        y += 24;
    }
    if (!n)
        draw_string(&d, 8, y + 10, "dim", "start", "no IKE SA was found in the inputs");
    d.out = &all;
    draw_begin(&d, LADDER_WIDTH, y + 24, true, "IKEv2 ladder");
    buffer_put(&all, body.at, body.len);
    draw_end(&d);
    sink_text(out, buffer_view(&all));
    drawing_clear(&d);
    buffer_clear(&body);
    buffer_clear(&all);
}

const struct reporter reporter_svg = { .name = "svg",
                                       .summary = "the ladder as a drawing for a document, with the walkthrough",
                                       .needs_events = true,
                                       .needs_payloads = true,
                                       .needs_transitions = true,
                                       .write = write };
