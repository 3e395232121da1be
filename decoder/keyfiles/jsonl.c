/* Our own key file: JSON Lines, INTERFACE section 4. Further members are ignored; what is absent is unknown. */
#include "base/json.h"
#include "decoder/keyfile.h"

static const char *const types[] = { "\"ike\"", "\"esp\"", "\"dh\"", "\"psk\"", "\"ppk\"" };

static bool recognises(struct text line)
{
    size_t at = line.len && line.at[0] == '{' ? text_find(line, TEXT("\"type\"")) : TEXT_NOWHERE;
    if (at == TEXT_NOWHERE)
        return false;
    struct text value = text_trim(text_from(line, at + 6));
    value = value.len && value.at[0] == ':' ? text_trim(text_from(value, 1)) : value;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (text_starts(value, text_of(types[i])))
            return true;
    return false;
}

/* A line is read whole or not at all: one member that is not hex spoils it. */
struct reading {
    struct keyfile *f;
    const struct json *j;
    bool bad;
};

static struct secret octets(struct reading *r, const char *name)
{
    struct text hex = json_as_text(json_member(r->j, name));
    struct secret s = key_octets(r->f, hex);
    r->bad |= hex.len && !s.len;
    return s;
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

/* The transform's number; files of other makers may only have its name. */
static uint16_t algorithm(const struct json *j, const char *id, const char *name, bool (*look_up)(struct text, struct key_algorithm *))
{
    struct key_algorithm a = { 0 };
    bool said;
    uint16_t n = number(j, id, &said);
    if (!said && look_up(json_as_text(json_member(j, name)), &a))
        n = a.id;
    return n;
}

static bool read_ike(struct reading *r)
{
    const struct json *j = r->j;
    bool said;
    struct ike_key k = { .spi_i = spi_member(j, "spi_i"), .spi_r = spi_member(j, "spi_r"), .encr_id = algorithm(j, "encr_id", "encr", key_encryption),
                         .key_bits = number(j, "key_bits", NULL), .prf_id = algorithm(j, "prf_id", "prf", key_prf), .ke_id = number(j, "ke_id", NULL),
                         .file = r->f->input, .line = r->f->line };
    (void)number(j, "integ_id", &said);
    k.integ_id = algorithm(j, "integ_id", "integ", key_integrity);
    k.integ_none = said && k.integ_id == 0;
    k.sk_d = octets(r, "sk_d");
    k.sk_ai = octets(r, "sk_ai");
    k.sk_ar = octets(r, "sk_ar");
    k.sk_ei = octets(r, "sk_ei");
    k.sk_er = octets(r, "sk_er");
    k.sk_pi = octets(r, "sk_pi");
    k.sk_pr = octets(r, "sk_pr");
    return !r->bad && key_add_ike(r->f, &k);
}

/* One direction of a Child SA; one that the line does not name is no trouble. */
static bool add_direction(struct reading *r, const char *spi, const char *from, const char *to, const char *encr, const char *integ)
{
    const struct json *j = r->j;
    struct esp_key k = { .protocol = PROTOCOL_ESP, .encr_id = algorithm(j, "encr_id", "encr", key_encryption), .key_bits = number(j, "key_bits", NULL),
                         .integ_id = algorithm(j, "integ_id", "integ", key_integrity), .icv_bits = number(j, "icv_bits", NULL), .file = r->f->input, .line = r->f->line };
    struct spi s = spi_member(j, spi);
    if (!s.digits)
        return true;
    k.spi = (uint32_t)s.value;
    k.esn = number(j, "esn", &k.has_esn) != 0 || json_as_bool(json_member(j, "esn"));
    k.has_esn |= k.esn;
    if (text_equal_nocase(json_as_text(json_member(j, "protocol")), TEXT("AH")))
        k.protocol = PROTOCOL_AH;
    address_read(json_as_text(json_member(j, from)), &k.source);
    address_read(json_as_text(json_member(j, to)), &k.destination);
    key_exact(&k);
    k.encr = octets(r, encr);
    k.integ = octets(r, integ);
    return s.digits <= 8 && !r->bad && ((!k.encr.len && !k.integ.len && k.encr_id != ENCR_NULL) || key_add_esp(r->f, &k));
}

static bool read_esp(struct reading *r)
{
    if (!spi_member(r->j, "spi_to_resp").digits && !spi_member(r->j, "spi_to_init").digits)
        return false;
    bool there = add_direction(r, "spi_to_resp", "init", "resp", "encr_i", "integ_i");
    bool back = add_direction(r, "spi_to_init", "resp", "init", "encr_r", "integ_r");
    return there && back;
}

static bool read_dh(struct reading *r)
{
    struct dh_key k = { .spi_i = spi_member(r->j, "spi_i"), .spi_r = spi_member(r->j, "spi_r"), .group = number(r->j, "ke_id", NULL), .file = r->f->input, .line = r->f->line };
    k.secret = octets(r, "secret");
    if (!k.secret.len) {
        k.is_private = true;
        k.secret = octets(r, "private");
    }
    if (k.secret.len && !r->bad)
        keyring_add_dh(r->f->ring, &k);
    return k.secret.len > 0 && !r->bad;
}

static bool read_psk(struct reading *r)
{
    struct psk_key k = { .id = json_as_text(json_member(r->j, "id")), .file = r->f->input, .line = r->f->line };
    struct text plain = json_as_text(json_member(r->j, "psk"));
    address_read(json_as_text(json_member(r->j, "address")), &k.address);
    k.psk = plain.len ? keyring_hold(r->f->ring, bytes_of_text(plain)) : octets(r, "psk_hex");
    if (k.id.len == 0)
        k.id.at = NULL;
    if (k.psk.len)
        keyring_add_psk(r->f->ring, &k);
    return k.psk.len > 0;
}

static bool read_ppk(struct reading *r)
{
    struct ppk_key k = { .id = json_as_text(json_member(r->j, "id")), .ppk = octets(r, "ppk_hex"), .file = r->f->input, .line = r->f->line };
    if (k.ppk.len)
        keyring_add_ppk(r->f->ring, &k);
    return k.ppk.len > 0;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    static const struct { const char *type; bool (*read)(struct reading *); } kinds[] = {
        { "ike", read_ike }, { "esp", read_esp }, { "dh", read_dh }, { "psk", read_psk }, { "ppk", read_ppk },
    };
    (void)state;
    line = text_trim(line);
    if (line.len == 0 || line.at[0] != '{' || !text_has(line, TEXT("\"type\"")))
        return KEYS_NOT_MINE;
    struct json *j = json_read(line, NULL);
    struct reading r = { .f = f, .j = j };
    struct text type = json_as_text(json_member(j, "type"));
    enum key_line is = KEYS_BAD;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_equal(type, text_of(kinds[i].type)))
            is = kinds[i].read(&r) ? KEYS_TAKEN : KEYS_BAD;
    json_free(j);
    return is;
}

const struct keyfile_reader keyfile_jsonl = { "jsonl", "ikescope's own JSON Lines", 0, recognises, read, NULL };
