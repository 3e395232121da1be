#include "model/redact.h"

#include <stdio.h>

static const char mask[] = "<removed>";

/* { phrase, words behind it that may stand before the secret }: what follows is a secret up to the end of its word. */
static const struct {
    const char *phrase, *between;
} secret_phrases[] = {
    { "pre-shared-key", "local remote address hex 0 6 8" },
    { "preshared-key", "local remote hex 0 6 8" },
    { "pre-shared-secret", "0 6 8" },
    { "key-string", "0 6 7" },
    { "isakmp key", "0 6" },
    { "password", "0 5 6 7 8 9 encrypted" },
    { "secret", "0 4 5 8 9" },
    { "community", "" },
    { "ppk manual", "id key hex 0 6" },
    { "key hex", "0 6" },
    { "key ascii", "0 6" },
    { "authentication-key", "0 7 8" },
    { "shared-secret", "0 6 7" },
    { "key config-key", "password-encrypt" },
    { "enable secret", "0 4 5 8 9" },
    { "passphrase", "" },
    { "SKEYSEED", "" },
    { "sk_d", "" },
    { "sk_ai", "" },
    { "sk_ar", "" },
    { "sk_ei", "" },
    { "sk_er", "" },
    { "sk_pi", "" },
    { "sk_pr", "" },
    { "key len", "" },
    { "tacacs-server key", "0 6 7" },
    { "radius-server key", "0 6 7" },
    { "server-private", "key 0 6 7" },
    { "nhrp authentication", "" },
    { "md5 7", "" },
};

/* What follows at the beginning of a configuration line is prose, and all of it goes. */
static const char *const prose[] = { "description ",         "banner ", "remark ", "snmp-server location ",
                                     "snmp-server contact ", "title " };

/* What follows is a name. A phrase that ends in a quote reads up to the next one. */
static const char *const name_phrases[] = {
    "hostname ",
    "profile '",
    "profile ",
    "Profile '",
    "peer block '",
    "keyring local ",
    "keyring ",
    "proposal ",
    "policy '",
    "ikev2 policy ",
    "transform-set ",
    "ipsec-proposal ",
    "crypto map ",
    "on map ",
    "crypto map tag: ",
    "Crypto map tag: ",
    "access-list ",
    "access-list extended ",
    "tunnel-group ",
    "tunnel group ",
    "tg_name set to: ",
    "tp_name set to: ",
    "group policy set to ",
    "group-policy ",
    "trustpoint ",
    "pki trustpoint ",
    "identity '",
    "for id ",
    "payload: '",
    "username ",
    "Username:",
    "interface ",
    "nameif ",
    "vrf ",
    "fvrf ",
    "ivrf ",
    "description ",
    "identity local fqdn ",
    "identity local email ",
    "remote fqdn ",
    "remote email ",
    "key-id ",
    "peer ",
    "object network ",
    "object-group network ",
    "Phase1_id: ",
    "Local id: ",
    "Remote id: ",
    "domain-name ",
    "domain name ",
    "phase1_id: ",
    "Id: ",
};

/* Words that stand behind those phrases and are no names. */
static const char *const trade[] = {
    "address",
    "any",
    "default",
    "fqdn",
    "email",
    "identity",
    "local",
    "remote",
    "match",
    "set",
    "found",
    "not",
    "extended",
    "standard",
    "permit",
    "deny",
    "ip",
    "for",
    "of",
    "to",
    "by",
    "is",
    "the",
    "and",
    "in",
    "on",
    "with",
    "type",
    "host",
    "certificate",
    "map",
    "dynamic",
    "ipsec",
    "ikev2",
    "general-attributes",
    "ipsec-attributes",
    "outside",
    "inside",
    "lookup",
    "Tunnel",
    "incomplete",
    "negotiation",
    "database",
    "isakmp",
    "key-id",
    "dn",
    "encryption",
    "integrity",
    "group",
    "prf",
    "Verified",
    "matching",
    "seq",
    "peer",
    "source",
    "mode",
    "none",
    "global",
    "keyring",
    "proposal",
    "policy",
    "profile",
    "block",
    "trustpoint",
    "method",
    "key",
    "server",
    "link",
    "configured",
    "mismatching",
    "using",
    "None",
    "IPv4",
    "FQDN",
    "unknown",
    "via",
    "virtual-template",
    "length",
    "name",
    "fvrf",
    "N",
    "No",
    "A",
    "Proposal",
};

