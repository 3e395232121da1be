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
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (text_starts(value, text_of(types[i])))
            return true;
    return false;
}

enum { MEMBERS = 64 };

struct member {
    struct text name, value; /* a value without its quotes */
    bool quoted;
};

/* A line is read whole or not at all: one member that is not hex spoils it. */
struct reading {
    struct keyfile *f;
    struct member members[MEMBERS];
    size_t count;
    bool bad;
};

static void skip_blanks(struct cursor *c)
{
    while (c->left.len && (c->left.at[0] == ' ' || c->left.at[0] == '\t'))
        cursor_skip(c, 1);
}

static bool take_byte(struct cursor *c, char wanted)
{
    skip_blanks(c);
    return cursor_u8(c) == (uint8_t)wanted && cursor_ok(c);
}

/* A string without escapes, or a word: number, true, false, null. */
static bool take_value(struct cursor *c, struct text *value, bool *quoted)
{
    skip_blanks(c);
    *quoted = c->left.len && c->left.at[0] == '"';
    if (*quoted) {
        cursor_skip(c, 1);
        const uint8_t *end = c->left.len ? memchr(c->left.at, '"', c->left.len) : NULL;
        *value = text_of_bytes(cursor_take(c, end ? (size_t)(end - c->left.at) : SIZE_MAX));
        cursor_skip(c, 1);
        return cursor_ok(c) && (value->len == 0 || !memchr(value->at, '\\', value->len));
    }
    size_t n = 0;
    while (n < c->left.len && c->left.at[n] != ',' && c->left.at[n] != '}' && c->left.at[n] != ' ')
        n++;
    *value = text_of_bytes(cursor_take(c, n));
    return n > 0 && value->at[0] != '[' && value->at[0] != '{';
}

/* One flat object, as all these lines are: ten times as fast as a whole JSON reader, which matters to files of many
 * thousand keys. False: more than that, or broken. */
static bool read_flat(struct reading *r, struct text line)
{
    struct cursor c = cursor_over(bytes_of_text(line));
    r->count = 0;
    if (!take_byte(&c, '{'))
        return false;
    for (;;) {
        struct member *m = &r->members[r->count];
        bool quoted;
        if (r->count++ == MEMBERS - 1 || !take_value(&c, &m->name, &quoted) || !quoted || !take_byte(&c, ':') ||
            !take_value(&c, &m->value, &m->quoted))
            return false;
        skip_blanks(&c);
        uint8_t then = cursor_u8(&c);
        skip_blanks(&c);
        if (then == '}')
            return cursor_empty(&c) && cursor_ok(&c);
        if (then != ',')
            return false;
    }
}

static bool read_nested(struct reading *r, const struct json *j)
{
    r->count = 0;
    for (size_t i = 0; i < json_count(j) && json_kind(j) == JSON_OBJECT && r->count < MEMBERS; i++) {
        struct text name;
        int64_t number;
        const struct json *value = json_entry(j, i, &name);
        struct member m = { .name = name, .quoted = json_kind(value) == JSON_TEXT };
        if (m.quoted)
            m.value = json_as_text(value);
        else if (json_as_number(value, &number))
            m.value = arena_format(r->f->arena, "%lld", (long long)number);
        else if (json_kind(value) == JSON_BOOL)
            m.value = json_as_bool(value) ? TEXT("true") : TEXT("false");
        else
            continue;
        r->members[r->count++] = m;
    }
    return r->count > 0;
}

static const struct member *member(const struct reading *r, const char *name)
{
    for (size_t i = r->count; i-- > 0;) /* of two of one name, the last */
        if (text_equal(r->members[i].name, text_of(name)))
            return &r->members[i];
    return NULL;
}

static struct text text_member(const struct reading *r, const char *name)
{
    const struct member *m = member(r, name);
    return m && m->quoted ? m->value : (struct text){ NULL, 0 };
}

static struct secret octets(struct reading *r, const char *name)
{
    struct text hex = text_member(r, name);
    struct secret s = key_octets(r->f, hex);
    r->bad |= hex.len && !s.len;
    return s;
}

static uint16_t number(const struct reading *r, const char *name, bool *known)
{
    const struct member *m = member(r, name);
    uint64_t n = 0;
    bool is = m && !m->quoted && text_number(m->value, 10, &n) && n <= UINT16_MAX;
    if (known)
        *known = is;
    return is ? (uint16_t)n : 0;
}

static bool is_true(const struct reading *r, const char *name)
{
    const struct member *m = member(r, name);
    return m && !m->quoted && text_equal(m->value, TEXT("true"));
}

static struct spi spi_member(const struct reading *r, const char *name)
{
    struct text t = text_member(r, name);
    uint64_t v;
    if (text_starts_nocase(t, TEXT("0x")))
        t = text_from(t, 2);
    return text_number(t, 16, &v) && t.len <= 16 ? spi_of(v, (unsigned)t.len) : (struct spi){ 0 };
}

