#include "base/crypto_parts.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <stdlib.h>

/* The only state of the process that does not hang on the model: algorithms that the library handed out. They are
 * constant once fetched, and a run that needs none pays for none. Any thread may ask for one. */
enum { CACHE = 64 };
static pthread_mutex_t fetching = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const EVP_MD *hashes[HASH_KIND_COUNT];
    EVP_MAC *hmac, *cmac;
    struct {
        char name[24];
        EVP_CIPHER *cipher;
    } ciphers[CACHE];
    size_t cipher_count;
    OSSL_LIB_CTX *old; /* a context of its own, so that the legacy provider changes nothing for the others */
    bool old_tried;
} fetched;

static const struct {
    const char *name;
    size_t length;
} hashes[HASH_KIND_COUNT] = {
    [HASH_MD5] = { "MD5", 16 },           [HASH_SHA1] = { "SHA1", 20 },         [HASH_SHA2_224] = { "SHA2-224", 28 },
    [HASH_SHA2_256] = { "SHA2-256", 32 }, [HASH_SHA2_384] = { "SHA2-384", 48 }, [HASH_SHA2_512] = { "SHA2-512", 64 },
};

const EVP_MD *crypto_hash(enum hash_kind kind)
{
    if (kind <= HASH_UNKNOWN || kind >= HASH_KIND_COUNT)
        return NULL;
    pthread_mutex_lock(&fetching);
    if (!fetched.hashes[kind])
        fetched.hashes[kind] = EVP_MD_fetch(NULL, hashes[kind].name, NULL);
    const EVP_MD *md = fetched.hashes[kind];
    pthread_mutex_unlock(&fetching);
    return md;
}

EVP_MAC *crypto_mac(const char *name)
{
    EVP_MAC **slot = name[0] == 'H' ? &fetched.hmac : &fetched.cmac;
    pthread_mutex_lock(&fetching);
    if (!*slot)
        *slot = EVP_MAC_fetch(NULL, name, NULL);
    EVP_MAC *mac = *slot;
    pthread_mutex_unlock(&fetching);
    return mac;
}

static OSSL_LIB_CTX *legacy_context(void)
{
    if (!fetched.old_tried) {
        fetched.old_tried = true;
        fetched.old = OSSL_LIB_CTX_new();
        if (fetched.old && !OSSL_PROVIDER_load(fetched.old, "legacy")) {
            OSSL_LIB_CTX_free(fetched.old);
            fetched.old = NULL;
        }
    }
    return fetched.old;
}

static EVP_CIPHER *fetch_cipher(const char *name, bool legacy)
{
    for (size_t i = 0; i < fetched.cipher_count; i++)
        if (strcmp(fetched.ciphers[i].name, name) == 0)
            return fetched.ciphers[i].cipher;
    if (fetched.cipher_count == CACHE || strlen(name) >= sizeof fetched.ciphers[0].name)
        return NULL;
    OSSL_LIB_CTX *from = legacy ? legacy_context() : NULL;
    EVP_CIPHER *cipher = legacy && !from ? NULL : EVP_CIPHER_fetch(from, name, NULL);
    memcpy(fetched.ciphers[fetched.cipher_count].name, name, strlen(name) + 1);
    fetched.ciphers[fetched.cipher_count++].cipher = cipher;
    return cipher;
}

EVP_CIPHER *crypto_cipher(const char *name, bool legacy)
{
    pthread_mutex_lock(&fetching);
    EVP_CIPHER *cipher = fetch_cipher(name, legacy);
    pthread_mutex_unlock(&fetching);
    return cipher;
}

size_t hash_of(enum hash_kind kind, const struct bytes *parts, size_t count, uint8_t out[static CRYPTO_DIGEST])
{
    const EVP_MD *md = crypto_hash(kind);
    EVP_MD_CTX *ctx = md ? EVP_MD_CTX_new() : NULL;
    unsigned length = 0;
    bool ok = ctx && EVP_DigestInit_ex2(ctx, md, NULL);
    for (size_t i = 0; ok && i < count; i++)
        ok = parts[i].len == 0 || EVP_DigestUpdate(ctx, parts[i].at, parts[i].len);
    ok = ok && EVP_DigestFinal_ex(ctx, out, &length);
    EVP_MD_CTX_free(ctx);
    return ok ? length : 0;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
    return len == 0 || CRYPTO_memcmp(a, b, len) == 0;
}

void crypto_wipe(void *at, size_t len)
{
    if (at)
        OPENSSL_cleanse(at, len);
}

static void *take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return size ? memory_checked(malloc(size)) : NULL;
}

static void *grow(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    if (size)
        return memory_checked(realloc(old, size));
    free(old);
    return NULL;
}

static void give_back(void *at, const char *file, int line)
{
    (void)file;
    (void)line;
    free(at);
}

void crypto_begin(void)
{
    CRYPTO_set_mem_functions(take, grow, give_back);
}
