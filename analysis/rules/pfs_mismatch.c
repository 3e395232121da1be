/* PFS groups differ. IKE_AUTH's Child SA uses none, so the tunnel comes up and fails at its first rekey. RFC 7296 section 1.3.1.
 */
#include "analysis/entries.h"
#include "analysis/proposals.h"
#include "analysis/tunnels.h"

static bool refuses(const struct exchange *x)
{
    const struct message *answer = x->response.message;
    return x->type == EXCHANGE_CREATE_CHILD_SA && !exchange_rekeys_ike(x) && answer &&
           (message_notice(answer, NOTIFY_NO_PROPOSAL_CHOSEN) || message_notice(answer, NOTIFY_INVALID_KE_PAYLOAD));
}

/* The last Child SA that was refused, and none was made afterwards but in place of another; times: for the end that asked for it. */
static const struct exchange *refused(const struct ike_sa *sa, unsigned *times)
{
    const struct exchange *found = NULL;
    *times = 0;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        if (refuses(x)) {
            *times = found && found->from == x->from ? *times + 1 : 1;
            found = x;
        } else if (x->type == EXCHANGE_CREATE_CHILD_SA && x->outcome == EXCHANGE_OK && !exchange_rekeys_ike(x) &&
                   !(found && exchange_other_child(sa, x, found))) {
            found = NULL;
            *times = 0;
        }
    }
    return found;
}

/* The same transforms were accepted by IKE_AUTH; what is new at the rekey is the DH group. */
static bool group_is_new(const struct ike_sa *sa, const struct exchange *x)
{
    const struct proposal *p = message_proposal(x->request.message, false);
    const struct child_sa *first = sa->children;
    if (x->response.message && message_notice(x->response.message, NOTIFY_INVALID_KE_PAYLOAD))
        return true;
    bool with_group = p && (x->request.message->ke_group || proposal_transform(p, TRANSFORM_DH));
    if (!first || !first->proposal.has_encr)
        return false;
    for (; p; p = p->next) {
        const struct transform *t = proposal_transform(p, TRANSFORM_ENCR);
        if (t && t->id == first->proposal.encr &&
            (!t->key_length || !first->proposal.key_length || t->key_length == first->proposal.key_length))
            return with_group || exchange_rekeys(x);
    }
    return false;
}

/* ---- what the configurations say ---- */

static struct pfs end_of(const struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t device = router_of(m, sa, side);
    if (!m->records || !device)
        return (struct pfs){ .known = false };
    return config_pfs(m, device, address_on(sa, side_other(side)), config_entry_of(m, sa, NULL, side));
}

/* What the one who asks for a Child SA asks for: by its message, by its log, by its configuration. */
static bool asked_group(const struct ike_sa *sa, const struct exchange *x, enum side asked, const struct pfs *end,
                        unsigned *group)
{
    const struct message *q = x ? x->request.message : NULL;
    const struct proposal *p = q ? message_proposal(q, false) : NULL;
    const struct transform *t = p ? proposal_transform(p, TRANSFORM_DH) : NULL;
    const struct view *v = view_on(sa, asked);
    *group = q && q->ke_group ? q->ke_group : t ? t->id : v && v->pfs_group ? v->pfs_group : end->group;
    return *group ? *group != PFS_GROUP_DEFAULT : p || end->known;
}

/* What to type for this group, 0: none, in the words of each platform: [0] IOS, [1] ASA. where: what is to have it; NULL: not
 * known. known: the group is the other end's. */
static void remedy(struct model *m, const struct record *where, bool known, unsigned group, const char *words[2])
{
    bool profile = where && strcmp(where->name, "ipsec-profile") == 0,
         dynamic = where && strcmp(where->name, "crypto-dynamic-map") == 0;
    const char *map = dynamic ? "crypto dynamic-map" : "crypto map";
    struct text name = where ? where->title : TEXT("MAP SEQ");
    const char *lead = !group  ? "where the tunnel is to do without PFS: "
                       : known ? "either end will do: here, "
                               : "one group at both ends: ";
    struct text set = group ? arena_format(m->run, "set pfs group%u", group) : TEXT("no set pfs");
    struct text ios = profile ? arena_format(m->run,
                                             "%s`crypto ipsec profile %.*s` / `%.*s`; it holds for every tunnel that uses this "
                                             "profile",
                                             lead, TEXT_ARGS(name), TEXT_ARGS(set))
                              : arena_format(m->run, "%s`%s %.*s%s`%s / `%.*s`", lead, map, TEXT_ARGS(name),
                                             dynamic ? "" : " ipsec-isakmp", where ? "" : " (or `crypto ipsec profile NAME`)",
                                             TEXT_ARGS(set));
    struct text asa = profile ? ios
                      : group ? arena_format(m->run, "%s`%s %.*s set pfs group%u`", lead, map, TEXT_ARGS(name), group)
                              : arena_format(m->run, "%s`no %s %.*s set pfs`", lead, map, TEXT_ARGS(name));
    words[0] = arena_string(m->run, ios);
    words[1] = arena_string(m->run, asa);
}

