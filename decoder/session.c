#include "decoder/session_parts.h"

#include "base/limits.h"

struct sessions *sessions_create(struct model *model, struct esp *esp)
{
    struct sessions *s = memory_take(sizeof *s);
    s->model = model;
    s->esp = esp;
    s->arena = arena_create();
    return s;
}

/* What is opened is secret, too. */
static void forget_plain(struct sessions *s)
{
    if (s->out)
        crypto_wipe(s->out, s->out_room);
    memory_free(s->out);
    s->out = NULL;
}

void sessions_destroy(struct sessions *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->map.count; i++)
        if (s->map.entries[i].value)
            generations_destroy(s->map.entries[i].value);
    half_opens_clear(&s->half_open);
    forget_plain(s);
    map_clear(&s->map);
    map_clear(&s->tickets);
    arena_destroy(s->arena);
    memory_free(s);
}

struct session *session_find(struct sessions *s, uint64_t spi_i, uint64_t spi_r)
{
    const uint64_t spis[2] = { spi_i, spi_r };
    return map_find(&s->map, bytes_over(spis, sizeof spis));
}

struct session *session_create(struct sessions *s, uint64_t spi_i, uint64_t spi_r)
{
    if (!limits_room(&s->model->limits, OVER_IKE_SAS, s->map.count))
        return NULL;
    struct session *ss = arena_new(s->arena, struct session);
    ss->spis[0] = spi_i;
    ss->spis[1] = spi_r;
    map_put(&s->map, bytes_over(ss->spis, sizeof ss->spis), ss);
    return ss;
}

/* ---- What a message says ---- */

static struct bytes behind(struct bytes body, size_t n)
{
    return body.len < n ? (struct bytes){ NULL, 0 } : (struct bytes){ body.at + n, body.len - n };
}

static void read_notify(struct bytes body, struct learned *out)
{
    struct cursor c = cursor_over(body);
    cursor_skip(&c, 1);
    size_t spi = cursor_u8(&c);
    uint16_t type = cursor_u16(&c);
    cursor_skip(&c, spi);
    struct bytes data = cursor_rest(&c);
    if (!cursor_ok(&c))
        return;
    switch (type) {
    case NOTIFY_USE_TRANSPORT_MODE:
        out->transport = true;
        break;
    case NOTIFY_USE_PPK_INT:
        out->ppk_between = true;
        break;
    case NOTIFY_PPK_IDENTITY:
        out->ppk_id = data.len ? data : body;
        break;
    case NOTIFY_NO_PPK_AUTH:
        out->no_ppk_auth = data;
        break;
    case NOTIFY_ADDITIONAL_KEY_EXCHANGE:
        out->link = true;
        break;
    case NOTIFY_TICKET_LT_OPAQUE:
        out->ticket = behind(data, 4);
        break;
    case NOTIFY_TICKET_OPAQUE:
        out->ticket = data;
        break;
    default:
        break;
    }
}

/* Lists of what is revoked, and what else stands beside certificates, come anywhere among them. */
static bool names_sender(uint8_t encoding)
{
    return encoding != CERT_CRL && encoding != CERT_ARL && encoding != CERT_X509_ATTRIBUTE && encoding != CERT_OCSP;
}

static void read_body(uint8_t type, struct bytes body, struct learned *out)
{
    switch (type) {
    case PAYLOAD_KE:
        if (body.len >= 4) {
            out->group = (uint16_t)(body.at[0] << 8 | body.at[1]);
            out->ke = behind(body, 4);
        }
        break;
    case PAYLOAD_NONCE:
        out->nonce = body;
        break;
    case PAYLOAD_IDI:
        out->idi = body;
        break;
    case PAYLOAD_IDR:
        out->idr = body;
        break;
    case PAYLOAD_AUTH:
        if (body.len >= 4) {
            out->auth_method = body.at[0];
            out->auth = behind(body, 4);
        }
        break;
    case PAYLOAD_CERT: /* the first is the sender's own (RFC 7296 section 3.6), which may be no more than pointed at */
        if (body.len > 1 && !out->has_cert && names_sender(body.at[0])) {
            out->has_cert = true;
            if (body.at[0] == CERT_X509_SIGNATURE || body.at[0] == CERT_RAW_KEY || body.at[0] == CERT_RAW_RSA)
                out->cert = behind(body, 1);
        }
        break;
    case PAYLOAD_EAP:
        out->eap = true;
        break;
    case PAYLOAD_NOTIFY:
        read_notify(body, out);
        break;
    default:
        break;
    }
}

