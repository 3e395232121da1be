/* What a rule sees of a report: fields as they stand, what is reckoned of several, and nothing where the report does not tell. */
#include "analysis/rulerow.h"

#include "base/buffer.h"
#include "test.h"

static const char told[] =
    "{\"ike_sas\":["
    "{\"id\":\"ike1\",\"outcome\":\"established\",\"initiator\":{\"address\":\"192.0.2.1\"},\"responder\":{\"address\":\"198.51."
    "100.2\"},"
    "\"exchanges\":["
    "{\"type\":\"IKE_SA_INIT\",\"msgid\":0,\"from\":\"initiator\",\"request\":{\"t\":1.5,\"retransmissions\":2},"
    "\"response\":{\"t\":1.75,\"retransmissions\":1}},"
    "{\"type\":\"IKE_SA_INIT\",\"msgid\":0,\"from\":\"initiator\",\"request\":{\"t\":2},\"response\":{\"t\":2.25}},"
    "{\"type\":\"IKE_AUTH\",\"msgid\":1,\"from\":\"initiator\",\"outcome\":\"success\","
    "\"request\":{\"t\":3,\"payloads\":[{\"type\":\"IDi\"},{\"type\":\"N\",\"notify\":\"INITIAL_CONTACT\"}]},\"response\":{\"t\":"
    "4}}],"
    "\"children\":[\"c1\",\"c2\",\"c3\"]},"
    "{\"id\":\"ike2\",\"views\":["
    "{\"local\":\"192.0.2.1:500\",\"remote\":\"[2001:db8::1]:500\",\"transitions\":[{\"state\":\"IDLE\",\"t\":7},"
    "{\"state\":\"READY\",\"t\":9.5}]},"
    "{\"transitions\":[{\"state\":\"IDLE\",\"t\":6.5},{\"state\":\"READY\",\"t\":10},{\"state\":\"READY\"}]}]},"
    "{\"id\":\"ike3\"},"
    "{\"id\":\"ike4\",\"outcome\":\"failed\",\"initiator\":{\"address\":\"192.0.2.1\"},\"responder\":{\"address\":\"198.51.100."
    "2\"},"
    "\"exchanges\":[{\"type\":\"IKE_SA_INIT\",\"request\":{\"t\":8}}]},"
    "{\"id\":\"ike5\",\"outcome\":\"established\",\"rekeys\":\"ike1\",\"initiator\":{\"address\":\"192.0.2.1\"},"
    "\"responder\":{\"address\":\"198.51.100.2\"}}],"
    "\"inputs\":["
    "{\"name\":\"a.log\",\"device\":\"r1\",\"complete\":true,\"lines\":{\"unparsed\":2}},{\"name\":\"none.log\"},"
    "{\"name\":\"b.log\",\"device\":\"r1\",\"complete\":false,\"lines\":{\"unparsed\":3}},"
    "{\"name\":\"w.pcap\",\"packets\":{\"total\":4}},"
    "{\"name\":\"c.log\",\"device\":\"r2\",\"complete\":true}],"
    "\"records\":[{\"name\":\"crypto-map\",\"title\":\"CM 10\"}],"
    "\"child_sas\":["
    "{\"id\":\"c1\",\"ike_sa\":\"ike1\",\"tsi\":[\"10.1.0.0/16\"],\"tsr\":[\"10.2.0.0/16\",\"10.3.0.0/16\"],\"rekeys\":\"c0\","
    "\"traffic\":{\"initiator_to_responder\":{\"decrypted\":1},\"responder_to_initiator\":{\"decrypted\":1}}},"
    "{\"id\":\"c2\",\"ike_sa\":\"ike1\",\"traffic\":{\"initiator_to_responder\":{\"decrypted\":5},\"responder_to_initiator\":{"
    "\"decrypted\":0}}},"
    "{\"id\":\"c3\",\"ike_sa\":\"ike1\"}],"
    "\"findings\":[{\"rule\":\"no-key\",\"ike_sa\":\"ike1\"},{\"rule\":\"no-pfs\",\"ike_sa\":\"ike1\"}]}";

