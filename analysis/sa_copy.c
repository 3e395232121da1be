#include "analysis/sa_copy.h"

#include "analysis/condense.h"

struct note *notes_copy(struct arena *arena, const struct note *first, struct note **last)
{
    struct note *head = NULL, **at = &head;
    *last = NULL;
    for (const struct note *n = first; n; n = n->next) {
        *last = *at = arena_new(arena, struct note);
        **at = *n;
        (*at)->next = NULL;
        (*at)->text = arena_copy(arena, n->text);
        (*at)->facts = facts_copy(arena, n->facts);
        at = &(*at)->next;
    }
    return head;
}

struct printed_offer printed_offer_copy(struct arena *arena, const struct printed_offer *offer)
{
    struct printed_offer copy = *offer;
    copy.text = arena_copy(arena, offer->text);
    copy.proposals = proposals_copy(arena, offer->proposals);
    return copy;
}

static struct printed_offer *offer_copy(struct arena *arena, const struct printed_offer *offer)
{
    if (!offer)
        return NULL;
    struct printed_offer *copy = arena_new(arena, struct printed_offer);
    *copy = printed_offer_copy(arena, offer);
    return copy;
}

static struct said *said_copy(struct arena *arena, const struct said *said)
{
    if (!said)
        return NULL;
    struct said *copy = arena_new(arena, struct said);
    *copy = *said;
    copy->own.value = arena_copy(arena, said->own.value);
    copy->peer.value = arena_copy(arena, said->peer.value);
    copy->ike = offer_copy(arena, said->ike);
    copy->child = offer_copy(arena, said->child);
    return copy;
}

static void transitions_copy(struct arena *arena, struct view *copy, const struct transition *first)
{
    copy->transitions = copy->transitions_last = NULL;
    struct transition **at = &copy->transitions;
    for (const struct transition *t = first; t; t = t->next) {
        copy->transitions_last = *at = arena_new(arena, struct transition);
        **at = *t;
        (*at)->next = NULL;
        at = &(*at)->next;
    }
}

static void views_copy(struct arena *arena, struct ike_sa *copy, const struct view *first, bool whole)
{
    copy->views = copy->views_last = NULL;
    struct view **at = &copy->views;
    for (const struct view *v = first; v; v = v->next) {
        struct view *to = arena_new(arena, struct view);
        *to = *v;
        to->next = NULL;
        to->notes = notes_copy(arena, whole ? v->notes : NULL, &to->notes_last);
        to->note_count = whole ? v->note_count : 0;
        transitions_copy(arena, to, whole ? v->transitions : NULL);
        to->profile = arena_copy(arena, v->profile);
        to->policy = arena_copy(arena, v->policy);
        to->proposal = arena_copy(arena, v->proposal);
        to->keyring = arena_copy(arena, v->keyring);
        to->key_block = arena_copy(arena, v->key_block);
        to->tunnel_group = arena_copy(arena, v->tunnel_group);
        to->crypto_map = arena_copy(arena, v->crypto_map);
        to->said = said_copy(arena, whole ? v->said : NULL);
        copy->views_last = *at = to;
        at = &to->next;
    }
}

static void leg_copy(struct model *to, struct ike_sa *sa, struct leg *copy, const struct leg *leg)
{
    copy->message = leg->message ? message_copy(condense_arena(to, sa), leg->message, to->options.keep_payloads) : NULL;
    copy->seen = copy->seen_last = NULL;
    struct sighting **at = &copy->seen;
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        copy->seen_last = *at = arena_new(to->run, struct sighting);
        **at = *s;
        (*at)->next = NULL;
        at = &(*at)->next;
    }
}

static void exchanges_copy(struct model *to, struct ike_sa *copy, const struct exchange *first)
{
    copy->exchanges = copy->exchanges_last = NULL;
    copy->exchange_count = 0;
    copy->condense_at = 0;
    struct exchange **at = &copy->exchanges;
    for (const struct exchange *x = first; x; x = x->next) {
        struct exchange *one = arena_new(to->run, struct exchange);
        *one = *x;
        one->next = one->alike = NULL;
        leg_copy(to, copy, &one->request, &x->request);
        leg_copy(to, copy, &one->response, &x->response);
        copy->exchanges_last = *at = one;
        copy->exchange_count++;
        at = &one->next;
    }
}

static void children_copy(struct arena *arena, struct ike_sa *copy, struct child_sa *first)
{
    copy->children = copy->children_last = NULL;
    struct child_sa **at = &copy->children;
    for (struct child_sa *c = first; c; c = c->sibling) {
        struct child_sa *to = arena_new(arena, struct child_sa);
        *to = *c;
        to->next = to->sibling = to->copy = NULL;
        to->ike_sa = copy;
        to->offer = offer_copy(arena, c->offer);
        to->tsi = selectors_copy(arena, c->tsi);
        to->tsr = selectors_copy(arena, c->tsr);
        to->shown = NULL;
        c->copy = copy->children_last = *at = to;
        at = &to->sibling;
    }
}

static void party_copy(struct arena *arena, struct party *p)
{
    p->id.value = arena_copy(arena, p->id.value);
    p->eap_identity = arena_copy(arena, p->eap_identity);
    p->cert = certificate_copy(arena, &p->cert);
}

static void paths_copy(struct arena *arena, struct ike_sa *copy, const struct path *first)
{
    copy->path = copy->path_last = NULL;
    struct path **at = &copy->path;
    for (const struct path *p = first; p; p = p->next) {
        copy->path_last = *at = arena_new(arena, struct path);
        **at = *p;
        (*at)->next = NULL;
        at = &(*at)->next;
    }
}

struct ike_sa *sa_copy(struct model *to, struct ike_sa *sa, bool whole)
{
    struct ike_sa *copy = arena_new(to->run, struct ike_sa);
    *copy = *sa;
    copy->next = copy->copy = NULL;
    copy->index = NULL;
    copy->child_index = NULL;
    copy->held = NULL;
    copy->shown = NULL;
    copy->redirected_to = arena_copy(to->run, sa->redirected_to);
    copy->made_before = to->ike_sas_made;
    to->ike_sas_made = copy;
    party_copy(to->run, &copy->initiator);
    party_copy(to->run, &copy->responder);
    paths_copy(to->run, copy, sa->path);
    copy->offer = offer_copy(to->run, sa->offer);
    views_copy(to->run, copy, sa->views, whole);
    exchanges_copy(to, copy, whole ? sa->exchanges : NULL);
    children_copy(to->run, copy, sa->children);
    return sa->copy = copy;
}

static struct ike_sa *copy_of(const struct ike_sa *sa)
{
    return sa ? sa->copy : NULL;
}

void sa_copy_links(struct ike_sa *copy)
{
    copy->replaced |= copy->rekeyed_by != NULL;
    copy->rekeys = copy_of(copy->rekeys);
    copy->rekeyed_by = copy_of(copy->rekeyed_by);
    copy->same_as = copy_of(copy->same_as);
    for (struct child_sa *c = copy->children; c; c = c->sibling) {
        c->rekeys = c->rekeys ? c->rekeys->copy : NULL;
        c->rekeyed_by = c->rekeyed_by ? c->rekeyed_by->copy : NULL;
    }
}
