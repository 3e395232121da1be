#include "model/redact.h"

#include "test.h"

static struct text line_of(struct redactor *r, const char *line, struct buffer *b)
{
    buffer_reset(b);
    redact_collect(r, text_of(line));
    redact_line(r, text_of(line), b);
    return buffer_view(b);
}

int main(void)
{
    struct arena *arena = arena_create();
    struct redactor r;
    struct buffer b;
    redactor_init(&r, arena);
    buffer_init(&b, 1 << 20);
    /* the same network stays one network, hosts keep their numbers, masks and ranges stay */
    CHECK_TEXT(line_of(&r, "peer 203.0.113.7 and 203.0.113.9 not 198.51.100.7", &b), "peer 20.0.1.7 and 20.0.1.9 not 21.1.1.7");
    CHECK_TEXT(line_of(&r, "10.20.30.0-10.20.30.255 255.255.255.0 0.0.0.255", &b), "10.1.1.0-10.1.1.255 255.255.255.0 0.0.0.255");
    CHECK_TEXT(line_of(&r, "To 203.0.113.7:500/From 10.20.30.4:4500", &b), "To 20.0.1.7:500/From 10.1.1.4:4500");
    /* secrets always */
    CHECK_TEXT(line_of(&r, " pre-shared-key local 6 Geheim123", &b), " pre-shared-key local 6 <removed>");
    CHECK_TEXT(line_of(&r, "ikev2 remote-authentication pre-shared-key hunter2", &b),
               "ikev2 remote-authentication pre-shared-key <removed>");
    CHECK(!text_has(line_of(&r, "Use preshared key for id 203.0.113.7, key len 8", &b), TEXT("len 8")));
    /* names: learned where a line tells one, replaced wherever it stands as a word */
    line_of(&r, "hostname BERLIN-GW1", &b);
    struct text t = line_of(&r, "BERLIN-GW1#show crypto ikev2 sa, NOTBERLIN-GW1", &b);
    CHECK(text_starts(t, TEXT("name1#show crypto ikev2 sa")) && text_has(t, TEXT("NOTBERLIN-GW1")));
    struct text mail = line_of(&r, "identity 'vpn@corp.example.com' and vpn@corp.example.com", &b);
    CHECK(!text_has(mail, TEXT("corp")));
    /* words of the trade stay */
    CHECK_TEXT(line_of(&r, "encryption aes-cbc-256 group 14 EV_RECV_AUTH", &b), "encryption aes-cbc-256 group 14 EV_RECV_AUTH");
    CHECK_TEXT(line_of(&r, "", &b), "");
    buffer_clear(&b);
    redactor_clear(&r);
    arena_destroy(arena);
    return TEST_REPORT();
}
