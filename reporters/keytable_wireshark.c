/* Wireshark's two tables: names as its preferences spell them. A wrong name or key length would cost it every later line,
 * so what it has no name for is left a comment. */
#include "reporters/keytable.h"

#include "base/map.h"

/* number, octets of salt, authenticates?, name in ikev2_decryption_table (before and behind the key length; behind NULL:
 * it holds none), name in esp_sa; NULL: none */
static const struct cipher_row {
    uint8_t id, salt;
    bool aead;
    const char *ike, *behind, *esp;
} ciphers[] = {
    { ENCR_DES, 0, false, NULL, NULL, "DES-CBC [RFC2405]" },
    { ENCR_3DES, 0, false, "3DES [RFC2451]", NULL, "TripleDES-CBC [RFC2451]" },
    { ENCR_CAST, 0, false, NULL, NULL, "CAST5-CBC [RFC2144]" },
    { ENCR_BLOWFISH, 0, false, NULL, NULL, "BLOWFISH-CBC [RFC2451]" },
    { ENCR_NULL, 0, false, "NULL [RFC2410]", NULL, "NULL" },
    { ENCR_AES_CBC, 0, false, "AES-CBC-", " [RFC3602]", "AES-CBC [RFC3602]" },
    { ENCR_AES_CTR, 4, false, "AES-CTR-", " [RFC5930]", "AES-CTR [RFC3686]" },
    { ENCR_AES_CCM_8, 3, true, "AES-CCM-", " with 8 octet ICV [RFC5282]", NULL },
    { ENCR_AES_CCM_12, 3, true, "AES-CCM-", " with 12 octet ICV [RFC5282]", NULL },
    { ENCR_AES_CCM_16, 3, true, "AES-CCM-", " with 16 octet ICV [RFC5282]", NULL },
    { ENCR_AES_GCM_8, 4, true, "AES-GCM-", " with 8 octet ICV [RFC5282]", "AES-GCM with 8 octet ICV [RFC4106]" },
    { ENCR_AES_GCM_12, 4, true, "AES-GCM-", " with 12 octet ICV [RFC5282]", "AES-GCM with 12 octet ICV [RFC4106]" },
    { ENCR_AES_GCM_16, 4, true, "AES-GCM-", " with 16 octet ICV [RFC5282]", "AES-GCM with 16 octet ICV [RFC4106]" },
};

/* number, ICV bits that differ from its own, names; unchecked: the name stands for any ICV of that length, without a key */
static const struct integrity_row {
    uint16_t id, icv_bits;
    bool unchecked;
    const char *ike, *esp;
} integrities[] = {
    { INTEG_NONE, 0, true, "NONE [RFC4306]", "NULL" },
    { INTEG_HMAC_MD5_96, 0, false, "HMAC_MD5_96 [RFC2403]", "HMAC-MD5-96 [RFC2403]" },
    { INTEG_HMAC_SHA1_96, 0, false, "HMAC_SHA1_96 [RFC2404]", "HMAC-SHA-1-96 [RFC2404]" },
    { INTEG_HMAC_MD5_128, 0, false, "HMAC_MD5_128 [RFC4595]", NULL },
    { INTEG_HMAC_SHA1_160, 0, false, "HMAC_SHA1_160 [RFC4595]", NULL },
    { INTEG_AES_XCBC_96, 0, true, "ANY 96-bits of Authentication [No Checking]", "ANY 96 bit authentication [no checking]" },
    { INTEG_AES_CMAC_96, 0, true, "ANY 96-bits of Authentication [No Checking]", "ANY 96 bit authentication [no checking]" },
    { INTEG_HMAC_SHA2_256_128, 0, false, "HMAC_SHA2_256_128 [RFC4868]", "HMAC-SHA-256-128 [RFC4868]" },
    { INTEG_HMAC_SHA2_256_128, 96, false, "HMAC_SHA2_256_96 [draft-ietf-ipsec-ciph-sha-256-00]",
      "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]" },
    { INTEG_HMAC_SHA2_384_192, 0, false, "HMAC_SHA2_384_192 [RFC4868]", "HMAC-SHA-384-192 [RFC4868]" },
    { INTEG_HMAC_SHA2_512_256, 0, false, "HMAC_SHA2_512_256 [RFC4868]", "HMAC-SHA-512-256 [RFC4868]" },
};

