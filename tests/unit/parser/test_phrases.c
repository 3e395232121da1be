/* Each row of each dialect: its sample finds it, and no other row. */
#include "parser/phrases.h"
#include "parser/tag.h"
#include "test.h"

int main(void)
{
    size_t rows = 0;
    for (size_t d = 0; d < dialect_count; d++)
        for (size_t i = 0; i < dialects[d]->phrase_count; i++) {
            const struct phrase *row = &dialects[d]->phrases[i];
            struct text sample = text_of(row->sample);
            rows++;
            CHECK(row->anchor && row->anchor[0] && row->sample && row->code != CODE_NONE);
            bool starts = text_starts(sample, text_of(row->anchor));
            bool own = phrase_matches(row, sample), first = phrase_find(sample) == row;
            if (!starts || !own || !first)
                fprintf(stderr, "%s: '%s' with '%s'%s%s%s\n", dialects[d]->name, row->anchor, row->sample,
                        starts ? "" : ": does not start so", own ? "" : ": does not match",
                        first ? "" : ": another row is found");
            CHECK(starts);
            CHECK(own);
            CHECK(first);
        }
    CHECK(rows > 250);
    CHECK(phrase_find(TEXT("")) == NULL);
    CHECK(phrase_find(TEXT("Nothing of the kind")) == NULL);
    /* an address of IPv6 has colons, as what stands behind it */
    CHECK(phrase_find(TEXT("734002 DAP: User joe, Addr 2001:db8::9: Connection terminated by the following DAP records: Q"))
              ->code == CODE_ACCESS_POLICY_ENDS_IT);
    enum event_kind kind;
    CHECK_NUMBER(phrase_guess(TEXT("Failed to do it"), false, &kind), CODE_FAILURE);
    /* a cause in words that no table has; the same words where nothing failed */
    CHECK_NUMBER(phrase_guess(TEXT("Eap failure for user x"), false, &kind), CODE_EAP_FAILED);
    CHECK_NUMBER(phrase_guess(TEXT("Unable to find a preshared key for 192.0.2.1"), false, &kind), CODE_NO_PSK_FOUND);
    CHECK_NUMBER(phrase_guess(TEXT("Signature verification failed"), true, &kind), CODE_SIGNATURE_FAILED);
    CHECK_NUMBER(phrase_guess(TEXT("Certificate of the peer has expired"), true, &kind), CODE_CERT_EXPIRED);
    CHECK_NUMBER(phrase_guess(TEXT("AAA is not available here"), false, &kind), CODE_STEP);
    CHECK_NUMBER(phrase_guess(TEXT("Opening a certificate"), false, &kind), CODE_STEP);
    CHECK_NUMBER(kind, EVENT_PKI);
    return TEST_REPORT();
}
