/* summary, the default: first what is wrong and what to do, a line or two a peer; then each SA in a few lines, failing
 * ones first; last what the inputs were. Long lists end in a counted "... and N more". */
#include "reporters/clean.h"
#include "reporters/glossary.h"
#include "reporters/members.h"
#include "reporters/page.h"
#include "reporters/peers.h"
#include "reporters/words.h"

enum {
    PAIRS_FULL = 5,
    PAIRS_SHOWN = 25,
    SAS_SHOWN = 12,
    CHILDREN_SHOWN = 6,
    FINDINGS_SHOWN = 12,
    FINDINGS_FULL = 3,
    INPUTS_SHOWN = 20,
    LABEL = 11,
    STATE = 12
};

struct screen {
    struct page p;
    const struct model *m;
    struct peers peers;
    struct arena *arena;
    bool show_unparsed;
};

/* ---- helpers ---- */

static void label(struct page *p, const char *word)
{
    page_to(p, 2);
    page_string(p, STYLE_DIM, word);
    page_to(p, LABEL + 2);
}

static void labelled(struct page *p, const char *word, enum style style, struct text t)
{
    if (t.len == 0)
        return;
    label(p, word);
    page_wrap(p, style, LABEL + 2, t);
    page_line(p);
}

static void more(struct page *p, size_t indent, uint64_t left, const char *what)
{
    if (!left)
        return;
    page_to(p, indent);
    page_format(p, STYLE_DIM, "... and %llu more%s%s", (unsigned long long)left, *what ? " " : "", what);
    page_line(p);
}

static enum style outcome_style(unsigned outcome)
{
    return outcome == SA_FAILED        ? STYLE_ERROR
           : outcome == SA_INCOMPLETE  ? STYLE_WARNING
           : outcome == SA_ESTABLISHED ? STYLE_GOOD
                                       : STYLE_PLAIN;
}

/* Shows the time of day, and the date only where the span has more than one. */
static void span_print(struct stamp first, struct stamp last, struct buffer *out)
{
    if (!first.kind)
        return;
    first.digits = last.digits = 3;
    stamp_print(first, out);
    if (!last.kind || last.ns == first.ns)
        return;
    buffer_string(out, " to ");
    size_t from = out->len;
    stamp_print(last, out);
    /* the same day is not said twice */
    struct buffer again;
    buffer_init(&again, 64);
    stamp_print(first, &again);
    size_t t = text_find_byte(buffer_view(&again), 'T'), u = text_find_byte(text_over(out->at + from, out->len - from), 'T');
    if (t != TEXT_NOWHERE && t == u && memcmp(again.at, out->at + from, t) == 0) {
        memmove(out->at + from, out->at + from + t + 1, out->len - from - t - 1);
        out->len -= t + 1;
    }
    buffer_clear(&again);
    if (last.ns < first.ns) {
        buffer_string(out, " (the clock was set back)");
        return;
    }
    buffer_string(out, " (");
    duration_print(last.ns - first.ns, out);
    buffer_byte(out, ')');
}

static void evidence_print(const struct model *m, const struct finding *f, size_t most, struct buffer *out)
{
    size_t n = 0, left = 0;
    for (const struct finding_line *l = f->evidence; l; l = l->next) {
        if (!l->place)
            continue;
        if (n == most) {
            left++;
            continue;
        }
        if (n++)
            buffer_string(out, ", ");
        place_print(m, l->input, l->place, l->packet, out);
    }
    if (left)
        buffer_format(out, " and %zu more", left);
}

/* How much a finding may take: an error all of it, a warning its first advice, a note no more than it says. */
static size_t advice_room(const struct finding *f)
{
    return f->severity == SEVERITY_ERROR ? 6 : f->severity == SEVERITY_WARNING ? 1 : 0;
}

