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
    { "server-key", "0 6 7" },
    { "passwd", "" },
    { "area-password", "" },
    { "domain-password", "" },
    { "radius-common-pw", "" },
    { "isakmp key", "0 6" },
    { "password", "0 5 6 7 8 9 encrypted" },
    { "secret", "0 4 5 8 9" },
    { "community", "0 8" },
    { "pre-share key", "0 6 hex" },
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
    { "sap pmk", "" },
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
    { "ntp authentication-key ", "authentication-key", 2, "0 7 8" },
    { "pre-shared-key address ", "key", 0, "0 6" },
    { "pre-shared-key hostname ", "key", 0, "0 6" },
    { "ppk manual ", "key", 0, "0 6 hex" },
    { "psk id ", "key", 0, "0 6 ascii hex" },
    { "enable password level ", "level", 1, "0 5 6 7" },
    { "enable secret level ", "level", 1, "0 4 5 8 9" },
    { "server-private ", "key", 0, "0 6 7" },
    { "pac key ", "key", 0, "0 6 7" },
    { "cluster key ", "key", 0, "0 8" },
    { "radius-server host ", "key", 0, "0 6 7" },
    { "tacacs-server host ", "key", 0, "0 6 7" },
    { "aaa-server ", "key", 0, "0 6 7 8" },
    { "failover key ", "key", 0, "0 8 hex" },
    { "snmp-server user ", "auth", 0, "md5 sha sha-2 sha224 sha256 sha384 sha512 224 256 384 512" },
    { "snmp-server host ", "community", 0, "0 8" },
    { "snmp-server host ", "vrf", 1, "traps informs version 1 2c 3 auth noauth priv" },
    { "snmp-server host ", "host", 1, "community traps informs trap inform poll version 1 2c 3 auth noauth priv" },
    { "ip ospf message-digest-key ", "md5", 0, "0 3 7 encrypted" },
    { "area ", "md5", 0, "0 3 7 8 encrypted" },
    { "ospf message-digest-key ", "md5", 0, "0 3 7 8 encrypted" },
    { "ipv6 ospf authentication ", "sha1", 0, "0 7" },
    { "ipv6 ospf authentication ", "md5", 0, "0 7" },
    { "ospfv3 authentication ", "sha1", 0, "0 7" },
    { "ospfv3 authentication ", "md5", 0, "0 7" },
    { "mpls ldp password ", "for", 1, "0 7" },
    { "vrrp ", "authentication", 0, "text md5 key-string 0 7" },
    { "standby ", "authentication", 0, "text md5 key-string 0 7" },
    { "glbp ", "authentication", 0, "text md5 key-string 0 7" },
    { "set session-key ", "cipher", 0, "" },
    { "set session-key ", "ah", 1, "" },
    { "set session-key ", "authenticator", 0, "" },
    { "crypto ca import ", "pkcs12", 0, "" },
    { "crypto ca export ", "pkcs12", 0, "" },
    { "crypto pki import ", "terminal", 0, "password" },
    { "crypto pki export ", "terminal", 0, "des 3des password" },
    { "crypto key import ", "terminal", 0, "" },
    { "crypto key export ", "terminal", 0, "des 3des" },
    { "authentication key ", "key", 0, "0 7" },
    { "authentication mode ", "hmac-sha-256", 0, "0 7" },
};

/* Commands whose secret may have blanks in it, as it is their last word; an ASA's says these behind it. */
static const char *const to_the_end[] = { "username ",
                                          "enable ",
                                          "password ",
                                          "pre-shared-key ",
                                          "key-string ",
                                          "authentication remote pre-share key ",
                                          "ikev1 pre-shared-key ",
                                          "authentication local pre-share key ",
                                          "ikev2 remote-authentication pre-shared-key ",
                                          "ikev2 local-authentication pre-shared-key " };
static const char *const trailers[] = { " encrypted", " pbkdf2", " privilege ", " mschap", " nt-encrypted" };