/* {what of, which of them, field, its values with | between; NULL: the report does not tell} */
static const struct {
    enum subject subject;
    unsigned row;
    const char *path, *values;
} fields[] = {
    { SUBJECT_IKE_SAS, 0, "setup_time", "2.500000" }, /* from the first request of all to the last answer */
    { SUBJECT_IKE_SAS, 1, "setup_time", "3" },        /* from the first IDLE to the first READY of any view */
    { SUBJECT_IKE_SAS, 2, "setup_time", NULL },
    { SUBJECT_IKE_SAS, 0, "retransmissions", "3" },
    { SUBJECT_IKE_SAS, 2, "retransmissions", "0" },
    { SUBJECT_IKE_SAS, 0, "child_count", "3" },
    { SUBJECT_IKE_SAS, 0, "findings", "no-key|no-pfs" },
    { SUBJECT_IKE_SAS, 1, "findings", "" },
    { SUBJECT_IKE_SAS, 0, "peer", "192.0.2.1|198.51.100.2" },
    { SUBJECT_IKE_SAS, 1, "peer", "192.0.2.1|2001:db8::1" },
    { SUBJECT_IKE_SAS, 2, "peer", NULL },
    { SUBJECT_IKE_SAS, 0, "exchanges.type", "IKE_SA_INIT|IKE_SA_INIT|IKE_AUTH" },
    { SUBJECT_IKE_SAS, 0, "initiator", NULL }, /* no value, but an object */
    { SUBJECT_CHILD_SAS, 0, "is_rekey", "true" },
    { SUBJECT_CHILD_SAS, 1, "is_rekey", "false" },
    { SUBJECT_CHILD_SAS, 0, "both_ways", "true" },
    { SUBJECT_CHILD_SAS, 1, "both_ways", "false" },
    { SUBJECT_CHILD_SAS, 2, "both_ways", NULL },
    { SUBJECT_CHILD_SAS, 0, "peer", "192.0.2.1|198.51.100.2" },
    { SUBJECT_CHILD_SAS, 0, "selectors", "10.1.0.0/16 == 10.2.0.0/16|10.1.0.0/16 == 10.3.0.0/16" },
    { SUBJECT_CHILD_SAS, 1, "selectors", NULL },
    { SUBJECT_EXCHANGES, 0, "duration", "0.250000" },
    { SUBJECT_EXCHANGES, 0, "retransmissions", "3" },
    { SUBJECT_EXCHANGES, 2, "ike_sa", "ike1" },
    { SUBJECT_MESSAGES, 4, "exchange", "IKE_AUTH" },
    { SUBJECT_MESSAGES, 4, "msgid", "1" },
    { SUBJECT_MESSAGES, 4, "outcome", "success" },
    { SUBJECT_MESSAGES, 4, "leg", "request" },
    { SUBJECT_MESSAGES, 4, "from", "initiator" },
    { SUBJECT_MESSAGES, 5, "leg", "response" },
    { SUBJECT_MESSAGES, 5, "from", "responder" },
    { SUBJECT_MESSAGES, 4, "notify", "INITIAL_CONTACT" },
    { SUBJECT_MESSAGES, 4, "payload", "IDi|N" },
    { SUBJECT_MESSAGES, 5, "payload", NULL },
    { SUBJECT_IKE_SAS, 0, "id", "ike1" }, /* what nothing is reckoned of stands as it does in the report */
    { SUBJECT_IKE_SAS, 3, "setup_time", NULL },
    { SUBJECT_CHILD_SAS, 0, "tsi", "10.1.0.0/16" },
    { SUBJECT_EXCHANGES, 0, "type", "IKE_SA_INIT" },
    { SUBJECT_EXCHANGES, 3, "duration", NULL },
    { SUBJECT_MESSAGES, 4, "t", "3" },
    { SUBJECT_MESSAGES, 6, "from", NULL },
    { SUBJECT_PEERS, 0, "attempts", "2" }, /* a rekey is none */
    { SUBJECT_PEERS, 0, "established", "1" },
    { SUBJECT_PEERS, 0, "failed", "1" },
    { SUBJECT_PEERS, 0, "outcome", "failed" }, /* the last one's */
    { SUBJECT_PEERS, 0, "peer", "192.0.2.1|198.51.100.2" },
    { SUBJECT_PEERS, 0, "initiator", "192.0.2.1" },
    { SUBJECT_PEERS, 0, "responder", "198.51.100.2" },
    { SUBJECT_PEERS, 1, "peer", "192.0.2.1|2001:db8::1" },
    { SUBJECT_PEERS, 1, "established", "0" },
    { SUBJECT_DEVICES, 0, "name", "r1" },
    { SUBJECT_DEVICES, 0, "inputs", "a.log|b.log" },
    { SUBJECT_DEVICES, 0, "complete", "false" },
    { SUBJECT_DEVICES, 0, "unparsed", "5" },
    { SUBJECT_DEVICES, 0, "anything", NULL },
    { SUBJECT_DEVICES, 1, "name", "r2" },
    { SUBJECT_DEVICES, 1, "complete", "true" },
    { SUBJECT_DEVICES, 1, "unparsed", "0" },
    { SUBJECT_CAPTURES, 0, "name", "w.pcap" },
    { SUBJECT_SHOW, 0, "object", "crypto-map" },
};