static void advice(struct page *p, const struct screen *s, const struct finding *f)
{
    const struct {
        const char *side;
        const struct finding_line *first;
        const struct party *party;
    } ends[] = { { "initiator", f->fix_initiator, f->ike_sa ? &f->ike_sa->initiator : NULL },
                 { "responder", f->fix_responder, f->ike_sa ? &f->ike_sa->responder : NULL } };
    const char *word = "fix";
    for (size_t i = 0; i < 2; i++) {
        const struct finding_line *l = ends[i].first;
        if (!l || !advice_room(f))
            continue;
        buffer_format(page_text(p), "on the %s", ends[i].side);
        if (ends[i].party && (ends[i].party->device || ends[i].party->endpoint.address.family)) {
            buffer_string(&p->text, ", ");
            party_print(s->m, ends[i].party, &p->text);
        }
        buffer_byte(&p->text, ':');
        label(p, word);
        word = "";
        page_wrap(p, STYLE_BOLD, LABEL + 2, page_view(p));
        page_line(p);
        size_t n = 0, left = 0;
        for (; l; l = l->next) {
            if (n == advice_room(f)) {
                left++;
                continue;
            }
            n++;
            page_to(p, LABEL + 4);
            page_wrap(p, STYLE_PLAIN, LABEL + 6, l->text);
            page_line(p);
        }
        if (left && f->severity == SEVERITY_ERROR)
            more(p, LABEL + 4, left, "");
    }
}

/* The places, each with the beginning of what stands there; a file's name is said once. */
static void quotes(struct screen *s, const char *word, const struct finding_line *first, size_t most)
{
    struct page *p = &s->p;
    size_t n = 0, left = 0;
    for (const struct finding_line *l = first; l; l = l->next) {
        if (!l->place)
            continue;
        if (n == most) {
            left++;
            continue;
        }
        label(p, n++ ? "" : word);
        place_print(s->m, l->input, l->place, l->packet, page_text(p));
        page_put(p, STYLE_DIM, page_view(p));
        if (l->text.len) {
            page_string(p, STYLE_PLAIN, "  ");
            page_cut(p, STYLE_PLAIN, l->text, p->width > p->column + 24 ? p->width - p->column : 24);
        }
        page_line(p);
    }
    more(p, LABEL + 2, left, "places");
}

static void finding_block(struct screen *s, const struct finding *f, bool with_title, bool brief)
{
    struct page *p = &s->p;
    if (with_title) {
        page_string(p, severity_style(f->severity), severity_name((enum severity)f->severity));
        page_to(p, STATE);
        buffer_text(page_text(p), f->title);
        buffer_format(&p->text, " [%s]", f->rule);
        if (f->ike_sa)
            buffer_format(&p->text, " ike%u", f->ike_sa->number);
        if (f->child_sa)
            buffer_format(&p->text, " child%u", f->child_sa->number);
        if (f->count > 1)
            buffer_format(&p->text, ", %u times", f->count);
        page_wrap(p, STYLE_PLAIN, STATE, page_view(p));
        page_line(p);
    } else {
        buffer_text(page_text(p), f->title);
        buffer_format(&p->text, " [%s, %s]", f->rule, confidence_name((enum confidence)f->confidence));
        if (f->count > 1)
            buffer_format(&p->text, ", %u times", f->count);
        labelled(p, severity_name((enum severity)f->severity), severity_style(f->severity), page_view(p));
    }
    labelled(p, "cause", STYLE_PLAIN, f->cause);
    if (!brief)
        advice(p, s, f);
    quotes(s, "see", f->evidence, f->severity == SEVERITY_ERROR && !brief ? 4 : 1);
    if (!brief)
        quotes(s, "config", f->config, 4);
}

/* ---- the first screen ---- */

static void head(struct screen *s)
{
    const struct model *m = s->m;
    uint64_t outcomes[SA_DELETED + 1] = { 0 }, severities[SEVERITY_ERROR + 1] = { 0 };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        outcomes[sa->outcome <= SA_DELETED ? sa->outcome : 0]++;
    for (const struct finding *f = m->findings; f; f = f->next)
        severities[f->severity <= SEVERITY_ERROR ? f->severity : 0]++;
    struct buffer *out = page_text(&s->p);
    count_print(m->ike_sa_count, "IKE SA", "IKE SAs", out);
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
}

