/* IKE SAs that a peer forgot, by RFC 7296 section 2.4: what makes one superseded, and what does not. */
#include "tests/unit/analysis/builder.h"

#include "analysis/superseded.h"
#include "test.h"

/* Two IKE SAs of the same ends, one ten seconds after the other; the later one said INITIAL_CONTACT. */
static struct ike_sa *two(struct builder *b)
{
    build_begin(b);
    for (uint64_t i = 0; i < 2; i++) {
        build_sa(b, 1 + 2 * i, "192.0.2.1", "198.51.100.2");
        build_outcome(b, SA_ESTABLISHED);
        b->sa->initiator.id = (struct identity){ ID_FQDN, TEXT("r1") };
        b->sa->responder.id = (struct identity){ ID_FQDN, TEXT("r2") };
    }
    b->sa->initial_contact = true;
    return b->m->ike_sas;
}

static bool settled(struct builder *b)
{
    superseded_settle(b->m);
    bool is = b->m->ike_sas->superseded;
    CHECK(!b->m->ike_sas_last->superseded && b->m->ike_sas->outcome != SA_DELETED);
    model_destroy(b->m);
    return is;
}

int main(void)
{
    struct builder b;
    two(&b);
    CHECK(settled(&b));

    two(&b); /* whoever began: the ends are the same the other way round */
    struct party end = b.sa->initiator;
    b.sa->initiator = b.sa->responder;
    b.sa->responder = end;
    CHECK(settled(&b));

    two(&b)->initial_contact = true; /* the first one said so itself, and the second did not */
    b.sa->initial_contact = false;
    CHECK(!settled(&b));

    struct ike_sa *first = two(&b); /* it was still heard of then */
    first->last_ns = b.sa->first_ns;
    CHECK(!settled(&b));

    two(&b)->last_ns = TIME_UNKNOWN;
    CHECK(!settled(&b));

    two(&b)->responder.id.value = TEXT("r3"); /* another peer behind the same address */
    CHECK(!settled(&b));

    two(&b)->responder.id.value = (struct text){ NULL, 0 };
    CHECK(!settled(&b));

    two(&b)->initiator.endpoint.address.octets[3] = 9;
    CHECK(!settled(&b));

    first = two(&b); /* what took its place is known */
    first->rekeyed_by = b.sa;
    CHECK(!settled(&b));

    two(&b)->outcome = SA_FAILED; /* and so is how it ended */
    CHECK(!settled(&b));
    return TEST_REPORT();
}
