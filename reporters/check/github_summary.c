/* A GitHub step summary in Markdown: a row a tunnel, a row for each kind of what was found, the worst first, and a Mermaid
 * ladder; cut to the megabyte that GitHub takes. */
#include "base/map.h"
#include "reporters/check_format.h"
#include "reporters/clean.h"
#include "reporters/marked.h"
#include "reporters/peers.h"
#include "reporters/words.h"

enum {
    MOST = 1000 * 1024,
    ROWS = 500,
    OPEN_ROWS = 8,
    TUNNELS = 100,
    PLACES = 3,
    LONGEST = 400,
    LADDER_MOST = 48000 /* Mermaid refuses more than 50,000 characters */
};

/* A table's cell. What stands between backticks is to be typed and becomes a code span. */
static void put_cell(struct sink *out, struct text t)
{
    struct buffer cut;
    buffer_init(&cut, 1 << 16);
    clean_cut(&cut, t, LONGEST);
    marked_prose(out, buffer_view(&cut), true);
    buffer_clear(&cut);
}

/* Advice, a line each. */
static void put_lines(struct sink *out, struct text t)
{
    struct text line;
    for (bool first = true; text_cut(&t, '\n', &line); first = false) {
        sink_string(out, first ? "" : "<br>");
        put_cell(out, advice_line(line));
    }
}

/* ---- tunnels ---- */

static void tunnel_row(const struct model *m, const struct pair *pair, struct buffer *b, struct sink *out)
{
    sink_format(out, "| **%s** | ", pair_state_word((enum pair_state)pair->state));
    buffer_reset(b);
    ends_draw(m, pair->best, b);
    put_cell(out, buffer_view(b));
    sink_string(out, " | ");
    buffer_reset(b);
    pair_figures(m, pair, true, b);
    put_cell(out, buffer_view(b));
    sink_string(out, " | ");
    if (pair->finding)
        put_cell(out, pair->finding->title);
    sink_string(out, " |\n");
}

/* A row for each that is told one by one, the worst first; the others are counted. */
static void tunnels(const struct model *m, struct sink *out)
{
    struct arena *arena = arena_create();
    struct peers peers = peers_of(m, arena);
    struct buffer b;
    buffer_init(&b, 1 << 16);
    const size_t told = peers_told(&peers), shown = told < TUNNELS ? told : TUNNELS;
    if (peers.count > 1)
        sink_string(out, "\n| tunnel | between | how often, since when | why |\n|---|---|---|---|\n");
    for (size_t i = 0; i < shown && peers.count > 1; i++)
        tunnel_row(m, peers.at[i], &b, out);
    if (peers.count > shown)
        sink_format(out, shown < told ? "\nand %zu more tunnel%s\n" : "\n%zu more: up\n", peers.count - shown,
                    plural_s(peers.count - shown));
    buffer_clear(&b);
    peers_clear(&peers);
    arena_destroy(arena);
}

/* ---- what was found ---- */

struct kind { /* results of one rule that say the same of several tunnels */
    const struct check_result *first;
    uint32_t count;
    struct place places[PLACES];
    uint32_t place_count;
    struct kind *next;
};

struct kinds {
    struct kind *first, **end;
    uint32_t count;
    struct map by_key;
    struct arena *arena;
};

static void add(struct kinds *k, const struct check_result *r)
{
    const struct text key = arena_format(k->arena, "%s|%.*s", r->rule, TEXT_ARGS(r->title.len ? r->title : r->message));
    struct kind *of = map_find(&k->by_key, bytes_of_text(key));
    if (!of) {
        of = arena_new(k->arena, struct kind);
        of->first = r;
        map_put(&k->by_key, bytes_of_text(key), of);
        *k->end = of;
        k->end = &of->next;
        k->count++;
    }
    of->count++;
    if (r->places && of->place_count < PLACES)
        of->places[of->place_count++] = *r->places;
}

static struct kinds kinds_of(const struct check *c, struct arena *arena)
{
    static const char *const levels[] = { "error", "warning", "undecided", "note" };
    struct kinds k = { .arena = arena };
    k.end = &k.first;
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        map_clear(&k.by_key);
        k.by_key = (struct map){ 0 };
        for (const struct check_result *r = c->results; r; r = r->next)
            if (r->verdict != VERDICT_PASS && result_counts(r) && strcmp(result_level(r), levels[i]) == 0)
                add(&k, r);
    }
    map_clear(&k.by_key);
    return k;
}

static void kind_row(const struct kind *k, struct sink *out)
{
    const struct check_result *r = k->first;
    sink_format(out, "| %s | ", result_level(r));
    put_cell(out, text_of(r->rule));
    sink_string(out, " | ");
    for (uint32_t i = 0; i < k->place_count; i++) {
        const struct place *p = &k->places[i];
        sink_string(out, i ? "<br>" : "");
        put_cell(out, p->file);
        if (p->line)
            sink_format(out, p->packet ? " frame %u" : ":%u", p->line);
    }
    if (k->count > k->place_count && k->place_count)
        sink_format(out, "<br>and %u more", k->count - k->place_count);
    sink_string(out, " | ");
    put_cell(out, r->message);
    if (k->count > 1)
        sink_format(out, "<br>The same %u more time%s.", k->count - 1, plural_s(k->count - 1));
    sink_string(out, " | ");
    put_lines(out, r->advice);
    sink_string(out, " |\n");
}

static void kinds_write(const struct kinds *k, struct sink *out)
{
    static const char head[] = "\n| | rule | where | what | do |\n|---|---|---|---|---|\n";
    uint32_t rows = 0, left_out = 0;
    for (const struct kind *one = k->first; one; one = one->next) {
        if (rows == ROWS || sink_written(out) > MOST / 2) {
            left_out += one->count;
            continue;
        }
        if (rows == OPEN_ROWS)
            sink_format(out, "\n<details><summary>%u more kind%s of results</summary>\n", k->count - rows,
                        plural_s(k->count - rows));
        if (rows == 0 || rows == OPEN_ROWS)
            sink_string(out, head);
        kind_row(one, out);
        rows++;
    }
    if (rows > OPEN_ROWS)
        sink_string(out, "\n</details>\n");
    if (left_out)
        sink_format(out, "\n%u more result%s in the full report.\n", left_out, left_out == 1 ? " is" : "s are");
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    struct buffer b;
    buffer_init(&b, 4096);
    sink_format(out, "## ikescope: %s\n\n%.*s\n", verdict_name(c->verdict), TEXT_ARGS(one_sentence(c, &b)));
    buffer_clear(&b);
    if (c->verdict == VERDICT_UNDECIDED && c->reason.len) {
        sink_string(out, "\n");
        put_cell(out, c->reason);
        sink_string(out, "\n");
    }
    struct arena *arena = arena_create();
    const struct kinds kinds = kinds_of(c, arena);
    if (c->model)
        tunnels(c->model, out);
    kinds_write(&kinds, out);
    arena_destroy(arena);
    if (v->ladder.len && v->ladder.len <= LADDER_MOST && sink_written(out) + v->ladder.len < MOST) {
        sink_string(out, "\n```mermaid\n");
        sink_text(out, v->ladder);
        sink_string(out, "\n```\n");
    } else if (v->ladder.len) {
        sink_string(out, "\nThe ladder is too long for this page; `ikescope -f ladder` prints it.\n");
    }
}

const struct check_format check_format_github_summary = { "github-summary", "a GitHub step summary with a Mermaid ladder", true,
                                                          write };
