/* The lab captures from file to events and flows: with all keys, with IKE keys alone, and with none; every message and ESP
 * packet against the reference decoder's list. */
#include <dirent.h>

#include "base/json.h"
#include "decoder/decoder.h"
#include "decoder/keyfile.h"
#include "test.h"

#define CAPTURES "../shared/captures"

struct seen {
    struct model *model;
    struct arena *arena;
    const struct json *list; /* expected.json: ike.list */
    unsigned messages, decrypted, sealed, wrong_payloads, verified, refuted;
    uint64_t plain;
};

static const struct json *expected_at(const struct seen *s, uint32_t frame)
{
    for (size_t i = 0; i < json_count(s->list); i++) {
        int64_t n;
        const struct json *x = json_at(s->list, i);
        if (json_as_number(json_member(x, "frame"), &n) && n == frame)
            return x;
    }
    return NULL;
}

static bool same_payloads(const struct message *m, const struct json *names)
{
    size_t i = 0;
    for (const struct payload *p = m->payloads; p; p = p->next, i++)
        if (i >= json_count(names) || !text_equal(json_as_text(json_at(names, i)), text_of(payload_notation(p->type))))
            return false;
    return i == json_count(names);
}

static void on_event(void *context, struct event *e)
{
    struct seen *s = context;
    const struct message *m = e->message;
    if (e->kind != EVENT_PACKET_SEEN || !m)
        return;
    s->messages++;
    s->decrypted += m->decryption == DECRYPTION_DECRYPTED;
    s->sealed += m->decryption == DECRYPTION_NO_KEY || m->decryption == DECRYPTION_ICV_FAILED;
    s->verified += m->auth_verified == VERIFIED_TRUE;
    s->refuted += m->auth_verified == VERIFIED_FALSE;
    const struct json *x = expected_at(s, e->line);
    if (!x || m->fragment)
        return;
    const struct json *names = json_member(x, m->decryption == DECRYPTION_DECRYPTED ? "inner_payloads" : "payloads");
    if (m->fragments == 0 && !same_payloads(m, names))
        s->wrong_payloads++;
}

static void on_plain(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    struct seen *s = context;
    (void)ns;
    (void)frame;
    s->plain += ip.len >= 20;
}

static struct text read_whole(struct arena *arena, const char *path)
{
    struct error err = { 0 };
    struct source *from = source_open(path, &err);
    if (!from)
        return (struct text){ NULL, 0 };
    struct buffer b;
    static uint8_t chunk[1 << 16];
    buffer_init(&b, 64 << 20);
    for (size_t n; (n = source_read(from, chunk, sizeof chunk)) > 0;)
        buffer_put(&b, chunk, n);
    source_close(from);
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

/* Gives the model the lines of a key file that hold `wanted`. */
static void give_keys(struct seen *s, struct text lines, struct text wanted)
{
    struct text line;
    struct buffer chosen;
    size_t found = 0;
    struct error err = { 0 };
    buffer_init(&chosen, 64 << 20);
    while (text_cut(&lines, '\n', &line))
        if (text_has(line, wanted)) {
            buffer_text(&chosen, line);
            buffer_byte(&chosen, '\n');
        }
    uint32_t input = model_add_input(s->model, TEXT("keys"), TEXT("keys"))->index;
    struct source *from = source_over(bytes_over(chosen.at, chosen.len));
    if (chosen.len)
        CHECK(keyfile_read(s->model, input, from, &found, &err));
    source_close(from);
    buffer_clear(&chosen);
}

static uint64_t decode(struct seen *s, const char *path)
{
    struct error err = { 0 };
    uint32_t input = model_add_input(s->model, TEXT("capture"), TEXT("capture"))->index;
    struct source *from = source_open(path, &err);
    struct decoder_options options = { .plain = { on_plain, s } };
    struct decoder *d = decoder_create(s->model, options, (struct event_taker){ on_event, s });
    CHECK(from && decoder_read(d, input, from, path, &err));
    decoder_finish(d);
    decoder_destroy(d);
    source_close(from);
    uint64_t decrypted = 0;
    for (const struct flow *f = s->model->flows; f; f = f->next) {
        const struct traffic *t = &f->traffic;
        CHECK(t->packets == t->decrypted + t->icv_failed + t->no_key + t->truncated);
        CHECK(!f->wrong_encryption_key);
        decrypted += t->decrypted;
    }
    const struct input *in = model_input(s->model, input);
    uint64_t sum = 0;
    for (int i = 0; i < PACKET_CLASS_COUNT; i++)
        sum += in->packets[i];
    CHECK(sum == in->packet_total);
    return decrypted;
}

static int64_t number(const struct json *j, const char *a, const char *b)
{
    int64_t n = -1;
    json_as_number(json_member(json_member(j, a), b), &n);
    return n;
}

/* Has a Child SA a key exchange of its own? Then IKE keys alone do not open it. */
static bool with_pfs(struct text keys)
{
    struct text member = TEXT("\"pfs_ke_id\":");
    for (size_t at; (at = text_find(keys, member)) != TEXT_NOWHERE;) {
        keys = text_from(keys, at + member.len);
        if (keys.len && keys.at[0] != '0')
            return true;
    }
    return false;
}

static void check_capture(const char *name)
{
    struct arena *arena = arena_create();
    struct error err = { 0 };
    char path[512], capture[768];
    snprintf(path, sizeof path, CAPTURES "/%s/expected.json", name);
    struct json *j = json_read(read_whole(arena, path), &err);
    struct text file = json_as_text(json_member(j, "capture"));
    snprintf(capture, sizeof capture, CAPTURES "/%s/%.*s", name, TEXT_ARGS(file));
    snprintf(path, sizeof path, CAPTURES "/%s/keys.jsonl", name);
    struct text keys = read_whole(arena, path);
    bool pfs = with_pfs(keys);
    static const char *const wanted[] = { "{", "\"type\":\"ike\"", "no key at all" };
    for (int n = 0; n < 3; n++) {
        struct seen s = { .model = model_create(), .arena = arena, .list = json_member(json_member(j, "ike"), "list") };
        if (!s.model->keyring)
            s.model->keyring = keyring_create(&s.model->limits);
        give_keys(&s, keys, text_of(wanted[n]));
        uint64_t esp = decode(&s, capture);
        unsigned before = test_failures;
        CHECK_NUMBER(s.messages, number(j, "ike", "messages"));
        CHECK_NUMBER(s.decrypted, n < 2 ? number(j, "ike", "decryptable") : 0);
        CHECK_NUMBER(s.wrong_payloads, 0);
        CHECK_NUMBER(s.refuted, 0);
        if (n == 0)
            CHECK_NUMBER(esp, number(j, "esp", "decrypted"));
        else if (n == 1)
            CHECK(pfs ? esp > 0 || number(j, "esp", "decrypted") == 0 : esp == (uint64_t)number(j, "esp", "decrypted"));
        else
            CHECK_NUMBER(esp, 0);
        CHECK(s.plain == esp);
        if (test_failures != before)
            fprintf(stderr, "  in %s, keys: %s\n", name, wanted[n]);
        model_destroy(s.model);
    }
    json_free(j);
    arena_destroy(arena);
}

int main(void)
{
    DIR *folder = opendir(CAPTURES);
    if (!folder) {
        puts("skipped: no lab captures beside the checkout");
        return 77;
    }
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char path[512];
        snprintf(path, sizeof path, CAPTURES "/%.200s/expected.json", entry->d_name);
        FILE *f = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (f) {
            fclose(f);
            check_capture(entry->d_name);
        }
    }
    closedir(folder);
    return TEST_REPORT();
}
