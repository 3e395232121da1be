#include "decoder/keyfile.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"

enum { LONGEST_LINE = 1 << 16, BLOCK = 1 << 16, LONGEST_KEY = 4096, RECOGNISE_LINES = 40 };

struct secret key_octets(struct keyfile *f, struct text hex)
{
    uint8_t octets[LONGEST_KEY];
    size_t n = text_unhex(hex, octets, sizeof octets);
    struct secret s = { NULL, 0 };
    if (n != TEXT_NOWHERE && n)
        s = keyring_hold(f->ring, bytes_over(octets, n));
    platform_wipe(octets, sizeof octets);
    return s;
}

bool key_number(struct text t, unsigned base, uint64_t *number)
{
    t = text_trim(t);
    if (base == 16 && text_starts_nocase(t, TEXT("0x")))
        t = text_from(t, 2);
    return text_number(t, base, number);
}

void key_exact(struct esp_key *k)
{
    k->spi_mask = UINT32_MAX;
    memset(k->source_wild, 0xff, sizeof k->source_wild);
    memset(k->destination_wild, 0xff, sizeof k->destination_wild);
}

void keyfile_bad(struct keyfile *f, uint32_t line, const char *reader)
{
    input_trouble(f->model, f->input, "keys-incomplete", line, false, "line %u of '%.*s' is a key line (%s) that cannot be read", line,
                  TEXT_ARGS(model_input(f->model, f->input)->name), reader);
}

bool keyfile_others_can_read(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & (S_IRGRP | S_IROTH));
}

struct lines {                   /* splits a source; wipes behind itself */
    struct source *from;
    char *at;
    size_t len, used;
    bool cut;                    /* the line was longer than fits: its rest is skipped */
};

static bool next_line(struct lines *l, struct text *line)
{
    for (;;) {
        char *end = memchr(l->at + l->used, '\n', l->len - l->used);
        if (end) {
            *line = text_over(l->at + l->used, (size_t)(end - (l->at + l->used)));
            l->used = (size_t)(end - l->at) + 1;
            if (l->cut) {
                l->cut = false;
                continue;
            }
            return true;
        }
        if (l->used) {
            memmove(l->at, l->at + l->used, l->len - l->used);
            platform_wipe(l->at + l->len - l->used, l->used);
            l->len -= l->used;
            l->used = 0;
        }
        if (l->len == LONGEST_LINE) { /* no key is so long: give what is there, and go on behind the line's end */
            *line = text_over(l->at, l->len);
            l->used = l->len;
            if (l->cut)
                continue;
            return l->cut = true;
        }
        size_t n = source_read(l->from, l->at + l->len, LONGEST_LINE - l->len);
        l->len += n;
        if (n == 0) {
            *line = text_over(l->at, l->len);
            l->used = l->len;
            return line->len > 0 && !l->cut;
        }
    }
}

static void *offer(struct keyfile *f, void **states, size_t reader)
{
    const struct keyfile_reader *r = keyfile_readers[reader];
    if (!states[reader])
        states[reader] = arena_take(f->arena, r->state_size ? r->state_size : 1);
    return states[reader];
}

bool keyfile_read(struct model *m, uint32_t input, struct source *from, size_t *found, struct error *err)
{
    struct keyfile f = { .model = m, .ring = m->keyring, .arena = arena_create(), .input = input };
    struct lines l = { .from = from, .at = memory_take(LONGEST_LINE) };
    void **states = memory_take((keyfile_reader_count + 1) * sizeof *states);
    size_t before = keyring_count(m->keyring), last = 0;
    struct text line;
    (void)err;
    while (next_line(&l, &line)) {
        f.line++;
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if (f.line == 1 && text_starts(line, TEXT("\xef\xbb\xbf")))
            line = text_from(line, 3);
        enum key_line is = KEYS_NOT_MINE;
        for (size_t n = 0; n < keyfile_reader_count && is == KEYS_NOT_MINE; n++) {
            size_t reader = n == 0 ? last : n <= last ? n - 1 : n;
            is = keyfile_readers[reader]->read(&f, offer(&f, states, reader), line);
            if (is != KEYS_NOT_MINE)
                last = reader;
        }
        if (is == KEYS_BAD)
            keyfile_bad(&f, f.line, keyfile_readers[last]->name);
    }
    for (size_t n = 0; n < keyfile_reader_count; n++)
        if (states[n] && keyfile_readers[n]->end)
            keyfile_readers[n]->end(&f, states[n]);
    *found = keyring_count(m->keyring) - before;
    platform_wipe(l.at, LONGEST_LINE);
    memory_free(l.at);
    memory_free(states);
    arena_destroy(f.arena);
    if (*found == 0 && keyring_count(m->keyring))
        *found = 1; /* all of them were known from another file */
    return true;
}

/* "id1 id2 : PSK \"key\"" of ipsec.secrets; false when it is not of that form. */
static bool read_secrets_line(struct keyfile *f, struct text line, struct text *ids, struct text *key)
{
    size_t at = text_find(line, TEXT(": PSK"));
    (void)f;
    if (at == TEXT_NOWHERE)
        return false;
    *ids = text_trim(text_upto(line, at));
    *key = text_trim(text_from(line, at + 5));
    return true;
}

static struct secret psk_octets(struct keyfile *f, struct text key)
{
    if (text_starts_nocase(key, TEXT("0x")))
        return key_octets(f, key);
    if (key.len >= 2 && (key.at[0] == '"' || key.at[0] == '\'') && key.at[key.len - 1] == key.at[0])
        key = text_upto(text_from(key, 1), key.len - 2);
    return keyring_hold(f->ring, bytes_of_text(key));
}

static void add_psk(struct keyfile *f, struct text id, struct secret psk)
{
    struct psk_key k = { .psk = psk, .file = f->input, .line = f->line };
    if (id.len && !text_equal(id, TEXT("%any")) && !text_equal(id, TEXT("*")) && !address_read(id, &k.address))
        k.id = id;
    keyring_add_psk(f->ring, &k);
}

bool keyfile_read_psk(struct model *m, uint32_t input, struct source *from, size_t *found, struct error *err)
{
    struct keyfile f = { .model = m, .ring = m->keyring, .arena = NULL, .input = input };
    struct lines l = { .from = from, .at = memory_take(LONGEST_LINE) };
    size_t before = keyring_count(m->keyring);
    struct text line;
    (void)err;
    while (next_line(&l, &line)) {
        f.line++;
        line = text_trim(line);
        struct text ids, key, id;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (read_secrets_line(&f, line, &ids, &key)) {
            struct secret psk = psk_octets(&f, key);
            if (!ids.len)
                add_psk(&f, ids, psk);
            while (text_word(&ids, &id))
                add_psk(&f, id, psk);
            continue;
        }
        struct text rest = line;
        text_word(&rest, &id);
        rest = text_trim(rest);
        bool alone = rest.len == 0;
        struct secret psk = psk_octets(&f, alone ? id : rest);
        add_psk(&f, alone ? (struct text){ NULL, 0 } : id, psk);
    }
    *found = keyring_count(m->keyring) - before;
    platform_wipe(l.at, LONGEST_LINE);
    memory_free(l.at);
    return true;
}

bool keyfile_recognise(struct bytes first)
{
    struct text rest = text_of_bytes(first), line;
    for (int n = 0; n < RECOGNISE_LINES && text_cut(&rest, '\n', &line); n++) {
        line = text_trim(line);
        for (size_t r = 0; r < keyfile_reader_count && line.len; r++)
            if (keyfile_readers[r]->recognises && keyfile_readers[r]->recognises(line))
                return true;
    }
    return false;
}
