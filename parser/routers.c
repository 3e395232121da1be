#include "parser/routers.h"

#include "parser/state.h"

static void pass(struct parser *p, struct event *e)
{
    calendar_place(&p->calendar, p->model->options.year, &e->time);
    p->taker.take(p->taker.context, e);
}

static void hold(struct parser *p, const struct event *e)
{
    struct routers *r = &p->routers;
    if (!r->arena)
        r->arena = arena_create();
    struct event *copy = arena_new(r->arena, struct event);
    *copy = *e;
    copy->text = arena_text(r->arena, e->text);
    copy->facts = facts_copy(r->arena, e->facts);
    if (e->message)
        copy->message = message_copy_whole(r->arena, e->message, p->model->options.keep_payloads);
    r->held[r->held_count++] = copy;
}

static struct router_slot *slot_of(struct routers *r, uint32_t sa_id)
{
    struct router_slot *s = &r->slots[sa_id % ROUTER_SAS];
    if (s->sa_id != sa_id)
        *s = (struct router_slot){ .sa_id = sa_id };
    return s;
}

/* Which end of its IKE SA printed this message? The INITIATOR flag is the sender's. RFC 7296 section 3.1. */
static enum side end_by_flags(const struct event *e)
{
    const struct message *m = e->message;
    if (!m || !m->has_flags || !event_sa_id(e) || (e->kind != EVENT_PACKET_SENT && e->kind != EVENT_PACKET_RECEIVED))
        return SIDE_UNKNOWN;
    bool by_initiator = (m->flags & MESSAGE_INITIATOR) != 0;
    return by_initiator == (e->kind == EVENT_PACKET_SENT) ? SIDE_INITIATOR : SIDE_RESPONDER;
}

static void learn_end(struct routers *r, const struct event *e, unsigned side)
{
    enum side end = end_by_flags(e);
    if (end && side)
        slot_of(r, e->sa_id)->end[side] = (uint8_t)end;
}

/* 0: what was seen before does not tell. */
static uint8_t side_by_flags(struct routers *r, const struct event *e)
{
    enum side end = end_by_flags(e);
    const struct router_slot *s = end ? slot_of(r, e->sa_id) : NULL;
    if (!s || (!s->end[1] && !s->end[2]) || s->end[1] == s->end[2])
        return 0;
    unsigned known = s->end[1] ? 1 : 2;
    return (uint8_t)(s->end[known] == end ? known : 3 - known);
}

static void release(struct parser *p, unsigned side)
{
    struct routers *r = &p->routers;
    for (unsigned i = 0; i < r->held_count; i++) {
        if (side && r->mixed) {
            r->held[i]->device = r->devices[side];
            learn_end(r, r->held[i], side);
        }
        pass(p, r->held[i]);
    }
    r->held_count = 0;
    r->wait = WAIT_NOT;
    if (r->arena)
        arena_reset(r->arena);
}

void routers_flush(struct parser *p)
{
    release(p, p->routers.speaker);
}

void routers_clear(struct routers *r)
{
    arena_destroy(r->arena);
    *r = (struct routers){ 0 };
}

static struct router_sa *sa_of(struct routers *r, uint64_t spi_i)
{
    struct router_sa *sa = &r->sas[(spi_i ^ spi_i >> 17 ^ spi_i >> 41) % ROUTER_SAS];
    if (sa->spi_i != spi_i)
        *sa = (struct router_sa){ .spi_i = spi_i };
    return sa;
}

/* Which end of an IKE_SA_INIT prints this? Only states that no other exchange has. */
static enum side end_of(const struct event *e)
{
    if (e->msgid != 0)
        return SIDE_UNKNOWN;
    if (e->role == SIDE_INITIATOR && ((e->state[0] == 'I' && e->state[1] == '_') || strcmp(e->event, "EV_INIT_SA") == 0))
        return SIDE_INITIATOR;
    if (e->role == SIDE_RESPONDER && ((e->state[0] == 'R' && e->state[1] == '_') || strcmp(e->event, "EV_RECV_INIT") == 0))
        return SIDE_RESPONDER;
    return SIDE_UNKNOWN;
}

static void begin_mixed(struct parser *p, struct event *e, struct router_sa *sa)
{
    struct routers *r = &p->routers;
    r->mixed = true;
    r->devices[1] = e->device;
    struct text name = p->model->devices[e->device].name;
    r->devices[2] = model_device_of_file(p->model, p->input, arena_format(p->model->read, "%.*s/2", TEXT_ARGS(name)));
    r->first_side = 1;
    sa->side_of[e->role] = 2;
    sa->side_of[e->role == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR] = 1;
    if (e->role == SIDE_INITIATOR)
        r->first_side = 2;
    r->speaker = 2;
}

