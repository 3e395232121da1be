/*
 * strongSwan's daemon log at level 4 (ike, chd): every secret as a hex dump behind a line that names it. Threads write
 * between each other's lines, so what a dump belongs to is kept per thread: "23:24:39 11[IKE] Sk_ei secret => 20 bytes".
 *
 * Whose keys they are is told by other dumps of the same job (one packet's handling by one thread), before the keys or
 * after them: NAT detection hashes SPIi | SPIr | ..., IKE_INTERMEDIATE and AUTH are computed over whole messages, which
 * begin with both SPIs. After a rekey nothing tells the new SPIs; they stay unknown, and the ICV says whose keys they are.
 * The algorithms stand in "selected proposal" lines where cfg is logged, else only on the wire.
 */
#include "decoder/keyfile.h"

#include "base/platform.h"

enum { THREADS = 1000, LARGEST = 4096, JOB_KEYS = 4, ML_KEM_SECRET = 32 };

enum what {
    NOTHING,
    SPIS,
    DH,
    MORE_DH,
    SK_D,
    SK_AI,
    SK_AR,
    SK_EI,
    SK_ER,
    SK_PI,
    SK_PR,
    ENCR_I,
    ENCR_R,
    INTEG_I,
    INTEG_R,
    IDENTITY,
    SHARED_KEY,
    POSTQUANTUM
};

/* name; what; octets that matter of it, 0: all */
static const struct dump {
    const char *name;
    uint8_t what, enough;
} dumps[] = {
    { "natd_chunk", SPIS, 16 },
    { "IntAuth_A|P", SPIS, 16 },
    { "octets = message + nonce + prf(Sk_px, IDx') + IntAuth", SPIS, 16 },
    { "octets = message + nonce + prf(Sk_px, IDx')", SPIS, 16 },
    { "key exchange secret", DH, 0 },
    { "shared Diffie Hellman secret", DH, 0 },
    { "DH secret", DH, 0 },
    { "additional key exchange secret", MORE_DH, 0 },
    { "Sk_d secret", SK_D, 0 },
    { "Sk_ai secret", SK_AI, 0 },
    { "Sk_ar secret", SK_AR, 0 },
    { "Sk_ei secret", SK_EI, 0 },
    { "Sk_er secret", SK_ER, 0 },
    { "Sk_pi secret", SK_PI, 0 },
    { "Sk_pr secret", SK_PR, 0 },
    { "encryption initiator key", ENCR_I, 0 },
    { "encryption responder key", ENCR_R, 0 },
    { "integrity initiator key", INTEG_I, 0 },
    { "integrity responder key", INTEG_R, 0 },
    { "IDx'", IDENTITY, 0 },
    { "secret", SHARED_KEY, 0 },
    { "PPK", POSTQUANTUM, 0 },
    { "derive keys using PPK", POSTQUANTUM, 0 },
};

struct thread {
    enum what dumping;
    uint32_t dump_line;
    size_t want, have; /* octets of the dump */
    uint8_t octets[LARGEST];
    /* Of the job: from one packet received or sent to the next. */
    struct spi spi_i, spi_r;
    struct ike_key ike[JOB_KEYS]; /* the last may still grow */
    struct dh_key dh[JOB_KEYS];
    unsigned ike_count, dh_count;
    bool ike_open;
    int asked; /* +1: this end sent the request of the exchange, -1: it answers, 0: not known */
    struct key_algorithm ike_encr, ike_integ, ike_prf;
    bool has_proposal;
    uint8_t id[256]; /* of the last IDx': type, three octets, identity */
    size_t id_len;
    /* Of the child being installed. */
    struct secret keys[4]; /* ENCR_I ... INTEG_R */
    struct key_algorithm encr, integ;
    bool esn, has_esn, ah, outbound;
    uint32_t spi_in, spi_out;
    struct address src, dst; /* of the outbound SA */
};

struct state {
    struct thread *threads[THREADS];
    struct thread *last; /* whose dump goes on in lines without a tag (a journal's continuation lines) */
};

