/*
 * make_esp FOLDER [PACKETS [KEYS]]: writes cbc.pcap and gcm.pcap with as many ESP packets (200,000) of about 1,000 octets
 * of one SA, AES-CBC-128 with HMAC-SHA1-96 and AES-GCM-16-128, and the key files cbc.keys and gcm.keys, which hold KEYS
 * SAs (1): the one in use last.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"

enum { PLAIN = 936, ETHERNET = 14, IPV4 = 20, ROOM = 2048 };

static uint64_t seed = 0x9e3779b97f4a7c15u;

static uint8_t random_octet(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint8_t)(seed >> 24);
}

static void put(uint8_t *at, size_t octets, uint64_t value)
{
    for (size_t i = 0; i < octets; i++)
        at[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
}

static void put_le(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void ipv4(uint8_t *at, size_t total, uint8_t protocol, uint32_t source, uint32_t destination)
{
    memset(at, 0, IPV4);
    at[0] = 0x45;
    put(at + 2, 2, total);
    at[8] = 64;
    at[9] = protocol;
    put(at + 12, 4, source);
    put(at + 16, 4, destination);
    uint32_t sum = 0;
    for (size_t i = 0; i < IPV4; i += 2)
        sum += (uint32_t)at[i] << 8 | at[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
    put(at + 10, 2, (uint16_t) ~(sum + (sum >> 16)));
}

struct sa {
    bool gcm;
    uint8_t key[20], integ[20];
    struct cipher *cipher;
    struct mac *mac;
};

/* An ESP packet from the SPI on; returns its length. */
static size_t esp(struct sa *sa, uint32_t spi, uint32_t number, uint8_t *out)
{
    uint8_t plain[PLAIN + 32], digest[CRYPTO_DIGEST];
    size_t block = sa->gcm ? 4 : 16, iv = sa->gcm ? 8 : 16, len = PLAIN, padding = (block - (len + 2) % block) % block;
    for (size_t i = 0; i < len; i++)
        plain[i] = (uint8_t)(i * 7 + number);
    ipv4(plain, len, 17, 0xc0a80101, 0xc0a80201);
    put(plain + 20, 2, 40000);
    put(plain + 22, 2, 53);
    put(plain + 24, 2, len - IPV4);
    for (size_t i = 0; i < padding; i++)
        plain[len++] = (uint8_t)(i + 1);
    plain[len++] = (uint8_t)padding;
    plain[len++] = 4;
    put(out, 4, spi);
    put(out + 4, 4, number);
    for (size_t i = 0; i < iv; i++)
        out[8 + i] = random_octet();
    if (sa->gcm) {
        uint8_t nonce[12];
        struct bytes aad = bytes_over(out, 8);
        memcpy(nonce, sa->key + 16, 4);
        memcpy(nonce + 4, out + 8, 8);
        if (!cipher_seal(sa->cipher, bytes_over(nonce, 12), &aad, 1, bytes_over(plain, len), out + 16 + len, out + 16))
            exit(2);
        return 16 + len + 16;
    }
    struct bytes covered = bytes_over(out, 8 + iv + len);
    if (!cipher_run(sa->cipher, out + 8, bytes_over(plain, len), out + 8 + iv) || mac_of(sa->mac, &covered, 1, digest) != 20)
        exit(2);
    memcpy(out + covered.len, digest, 12);
    return covered.len + 12;
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        exit(2);
    }
    return f;
}

static void hex(FILE *f, const char *name, const uint8_t *at, size_t len)
{
    fprintf(f, ",\"%s\":\"", name);
    for (size_t i = 0; i < len; i++)
        fprintf(f, "%02x", at[i]);
    fputc('"', f);
}

static void write_keys(FILE *f, const struct sa *sa, uint32_t keys)
{
    for (uint32_t i = 0; i < keys; i++) {
        struct sa other = *sa;
        bool last = i + 1 == keys;
        for (size_t k = 0; k < sizeof other.key && !last; k++) {
            other.key[k] = random_octet();
            other.integ[k] = random_octet();
        }
        fprintf(f,
                "{\"type\":\"esp\",\"init\":\"10.0.0.1\",\"resp\":\"10.0.0.2\",\"spi_to_resp\":\"0x%08x\",\"spi_to_init\":\"0x%"
                "08x\",\"encr_id\":%d,\"key_bits\":128,\"integ_id\":%d,\"esn\":0",
                last ? 0xc0ffee01u : 0x10000000u + i, 0x20000000u + i, sa->gcm ? 20 : 12, sa->gcm ? 0 : 2);
        hex(f, "encr_i", other.key, sa->gcm ? 20 : 16);
        hex(f, "encr_r", other.key, sa->gcm ? 20 : 16);
        if (!sa->gcm) {
            hex(f, "integ_i", other.integ, 20);
            hex(f, "integ_r", other.integ, 20);
        }
        fputs("}\n", f);
    }
}

static void write_capture(FILE *f, struct sa *sa, uint32_t packets)
{
    static const uint8_t header[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [18] = 4, [20] = 1 };
    fwrite(header, 1, sizeof header, f);
    for (uint32_t n = 1; n <= packets; n++) {
        uint8_t record[16 + ROOM] = { 0 }, *frame = record + 16;
        size_t len = esp(sa, 0xc0ffee01, n, frame + ETHERNET + IPV4);
        frame[12] = 8;
        ipv4(frame + ETHERNET, IPV4 + len, 50, 0x0a000001, 0x0a000002);
        len += ETHERNET + IPV4;
        put_le(record, 1700000000 + n / 100000);
        put_le(record + 4, n % 100000 * 10);
        put_le(record + 8, (uint32_t)len);
        put_le(record + 12, (uint32_t)len);
        fwrite(record, 1, 16 + len, f);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("make_esp FOLDER [PACKETS [KEYS]]\n", stderr);
        return 2;
    }
    uint32_t packets = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 200000,
             keys = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1;
    for (int gcm = 0; gcm < 2; gcm++) {
        struct sa sa = { .gcm = gcm };
        for (size_t i = 0; i < sizeof sa.key; i++) {
            sa.key[i] = random_octet();
            sa.integ[i] = random_octet();
        }
        sa.cipher = cipher_create(gcm ? CIPHER_AES_GCM : CIPHER_AES_CBC, bytes_over(sa.key, 16), gcm ? 16 : 0, true);
        sa.mac = mac_create(MAC_HMAC_SHA1, bytes_over(sa.integ, 20));
        FILE *capture = open_in(argv[1], gcm ? "gcm.pcap" : "cbc.pcap"),
             *key_file = open_in(argv[1], gcm ? "gcm.keys" : "cbc.keys");
        write_capture(capture, &sa, packets);
        write_keys(key_file, &sa, keys);
        cipher_destroy(sa.cipher);
        mac_destroy(sa.mac);
        if (fclose(capture) || fclose(key_file))
            return 2;
    }
    return 0;
}