/* Before there are two: remembers who began what, and holds a request that this end itself has sent. */
static void take_single(struct parser *p, struct event *e)
{
    struct routers *r = &p->routers;
    if (e->kind == EVENT_SM_TRANSITION) {
        if (e->msgid == 0) {
            struct router_sa *sa = sa_of(r, e->spi_i.value);
            enum side end = end_of(e);
            if (end && sa->device != e->device) { /* prompts or hosts tell the two apart already */
                sa->initiator = sa->responder = false;
                sa->device = e->device;
            }
            if (end == SIDE_INITIATOR) {
                if (!sa->initiator)
                    r->peers[1] = r->last_key;
                sa->initiator = true;
                r->asking = strcmp(e->state, "I_PROC_INIT") == 0 ? 0 : e->spi_i.value;
            } else if (end == SIDE_RESPONDER) {
                sa->responder = true;
            }
            if (sa->initiator && sa->responder) {
                begin_mixed(p, e, sa);
                release(p, 2);
                e->device = r->devices[2];
                pass(p, e);
                return;
            }
        }
        if (r->held_count)
            release(p, 0);
    } else if (e->code == CODE_PSK_LOOKUP) {
        const struct fact *f = fact_find(e->facts, "address");
        if (f && f->kind == FACT_ADDRESS)
            r->last_key = f->as.address;
    }
    bool own_request = e->kind == EVENT_PACKET_RECEIVED && r->asking && !(e->has & HAS_SPI_I) &&
                       e->message->exchange == EXCHANGE_IKE_SA_INIT && !(e->message->flags & MESSAGE_RESPONSE);
    if ((own_request || r->held_count) && r->held_count < ROUTER_HELD) {
        hold(p, e);
        return;
    }
    if (r->held_count)
        release(p, 0);
    pass(p, e);
}

static uint8_t side_by_key(const struct routers *r, const struct event *e)
{
    const struct fact *f = fact_find(e->facts, "address");
    if (!f || f->kind != FACT_ADDRESS)
        return 0;
    if (r->peers[1].family && address_equal(f->as.address, r->peers[1]))
        return 1;
    return r->peers[1].family ? 2 : 0;
}

static void settle(struct parser *p, struct event *e, uint8_t side)
{
    struct routers *r = &p->routers;
    r->speaker = side;
    if (r->held_count)
        release(p, side);
    e->device = r->devices[side];
    pass(p, e);
}

static void take_transition(struct parser *p, struct event *e)
{
    struct routers *r = &p->routers;
    struct router_sa *sa = sa_of(r, e->spi_i.value);
    uint8_t other = e->role == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR;
    if (!sa->side_of[e->role] && sa->side_of[other])
        sa->side_of[e->role] = (uint8_t)(3 - sa->side_of[other]);
    if (!sa->side_of[e->role] && end_of(e) == SIDE_INITIATOR) /* its key was looked up just before */
        sa->side_of[e->role] = r->speaker;
    if (sa->side_of[e->role]) {
        settle(p, e, sa->side_of[e->role]);
        return;
    }
    if (r->wait == WAIT_KEY && (r->held_spi != e->spi_i.value || r->held_role != e->role || r->held_count >= ROUTER_HELD)) {
        struct router_sa *held = sa_of(r, r->held_spi);
        held->side_of[r->held_role] = r->held_role == SIDE_INITIATOR ? r->first_side : (uint8_t)(3 - r->first_side);
        settle(p, e, held->side_of[r->held_role]);
        return;
    }
    if (r->held_count >= ROUTER_HELD) {
        settle(p, e, r->speaker);
        return;
    }
    r->wait = WAIT_KEY;
    r->held_spi = e->spi_i.value;
    r->held_role = e->role;
    hold(p, e);
}

static void take_mixed(struct parser *p, struct event *e)
{
    struct routers *r = &p->routers;
    if (e->kind == EVENT_SM_TRANSITION) {
        take_transition(p, e);
        return;
    }
    if (e->code == CODE_PSK_LOOKUP) {
        uint8_t side = side_by_key(r, e);
        if (side) {
            if (r->wait == WAIT_KEY)
                sa_of(r, r->held_spi)->side_of[r->held_role] = side;
            settle(p, e, side);
            return;
        }
    }
    uint8_t by_flags = r->wait == WAIT_KEY ? 0 : side_by_flags(r, e);
    if (by_flags) {
        settle(p, e, by_flags);
        return;
    }
    bool before = e->code == CODE_PACKET_DISPATCHED || e->kind == EVENT_PACKET_RECEIVED;
    if ((before || r->held_count) && r->held_count < ROUTER_HELD) {
        if (before && r->wait == WAIT_KEY && e->code == CODE_PACKET_DISPATCHED) { /* another matter: the key will not come */
            sa_of(r, r->held_spi)->side_of[r->held_role] = (uint8_t)(3 - r->first_side);
            release(p, (unsigned)(3 - r->first_side));
        }
        if (r->wait == WAIT_NOT)
            r->wait = WAIT_TRANSITION;
        hold(p, e);
        return;
    }
    settle(p, e, r->speaker);
}

void routers_take(struct parser *p, struct event *e)
{
    struct routers *r = &p->routers;
    if (e->kind == EVENT_SM_TRANSITION && !r->mixed && !r->held_count) {
        if (e->state == r->last_state && e->spi_i.value == r->last_spi && e->role == r->last_role) {
            pass(p, e);
            return;
        }
        r->last_state = e->state;
        r->last_spi = e->spi_i.value;
        r->last_role = e->role;
    }
    if (r->mixed)
        take_mixed(p, e);
    else
        take_single(p, e);
}
