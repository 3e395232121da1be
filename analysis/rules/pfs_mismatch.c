/* PFS groups differ. IKE_AUTH's Child SA uses none, so the tunnel comes up and fails at its first rekey. RFC 7296 section 1.3.1.
 */
#include "analysis/evidence.h"
#include "analysis/proposals.h"
#include "analysis/tunnels.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "one group at both ends: `crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile NAME`) / `set pfs group{group}`" },
    { TO_BOTH, PLATFORM_ASA, "one group at both ends: `crypto map MAP SEQ set pfs group{group}`" },
};

static const struct exchange *refused(const struct ike_sa *sa)
{
    static const uint16_t notifies[] = { NOTIFY_NO_PROPOSAL_CHOSEN, NOTIFY_INVALID_KE_PAYLOAD };
    for (size_t i = 0; i < sizeof notifies / sizeof notifies[0]; i++)
        for (const struct exchange *x = exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, notifies[i], NULL); x;
             x = exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, notifies[i], x)) {
            bool later = false;
            for (const struct exchange *y = x->next; y; y = y->next)
                later |= y->type == EXCHANGE_CREATE_CHILD_SA && y->outcome == EXCHANGE_OK;
            const struct proposal *p = message_proposals(x->request.message, false);
            if (p && !later)
                return x;
        }
    return NULL;
}

/* The same transforms were accepted by IKE_AUTH; what is new at the rekey is the DH group. */
static bool group_is_new(const struct ike_sa *sa, const struct exchange *x)
{
    const struct proposal *p = message_proposals(x->request.message, false);
    const struct child_sa *first = sa->children;
    if (x->response.message && message_notice(x->response.message, NOTIFY_INVALID_KE_PAYLOAD))
        return true;
    bool with_group = x->request.message->ke_group || proposal_transform(p, TRANSFORM_DH);
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

static void judge_configurations(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    uint32_t group[2] = { 0, 0 }, line[2] = { 0, 0 };
    const struct record *where[2] = { NULL, NULL };
    for (int i = 0; i < 2; i++) {
        enum side side = i ? SIDE_RESPONDER : SIDE_INITIATOR;
        uint32_t device = router_of(m, sa, side);
        if (!device || !config_pfs(m, device, address_on(sa, side_other(side)), &group[i], &where[i], &line[i]))
            return;
    }
    struct diagnosis d;
    if (group[0] == group[1] || (!group[0] && !where[0]) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("")))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_wordf(&d, "group", "%u", group[0] ? group[0] : group[1]);
    diagnosis_word(&d, "one", group[0] ? arena_format(m->run, "group %u", group[0]) : TEXT("no PFS"));
    diagnosis_word(&d, "two", group[1] ? arena_format(m->run, "group %u", group[1]) : TEXT("no PFS"));
    diagnosis_say(&d, NULL,
                  "The configuration of {initiator} has {one} for PFS and that of {responder} has {two}; the first SA comes up "
                  "all the same, its rekey may fail.");
    ADVISE(&d, common);
    for (int i = 0; i < 2; i++)
        if (where[i])
            finding_quote(m, d.f, where[i], line[i]);
}

