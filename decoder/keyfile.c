#include "decoder/keyfile.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"
#include "decoder/keyfile_lines.h"

enum { LONGEST_KEY = 4096 };

struct secret key_octets(struct keyfile *f, struct text hex)
{
    uint8_t octets[LONGEST_KEY];
    size_t n = text_unhex(hex, octets, sizeof octets);
    struct secret s = { NULL, 0 };
    if (n != TEXT_NOWHERE && n)
        s = keyring_hold(f->ring, bytes_over(octets, n));
    platform_wipe(octets, n == TEXT_NOWHERE ? sizeof octets : n);
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

bool key_add_ike(struct keyfile *f, struct ike_key *k)
{
    if (!k->sk_ei.len && !k->sk_er.len && !k->sk_d.len && !(k->encr_id == ENCR_NULL && k->sk_ai.len))
        return false;
    if (k->encr_id && (!key_fits(k->encr_id, k->key_bits, k->sk_ei.len) || !key_fits(k->encr_id, k->key_bits, k->sk_er.len)))
        return false;
    if (!k->key_bits)
        k->key_bits = key_bits_of(k->encr_id, k->sk_ei.len ? k->sk_ei.len : k->sk_er.len);
    keyring_add_ike(f->ring, k);
    return true;
}

bool key_add_esp(struct keyfile *f, struct esp_key *k)
{
    bool null = k->encr_id == ENCR_NULL || k->protocol == PROTOCOL_AH;
    if ((!null && !k->encr.len) || (null && !k->integ.len && k->protocol == PROTOCOL_AH) ||
        !key_fits(k->encr_id, k->key_bits, k->encr.len))
        return false;
    if (!k->key_bits)
        k->key_bits = key_bits_of(k->encr_id, k->encr.len);
    keyring_add_esp(f->ring, k);
    return true;
}

void keyfile_bad(struct keyfile *f, uint32_t line, const char *reader)
{
    input_trouble(f->model, f->input, "keys-incomplete", line, false, "line %u of '%.*s' is a key line (%s) that cannot be read",
                  line, TEXT_ARGS(model_input(f->model, f->input)->name), reader);
}

bool keyfile_others_can_read(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & (S_IRGRP | S_IROTH));
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
    struct key_lines l = key_lines_over(from, m->keyring);
    void **states = memory_take((keyfile_reader_count + 1) * sizeof *states);
    size_t before = keyring_offered(m->keyring), last = 0;
    struct text line;
    (void)err;
    while (key_lines_next(&l, &line)) {
        f.line++;
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
    *found = keyring_offered(m->keyring) - before;
    key_lines_end(&l);
    memory_free(states);
    arena_destroy(f.arena);
    return true;
}

bool keyfile_recognise(struct bytes first)
{
    struct text rest = text_of_bytes(first), line;
    while (text_cut(&rest, '\n', &line)) {
        line = text_trim(line);
        for (size_t r = 0; r < keyfile_reader_count && line.len; r++)
            if (keyfile_readers[r]->recognises && keyfile_readers[r]->recognises(line))
                return true;
    }
    return false;
}