static void advise_end(struct diagnosis *d, enum side side, const struct pfs *end, bool known, unsigned group)
{
    uint8_t to = side == SIDE_INITIATOR ? TO_INITIATOR : TO_RESPONDER;
    const char *words[2];
    remedy(d->m, end->where, known, group, words);
    const struct advice rows[] = { { to, PLATFORM_IOS, words[0] }, { to, PLATFORM_ASA, words[1] } };
    ADVISE(d, rows);
}

/* Each end is told the other's group, where that is known; else the one that is. */
static void advise(struct diagnosis *d, const struct pfs ends[2], const unsigned groups[2], const bool known[2])
{
    for (unsigned i = 0; i < 2; i++) {
        unsigned one = groups[1 - i] ? groups[1 - i] : groups[i] ? groups[i] : KE_MODP_2048;
        bool both = known[0] && known[1] && groups[0] != groups[1];
        advise_end(d, i ? SIDE_RESPONDER : SIDE_INITIATOR, &ends[i], both, both ? groups[1 - i] : one);
        if (ends[i].known)
            finding_quote(d->m, d->f, ends[i].where, ends[i].line);
    }
}

static struct text group_words(struct model *m, unsigned group)
{
    return group == PFS_GROUP_DEFAULT ? TEXT("its default group")
           : group                    ? arena_format(m->run, "group %u", group)
                                      : TEXT("no PFS");
}

/* What a configuration has for PFS. */
static struct text pfs_words(struct model *m, unsigned group)
{
    return group ? arena_format(m->run, "PFS with %.*s", TEXT_ARGS(group_words(m, group))) : TEXT("no PFS");
}

static void judge_ends(struct model *m, const struct rule *r, struct ike_sa *sa, const struct pfs ends[2])
{
    struct diagnosis d;
    if (!ends[0].known || !ends[1].known || ends[0].group == ends[1].group || ends[0].group == PFS_GROUP_DEFAULT ||
        ends[1].group == PFS_GROUP_DEFAULT ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, ends[0].where->title))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "one", pfs_words(m, ends[0].group));
    diagnosis_word(&d, "two", pfs_words(m, ends[1].group));
    diagnosis_say(&d, NULL,
                  "The configuration of {initiator} has {one} and that of {responder} has {two}; the first SA comes up "
                  "all the same, its rekey may fail.");
    advise(&d, ends, (unsigned[2]){ ends[0].group, ends[1].group }, (bool[2]){ true, true });
}

/* Where several ways lead from the one to the other, each with the one that it belongs to. */
static void judge_configurations(struct model *m, const struct rule *r, struct ike_sa *sa, const struct pfs ends[2])
{
    const uint32_t devices[2] = { router_of(m, sa, SIDE_INITIATOR), router_of(m, sa, SIDE_RESPONDER) };
    const struct address addresses[2] = { address_on(sa, SIDE_INITIATOR), address_on(sa, SIDE_RESPONDER) };
    struct entry_pair pairs[ENTRIES];
    size_t count;
    if (!entry_pairs(m, devices, addresses, pairs, &count)) {
        judge_ends(m, r, sa, ends);
        return;
    }
    for (size_t n = 0; n < count; n++) {
        const struct pfs of[2] = { config_pfs(m, devices[0], addresses[1], pairs[n].at[0]),
                                   config_pfs(m, devices[1], addresses[0], pairs[n].at[1]) };
        judge_ends(m, r, sa, of);
    }
}

/* ---- what a log or a capture says ---- */

