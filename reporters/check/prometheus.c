/* The Prometheus text format, for the node exporter's textfile collector. */
#include "reporters/check_format.h"

static void put_label(struct sink *out, struct text t)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    struct sink *s = sink_buffer(&b);
    put_clean(s, t, 200);
    sink_close(s, NULL);
    for (size_t i = 0; i < b.len; i++) {
        if (b.at[i] == '\\' || b.at[i] == '"')
            sink_byte(out, '\\');
        sink_byte(out, b.at[i]);
    }
    buffer_clear(&b);
}

static bool first_of_rule(const struct check *c, const struct check_result *r)
{
    for (const struct check_result *o = c->results; o != r; o = o->next)
        if (strcmp(o->rule, r->rule) == 0)
            return false;
    return true;
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    static const struct {
        const char *name;
        enum sa_outcome outcome;
    } outcomes[] = {
        { "established", SA_ESTABLISHED }, { "failed", SA_FAILED },   { "incomplete", SA_INCOMPLETE },
        { "rekeyed", SA_REKEYED },         { "deleted", SA_DELETED },
    };
    (void)v;
    sink_string(out, "# HELP ikescope_check_verdict Verdict of the check: 0 pass, 1 fail, 2 undecided.\n# TYPE "
                     "ikescope_check_verdict gauge\n");
    sink_format(out, "ikescope_check_verdict %d\n", (int)c->verdict);
    sink_string(out, "# HELP ikescope_check_results Results by rule and verdict.\n# TYPE ikescope_check_results gauge\n");
    for (const struct check_result *r = c->results; r; r = r->next) {
        if (!first_of_rule(c, r))
            continue;
        for (int verdict = VERDICT_PASS; verdict <= VERDICT_UNDECIDED; verdict++) {
            unsigned n = 0;
            for (const struct check_result *o = r; o; o = o->next)
                n += strcmp(o->rule, r->rule) == 0 && (int)o->verdict == verdict && result_counts(o);
            sink_string(out, "ikescope_check_results{rule=\"");
            put_label(out, text_of(r->rule));
            sink_format(out, "\",verdict=\"%s\"} %u\n", verdict_name((enum verdict)verdict), n);
        }
    }
    if (!c->model)
        return;
    sink_string(out, "# HELP ikescope_ike_sas IKE SAs by outcome.\n# TYPE ikescope_ike_sas gauge\n");
    for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
        unsigned n = 0;
        for (const struct ike_sa *sa = c->model->ike_sas; sa; sa = sa->next)
            n += sa->outcome == outcomes[i].outcome;
        sink_format(out, "ikescope_ike_sas{outcome=\"%s\"} %u\n", outcomes[i].name, n);
    }
}

const struct check_format check_format_prometheus = { "prometheus", "the Prometheus text format", false, write };