static bool recognises(struct text line)
{
    return (text_has(line, TEXT(" secret => ")) || text_has(line, TEXT("natd_chunk => "))) && text_has(line, TEXT(" bytes @ ")) &&
           (text_has(line, TEXT("[IKE")) || text_has(line, TEXT("[CHD")));
}

static bool is_group(struct text t)
{
    return t.at[0] >= 'A' && t.at[0] <= 'Z' && t.at[1] >= 'A' && t.at[1] <= 'Z' && t.at[2] >= 'A' && t.at[2] <= 'Z';
}

/* "23:24:39 11[IKE] text", "Nov 24 23:24:39 host charon: 11[IKE2] <site|1> text": the thread and what is behind the tag. */
static bool tagged(struct text line, unsigned *thread, struct text *rest)
{
    for (size_t at = 1; at + 5 <= line.len && at < 160; at++) {
        if (line.at[at] != '[' || !is_group(text_from(line, at + 1)))
            continue;
        size_t end = at + 4, digits = at;
        uint64_t n;
        if (line.at[end] >= '0' && line.at[end] <= '4' && end + 1 < line.len)
            end++; /* the level, with log_level */
        while (digits && line.at[digits - 1] >= '0' && line.at[digits - 1] <= '9')
            digits--;
        if (line.at[end] != ']' || !text_number(text_upto(text_from(line, digits), at - digits), 10, &n) || n >= THREADS)
            continue;
        *thread = (unsigned)n;
        *rest = text_from(line, end + 1);
        if (rest->len && rest->at[0] == ' ')
            *rest = text_from(*rest, 1);
        size_t name = rest->len && rest->at[0] == '<' ? text_find(*rest, TEXT("> ")) : TEXT_NOWHERE;
        if (name != TEXT_NOWHERE)
            *rest = text_from(*rest, name + 2);
        return true;
    }
    return false;
}

/* ---- A job's keys ---- */

static void name_algorithms(const struct thread *t, struct ike_key *k)
{
    if (!t->has_proposal)
        return;
    k->encr_id = t->ike_encr.id;
    k->key_bits = t->ike_encr.key_bits;
    k->integ_id = t->ike_integ.id;
    k->integ_none = t->ike_integ.id == INTEG_NONE;
    k->prf_id = t->ike_prf.id;
}

/* The job is over: what it told of SPIs is all there will be. */
static void end_job(struct keyfile *f, struct thread *t)
{
    for (unsigned i = 0; i < t->ike_count; i++) {
        t->ike[i].spi_i = t->spi_i;
        t->ike[i].spi_r = t->spi_r;
        name_algorithms(t, &t->ike[i]);
        keyring_add_ike(f->ring, &t->ike[i]);
    }
    for (unsigned i = 0; i < t->dh_count; i++) {
        t->dh[i].spi_i = t->spi_i;
        t->dh[i].spi_r = t->spi_r;
        keyring_add_dh(f->ring, &t->dh[i]);
    }
    t->ike_count = t->dh_count = 0;
    t->ike_open = t->has_proposal = false;
    t->spi_i = t->spi_r = (struct spi){ 0 };
    t->asked = 0;
    t->id_len = 0;
}

static void add_dh(struct keyfile *f, struct thread *t, struct bytes b)
{
    if (t->dh_count == JOB_KEYS)
        return;
    t->dh[t->dh_count++] = (struct dh_key){ .secret = keyring_hold(f->ring, b), .file = f->input, .line = t->dump_line };
}

static void add_sk(struct keyfile *f, struct thread *t, struct bytes b)
{
    if (t->dumping == SK_D || !t->ike_open) {
        if (t->ike_count == JOB_KEYS)
            return;
        struct ike_key *k = &t->ike[t->ike_count++];
        *k = (struct ike_key){ .file = f->input, .line = t->dump_line };
        if (t->ike_count > 1) { /* a PPK changes SK_d and SK_p only: the others are not told again */
            const struct ike_key *former = k - 1;
            k->sk_ai = former->sk_ai;
            k->sk_ar = former->sk_ar;
            k->sk_ei = former->sk_ei;
            k->sk_er = former->sk_er;
        }
    }
    struct ike_key *k = &t->ike[t->ike_count - 1];
    struct secret *const members[] = { &k->sk_d, &k->sk_ai, &k->sk_ar, &k->sk_ei, &k->sk_er, &k->sk_pi, &k->sk_pr };
    *members[t->dumping - SK_D] = keyring_hold(f->ring, b);
    t->ike_open = t->dumping != SK_PR;
}

