/*
 * Does an AUTH payload prove what it claims? RFC 7296 section 2.15, RFC 7427, RFC 7619, RFC 8784, RFC 9242.
 * "False" is said only where a key that was meant for these peers does not fit; without one nothing is said.
 */
#include "decoder/session_parts.h"

enum { SIGNED_PARTS = 4 };

/* InitiatorSignedOctets = RealMessage1 | NonceRData | MACedIDForI [| IntAuth]
 * MACedIDForI = prf(SK_pi, RestOfInitIDPayload); and for the responder the other way round. */
static size_t signed_octets(const struct auth_case *c, struct bytes sk_p, uint8_t mac[static CRYPTO_DIGEST],
                            struct bytes parts[static SIGNED_PARTS])
{
    size_t len = prf_of(c->prf, sk_p, &c->id, 1, mac);
    if (len == 0)
        return 0;
    parts[0] = c->real_message;
    parts[1] = c->nonce;
    parts[2] = bytes_over(mac, len);
    parts[3] = c->int_auth;
    return SIGNED_PARTS;
}

static bool shared_fits(const struct auth_case *c, struct bytes sk_p, struct bytes secret, struct bytes auth)
{
    uint8_t mac[CRYPTO_DIGEST], made[CRYPTO_DIGEST];
    struct bytes parts[SIGNED_PARTS];
    size_t count = signed_octets(c, sk_p, mac, parts);
    size_t len = count ? auth_shared(c->prf, secret, parts, count, made) : 0;
    return len && len == auth.len && crypto_equal(made, auth.at, len);
}

static bool is_name(struct text id, const struct identity *who)
{
    struct text name = who->value;
    if (!name.at || !id.len)
        return false;
    if (id.len > 1 && id.at[0] == '@') /* as configurations mark names */
        id = text_from(id, 1);
    return text_equal_nocase(id, name);
}

enum meant { MEANT_NOT, MEANT_ANYONE, MEANT_PEERS };

static enum meant psk_meant(const struct psk_key *k, const struct auth_case *c)
{
    if (!k->id.at && k->address.family == ADDRESS_NONE)
        return MEANT_ANYONE;
    if (k->id.at && (is_name(k->id, &c->own) || is_name(k->id, &c->peer)))
        return MEANT_PEERS;
    if (k->id.at && (text_equal(k->id, TEXT("%any")) || text_equal(k->id, TEXT("*"))))
        return MEANT_ANYONE;
    if (k->address.family && (address_equal(k->address, c->own_address) || address_equal(k->address, c->peer_address)))
        return MEANT_PEERS;
    return MEANT_NOT;
}

static enum verified by_psk(const struct auth_case *c, struct bytes sk_p, struct bytes auth)
{
    bool tried = false;
    for (const struct psk_key *k = keyring_psk(c->ring); k; k = k->next) {
        enum meant meant = psk_meant(k, c);
        if (meant == MEANT_NOT)
            continue;
        tried = true;
        if (shared_fits(c, sk_p, bytes_over(k->psk.at, k->psk.len), auth))
            return VERIFIED_TRUE;
    }
    /* After EAP the shared key is the method's MSK, which nobody gave us. */
    return tried && !c->eap ? VERIFIED_FALSE : VERIFIED_UNKNOWN;
}