/* ICVs of other lengths: bits, names */
static const struct any_row {
    uint16_t bits;
    const char *ike, *esp;
} anys[] = {
    { 64, "ANY 64-bits of Authentication [No Checking]", "ANY 64 bit authentication [no checking]" },
    { 96, "ANY 96-bits of Authentication [No Checking]", "ANY 96 bit authentication [no checking]" },
    { 128, "ANY 128-bits of Authentication [No Checking]", "ANY 128 bit authentication [no checking]" },
    { 160, "ANY 160-bits of Authentication [No Checking]", NULL },
    { 192, "ANY 192-bits of Authentication [No Checking]", "ANY 192 bit authentication [no checking]" },
    { 256, "ANY 256-bits of Authentication [No Checking]", "ANY 256 bit authentication [no checking]" },
};

static const struct cipher_row *cipher_row(unsigned id)
{
    for (size_t i = 0; i < COUNT_OF(ciphers); i++)
        if (ciphers[i].id == id)
            return &ciphers[i];
    return NULL;
}

/* The name of an integrity algorithm in one of the tables, and whether its key goes with it. */
static const char *integrity_name(unsigned id, unsigned icv_bits, bool unchecked, bool ike, bool *keyed)
{
    const char *name = NULL;
    *keyed = false;
    for (size_t i = 0; i < COUNT_OF(integrities) && !unchecked; i++)
        if (integrities[i].id == id && integrities[i].icv_bits == icv_bits) {
            name = ike ? integrities[i].ike : integrities[i].esp;
            *keyed = !integrities[i].unchecked;
            break;
        }
    static const struct {
        uint8_t id;
        uint16_t bits;
    } own[] = { { INTEG_HMAC_MD5_128, 128 }, { INTEG_HMAC_SHA1_160, 160 } };
    for (size_t i = 0; i < COUNT_OF(own) && !name && !icv_bits; i++)
        if (own[i].id == id)
            icv_bits = own[i].bits;
    for (size_t i = 0; i < COUNT_OF(anys) && !name; i++)
        if (anys[i].bits == icv_bits)
            name = ike ? anys[i].ike : anys[i].esp;
    return name;
}

static void left(struct sink *out, size_t *left_out, const char *what, const char *why)
{
    sink_format(out, "# %s left out: %s\n", what, why);
    ++*left_out;
}

/* A row is written once, whoever told it. Kept are hashes, not the rows, which hold secrets. */
struct written {
    struct map map;
    struct arena *arena;
};

static bool first_time(struct written *w, struct text row)
{
    uint64_t hash = hash_bytes(bytes_of_text(row));
    if (map_find(&w->map, bytes_over(&hash, sizeof hash)))
        return false;
    uint64_t *copy = arena_new(w->arena, uint64_t);
    *copy = hash;
    map_put(&w->map, bytes_over(copy, sizeof *copy), copy);
    return true;
}

/* Why a key cannot be a row, or NULL. */
static const char *why_not(const struct ike_key *k, const struct cipher_row *c, const char *integ, bool keyed, char *why,
                           size_t size)
{
    if (!spi_known(k->spi_i) || !spi_known(k->spi_r))
        return "its SPIs are not known; give the capture too";
    if (!k->encr_id)
        return "its algorithms are not known; give the capture too";
    if (!c || !c->ike || !integ) {
        const char *unnamed = !c || !c->ike ? registry_name(REGISTRY_ENCR, k->encr_id)
                                            : registry_name(REGISTRY_INTEG, k->integ_id);
        snprintf(why, size, "Wireshark has no name for %s", unnamed ? unnamed : "its algorithm");
        return why;
    }
    if (k->encr_id != ENCR_NULL && (!k->sk_ei.len || !k->sk_er.len))
        return k->sk_ei.len || k->sk_er.len ? "only one direction's key is there" : "only SK_d is there";
    return keyed && (!k->sk_ai.len || !k->sk_ar.len) ? "its integrity keys are missing" : NULL;
}

