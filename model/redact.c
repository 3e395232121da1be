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
    { "ldap-login-password", "0 6 7 8" },
    { "wpa-psk", "ascii hex 0 8" },
    { "set-key", "ascii hex 0 8" },
    { "priv aes", "128 192 256" },
    { "priv des", "" },
    { "priv des56", "" },
    { "priv 3des", "" },
    { "authenticator", "" },
};

/* { a command's beginning, the word behind which its secret stands, words after that which are given, words that may be }: where
 * the word alone would say too little. Earlier rows first. */
static const struct {
    const char *begins, *marker;
    unsigned given;
    const char *between;
} secret_commands[] = {
    { "ntp authentication-key ", "md5", 0, "0 7 8" },
    { "ntp authentication-key ", "sha1", 0, "0 7 8" },
    { "ntp authentication-key ", "sha2", 0, "0 7 8" },
    { "ntp authentication-key ", "cmac-aes-128", 0, "0 7 8" },
    { "radius-server host ", "key", 0, "0 6 7" },
    { "tacacs-server host ", "key", 0, "0 6 7" },
    { "aaa-server ", "key", 0, "0 6 7 8" },
    { "failover key ", "key", 0, "0 8 hex" },
    { "snmp-server user ", "auth", 0, "md5 sha sha-2 sha224 sha256 sha384 sha512 224 256 384 512" },
    { "snmp-server host ", "host", 1, "community traps informs trap inform poll version 1 2c 3 auth noauth priv" },
    { "ip ospf message-digest-key ", "md5", 0, "0 3 7 encrypted" },
    { "ospf message-digest-key ", "md5", 0, "0 3 7 8 encrypted" },
    { "vrrp ", "authentication", 0, "text md5 key-string 0 7" },
    { "standby ", "authentication", 0, "text md5 key-string 0 7" },
    { "glbp ", "authentication", 0, "text md5 key-string 0 7" },
    { "set session-key ", "cipher", 0, "" },
    { "set session-key ", "ah", 1, "" },
    { "crypto ca import ", "pkcs12", 0, "" },
    { "crypto ca export ", "pkcs12", 0, "" },
    { "authentication key ", "key", 0, "0 7" },
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

/* Of those, the ones that debugs also use in sentences ("what peer sent"): they tell a name only in a configuration's line. */
static const char *const plain_words[] = { "peer ",    "profile ",    "policy ", "ikev2 policy ", "username ",
                                           "vrf ",     "fvrf ",       "ivrf ",   "description ",  "access-list ",
                                           "keyring ", "trustpoint ", "key-id " };

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
    "IP",
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
    "chosen", /* "Received no proposal chosen notify" */
    "selected",
    "accepted",
};

void redactor_init(struct redactor *r, struct arena *arena)
{
    *r = (struct redactor){ .arena = arena };
}

void redactor_clear(struct redactor *r)
{
    map_clear(&r->octets);
    map_clear(&r->names);
    map_clear(&r->known_secrets);
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == '@';
}

/* ---- addresses ---- */

struct given {
    uint8_t key[17]; /* family and the prefix so far, and its length last */
    uint8_t turned;  /* bits of the octet below it that are turned over */
};

/* The substitute of one octet below a prefix: the same bits are turned over in all of them, so that what lies in one subnet, of
 * whatever length, still does. Which bits follows from the first that appeared: it becomes `first`, or the number beside it. */
static uint8_t octet_of(struct redactor *r, uint8_t family, const uint8_t *prefix, unsigned n, uint8_t octet, uint8_t first)
{
    uint8_t key[17] = { (uint8_t)(family << 5 | n) };
    memcpy(key + 1, prefix, n);
    struct given *g = map_find(&r->octets, bytes_over(key, sizeof key));
    if (!g) {
        g = arena_new(r->arena, struct given);
        memcpy(g->key, key, sizeof key);
        g->turned = (uint8_t)(octet ^ (octet == first ? first + 1 : first));
        map_put(&r->octets, bytes_over(g->key, sizeof g->key), g);
    }
    return octet ^ g->turned;
}

/* The first octet of a public address: in order of appearance, and never of a private or special range. */
static uint8_t first_octet(struct redactor *r, uint8_t octet)
{
    if (r->firsts[octet])
        return r->firsts[octet];
    uint8_t next = r->next_first ? r->next_first : 20;
    if (next == octet)
        next++;
    while (next == 127 || next == 172 || next == 192 || next >= 224)
        next = next >= 224 ? 11 : (uint8_t)(next + 1);
    r->next_first = (uint8_t)(next + 1);
    return r->firsts[octet] = next;
}

enum { SECOND_OCTET = 201, THIRD_OCTET = 151, SITE_OCTET = 1 };