static void pair_line(struct screen *s, const struct pair *pair)
{
    static const enum style styles[] = { [PAIR_FAILED] = STYLE_ERROR,
                                         [PAIR_INCOMPLETE] = STYLE_WARNING,
                                         [PAIR_DOWN] = STYLE_WARNING,
                                         [PAIR_IMPAIRED] = STYLE_WARNING,
                                         [PAIR_UP] = STYLE_GOOD };
    struct page *p = &s->p;
    page_string(p, styles[pair->state], pair_state_word((enum pair_state)pair->state));
    page_to(p, STATE);
    struct buffer *out = page_text(p);
    ends_print(s->m, pair->best, false, out);
    page_put(p, STYLE_BOLD, page_view(p));
    out = page_text(p);
    buffer_string(out, "  ");
    count_print(pair->count, "IKE SA", "IKE SAs", out);
    if (pair->count > 1) {
        const char *before = " (";
        for (size_t i = 0; i <= SA_DELETED; i++)
            if (pair->outcomes[i]) {
                buffer_format(out, "%s%u %s", before, pair->outcomes[i], sa_outcome_name((enum sa_outcome)i));
                before = ", ";
            }
        buffer_byte(out, ')');
    }
    if (pair->children) {
        buffer_string(out, ", ");
        count_print(pair->children, "Child SA", "Child SAs", out);
        if (pair->children_up != pair->children)
            buffer_format(out, " (%u established)", pair->children_up);
    }
    if (pair->first->first.kind) {
        buffer_string(out, ", ");
        struct stamp last = pair->last->first_input == pair->first->first_input ? pair->last->last : (struct stamp){ 0 };
        span_print(pair->first->first, last, out);
    }
    page_wrap(p, STYLE_PLAIN, STATE, page_view(p));
    page_line(p);
}

/* Of many pairs each has one line for the cause: what, where, and as much of the fix as there is room for. */
static void cause_line(struct screen *s, const struct finding *f)
{
    struct page *p = &s->p;
    struct buffer *out = page_text(p);
    buffer_text(out, f->title);
    buffer_format(out, " [%s]", f->rule);
    if (f->evidence) {
        buffer_string(out, ", ");
        evidence_print(s->m, f, 1, out);
    }
    const struct finding_line *fix = f->fix_responder ? f->fix_responder : f->fix_initiator;
    if (fix) {
        buffer_format(out, "; on the %s: ", f->fix_responder ? "responder" : "initiator");
        buffer_text(out, fix->text);
    }
    page_to(p, STATE);
    page_cut(p, severity_style(f->severity), page_view(p), p->width > STATE + 40 ? p->width - STATE : 40);
    page_line(p);
}

static void pairs(struct screen *s)
{
    bool full = s->peers.count <= PAIRS_FULL;
    for (size_t i = 0; i < s->peers.count && i < PAIRS_SHOWN; i++) {
        const struct pair *pair = s->peers.at[i];
        if (full)
            page_line(&s->p);
        pair_line(s, pair);
        if (pair->finding && full)
            finding_block(s, pair->finding, false, false);
        else if (pair->finding)
            cause_line(s, pair->finding);
    }
    if (s->peers.count > PAIRS_SHOWN) {
        uint64_t by_state[PAIR_UP + 1] = { 0 };
        for (size_t i = PAIRS_SHOWN; i < s->peers.count; i++)
            by_state[s->peers.at[i]->state]++;
        struct buffer *out = page_text(&s->p);
        buffer_format(out, "... and %zu more pairs of peers:", s->peers.count - PAIRS_SHOWN);
        for (size_t i = PAIR_FAILED; i <= PAIR_UP; i++)
            if (by_state[i])
                buffer_format(out, " %llu %s", (unsigned long long)by_state[i], pair_state_word((enum pair_state)i));
        page_put(&s->p, STYLE_DIM, page_view(&s->p));
        page_line(&s->p);
    }
}

static bool shown_above(const struct screen *s, const struct finding *f)
{
    const struct pair *pair = f->ike_sa ? peers_find(&s->peers, f->ike_sa) : NULL;
    if (!pair || pair->finding != f)
        return false;
    for (size_t i = 0; i < s->peers.count && i < PAIRS_SHOWN; i++)
        if (s->peers.at[i] == pair)
            return true;
    return false;
}

/* The same rule with the same title about the same pair of peers is told once, with its count. */
struct kindred {
    const struct finding *first;
    uint64_t times, others; /* times it happened in all; findings besides the first */
};

static struct kindred *kindred_of(struct screen *s, struct map *known, const struct finding *f)
{
    const struct pair *pair = f->ike_sa ? peers_find(&s->peers, f->ike_sa) : NULL;
    struct buffer *key = page_text(&s->p);
    buffer_format(key, "%s %u ", f->rule, pair ? pair->order + 1 : 0);
    buffer_text(key, f->title);
    if (!pair)
        buffer_format(key, " %u", f->number);
    struct kindred *k = map_find(known, bytes_of_text(buffer_view(key)));
    if (!k) {
        k = arena_new(s->arena, struct kindred);
        k->first = f;
        map_put(known, arena_bytes(s->arena, bytes_of_text(buffer_view(key))), k);
    }
    return k;
}

