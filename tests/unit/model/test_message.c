/* Facts, the digest, copies. */
#include "model/message.h"
#include "payloads.h"
#include "test.h"

static struct payload *add(struct arena *arena, struct message *m, unsigned type)
{
    struct payload **at = &m->payloads;
    while (*at)
        at = &(*at)->next;
    *at = arena_new(arena, struct payload);
    (*at)->type = (uint8_t)type;
    return *at;
}

static void check_print(struct transform t, const char *want)
{
    struct buffer b;
    buffer_init(&b, 200);
    transform_print(t, &b);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static void check_spi(struct spi s, const char *want)
{
    struct buffer b;
    buffer_init(&b, 200);
    spi_print(s, &b);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static void fill(struct arena *arena, struct message *m)
{
    struct facts f = facts_into(arena, &add(arena, m, PAYLOAD_SA)->facts);
    struct facts list = facts_into(arena, &fact_list(&f, "proposals")->as.child);
    struct facts p = facts_into(arena, &fact_group(&list, NULL)->as.child);
    fact_number(&p, "number", 1);
    fact_code(&p, "protocol", REGISTRY_PROTOCOL, PROTOCOL_ESP);
    fact_octets(&p, "spi", bytes_over("\x0a\x0b\x0c\x0d", 4));
    struct facts ts = facts_into(arena, &fact_list(&p, "transforms")->as.child);
    struct facts t = facts_into(arena, &fact_group(&ts, NULL)->as.child);
    fact_code(&t, "type", REGISTRY_TRANSFORM, TRANSFORM_ENCR);
    fact_number(&t, "id", ENCR_AES_CBC);
    fact_number(&t, "key_length", 256);
    t = facts_into(arena, &fact_group(&ts, NULL)->as.child);
    fact_code(&t, "type", REGISTRY_TRANSFORM, TRANSFORM_INTEG); /* only a name: as a log has it */
    fact_code(&t, "name", REGISTRY_INTEG, INTEG_HMAC_SHA1_96);

    f = facts_into(arena, &add(arena, m, PAYLOAD_NOTIFY)->facts);
    fact_code(&f, "notify", REGISTRY_NOTIFY, NOTIFY_TS_UNACCEPTABLE);
    fact_octets(&f, "data", bytes_over("xy", 2));
    f = facts_into(arena, &add(arena, m, PAYLOAD_NOTIFY)->facts);
    fact_number(&f, "number", 40999);
    f = facts_into(arena, &add(arena, m, PAYLOAD_DELETE)->facts);
    fact_code(&f, "protocol", REGISTRY_PROTOCOL, PROTOCOL_ESP);
    list = facts_into(arena, &fact_list(&f, "spis")->as.child);
    fact_octets(&list, NULL, bytes_over("\0\0\0\1", 4));
    fact_octets(&list, NULL, bytes_over("\0\0\0\2", 4));
    f = facts_into(arena, &add(arena, m, PAYLOAD_TSI)->facts);
    list = facts_into(arena, &fact_list(&f, "selectors")->as.child);
    t = facts_into(arena, &fact_group(&list, NULL)->as.child);
    fact_code(&t, "type", REGISTRY_TS, TS_IPV4_ADDR_RANGE);
    fact_number(&t, "end_port", 65535);
    fact_address(&t, "start", address_of(bytes_over("\x0a\0\0\0", 4)));
    fact_address(&t, "end", address_of(bytes_over("\x0a\0\0\xff", 4)));
    fact_group(&list, NULL); /* a selector without addresses is none of the digest's */
    f = facts_into(arena, &add(arena, m, PAYLOAD_IDI)->facts);
    fact_code(&f, "id_type", REGISTRY_ID, ID_FQDN);
    fact_text(&f, "id", TEXT("r1.example"));
    f = facts_into(arena, &add(arena, m, PAYLOAD_KE)->facts);
    fact_number(&f, "group", 14);
    add(arena, m, PAYLOAD_NONCE)->length = 36;
    f = facts_into(arena, &add(arena, m, PAYLOAD_AUTH)->facts);
    fact_code(&f, "method", REGISTRY_AUTH, AUTH_PSK);
}

static void check_digest(const struct message *m)
{
    CHECK_NUMBER(m->type_count, 9);
    CHECK(message_has_type(m, PAYLOAD_KE) && !message_has_type(m, PAYLOAD_TSR));
    CHECK(m->proposals && !m->proposals->next);
    CHECK_NUMBER(m->proposals->count, 2);
    CHECK_NUMBER(m->proposals->spi.value, 0x0a0b0c0d);
    CHECK_NUMBER(m->proposals->spi.digits, 8);
    CHECK_NUMBER(proposal_transform(m->proposals, TRANSFORM_ENCR)->key_length, 256);
    CHECK_NUMBER(proposal_transform(m->proposals, TRANSFORM_INTEG)->id, 2);
    CHECK(!proposal_transform(m->proposals, TRANSFORM_DH));
    CHECK(!proposal_transform(NULL, TRANSFORM_DH));
    CHECK_NUMBER(message_error(m)->type, 38);
    CHECK_TEXT(text_of_bytes(message_error(m)->data), "xy");
    CHECK(message_notice(m, 40999) && !message_notice(m, 1));
    CHECK_NUMBER(m->deletions->count, 2);
    CHECK_NUMBER(m->deletions->spis[1].value, 2);
    CHECK(m->tsi && !m->tsi->next && !m->tsr);
    CHECK_NUMBER(m->tsi->end_port, 65535);
    CHECK_TEXT(m->idi.value, "r1.example");
    CHECK(!m->idr.value.at);
    CHECK_NUMBER(m->ke_group, 14);
    CHECK_NUMBER(m->nonce_length, 32);
    CHECK_NUMBER(m->auth_method, 2);
}

int main(void)
{
    struct arena *arena = arena_create();
    struct message m = { 0 };
    message_digest(&m, arena);
    CHECK_NUMBER(m.type_count, 0);
    CHECK(!message_error(&m) && !m.has_sk);

    fill(arena, &m);
    message_digest(&m, arena);
    check_digest(&m);
    message_digest(&m, arena); /* again: nothing doubles */
    check_digest(&m);

    struct arena *other = arena_create();
    struct message *copy = message_copy(other, &m, true), *bare = message_copy(other, &m, false);
    arena_destroy(arena);
    check_digest(copy);
    check_digest(bare);
    CHECK(!bare->payloads && payload_of(copy, PAYLOAD_IDI));
    CHECK_TEXT(fact_get_text(payload_of(copy, PAYLOAD_IDI)->facts, "id"), "r1.example");
    CHECK_TEXT(fact_get_text(payload_of(copy, PAYLOAD_IDI)->facts, "id_type"), "ID_FQDN");

    struct fact *facts = NULL;
    struct facts f = facts_into(other, &facts);
    fact_text(&f, "profile", TEXT("VENDOR_WORD"));
    f = facts_into(other, &facts); /* goes on at the end */
    fact_bool(&f, "up", true);
    uint64_t number = 7;
    CHECK(!fact_get_number(facts, "profile", &number) && number == 7);
    CHECK_TEXT(fact_get_text(facts, "profile"), "VENDOR_WORD");
    CHECK(fact_get_number(facts, "up", &number) && number == 1);
    CHECK(!fact_find(facts, "down") && !fact_find(NULL, "down"));
    CHECK(!fact_get_octets(facts, "up").at);

    check_print((struct transform){ TRANSFORM_ENCR, ENCR_AES_CBC, 256 }, "ENCR_AES_CBC-256");
    check_print((struct transform){ TRANSFORM_PRF, PRF_HMAC_SHA1, 0 }, "PRF_HMAC_SHA1");
    check_print((struct transform){ TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 }, "AUTH_HMAC_SHA1_96");
    check_print((struct transform){ TRANSFORM_INTEG, INTEG_NONE, 0 }, "INTEG NONE");
    check_print((struct transform){ TRANSFORM_DH, 14, 0 }, "DH group 14 (MODP_2048)");
    check_print((struct transform){ TRANSFORM_DH, 999, 0 }, "DH group 999");
    check_print((struct transform){ TRANSFORM_ADDKE1, KE_ML_KEM_768, 0 }, "ADDKE1 ML_KEM_768");
    check_print((struct transform){ TRANSFORM_ENCR, 999, 0 }, "ENCR 999");
    check_print((struct transform){ 77, 5, 0 }, "transform type 77 id 5");
    check_spi(spi_of(0xf074d8bbd5a59f0b, 16), "f074d8bbd5a59f0b");
    check_spi(spi_of(0xab, 8), "000000ab");
    check_spi(spi_of(0, 0), "");
    check_spi(spi_of(5, 99), "0000000000000005");
    CHECK_TEXT(text_of(payload_notation(40)), "Nonce");
    CHECK(!payload_notation(0) && !payload_notation(200));
    CHECK_TEXT(text_of(payload_notation(13)), "VID");
    CHECK_TEXT(text_of(exchange_name(34)), "IKE_SA_INIT");
    CHECK_TEXT(text_of(exchange_name(4)), "Aggressive");
    CHECK(!exchange_name(0) && !exchange_name(99));
    arena_destroy(other);
    return TEST_REPORT();
}