static struct address redact_ipv6(struct redactor *r, struct address a)
{
    /* 2001:db8::/32 stands for all; of the site's octets the first two are always other ones; the last four stay */
    static const uint8_t documentation[4] = { 0x20, 0x01, 0x0d, 0xb8 };
    struct address b = a;
    bool none = true;
    for (int i = 0; i < 16; i++)
        none &= a.octets[i] == 0 || (i == 15 && a.octets[i] == 1);
    if (none || a.octets[0] == 0xfe || a.octets[0] == 0xff)
        return a;
    memcpy(b.octets, documentation, 4);
    for (unsigned i = 4; i < 12; i++)
        if (i < 6 || (a.octets[i] != 0 && a.octets[i] != 255))
            b.octets[i] = octet_of(r, ADDRESS_IPV6, a.octets, i, a.octets[i], SITE_OCTET);
    return b;
}

struct address redact_address(struct redactor *r, struct address a)
{
    struct address b = a;
    const uint8_t *o = a.octets;
    if (a.family == ADDRESS_IPV6)
        return redact_ipv6(r, a);
    if (a.family == ADDRESS_MASKED) {
        b = (struct address){ .family = ADDRESS_MASKED };
        memcpy(b.octets, "X.X.X.X", 7);
        return b;
    }
    /* masks, wildcards, loopback, multicast and the like are no one's address */
    if (a.family != ADDRESS_IPV4 || o[0] == 0 || o[0] == 127 || o[0] >= 224)
        return a;
    bool ten = o[0] == 10, private = ten || (o[0] == 192 && o[1] == 168) || (o[0] == 172 && o[1] >= 16 && o[1] < 32);
    if (!private)
        b.octets[0] = first_octet(r, o[0]);
    if (ten || !private)
        b.octets[1] = octet_of(r, ADDRESS_IPV4, o, 1, o[1], SECOND_OCTET);
    b.octets[2] = octet_of(r, ADDRESS_IPV4, o, 2, o[2], THIRD_OCTET);
    return b;
}

/* A network's address keeps the form of one: behind the prefix its bits stay what they were. */
static struct address redact_network(struct redactor *r, struct address a, unsigned prefix)
{
    struct address b = redact_address(r, a);
    for (unsigned bit = prefix; bit < 8 * address_length(a); bit++) {
        uint8_t bits = (uint8_t)(0x80 >> bit % 8);
        b.octets[bit / 8] = (uint8_t)((b.octets[bit / 8] & ~bits) | (a.octets[bit / 8] & bits));
    }
    return b;
}