static void ike_row(const struct ike_key *k, struct sink *out, size_t *left_out, struct written *w)
{
    const struct cipher_row *c = cipher_row(k->encr_id);
    char what[40], text[100];
    bool keyed = false;
    const char *integ = c && c->aead ? "NONE [RFC4306]" : integrity_name(k->integ_id, 0, false, true, &keyed);
    const char *why = why_not(k, c, integ, keyed, text, sizeof text);
    if (why) {
        snprintf(what, sizeof what, "IKE SA %016llx", (unsigned long long)k->spi_i.value);
        left(out, left_out, what, why);
        return;
    }
    unsigned bits = k->key_bits ? k->key_bits : (unsigned)(k->sk_ei.len - c->salt) * 8;
    char sized[16] = "";
    if (c->behind)
        snprintf(sized, sizeof sized, "%u", bits);
    struct buffer row;
    buffer_init(&row, 4096);
    buffer_format(&row, "%016llx,%016llx,", (unsigned long long)k->spi_i.value, (unsigned long long)k->spi_r.value);
    buffer_hex(&row, bytes_over(k->sk_ei.at, k->sk_ei.len));
    buffer_byte(&row, ',');
    buffer_hex(&row, bytes_over(k->sk_er.at, k->sk_er.len));
    buffer_format(&row, ",\"%s%s%s\",", c->ike, sized, c->behind ? c->behind : "");
    if (keyed)
        buffer_hex(&row, bytes_over(k->sk_ai.at, k->sk_ai.len));
    buffer_byte(&row, ',');
    if (keyed)
        buffer_hex(&row, bytes_over(k->sk_ar.at, k->sk_ar.len));
    buffer_format(&row, ",\"%s\"\n", integ);
    if (first_time(w, buffer_view(&row)))
        sink_text(out, buffer_view(&row));
    if (row.at)
        secret_wipe(row.at, row.cap);
    buffer_clear(&row);
}

void keytable_wireshark_ike(const struct model *m, struct sink *out, size_t *left_out)
{
    struct written w = { .arena = arena_create() };
    struct map resolved = { 0 };
    keytable_resolved(m, &resolved);
    sink_string(out, "# ikev2_decryption_table: put into Wireshark's profile folder under this name\n");
    for (const struct ike_key *k = keyring_ike(m->keyring); k; k = k->next)
        if (!keytable_superseded(&resolved, k))
            ike_row(k, out, left_out, &w);
    map_clear(&resolved);
    map_clear(&w.map);
    arena_destroy(w.arena);
}

/* ---- esp_sa ---- */

static void address_field(struct buffer *row, struct address a, const uint8_t *wild)
{
    buffer_byte(row, '"');
    if (a.family == ADDRESS_IPV4) {
        for (int i = 0; i < 4; i++) {
            if (wild[i] == 0xff)
                buffer_format(row, "%s%u", i ? "." : "", a.octets[i]);
            else
                buffer_format(row, "%s*", i ? "." : "");
        }
    } else if (a.family == ADDRESS_IPV6) {
        address_print(a, row);
        unsigned bits = 0;
        while (bits < 128 && wild[bits / 8] >> (7 - bits % 8) & 1)
            bits++;
        if (bits < 128)
            buffer_format(row, "/%u", bits);
    } else {
        buffer_byte(row, '*');
    }
    buffer_string(row, "\",");
}

static void spi_field(struct buffer *row, const struct esp_key *k)
{
    if (k->spi_mask == 0) {
        buffer_string(row, "\"*\",");
        return;
    }
    buffer_string(row, "\"0x");
    for (int shift = 28; shift >= 0; shift -= 4) {
        if (k->spi_mask >> shift & 15)
            buffer_format(row, "%x", k->spi >> shift & 15);
        else
            buffer_byte(row, '*');
    }
    buffer_string(row, "\",");
}

struct esp_names {
    const char *encr, *integ;
    bool keyed;
};

