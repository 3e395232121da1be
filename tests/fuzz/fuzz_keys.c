/* Octets as a key file, through every reader, and as a file of pre-shared keys. */
#include "decoder/keyfile.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(bool psk, struct bytes octets)
{
    struct model *m = model_create();
    uint32_t input = model_add_input(m, TEXT("fuzz"), TEXT("fuzz"))->index;
    struct source *from = source_over(octets);
    size_t found;
    if (psk)
        (void)keyfile_read_psk(m, input, from, &found, NULL);
    else
        (void)keyfile_read(m, input, from, &found, NULL);
    source_close(from);
    struct address any = { 0 };
    for (const struct esp_key *k = keyring_esp(m->keyring), *same = NULL; k; k = k->next)
        same = keyring_find_esp(m->keyring, k->spi, k->source, any, same);
    for (const struct ike_key *k = keyring_ike(m->keyring), *same = NULL; k; k = k->next)
        same = keyring_find_ike(m->keyring, k->spi_i, k->spi_r, same);
    model_destroy(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 17)
        return 0;
    struct bytes octets = { data, size };
    (void)keyfile_recognise(octets);
    read_as(false, octets);
    read_as(true, octets);
    return 0;
}