void redactor_init(struct redactor *r, struct arena *arena)
{
    *r = (struct redactor){ .arena = arena };
}

void redactor_clear(struct redactor *r)
{
    map_clear(&r->octets);
    map_clear(&r->names);
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == '@';
}

/* ---- addresses ---- */

struct given {
    uint8_t key[17]; /* family and the prefix so far, and its length last */
    uint8_t to[256]; /* substitute of each octet, 0 free (0 and 255 stay themselves) */
    uint8_t next;
};

/* The substitute of one octet below a prefix: in order of appearance, 0 and 255 keep their places so that networks and
 * broadcast addresses, and the ranges of selectors, stay what they are. */
static uint8_t octet_of(struct redactor *r, uint8_t family, const uint8_t *prefix, unsigned n, uint8_t octet, uint8_t first)
{
    uint8_t key[17] = { (uint8_t)(family << 5 | n) };
    if (octet == 0 || octet == 255)
        return octet;
    memcpy(key + 1, prefix, n);
    struct given *g = map_find(&r->octets, bytes_over(key, sizeof key));
    if (!g) {
        g = arena_new(r->arena, struct given);
        memcpy(g->key, key, sizeof key);
        g->next = first;
        map_put(&r->octets, bytes_over(g->key, sizeof g->key), g);
    }
    if (!g->to[octet]) {
        g->to[octet] = g->next;
        g->next = g->next >= 254 ? 1 : (uint8_t)(g->next + 1);
    }
    return g->to[octet];
}

struct address redact_address(struct redactor *r, struct address a)
{
    if (a.family == ADDRESS_IPV6) {
        /* 2001:db8::/32 stands for all; the site octets are given, the interface identifier keeps its last 4 octets */
        struct address b = a;
        bool local = a.octets[0] == 0xfe || a.octets[0] == 0xff;
        bool none = true;
        for (int i = 0; i < 16; i++)
            none &= a.octets[i] == 0 || (i == 15 && a.octets[i] == 1);
        if (none || (a.octets[0] == 0xfe && (a.octets[1] & 0xc0) == 0x80 && local))
            return a;
        static const uint8_t documentation[4] = { 0x20, 0x01, 0x0d, 0xb8 };
        if (!local)
            memcpy(b.octets, documentation, 4);
        uint8_t site[12];
        memcpy(site, a.octets, 12);
        for (unsigned i = 4; i < 12; i++)
            b.octets[i] = octet_of(r, ADDRESS_IPV6, site, i, a.octets[i], 1);
        return b;
    }
    if (a.family == ADDRESS_MASKED) {
        struct address b = { .family = ADDRESS_MASKED };
        memcpy(b.octets, "X.X.X.X", 7);
        return b;
    }
    const uint8_t *o = a.octets;
    /* masks, wildcards, loopback, multicast and the like are no one's address */
    if (a.family != ADDRESS_IPV4 || o[0] == 0 || o[0] == 127 || o[0] >= 224)
        return a;
    struct address b = a;
    if (o[0] == 10) {
        b.octets[1] = octet_of(r, ADDRESS_IPV4, o, 1, o[1], 1);
        b.octets[2] = octet_of(r, ADDRESS_IPV4, o, 2, o[2], 1);
    } else if (o[0] == 192 && o[1] == 168) {
        b.octets[2] = octet_of(r, ADDRESS_IPV4, o, 2, o[2], 1);
    } else if (o[0] == 172 && o[1] >= 16 && o[1] < 32) {
        b.octets[2] = octet_of(r, ADDRESS_IPV4, o, 2, o[2], 1);
    } else {
        b.octets[0] = octet_of(r, ADDRESS_IPV4, o, 0, o[0], 20);
        b.octets[1] = octet_of(r, ADDRESS_IPV4, o, 1, o[1], 1);
        b.octets[2] = octet_of(r, ADDRESS_IPV4, o, 2, o[2], 1);
    }
    return b;
}

