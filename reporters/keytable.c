#include "reporters/keytable.h"

#include "base/writer.h"
#include "reporters/clean.h"

/* ---- For people ---- */

static void print_secret(struct sink *out, const char *name, struct secret s, bool secrets)
{
    if (!s.len || !secrets)
        return;
    sink_format(out, "      %-6s ", name);
    for (size_t i = 0; i < s.len; i++)
        sink_format(out, "%02x", s.at[i]);
    sink_byte(out, '\n');
}

static void algorithm(struct sink *out, enum registry registry, unsigned id, unsigned bits)
{
    const char *name = id ? registry_name(registry, id) : NULL;
    if (!id)
        return;
    if (name)
        sink_format(out, "  %s", name);
    else
        sink_format(out, "  %s %u", registry == REGISTRY_ENCR ? "ENCR" : registry == REGISTRY_PRF ? "PRF" : "INTEG", id);
    if (bits)
        sink_format(out, "-%u", bits);
}

/* A name that a key file gives, or a file's own. */
static void put_name(struct sink *out, struct text name)
{
    struct buffer clean;
    buffer_init(&clean, 1 << 16);
    clean_put(&clean, name);
    sink_text(out, buffer_view(&clean));
    buffer_clear(&clean);
}

static void origin(struct sink *out, const struct model *m, bool derived, uint32_t file, uint32_t line)
{
    if (derived)
        sink_string(out, "  derived");
    else if (line && file < m->input_count) {
        sink_string(out, "  ");
        put_name(out, m->inputs[file].name);
        sink_format(out, ":%u", line);
    }
    sink_byte(out, '\n');
}

static void spi(struct sink *out, struct spi s)
{
    if (spi_known(s))
        sink_format(out, "%016llx", (unsigned long long)s.value);
    else
        sink_string(out, "(any)           ");
}

static void ike_text(const struct model *m, struct sink *out, bool secrets)
{
    const struct ike_key *k = keyring_ike(m->keyring);
    if (k)
        sink_string(out, "\nIKE SAs (SPIs, algorithms, what is known)\n");
    for (; k; k = k->next) {
        if (k->resolved)
            continue;
        sink_string(out, "  ");
        spi(out, k->spi_i);
        sink_byte(out, ' ');
        spi(out, k->spi_r);
        algorithm(out, REGISTRY_ENCR, k->encr_id, k->key_bits);
        algorithm(out, REGISTRY_INTEG, k->integ_id, 0);
        algorithm(out, REGISTRY_PRF, k->prf_id, 0);
        sink_format(out, " %s%s%s%s", k->sk_d.len ? " SK_d" : "", k->sk_ai.len || k->sk_ar.len ? " SK_a" : "",
                    k->sk_ei.len || k->sk_er.len ? " SK_e" : "", k->sk_pi.len || k->sk_pr.len ? " SK_p" : "");
        origin(out, m, k->derived, k->file, k->line);
        print_secret(out, "SK_d", k->sk_d, secrets);
        print_secret(out, "SK_ai", k->sk_ai, secrets);
        print_secret(out, "SK_ar", k->sk_ar, secrets);
        print_secret(out, "SK_ei", k->sk_ei, secrets);
        print_secret(out, "SK_er", k->sk_er, secrets);
        print_secret(out, "SK_pi", k->sk_pi, secrets);
        print_secret(out, "SK_pr", k->sk_pr, secrets);
    }
}

static void address(struct sink *out, struct address a, const uint8_t *wild)
{
    struct buffer b;
    buffer_init(&b, 256);
    bool exact = true;
    for (size_t i = 0; i < address_length(a); i++)
        exact &= wild[i] == 0xff;
    if (a.family)
        address_print(a, &b);
    else
        buffer_string(&b, "(any)");
    sink_text(out, buffer_view(&b));
    if (a.family && !exact)
        sink_string(out, " (masked)");
    buffer_clear(&b);
}