static void findings(struct screen *s)
{
    struct map known = { 0 };
    for (const struct finding *f = s->m->findings; f; f = f->next) {
        if (shown_above(s, f))
            continue;
        struct kindred *k = kindred_of(s, &known, f);
        k->times += f->count ? f->count : 1;
        k->others += k->first != f;
    }
    uint64_t shown = 0, left = 0;
    for (size_t i = 0; i < known.count; i++) {
        const struct kindred *k = known.entries[i].value;
        if (shown == FINDINGS_SHOWN) {
            left += k->others + 1;
            continue;
        }
        if (!shown++)
            page_heading(&s->p, s->peers.count ? "Further findings" : "Findings");
        struct finding one = *k->first;
        one.count = k->times < UINT32_MAX ? (uint32_t)k->times : UINT32_MAX;
        finding_block(s, &one, true, one.severity != SEVERITY_ERROR || shown > FINDINGS_FULL);
    }
    more(&s->p, 0, left, "findings (-f json has all)");
    map_clear(&known);
}

/* ---- SAs ---- */

static void auth_line(struct screen *s, const struct ike_sa *sa)
{
    const struct {
        const char *side;
        const struct party *party;
    } ends[] = { { "initiator", &sa->initiator }, { "responder", &sa->responder } };
    struct buffer *out = page_text(&s->p);
    if (!sa->initiator.id.value.len && !sa->responder.id.value.len && sa->initiator.auth_method &&
        sa->initiator.auth_method == sa->responder.auth_method && sa->initiator.auth_verified == sa->responder.auth_verified) {
        const char *method = auth_word(sa->initiator.auth_method);
        buffer_format(out, "both ends use %s", method ? method : "an unknown method");
        labelled(&s->p, "identity", STYLE_PLAIN, page_view(&s->p));
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        const struct party *p = ends[i].party;
        if (!p->auth_method && !p->id.value.len)
            continue;
        if (out->len)
            buffer_string(out, "; ");
        buffer_string(out, ends[i].side);
        if (p->id.value.len) {
            buffer_string(out, " is ");
            buffer_text(out, p->id.value);
        }
        const char *type = p->id.type ? registry_name(REGISTRY_ID, p->id.type) : NULL;
        if (type)
            buffer_format(out, " (%s)", type);
        const char *method = auth_word(p->auth_method);
        if (method)
            buffer_format(out, " by %s", method);
        if (p->auth_verified)
            buffer_string(out, p->auth_verified == VERIFIED_TRUE ? ", verified" : ", NOT verified");
    }
    labelled(&s->p, "identity", STYLE_PLAIN, page_view(&s->p));
}

static void exchanges_line(struct screen *s, const struct ike_sa *sa)
{
    struct tally {
        uint8_t type, outcome;
        uint32_t times, retransmissions;
    } tallies[24] = { 0 };
    size_t n = 0;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        size_t i = 0;
        while (i < n && (tallies[i].type != x->type || tallies[i].outcome != x->outcome))
            i++;
        if (i == n && n == sizeof tallies / sizeof tallies[0])
            continue;
        n = i == n ? n + 1 : n;
        tallies[i].type = x->type;
        tallies[i].outcome = x->outcome;
        tallies[i].times++;
        tallies[i].retransmissions += x->request.retransmissions + x->response.retransmissions;
    }
    struct buffer *out = page_text(&s->p);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buffer_string(out, ", ");
        exchange_print(tallies[i].type, out);
        if (tallies[i].times > 1)
            buffer_format(out, " x%u", tallies[i].times);
        const char *outcome = exchange_outcome_name(tallies[i].outcome);
        if (outcome)
            buffer_format(out, " %s", outcome);
        if (tallies[i].retransmissions) {
            buffer_string(out, " (");
            count_print(tallies[i].retransmissions, "retransmission", "retransmissions", out);
            buffer_byte(out, ')');
        }
    }
    labelled(&s->p, "exchanges", STYLE_PLAIN, page_view(&s->p));
}

