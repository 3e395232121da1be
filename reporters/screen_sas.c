#include "reporters/glossary.h"
#include "reporters/members.h"
#include "reporters/screen.h"
#include "reporters/shown.h"
#include "reporters/stays.h"
#include "reporters/words.h"

enum { SAS_SHOWN = 12, CHILDREN_SHOWN = 6 };
#define STAY_TOLD INT64_C(1000000000) /* ns: a shorter wait is none */

static void auth_line(struct screen *s, const struct ike_sa *sa)
{
    const struct {
        const char *side;
        const struct party *party;
    } ends[] = { { "initiator", &sa->initiator }, { "responder", &sa->responder } };
    struct buffer *out = page_text(&s->p);
    if (!sa->initiator.id.value.len && !sa->responder.id.value.len && sa->initiator.auth_method && !sa->initiator.eap &&
        sa->initiator.auth_method == sa->responder.auth_method &&
        party_verified(&sa->initiator) == party_verified(&sa->responder)) {
        const char *method = auth_word(sa->initiator.auth_method);
        buffer_format(out, "both ends use %s", method ? method : "an unknown method");
        screen_labelled(&s->p, "identity", STYLE_PLAIN, page_view(&s->p));
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
        party_auth_print(p, " by ", out);
    }
    screen_labelled(&s->p, "identity", STYLE_PLAIN, page_view(&s->p));
}

static void exchanges_line(struct screen *s, const struct ike_sa *sa)
{
    struct tally {
        uint8_t type, outcome;
        uint32_t times, retransmissions;
    } tallies[24] = { 0 };
    size_t n = 0;
    uint32_t folded = sa->folded;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        size_t i = 0;
        while (i < n && (tallies[i].type != x->type || tallies[i].outcome != x->outcome))
            i++;
        if (i == n && n == COUNT_OF(tallies))
            continue;
        n = i == n ? n + 1 : n;
        tallies[i].type = x->type;
        tallies[i].outcome = x->outcome;
        tallies[i].times += !x->again;
        tallies[i].retransmissions += x->request.retransmissions
                                          ? x->request.retransmissions
                                          : x->response.retransmissions; /* an answer repeats as its question does */
        if (x->type == EXCHANGE_INFORMATIONAL && x->outcome == EXCHANGE_OK) {
            tallies[i].times += folded;
            folded = 0;
        }
    }
    struct buffer *out = page_text(&s->p);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buffer_string(out, ", ");
        exchange_print(tallies[i].type, out);
        if (tallies[i].times > 1)
            buffer_format(out, " x%u", tallies[i].times);
        const char *outcome = tallies[i].outcome == EXCHANGE_ANSWERED ? "answered (answer not shown)"
                                                                      : exchange_outcome_name(tallies[i].outcome);
        if (outcome)
            buffer_format(out, " %s", outcome);
        if (tallies[i].retransmissions) {
            buffer_string(out, " (");
            count_print(tallies[i].retransmissions, "retransmission", "retransmissions", out);
            buffer_byte(out, ')');
        }
    }
    screen_labelled(&s->p, "exchanges", STYLE_PLAIN, page_view(&s->p));
}

/* Where it waited: in the state that it never left, or the longest. */
static void stays_line(const struct model *m, const struct ike_sa *sa, const struct view *v, struct buffer *out)
{
    bool stuck = view_never_left(sa, v);
    int64_t until = view_until(m, sa, v), still = until != TIME_UNKNOWN && v->since_ns != TIME_UNKNOWN ? until - v->since_ns : 0;
    if (stuck)
        buffer_string(out, ", which it never left");
    if (stuck && still > 0) {
        buffer_string(out, " (");
        duration_print(still, out);
        buffer_byte(out, ')');
    }
    if (v->waited_ns < STAY_TOLD)
        return;
    buffer_format(out, ", longest in %s (", v->waited_state);
    duration_print(v->waited_ns, out);
    buffer_byte(out, ')');
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
            stays_line(s->m, sa, v, out);
            bool told = strcmp(v->final_state, "EXIT") == 0 || strcmp(v->final_state, "DELETE") == 0 ||
                        strcmp(v->final_state, "IDLE") == 0;
            const char *means = !told && (sa->outcome == SA_FAILED || sa->outcome == SA_INCOMPLETE)
                                    ? glossary_state(v->final_state)
                                    : NULL;
            if (means)
                buffer_format(out, ": %s", means);
        }
        screen_labelled(&s->p, v == sa->views ? "seen in" : "", STYLE_PLAIN, page_view(&s->p));
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
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].n) {
            buffer_format(out, "%s%llu %s", before, (unsigned long long)parts[i].n, parts[i].what);
            before = ", ";
        }
    if (*before == ',')
        buffer_byte(out, ')');
}

static void shown_lines(struct screen *s, const struct shown *first, const struct child_sa *child)
{
    size_t n = 0;
    for (; first && n < SHOWN_LINES; first = first->next)
        if (shown_print(s->m, first, child, page_text(&s->p))) {
            screen_labelled(&s->p, n || child ? "" : "shown", STYLE_PLAIN, page_view(&s->p));
            n++;
        }
}