/* What follows at the beginning of a configuration line is prose, or two keys, and all of it goes. */
static const char *const prose[] = {
    "description ",         "banner ", "remark ", "snmp-server location ", "snmp-server contact ", "title ", "ospfv3 encryption ",
    "ipv6 ospf encryption "
};

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

/* "=", ":", or a member's end, "\":". */
static bool is_mark(struct text word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!strchr("=:\"", word.at[i]))
            return false;
    return true;
}

/* The first word that is none of those that may stand between; the last one counts, whatever it is. */
static struct text past(struct text rest, const char *between)
{
    struct text word = { NULL, 0 };
    while (text_word(&rest, &word)) {
        struct text may = text_of(between), w;
        bool skip = is_mark(word);
        while (!skip && text_word(&may, &w))
            skip = text_equal_nocase(w, word);
        if (!skip || !rest.len)
            return word;
    }
    return (struct text){ NULL, 0 };
}

/* No router's command is so long before its secret, and a line of secrets is asked behind each of them. */
enum { COMMAND_MOST = 1024 };

/* The secret of a command that the table knows; empty: it is none of them. */
static struct text secret_of_command(struct text begun)
{
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

/* How much of the text the words cover, each of its words one or the beginning of one, at "*" any; 0: others stand there, or
 * nothing is short. */
static size_t abbreviates(struct text t, const char *words)
{
    enum { LEAST = 2 }; /* letters of the first */
    struct text want, word, wanted = text_of(words), rest = t;
    bool shortened = false;
    for (bool first = true; text_word(&wanted, &want); first = false) {
        if (!text_word(&rest, &word) || (first && word.len < LEAST))
            return 0;
        if (text_equal(want, TEXT("*")))
            continue;
        if (!text_starts_nocase(want, word))
            return 0;
        shortened = shortened || word.len < want.len;
    }
    return shortened ? (size_t)(word.at + word.len - t.at) : 0;
}

/* Who types a command may abbreviate it: "pre-sh loc KEY". */
static struct text secret_of_abbreviated(struct text begun)
{
    static const char *const commands[] = { "pre-shared-key",
                                            "crypto isakmp key",
                                            "ikev1 pre-shared-key",
                                            "ikev2 local-authentication pre-shared-key",
                                            "ikev2 remote-authentication pre-shared-key",
                                            "authentication local pre-share key",
                                            "authentication remote pre-share key",
                                            "enable password",
                                            "enable secret",
                                            "username * password",
                                            "username * secret",
                                            "username * privilege * password",
                                            "username * privilege * secret",
                                            "snmp-server community",
                                            "radius-server key",
                                            "tacacs-server key",
                                            "ip nhrp authentication",
                                            "ip ospf authentication-key",
                                            "ip ospf message-digest-key * md5" };
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const size_t covered = abbreviates(text_upto(begun, COMMAND_MOST), commands[i]);
        const struct text word = covered ? past(text_from(begun, covered),
                                                "local remote loca loc lo l remot remo rem re r 0 4 5 6 7 8 9 hex")
                                         : (struct text){ NULL, 0 };
        if (word.len)
            return word;
    }
    return (struct text){ NULL, 0 };
}

/* "reason = Invalid password : local database : user = ...": where an ASA looked for it. */
static bool is_place(struct text rest)
{
    return text_starts(rest, TEXT(" : local database")) || text_starts(rest, TEXT(" : server = "));
}

/* The secret that this phrase tells of, if it begins the text; empty: none. */
static struct text told_by(const char *phrase, const char *between, struct text t)
{
    struct text none = { NULL, 0 };
    if (text_lower(t.at[0]) != text_lower(phrase[0]) || !text_starts_nocase(t, text_of(phrase)))
        return none;
    struct text rest = text_from(t, strlen(phrase));
    if (!rest.len || redact_word_char(rest.at[0]) || is_place(rest))
        return none;
    struct text word = past(rest, between);
    return tells_octets(phrase) && !is_octets(word) ? none : word;
}

/* The first secret behind a phrase that begins between these offsets. Its phrase stands before it, so nothing behind the first
 * that was found is looked at. */
