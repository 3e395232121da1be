#include "analysis/ikev1.h"

#include "analysis/quote.h"
#include "analysis/sas_at.h"

struct peer_key {
    struct address peer;
    uint32_t input;
    bool sent;
};

static bool is_sent(const struct fact *facts)
{
    return text_equal(fact_get_text(facts, "direction"), TEXT("sent"));
}

bool ikev1_first(struct ikev1_met *met, const struct event *e)
{
    struct peer_key key;
    memset(&key, 0, sizeof key); /* padding is part of the key */
    struct address peer;
    if (!fact_get_address(e->facts, "peer_address", &peer))
        return false;
    memcpy(&key.peer, &peer, sizeof peer);
    key.input = e->input;
    key.sent = is_sent(e->facts);
    const struct bytes octets = bytes_over((const uint8_t *)&key, sizeof key);
    if (map_find(&met->peers, octets))
        return false;
    if (!met->keys)
        met->keys = arena_create();
    struct peer_key *kept = arena_new(met->keys, struct peer_key);
    memcpy(kept, &key, sizeof key);
    map_put(&met->peers, bytes_over((const uint8_t *)kept, sizeof *kept), kept);
    return true;
}

void ikev1_forget(struct ikev1_met *met)
{
    map_clear(&met->peers);
    if (met->keys)
        arena_destroy(met->keys);
    *met = (struct ikev1_met){ .keys = NULL };
}

/* The log of another router, which nothing places elsewhere: it calls the initiator. */
static bool by_responder(const struct model *m, const struct ike_sa *sa, const struct note *n)
{
    const uint32_t speaker = model_input(m, n->input)->device, responder = router_of(m, sa, SIDE_RESPONDER);
    return speaker && !device_same(m, speaker, device_of(sa, SIDE_INITIATOR)) &&
           (!responder || device_same(m, speaker, responder));
}

static bool of_responder(const struct model *m, const struct ike_sa *sa, const struct note *n)
{
    const bool sent = is_sent(n->facts);
    struct address peer;
    return fact_get_address(n->facts, "peer_address", &peer) &&
           address_equal(peer, address_on(sa, sent ? SIDE_INITIATOR : SIDE_RESPONDER)) &&
           (sent ? by_responder(m, sa, n) : view_of_input(sa, n->input) != NULL);
}

struct heard ikev1_spoken(const struct model *m, const struct ike_sa *sa)
{
    const struct note_list loose = loose_of(m, CODE_IKEV1_PEER);
    for (uint32_t i = 0; i < loose.count; i++)
        if (of_responder(m, sa, loose.at[i]))
            return (struct heard){ loose.at[i], NULL };
    return (struct heard){ NULL, NULL };
}

bool ikev1_received(struct heard spoken)
{
    return spoken.note && !is_sent(spoken.note->facts);
}

const struct ike_sa *ikev1_silenced(const struct model *m, uint32_t input)
{
    const struct note_list loose = loose_of(m, CODE_IKEV1_PEER);
    for (uint32_t i = 0; i < loose.count; i++) {
        struct address peer;
        if (loose.at[i]->input != input || !fact_get_address(loose.at[i]->facts, "peer_address", &peer))
            continue;
        for (const struct placed_sa *p = sas_at(m, peer); p; p = p->next)
            if (diagnosed(p->sa, "no-response") && of_responder(m, p->sa, loose.at[i]))
                return p->sa;
    }
    return NULL;
}
