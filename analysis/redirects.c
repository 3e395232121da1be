#include "analysis/redirects.h"

#include "analysis/sas_at.h"
#include "analysis/symptoms.h"

enum { GATEWAY_IPV4 = 1, GATEWAY_IPV6 = 2, GATEWAY_FQDN = 3 }; /* RFC 5685 section 8.2 */

/* gateway identity type | length | identity | nonce */
static struct text gateway_of(struct model *m, struct bytes data)
{
    struct cursor c = cursor_over(data);
    unsigned type = cursor_u8(&c);
    struct bytes id = cursor_take(&c, cursor_u8(&c));
    if (!cursor_ok(&c) || !id.len)
        return (struct text){ NULL, 0 };
    struct address a = type == GATEWAY_IPV4 || type == GATEWAY_IPV6 ? address_of(id) : (struct address){ 0 };
    if (a.family != ADDRESS_NONE)
        return address_text(a, m->run);
    if (type != GATEWAY_FQDN)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < id.len; i++)
        if (id.at[i] <= ' ' || id.at[i] > '~')
            return (struct text){ NULL, 0 };
    return arena_text(m->run, text_over((const char *)id.at, id.len));
}

void redirects_derive(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *said = x->type == EXCHANGE_INFORMATIONAL ? x->request.message : x->response.message;
    const struct notice *n = said ? message_notice(said, NOTIFY_REDIRECT) : NULL;
    if (!n)
        return;
    sa->redirected = true;
    struct text gateway = gateway_of(m, n->data);
    if (gateway.len)
        sa->redirected_to = gateway;
}

bool redirects_settle(struct ike_sa *sa)
{
    for (const struct view *v = sa->redirected && !sa->redirected_to.len ? sa->views : NULL; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            struct text gateway = n->code == CODE_REDIRECT ? fact_get_text(n->facts, "gateway") : (struct text){ NULL, 0 };
            if (gateway.len)
                sa->redirected_to = gateway;
        }
    return sa->redirected && !sa->failed && !(sa->ready_initiator || sa->ready_responder);
}

const struct ike_sa *redirects_follow(const struct model *m, const struct ike_sa *sa)
{
    struct address from = address_on(sa, SIDE_INITIATOR), left = address_on(sa, SIDE_RESPONDER), to = { 0 };
    bool told = sa->redirected_to.len && address_read(sa->redirected_to, &to);
    for (const struct placed_sa *p = sas_at(m, from); p; p = p->next) {
        const struct ike_sa *next = p->sa;
        struct address there = address_on(next, SIDE_RESPONDER);
        bool later = next->number > sa->number && address_equal(address_on(next, SIDE_INITIATOR), from);
        if (next != sa && later && there.family && !address_equal(there, left) && (!told || address_equal(there, to)))
            return next;
    }
    return NULL;
}