/* ---- names ---- */

static bool nameable(struct text t)
{
    uint64_t n;
    struct address a;
    bool letter = false;
    for (size_t i = 0; i < t.len; i++)
        letter |= (t.at[i] | 32) >= 'a' && (t.at[i] | 32) <= 'z';
    bool vrf_number = t.len >= 2 && (t.at[0] == 'i' || t.at[0] == 'f') && text_number(text_from(t, 1), 10, &n); /* "VRF i0:f0" */
    if (t.len < 2 || t.len > 200 || !letter || vrf_number || text_number(t, 10, &n) || address_read(t, &a))
        return false;
    for (size_t i = 0; i < sizeof trade / sizeof trade[0]; i++)
        if (text_equal(t, text_of(trade[i])))
            return false;
    /* interfaces, algorithms and the state machine's words */
    static const char *const heads[] = { "GigabitEthernet",
                                         "TenGigabit",
                                         "FastEthernet",
                                         "Ethernet",
                                         "Tunnel",
                                         "Loopback",
                                         "Vlan",
                                         "Virtual-",
                                         "Port-channel",
                                         "Dialer",
                                         "EV_",
                                         "AES",
                                         "3DES",
                                         "SHA",
                                         "MD5",
                                         "DES",
                                         "DH_GROUP",
                                         "IKE_",
                                         "IKEv",
                                         "ESP",
                                         "0x",
                                         "esp-",
                                         "ah-",
                                         "Group",
                                         "PRF",
                                         "ENCR" };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (text_starts(t, text_of(heads[i])))
            return false;
    return true;
}

struct text redact_name(struct redactor *r, struct text name)
{
    const char *known = map_find(&r->names, bytes_of_text(name));
    if (known)
        return text_of(known);
    if (!nameable(name))
        return name;
    size_t at = text_find_byte(name, '@'), dot = text_find_byte(name, '.');
    struct text substitute;
    if (at != TEXT_NOWHERE) {
        struct text domain = redact_name(r, text_from(name, at + 1));
        substitute = arena_format(r->arena, "user%u@%.*s", ++r->name_count, TEXT_ARGS(domain));
    } else if (dot != TEXT_NOWHERE && dot > 0 && dot + 1 < name.len &&
               text_find_byte(text_from(name, dot + 1), '.') != TEXT_NOWHERE) {
        struct text domain = redact_name(r, text_from(name, dot + 1));
        substitute = arena_format(r->arena, "host%u.%.*s", ++r->name_count, TEXT_ARGS(domain));
    } else if (dot != TEXT_NOWHERE) {
        substitute = arena_format(r->arena, "domain%u.example", ++r->domain_count);
    } else {
        substitute = arena_format(r->arena, "name%u", ++r->name_count);
    }
    struct text key = arena_text(r->arena, name);
    map_put(&r->names, bytes_of_text(key), (void *)(uintptr_t)substitute.at);
    return substitute;
}

static struct text token_at(struct text t)
{
    size_t n = 0;
    while (n < t.len && word_char(t.at[n]))
        n++;
    while (n && (t.at[n - 1] == '.' || t.at[n - 1] == '-'))
        n--;
    return text_upto(t, n);
}

static bool looks_like_domain(struct text t)
{
    size_t labels = 1, in_label = 0;
    struct text last = t;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '.') {
            if (!in_label)
                return false;
            labels++;
            in_label = 0;
            last = text_from(t, i + 1);
        } else {
            in_label++;
        }
    }
    if (labels < 2 || last.len < 2 || last.len > 12)
        return false;
    for (size_t i = 0; i < last.len; i++)
        if (!((last.at[i] | 32) >= 'a' && (last.at[i] | 32) <= 'z'))
            return false;
    return true;
}