/* The pre-shared key (or EAP's MSK) that an AUTH payload was computed with, and for which identity. */
static void add_psk(struct keyfile *f, struct thread *t, struct bytes b)
{
    struct psk_key k = { .psk = keyring_hold(f->ring, b), .file = f->input, .line = t->dump_line };
    struct bytes id = bytes_over(t->id + 4, t->id_len > 4 ? t->id_len - 4 : 0);
    if (!id.len)
        return; /* without an identity it would be tried on every peer */
    if (t->id[0] == ID_IPV4_ADDR || t->id[0] == ID_IPV6_ADDR)
        k.address = address_of(id);
    else if (t->id[0] == ID_FQDN || t->id[0] == ID_RFC822_ADDR || t->id[0] == ID_KEY_ID)
        k.id = text_of_bytes(id);
    if (k.address.family || k.id.len)
        keyring_add_psk(f->ring, &k);
}

static void use_dump(struct keyfile *f, struct thread *t)
{
    struct bytes b = bytes_over(t->octets, t->have);
    if (t->dumping == SPIS) {
        struct cursor c = cursor_over(b);
        uint64_t i = cursor_u64(&c), r = cursor_u64(&c);
        if (cursor_ok(&c) && i && (r || !t->spi_r.value)) {
            t->spi_i = spi_of(i, 16);
            t->spi_r = spi_of(r, r ? 16 : 0);
        }
    } else if (t->dumping == DH) {
        add_dh(f, t, b);
    } else if (t->dumping == MORE_DH) {
        /* The secrets of RFC 9370's further exchanges, one behind the other; ML-KEM's all have one length. */
        add_dh(f, t, b);
        for (size_t at = 0; b.len > ML_KEM_SECRET && b.len % ML_KEM_SECRET == 0 && at < b.len; at += ML_KEM_SECRET)
            add_dh(f, t, bytes_over(b.at + at, ML_KEM_SECRET));
    } else if (t->dumping >= SK_D && t->dumping <= SK_PR) {
        add_sk(f, t, b);
    } else if (t->dumping >= ENCR_I && t->dumping <= INTEG_R) {
        t->keys[t->dumping - ENCR_I] = keyring_hold(f->ring, b);
    } else if (t->dumping == IDENTITY && b.len <= sizeof t->id) {
        memcpy(t->id, b.at, b.len);
        t->id_len = b.len;
    } else if (t->dumping == SHARED_KEY) {
        add_psk(f, t, b);
    } else if (t->dumping == POSTQUANTUM) {
        keyring_add_ppk(f->ring, &(struct ppk_key){ .ppk = keyring_hold(f->ring, b), .file = f->input, .line = t->dump_line });
    }
    platform_wipe(t->octets, t->have);
    t->dumping = NOTHING;
    t->want = t->have = 0;
}

/* ---- Dumps ---- */

/* Rows of a dump are missing: said once, at the line that names it. */
static void give_up_dump(struct keyfile *f, struct thread *t)
{
    if (t->dumping != NOTHING && t->dumping != SPIS && t->dumping != IDENTITY)
        keyfile_bad(f, t->dump_line, "charon");
    platform_wipe(t->octets, t->have);
    t->dumping = NOTHING;
    t->want = t->have = 0;
}

/* "   16: 0A 00 00 01 01 F4        ......": offset, up to 16 octets, two spaces, the characters. */
static bool dump_row(struct keyfile *f, struct thread *t, struct text rest)
{
    uint64_t offset, octet;
    struct text row = text_trim(rest);
    size_t n = text_digits(row, 10, &offset);
    if (!t->dumping || n == 0 || n >= row.len || row.at[n] != ':' || offset != t->have)
        return false;
    row = text_from(row, n + 1);
    for (int i = 0; i < 16 && t->have < t->want && row.len >= 3; i++) {
        if (row.at[0] != ' ' || !text_number(text_upto(text_from(row, 1), 2), 16, &octet) || (row.len > 3 && row.at[3] != ' '))
            break;
        t->octets[t->have++] = (uint8_t)octet;
        row = text_from(row, 3);
    }
    if (t->have == t->want)
        use_dump(f, t);
    else if (t->have % 16)
        give_up_dump(f, t);
    return true;
}

