#include "cli/rulesofrun.h"

#include <string.h>

#include "analysis/ruleeval.h"
#include "analysis/rulerow.h"
#include "base/map.h"
#include "reporters/check_format.h"

enum { LARGEST = 16 << 20, LONGEST_COMMENT = 400 };

/* The rules are written twice: first as they are, to be judged by the run itself, then with what came of that. */
struct writing {
    const struct json *report;
    struct sink *out;
    struct arena *arena;
    const struct check *judged; /* NULL: the first time */
    size_t rules;               /* written so far */
};

/* What the run shows of the tunnels with one peer. */
struct peer {
    bool up, carries, refused; /* refused: an error among the findings is about one of them */
};

static struct text text_in(const struct json *row, const char *member)
{
    return json_as_text(json_member(row, member));
}

static bool came_up(const struct json *sa)
{
    struct text outcome = text_in(sa, "outcome");
    return text_equal(outcome, TEXT("established")) || text_equal(outcome, TEXT("rekeyed")) ||
           text_equal(outcome, TEXT("deleted"));
}

/* Where every log is the responder's the tunnels differ by who began them; else by whom they lead to. */
static struct text peer_of(const struct json *sa)
{
    const struct json *views = json_member(sa, "views");
    bool responder = json_count(views) > 0;
    for (size_t n = 0; n < json_count(views); n++)
        responder &= text_equal(text_in(json_at(views, n), "role"), TEXT("responder"));
    struct text ends[2];
    sa_ends(sa, ends);
    return ends[responder ? 0 : 1];
}

static bool refused(const struct writing *w, struct text sa)
{
    const struct json *findings = json_member(w->report, "findings");
    for (size_t n = 0; n < json_count(findings); n++)
        if (text_equal(text_in(json_at(findings, n), "ike_sa"), sa) &&
            text_equal(text_in(json_at(findings, n), "severity"), TEXT("error")))
            return true;
    return false;
}

static bool carries(const struct writing *w, struct text sa)
{
    const struct json *children = json_member(w->report, "child_sas");
    for (size_t n = 0; n < json_count(children); n++)
        if (text_equal(text_in(json_at(children, n), "ike_sa"), sa) && came_up(json_at(children, n)))
            return true;
    return false;
}

static void gather_peers(struct writing *w, struct map *peers)
{
    const struct json *sas = json_member(w->report, "ike_sas");
    for (size_t n = 0; n < json_count(sas); n++) {
        const struct json *sa = json_at(sas, n);
        struct text address = peer_of(sa), id = text_in(sa, "id");
        if (!address.len || json_member(sa, "redirected")) /* what counts is the attempt at the other gateway */
            continue;
        struct peer *p = map_find(peers, bytes_of_text(address));
        if (!p) {
            p = arena_new(w->arena, struct peer);
            map_put(peers, bytes_of_text(address), p);
        }
        p->up |= came_up(sa);
        p->carries |= carries(w, id);
        p->refused |= refused(w, id);
    }
}

/* False: the run does not decide this rule. */
static bool begin_rule(struct writing *w, const char *id, struct text title)
{
    const struct check_result *worst = NULL;
    for (const struct check_result *r = w->judged ? w->judged->results : NULL; r; r = r->next)
        if (strcmp(r->rule, id) == 0 && (!worst || worst->verdict == VERDICT_PASS || r->verdict == VERDICT_FAIL))
            worst = r;
    if (worst && worst->verdict == VERDICT_UNDECIDED)
        return false;
    if (worst && worst->verdict == VERDICT_FAIL) {
        sink_string(w->out, "  # Failed in the run that this was learned from: ");
        put_clean(w->out, worst->message, LONGEST_COMMENT);
        sink_byte(w->out, '\n');
    }
    sink_format(w->out, "  - id: '%s'\n    title: %.*s\n", id, TEXT_ARGS(title));
    w->rules++;
    return true;
}

/* {the id's first word, title, the rest}; %s: the peer */
static const struct {
    const char *id, *title, *rest;
} of_peer[] = {
    { "up", "The tunnel to %s is up",
      "    count:\n      over: ike_sas\n      where: { peer: '%s', outcome: [established, rekeyed, deleted] }\n      is: { ge: 1 "
      "}\n" },
    { "soon", "The tunnel to %s is up within 5 s",
      "    within:\n      where: { peer: '%s', start_seen: true, rekeys: { exists: false } }\n      from: { exchange: "
      "IKE_SA_INIT, leg: request }\n      to: { any: [ { exchange: IKE_AUTH, leg: response, any: [ { outcome: ok }, { payload: "
      "AUTH } ] }, { state: READY } ] }\n      limit: 5s\n" },
    { "carries", "The tunnel to %s has a Child SA to carry its traffic",
      "    count:\n      over: child_sas\n      where: { peer: '%s', outcome: [established, rekeyed, deleted] }\n      is: { ge: "
      "1 }\n" },
};

/* A template of the table above, with the peer in its one gap. */
static struct text filled(struct writing *w, const char *template, const char *peer)
{
    const char *gap = strstr(template, "%s");
    return arena_format(w->arena, "%.*s%s%s", (int)(gap - template), template, peer, gap + 2);
}