static struct text secret_behind_phrase(struct text line, size_t from, size_t upto)
{
    struct text best = { NULL, 0 };
    for (size_t at = from; at < line.len && at < upto && (!best.len || line.at + at < best.at); at++) {
        if (at && redact_word_char(line.at[at - 1]))
            continue;
        for (size_t i = 0; i < COUNT_OF(secret_phrases); i++) {
            const struct text word = told_by(secret_phrases[i].phrase, secret_phrases[i].between, text_from(line, at));
            if (word.len && (!best.len || word.at < best.at))
                best = word;
        }
    }
    return best;
}

/* "ftp://user:SECRET@host": the first that begins before the offset `upto`. */
static struct text secret_of_url(struct text line, size_t upto)
{
    static const char scheme[] = "://";
    enum { LOGIN_MOST = 512 };
    struct text before = text_upto(line, upto);
    for (size_t at; (at = text_find(before, text_of(scheme))) != TEXT_NOWHERE;) {
        before = text_from(before, at + sizeof scheme - 1);
        struct text login = text_upto(text_over(before.at, (size_t)(line.at + line.len - before.at)), LOGIN_MOST);
        size_t colon = text_find_byte(login, ':'), end = 0;
        for (size_t i = 0; i < login.len && !strchr(" \t\r\"/", login.at[i]); i++)
            end = login.at[i] == '@' ? i : end;
        if (colon != TEXT_NOWHERE && colon + 1 < end)
            return text_over(login.at + colon + 1, end - colon - 1);
    }
    return (struct text){ NULL, 0 };
}

static struct text upto_last_quote(struct text t)
{
    size_t n = t.len;
    while (n && t.at[n - 1] != '\'')
        n--;
    return text_upto(t, n ? n - 1 : t.len);
}

/* A command as it stands in a configuration, at a prompt, or in a message that tells of it. */
static struct text command_in(struct text line)
{
    static const struct {
        const char *before;
        bool quoted;
    } told[] = { { "logged command:", false }, { "executed the '", true }, { "executed '", true }, { "executed cmd: ", false } };
    enum { PROMPT_MOST = 80 };
    struct text begun = text_trim(line);
    size_t n = 0;
    while (n < begun.len && n < PROMPT_MOST && (redact_name_char(begun.at[n]) || strchr("()/:", begun.at[n])))
        n++;
    if (n && n < begun.len && (begun.at[n] == '#' || begun.at[n] == '>'))
        return text_trim(text_from(begun, n + 1));
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        const size_t at = text_find(text_upto(begun, COMMAND_MOST), text_of(told[i].before));
        if (at == TEXT_NOWHERE)
            continue;
        const struct text command = text_trim(text_from(begun, at + strlen(told[i].before)));
        return told[i].quoted ? upto_last_quote(command) : command;
    }
    return begun;
}

static bool starts_one_of(struct text t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_starts(t, text_of(words[i])))
            return true;
    return false;
}

/* How long the secret is that begins there: to the end of its word, or of its command. */
static size_t length_of_secret(struct text begun, struct text secret)
{
    const char *const end = begun.at + begun.len;
    if (secret.at < begun.at || secret.at >= end)
        return secret.len;
    const struct text rest = text_over(secret.at, (size_t)(end - secret.at));
    size_t len = secret.len < rest.len ? secret.len : rest.len;
    if (!starts_one_of(begun, to_the_end, COUNT_OF(to_the_end)))
        return len;
    while (len < rest.len && !starts_one_of(text_from(rest, len), trailers, COUNT_OF(trailers)))
        len++;
    return text_trim(text_upto(rest, len)).len;
}

/* " key 7 0822..." inside a server's block */
static struct text secret_of_key(struct text begun)
{
    static const char *const others[] = { "<removed>", "len", "chain", "config-key" };
    struct text head, value = { NULL, 0 }, rest = begun, none = { NULL, 0 };
    if (!text_word(&rest, &head) || !text_equal(head, TEXT("key")))
        return none;
    struct text behind = rest;
    (void)text_word(&rest, &value);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (text_equal(value, text_of(others[i])))
            return none;
    return past(behind, "0 5 6 7 8 hex");
}