static bool dump_begins(struct keyfile *f, struct thread *t, struct text rest)
{
    size_t at = text_find(rest, TEXT(" => "));
    uint64_t size;
    if (at == TEXT_NOWHERE)
        return false;
    struct text tail = text_from(rest, at + 4), name = text_upto(rest, at);
    size_t digits = text_digits(tail, 10, &size);
    if (!digits || !text_starts(text_from(tail, digits), TEXT(" bytes")))
        return false;
    give_up_dump(f, t);
    for (size_t i = 0; i < COUNT_OF(dumps) && size > 0; i++)
        if (text_equal(name, text_of(dumps[i].name)) && (size <= LARGEST || dumps[i].enough)) {
            t->dumping = (enum what)dumps[i].what;
            t->want = dumps[i].enough && dumps[i].enough < size ? dumps[i].enough : (size_t)size;
        }
    t->dump_line = f->line;
    return t->dumping != NOTHING;
}

/* ---- Child SAs ---- */

static void add_esp(struct keyfile *f, const struct thread *t, uint32_t spi, struct address from, struct address to,
                    struct secret encr, struct secret integ)
{
    struct esp_key k = { .protocol = t->ah ? PROTOCOL_AH : PROTOCOL_ESP,
                         .spi = spi,
                         .spi_mask = UINT32_MAX,
                         .source = from,
                         .destination = to,
                         .encr_id = t->encr.id,
                         .key_bits = key_bits_of(t->encr.id, encr.len),
                         .integ_id = t->integ.id,
                         .esn = t->esn,
                         .has_esn = t->has_esn,
                         .encr = encr,
                         .integ = integ,
                         .file = f->input,
                         .line = f->line };
    memset(k.source_wild, 0xff, sizeof k.source_wild);
    memset(k.destination_wild, 0xff, sizeof k.destination_wild);
    if ((encr.len || integ.len) && !key_add_esp(f, &k))
        keyfile_bad(f, f->line, "charon");
}

/* The initiator's keys protect what the asker of the exchange sends. Where it is not known who asked, both are added. */
static void finish_child(struct keyfile *f, struct thread *t)
{
    for (int swap = 0; swap < 2; swap++) {
        bool asked = swap == 0;
        if (t->asked && asked != (t->asked > 0))
            continue;
        add_esp(f, t, t->spi_out, t->src, t->dst, t->keys[asked ? 0 : 1], t->keys[asked ? 2 : 3]);
        add_esp(f, t, t->spi_in, t->dst, t->src, t->keys[asked ? 1 : 0], t->keys[asked ? 3 : 2]);
    }
    memset(t->keys, 0, sizeof t->keys);
    t->encr = t->integ = (struct key_algorithm){ 0 };
    t->has_esn = t->esn = t->ah = false;
    t->spi_in = t->spi_out = 0;
}

static struct text word_after(struct text t, const char *what)
{
    size_t at = text_find(t, text_of(what));
    struct text word = { NULL, 0 }, rest = at == TEXT_NOWHERE ? word : text_from(t, at + strlen(what));
    text_word(&rest, &word);
    while (word.len && (word.at[word.len - 1] == ',' || word.at[word.len - 1] == ')'))
        word.len--;
    return word;
}

/* An outbound SA is told when it is registered and again when it is installed, maybe by another thread: then nobody holds keys.
 */
static bool holds_keys(const struct thread *t)
{
    for (size_t i = 0; i < COUNT_OF(t->keys); i++)
        if (t->keys[i].len)
            return true;
    return false;
}

static void sa_line(struct keyfile *f, struct thread *t, struct text rest)
{
    uint64_t spi;
    if (!holds_keys(t) || !key_number(word_after(rest, "SPI "), 16, &spi) || spi > UINT32_MAX)
        return;
    if (!t->outbound) {
        t->spi_in = (uint32_t)spi;
    } else {
        t->spi_out = (uint32_t)spi;
        address_read(word_after(rest, "src "), &t->src);
        address_read(word_after(rest, "dst "), &t->dst);
    }
    if (t->spi_in && t->spi_out)
        finish_child(f, t);
}