static size_t find_nocase(struct text t, struct text phrase)
{
    for (size_t at = 0; at + phrase.len <= t.len; at++)
        if (text_starts_nocase(text_from(t, at), phrase))
            return at;
    return TEXT_NOWHERE;
}

void redact_collect(struct redactor *r, struct text line)
{
    /* a prompt: NAME#, NAME>, NAME(config)# */
    struct text first = token_at(line);
    if (first.len && first.len < line.len) {
        struct text rest = text_from(line, first.len);
        size_t close = rest.at[0] == '(' ? text_find_byte(rest, ')') : TEXT_NOWHERE;
        if (close != TEXT_NOWHERE)
            rest = text_from(rest, close + 1);
        if (rest.len && (rest.at[0] == '#' || rest.at[0] == '>') && !text_has(first, TEXT("--")))
            redact_name(r, first);
    }
    for (size_t i = 0; i < sizeof name_phrases / sizeof name_phrases[0]; i++) {
        struct text phrase = text_of(name_phrases[i]), rest = line;
        for (size_t at; (at = find_nocase(rest, phrase)) != TEXT_NOWHERE;) {
            struct text behind = text_from(rest, at + phrase.len);
            bool whole = at == 0 || !word_char(rest.at[at - 1]);
            if (whole && phrase.at[phrase.len - 1] == '\'') {
                size_t end = text_find_byte(behind, '\'');
                if (end != TEXT_NOWHERE)
                    redact_name(r, text_upto(behind, end));
            } else if (whole) {
                /* "profile keyring NAME": words of the trade may stand between */
                struct text next = text_trim(behind), token = token_at(next);
                for (int skipped = 0; skipped < 2 && token.len && !nameable(token) && token.at[0] > '9'; skipped++) {
                    next = text_trim(text_from(next, token.len));
                    token = token_at(next);
                }
                redact_name(r, token);
            }
            rest = behind;
        }
    }
}

/* ---- lines ---- */

/* Where a secret begins in the line behind one of the phrases, or TEXT_NOWHERE; *len is its length. */
static size_t secret_in(struct text line, size_t *len)
{
    size_t best = TEXT_NOWHERE;
    struct text begun = text_trim(line);
    for (size_t i = 0; i < sizeof prose / sizeof prose[0]; i++)
        if (text_starts_nocase(begun, text_of(prose[i])) && begun.len > strlen(prose[i]) && !text_has(begun, text_of(mask))) {
            *len = begun.len - strlen(prose[i]);
            return (size_t)(begun.at - line.at) + strlen(prose[i]);
        }
    /* " key 7 0822..." inside a server's block */
    struct text first = begun, head, value;
    if (text_word(&first, &head) && text_equal(head, TEXT("key")) && text_word(&first, &value) &&
        !text_equal(value, text_of(mask)) && !text_equal(value, TEXT("len")) && !text_equal(value, TEXT("chain"))) {
        struct text next = first, after;
        if (text_word(&next, &after) && value.len == 1)
            value = after;
        *len = value.len;
        return (size_t)(value.at - line.at);
    }
    for (size_t i = 0; i < sizeof secret_phrases / sizeof secret_phrases[0]; i++) {
        struct text phrase = text_of(secret_phrases[i].phrase);
        for (size_t from = 0; from + phrase.len <= line.len;) {
            size_t at = TEXT_NOWHERE;
            for (size_t k = from; k + phrase.len <= line.len && at == TEXT_NOWHERE; k++)
                if (text_starts_nocase(text_from(line, k), phrase))
                    at = k;
            if (at == TEXT_NOWHERE)
                break;
            from = at + phrase.len;
            struct text rest = text_from(line, from), word;
            if ((at && word_char(line.at[at - 1])) || !rest.len || word_char(rest.at[0]))
                continue;
            size_t start = TEXT_NOWHERE;
            while (text_word(&rest, &word)) {
                struct text between = text_of(secret_phrases[i].between), w;
                bool skip = text_equal(word, TEXT("=")) || text_equal(word, TEXT(":"));
                while (!skip && text_word(&between, &w))
                    skip = text_equal_nocase(w, word);
                if (skip && rest.len)
                    continue;
                start = (size_t)(word.at - line.at);
                *len = word.len;
                break;
            }
            if (start != TEXT_NOWHERE && start < best)
                best = start;
        }
    }
    return best;
}

