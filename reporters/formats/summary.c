/* summary, the default: first what is wrong and what to do, a line or two a peer; then each SA in a few lines, failing
 * ones first; last what the inputs were. Long lists end in a counted "... and N more". */
#include "reporters/clean.h"
#include "reporters/screen.h"
#include "reporters/words.h"

enum { ENDS_ALIGNED = 48 };

/* How many SAs are there, or, where there are none, what else is. */
static void count_sas(const struct model *m, struct buffer *out)
{
    uint64_t shown = 0;
    for (const struct record *r = m->ike_sas ? NULL : m->records; r; r = r->next)
        for (const struct fact *sa = r->kind == INPUT_SHOW ? fact_members(r->facts, "sas") : NULL; sa; sa = sa->next)
            shown += text_equal(fact_get_text(fact_children(sa), "status"), TEXT("READY"));
    count_print(m->ike_sa_count, "IKE SA", "IKE SAs", out);
    if (!shown && configurations_alone(m)) {
        buffer_string(out, "; ");
        none_seen_print(m, out);
    }
    if (shown)
        buffer_format(out, " in logs or captures; show output has %llu up", (unsigned long long)shown);
}

static unsigned devices_of(const struct model *m)
{
    unsigned count = 0;
    for (size_t i = 0; i < m->input_count; i++) {
        bool before = m->inputs[i].device == 0;
        for (size_t k = 0; k < i && !before; k++)
            before = device_same(m, m->inputs[k].device, m->inputs[i].device);
        count += !before;
    }
    return count;
}

/* One input may hold the configurations of several routers, one behind another. */
static bool is_one_router(const struct model *m)
{
    uint32_t first = 0;
    for (const struct record *r = m->records; r; r = r->next) {
        if (first && r->device && !device_same(m, first, r->device))
            return false;
        first = first ? first : r->device;
    }
    return devices_of(m) < 2;
}

/* Where no log and no capture is among the inputs: what they cannot tell, and what to give as well. */
static const char *lacking(const struct model *m)
{
    uint64_t kinds[INPUT_KIND_COUNT] = { 0 };
    for (size_t i = 0; i < m->input_count; i++)
        kinds[m->inputs[i].kind < INPUT_KIND_COUNT ? m->inputs[i].kind : 0]++;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (!sa->shown_only) /* lines of a log stood beside the configuration, in one file */
            return NULL;
    const uint64_t shown = kinds[INPUT_SHOW], configured = kinds[INPUT_CONFIG], keys = kinds[INPUT_KEYS];
    if (!m->input_count || shown + configured + keys != m->input_count)
        return NULL;
    const bool one = is_one_router(m);
    if (!shown && !configured)
        return "Keys alone tell nothing of an SA: give the capture that they open, or the log of an attempt; 'ikescope keys -k "
               "FILE' says whose they are.";
    if (shown && one && !m->findings)
        return "Show output is one moment of one router: give the other end's as well, and, for what led there, a log of the "
               "attempt (`debug crypto ikev2`) or a capture.";
    if (!shown && one)
        return "One router's configuration tells only what is wrong inside it: give the peer's as well, and a log of an attempt "
               "(`debug crypto ikev2`), show output or a capture.";
    if (!m->findings)
        return "What agrees on paper may still fail on the way or by what runs: give a log of an attempt (`debug crypto ikev2`), "
               "show output or a capture.";
    return NULL;
}

static void head(struct screen *s)
{
    const struct model *m = s->m;
    uint64_t outcomes[SA_DELETED + 1] = { 0 }, severities[SEVERITY_ERROR + 1] = { 0 }, childless = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        outcomes[sa->outcome <= SA_DELETED ? sa->outcome : 0]++;
        childless += ike_sa_childless(sa);
    }
    for (const struct finding *f = m->findings; f; f = f->next)
        severities[f->severity <= SEVERITY_ERROR ? f->severity : 0]++;
    struct buffer *out = page_text(&s->p);
    count_sas(m, out);
    if (s->peers.count) {
        buffer_string(out, " between ");
        count_print(s->peers.count, "pair of peers", "pairs of peers", out);
    }
    static const uint8_t order[] = { SA_FAILED, SA_INCOMPLETE, SA_ESTABLISHED, SA_REKEYED, SA_DELETED };
    const char *before = ": ";
    for (size_t i = 0; i < sizeof order; i++)
        if (outcomes[order[i]]) {
            buffer_format(out, "%s%llu %s", before, (unsigned long long)outcomes[order[i]],
                          sa_outcome_name((enum sa_outcome)order[i]));
            if (order[i] == SA_ESTABLISHED && childless && childless < outcomes[order[i]])
                buffer_format(out, " (%llu of them without a Child SA)", (unsigned long long)childless);
            else if (order[i] == SA_ESTABLISHED && childless)
                buffer_string(out, " without a Child SA");
            before = ", ";
        }
    if (m->child_sa_count) {
        buffer_string(out, "; ");
        count_print(m->child_sa_count, "Child SA", "Child SAs", out);
    }
    before = "; ";
    for (unsigned i = SEVERITY_ERROR; i >= SEVERITY_NOTE; i--)
        if (severities[i]) {
            buffer_string(out, before);
            buffer_format(out, "%llu %s%s", (unsigned long long)severities[i], severity_name((enum severity)i),
                          severities[i] == 1 ? "" : "s");
            before = ", ";
        }
    page_wrap(&s->p, STYLE_BOLD, 0, page_view(&s->p));
    page_line(&s->p);
    const char *also = lacking(m);
    if (also) {
        page_wrap(&s->p, STYLE_PLAIN, 0, text_of(also));
        page_line(&s->p);
    }
}