/* The responder's log lists both sides, and nothing but the DH group differs: while the SA is up, that is PFS. */
static bool judge_lists(struct model *m, const struct rule *r, struct ike_sa *sa, const struct pfs ends[2])
{
    const struct proposal *offered, *accepted;
    const struct note *n = logged_lists(m, sa, false, &offered, &accepted);
    const struct view *v = n ? view_of_input(sa, n->input) : NULL;
    struct matrix matrix = matrix_of(offered, accepted);
    struct diagnosis d;
    unsigned times;
    bool renews = heard_while_up((struct heard){ n, v }) || (n && v && matrix_of_rekey(&matrix, sa));
    if (!renews || !matrix.offer || matrix.count != 1 || matrix.differing[0] != TRANSFORM_DH)
        return false;
    const struct exchange *x = refused(sa, &times);
    enum side asked = x && x->from ? (enum side)x->from : side_other((enum side)v->role);
    if (!diagnosis_begin(&d, m, r, sa, side_other(asked), CONFIDENCE_CERTAIN, TEXT("")))
        return true;
    const struct transform *has = proposal_transform(matrix.accept, TRANSFORM_DH),
                           *asks = proposal_transform(matrix.offer, TRANSFORM_DH);
    diagnosis_word(&d, "offered", matrix_values(m->run, matrix.offer, TRANSFORM_DH));
    diagnosis_word(&d, "accepted", matrix_values(m->run, matrix.accept, TRANSFORM_DH));
    diagnosis_say(&d, NULL,
                  "{here} refused the rekey of {there}: it was asked for PFS with DH group {offered} and has {accepted}.");
    diagnosis_more(&d, "Everything else in the two lists agrees. The first Child SA is made without PFS, which is why the tunnel "
                       "came up at first.");
    unsigned groups[2];
    groups[asked != SIDE_INITIATOR] = asks ? asks->id : 0;
    groups[asked == SIDE_INITIATOR] = has ? has->id : 0;
    advise(&d, ends, groups, (bool[2]){ true, true });
    quote_note(&d, (struct heard){ n, v });
    if (x)
        quote_leg(&d, x, &x->response, "NO_PROPOSAL_CHOSEN");
    return true;
}

struct refusal {
    const struct exchange *x; /* NULL: only a log says so */
    struct heard said;
    enum side asked;
    unsigned times, offered, wanted; /* wanted: the group that INVALID_KE_PAYLOAD named */
    bool offer_known, has_known, differ;
    unsigned has;
};

/* What the end that refused asks for when it is its turn: the group is its own. */
static bool group_of_refuser(const struct ike_sa *sa, enum side refuser, unsigned *group)
{
    const struct exchange *found = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA && x->from == refuser && message_proposal(x->request.message, false))
            found = x;
    const struct transform *t = found ? proposal_transform(message_proposal(found->request.message, false), TRANSFORM_DH) : NULL;
    *group = found && found->request.message->ke_group ? found->request.message->ke_group : t ? t->id : 0;
    return found != NULL;
}

static struct refusal refusal_of(const struct ike_sa *sa, const struct pfs ends[2])
{
    struct refusal f = { .said = heard(sa, CODE_PFS_MISMATCH) };
    f.x = refused(sa, &f.times);
    f.asked = exchange_asker(f.x);
    const struct pfs *asker = &ends[f.asked != SIDE_INITIATOR], *other = &ends[f.asked == SIDE_INITIATOR];
    const struct notice *n = f.x ? message_notice(f.x->response.message, NOTIFY_INVALID_KE_PAYLOAD) : NULL;
    const struct refused_groups groups = n ? refused_groups(sa, f.x) : (struct refused_groups){ 0 };
    f.wanted = groups.wanted;
    f.offer_known = asked_group(sa, f.x, f.asked, asker, &f.offered);
    if (groups.sent) {
        f.offer_known = true;
        f.offered = groups.sent;
    }
    f.has_known = f.wanted || (other->known && other->group != PFS_GROUP_DEFAULT);
    f.has = f.wanted ? f.wanted : f.has_known ? other->group : 0;
    if (f.x && !f.has_known)
        f.has_known = group_of_refuser(sa, side_other(f.asked), &f.has);
    bool known = f.offer_known && f.has_known;
    f.differ = known && f.offered != f.has;
    if (f.x && !n && ((known && !f.differ) || (!known && !group_is_new(sa, f.x))))
        f.x = NULL; /* it is about something else, or nobody knows about what */
    return f;
}