static void views_lines(struct screen *s, const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next) {
        struct buffer *out = page_text(&s->p);
        place_print(s->m, v->input, v->first_line, v->wire, out);
        if (v->last_line > v->first_line)
            buffer_format(out, "-%u", v->last_line);
        struct text device = device_name(s->m, v->device);
        if (device.len) {
            buffer_string(out, ", ");
            buffer_text(out, device);
        }
        buffer_string(out, v->wire ? ", on the wire" : v->role ? ", as the " : "");
        if (v->role && !v->wire)
            buffer_string(out, side_name(v->role));
        if (v->transition_count) {
            buffer_string(out, ", ");
            count_print(v->transition_count, "transition", "transitions", out);
        }
        if (v->final_state) {
            buffer_format(out, ", last in %s", v->final_state);
            if (v->final_event)
                buffer_format(out, " (%s)", v->final_event);
            bool told = strcmp(v->final_state, "EXIT") == 0 || strcmp(v->final_state, "DELETE") == 0 ||
                        strcmp(v->final_state, "IDLE") == 0;
            const char *means = !told && (sa->outcome == SA_FAILED || sa->outcome == SA_INCOMPLETE)
                                    ? glossary_state(v->final_state)
                                    : NULL;
            if (means)
                buffer_format(out, ": %s", means);
        }
        labelled(&s->p, v == sa->views ? "seen in" : "", STYLE_PLAIN, page_view(&s->p));
    }
}

static void traffic_print(const struct flow *f, struct buffer *out)
{
    const struct traffic *t = &f->traffic;
    count_print(t->packets, "packet", "packets", out);
    buffer_string(out, ", ");
    octets_print(t->bytes, out);
    const struct {
        uint64_t n;
        const char *what;
    } parts[] = { { t->decrypted, "decrypted" }, { t->icv_failed, "with a wrong ICV" },
                  { t->no_key, "without key" },  { t->truncated, "cut" },
                  { t->lost, "lost" },           { t->duplicate, "duplicate" },
                  { t->replayed, "replayed" } };
    const char *before = " (";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].n) {
            buffer_format(out, "%s%llu %s", before, (unsigned long long)parts[i].n, parts[i].what);
            before = ", ";
        }
    if (*before == ',')
        buffer_byte(out, ')');
}

static void child_lines(struct screen *s, const struct child_sa *c)
{
    static const char *const modes[] = { [MODE_UNKNOWN] = "", [MODE_TUNNEL] = " tunnel", [MODE_TRANSPORT] = " transport" };
    struct page *p = &s->p;
    char name[24];
    snprintf(name, sizeof name, "child%u", c->number);
    label(p, name);
    page_string(p, outcome_style(c->outcome), sa_outcome_name((enum sa_outcome)c->outcome));
    struct buffer *out = page_text(p);
    const char *protocol = traffic_protocol(c->protocol);
    buffer_format(out, " %s%s%s", protocol ? protocol : "", modes[c->mode <= MODE_TRANSPORT ? c->mode : 0],
                  c->encap == ENCAP_UDP   ? " in UDP"
                  : c->encap == ENCAP_TCP ? " in TCP"
                                          : "");
    if (spi_known(c->spi_i) || spi_known(c->spi_r)) {
        buffer_string(out, " SPIs ");
        if (spi_known(c->spi_i))
            spi_print(c->spi_i, out);
        buffer_byte(out, '/');
        if (spi_known(c->spi_r))
            spi_print(c->spi_r, out);
    }
    if (c->tsi || c->tsr) {
        buffer_string(out, "  ");
        selectors_print(c->tsi, 3, out);
        buffer_string(out, " <-> ");
        selectors_print(c->tsr, 3, out);
    }
    buffer_string(out, "  ");
    algorithms_print(&c->proposal, out);
    if (c->pfs_dh)
        buffer_format(out, ", PFS group %u", c->pfs_dh);
    if (c->rekeys)
        buffer_format(out, ", rekeys child%u", c->rekeys->number);
    page_wrap(p, STYLE_PLAIN, LABEL + 2, page_view(p));
    page_line(p);
    const struct flow *flows[] = { c->to_responder, c->to_initiator };
    for (size_t i = 0; i < 2; i++) {
        if (!flows[i])
            continue;
        out = page_text(p);
        buffer_string(out, i ? "to the initiator: " : "to the responder: ");
        traffic_print(flows[i], out);
        labelled(p, "", STYLE_PLAIN, page_view(p));
    }
}