static void write_peers(struct writing *w)
{
    struct map peers = { 0 };
    gather_peers(w, &peers);
    for (size_t n = 0; n < peers.count; n++) {
        const struct peer *p = peers.entries[n].value;
        const char *peer = arena_string(w->arena, text_of_bytes(peers.entries[n].key));
        for (size_t k = 0; k < COUNT_OF(of_peer); k++) {
            bool untold = p->up && !p->carries && !p->refused; /* of Child SAs; and nothing says that there were none */
            if (untold && strcmp(of_peer[k].id, "carries") == 0)
                continue;
            if (begin_rule(w, arena_format(w->arena, "%s-%s", of_peer[k].id, peer).at, filled(w, of_peer[k].title, peer)))
                sink_text(w->out, filled(w, of_peer[k].rest, peer));
        }
    }
    map_clear(&peers);
}

static void write_list(struct sink *out, const char *key, struct map *words)
{
    sink_format(out, "%s: { in: [", key);
    for (size_t n = 0; n < words->count; n++) {
        struct text word = text_of_bytes(words->entries[n].key);
        sink_format(out, "%s'%.*s'", n ? ", " : "", TEXT_ARGS(word));
    }
    sink_string(out, "] }");
}

static void gather(const struct json *all, const char *group, const char *member, struct map *into, struct arena *arena)
{
    for (size_t n = 0; n < json_count(all); n++) {
        const struct json *p = json_member(json_at(all, n), "proposal");
        struct text word = text_in(group ? json_member(p, group) : p, member);
        if (word.len && !text_has(word, TEXT("'")) && !text_has(word, TEXT("\n")))
            map_put(into, bytes_of_text(arena_text(arena, word)), into);
    }
}

static void write_algorithms(struct writing *w, const char *subject)
{
    static const struct {
        const char *group, *member, *path;
    } fields[] = {
        { NULL, "encryption", "proposal.encryption" },
        { NULL, "integrity", "proposal.integrity" },
        { NULL, "prf", "proposal.prf" },
        { "dh", "name", "proposal.dh.name" },
    };
    const struct json *all = json_member(w->report, subject);
    bool child = strcmp(subject, "child_sas") == 0;
    for (size_t f = 0; f < (child ? 2 : 4); f++) {
        struct map words = { 0 };
        gather(all, fields[f].group, fields[f].member, &words, w->arena);
        const char *id = arena_format(w->arena, "%s-%s", child ? "child" : "ike", fields[f].group ? "dh" : fields[f].member).at;
        struct text title = arena_format(w->arena, "%s SAs use the algorithms of the run that this was learned from (%s)",
                                         child ? "Child" : "IKE", fields[f].path);
        if (words.count && begin_rule(w, id, title)) {
            sink_format(w->out, "    never:\n      over: %s\n      that: { not: { ", subject);
            write_list(w->out, fields[f].path, &words);
            sink_string(w->out, " } }\n");
        }
        map_clear(&words);
    }
}

static void write_selectors(struct writing *w)
{
    const struct json *children = json_member(w->report, "child_sas");
    struct map selectors = { 0 };
    for (size_t n = 0; n < json_count(children); n++) {
        const struct json *tsi = json_member(json_at(children, n), "tsi"), *tsr = json_member(json_at(children, n), "tsr");
        for (size_t i = 0; i < json_count(tsi); i++)
            for (size_t r = 0; r < json_count(tsr); r++)
                map_put(&selectors,
                        bytes_of_text(arena_format(w->arena, "%.*s == %.*s", TEXT_ARGS(json_as_text(json_at(tsi, i))),
                                                   TEXT_ARGS(json_as_text(json_at(tsr, r))))),
                        w);
    }
    if (selectors.count &&
        begin_rule(w, "selectors", TEXT("Child SAs have the selectors of the run that this was learned from"))) {
        sink_string(w->out, "    expect:\n      over: child_sas\n      where: { selectors: { exists: true } }\n      that: { "
                            "selectors: { all: [");
        for (size_t n = 0; n < selectors.count; n++)
            sink_format(w->out, "%s'%.*s'", n ? ", " : "", TEXT_ARGS(text_of_bytes(selectors.entries[n].key)));
        sink_string(w->out, "] } }\n");
    }
    map_clear(&selectors);
}

static void write_all(struct writing *w)
{
    sink_string(w->out, "# Written by 'ikescope rules init' from a run. Loosen what may differ.\nversion: 1\nrules:\n");
    write_peers(w);
    write_algorithms(w, "ike_sas");
    write_algorithms(w, "child_sas");
    write_selectors(w);
}

static bool load_written(void *context, const char *path, const char *relative_to, struct arena *arena, struct text *text,
                         const char **opened, struct error *err)
{
    (void)relative_to, (void)err;
    *text = arena_text(arena, buffer_view(context));
    *opened = path;
    return true;
}

bool rules_of_run(const struct model *m, const struct json *report, struct sink *out, struct arena *arena, struct error *err)
{
    struct buffer draft;
    buffer_init(&draft, LARGEST);
    struct writing w = { .report = report, .out = sink_buffer(&draft), .arena = arena };
    struct check judged = { .model = m };
    struct rule_file file;
    rulefile_init(&file, arena);
    write_all(&w);
    bool ok = sink_close(w.out, err) && (w.rules || fail(err, ERROR_INPUT, "no IKE SA that rules could be about"));
    ok = ok &&
         rulefile_read(&file, "the rules written", NULL, (struct rule_loader){ .load = load_written, .context = &draft }, err);
    if (ok) {
        struct report indexed;
        report_index(&indexed, report, arena);
        ruleeval_run(&file, &indexed, arena, &judged);
        report_forget(&indexed);
        w = (struct writing){ .report = report, .out = out, .arena = arena, .judged = &judged };
        write_all(&w);
        ok = w.rules ||
             fail(err, ERROR_INPUT, "the inputs end before any tunnel is up or refused: there is nothing to make rules of");
    }
    buffer_clear(&draft);
    return ok;
}
