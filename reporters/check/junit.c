/* JUnit XML as Jenkins, GitLab and GitHub's reporters read it: one suite, one case a result. Undecided is `skipped`
 * unless it fails the check. The time and host that one dialect insists on are constants: the same input gives the same
 * bytes. */
#include "reporters/check_format.h"

enum { LONGEST = 2000 };

static bool fails(const struct check *c, const struct check_result *r)
{
    if (!result_counts(r))
        return false;
    if (r->verdict == VERDICT_UNDECIDED)
        return c->undecided_fails;
    return r->verdict == VERDICT_FAIL && c->fail_on && r->severity >= c->fail_on;
}

static bool skips(const struct check *c, const struct check_result *r)
{
    return !fails(c, r) && (r->suppressed || r->baselined || r->verdict == VERDICT_UNDECIDED);
}

static void write_case(const struct check *c, const struct check_result *r, struct sink *out)
{
    sink_string(out, "    <testcase classname=\"ikescope.");
    put_xml(out, text_of(r->rule), LONGEST);
    sink_string(out, "\" name=\"");
    put_xml(out, r->title, LONGEST);
    if (r->subject.len) {
        sink_string(out, " (");
        put_xml(out, r->subject, LONGEST);
        sink_string(out, ")");
    }
    sink_string(out, "\" time=\"0\"");
    if (!fails(c, r) && !skips(c, r) && r->verdict == VERDICT_PASS) {
        sink_string(out, "/>\n");
        return;
    }
    if (!fails(c, r) && !skips(c, r)) { /* below --fail-on: said in the suite's output */
        sink_string(out, "/>\n");
        return;
    }
    sink_string(out, ">\n");
    if (skips(c, r)) {
        sink_string(out, "      <skipped>");
        put_xml(out, r->suppressed ? r->suppression : r->message, LONGEST);
        sink_string(out, "</skipped>\n    </testcase>\n");
        return;
    }
    sink_string(out, "      <failure message=\"");
    put_xml(out, r->message, LONGEST);
    sink_format(out, "\" type=\"%s\">", result_level(r));
    put_xml(out, r->message, LONGEST);
    for (const struct place *p = r->places; p; p = p->next) {
        sink_string(out, "\n");
        put_xml(out, p->file, LONGEST);
        if (p->line)
            sink_format(out, p->packet ? ":#%u" : ":%u", p->line);
        sink_string(out, p->text.len ? ": " : "");
        put_xml(out, p->text, LONGEST);
    }
    for (struct text rest = r->advice, line; text_cut(&rest, '\n', &line);) {
        sink_string(out, "\n");
        put_xml(out, advice_line(line), LONGEST);
    }
    sink_string(out, "</failure>\n    </testcase>\n");
}

/* What was found below --fail-on: no dialect has a case for it. */
static void write_output(const struct check *c, struct sink *out)
{
    sink_string(out, "    <system-out>");
    for (const struct check_result *r = c->results; r; r = r->next) {
        if (r->verdict != VERDICT_FAIL || fails(c, r) || skips(c, r))
            continue;
        put_xml(out, text_of(result_level(r)), LONGEST);
        sink_string(out, ": [");
        put_xml(out, text_of(r->rule), LONGEST);
        sink_string(out, "] ");
        put_xml(out, r->message, LONGEST);
        sink_string(out, "\n");
    }
    sink_string(out, "</system-out>\n    <system-err></system-err>\n");
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    unsigned tests = 0, failures = 0, skipped = 0;
    for (const struct check_result *r = c->results; r; r = r->next) {
        tests++;
        failures += fails(c, r);
        skipped += skips(c, r);
    }
    sink_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    sink_format(out,
                "<testsuites>\n  <testsuite name=\"ikescope check\" package=\"ikescope\" id=\"0\" "
                "timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" "
                "tests=\"%u\" failures=\"%u\" errors=\"0\"",
                tests, failures);
    if (skipped)
        sink_format(out, " skipped=\"%u\"", skipped);
    sink_format(out,
                " time=\"0\">\n    <properties>\n      <property name=\"generator\" value=\"ikescope %s\"/>\n    </properties>\n",
                v->version);
    for (const struct check_result *r = c->results; r; r = r->next)
        write_case(c, r, out);
    write_output(c, out);
    sink_string(out, "  </testsuite>\n</testsuites>\n");
}

const struct check_format check_format_junit = { "junit", "JUnit XML", false, write };