static void sa_block(struct screen *s, const struct ike_sa *sa)
{
    struct page *p = &s->p;
    page_line(p);
    page_format(p, STYLE_BOLD, "ike%u", sa->number);
    page_to(p, LABEL + 2);
    page_string(p, outcome_style(sa->outcome), outcome_story(sa));
    struct buffer *out = page_text(p);
    buffer_string(out, "  ");
    ends_print(s->m, sa, true, out);
    if (!sa->start_seen)
        buffer_string(out, ", its beginning was not seen");
    page_wrap(p, STYLE_PLAIN, LABEL + 2, page_view(p));
    page_line(p);
    out = page_text(p);
    spi_print(sa->spi_i, out);
    if (spi_known(sa->spi_r)) {
        buffer_string(out, " / ");
        spi_print(sa->spi_r, out);
    }
    labelled(p, "SPIs", STYLE_PLAIN, page_view(p));
    span_print(sa->first, sa->last, page_text(p));
    labelled(p, "time", STYLE_PLAIN, page_view(p));
    if (sa->has_proposal)
        algorithms_print(&sa->proposal, page_text(p));
    else
        page_text(p);
    labelled(p, "chosen", STYLE_PLAIN, page_view(p));
    auth_line(s, sa);
    if (sa->nat_known && (sa->initiator_behind_nat || sa->responder_behind_nat))
        labelled(p, "NAT", STYLE_PLAIN,
                 text_of(!sa->responder_behind_nat   ? "the initiator is behind NAT"
                         : !sa->initiator_behind_nat ? "the responder is behind NAT"
                                                     : "both are behind NAT"));
    exchanges_line(s, sa);
    views_lines(s, sa);
    out = page_text(p);
    if (sa->rekeys)
        buffer_format(out, "replaces ike%u", sa->rekeys->number);
    if (sa->rekeyed_by)
        buffer_format(out, "%sreplaced by ike%u", out->len ? ", " : "", sa->rekeyed_by->number);
    labelled(p, "rekey", STYLE_PLAIN, page_view(p));
    uint64_t shown = 0, left = 0;
    for (const struct child_sa *c = sa->children; c; c = c->sibling) {
        if (shown == CHILDREN_SHOWN)
            left++;
        else {
            child_lines(s, c);
            shown++;
        }
    }
    more(p, LABEL + 2, left, "Child SAs");
}

static unsigned need(const struct ike_sa *sa)
{
    return sa->outcome == SA_FAILED ? 0 : sa->outcome == SA_INCOMPLETE ? 1 : 2;
}

static void sas(struct screen *s)
{
    uint64_t shown = 0;
    if (s->m->ike_sas)
        page_heading(&s->p, "IKE SAs");
    for (unsigned round = 0; round < 3; round++)
        for (const struct ike_sa *sa = s->m->ike_sas; sa && shown < SAS_SHOWN; sa = sa->next)
            if (need(sa) == round) {
                sa_block(s, sa);
                shown++;
            }
    if (s->m->ike_sa_count > shown) {
        page_line(&s->p);
        more(&s->p, 0, s->m->ike_sa_count - shown, "IKE SAs (--sa or --peer picks one, -f json has all)");
    }
}

/* ---- flows without an SA, inputs ---- */

static void flows(struct screen *s)
{
    uint64_t shown = 0, left = 0, packets = 0;
    for (const struct flow *f = s->m->flows; f; f = f->next) {
        if (f->claimed)
            continue;
        if (shown == CHILDREN_SHOWN) {
            left++;
            packets += f->traffic.packets;
            continue;
        }
        if (!shown++)
            page_heading(&s->p, "ESP and AH of no known Child SA");
        const char *protocol = traffic_protocol(f->protocol);
        struct buffer *out = page_text(&s->p);
        buffer_format(out, "%s %08x  ", protocol ? protocol : "", f->spi);
        endpoint_print(f->source, out);
        buffer_string(out, " -> ");
        endpoint_print(f->destination, out);
        buffer_string(out, "  ");
        traffic_print(f, out);
        page_to(&s->p, 2);
        page_wrap(&s->p, STYLE_PLAIN, 4, page_view(&s->p));
        page_line(&s->p);
    }
    if (left) {
        page_to(&s->p, 2);
        page_format(&s->p, STYLE_DIM, "... and %llu more flows with %llu packets", (unsigned long long)left,
                    (unsigned long long)packets);
        page_line(&s->p);
    }
}

