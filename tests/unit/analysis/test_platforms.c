/* Which family an end is of: by the vendor ids that it sent, by show output, by its configuration. */
#include "tests/unit/analysis/builder.h"

#include "analysis/platforms.h"
#include "test.h"

static void shows(struct builder *b, const char *name, const char *title, const char *text, enum platform want)
{
    struct record *r = model_add_record(b->m, INPUT_SHOW, name);
    r->device = model_device(b->m, text_of(text));
    r->title = text_of(title);
    r->text = text_of(text);
    CHECK_NUMBER(platform_of_router(b->m, r->device), want);
}

int main(void)
{
    struct builder b;
    build_begin(&b);
    struct ike_sa *sa = build_sa(&b, 1, "192.0.2.1", "198.51.100.2");
    CHECK_NUMBER(platform_of(b.m, sa, SIDE_RESPONDER), PLATFORM_UNKNOWN);
    sa->responder.vendors = VENDOR_DELETE_REASON | VENDOR_COPYRIGHT;
    CHECK_NUMBER(platform_of(b.m, sa, SIDE_RESPONDER), PLATFORM_UNKNOWN);
    sa->responder.vendors |= VENDOR_FRAGMENTATION;
    CHECK_NUMBER(platform_of(b.m, sa, SIDE_RESPONDER), PLATFORM_ASA);
    CHECK_NUMBER(platform_of(b.m, sa, SIDE_INITIATOR), PLATFORM_UNKNOWN);
    sa->initiator.vendors = VENDOR_DELETE_REASON | VENDOR_FLEXVPN;
    CHECK_NUMBER(platform_of(b.m, sa, SIDE_INITIATOR), PLATFORM_IOS);

    shows(&b, "show crypto ikev2 sa", "", "There are no IKEv2 SAs", PLATFORM_ASA);
    shows(&b, "show crypto ikev2 sa", "", " IPv4 Crypto IKEv2  SA", PLATFORM_IOS);
    shows(&b, "show crypto ikev2 sa", "show crypto ikev2 sa", "show crypto ikev2 sa", PLATFORM_IOS); /* it printed nothing */
    shows(&b, "show crypto ipsec sa", "", "interface: outside", PLATFORM_UNKNOWN);
    shows(&b, "transform-set", "OLD", "crypto ipsec ikev1 transform-set OLD esp-aes-256 esp-sha-hmac", PLATFORM_ASA);
    shows(&b, "transform-set", "TS", "crypto ipsec transform-set TS esp-gcm 256", PLATFORM_IOS);
    model_destroy(b.m);
    return TEST_REPORT();
}
