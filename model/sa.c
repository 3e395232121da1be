#include "model/sa.h"

#include "model/message.h"

struct text ike_sa_caller(const struct ike_sa *sa)
{
    const unsigned port = sa->path_last ? sa->path_last->initiator.port : sa->initiator.endpoint.port;
    if (!port || port == PORT_IKE || port == PORT_NATT)
        return (struct text){ NULL, 0 };
    struct text name = sa->initiator.eap_identity;
    for (const struct view *v = sa->views; v && !name.len; v = v->next)
        for (const struct note *n = v->notes; n && !name.len; n = n->next) {
            name = fact_get_text(n->facts, "username");
            name = text_equal(name, TEXT("Unknown")) ? (struct text){ NULL, 0 } : name;
        }
    return name.len ? name : sa->initiator.id.value;
}

bool ike_sa_mends(const struct ike_sa *later, const struct ike_sa *failed)
{
    if (later->outcome != SA_ESTABLISHED || failed->outcome != SA_FAILED || later->number <= failed->number ||
        ike_sa_childless(later) || later->initiator.endpoint.address.family == ADDRESS_NONE ||
        !address_equal(later->initiator.endpoint.address, failed->initiator.endpoint.address) ||
        !address_equal(later->responder.endpoint.address, failed->responder.endpoint.address))
        return false;
    const struct text one = ike_sa_caller(failed), other = ike_sa_caller(later);
    return !one.len || !other.len || text_equal(one, other);
}