/* One pair of many has one line, its figures below each other at column `figures`; 0: a pair among few. */
static void pair_line(struct screen *s, const struct pair *pair, size_t figures)
{
    static const enum style styles[] = { [PAIR_FAILED] = STYLE_ERROR,    [PAIR_INCOMPLETE] = STYLE_WARNING,
                                         [PAIR_DOWN] = STYLE_WARNING,    [PAIR_IMPAIRED] = STYLE_WARNING,
                                         [PAIR_ONE_WAY] = STYLE_WARNING, [PAIR_REDIRECTED] = STYLE_PLAIN,
                                         [PAIR_LIKELY_UP] = STYLE_PLAIN, [PAIR_UP] = STYLE_GOOD };
    struct page *p = &s->p;
    page_string(p, styles[pair->state], pair_state_word((enum pair_state)pair->state));
    page_to(p, SCREEN_STATE);
    ends_print(s->m, pair->best, false, page_text(p));
    page_wrap(p, STYLE_BOLD, SCREEN_STATE, page_view(p));
    page_to(p, p->column + 2 > figures ? p->column + 2 : figures);
    pair_figures(s->m, pair, figures != 0, page_text(p));
    page_wrap(p, STYLE_PLAIN, SCREEN_STATE, page_view(p));
    page_line(p);
}

static size_t figures_column(struct screen *s)
{
    size_t widest = 0;
    for (size_t i = 0; i < s->pairs_told; i++) {
        ends_print(s->m, s->peers.at[i]->best, false, page_text(&s->p));
        size_t n = clean_columns(page_view(&s->p));
        widest = n > widest && n <= ENDS_ALIGNED ? n : widest;
    }
    return SCREEN_STATE + widest + 2;
}

/* "49 others are UP", or "... and 25 more pairs of peers: 3 FAILED 22 UP" */
static void pairs_left(struct screen *s)
{
    uint64_t by_state[PAIR_UP + 1] = { 0 };
    const size_t left = s->peers.count - s->pairs_told;
    for (size_t i = s->pairs_told; i < s->peers.count; i++)
        by_state[s->peers.at[i]->state]++;
    struct buffer *out = page_text(&s->p);
    if (by_state[PAIR_UP] == left)
        buffer_format(out,
                      s->pairs_told && s->peers.at[s->pairs_told - 1]->state < PAIR_LIKELY_UP
                          ? left == 1 ? "%zu other is UP" : "%zu others are UP"
                      : left == 1 ? "... and %zu more pair of peers is UP"
                                  : "... and %zu more pairs of peers are UP",
                      left);
    else {
        buffer_format(out, "... and %zu more pair%s of peers:", left, plural_s(left));
        for (size_t i = PAIR_FAILED; i <= PAIR_UP; i++)
            if (by_state[i])
                buffer_format(out, " %llu %s", (unsigned long long)by_state[i], pair_state_word((enum pair_state)i));
    }
    page_put(&s->p, STYLE_DIM, page_view(&s->p));
    page_line(&s->p);
}

/* Few pairs are told whole; those of many that are up would push what is wrong off the screen. */
static void choose(struct screen *s)
{
    s->pairs_told = peers_told(&s->peers);
    s->in_full = s->pairs_told <= PAIRS_FEW;
    s->pairs_told = s->pairs_told < SCREEN_PAIRS ? s->pairs_told : SCREEN_PAIRS;
}

static void pairs(struct screen *s)
{
    choose(s);
    size_t figures = s->in_full ? 0 : figures_column(s);
    for (size_t i = 0; i < s->pairs_told; i++) {
        const struct pair *pair = s->peers.at[i];
        if (s->in_full)
            page_line(&s->p);
        pair_line(s, pair, figures);
        if (pair->finding && s->in_full)
            screen_finding(s, pair->finding, false, false);
        else if (pair->finding)
            screen_cause(s, pair->finding);
    }
    if (s->peers.count > s->pairs_told) {
        if (s->in_full)
            page_line(&s->p);
        pairs_left(s);
    }
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct screen s = { .m = m, .arena = arena_create(), .show_unparsed = o->show_unparsed };
    page_init(&s.p, o, out);
    s.peers = peers_of(m, s.arena);
    head(&s);
    pairs(&s);
    screen_findings(&s);
    screen_sas(&s);
    screen_flows(&s);
    screen_shown(&s);
    screen_inputs(&s);
    page_clear(&s.p);
    peers_clear(&s.peers);
    arena_destroy(s.arena);
}

const struct reporter reporter_summary = { .name = "summary",
                                           .summary = "what is wrong and what to do, then each SA in a few lines (default)",
                                           .write = write };
