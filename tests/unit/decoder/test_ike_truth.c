/* The lab captures, against what a reference decoder and tshark say of each IKE message: header, payload chain and, where
 * nothing is sealed, proposals, notifies, nonce, key exchange, certificate requests. Each message also at every shorter length.
 */
#include "decoder/ike.h"

#include "base/json.h"
#include "payloads.h"
#include "test.h"
#include "unit/decoder/facts.h"

#include <dirent.h>

#define CAPTURES "../shared/captures"

struct frames { /* a classic pcap file in memory */
    struct bytes all;
    size_t link;
};

static struct bytes read_whole(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *at = NULL;
    size_t len = 0;
    if (!file)
        return (struct bytes){ NULL, 0 };
    static uint8_t chunk[1 << 16];
    struct buffer b;
    buffer_init(&b, 64 << 20);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buffer_put(&b, chunk, n);
    fclose(file);
    len = b.len;
    at = arena_take(arena, len + 1);
    memcpy(at, b.at, len);
    buffer_clear(&b);
    return bytes_over(at, len);
}

/* The UDP payload of the frame, its endpoints; empty where it is none, or not all there. */
static struct bytes frame_datagram(struct frames f, unsigned number, struct message *m)
{
    struct cursor c = cursor_over(f.all);
    cursor_skip(&c, 24);
    struct cursor frame = { 0 };
    for (unsigned i = 0; i < number; i++) {
        cursor_skip(&c, 8);
        size_t len = (size_t)cursor_number_le(&c, 4);
        cursor_skip(&c, 4);
        frame = cursor_child(&c, len);
    }
    cursor_skip(&frame, f.link == 1 ? 14 : f.link == 113 ? 16 : 0);
    unsigned version = cursor_u8(&frame) >> 4;
    if (version == 4) {
        unsigned words = frame.left.len ? frame.left.at[-1] & 15u : 5;
        cursor_skip(&frame, 5);
        unsigned fragment = cursor_u16(&frame) & 0x3fffu;
        cursor_skip(&frame, 4);
        m->source.address = address_of(cursor_take(&frame, 4));
        m->destination.address = address_of(cursor_take(&frame, 4));
        cursor_skip(&frame, words * 4 - 20);
        if (fragment)
            return (struct bytes){ NULL, 0 };
    } else {
        cursor_skip(&frame, 5);
        if (cursor_u8(&frame) != IPPROTO_NO_UDP)
            return (struct bytes){ NULL, 0 };
        cursor_skip(&frame, 1);
        m->source.address = address_of(cursor_take(&frame, 16));
        m->destination.address = address_of(cursor_take(&frame, 16));
    }
    m->source.port = cursor_u16(&frame);
    m->destination.port = cursor_u16(&frame);
    size_t length = cursor_u16(&frame);
    cursor_skip(&frame, 2);
    struct bytes data = cursor_take(&frame, length >= 8 ? length - 8 : 0);
    if (data.len > 4 && memcmp(data.at, "\0\0\0\0", 4) == 0)
        data = bytes_over(data.at + 4, data.len - 4);
    return data;
}

static struct text as_text(const struct json *j, const char *name)
{
    return json_as_text(json_member(j, name));
}

static int64_t as_number(const struct json *j, const char *name)
{
    int64_t number = -1;
    json_as_number(json_member(j, name), &number);
    return number;
}

static void check_spi(struct spi spi, struct text want)
{
    struct buffer b;
    buffer_init(&b, 32);
    spi_print(spi, &b);
    CHECK(text_equal(buffer_view(&b), want));
    buffer_clear(&b);
}

static void check_proposals(const struct json *want, const struct message *m)
{
    const struct proposal *p = m->proposals;
    for (size_t i = 0; i < json_count(want); i++, p = p->next) {
        const struct json *one = json_at(want, i), *transforms = json_member(one, "transforms");
        CHECK(p);
        if (!p)
            return;
        CHECK_NUMBER(p->number, as_number(one, "num"));
        CHECK(text_equal(text_of(registry_name(REGISTRY_PROTOCOL, p->protocol)), as_text(one, "protocol")));
        CHECK_NUMBER(p->count, json_count(transforms));
        for (size_t k = 0; k < json_count(transforms) && k < p->count; k++) {
            const struct json *t = json_at(transforms, k);
            int64_t id = -1, bits = 0;
            json_as_number(json_at(t, 1), &id);
            json_as_number(json_at(t, 2), &bits);
            CHECK(text_equal(text_of(registry_name(REGISTRY_TRANSFORM, p->transforms[k].type)), json_as_text(json_at(t, 0))));
            CHECK_NUMBER(p->transforms[k].id, id);
            CHECK_NUMBER(p->transforms[k].key_length, bits);
        }
    }
    CHECK(!p);
}

static void check_notifies(const struct json *want, const struct message *m)
{
    const struct notice *n = m->notices;
    for (size_t i = 0; i < json_count(want); i++, n = n->next) {
        const struct json *one = json_at(want, i);
        CHECK(n);
        if (!n)
            return;
        CHECK_NUMBER(n->type, as_number(one, "type"));
        CHECK_TEXT(as_text(one, "name"), registry_name(REGISTRY_NOTIFY, n->type));
        struct text data = as_text(one, "data");
        uint8_t octets[1024];
        size_t len = data.len ? text_unhex(data, octets, sizeof octets) : 0;
        CHECK(!data.len || (n->data.len == len && memcmp(n->data.at, octets, len) == 0));
    }
    CHECK(!n);
}