/* The chain once more, raw: proofs and keys are made of octets, not of their meaning. */
void learned_read(const struct message *m, uint8_t first, struct bytes payloads, struct learned *out)
{
    *out = (struct learned){ .proposals = m->proposals, .tsi = m->tsi, .tsr = m->tsr, .idi_name = m->idi, .idr_name = m->idr };
    struct cursor c = cursor_over(payloads);
    uint8_t type = first;
    for (size_t count = 0; type != PAYLOAD_NONE && count < LIMIT_PAYLOADS && !cursor_empty(&c); count++) {
        uint8_t next = cursor_u8(&c);
        cursor_skip(&c, 1);
        size_t length = cursor_u16(&c);
        struct bytes body = cursor_take(&c, length < 4 ? SIZE_MAX : length - 4);
        if (!cursor_ok(&c))
            return;
        read_body(type, body, out);
        type = next;
    }
}

/* ---- IKE_SA_INIT ---- */

/* The last request counts: cookies and other key exchange groups make new ones of the same SPI (RFC 7296 section 2.6). */
static void learn_init_request(struct sessions *s, const struct message *m, const struct learned *l)
{
    if (!l->nonce.len || m->octets.len > LIMIT_MESSAGE)
        return;
    struct half_open *h = half_open_find(&s->half_open, m->spi_i.value);
    if (h && h->len == m->octets.len && memcmp(h->octets, m->octets.at, h->len) == 0)
        return;
    h = half_open_keep(&s->half_open, s->model, m->spi_i.value, m->octets);
    h->group = l->group;
    h->ke_len = l->ke.len;
    h->ke_at = l->ke.len ? (size_t)(l->ke.at - m->octets.at) : 0;
    h->nonce_len = l->nonce.len;
    h->nonce_at = (size_t)(l->nonce.at - m->octets.at);
}

/* The first exchange: its messages, which AUTH signs, and its nonces. h: the request; NULL: it was not captured. */
static void take_first(struct sessions *s, struct session *ss, const struct message *m, const struct learned *l,
                       const struct half_open *h)
{
    ss->init_response = arena_bytes(s->arena, m->octets);
    ss->nr = arena_bytes(s->arena, l->nonce);
    if (!h)
        return;
    ss->init_doubtful = h->refused;
    ss->init_request = arena_bytes(s->arena, bytes_over(h->octets, h->len));
    ss->ni = (struct bytes){ ss->init_request.at + h->nonce_at, h->nonce_len };
}

static void learn_init_response(struct sessions *s, const struct message *m, const struct learned *l)
{
    struct half_open *h = half_open_find(&s->half_open, m->spi_i.value);
    struct ike_suite suite;
    if (!m->spi_r.value || !l->nonce.len || !l->ke.len || !suite_of(l->proposals, &suite)) {
        if (h)
            h->refused = true; /* a refusal, a cookie, another group wanted */
        return;
    }
    struct session *ss = session_find(s, m->spi_i.value, m->spi_r.value);
    if (!ss)
        ss = session_create(s, m->spi_i.value, m->spi_r.value);
    if (!ss || ss->has_suite)
        return; /* a retransmission */
    ss->has_suite = true;
    ss->suite = suite;
    ss->ke.group = l->group;
    ss->ke.r = arena_bytes(s->arena, l->ke);
    ss->more_agreed = (uint8_t)(additional_count(l->proposals) + l->ppk_between);
    take_first(s, ss, m, l, h);
    if (!h)
        return; /* the request was not captured */
    if (h->group == l->group)
        ss->ke.i = (struct bytes){ ss->init_request.at + h->ke_at, h->ke_len };
    half_open_drop(&s->half_open, h);
}