void redact_range(struct redactor *r, struct address *start, struct address *end)
{
    int prefix = range_prefix(*start, *end);
    if (prefix < 0) {
        *start = redact_address(r, *start);
        *end = redact_address(r, *end);
        return;
    }
    struct address first = redact_network(r, *start, (unsigned)prefix);
    *end = redact_network(r, *end, (unsigned)prefix);
    *start = first;
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

/* "Id: NAME" is a session's, "Protocol id: IKE" a packet's: a phrase with a capital is looked for as it is written. */
static size_t find_phrase(struct text t, struct text phrase)
{
    return phrase.at[0] >= 'A' && phrase.at[0] <= 'Z' ? text_find(t, phrase) : find_nocase(t, phrase);
}

/* Does a configuration's line begin so: words in small letters, numbers, nothing of a log's entry? */
static bool begins_configuration(struct text before)
{
    for (size_t i = 0; i < before.len; i++)
        if ((before.at[i] >= 'A' && before.at[i] <= 'Z') || before.at[i] == ':' || before.at[i] == '%')
            return false;
    return true;
}

static bool tells_name(const char *phrase, struct text before)
{
    for (size_t i = 0; i < sizeof plain_words / sizeof plain_words[0]; i++)
        if (strcmp(phrase, plain_words[i]) == 0)
            return begins_configuration(before);
    return true;
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
        for (size_t at; (at = find_phrase(rest, phrase)) != TEXT_NOWHERE;) {
            struct text behind = text_from(rest, at + phrase.len);
            bool whole = (at == 0 || !word_char(rest.at[at - 1])) &&
                         tells_name(name_phrases[i], text_upto(line, (size_t)(rest.at + at - line.at)));
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

/* The first word that is none of those that may stand between; the last one counts, whatever it is. */
static struct text past(struct text rest, const char *between)
{
    struct text word = { NULL, 0 };
    while (text_word(&rest, &word)) {
        struct text may = text_of(between), w;
        bool skip = text_equal(word, TEXT("=")) || text_equal(word, TEXT(":"));
        while (!skip && text_word(&may, &w))
            skip = text_equal_nocase(w, word);
        if (!skip || !rest.len)
            return word;
    }
    return (struct text){ NULL, 0 };
}

/* The secret of a command that the table knows; empty: it is none of them. */
static struct text secret_of_command(struct text begun)
{
    for (size_t i = 0; i < sizeof secret_commands / sizeof secret_commands[0]; i++) {
        struct text rest = begun, word;
        if (!text_starts_nocase(begun, text_of(secret_commands[i].begins)))
            continue;
        while (text_word(&rest, &word) && !text_equal_nocase(word, text_of(secret_commands[i].marker))) {}
        for (unsigned n = 0; n < secret_commands[i].given; n++)
            (void)text_word(&rest, &word);
        if (rest.len && (word = past(rest, secret_commands[i].between)).len)
            return word;
    }
    return (struct text){ NULL, 0 };
}

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
    struct text secret = secret_of_command(begun);
    if (secret.len) {
        *len = secret.len;
        return (size_t)(secret.at - line.at);
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
            struct text rest = text_from(line, from);
            if ((at && word_char(line.at[at - 1])) || !rest.len || word_char(rest.at[0]))
                continue;
            struct text word = past(rest, secret_phrases[i].between);
            if (word.len && (size_t)(word.at - line.at) < best) {
                best = (size_t)(word.at - line.at);
                *len = word.len;
            }
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

/* The prefix length that a mask or a wildcard says; -1: it is neither. */
static int mask_prefix(struct address m)
{
    static const uint8_t lowest[4] = { 0 };
    if (m.family != ADDRESS_IPV4)
        return -1;
    struct address zero = address_of(bytes_over(lowest, 4)), turned = m;
    for (int i = 0; i < 4; i++)
        turned.octets[i] = (uint8_t)~m.octets[i];
    return m.octets[0] == 0 ? range_prefix(zero, m) : range_prefix(zero, turned);
}

/* How long a network's prefix is, from what stands behind its address: "/24", "/255.255.255.0", " 0.0.0.255", or the last address
 * of a range; -1: it is an address alone. */
static int prefix_behind(struct address a, struct text rest)
{
    enum { FAR = 24 };
    uint64_t length;
    struct address next;
    size_t digits = 0;
    bool slash = rest.len && rest.at[0] == '/';
    struct text behind = text_trim(text_from(rest, slash));
    while (slash && digits < behind.len && digits < 3 && behind.at[digits] >= '0' && behind.at[digits] <= '9')
        digits++;
    bool dotted = digits < behind.len && behind.at[digits] == '.';
    if (digits && !dotted && text_number(text_upto(behind, digits), 10, &length) && length && length <= 8 * address_length(a))
        return (int)length;
    size_t n = address_at(behind, &next);
    if (n && mask_prefix(next) > 0)
        return mask_prefix(next);
    for (size_t at = 0; at < rest.len && at < FAR; at++)
        if (address_char(rest.at[at]) && (at == 0 || !word_char(rest.at[at - 1]) || rest.at[at - 1] == '-') &&
            address_at(text_from(rest, at), &next))
            return range_prefix(a, next);
    return -1;
}

static void put_rest(struct redactor *r, struct text line, struct buffer *out)
{
    bool boundary = true;
    struct address last = { 0 };
    while (line.len) {
        struct address a;
        size_t n = boundary && address_char(line.at[0]) ? address_at(line, &a) : 0;
        if (n) {
            line = text_from(line, n);
            int prefix = prefix_behind(a, line);
            prefix = prefix > 0 ? prefix : range_prefix(last, a); /* the last of a range */
            address_print(prefix > 0 ? redact_network(r, a, (unsigned)prefix) : redact_address(r, a), out);
            last = a;
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

/* Equal secrets get equal numbers, so that two configurations still show whether their keys agree; nothing else is told. */
static void put_secret(struct redactor *r, struct text secret, struct buffer *out)
{
    r->secrets++;
    if (text_find_byte(secret, ' ') != TEXT_NOWHERE || text_starts(secret, TEXT("<removed"))) {
        buffer_string(out, mask); /* prose, or removed before */
        return;
    }
    uint64_t *digest = arena_new(r->arena, uint64_t); /* FNV-1a: to tell them apart, not to hide them */
    *digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < secret.len; i++)
        *digest = (*digest ^ (uint8_t)secret.at[i]) * UINT64_C(0x100000001b3);
    const char *known = map_find(&r->known_secrets, bytes_over(digest, sizeof *digest));
    if (!known) {
        known = arena_format(r->arena, "<removed-%zu>", r->known_secrets.count + 1).at;
        map_put(&r->known_secrets, bytes_over(digest, sizeof *digest), (void *)(uintptr_t)known);
    }
    buffer_string(out, known);
}

void redact_line(struct redactor *r, struct text line, struct buffer *out)
{
    for (;;) {
        size_t len = 0, at = secret_in(line, &len);
        if (at == TEXT_NOWHERE)
            break;
        put_rest(r, text_upto(line, at), out);
        put_secret(r, text_upto(text_from(line, at), len), out);
        line = text_from(line, at + len);
    }
    put_rest(r, line, out);
}