static void check_clear(const struct json *detail, const struct message *m)
{
    if (json_member(detail, "proposals"))
        check_proposals(json_member(detail, "proposals"), m);
    check_notifies(json_member(detail, "notifies"), m);
    const struct json *ke = json_member(detail, "ke"), *request = json_member(detail, "certreq");
    if (ke) {
        CHECK_NUMBER(m->ke_group, as_number(ke, "group"));
        const struct payload *p = payload_of(m, PAYLOAD_KE);
        CHECK_NUMBER(p ? fact_get_octets(p->facts, "data").len : 0, as_number(ke, "length"));
    }
    if (as_number(detail, "nonce_len") >= 0)
        CHECK_NUMBER(m->nonce_length, as_number(detail, "nonce_len"));
    if (request) {
        const struct payload *p = payload_of(m, PAYLOAD_CERTREQ);
        const struct fact *list = p ? fact_find(p->facts, "authorities") : NULL;
        int64_t count = 0;
        for (const struct fact *one = list ? list->as.child : NULL; one; one = one->next)
            count++;
        CHECK_NUMBER(count, as_number(request, "authorities"));
    }
}

static void check_message(struct arena *arena, struct bytes octets, const struct json *want, struct message *m)
{
    CHECK(ike_decode(arena, octets, m));
    CHECK(!m->malformed && !m->truncated);
    check_spi(m->spi_i, as_text(want, "spi_i"));
    check_spi(m->spi_r, as_text(want, "spi_r"));
    CHECK(text_equal(text_of(registry_name(REGISTRY_EXCHANGE, m->exchange)), as_text(want, "exchange")));
    bool initiator = json_as_bool(json_member(want, "initiator")), response = json_as_bool(json_member(want, "response"));
    CHECK(initiator == ((m->flags & MESSAGE_INITIATOR) != 0) && response == ((m->flags & MESSAGE_RESPONSE) != 0));
    CHECK_NUMBER(m->message_id, as_number(want, "message_id"));
    CHECK_NUMBER(m->length, as_number(want, "length"));
    const struct json *payloads = json_member(want, "payloads");
    CHECK_NUMBER(m->type_count, json_count(payloads));
    for (size_t i = 0; i < m->type_count && i < json_count(payloads); i++)
        CHECK(text_equal(text_of(payload_notation(m->types[i])), json_as_text(json_at(payloads, i))));
    struct sealed sealed;
    bool is_sealed = ike_sealed(m->octets, &sealed);
    CHECK(is_sealed == m->has_sk);
    if (!is_sealed)
        check_clear(json_member(want, "detail"), m);
    for (size_t shorter = 0; shorter<octets.len; shorter += octets.len> 600 ? 7 : 1) {
        struct message cut = { 0 };
        uint8_t *at = exact(bytes_over(octets.at, shorter));
        CHECK(ike_decode(arena, bytes_over(at, shorter), &cut) == (shorter >= IKE_HEADER));
        CHECK(!ike_sealed(bytes_over(at, shorter), &sealed));
        free(at);
    }
}

static unsigned check_capture(const char *name)
{
    char path[512];
    unsigned seen = 0;
    struct arena *arena = arena_create(), *scratch = arena_create();
    snprintf(path, sizeof path, CAPTURES "/%s/expected.json", name);
    struct json *truth = json_read(text_of_bytes(read_whole(arena, path)), NULL);
    struct text capture = as_text(truth, "capture");
    snprintf(path, sizeof path, CAPTURES "/%s/%.*s", name, TEXT_ARGS(capture));
    struct frames f = { .all = read_whole(arena, path) };
    const struct json *list = json_member(json_member(truth, "ike"), "list");
    if (f.all.len > 24 && memcmp(f.all.at, "\xd4\xc3\xb2\xa1", 4) == 0) {
        f.link = f.all.at[20];
        for (size_t i = 0; i < json_count(list); i++) {
            struct message m = { 0 };
            const struct json *want = json_at(list, i);
            struct bytes octets = frame_datagram(f, (unsigned)as_number(want, "frame"), &m);
            if (octets.len < IKE_HEADER || (int64_t)octets.len != as_number(want, "length"))
                continue; /* in pieces, or cut: for the tests of the layers below */
            check_message(scratch, octets, want, &m);
            arena_reset(scratch);
            seen++;
        }
    }
    json_free(truth);
    arena_destroy(scratch);
    arena_destroy(arena);
    return seen;
}

int main(void)
{
    DIR *folder = opendir(CAPTURES);
    if (!folder) {
        printf("skipped: no reference captures beside this checkout\n");
        return 0;
    }
    unsigned seen = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.' && text_find_byte(text_of(entry->d_name), '.') == TEXT_NOWHERE)
            seen += check_capture(entry->d_name);
    closedir(folder);
    printf("%u messages\n", seen);
    CHECK(seen > 200);
    return TEST_REPORT();
}
