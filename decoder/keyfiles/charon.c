/*
 * strongSwan's daemon log at level 4 (ike, chd): every secret as a hex dump behind a line that names it. Threads write
 * between each other's lines, so what a dump belongs to is kept per thread: "23:24:39 11[IKE] Sk_ei secret => 20 bytes".
 * The log names no algorithm of an IKE SA; the exchange on the wire does. The SPIs stand in the chunk that NAT
 * detection hashes (SPIi, SPIr, address, port).
 */
#include "decoder/keyfile.h"

#include "base/platform.h"

enum { THREADS = 100, LARGEST = 2048 };

enum what { NOTHING, NATD, DH, SK_D, SK_AI, SK_AR, SK_EI, SK_ER, SK_PI, SK_PR, ENCR_I, ENCR_R, INTEG_I, INTEG_R, PSK_SECRET };

static const struct { const char *name; enum what what; } dumps[] = {
    { "natd_chunk", NATD }, { "key exchange secret", DH }, { "shared Diffie Hellman secret", DH }, { "additional key exchange secret", NOTHING },
    { "Sk_d secret", SK_D }, { "Sk_ai secret", SK_AI }, { "Sk_ar secret", SK_AR }, { "Sk_ei secret", SK_EI }, { "Sk_er secret", SK_ER }, { "Sk_pi secret", SK_PI },
    { "Sk_pr secret", SK_PR }, { "encryption initiator key", ENCR_I }, { "encryption responder key", ENCR_R }, { "integrity initiator key", INTEG_I },
    { "integrity responder key", INTEG_R },
};

struct thread {
    enum what dumping;
    size_t want, have;            /* octets of the dump */
    uint8_t octets[LARGEST];
    struct ike_key ike;
    struct spi spi_i, spi_r;      /* of the last NAT detection chunk with both */
    bool ike_open;
    struct secret keys[4];        /* ENCR_I ... INTEG_R */
    struct key_algorithm encr, integ;
    bool has_encr, has_integ;
    int asked;                    /* +1: this end sent the request of the exchange, -1: it answers, 0: not known */
    bool outbound, rekeying;
    uint32_t spi_in, spi_out;
    struct address src, dst;      /* of the outbound SA */
};

struct state {
    struct thread threads[THREADS];
};

static bool recognises(struct text line)
{
    return text_has(line, TEXT("Sk_")) && text_has(line, TEXT(" secret => ")) && text_has(line, TEXT("[IKE]"));
}

/* "23:24:39 11[IKE] text", "Nov 24 23:24:39 host charon: 11[IKE] text": the thread and what is behind the tag. */
static bool tagged(struct text line, unsigned *thread, struct text *rest)
{
    for (size_t at = 2; at + 5 < line.len && at < 120; at++) {
        if (line.at[at] != '[' || line.at[at + 4] != ']')
            continue;
        uint64_t n;
        if (!text_number(text_upto(text_from(line, at - 2), 2), 10, &n) || n >= THREADS)
            continue;
        *thread = (unsigned)n;
        *rest = text_from(line, at + 5);
        if (rest->len && rest->at[0] == ' ')
            *rest = text_from(*rest, 1);
        return true;
    }
    return false;
}

static void finish_ike(struct keyfile *f, struct thread *t)
{
    if (!t->ike_open)
        return;
    /* After a rekey the SPIs are not those of the last NAT detection: left unknown, the ICV tells whose they are. */
    if (!t->rekeying) {
        t->ike.spi_i = t->spi_i;
        t->ike.spi_r = t->spi_r;
    }
    t->ike.file = f->input;
    t->ike.line = f->line;
    keyring_add_ike(f->ring, &t->ike);
    t->ike = (struct ike_key){ 0 };
    t->ike_open = false;
}

