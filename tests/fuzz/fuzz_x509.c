/* Octets as each thing that the certificate door reads. */
#include "base/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct arena *arena = arena_create();
    struct bytes der = { data, size };
    struct x509 many[4] = { 0 };
    struct text t;
    (void)x509_read(der, arena, &many[0]);
    (void)x509_read_crl(der, arena, &many[1]);
    (void)x509_read_key(der, false, arena, &many[2]);
    (void)x509_read_key(der, true, arena, &many[3]);
    (void)x509_read_pkcs7(der, arena, many, 4);
    (void)x509_name_text(der, arena, &t);
    (void)x509_general_name_text(der, arena, &t);
    (void)x509_algorithm_text(der, arena, &t);
    arena_destroy(arena);
    return 0;
}
