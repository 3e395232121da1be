#include "analysis/compare.h"

#include <string.h>

struct comparing {
    const struct model *good, *bad;
    struct arena *arena;
    struct comparison *c;
    struct difference **at;
};

static bool came_up(const struct ike_sa *sa)
{
    return sa->outcome == SA_ESTABLISHED || sa->outcome == SA_REKEYED || sa->outcome == SA_DELETED;
}

static const struct ike_sa *choose(const struct model *m, bool good)
{
    const struct ike_sa *best = NULL;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        if (sa->rekeys)
            continue;
        bool fits = came_up(sa) == good && !(ike_sa_lacks_child(sa) && good);
        if (fits && (good || sa->start_seen || !best))
            return sa;
        if (!best || (!good && ike_sa_lacks_child(sa)))
            best = sa;
    }
    return best ? best : m->ike_sas;
}

static struct difference *add(struct comparing *x, struct text where, const char *what, struct text good, struct text bad)
{
    struct difference *d = arena_new(x->arena, struct difference);
    d->where = where;
    d->what = text_of(what);
    d->good.value = good;
    d->bad.value = bad;
    *x->at = d;
    x->at = &d->next;
    return d;
}

static void place(struct showing *s, const struct model *m, const struct leg *leg)
{
    if (!leg || !leg->seen)
        return;
    s->input = leg->seen->input;
    s->place = leg->seen->place;
    s->packet = m->inputs[s->input].has_packets;
}

static void place_both(const struct comparing *x, struct difference *d, const struct leg *good, const struct leg *bad)
{
    place(&d->good, x->good, good);
    place(&d->bad, x->bad, bad);
}

/* ---- a message's parts as words ---- */