static void esp_text(const struct model *m, struct sink *out, bool secrets)
{
    const struct esp_key *k = keyring_esp(m->keyring);
    if (k)
        sink_string(out, "\nESP and AH, one direction each (SPI, from -> to, algorithms)\n");
    for (; k; k = k->next) {
        sink_format(out, "  %s ", k->protocol == PROTOCOL_AH ? "AH " : "ESP");
        if (k->spi_mask == UINT32_MAX)
            sink_format(out, "%08x  ", k->spi);
        else
            sink_format(out, "%s  ", k->spi_mask ? "(masked)" : "(any)   ");
        address(out, k->source, k->source_wild);
        sink_string(out, " -> ");
        address(out, k->destination, k->destination_wild);
        algorithm(out, REGISTRY_ENCR, k->encr_id, k->key_bits);
        algorithm(out, REGISTRY_INTEG, k->integ_id, 0);
        if (k->icv_bits)
            sink_format(out, "  %u bits of ICV%s", k->icv_bits, k->integ_unchecked ? ", unchecked" : "");
        if (k->esn)
            sink_string(out, "  ESN");
        origin(out, m, k->derived, k->file, k->line);
        print_secret(out, "key", k->encr, secrets);
        print_secret(out, "auth", k->integ, secrets);
    }
}