static enum verified by_signature(const struct auth_case *c, struct bytes sk_p, struct bytes auth)
{
    uint8_t mac[CRYPTO_DIGEST];
    struct bytes parts[SIGNED_PARTS];
    size_t count = signed_octets(c, sk_p, mac, parts), total = 0, at = 0;
    if (count == 0 || c->cert.len == 0)
        return VERIFIED_UNKNOWN;
    for (size_t i = 0; i < count; i++)
        total += parts[i].len;
    uint8_t *all = memory_take(total);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len)
            memcpy(all + at, parts[i].at, parts[i].len);
        at += parts[i].len;
    }
    static const struct {
        uint8_t method, kind, hash;
    } methods[] = {
        { AUTH_RSA, SIGNATURE_RSA, HASH_SHA1 },
        { AUTH_DSS, SIGNATURE_DSS, HASH_SHA1 },
        { AUTH_ECDSA_256, SIGNATURE_ECDSA, HASH_SHA2_256 },
        { AUTH_ECDSA_384, SIGNATURE_ECDSA, HASH_SHA2_384 },
        { AUTH_ECDSA_521, SIGNATURE_ECDSA, HASH_SHA2_512 },
        { AUTH_DIGITAL_SIGNATURE, SIGNATURE_DIGITAL, HASH_UNKNOWN },
    };
    enum signature_verdict v = SIGNATURE_UNDECIDED;
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (methods[i].method == c->method)
            v = signature_verify(c->cert, (enum signature_kind)methods[i].kind, (enum hash_kind)methods[i].hash,
                                 bytes_over(all, total), auth);
    memory_free(all);
    return v == SIGNATURE_GOOD ? VERIFIED_TRUE : v == SIGNATURE_BAD ? VERIFIED_FALSE : VERIFIED_UNKNOWN;
}

/* AUTH = prf(SK_px, <message octets>): RFC 5723 section 5.1. Some pad SK_px as a shared secret is. */
static enum verified by_ticket(const struct auth_case *c, struct bytes sk_p, struct bytes auth)
{
    uint8_t mac[CRYPTO_DIGEST], made[CRYPTO_DIGEST];
    struct bytes parts[SIGNED_PARTS];
    const size_t count = signed_octets(c, sk_p, mac, parts), len = count ? prf_of(c->prf, sk_p, parts, count, made) : 0;
    return (len && len == auth.len && crypto_equal(made, auth.at, len)) || shared_fits(c, sk_p, sk_p, auth) ? VERIFIED_TRUE
                                                                                                            : VERIFIED_UNKNOWN;
}

static enum verified with_key(const struct auth_case *c, struct bytes sk_p, struct bytes auth)
{
    if (c->resumed && c->method == AUTH_PSK)
        return by_ticket(c, sk_p, auth);
    if (c->method == AUTH_PSK)
        return by_psk(c, sk_p, auth);
    if (c->method == AUTH_NULL) /* RFC 7619 section 2.1: the shared secret is SK_pi or SK_pr itself */
        return shared_fits(c, sk_p, sk_p, auth) ? VERIFIED_TRUE : VERIFIED_FALSE;
    return by_signature(c, sk_p, auth);
}

bool ppk_meant(const struct ppk_key *k, struct bytes named)
{
    return !k->id.at || (named.len > 1 && bytes_equal(bytes_of_text(k->id), bytes_over(named.at + 1, named.len - 1)));
}

enum verified auth_verify(const struct auth_case *c)
{
    struct bytes sk_p = bytes_over(c->sk_p.at, c->sk_p.len);
    if (!c->prf || !sk_p.len || !c->real_message.len || !c->nonce.len || !c->id.len || !c->auth.len)
        return VERIFIED_UNKNOWN;
    enum verified v = with_key(c, sk_p, c->auth);
    if (v == VERIFIED_TRUE || !c->ppk)
        return v;
    /* RFC 8784 section 3: SK_pi and SK_pr are mixed with the PPK; NO_PPK_AUTH holds the proof without. A key file may hold
     * them mixed already: then the plain attempt fitted. */
    bool tried = false;
    for (const struct ppk_key *k = keyring_ppk(c->ring); k && v != VERIFIED_TRUE; k = k->next) {
        uint8_t mixed[KEYMAT_SK];
        if (sk_p.len > sizeof mixed)
            break;
        memcpy(mixed, sk_p.at, sk_p.len);
        tried |= ppk_meant(k, c->ppk_id);
        if (sk_mix_ppk(c->prf, bytes_over(k->ppk.at, k->ppk.len), mixed, sk_p.len))
            v = with_key(c, bytes_over(mixed, sk_p.len), c->auth);
        crypto_wipe(mixed, sizeof mixed);
    }
    if (v != VERIFIED_TRUE && c->no_ppk_auth.len)
        v = with_key(c, sk_p, c->no_ppk_auth);
    return v == VERIFIED_FALSE && !tried ? VERIFIED_UNKNOWN : v;
}