/* "selected proposal: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048", "... ESP:AES_GCM_16_128/EXT_SEQ" */
static void proposal_line(struct thread *t, struct text list)
{
    struct key_algorithm encr = { 0 }, integ = { 0 }, prf = { 0 }, one;
    struct text part;
    bool ike = text_starts(list, TEXT("IKE:")), esn = false;
    list = text_from(list, 4);
    while (text_cut(&list, '/', &part)) {
        part = text_trim(part);
        esn |= text_equal(part, TEXT("EXT_SEQ"));
        if (text_starts(part, TEXT("PRF_"))) {
            if (key_prf(part, &one))
                prf = one;
        } else if (!encr.id && key_encryption(part, &one)) {
            encr = one;
        } else if (!integ.id && key_integrity(part, &one)) {
            integ = one;
        }
    }
    if (ike) {
        t->ike_encr = encr;
        t->ike_integ = integ;
        t->ike_prf = prf;
        t->has_proposal = encr.id != 0;
    } else {
        t->esn = esn;
        t->has_esn = true;
    }
}

/* ---- Lines ---- */

static bool packet_line(struct keyfile *f, struct thread *t, struct text rest)
{
    bool generating = text_starts(rest, TEXT("generating ")), parsed = text_starts(rest, TEXT("parsed "));
    if (generating || text_starts(rest, TEXT("received packet")) || text_starts(rest, TEXT("sending packet")))
        end_job(f, t);
    else if (!parsed)
        return false;
    if (generating || parsed)
        t->asked = text_has(rest, TEXT(" response ")) == parsed ? 1 : -1;
    return true;
}

static bool child_line(struct keyfile *f, struct thread *t, struct text rest)
{
    struct text line = text_trim(rest);
    if (text_starts(line, TEXT("selected proposal: ")))
        proposal_line(t, text_from(line, 19));
    else if (text_starts(line, TEXT("using ")) && text_ends(line, TEXT(" for encryption")))
        (void)key_encryption(word_after(line, "using "), &t->encr);
    else if (text_starts(line, TEXT("using ")) && text_ends(line, TEXT(" for integrity")))
        (void)key_integrity(word_after(line, "using "), &t->integ);
    else if (text_starts(line, TEXT("adding inbound "))) {
        t->outbound = false;
        t->spi_out = 0;
    } else if (text_starts(line, TEXT("adding outbound ")) || text_starts(line, TEXT("registering outbound ")))
        t->outbound = true;
    else if (text_starts(line, TEXT("SPI 0x")))
        sa_line(f, t, line);
    else
        return false;
    if (text_has(line, TEXT("bound AH SA")))
        t->ah = true;
    return true;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    unsigned number;
    struct text rest;
    if (!tagged(line, &number, &rest))
        return s->last && s->last->dumping && dump_row(f, s->last, line) ? KEYS_TAKEN : KEYS_NOT_MINE;
    if (!s->threads[number])
        s->threads[number] = arena_new(f->arena, struct thread);
    struct thread *t = s->last = s->threads[number];
    if (dump_row(f, t, rest) || dump_begins(f, t, rest))
        return KEYS_TAKEN;
    if (t->dumping)
        give_up_dump(f, t);
    /* The rest of such a log is no secret of any other format either, but may be a line of one between daemons' lines. */
    return packet_line(f, t, rest) || child_line(f, t, rest) ? KEYS_TAKEN : KEYS_NOT_MINE;
}

static void end(struct keyfile *f, void *state)
{
    struct state *s = state;
    for (unsigned i = 0; i < THREADS; i++) {
        struct thread *t = s->threads[i];
        if (!t)
            continue;
        give_up_dump(f, t);
        end_job(f, t);
        platform_wipe(t, sizeof *t);
    }
}

const struct keyfile_reader keyfile_charon = {
    "charon", "strongSwan's log at level 4 with secrets", sizeof(struct state), recognises, read, end
};
