/* The first octet chooses a key file reader, which gets every line of the rest, whoever else would know it better. */
#include "decoder/keyfile.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 1 << 16)
        return 0;
    const struct keyfile_reader *reader = keyfile_readers[data[0] % keyfile_reader_count];
    struct model *m = model_create();
    struct keyfile f = { .model = m, .ring = m->keyring, .arena = arena_create() };
    f.input = model_add_input(m, TEXT("fuzz"), TEXT("fuzz"))->index;
    void *state = arena_take(f.arena, reader->state_size ? reader->state_size : 1);
    struct text rest = { (const char *)data + 1, size - 1 }, line;
    while (text_cut(&rest, '\n', &line)) {
        struct text copy = arena_text(f.arena, line);
        f.line++;
        if (reader->recognises)
            (void)reader->recognises(text_trim(copy));
        if (reader->read(&f, state, copy) == KEYS_BAD)
            keyfile_bad(&f, f.line, reader->name);
    }
    if (reader->end)
        reader->end(&f, state);
    for (const struct esp_key *k = keyring_esp(m->keyring); k; k = k->next)
        for (size_t i = 0; i < k->encr.len; i++)
            f.line += k->encr.at[i];
    arena_destroy(f.arena);
    model_destroy(m);
    return 0;
}
