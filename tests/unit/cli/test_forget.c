/* What a stream does to get rid of SAs that ended must not show: a log whose SAs are copied into fresh memory again and again
 * while it is read says the same, and an SA that is judged alone comes out as in a report of nothing else. */
#include <glob.h>

#include "analysis/analysis.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "cli/checking.h"
#include "parser/parser.h"
#include "test.h"

enum { EVERY = 3 }; /* events */

struct reading {
    struct model *model;
    struct analysis *analysis;
    unsigned every, events; /* 0: SAs stay where they are */
};

static void take(void *context, struct event *e)
{
    struct reading *r = context;
    struct event_taker next = analysis_taker(r->analysis);
    next.take(next.context, e);
    if (r->every && ++r->events % r->every == 0)
        analysis_compact(r->analysis);
}

static void read_log(struct reading *r, struct text log, unsigned every)
{
    *r = (struct reading){ .model = model_create(), .every = every };
    r->model->options.endless = true;
    model_add_input(r->model, TEXT("r1"), TEXT("r1"));
    r->analysis = analysis_create(r->model);
    analysis_begin_input(r->analysis, 0);
    struct parser *p = parser_create(r->model, 0, INPUT_UNKNOWN, (struct event_taker){ take, r });
    parser_live(p, NULL);
    parser_feed(p, bytes_of_text(log));
    parser_finish(p);
    parser_destroy(p);
    analysis_end_input(r->analysis, 0);
}

static void drop(struct reading *r)
{
    analysis_destroy(r->analysis);
    model_destroy(r->model);
}

static void print_sa(struct buffer *b, const struct ike_sa *sa)
{
    buffer_format(b, "%016llx %016llx %s exchanges %u children %u notes %u first %lld last %lld id '%.*s' ",
                  (unsigned long long)sa->spi_i.value, (unsigned long long)sa->spi_r.value,
                  sa_outcome_name((enum sa_outcome)sa->outcome), (unsigned)sa->exchange_count, (unsigned)sa->child_count,
                  (unsigned)(sa->views ? sa->views->note_count : 0), (long long)sa->first_ns, (long long)sa->last_ns,
                  TEXT_ARGS(sa->initiator.id.value));
    endpoint_print(sa->initiator.endpoint, b);
    buffer_string(b, " ");
    endpoint_print(sa->responder.endpoint, b);
    buffer_string(b, "\n");
}

/* of: findings of one SA alone; NULL: all. */
static void print_findings(struct buffer *b, const struct model *m, const struct ike_sa *of)
{
    for (const struct finding *f = m->findings; f; f = f->next) {
        unsigned quoted = 0;
        for (const struct finding_line *l = f->evidence; l; l = l->next)
            quoted++;
        if (!of || f->ike_sa == of)
            buffer_format(b, "%s: %.*s | %.*s | %u lines\n", f->rule, TEXT_ARGS(f->title), TEXT_ARGS(f->cause), quoted);
    }
}

static void print_all(struct buffer *b, const struct model *m)
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        print_sa(b, sa);
    print_findings(b, m, NULL);
}

static void check_same(const char *path, const char *how, const struct buffer *got, const struct buffer *want)
{
    bool same = text_equal(buffer_view(got), buffer_view(want));
    CHECK(same);
    if (!same)
        fprintf(stderr, "%s, %s:\n%.*s--- instead of\n%.*s", path, how, TEXT_ARGS(buffer_view(got)),
                TEXT_ARGS(buffer_view(want)));
}

/* The only SA of a log: what is found of it alone is what is found of it. */
static void check_alone(const char *path, struct reading *r)
{
    struct buffer alone, whole;
    struct ike_sa *sa = r->model->ike_sas;
    if (!sa || sa->next || r->model->records)
        return;
    const struct ike_sa *one;
    struct model *m = analysis_alone(r->analysis, sa, &one);
    buffer_init(&alone, 1 << 20);
    buffer_init(&whole, 1 << 20);
    print_sa(&alone, one);
    print_findings(&alone, m, one);
    model_destroy(m);
    analysis_finish(r->analysis);
    print_sa(&whole, r->model->ike_sas);
    print_findings(&whole, r->model, r->model->ike_sas);
    check_same(path, "judged alone", &alone, &whole);
    buffer_clear(&alone);
    buffer_clear(&whole);
}

static void check_log(const char *path)
{
    struct arena *arena = arena_create();
    struct error err = { 0 };
    struct text log;
    struct reading r;
    struct buffer moved, still;
    buffer_init(&moved, 1 << 22);
    buffer_init(&still, 1 << 22);
    CHECK(read_file(path, arena, &log, &err));
    read_log(&r, log, EVERY);
    analysis_finish(r.analysis);
    print_all(&moved, r.model);
    drop(&r);
    read_log(&r, log, 0);
    analysis_finish(r.analysis);
    print_all(&still, r.model);
    drop(&r);
    check_same(path, "moved", &moved, &still);
    read_log(&r, log, 0);
    check_alone(path, &r);
    drop(&r);
    buffer_clear(&moved);
    buffer_clear(&still);
    arena_destroy(arena);
}

int main(void)
{
    glob_t logs;
    CHECK(glob("tests/logs/*.log", 0, NULL, &logs) == 0 && logs.gl_pathc > 50);
    for (size_t i = 0; i < logs.gl_pathc; i++)
        check_log(logs.gl_pathv[i]);
    globfree(&logs);
    return TEST_REPORT();
}