/* The transform's number; files of other makers may only have its name. */
static uint16_t algorithm(const struct reading *r, const char *id, const char *name,
                          bool (*look_up)(struct text, struct key_algorithm *))
{
    struct key_algorithm a = { 0 };
    bool said;
    uint16_t n = number(r, id, &said);
    if (!said && look_up(text_member(r, name), &a))
        n = a.id;
    return n;
}

static bool read_ike(struct reading *r)
{
    bool said;
    struct ike_key k = { .spi_i = spi_member(r, "spi_i"),
                         .spi_r = spi_member(r, "spi_r"),
                         .encr_id = algorithm(r, "encr_id", "encr", key_encryption),
                         .key_bits = number(r, "key_bits", NULL),
                         .prf_id = algorithm(r, "prf_id", "prf", key_prf),
                         .ke_id = number(r, "ke_id", NULL),
                         .file = r->f->input,
                         .line = r->f->line };
    (void)number(r, "integ_id", &said);
    k.integ_id = algorithm(r, "integ_id", "integ", key_integrity);
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
static bool add_direction(struct reading *r, const char *spi, const char *from, const char *to, const char *encr,
                          const char *integ)
{
    struct esp_key k = { .protocol = PROTOCOL_ESP,
                         .encr_id = algorithm(r, "encr_id", "encr", key_encryption),
                         .key_bits = number(r, "key_bits", NULL),
                         .integ_id = algorithm(r, "integ_id", "integ", key_integrity),
                         .icv_bits = number(r, "icv_bits", NULL),
                         .file = r->f->input,
                         .line = r->f->line };
    struct spi s = spi_member(r, spi);
    if (!s.digits)
        return true;
    k.spi = (uint32_t)s.value;
    k.esn = number(r, "esn", &k.has_esn) != 0 || is_true(r, "esn");
    k.has_esn |= k.esn;
    if (text_equal_nocase(text_member(r, "protocol"), TEXT("AH")))
        k.protocol = PROTOCOL_AH;
    address_read(text_member(r, from), &k.source);
    address_read(text_member(r, to), &k.destination);
    key_exact(&k);
    k.encr = octets(r, encr);
    k.integ = octets(r, integ);
    return s.digits <= 8 && !r->bad && ((!k.encr.len && !k.integ.len && k.encr_id != ENCR_NULL) || key_add_esp(r->f, &k));
}

static bool read_esp(struct reading *r)
{
    if (!spi_member(r, "spi_to_resp").digits && !spi_member(r, "spi_to_init").digits)
        return false;
    bool there = add_direction(r, "spi_to_resp", "init", "resp", "encr_i", "integ_i");
    bool back = add_direction(r, "spi_to_init", "resp", "init", "encr_r", "integ_r");
    return there && back;
}

static bool read_dh(struct reading *r)
{
    struct dh_key k = { .spi_i = spi_member(r, "spi_i"),
                        .spi_r = spi_member(r, "spi_r"),
                        .group = number(r, "ke_id", NULL),
                        .file = r->f->input,
                        .line = r->f->line };
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
    struct psk_key k = { .id = text_member(r, "id"), .file = r->f->input, .line = r->f->line };
    struct text plain = text_member(r, "psk");
    address_read(text_member(r, "address"), &k.address);
    k.psk = plain.len ? keyring_hold(r->f->ring, bytes_of_text(plain)) : octets(r, "psk_hex");
    if (k.id.len == 0)
        k.id.at = NULL;
    if (k.psk.len)
        keyring_add_psk(r->f->ring, &k);
    return k.psk.len > 0;
}

static bool read_ppk(struct reading *r)
{
    struct ppk_key k = { .id = text_member(r, "id"), .ppk = octets(r, "ppk_hex"), .file = r->f->input, .line = r->f->line };
    if (k.ppk.len)
        keyring_add_ppk(r->f->ring, &k);
    return k.ppk.len > 0;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    static const struct {
        const char *type;
        bool (*read)(struct reading *);
    } kinds[] = {
        { "ike", read_ike }, { "esp", read_esp }, { "dh", read_dh }, { "psk", read_psk }, { "ppk", read_ppk },
    };
    (void)state;
    line = text_trim(line);
    if (line.len == 0 || line.at[0] != '{' || !text_has(line, TEXT("\"type\"")))
        return KEYS_NOT_MINE;
    struct reading r;
    struct json *j = NULL;
    r.f = f;
    r.bad = false;
    if (!read_flat(&r, line)) {
        j = json_read(line, NULL);
        if (!read_nested(&r, j))
            r.count = 0;
    }
    struct text type = text_member(&r, "type");
    enum key_line is = KEYS_BAD;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (text_equal(type, text_of(kinds[i].type)))
            is = kinds[i].read(&r) ? KEYS_TAKEN : KEYS_BAD;
    json_free(j);
    return is;
}

const struct keyfile_reader keyfile_jsonl = { "jsonl", "ikescope's own JSON Lines", 0, recognises, read, NULL };