/* An earlier IKE SA is resumed with its ticket: its algorithms stay, and new keys follow from its SK_d. RFC 5723 section 5. */
static void learn_resume_response(struct sessions *s, const struct message *m, const struct learned *l)
{
    struct half_open *h = half_open_find(&s->half_open, m->spi_i.value);
    const bool refusal = !m->spi_r.value || !l->nonce.len;
    if (h && refusal)
        h->refused = true;
    if (!h || refusal || session_find(s, m->spi_i.value, m->spi_r.value))
        return; /* or a retransmission */
    struct session *ss = session_create(s, m->spi_i.value, m->spi_r.value);
    if (!ss)
        return;
    struct learned asked;
    learned_read(&(struct message){ 0 }, h->octets[16], bytes_over(h->octets + IKE_HEADER, h->len - IKE_HEADER), &asked);
    ss->resumed = true;
    ss->parent = asked.ticket.len ? map_find(&s->tickets, asked.ticket) : NULL;
    if (ss->parent && ss->parent->current && ss->parent->current->suite.prf) {
        ss->has_suite = true;
        ss->suite = ss->parent->current->suite;
    }
    take_first(s, ss, m, l, h);
    half_open_drop(&s->half_open, h);
}

static void learn_ticket(struct sessions *s, struct session *ss, const struct learned *l)
{
    if (l->ticket.len && !map_find(&s->tickets, l->ticket) && limits_room(&s->model->limits, OVER_IKE_SAS, s->tickets.count))
        map_put(&s->tickets, arena_bytes(s->arena, l->ticket), ss);
}

void sessions_learn(struct sessions *s, struct message *m, uint8_t first, struct bytes plain)
{
    struct learned l;
    bool response = m->flags & MESSAGE_RESPONSE;
    if (m->version >> 4 != 2 || m->truncated)
        return;
    if (m->exchange == EXCHANGE_IKE_SA_INIT || m->exchange == EXCHANGE_IKE_SESSION_RESUME) {
        if (m->octets.len < IKE_HEADER || m->decryption != DECRYPTION_CLEAR)
            return;
        learned_read(m, m->octets.at[16], (struct bytes){ m->octets.at + IKE_HEADER, m->octets.len - IKE_HEADER }, &l);
        if (response && m->exchange == EXCHANGE_IKE_SESSION_RESUME)
            learn_resume_response(s, m, &l);
        else if (response)
            learn_init_response(s, m, &l);
        else
            learn_init_request(s, m, &l);
        return;
    }
    struct session *ss = session_find(s, m->spi_i.value, m->spi_r.value);
    if (!ss || m->decryption != DECRYPTION_DECRYPTED)
        return;
    learned_read(m, first, plain, &l);
    learn_ticket(s, ss, &l);
    offspring_learn(s, ss, m, &l, first, plain);
}

/* ---- Opening ---- */

enum opening { OPENING_NOT, OPENING_WRONG_CIPHER, OPENING_DONE };

/* Octets: more than a cipher writes behind its input; by how much the room for what is opened grows beyond what is needed. */
enum { OUT_SPARE = 64, OUT_STEP = 65536 };
enum { PRIVATE_PAYLOADS = 128 }; /* RFC 7296 section 3.2 */

/* A decrypted SK payload is a chain of payloads that ends where the padding begins. */
static bool chain_fits(uint8_t first, struct bytes plain)
{
    struct cursor c = cursor_over(plain);
    uint8_t type = first;
    while (type != PAYLOAD_NONE && !c.failed) {
        uint8_t next = cursor_u8(&c);
        cursor_skip(&c, 1);
        size_t length = cursor_u16(&c);
        cursor_skip(&c, length < 4 ? SIZE_MAX : length - 4);
        type = next;
    }
    return cursor_ok(&c) && cursor_empty(&c);
}

/* The first piece of a message is the beginning of a chain: each header in it names a payload, reserves what is reserved
 * and has a length. A wrong key passes one such header once in some thousand times. */
static bool chain_begins(uint8_t first, struct bytes plain)
{
    struct cursor c = cursor_over(plain);
    uint8_t type = first;
    size_t left = plain.len;
    while (type != PAYLOAD_NONE && left >= 4) {
        uint8_t next = cursor_u8(&c), reserved = cursor_u8(&c);
        size_t length = cursor_u16(&c);
        if ((reserved & 0x7f) || length < 4 || (next != PAYLOAD_NONE && !payload_notation(next) && next < PRIVATE_PAYLOADS))
            return false;
        if (length > left)
            return true;
        cursor_skip(&c, length - 4);
        left -= length;
        type = next;
    }
    return type != PAYLOAD_NONE || left == 0;
}

