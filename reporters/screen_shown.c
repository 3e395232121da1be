/* Show output of SAs that no log and no capture of the inputs has: it stands beside them, a line each. */
#include "reporters/screen.h"
#include "reporters/shown.h"

enum { UNJOINED_LINES = 12 };

static void note_all(struct map *joined, const struct shown *s)
{
    for (; s; s = s->next)
        map_put(joined, bytes_over(&s->entry, sizeof s->entry), (void *)(uintptr_t)s);
}

static struct map joined_entries(const struct model *m)
{
    struct map joined = { 0 };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        note_all(&joined, sa->shown);
    for (const struct child_sa *c = m->child_sas; c; c = c->next)
        note_all(&joined, c->shown);
    return joined;
}

void screen_shown(struct screen *s)
{
    static const char *const lists[] = { "sas", "flows", "sessions" };
    struct map joined = joined_entries(s->m);
    size_t lines = 0;
    for (const struct record *r = s->m->records; r; r = r->next)
        for (size_t i = 0; r->kind == INPUT_SHOW && i < COUNT_OF(lists); i++)
            for (const struct fact *entry = fact_members(r->facts, lists[i]); entry; entry = entry->next) {
                const struct shown alone = { .record = r, .entry = entry };
                struct buffer *line = page_text(&s->p);
                if (map_find(&joined, bytes_over(&entry, sizeof entry)) || !shown_ends_print(entry, line) ||
                    !shown_print(s->m, &alone, NULL, line) || lines++ >= UNJOINED_LINES)
                    continue;
                if (lines == 1)
                    page_heading(&s->p, s->m->ike_sas ? "Shown, and in no log or capture" : "Shown");
                page_to(&s->p, 2);
                screen_wrap(&s->p, STYLE_PLAIN, 4, page_view(&s->p));
                page_line(&s->p);
            }
    screen_more(&s->p, 2, lines > UNJOINED_LINES ? lines - UNJOINED_LINES : 0, "");
    map_clear(&joined);
}