/* The responder's log lists both sides, and nothing but the DH group differs: while the SA is up, that is PFS. */
static bool judge_lists(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct proposal *offered, *accepted;
    const struct note *n = logged_lists(m, sa, false, &offered, &accepted);
    const struct view *v = n ? view_of_input(sa, n->input) : NULL;
    struct matrix matrix = matrix_of(offered, accepted);
    struct diagnosis d;
    if (!heard_while_up((struct heard){ n, v }) || !matrix.offer || matrix.count != 1 || matrix.differing[0] != TRANSFORM_DH)
        return false;
    const struct exchange *x = refused(sa);
    enum side asked = x && x->from ? (enum side)x->from : side_other((enum side)v->role);
    if (!diagnosis_begin(&d, m, r, sa, side_other(asked), CONFIDENCE_CERTAIN, TEXT("")))
        return true;
    const struct transform *t = proposal_transform(matrix.accept, TRANSFORM_DH);
    diagnosis_wordf(&d, "group", "%u", t ? (unsigned)t->id : 14);
    diagnosis_word(&d, "offered", matrix_values(m->run, matrix.offer, TRANSFORM_DH));
    diagnosis_word(&d, "accepted", matrix_values(m->run, matrix.accept, TRANSFORM_DH));
    diagnosis_say(&d, NULL, "{here} refused the rekey of {there}: it was asked for PFS with {offered} and has {accepted}.");
    diagnosis_more(&d, "Everything else in the two lists agrees. The first Child SA is made without PFS, which is why the tunnel "
                       "came up at first.");
    ADVISE(&d, common);
    quote_note(&d, (struct heard){ n, v });
    if (x)
        quote_leg(&d, x, &x->response, "NO_PROPOSAL_CHOSEN");
    return true;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (judge_lists(m, r, sa))
        return;
    const struct exchange *x = refused(sa);
    struct heard said = heard(sa, CODE_PFS_MISMATCH);
    if (x && !group_is_new(sa, x))
        x = NULL;
    if (!x && !said.note) {
        judge_configurations(m, r, sa);
        return;
    }
    struct diagnosis d;
    enum side asked = x && x->from ? (enum side)x->from : SIDE_INITIATOR;
    if (!diagnosis_begin(&d, m, r, sa, side_other(asked), said.note ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    const struct message *q = x ? x->request.message : NULL;
    const struct transform *t = q && message_proposals(q, false) ? proposal_transform(message_proposals(q, false), TRANSFORM_DH)
                                                                 : NULL;
    unsigned offered = q && q->ke_group ? q->ke_group : t ? t->id : 0;
    const struct notice *n = x && x->response.message ? message_notice(x->response.message, NOTIFY_INVALID_KE_PAYLOAD) : NULL;
    unsigned wanted = n && n->data.len >= 2 ? (unsigned)(n->data.at[0] << 8 | n->data.at[1]) : 0;
    diagnosis_word(&d, "offered",
                   offered ? arena_format(m->run, "group %u", offered)
                   : x     ? TEXT("no group")
                           : (struct text){ NULL, 0 });
    if (wanted)
        diagnosis_wordf(&d, "wanted", "%u", wanted);
    diagnosis_wordf(&d, "group", "%u", wanted ? wanted : offered ? offered : 14);
    diagnosis_say(&d, NULL,
                  "{here} refused the rekey of {there}, which asked for PFS with[[ {offered},]] another group than {here} has[[ "
                  "({wanted})]].");
    diagnosis_more(&d, "The first Child SA is made without PFS, which is why the tunnel came up at first; `PFS (Y/N): N` before "
                       "the first rekey is normal.");
    ADVISE(&d, common);
    if (x) {
        quote_leg(&d, x, &x->request, "");
        quote_leg(&d, x, &x->response, n ? "INVALID_KE_PAYLOAD" : "NO_PROPOSAL_CHOSEN");
    }
    quote_note(&d, said);
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    uint32_t group[2] = { 0, 0 }, line[2] = { 0, 0 };
    const struct record *where[2] = { NULL, NULL };
    for (unsigned i = 0; i < 2; i++)
        if (!config_pfs(m, t->end[i].device, t->end[1 - i].address, &group[i], &where[i], &line[i]) ||
            group[i] == PFS_GROUP_DEFAULT)
            return;
    struct diagnosis d;
    if (group[0] == group[1] || !tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_wordf(&d, "group", "%u", group[0] ? group[0] : group[1]);
    diagnosis_word(&d, "one", group[0] ? arena_format(m->run, "group %u", group[0]) : TEXT("no PFS"));
    diagnosis_word(&d, "two", group[1] ? arena_format(m->run, "group %u", group[1]) : TEXT("no PFS"));
    diagnosis_say(&d, NULL,
                  "The configuration of {there_name} has {one} for PFS and that of {here_name} has {two}; the first SA comes up "
                  "all the same, its rekey may fail.");
    for (unsigned i = 0; i < 2; i++) {
        bool map = t->end[i].path.crypto_map != NULL;
        tunnel_advise(&d, t, i,
                      map ? "one group at both ends: `crypto map MAP SEQ ipsec-isakmp` / `set pfs group{group}`"
                          : "one group at both ends: `crypto ipsec profile NAME` / `set pfs group{group}`",
                      map ? "one group at both ends: `crypto map MAP SEQ set pfs group{group}`"
                          : "one group at both ends: `crypto ipsec profile NAME` / `set pfs group{group}`");
        finding_quote(m, d.f, where[i], line[i]);
    }
}

static void judge_tunnels(struct model *m, const struct rule *r)
{
    tunnels_each(m, r, judge_tunnel);
}

const struct rule rule_pfs_mismatch = {
    .id = "pfs-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 14,
    .title = "PFS groups differ",
    .meaning = "The two ends have different DH groups for perfect forward secrecy, or only one has it. It is used when a Child "
               "SA is rekeyed, not for the first one, so the tunnel comes "
               "up and drops at its first lifetime.",
    .advice = "`set pfs` with the same group at both ends, or at none.",
    .sa = judge,
    .whole = judge_tunnels,
};