/* Messages and steps of an SA in the order of their times. What has none stays behind what the report has before it. */
static void in_order(struct arena *arena)
{
    static const struct {
        const char *sa, *order;
    } rows[] = {
        { "{\"exchanges\":[{\"request\":{\"t\":5,\"n\":\"a\"}},{\"request\":{\"n\":\"b\"},\"response\":{\"t\":7,\"n\":\"c\"}}],"
          "\"views\":[{\"transitions\":[{\"t\":1,\"n\":\"d\"},{\"t\":5,\"n\":\"e\"},{\"t\":9,\"n\":\"f\"}]}]}",
          "dabecf" },
        { "{\"exchanges\":[{\"request\":{\"t\":9,\"n\":\"a\"}},{\"request\":{\"n\":\"b\"}}],"
          "\"views\":[{\"transitions\":[{\"t\":1,\"n\":\"c\"}]}]}",
          "cab" },
        { "{\"exchanges\":[{\"request\":{\"n\":\"a\"}},{\"request\":{\"t\":1,\"n\":\"b\"}}]}", "ab" },
        { "{\"id\":\"ike1\"}", "" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json *sa = json_read(text_of(rows[i].sa), NULL);
        struct buffer b;
        buffer_init(&b, 100);
        CHECK(sa != NULL);
        for (const struct row *r = rows_of_sa(sa, arena); r; r = r->next)
            buffer_text(&b, json_as_text(json_member(r->object, "n")));
        CHECK_TEXT(buffer_view(&b), rows[i].order);
        buffer_clear(&b);
        json_free(sa);
    }
}

int main(void)
{
    struct arena *arena = arena_create();
    struct error err = { 0 };
    struct report report;
    struct json *json = json_read(text_of(told), &err);
    CHECK(json != NULL);
    report_index(&report, json, arena);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct row *row = rows_of(&report, fields[i].subject, arena);
        for (unsigned n = 0; n < fields[i].row && row; n++)
            row = row->next;
        const struct value *v = row ? row_values(&report, row, text_of(fields[i].path), arena) : NULL;
        struct buffer b;
        buffer_init(&b, 4096);
        for (const struct value *one = v; one; one = one->next)
            buffer_format(&b, "%.*s%s", TEXT_ARGS(one->text), one->next ? "|" : "");
        CHECK(row != NULL && (v != NULL) == (fields[i].values != NULL));
        CHECK_TEXT(buffer_view(&b), fields[i].values ? fields[i].values : "");
        if (!text_equal(buffer_view(&b), text_of(fields[i].values ? fields[i].values : "")))
            fprintf(stderr, "%s of %u\n", fields[i].path, fields[i].row);
        buffer_clear(&b);
    }
    in_order(arena);
    report_forget(&report);
    json_free(json);
    arena_destroy(arena);
    return TEST_REPORT();
}