void redact_secrets(struct text line, struct buffer *out)
{
    for (;;) {
        size_t len = 0, at = secret_in(line, &len);
        if (at == TEXT_NOWHERE)
            break;
        struct text word = text_upto(text_from(line, at), len);
        buffer_text(out, text_upto(line, at));
        buffer_string(out, text_equal(word, text_of(mask)) ? "" : mask);
        if (text_equal(word, text_of(mask)))
            buffer_text(out, word);
        line = text_from(line, at + len);
    }
    buffer_text(out, line);
}

static bool address_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f') || c == '.' || c == ':' || c == 'X' || c == 'x';
}

/* The longest run at the start that reads as an address: "10.0.0.1:500" is "10.0.0.1", "fc00::1:500" keeps its port. */
static size_t address_at(struct text t, struct address *a)
{
    size_t n = 0, dots = 0, colons = 0;
    while (n < t.len && address_char(t.at[n])) {
        if (t.at[n] == ':' && dots == 3)
            break;
        dots += t.at[n] == '.';
        colons += t.at[n] == ':';
        n++;
    }
    while (n && (t.at[n - 1] == '.' || (t.at[n - 1] == ':' && !(n > 1 && t.at[n - 2] == ':')))) {
        dots -= t.at[n - 1] == '.';
        n--;
    }
    if (n < 3 || (dots != 3 && colons < 2) || (n < t.len && word_char(t.at[n]) && t.at[n] != '.' && t.at[n] != '-'))
        return 0;
    struct text run = text_upto(t, n);
    if (colons >= 2 && dots == 0) {
        /* Cisco puts the port behind the last colon */
        size_t last = n;
        while (last && t.at[last - 1] != ':')
            last--;
        struct text port = text_upto(text_from(t, last), n - last);
        if ((text_equal(port, TEXT("500")) || text_equal(port, TEXT("4500"))) && address_read(text_upto(t, last - 1), a))
            return last - 1;
    }
    return address_read(run, a) ? n : 0;
}

static void put_rest(struct redactor *r, struct text line, struct buffer *out)
{
    bool boundary = true;
    while (line.len) {
        struct address a;
        size_t n = boundary && address_char(line.at[0]) ? address_at(line, &a) : 0;
        if (n) {
            address_print(redact_address(r, a), out);
            line = text_from(line, n);
            boundary = false;
            continue;
        }
        struct text token = boundary && word_char(line.at[0]) ? token_at(line) : (struct text){ NULL, 0 };
        if (token.len) {
            const char *known = map_find(&r->names, bytes_of_text(token));
            bool domain = !known && (text_find_byte(token, '@') != TEXT_NOWHERE || looks_like_domain(token));
            buffer_text(out, known ? text_of(known) : domain ? redact_name(r, token) : token);
            line = text_from(line, token.len);
            boundary = false;
            continue;
        }
        boundary = !word_char(line.at[0]) || line.at[0] == '-'; /* a range's second address */
        buffer_byte(out, line.at[0]);
        line = text_from(line, 1);
    }
}

void redact_line(struct redactor *r, struct text line, struct buffer *out)
{
    for (;;) {
        size_t len = 0, at = secret_in(line, &len);
        if (at == TEXT_NOWHERE)
            break;
        put_rest(r, text_upto(line, at), out);
        buffer_string(out, mask);
        r->secrets++;
        line = text_from(line, at + len);
    }
    put_rest(r, line, out);
}
