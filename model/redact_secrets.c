/* Redaction: where a line holds a secret. */
#include "model/redact_parts.h"

const char redact_mask[] = "<removed>";

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

/* { how a configuration's line begins, what its prose stands behind } */
static const struct {
    const char *begins, *marker;
} prose_behind[] = {
    { "neighbor ", " description " },
    { "access-list ", " remark " },
    { "member ", " description " },
};

/* Where the prose of such a line begins; TEXT_NOWHERE: it has none. */
static size_t prose_at(struct text begun)
{
    size_t digits = 0;
    while (digits < begun.len && begun.at[digits] >= '0' && begun.at[digits] <= '9')
        digits++;
    if (digits && text_starts_nocase(text_from(begun, digits), TEXT(" remark "))) /* "10 remark …" */
        return digits + sizeof " remark " - 1;
    for (size_t i = 0; i < COUNT_OF(prose); i++)
        if (text_starts_nocase(begun, text_of(prose[i])) && begun.len > strlen(prose[i]))
            return strlen(prose[i]);
    for (size_t i = 0; i < COUNT_OF(prose_behind); i++) {
        size_t at = text_starts(begun, text_of(prose_behind[i].begins)) ? text_find(begun, text_of(prose_behind[i].marker))
                                                                        : TEXT_NOWHERE;
        if (at != TEXT_NOWHERE)
            return at + strlen(prose_behind[i].marker);
    }
    return TEXT_NOWHERE;
}

/* A key's octets, where a word may stand as well: "Calculate SKEYSEED and create rekeyed IKEv2 SA". */
static bool is_octets(struct text word)
{
    size_t from = text_starts_nocase(word, TEXT("0x")) ? 2 : 0;
    for (size_t i = from; i < word.len; i++)
        if (!strchr("0123456789abcdefABCDEF:,;.", word.at[i]))
            return false;
    return word.len > from;
}

static bool tells_octets(const char *phrase)
{
    return strcmp(phrase, "SKEYSEED") == 0 || strncmp(phrase, "sk_", 3) == 0;
}

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
    enum {
        COMMAND_MOST = 1024
    }; /* before its secret: no router's is so long, and a line of secrets is asked behind each of them */
    for (size_t i = 0; i < COUNT_OF(secret_commands); i++) {
        struct text rest = text_upto(begun, COMMAND_MOST), word;
        if (!text_starts_nocase(begun, text_of(secret_commands[i].begins)))
            continue;
        while (text_word(&rest, &word) && !text_equal_nocase(word, text_of(secret_commands[i].marker))) {}
        for (unsigned n = 0; n < secret_commands[i].given; n++)
            (void)text_word(&rest, &word);
        rest = text_from(begun, rest.len ? (size_t)(rest.at - begun.at) : begun.len);
        if (rest.len && (word = past(rest, secret_commands[i].between)).len)
            return word;
    }
    return (struct text){ NULL, 0 };
}

/* The secret that this phrase tells of, if it begins the text; empty: none. */
static struct text told_by(const char *phrase, const char *between, struct text t)
{
    struct text none = { NULL, 0 }, rest = text_from(t, strlen(phrase));
    if (text_lower(t.at[0]) != text_lower(phrase[0]) || !text_starts_nocase(t, text_of(phrase)) || !rest.len ||
        redact_word_char(rest.at[0]))
        return none;
    struct text word = past(rest, between);
    return tells_octets(phrase) && !is_octets(word) ? none : word;
}

/* The first secret behind a phrase. Its phrase stands before it, so nothing behind the first that was found is looked at. */
static size_t secret_behind_phrase(struct text line, size_t *len)
{
    size_t best = TEXT_NOWHERE;
    for (size_t at = 0; at < line.len && at < best; at++) {
        if (at && redact_word_char(line.at[at - 1]))
            continue;
        for (size_t i = 0; i < COUNT_OF(secret_phrases); i++) {
            const struct text word = told_by(secret_phrases[i].phrase, secret_phrases[i].between, text_from(line, at));
            if (word.len && (size_t)(word.at - line.at) < best) {
                best = (size_t)(word.at - line.at);
                *len = word.len;
            }
        }
    }
    return best;
}

size_t redact_secret_at(struct text line, size_t *len)
{
    struct text begun = text_trim(line);
    size_t told = prose_at(begun);
    if (told != TEXT_NOWHERE && !text_has(begun, text_of(redact_mask))) {
        *len = begun.len - told;
        return (size_t)(begun.at - line.at) + told;
    }
    /* " key 7 0822..." inside a server's block */
    struct text first = begun, head, value;
    if (text_word(&first, &head) && text_equal(head, TEXT("key")) && text_word(&first, &value) &&
        !text_equal(value, text_of(redact_mask)) && !text_equal(value, TEXT("len")) && !text_equal(value, TEXT("chain"))) {
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
    return secret_behind_phrase(line, len);
}