static void use_dump(struct keyfile *f, struct thread *t)
{
    struct bytes b = bytes_over(t->octets, t->have);
    if (t->dumping == NATD) {
        struct cursor c = cursor_over(b);
        uint64_t i = cursor_u64(&c), r = cursor_u64(&c);
        if (cursor_ok(&c) && r) {
            t->spi_i = spi_of(i, 16);
            t->spi_r = spi_of(r, 16);
        }
    } else if (t->dumping == DH) {
        finish_ike(f, t);
        struct dh_key k = { .secret = keyring_hold(f->ring, b), .file = f->input, .line = f->line };
        keyring_add_dh(f->ring, &k);
    } else if (t->dumping >= SK_D && t->dumping <= SK_PR) {
        if (t->dumping == SK_D)
            finish_ike(f, t);
        struct secret *const members[] = { &t->ike.sk_d, &t->ike.sk_ai, &t->ike.sk_ar, &t->ike.sk_ei, &t->ike.sk_er, &t->ike.sk_pi, &t->ike.sk_pr };
        *members[t->dumping - SK_D] = keyring_hold(f->ring, b);
        t->ike_open = true;
        if (t->dumping == SK_PR)
            finish_ike(f, t);
    } else if (t->dumping >= ENCR_I && t->dumping <= INTEG_R) {
        t->keys[t->dumping - ENCR_I] = keyring_hold(f->ring, b);
    }
    platform_wipe(t->octets, sizeof t->octets);
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
            return false;
        t->octets[t->have++] = (uint8_t)octet;
        row = text_from(row, 3);
    }
    if (t->have == t->want)
        use_dump(f, t);
    return true;
}

static bool dump_begins(struct thread *t, struct text rest)
{
    size_t at = text_find(rest, TEXT(" => "));
    uint64_t size;
    if (at == TEXT_NOWHERE || !text_digits(text_from(rest, at + 4), 10, &size))
        return false;
    struct text name = text_upto(rest, at);
    t->dumping = NOTHING;
    for (size_t i = 0; i < sizeof dumps / sizeof dumps[0]; i++)
        if (text_equal(name, text_of(dumps[i].name)) && size > 0 && size <= LARGEST)
            t->dumping = dumps[i].what;
    t->want = t->dumping ? (size_t)size : 0;
    t->have = 0;
    return t->dumping != NOTHING;
}

static void add_esp(struct keyfile *f, const struct thread *t, uint32_t spi, struct address from, struct address to, struct secret encr, struct secret integ)
{
    struct esp_key k = { .protocol = PROTOCOL_ESP, .spi = spi, .spi_mask = UINT32_MAX, .source = from, .destination = to, .encr_id = t->encr.id, .integ_id = t->integ.id,
                         .encr = encr, .integ = integ, .file = f->input, .line = f->line };
    memset(k.source_wild, 0xff, sizeof k.source_wild);
    memset(k.destination_wild, 0xff, sizeof k.destination_wild);
    if (encr.len || integ.len)
        keyring_add_esp(f->ring, &k);
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
    t->has_encr = t->has_integ = false;
    t->encr = t->integ = (struct key_algorithm){ 0 };
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

static void sa_line(struct keyfile *f, struct thread *t, struct text rest)
{
    uint64_t spi;
    if (!key_number(word_after(rest, "SPI "), 16, &spi) || spi > UINT32_MAX)
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

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    unsigned number;
    struct text rest;
    if (!tagged(line, &number, &rest))
        return KEYS_NOT_MINE;
    struct thread *t = &s->threads[number];
    if (dump_row(f, t, rest) || dump_begins(t, rest))
        return KEYS_TAKEN;
    if (text_starts(rest, TEXT("generating ")) && text_has(rest, TEXT(" request ")))
        t->asked = 1;
    else if (text_starts(rest, TEXT("parsed ")))
        t->asked = text_has(rest, TEXT(" response ")) ? 1 : -1;
    if (text_starts(rest, TEXT("parsed ")) || text_starts(rest, TEXT("generating ")))
        t->rekeying = text_has(rest, TEXT("CREATE_CHILD_SA"));
    struct text trimmed = text_trim(rest);
    if (text_starts(trimmed, TEXT("using ")) && text_ends(trimmed, TEXT(" for encryption")))
        t->has_encr = key_encryption(word_after(trimmed, "using "), &t->encr);
    else if (text_starts(trimmed, TEXT("using ")) && text_ends(trimmed, TEXT(" for integrity")))
        t->has_integ = key_integrity(word_after(trimmed, "using "), &t->integ);
    else if (text_starts(trimmed, TEXT("adding inbound ")))
        t->outbound = false;
    else if (text_starts(trimmed, TEXT("adding outbound ")))
        t->outbound = true;
    else if (text_starts(trimmed, TEXT("SPI 0x")))
        sa_line(f, t, trimmed);
    else
        return KEYS_NOT_MINE; /* somebody else may know it; nothing of it is lost */
    return KEYS_TAKEN;
}

static void end(struct keyfile *f, void *state)
{
    struct state *s = state;
    for (unsigned i = 0; i < THREADS; i++)
        finish_ike(f, &s->threads[i]);
}

const struct keyfile_reader keyfile_charon = { "charon", "strongSwan's log at level 4 with secrets", sizeof(struct state), recognises, read, end };