static struct text words_of_proposals(struct arena *arena, const struct message *m)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    for (const struct proposal *p = m->proposals; p; p = p->next) {
        buffer_string(&b, b.len ? " | " : "");
        for (uint16_t i = 0; i < p->count; i++) {
            buffer_string(&b, i ? " " : "");
            transform_print(p->transforms[i], &b);
        }
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

static struct text words_of_transform(struct arena *arena, struct transform t)
{
    struct buffer b;
    buffer_init(&b, 256);
    transform_print(t, &b);
    struct text words = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return words;
}

static struct text words_of_notices(struct arena *arena, const struct message *m)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    for (const struct notice *n = m->notices; n; n = n->next) {
        const char *name = registry_name(REGISTRY_NOTIFY, n->type);
        buffer_string(&b, b.len ? " " : "");
        if (name)
            buffer_string(&b, name);
        else
            buffer_format(&b, "%u", n->type);
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

static struct text words_of_types(struct arena *arena, const struct message *m)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    for (uint16_t i = 0; i < m->type_count; i++) {
        const char *name = payload_notation(m->types[i]);
        if (m->types[i] == PAYLOAD_NOTIFY || m->types[i] == PAYLOAD_VENDOR)
            continue; /* notifies are compared by name; vendor ids say nothing of the negotiation */
        buffer_format(&b, "%s%s", b.len ? " " : "", name ? name : "?");
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

static struct text words_of_selectors(struct arena *arena, const struct message *m)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    const struct selector *const lists[] = { m->tsi, m->tsr };
    for (int l = 0; l < 2; l++) {
        buffer_string(&b, l && lists[l] ? " == " : "");
        for (const struct selector *s = lists[l]; s; s = s->next) {
            range_print(s->start, s->end, &b);
            buffer_string(&b, s->next ? "," : "");
        }
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

static struct text word_of_group(struct arena *arena, const struct message *m)
{
    const char *name = registry_name(REGISTRY_KE, m->ke_group);
    return m->ke_group ? arena_format(arena, "%u%s%s%s", m->ke_group, name ? " (" : "", name ? name : "", name ? ")" : "")
                       : (struct text){ NULL, 0 };
}

static struct text word_of_method(struct arena *arena, const struct message *m)
{
    const char *name = registry_name(REGISTRY_AUTH, m->auth_method);
    return m->auth_method ? arena_format(arena, "%s", name ? name : "unknown") : (struct text){ NULL, 0 };
}

static struct text word_of_id(struct arena *arena, const struct message *m)
{
    const char *name = registry_name(REGISTRY_ID, m->idi.type ? m->idi.type : m->idr.type);
    (void)arena;
    return text_of(name); /* two attempts may be of other peers: the kind of identity counts */
}

static const struct {
    const char *what;
    struct text (*words)(struct arena *, const struct message *);
    bool parts;
} aspects[] = {
    { "payloads", words_of_types, true },
    { "notifies", words_of_notices, true },
    { "proposals", words_of_proposals, false },
    { "KE group", word_of_group, false },
    { "authentication method", word_of_method, false },
    { "identity type", word_of_id, false },
    { "selectors", words_of_selectors, false },
};

static bool sealed(const struct message *m)
{
    return m->decryption == DECRYPTION_NO_KEY || m->decryption == DECRYPTION_ICV_FAILED;
}

/* An error notify on one side only: here they part, whatever else differs. */
static bool one_errs(const struct message *good, const struct message *bad)
{
    const struct notice *g = message_error(good), *b = message_error(bad);
    return (g != NULL) != (b != NULL) || (g && b && g->type != b->type);
}

static bool compare_leg(struct comparing *x, const struct exchange *e, const char *leg, const struct leg *good,
                        const struct leg *bad)
{
    const char *name = registry_name(REGISTRY_EXCHANGE, e->type);
    struct text where = arena_format(x->arena, "%s %s, message id %u%s", name ? name : "exchange", leg, e->message_id,
                                     e->attempt ? " (retry)" : "");
    if (!good->copies && !bad->copies)
        return true;
    if (!good->copies || !bad->copies) {
        struct difference *d = add(x, where, "message", good->copies ? TEXT("there") : TEXT("none"),
                                   bad->copies ? TEXT("there") : TEXT("none"));
        place_both(x, d, good, bad);
        d->parting = true;
        x->c->parting = d;
        return false;
    }
    if (good->retransmissions != bad->retransmissions)
        place_both(x,
                   add(x, where, "sent again",
                       arena_format(x->arena, "%u time%s", good->retransmissions, good->retransmissions == 1 ? "" : "s"),
                       arena_format(x->arena, "%u time%s", bad->retransmissions, bad->retransmissions == 1 ? "" : "s")),
                   good, bad);
    const struct message *g = good->message, *b = bad->message;
    if (!g || !b || sealed(g) || sealed(b)) {
        x->c->same_messages++;
        return true;
    }
    bool part = one_errs(g, b);
    for (size_t i = 0; i < COUNT_OF(aspects); i++) {
        struct text gw = aspects[i].words(x->arena, g), bw = aspects[i].words(x->arena, b);
        /* a log that prints less than the other is no difference of the attempts */
        if (text_equal(gw, bw) || (!aspects[i].parts && (!gw.len || !bw.len)))
            continue;
        struct difference *d = add(x, where, aspects[i].what, gw, bw);
        place_both(x, d, good, bad);
        if (part && aspects[i].parts && !x->c->parting) {
            d->parting = true;
            x->c->parting = d;
        }
    }
    x->c->same_messages += !part;
    return !part;
}

static bool compare_messages(struct comparing *x)
{
    const struct exchange *g = x->c->good->exchanges, *b = x->c->bad->exchanges;
    for (; g && b; g = g->next, b = b->next) {
        if (g->type != b->type || g->attempt != b->attempt) {
            const char *gn = registry_name(REGISTRY_EXCHANGE, g->type), *bn = registry_name(REGISTRY_EXCHANGE, b->type);
            struct difference *d = add(x, TEXT("the next exchange"), "exchange", text_of(gn ? gn : "?"), text_of(bn ? bn : "?"));
            place_both(x, d, &g->request, &b->request);
            d->parting = true;
            x->c->parting = d;
            return false;
        }
        if (!compare_leg(x, g, "request", &g->request, &b->request) || !compare_leg(x, g, "response", &g->response, &b->response))
            return false;
    }
    if ((g != NULL) == (b != NULL))
        return true;
    while (b && came_up(x->c->good) && came_up(x->c->bad) && b->outcome != EXCHANGE_ERROR && b->outcome != EXCHANGE_NO_RESPONSE)
        b = b->next; /* that it was watched for longer is no difference; that something fails there is */
    if (!b && came_up(x->c->good) == came_up(x->c->bad))
        return true;
    const struct exchange *more = g ? g : b;
    const char *name = registry_name(REGISTRY_EXCHANGE, more->type);
    const char *became = more->outcome == EXCHANGE_ERROR         ? ", refused"
                         : more->outcome == EXCHANGE_NO_RESPONSE ? ", without an answer"
                                                                 : "";
    struct text what = arena_format(x->arena, "%s%s", name ? name : "?", became);
    struct difference *d = add(x, TEXT("the next exchange"), "exchange", g ? what : TEXT("none"), b ? what : TEXT("none"));
    place_both(x, d, g ? &g->request : NULL, b ? &b->request : NULL);
    d->parting = true;
    x->c->parting = d;
    return false;
}

static struct transform agreed(const struct chosen *c, unsigned type)
{
    switch (type) {
    case TRANSFORM_ENCR:
        return (struct transform){ TRANSFORM_ENCR, c->encr, c->key_length };
    case TRANSFORM_PRF:
        return (struct transform){ TRANSFORM_PRF, c->prf, 0 };
    case TRANSFORM_INTEG:
        return (struct transform){ TRANSFORM_INTEG, c->integ, 0 };
    default:
        return (struct transform){ TRANSFORM_DH, c->dh, 0 };
    }
}

/* What was agreed on, where no message's proposals told it: a log may print it by itself. */
static void compare_agreed(struct comparing *x, const char *where, const struct chosen *good, const struct chosen *bad,
                           const struct printed_offer *const offers[2])
{
    const struct {
        const char *what;
        unsigned type;
        bool known;
    } rows[] = {
        { "encryption", TRANSFORM_ENCR, good->has_encr && bad->has_encr },
        { "PRF", TRANSFORM_PRF, good->has_prf && bad->has_prf },
        { "integrity", TRANSFORM_INTEG, good->has_integ && bad->has_integ },
        { "DH group", TRANSFORM_DH, good->has_dh && bad->has_dh },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct transform g = agreed(good, rows[i].type), b = agreed(bad, rows[i].type);
        if (!g.key_length || !b.key_length) /* a log that prints less than the other is no difference of the attempts */
            g.key_length = b.key_length = 0;
        if (!rows[i].known || (g.id == b.id && g.key_length == b.key_length))
            continue;
        struct difference *d = add(x, text_of(where), rows[i].what, words_of_transform(x->arena, g),
                                   words_of_transform(x->arena, b));
        struct showing *shown[2] = { &d->good, &d->bad };
        for (unsigned k = 0; k < 2; k++)
            if (offers[k]) {
                shown[k]->input = offers[k]->input;
                shown[k]->place = offers[k]->line;
            }
    }
}

static void compare_algorithms(struct comparing *x)
{
    const struct ike_sa *good = x->c->good, *bad = x->c->bad;
    for (const struct difference *d = x->c->differences; d; d = d->next)
        if (text_equal(d->what, TEXT("proposals")))
            return;
    compare_agreed(x, "the IKE SA", &good->proposal, &bad->proposal,
                   (const struct printed_offer *const[2]){ good->offer, bad->offer });
    const struct child_sa *g = good->children, *b = bad->children;
    if (g && b)
        compare_agreed(x, "the first Child SA", &g->proposal, &b->proposal,
                       (const struct printed_offer *const[2]){ g->offer, b->offer });
}

static const struct view *view_of(const struct ike_sa *sa, unsigned role)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->role == role && v->transitions)
            return v;
    return NULL;
}

static const struct transition *skip(const struct transition *t, const struct transition *before)
{
    /* waiting, and the same pair again (a retransmission), are no steps */
    while (t && (strcmp(t->event, "EV_NO_EVENT") == 0 || strncmp(t->event, "EV_RE_XMT", 9) == 0 ||
                 (before && strcmp(t->event, before->event) == 0 && strcmp(t->state, before->state) == 0)))
        t = t->next;
    return t;
}

static void compare_states(struct comparing *x, unsigned role)
{
    const struct view *gv = view_of(x->c->good, role), *bv = view_of(x->c->bad, role);
    if (!gv || !bv)
        return;
    const struct transition *g = skip(gv->transitions, NULL), *b = skip(bv->transitions, NULL), *last = NULL;
    while (g && b && strcmp(g->state, b->state) == 0 && strcmp(g->event, b->event) == 0) {
        x->c->same_transitions++;
        last = g;
        g = skip(g->next, g);
        b = skip(b->next, b);
    }
    if (!g && !b)
        return;
    struct text where = arena_format(x->arena, "%s's state machine%s%s%s%s", role == SIDE_INITIATOR ? "initiator" : "responder",
                                     last ? ", after " : "", last ? last->state : "", last ? " " : "", last ? last->event : "");
    struct difference *d = add(x, where, "state", g ? arena_format(x->arena, "%s %s", g->state, g->event) : TEXT("the log ends"),
                               b ? arena_format(x->arena, "%s %s", b->state, b->event) : TEXT("the log ends"));
    d->good.input = gv->input;
    d->bad.input = bv->input;
    d->good.place = g ? g->line : 0;
    d->bad.place = b ? b->line : 0;
    d->parting = !x->c->parting;
    if (d->parting)
        x->c->parting = d;
}

static void count_attempts(const struct model *m, struct comparison *c)
{
    const struct ike_sa *bad = c->bad;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->outcome == bad->outcome &&
            address_compare(sa->initiator.endpoint.address, bad->initiator.endpoint.address) == 0 &&
            address_compare(sa->responder.endpoint.address, bad->responder.endpoint.address) == 0) {
            c->bad_attempts++;
            c->first_attempt = c->first_attempt ? c->first_attempt : sa;
            c->last_attempt = sa;
        }
}

bool compare_attempts(const struct model *good, const struct model *bad, struct arena *arena, struct comparison *c)
{
    *c = (struct comparison){ .good = choose(good, true), .bad = choose(bad, false) };
    struct comparing x = { good, bad, arena, c, &c->differences };
    if (!c->good || !c->bad) {
        if (c->good || c->bad) {
            struct difference *d = add(&x, TEXT("before the first message"), "IKE SA", c->good ? TEXT("there") : TEXT("none"),
                                       c->bad ? TEXT("there") : TEXT("none"));
            d->parting = true;
            c->parting = d;
        }
        return false;
    }
    count_attempts(bad, c);
    compare_messages(&x);
    compare_algorithms(&x);
    compare_states(&x, SIDE_INITIATOR);
    compare_states(&x, SIDE_RESPONDER);
    return true;
}