static void say(struct diagnosis *d, const struct refusal *f)
{
    if (f->times > 1)
        diagnosis_wordf(d, "times", "%u times", f->times);
    if (f->offer_known)
        diagnosis_word(d, "offered", f->offered ? group_words(d->m, f->offered) : TEXT("no group"));
    if (f->has_known)
        diagnosis_word(d, "has", group_words(d->m, f->has));
    diagnosis_say(d, NULL,
                  f->differ
                      ? "{here} refused the rekey of {there}[[ {times}]]: it was asked for PFS with {offered} and has {has}."
                      : "{here} refused the rekey of {there}[[ {times}]], which asked for PFS with[[ {offered},]] another "
                        "group than {here} has[[ ({has})]].");
    diagnosis_more(d, "The first Child SA is made without PFS, which is why the tunnel came up at first; `PFS (Y/N): N` before "
                      "the first rekey is normal.");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct pfs ends[2] = { end_of(m, sa, SIDE_INITIATOR), end_of(m, sa, SIDE_RESPONDER) };
    if (judge_lists(m, r, sa, ends))
        return;
    struct refusal f = refusal_of(sa, ends);
    if (!f.x && !f.said.note) {
        judge_configurations(m, r, sa, ends);
        return;
    }
    struct diagnosis d;
    bool named = f.x && message_notice(f.x->response.message, NOTIFY_INVALID_KE_PAYLOAD);
    bool certain = f.said.note || named || (f.x && f.differ && !exchange_sealed(f.x));
    if (!diagnosis_begin(&d, m, r, sa, side_other(f.asked), certain ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    say(&d, &f);
    unsigned groups[2];
    bool known[2];
    groups[f.asked != SIDE_INITIATOR] = f.offered;
    known[f.asked != SIDE_INITIATOR] = f.offer_known;
    groups[f.asked == SIDE_INITIATOR] = f.has;
    known[f.asked == SIDE_INITIATOR] = f.has_known;
    advise(&d, ends, groups, known);
    if (f.x) {
        const struct view *v = view_on(sa, f.asked);
        quote_leg(&d, f.x, &f.x->request, "");
        quote_leg(&d, f.x, &f.x->response, named ? "INVALID_KE_PAYLOAD" : "NO_PROPOSAL_CHOSEN");
        if (v && v->pfs_group)
            quote_line(&d, v->input, v->pfs_line, "PFS configured, DH group %u", (unsigned)v->pfs_group);
    }
    quote_note(&d, f.said);
}

/* ---- two configurations alone ---- */

/* An entry with several peers is one place. */
static struct text places_of(struct model *m, const struct pfs at[2])
{
    return arena_format(m->run, "%s %.*s %s %.*s", at[0].where->name, TEXT_ARGS(at[0].where->title), at[1].where->name,
                        TEXT_ARGS(at[1].where->title));
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    struct pfs at[2];
    for (unsigned i = 0; i < 2; i++) {
        at[i] = config_pfs(m, t->end[i].device, t->end[1 - i].address, t->end[i].entry);
        if (!at[i].known)
            return;
    }
    if ((at[0].group == PFS_GROUP_DEFAULT && at[1].group) || (at[1].group == PFS_GROUP_DEFAULT && at[0].group))
        return; /* the default may be the same */
    struct diagnosis d;
    if (at[0].group == at[1].group || !tunnel_diagnosis_of(&d, m, r, t, 1, places_of(m, at)))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "one", pfs_words(m, at[0].group));
    diagnosis_word(&d, "two", pfs_words(m, at[1].group));
    diagnosis_say(&d, NULL,
                  "The configuration of {there_name} has {one} and that of {here_name} has {two}[[, for their tunnel "
                  "{which}]]; the first SA comes up "
                  "all the same, its rekey may fail.");
    for (unsigned i = 0; i < 2; i++) {
        const char *words[2];
        const uint32_t wanted = at[1 - i].group == PFS_GROUP_DEFAULT ? KE_MODP_2048 : at[1 - i].group;
        remedy(m, at[i].where, true, wanted, words);
        tunnel_advise(&d, t, i, words[0], words[1]);
        if (at[i].group == PFS_GROUP_DEFAULT) { /* of another release it is another one */
            remedy(m, at[i].where, true, KE_MODP_2048, words);
            tunnel_advise(&d, t, i, words[0], words[1]);
        }
        finding_quote(m, d.f, at[i].where, at[i].line);
    }
}

const struct rule rule_pfs_mismatch = {
    .id = "pfs-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 13,
    .title = "PFS groups differ",
    .meaning = "The two ends have different DH groups for perfect forward secrecy, or only one has it. It is used when a Child "
               "SA is rekeyed, not for the first one, so the tunnel comes "
               "up and drops at its first lifetime.",
    .advice = "`set pfs` with the same group at both ends, or at none.",
    .sa = judge,
    .tunnel_child = judge_tunnel,
};
