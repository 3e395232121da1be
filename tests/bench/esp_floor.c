/*
 * esp_floor cbc|gcm CAPTURE KEYS: the least that opening ESP can cost. Maps a capture that make_esp wrote, and for each
 * packet verifies the ICV and decrypts, with nothing but OpenSSL: no capture formats, no SAs, no counts. Prints packets
 * a second; ikescope on the same file is measured against it.
 */
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static size_t unhex(const char *line, const char *name, uint8_t *out)
{
    const char *at = strstr(line, name);
    size_t n = 0;
    unsigned octet;
    for (at = at ? at + strlen(name) : ""; sscanf(at, "%2x", &octet) == 1; at += 2)
        out[n++] = (uint8_t)octet;
    return n;
}

struct keys {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac;
    uint8_t salt[4];
    int gcm;
};

static int open_packet(struct keys *k, const uint8_t *esp, size_t len, uint8_t *out)
{
    int n = 0, rest = 0;
    if (k->gcm) {
        uint8_t nonce[12];
        memcpy(nonce, k->salt, 4);
        memcpy(nonce + 4, esp + 8, 8);
        return EVP_DecryptInit_ex2(k->cipher, NULL, NULL, nonce, NULL) && EVP_DecryptUpdate(k->cipher, NULL, &n, esp, 8) &&
               EVP_DecryptUpdate(k->cipher, out, &n, esp + 16, (int)len - 32) &&
               EVP_CIPHER_CTX_ctrl(k->cipher, EVP_CTRL_AEAD_SET_TAG, 16, (void *)(uintptr_t)(esp + len - 16)) > 0 &&
               EVP_DecryptFinal_ex(k->cipher, out + n, &rest) > 0;
    }
    uint8_t mac[64];
    size_t made = 0;
    return EVP_MAC_init(k->mac, NULL, 0, NULL) && EVP_MAC_update(k->mac, esp, len - 12) &&
           EVP_MAC_final(k->mac, mac, &made, sizeof mac) && CRYPTO_memcmp(mac, esp + len - 12, 12) == 0 &&
           EVP_DecryptInit_ex2(k->cipher, NULL, NULL, esp + 8, NULL) &&
           EVP_DecryptUpdate(k->cipher, out, &n, esp + 24, (int)len - 36);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("esp_floor cbc|gcm CAPTURE KEYS\n", stderr);
        return 2;
    }
    struct keys k = { .gcm = argv[1][0] == 'g' };
    static char line[4096];
    uint8_t key[64], integ[64];
    FILE *f = fopen(argv[3], "r");
    int fd = open(argv[2], O_RDONLY);
    struct stat st;
    if (!f || fd < 0 || fstat(fd, &st))
        return 2;
    struct timespec begun, done;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    while (fgets(line, sizeof line, f)) {
        unhex(line, "\"encr_i\":\"", key);
        unhex(line, "\"integ_i\":\"", integ);
    }
    fclose(f);
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, k.gcm ? "AES-128-GCM" : "AES-128-CBC", NULL);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    static char sha1[] = "SHA1";
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha1, 0), OSSL_PARAM_construct_end() };
    k.cipher = EVP_CIPHER_CTX_new();
    k.mac = EVP_MAC_CTX_new(hmac);
    memcpy(k.salt, key + 16, 4);
    if (!EVP_DecryptInit_ex2(k.cipher, cipher, key, NULL, NULL) || !EVP_CIPHER_CTX_set_padding(k.cipher, 0) ||
        !EVP_MAC_init(k.mac, integ, 20, params))
        return 2;
    const uint8_t *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return 2;
    static uint8_t out[65536];
    unsigned long good = 0, bad = 0;
    for (size_t place = 24; place + 16 < (size_t)st.st_size;) {
        uint32_t len;
        memcpy(&len, at + place + 8, 4);
        if (open_packet(&k, at + place + 16 + 34, len - 34, out))
            good++;
        else
            bad++;
        place += 16 + len;
    }
    clock_gettime(CLOCK_MONOTONIC, &done);
    double seconds = (double)(done.tv_sec - begun.tv_sec) + (double)(done.tv_nsec - begun.tv_nsec) / 1e9;
    printf("%s: %lu packets opened, %lu not, %.3f s, %.0f packets a second\n", k.gcm ? "gcm" : "cbc", good, bad, seconds,
           (double)(good + bad) / seconds);
    return bad != 0;
}