/* Is what stands behind the text inside a quoted string, if the text begins so? */
static bool quoted_behind(bool quoted, struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (quoted && t.at[i] == '\\')
            i++;
        else
            quoted = quoted != (t.at[i] == '"');
    return quoted;
}

/* Inside a string, of JSON or of a column, a secret ends where that does. */
static struct text within_string(struct text line, bool quoted, struct text secret)
{
    const struct text begun = text_trim(line);
    if (!text_starts(begun, TEXT("{")) && !text_starts(begun, TEXT("[{")) && !text_starts(begun, TEXT("\"")) &&
        !quoted_behind(quoted, text_upto(line, (size_t)(secret.at - line.at))))
        return secret;
    size_t from = 0, end = 0;
    while (from < secret.len && is_mark(text_upto(secret, from + 1)))
        from++;
    if (from == secret.len)
        return secret;
    for (end = from; end < secret.len && secret.at[end] != '"'; end++)
        end += secret.at[end] == '\\';
    return text_upto(text_from(secret, from), end - from);
}

/* The first secret of a line that is no prose; empty: there is none. A line of them is asked behind each, so it is looked at a
 * stretch at a time. */
static struct text secret_in(struct text line, bool quoted, struct text begun)
{
    enum { STRETCH = 64 }; /* octets, and twice as many each time */
    struct text secret = secret_of_key(begun), login = { NULL, 0 };
    if (!secret.len)
        secret = secret_of_command(begun);
    if (!secret.len)
        secret = secret_of_abbreviated(begun);
    for (size_t from = 0, upto = STRETCH; !secret.len && !login.len && from < line.len; from = upto, upto *= 2) {
        secret = secret_behind_phrase(line, from, upto);
        login = secret_of_url(line, upto);
    }
    if (secret.len)
        login = secret_of_url(line, (size_t)(secret.at - line.at));
    if (login.len)
        return login;
    if (!secret.len)
        return secret;
    secret.len = length_of_secret(begun, secret);
    return within_string(line, quoted, secret);
}

static size_t prose_of(struct text line)
{
    const struct text begun = command_in(line);
    const size_t told = prose_at(begun);
    return told == TEXT_NOWHERE ? told : (size_t)(begun.at - line.at) + told;
}

struct text redact_before_prose(struct text line)
{
    return text_upto(line, prose_of(line));
}

bool redact_secret_at(struct text line, struct redact_secret *s)
{
    const struct text begun = command_in(line);
    s->at = prose_of(line);
    s->prose = s->at != TEXT_NOWHERE && !text_has(begun, text_of(redact_mask));
    const struct text secret = s->prose ? text_over(line.at + s->at, (size_t)(begun.at + begun.len - line.at) - s->at)
                                        : secret_in(line, s->quoted, begun);
    if (!secret.len)
        return false;
    s->at = (size_t)(secret.at - line.at);
    s->len = secret.len;
    s->quoted = quoted_behind(s->quoted, text_upto(line, s->at));
    return true;
}

void redact_hide_secrets(struct text line, struct buffer *out)
{
    bool quoted = false;
    for (struct text secret; (secret = secret_in(line, quoted, command_in(line))).len;) {
        const size_t at = (size_t)(secret.at - line.at);
        quoted = quoted_behind(quoted, text_upto(line, at));
        buffer_text(out, text_upto(line, at));
        buffer_string(out, "******");
        line = text_from(line, at + secret.len);
    }
    buffer_text(out, line);
}

struct text redact_masked(struct text line, struct arena *arena)
{
    struct buffer masked;
    if (!secret_in(line, false, command_in(line)).len)
        return line;
    buffer_init(&masked, 8 * (line.len + 1));
    redact_hide_secrets(line, &masked);
    line = arena_text(arena, buffer_view(&masked));
    buffer_clear(&masked);
    return line;
}