static void counts(const struct input *in, struct buffer *out)
{
    static const char *const lines[] = { [LINE_EVENT] = "events",
                                         [LINE_CONTINUATION] = "continuations",
                                         [LINE_NOISE] = "noise",
                                         [LINE_BLANK] = "blank",
                                         [LINE_UNPARSED] = "unparsed" };
    static const char *const packets[] = { [PACKET_IKE] = "IKE",     [PACKET_ESP] = "ESP",
                                           [PACKET_AH] = "AH",       [PACKET_KEEPALIVE] = "keepalives",
                                           [PACKET_OTHER] = "other", [PACKET_MALFORMED] = "malformed" };
    if (in->has_lines) {
        count_print(in->line_total, "line", "lines", out);
        const char *before = ": ";
        for (size_t i = 0; i < LINE_CLASS_COUNT; i++)
            if (in->lines[i] || i == LINE_UNPARSED) {
                buffer_format(out, "%s%llu %s", before, (unsigned long long)in->lines[i], lines[i]);
                before = ", ";
            }
    }
    if (in->has_packets) {
        if (in->has_lines)
            buffer_string(out, "; ");
        count_print(in->packet_total, "packet", "packets", out);
        const char *before = ": ";
        for (size_t i = 0; i < PACKET_CLASS_COUNT; i++)
            if (in->packets[i]) {
                buffer_format(out, "%s%llu %s", before, (unsigned long long)in->packets[i], packets[i]);
                before = ", ";
            }
    }
    if (in->incomplete)
        buffer_string(out, "; INCOMPLETE");
}

static void inputs(struct screen *s)
{
    struct page *p = &s->p;
    page_heading(p, "Inputs");
    size_t i = 0;
    for (; i < s->m->input_count && i < INPUTS_SHOWN; i++) {
        const struct input *in = &s->m->inputs[i];
        page_to(p, 2);
        page_cut(p, STYLE_PLAIN, in->name, 40);
        struct buffer *out = page_text(p);
        buffer_string(out, "  ");
        buffer_string(out, input_kind_name(in->kind) ? input_kind_name(in->kind) : "nothing recognised");
        struct text device = device_name(s->m, in->device);
        if (device.len) {
            buffer_string(out, " of ");
            buffer_text(out, device);
        }
        if (in->has_lines || in->has_packets)
            buffer_string(out, ", ");
        counts(in, out);
        page_wrap(p, STYLE_PLAIN, 4, page_view(p));
        page_line(p);
        for (const struct unparsed_line *u = s->show_unparsed ? in->unparsed : NULL; u; u = u->next) {
            page_to(p, 4);
            page_format(p, STYLE_DIM, "line %u not understood: ", u->line);
            page_cut(p, STYLE_PLAIN, u->text, p->width > 40 ? p->width - 30 : 20);
            page_line(p);
        }
    }
    if (i == s->m->input_count)
        return;
    struct input rest = { .has_lines = false };
    for (size_t n = i; n < s->m->input_count; n++) {
        const struct input *in = &s->m->inputs[n];
        rest.has_lines |= in->has_lines;
        rest.has_packets |= in->has_packets;
        rest.line_total += in->line_total;
        rest.packet_total += in->packet_total;
        for (size_t k = 0; k < LINE_CLASS_COUNT; k++)
            rest.lines[k] += in->lines[k];
        for (size_t k = 0; k < PACKET_CLASS_COUNT; k++)
            rest.packets[k] += in->packets[k];
    }
    page_to(p, 2);
    buffer_format(page_text(p), "... and %zu more inputs: ", s->m->input_count - i);
    counts(&rest, &p->text);
    page_wrap(p, STYLE_DIM, 4, page_view(p));
    page_line(p);
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct screen s = { .m = m, .arena = arena_create(), .show_unparsed = o->show_unparsed };
    page_init(&s.p, o, out);
    s.peers = peers_of(m, s.arena);
    head(&s);
    pairs(&s);
    findings(&s);
    sas(&s);
    flows(&s);
    inputs(&s);
    if (m->over_limit) {
        page_line(&s.p);
        page_format(&s.p, STYLE_WARNING, "a limit was reached: %llu things were left out", (unsigned long long)m->over_limit);
        page_line(&s.p);
    }
    page_clear(&s.p);
    peers_clear(&s.peers);
    arena_destroy(s.arena);
}

const struct reporter reporter_summary = { .name = "summary",
                                           .summary = "what is wrong and what to do, then each SA in a few lines (default)",
                                           .write = write };