static void child_lines(struct screen *s, const struct child_sa *c)
{
    static const char *const modes[] = { [MODE_UNKNOWN] = "", [MODE_TUNNEL] = " tunnel", [MODE_TRANSPORT] = " transport" };
    struct page *p = &s->p;
    char name[24];
    snprintf(name, sizeof name, "child%u", c->number);
    screen_label(p, name);
    page_string(p, screen_outcome(c->outcome), sa_outcome_name((enum sa_outcome)c->outcome));
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
    page_wrap(p, STYLE_PLAIN, SCREEN_LABEL + 2, page_view(p));
    page_line(p);
    const struct flow *flows[] = { c->to_responder, c->to_initiator };
    for (size_t i = 0; i < 2; i++) {
        if (!flows[i])
            continue;
        out = page_text(p);
        buffer_string(out, i ? "to the initiator: " : "to the responder: ");
        traffic_print(flows[i], out);
        screen_labelled(p, "", STYLE_PLAIN, page_view(p));
    }
    shown_lines(s, c->shown, c);
}

static void sa_block(struct screen *s, const struct ike_sa *sa)
{
    struct page *p = &s->p;
    page_line(p);
    page_format(p, STYLE_BOLD, "ike%u", sa->number);
    page_to(p, SCREEN_LABEL + 2);
    page_string(p, screen_outcome(sa->outcome), outcome_story(sa));
    struct buffer *out = page_text(p);
    buffer_string(out, "  ");
    ends_print(s->m, sa, true, out);
    if (!sa->start_seen)
        buffer_string(out, ", its beginning was not seen");
    page_wrap(p, STYLE_PLAIN, SCREEN_LABEL + 2, page_view(p));
    page_line(p);
    out = page_text(p);
    spi_print(sa->spi_i, out);
    if (spi_known(sa->spi_r)) {
        buffer_string(out, " / ");
        spi_print(sa->spi_r, out);
    }
    screen_labelled(p, "SPIs", STYLE_PLAIN, page_view(p));
    span_print(model_input(s->m, sa->first_input), sa->first, sa->last, page_text(p));
    screen_labelled(p, "time", STYLE_PLAIN, page_view(p));
    if (sa->has_proposal)
        algorithms_print(&sa->proposal, page_text(p));
    else
        page_text(p);
    screen_labelled(p, "chosen", STYLE_PLAIN, page_view(p));
    auth_line(s, sa);
    if (sa->nat_known && (sa->initiator_behind_nat || sa->responder_behind_nat))
        screen_labelled(p, "NAT", STYLE_PLAIN,
                        text_of(!sa->responder_behind_nat   ? "the initiator is behind NAT"
                                : !sa->initiator_behind_nat ? "the responder is behind NAT"
                                                            : "both are behind NAT"));
    moves_print(sa, page_text(p));
    screen_labelled(p, "ports", STYLE_PLAIN, page_view(p));
    exchanges_line(s, sa);
    views_lines(s, sa);
    shown_lines(s, sa->shown, NULL);
    out = page_text(p);
    if (sa->rekeys)
        buffer_format(out, "replaces ike%u", sa->rekeys->number);
    if (ike_sa_replaced(sa)) {
        buffer_string(out, out->len ? ", replaced " : "replaced ");
        heir_print(sa, out);
    }
    screen_labelled(p, "rekey", STYLE_PLAIN, page_view(p));
    uint64_t shown = 0, left = 0;
    for (const struct child_sa *c = sa->children; c; c = c->sibling) {
        if (shown == CHILDREN_SHOWN)
            left++;
        else {
            child_lines(s, c);
            shown++;
        }
    }
    screen_more(p, SCREEN_LABEL + 2, left, left == 1 ? "Child SA" : "Child SAs");
}

void screen_sas(struct screen *s)
{
    uint64_t shown = 0;
    if (s->m->ike_sas)
        page_heading(&s->p, "IKE SAs");
    for (unsigned round = 0; round < SA_NEEDS; round++)
        for (const struct ike_sa *sa = s->m->ike_sas; sa && shown < SAS_SHOWN; sa = sa->next)
            if (ike_sa_need(sa) == round) {
                sa_block(s, sa);
                shown++;
            }
    if (s->m->ike_sa_count > shown) {
        page_line(&s->p);
        const uint64_t left = s->m->ike_sa_count - shown;
        screen_more(&s->p, 0, left,
                    left == 1 ? "IKE SA (--sa or --peer picks one, -f json has all)"
                              : "IKE SAs (--sa or --peer picks one, -f json has all)");
    }
}

void screen_flows(struct screen *s)
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
        page_format(&s->p, STYLE_DIM, "... and %llu more flow%s with %llu packet%s", (unsigned long long)left, plural_s(left),
                    (unsigned long long)packets, plural_s(packets));
        page_line(&s->p);
    }
}