static bool content_fits(const struct sealed *sealed, struct bytes plain)
{
    if (sealed->protection == PROTECTION_SK)
        return chain_fits(sealed->first, plain);
    if (sealed->fragment != 1 || plain.len < 4)
        return true;
    return sealed->fragments == 1 ? chain_fits(sealed->first, plain) : chain_begins(sealed->first, plain);
}

static enum opening open_with(struct sessions *s, struct generation *g, bool from_initiator, const struct sealed *sealed,
                              struct bytes *plain)
{
    if (!g->ready)
        generation_prepare(g);
    struct opener *o = from_initiator ? g->from_i : g->from_r;
    if (!o || sealed->covered.len < opener_icv(o))
        return OPENING_NOT;
    struct box b = {
        .aad = sealed->aad,
        .covered = { sealed->covered.at, sealed->covered.len - opener_icv(o) },
        .body = sealed->body,
    };
    size_t len;
    enum opened r = opener_open(o, &b, s->out, &len);
    if (r == OPENED_LENGTH)
        return OPENING_WRONG_CIPHER;
    if (r != OPENED)
        return OPENING_NOT;
    bool padded = len >= 1 && s->out[len - 1] + (size_t)1 <= len; /* plaintext | padding | pad length */
    if (padded)
        *plain = bytes_over(s->out, len - 1 - s->out[len - 1]);
    if (padded && content_fits(sealed, *plain))
        return OPENING_DONE;
    if (!opener_verifies(o))
        return OPENING_NOT;
    /* The ICV of a combined cipher proves its key; a sender that pads or chains oddly is the decoder's matter. */
    return g->suite.encr->tag && padded ? OPENING_DONE : OPENING_WRONG_CIPHER;
}

static struct session *session_for(struct sessions *s, const struct message *m)
{
    struct session *ss = session_find(s, m->spi_i.value, m->spi_r.value);
    if (ss || !m->spi_r.value || !keyring_find_ike(s->model->keyring, m->spi_i, m->spi_r, NULL))
        return ss;
    return session_create(s, m->spi_i.value, m->spi_r.value); /* begun before the capture did, and a key is there */
}

/* Are these the keys that seal this message, if it is whole? Where further key exchanges were agreed on, only those are, that all
 * of them so far went into: a message behind one that was not seen, or whose secret is not known, has other keys. */
static bool in_use(const struct session *ss, const struct generation *g, const struct message *m)
{
    if (!g->certain && !g->opened)
        return false;
    if (!ss->more_agreed || (g->settled && m->exchange != EXCHANGE_IKE_INTERMEDIATE))
        return true;
    const bool level_known = g->keys == KEYS_DERIVED || g->opened;
    return level_known && g->level == ss->additional_count && intermediates_seen(ss, m->message_id);
}

enum decryption sessions_open(struct sessions *s, struct message *m, const struct sealed *sealed, struct unsealed *out)
{
    *out = (struct unsealed){ 0 };
    struct session *ss = s->model->keyring ? session_for(s, m) : NULL;
    if (!ss)
        return DECRYPTION_NO_KEY;
    if (s->out_room < sealed->body.len + OUT_SPARE) {
        forget_plain(s);
        s->out_room = sealed->body.len + OUT_STEP;
        s->out = memory_take(s->out_room);
    }
    bool from_initiator = m->flags & MESSAGE_INITIATOR, wrong_cipher = false, meant = false;
    struct generation *found = NULL;
    if (ss->current && open_with(s, ss->current, from_initiator, sealed, &out->plain) == OPENING_DONE)
        found = ss->current;
    for (bool again = !found; again && !found;) {
        again = generations_gather(s, ss);
        meant = false;
        for (struct generation *g = ss->generations; g && !found; g = g->next) {
            enum opening o = open_with(s, g, from_initiator, sealed, &out->plain);
            if (o == OPENING_DONE)
                found = g;
            wrong_cipher |= o == OPENING_WRONG_CIPHER;
            meant |= (g->from_i || g->from_r) && in_use(ss, g, m);
        }
        generations_rest(ss);
    }
    if (!found) {
        m->wrong_encryption_key = wrong_cipher;
        return wrong_cipher || !meant ? DECRYPTION_NO_KEY : DECRYPTION_ICV_FAILED;
    }
    if (!found->opened)
        generation_opened(s, ss, found);
    found->settled |= m->exchange != EXCHANGE_IKE_INTERMEDIATE;
    ss->current = found;
    out->keys = found->keys;
    return DECRYPTION_DECRYPTED;
}