static void others_text(const struct model *m, struct sink *out, bool secrets)
{
    if (keyring_dh(m->keyring))
        sink_string(out, "\nShared secrets and private keys of key exchanges (SPIs of the IKE SA)\n");
    for (const struct dh_key *d = keyring_dh(m->keyring); d; d = d->next) {
        sink_string(out, "  ");
        spi(out, d->spi_i);
        sink_byte(out, ' ');
        spi(out, d->spi_r);
        sink_format(out, "  %s, %zu octets", d->is_private ? "private key" : "shared secret", d->secret.len);
        origin(out, m, false, d->file, d->line);
        print_secret(out, "", d->secret, secrets);
    }
    if (keyring_psk(m->keyring))
        sink_string(out, "\nPre-shared keys (for whom)\n");
    for (const struct psk_key *p = keyring_psk(m->keyring); p; p = p->next) {
        static const uint8_t exact[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
        sink_string(out, "  ");
        if (p->address.family)
            address(out, p->address, exact);
        else
            put_name(out, p->id.at ? p->id : TEXT("(anyone)"));
        sink_format(out, "  %s", secrets ? "" : "(hidden)");
        origin(out, m, false, p->file, p->line);
        print_secret(out, "", p->psk, secrets);
    }
    for (const struct ppk_key *p = keyring_ppk(m->keyring); p; p = p->next) {
        sink_string(out, "  PPK ");
        put_name(out, p->id);
        origin(out, m, false, p->file, p->line);
        print_secret(out, "", p->ppk, secrets);
    }
}

struct opened {
    uint64_t sealed, opened, broken;
};

static void count_leg(const struct leg *l, struct opened *o)
{
    if (!l->message || !l->message->protection)
        return;
    o->sealed++;
    o->opened += l->message->decryption == DECRYPTION_DECRYPTED;
    o->broken += l->message->decryption == DECRYPTION_ICV_FAILED;
}

static const char *keys_word(unsigned keys)
{
    return keys == KEYS_SUPPLIED ? "keys given" : keys == KEYS_DERIVED ? "keys derived" : "no key";
}

static void opened_text(const struct model *m, struct sink *out)
{
    if (m->ike_sas || m->flows)
        sink_string(out, "\nWhat they open\n");
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        struct opened o = { 0 };
        for (const struct exchange *x = sa->exchanges; x; x = x->next) {
            count_leg(&x->request, &o);
            count_leg(&x->response, &o);
        }
        sink_format(out, "  ike%-4u ", sa->number);
        spi(out, sa->spi_i);
        sink_byte(out, ' ');
        spi(out, sa->spi_r);
        if (o.sealed)
            sink_format(out, "  %llu of %llu encrypted messages (%s)", (unsigned long long)o.opened, (unsigned long long)o.sealed,
                        keys_word(sa->keys));
        else
            sink_string(out, "  nothing encrypted");
        if (o.broken)
            sink_format(out, ", %llu with another key", (unsigned long long)o.broken);
        sink_byte(out, '\n');
    }
    for (const struct flow *f = m->flows; f; f = f->next) {
        static const uint8_t exact[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
        sink_format(out, "  %s %08x  ", f->protocol == PROTOCOL_AH ? "AH " : "ESP", f->spi);
        address(out, f->source.address, exact);
        sink_string(out, " -> ");
        address(out, f->destination.address, exact);
        sink_format(out, "  %llu of %llu packets (%s)%s\n", (unsigned long long)f->traffic.decrypted,
                    (unsigned long long)f->traffic.packets, keys_word(f->keys),
                    f->wrong_encryption_key ? ", the encryption key does not fit" : "");
    }
}

void keytable_text(const struct model *m, struct sink *out, bool secrets)
{
    size_t ike = 0, esp = 0, dh = 0, psk = 0;
    for (const struct ike_key *k = keyring_ike(m->keyring); k; k = k->next)
        ike += !k->resolved;
    for (const struct esp_key *k = keyring_esp(m->keyring); k; k = k->next)
        esp++;
    for (const struct dh_key *k = keyring_dh(m->keyring); k; k = k->next)
        dh++;
    for (const struct psk_key *k = keyring_psk(m->keyring); k; k = k->next)
        psk++;
    sink_format(out, "keys: %zu of IKE SAs, %zu of ESP and AH, %zu of key exchanges, %zu pre-shared%s\n", ike, esp, dh, psk,
                secrets ? "" : " (hidden; --show-secrets prints them)");
    opened_text(m, out);
    ike_text(m, out, secrets);
    esp_text(m, out, secrets);
    others_text(m, out, secrets);
    for (size_t i = 0; i < m->input_count; i++)
        for (const struct trouble *t = m->inputs[i].troubles; t; t = t->next)
            if (strcmp(t->rule, "keys-incomplete") == 0) {
                sink_byte(out, '\n');
                put_name(out, t->text);
                sink_byte(out, '\n');
            }
}

/* ---- JSON Lines ---- */

static void begin(struct json_writer *w, const char *type)
{
    write_object(w, NULL);
    write_string(w, "type", type);
}

static void spi_member(struct json_writer *w, const char *name, struct spi s, unsigned digits)
{
    char text[24];
    if (!spi_known(s))
        return;
    snprintf(text, sizeof text, "%0*llx", (int)digits, (unsigned long long)s.value);
    write_string(w, name, text);
}

static void secret_member(struct json_writer *w, const char *name, struct secret s)
{
    if (s.len)
        write_hex(w, name, bytes_over(s.at, s.len));
}

static void known_number(struct json_writer *w, const char *name, unsigned number)
{
    if (number)
        write_number(w, name, number);
}

static void address_member(struct json_writer *w, const char *name, struct address a, const uint8_t *wild)
{
    struct buffer b;
    bool exact = a.family != ADDRESS_NONE;
    for (size_t i = 0; i < address_length(a) && wild; i++)
        exact &= wild[i] == 0xff;
    if (!exact)
        return;
    buffer_init(&b, 256);
    address_print(a, &b);
    write_text(w, name, buffer_view(&b));
    buffer_clear(&b);
}

static void ike_json(struct json_writer *w, const struct ike_key *k)
{
    begin(w, "ike");
    spi_member(w, "spi_i", k->spi_i, 16);
    spi_member(w, "spi_r", k->spi_r, 16);
    known_number(w, "encr_id", k->encr_id);
    known_number(w, "key_bits", k->key_bits);
    if (k->integ_id || k->integ_none)
        write_number(w, "integ_id", k->integ_id);
    known_number(w, "prf_id", k->prf_id);
    known_number(w, "ke_id", k->ke_id);
    secret_member(w, "sk_d", k->sk_d);
    secret_member(w, "sk_ai", k->sk_ai);
    secret_member(w, "sk_ar", k->sk_ar);
    secret_member(w, "sk_ei", k->sk_ei);
    secret_member(w, "sk_er", k->sk_er);
    secret_member(w, "sk_pi", k->sk_pi);
    secret_member(w, "sk_pr", k->sk_pr);
    if (k->derived)
        write_bool(w, "derived", true);
    write_end_line(w);
}

static void esp_json(struct json_writer *w, const struct esp_key *k)
{
    begin(w, "esp");
    if (k->protocol == PROTOCOL_AH)
        write_string(w, "protocol", "AH");
    address_member(w, "init", k->source, k->source_wild);
    address_member(w, "resp", k->destination, k->destination_wild);
    spi_member(w, "spi_to_resp", spi_of(k->spi, 8), 8);
    known_number(w, "encr_id", k->encr_id);
    known_number(w, "key_bits", k->key_bits);
    if (!k->integ_unchecked)
        write_number(w, "integ_id", k->integ_id);
    known_number(w, "icv_bits", k->icv_bits);
    if (k->integ_unchecked)
        write_bool(w, "unchecked", true);
    if (k->has_esn)
        write_number(w, "esn", k->esn);
    known_number(w, "esn_high", k->esn_high);
    secret_member(w, "encr_i", k->encr);
    secret_member(w, "integ_i", k->integ);
    if (k->derived)
        write_bool(w, "derived", true);
    write_end_line(w);
}

void keytable_resolved(const struct model *m, struct map *index)
{
    for (const struct ike_key *k = keyring_ike(m->keyring); k; k = k->next)
        if (k->resolved && k->sk_ei.len)
            map_put(index, bytes_over(k->sk_ei.at, k->sk_ei.len), (void *)(uintptr_t)k);
}

bool keytable_superseded(const struct map *index, const struct ike_key *k)
{
    const struct ike_key *r = k->resolved ? NULL : map_find(index, bytes_over(k->sk_ei.at, k->sk_ei.len));
    return r && secret_equal(r->sk_er, k->sk_er) && secret_equal(r->sk_d, k->sk_d) &&
           (!spi_known(k->spi_i) || spi_equal(r->spi_i, k->spi_i));
}

void keytable_json(const struct model *m, struct sink *out, size_t *left_out)
{
    struct json_writer w = { .out = out };
    struct map resolved = { 0 };
    keytable_resolved(m, &resolved);
    for (const struct ike_key *k = keyring_ike(m->keyring); k; k = k->next)
        if (!keytable_superseded(&resolved, k))
            ike_json(&w, k);
    map_clear(&resolved);
    for (const struct esp_key *k = keyring_esp(m->keyring); k; k = k->next) {
        if (k->spi_mask == UINT32_MAX)
            esp_json(&w, k);
        else
            ++*left_out; /* a pattern of SPIs has no form there */
    }
    for (const struct dh_key *d = keyring_dh(m->keyring); d; d = d->next) {
        begin(&w, "dh");
        spi_member(&w, "spi_i", d->spi_i, 16);
        spi_member(&w, "spi_r", d->spi_r, 16);
        known_number(&w, "ke_id", d->group);
        secret_member(&w, d->is_private ? "private" : "secret", d->secret);
        write_end_line(&w);
    }
    for (const struct psk_key *p = keyring_psk(m->keyring); p; p = p->next) {
        begin(&w, "psk");
        if (p->id.at)
            write_text(&w, "id", p->id);
        address_member(&w, "address", p->address, NULL);
        secret_member(&w, "psk_hex", p->psk);
        write_end_line(&w);
    }
    for (const struct ppk_key *p = keyring_ppk(m->keyring); p; p = p->next) {
        begin(&w, "ppk");
        write_text(&w, "id", p->id);
        secret_member(&w, "ppk_hex", p->ppk);
        write_end_line(&w);
    }
}