static void esp_row(const struct esp_key *k, struct esp_names names, struct address from, struct address to, const char *family,
                    struct sink *out, struct written *w)
{
    struct buffer row;
    buffer_init(&row, 4096);
    buffer_format(&row, "\"%s\",", family);
    address_field(&row, from, k->source_wild);
    address_field(&row, to, k->destination_wild);
    spi_field(&row, k);
    buffer_format(&row, "\"%s\",\"", names.encr);
    if (k->encr.len)
        buffer_string(&row, "0x");
    buffer_hex(&row, bytes_over(k->encr.at, k->encr.len));
    buffer_format(&row, "\",\"%s\",\"", names.integ);
    if (names.keyed) {
        buffer_string(&row, "0x");
        buffer_hex(&row, bytes_over(k->integ.at, k->integ.len));
    }
    buffer_string(&row, "\"\n");
    if (first_time(w, buffer_view(&row)))
        sink_text(out, buffer_view(&row));
    if (row.at)
        secret_wipe(row.at, row.cap);
    buffer_clear(&row);
}

struct same_spi {
    struct same_spi *next;
    const struct flow *flow;
};

/* The flows that were opened, by SPI. */
static void index_flows(const struct model *m, struct map *index, struct arena *arena)
{
    for (const struct flow *f = m->flows; f; f = f->next) {
        if (!f->traffic.decrypted)
            continue;
        struct same_spi *s = arena_new(arena, struct same_spi);
        s->flow = f;
        s->next = map_find(index, bytes_over(&f->spi, sizeof f->spi));
        map_put(index, bytes_over(&f->spi, sizeof f->spi), s);
    }
}

static void esp_rows(const struct map *flows, const struct esp_key *k, struct esp_names names, struct sink *out,
                     struct written *w)
{
    bool v6 = k->source.family == ADDRESS_IPV6 || k->destination.family == ADDRESS_IPV6;
    bool v4 = k->source.family == ADDRESS_IPV4 || k->destination.family == ADDRESS_IPV4;
    if (v4 || !v6)
        esp_row(k, names, k->source, k->destination, "IPv4", out, w);
    if (v6 || !v4)
        esp_row(k, names, k->source, k->destination, "IPv6", out, w);
    /* Where the SA's packets went in truth: NAT and MOBIKE part that from what an end wrote down. */
    for (const struct same_spi *s = k->spi_mask == UINT32_MAX ? map_find(flows, bytes_over(&k->spi, sizeof k->spi)) : NULL; s;
         s = s->next) {
        const struct flow *f = s->flow;
        bool same = address_equal(f->source.address, k->source) && address_equal(f->destination.address, k->destination);
        if (f->protocol == k->protocol && !same)
            esp_row(k, names, f->source.address, f->destination.address,
                    f->source.address.family == ADDRESS_IPV6 ? "IPv6" : "IPv4", out, w);
    }
}

void keytable_wireshark_esp(const struct model *m, struct sink *out, size_t *left_out)
{
    struct written w = { .arena = arena_create() };
    struct map flows = { 0 };
    index_flows(m, &flows, w.arena);
    sink_string(out,
                "# esp_sa: put into Wireshark's profile folder under this name, and switch esp.enable_encryption_decode on\n");
    for (const struct esp_key *k = keyring_esp(m->keyring); k; k = k->next) {
        const struct cipher_row *c = cipher_row(k->encr_id);
        struct esp_names names = { .encr = c ? c->esp : NULL };
        char what[40], why[100];
        snprintf(what, sizeof what, "SPI %08x", k->spi);
        names.integ = c && c->aead ? "NULL" : integrity_name(k->integ_id, k->icv_bits, k->integ_unchecked, false, &names.keyed);
        if (k->protocol == PROTOCOL_AH) {
            left(out, left_out, what, "AH has no table");
        } else if (!names.encr || !names.integ) {
            const char *unnamed = !names.encr ? registry_name(REGISTRY_ENCR, k->encr_id)
                                              : registry_name(REGISTRY_INTEG, k->integ_id);
            snprintf(why, sizeof why, "Wireshark has no name for %s in ESP", unnamed ? unnamed : "its algorithm");
            left(out, left_out, what, why);
        } else {
            esp_rows(&flows, k, names, out, &w);
        }
    }
    map_clear(&flows);
    map_clear(&w.map);
    arena_destroy(w.arena);
}
