/* Our own key file: JSON Lines, INTERFACE section 4. Further members are ignored; what is absent is unknown. */
#include "base/json.h"
#include "decoder/keyfile.h"

static bool recognises(struct text line)
{
    static const char *const types[] = { "\"ike\"", "\"esp\"", "\"dh\"", "\"psk\"", "\"ppk\"" };
    if (line.len == 0 || line.at[0] != '{' || !text_has(line, TEXT("\"type\"")))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (text_has(line, text_of(types[i])))
            return true;
    return false;
}

static struct secret octets(struct keyfile *f, const struct json *j, const char *name)
{
    return key_octets(f, json_as_text(json_member(j, name)));
}

static uint16_t number(const struct json *j, const char *name, bool *known)
{
    int64_t n = 0;
    bool is = json_as_number(json_member(j, name), &n) && n >= 0 && n <= UINT16_MAX;
    if (known)
        *known = is;
    return is ? (uint16_t)n : 0;
}

static struct spi spi_member(const struct json *j, const char *name)
{
    struct text t = json_as_text(json_member(j, name));
    uint64_t v;
    if (text_starts_nocase(t, TEXT("0x")))
        t = text_from(t, 2);
    return text_number(t, 16, &v) && t.len <= 16 ? spi_of(v, (unsigned)t.len) : (struct spi){ 0 };
}

static bool read_ike(struct keyfile *f, const struct json *j)
{
    bool said;
    struct ike_key k = { .spi_i = spi_member(j, "spi_i"), .spi_r = spi_member(j, "spi_r"), .encr_id = number(j, "encr_id", NULL), .key_bits = number(j, "key_bits", NULL),
                         .integ_id = number(j, "integ_id", &said), .prf_id = number(j, "prf_id", NULL), .ke_id = number(j, "ke_id", NULL), .file = f->input, .line = f->line };
    k.integ_none = said && k.integ_id == 0;
    k.sk_d = octets(f, j, "sk_d");
    k.sk_ai = octets(f, j, "sk_ai");
    k.sk_ar = octets(f, j, "sk_ar");
    k.sk_ei = octets(f, j, "sk_ei");
    k.sk_er = octets(f, j, "sk_er");
    k.sk_pi = octets(f, j, "sk_pi");
    k.sk_pr = octets(f, j, "sk_pr");
    if (!k.sk_d.len && !k.sk_ei.len && !k.sk_er.len)
        return false;
    keyring_add_ike(f->ring, &k);
    return true;
}

static void add_direction(struct keyfile *f, const struct json *j, const char *spi, const char *from, const char *to, const char *encr, const char *integ)
{
    struct esp_key k = { .protocol = PROTOCOL_ESP, .spi_mask = UINT32_MAX, .encr_id = number(j, "encr_id", NULL), .key_bits = number(j, "key_bits", NULL),
                         .integ_id = number(j, "integ_id", NULL), .file = f->input, .line = f->line };
    struct spi s = spi_member(j, spi);
    if (!s.digits || s.digits > 8)
        return;
    k.spi = (uint32_t)s.value;
    k.esn = number(j, "esn", &k.has_esn) != 0;
    if (text_equal(json_as_text(json_member(j, "protocol")), TEXT("AH")))
        k.protocol = PROTOCOL_AH;
    address_read(json_as_text(json_member(j, from)), &k.source);
    address_read(json_as_text(json_member(j, to)), &k.destination);
    memset(k.source_wild, 0xff, sizeof k.source_wild);
    memset(k.destination_wild, 0xff, sizeof k.destination_wild);
    k.encr = octets(f, j, encr);
    k.integ = octets(f, j, integ);
    keyring_add_esp(f->ring, &k);
}

static bool read_esp(struct keyfile *f, const struct json *j)
{
    if (!spi_member(j, "spi_to_resp").digits && !spi_member(j, "spi_to_init").digits)
        return false;
    add_direction(f, j, "spi_to_resp", "init", "resp", "encr_i", "integ_i");
    add_direction(f, j, "spi_to_init", "resp", "init", "encr_r", "integ_r");
    return true;
}

static bool read_dh(struct keyfile *f, const struct json *j)
{
    struct dh_key k = { .spi_i = spi_member(j, "spi_i"), .spi_r = spi_member(j, "spi_r"), .group = number(j, "ke_id", NULL), .file = f->input, .line = f->line };
    k.secret = octets(f, j, "secret");
    if (!k.secret.len) {
        k.is_private = true;
        k.secret = octets(f, j, "private");
    }
    if (k.secret.len)
        keyring_add_dh(f->ring, &k);
    return k.secret.len > 0;
}

static bool read_psk(struct keyfile *f, const struct json *j)
{
    struct psk_key k = { .id = json_as_text(json_member(j, "id")), .file = f->input, .line = f->line };
    struct text plain = json_as_text(json_member(j, "psk"));
    address_read(json_as_text(json_member(j, "address")), &k.address);
    k.psk = plain.at ? keyring_hold(f->ring, bytes_of_text(plain)) : octets(f, j, "psk_hex");
    if (k.id.len == 0)
        k.id.at = NULL;
    if (k.psk.len)
        keyring_add_psk(f->ring, &k);
    return k.psk.len > 0;
}

static bool read_ppk(struct keyfile *f, const struct json *j)
{
    struct ppk_key k = { .id = json_as_text(json_member(j, "id")), .ppk = octets(f, j, "ppk_hex"), .file = f->input, .line = f->line };
    if (k.ppk.len)
        keyring_add_ppk(f->ring, &k);
    return k.ppk.len > 0;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    static const struct { const char *type; bool (*read)(struct keyfile *, const struct json *); } kinds[] = {
        { "ike", read_ike }, { "esp", read_esp }, { "dh", read_dh }, { "psk", read_psk }, { "ppk", read_ppk },
    };
    (void)state;
    line = text_trim(line);
    if (line.len == 0 || line.at[0] != '{' || !text_has(line, TEXT("\"type\"")))
        return KEYS_NOT_MINE;
    struct json *j = json_read(line, NULL);
    struct text type = json_as_text(json_member(j, "type"));
    enum key_line is = KEYS_BAD;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_equal(type, text_of(kinds[i].type)))
            is = kinds[i].read(f, j) ? KEYS_TAKEN : KEYS_BAD;
    json_free(j);
    return is;
}

const struct keyfile_reader keyfile_jsonl = { "jsonl", "ikescope's own JSON Lines", 0, recognises, read, NULL };
