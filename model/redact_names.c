/* Redaction: names, found by what stands before them, and their substitutes. */
#include "model/redact_parts.h"

/* PLAIN: debugs use it in sentences, too ("what peer sent"): it tells a name only in a configuration's line. */
enum phrase_use { TELLING, PLAIN };

/* What follows is a name. A phrase that ends in a quote reads up to the next one. */
static const struct {
    const char *phrase;
    enum phrase_use use;
} phrases[] = {
    { "hostname ", TELLING },
    { "profile '", TELLING },
    { "profile ", PLAIN },
    { "Profile '", TELLING },
    { "peer block '", TELLING },
    { "keyring local ", TELLING },
    { "keyring ", PLAIN },
    { "proposal ", TELLING },
    { "policy '", TELLING },
    { "ikev2 policy ", PLAIN },
    { "authorization policy ", PLAIN },
    { "transform-set ", TELLING },
    { "ipsec-proposal ", TELLING },
    { "crypto map ", TELLING },
    { "on map ", TELLING },
    { "crypto map tag: ", TELLING },
    { "Crypto map tag: ", TELLING },
    { "access-list ", PLAIN },
    { "access-list extended ", TELLING },
    { "IP access list ", TELLING },
    { "IPv6 access list ", TELLING },
    { "tunnel-group ", TELLING },
    { "tunnel group ", TELLING },
    { "tg_name set to: ", TELLING },
    { "tp_name set to: ", TELLING },
    { "group policy set to ", TELLING },
    { "group-policy ", TELLING },
    { "trustpoint ", PLAIN },
    { "pki trustpoint ", TELLING },
    { "identity '", TELLING },
    { "for id ", TELLING },
    { "payload: '", TELLING },
    { "username ", PLAIN },
    { "Username:", TELLING },
    { "Username = ", TELLING },
    { "user = ", TELLING },
    { "Group = ", TELLING },
    { "Group <", TELLING },
    { "User <", TELLING },
    { "<username>", TELLING },
    { "aaa-server ", TELLING },
    { "interface ", TELLING },
    { "nameif ", TELLING },
    { "vrf ", PLAIN },
    { "fvrf ", PLAIN },
    { "ivrf ", PLAIN },
    { "description ", PLAIN },
    { "identity local fqdn ", TELLING },
    { "identity local email ", TELLING },
    { "remote fqdn ", TELLING },
    { "remote email ", TELLING },
    { "remote fqdn domain ", TELLING },
    { "remote email domain ", TELLING },
    { "key-id ", PLAIN },
    { "peer ", PLAIN },
    { "object network ", TELLING },
    { "object-group network ", TELLING },
    { "Phase1_id: ", TELLING },
    { "Local id: ", TELLING },
    { "Remote id: ", TELLING },
    { "domain-name ", TELLING },
    { "domain name ", TELLING },
    { "phase1_id: ", TELLING },
    { "Id: ", TELLING },
    { "profile keyring ", TELLING },
    { "f_vrf: ", TELLING },
    { "i_vrf: ", TELLING },
    { "User '", TELLING },
    { "user '", TELLING },
    { "pre-AAA: client sent ", TELLING },
    { "User:", TELLING },
    { "User ", TELLING },
    { "for user \"", TELLING },
    { "for user ", TELLING },
    { "[user: ", TELLING },
    { "from console by ", TELLING },
    { "from vty by ", TELLING },
    { "Configured by ", TELLING },
    { "group policy ", PLAIN },
    { "GroupPolicy <", TELLING },
    { "TunnelGroup <", TELLING },
    { "access-group ", PLAIN },
    { "access-class ", PLAIN },
    { "match address ", PLAIN },
    { "route-map ", PLAIN },
    { "prefix-list ", PLAIN },
    { "class-map ", PLAIN },
    { "policy-map ", PLAIN },
    { "service-policy ", PLAIN },
    { "tacacs server ", TELLING },
    { "radius server ", TELLING },
    { "server name ", PLAIN },
    { "group server radius ", TELLING },
    { "group server tacacs+ ", TELLING },
    { "server-group ", PLAIN },
    { "aaa authentication login ", TELLING },
    { "aaa authorization network ", TELLING },
    { "psk list ", PLAIN },
    { "cert list ", PLAIN },
    { "key chain ", PLAIN },
    { "local pool ", PLAIN },
    { "address-pool ", PLAIN },
    { "dynamic-map ", PLAIN },
    { "isakmp-profile ", TELLING },
    { "object ", PLAIN },
    { "object-group ", PLAIN },
    { "group-object ", PLAIN },
    { "default-group-policy ", TELLING },
    { "certificate chain ", PLAIN },
    { "certificate map ", PLAIN },
    { "rsakeypair ", TELLING },
    { "snmp-server group ", TELLING },
    { "snmp-server user ", TELLING },
    { "manager applet ", TELLING },
};

/* What follows is a part of a distinguished name (RFC 4514), up to the next: each of its words is a name. */
static const char *const dn_attributes[] = {
    "cn=", "ou=",    "o=",  "serialNumber=", "st=", "l=", "unstructuredName=", "unstructuredAddress=",
    "e=",  "email=", "dc=", "hostname="
};

/* Words that stand behind those phrases and are no names. */
static const char *const trade[] = {
    "address",
    "any",
    "default",
    "fqdn",
    "email",
    "domain",
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
    "DefaultL2LGroup", /* an ASA has these of itself: they name nobody, and findings go by them */
    "DefaultRAGroup",
    "DefaultWEBVPNGroup",
    "DfltGrpPolicy",
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
    "ppk", /* "keyring ppk NAME" */
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
    "definition",
    "forwarding",
    "chain",
    "network",
    "service",
    "protocol",
    "icmp-type",
    "user",
    "users",
    "input",
    "output",
    "inspect",
    "control-plane",
    "prefix-list",
    "tcp",
    "udp",
    "icmp",
    "gre",
    "Unknown",
    "unauthenticated",
    "brief", /* "show ip interface brief", and its heading */
    "IP-Address",
    "null", /* a member of JSON that has no value, or one that is no text */
    "true",
    "false",
};

bool redact_nameable(struct text t)
{
    uint64_t n;
    struct address a;
    bool letter = false;
    for (size_t i = 0; i < t.len; i++)
        letter |= ((t.at[i] | 32) >= 'a' && (t.at[i] | 32) <= 'z') || redact_is_foreign(t.at[i]);
    bool vrf_number = t.len >= 2 && (t.at[0] == 'i' || t.at[0] == 'f') && text_number(text_from(t, 1), 10, &n); /* "VRF i0:f0" */
    if (t.len < 2 || t.len > 200 || !letter || vrf_number || text_number(t, 10, &n) || address_read(t, &a))
        return false;
    for (size_t i = 0; i < COUNT_OF(trade); i++)
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
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        if (text_starts(t, text_of(heads[i])))
            return false;
    return true;
}

void redact_keep(struct redactor *r, struct text word)
{
    struct text token = redact_token(word);
    while (token.len == 0 && word.len) /* "'PSK'", "(RSA)" */
        token = redact_token(word = text_from(word, 1));
    if (!token.len || text_find_byte(token, '.') != TEXT_NOWHERE || text_find_byte(token, '@') != TEXT_NOWHERE)
        return;
    map_put(&r->kept, bytes_of_text(token), (void *)(uintptr_t)token.at);
    redact_put_small(r, &r->small_kept, token, token.at);
}

/* What stands behind the "@" of a login: a domain, or an address. */
static struct text redact_host(struct redactor *r, struct text host)
{
    struct address a;
    struct buffer shown;
    if (!address_read(host, &a))
        return redact_name(r, host);
    buffer_init(&shown, 64);
    address_print(redact_address(r, a), &shown);
    host = arena_text(r->arena, buffer_view(&shown));
    buffer_clear(&shown);
    return host;
}

struct text redact_name(struct redactor *r, struct text name)
{
    const char *known = map_find(&r->names, bytes_of_text(name));
    if (known)
        return text_of(known);
    const size_t at = text_find_byte(name, '@');
    const bool login = at != TEXT_NOWHERE && at > 0; /* "1001@192.0.2.1" has no letter */
    if ((!login && !redact_nameable(name)) || map_find(&r->kept, bytes_of_text(name)))
        return name;
    size_t dot = text_find_byte(name, '.');
    struct text substitute;
    if (at != TEXT_NOWHERE) {
        const struct text host = redact_host(r, text_from(name, at + 1)); /* which counts, too */
        substitute = arena_format(r->arena, "user%u@%.*s", ++r->name_count, TEXT_ARGS(host));
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
    redact_put_small(r, &r->small_names, key, substitute.at);
    return substitute;
}

/* Where a file's ending begins: it tells of what kind the file is, and not whose. "r1.log.gz" has two. */
static size_t ending_at(struct text word)
{
    static const char *const packed[] = { ".gz", ".zst", ".xz" };
    for (size_t i = 0; i < COUNT_OF(packed); i++)
        if (text_ends(word, text_of(packed[i])))
            return ending_at(text_upto(word, word.len - strlen(packed[i])));
    size_t n = word.len;
    while (n && word.at[n - 1] != '.')
        n--;
    return n > 1 ? n - 1 : word.len;
}

/* What files and their folders are called by everybody; sentences have these words, too. */
static const char usual_names[] =
    "log logs debug debugs config configs configuration configurations running-config startup-config show tech-support capture "
    "captures wire case cases file files text input output old new before after good bad initiator responder";

static struct text path_word(struct redactor *r, struct text word)
{
    return text_is_one_of(word, usual_names) ? word : redact_host(r, word);
}

/* The word with its ending is learned as well: its form is a domain's. */
static void learn_file(struct redactor *r, struct text word)
{
    struct address a;
    const size_t end = address_read(word, &a) ? word.len : ending_at(word);
    const struct text stem = path_word(r, text_upto(word, end)), key = arena_text(r->arena, word);
    if (end == word.len)
        return;
    const struct text substitute = arena_format(r->arena, "%.*s%.*s", TEXT_ARGS(stem), TEXT_ARGS(text_from(word, end)));
    if (!map_find(&r->names, bytes_of_text(key)))
        map_put(&r->names, bytes_of_text(key), (void *)(uintptr_t)substitute.at);
}

void redact_path(struct redactor *r, struct text path, bool file)
{
    while (path.len) {
        size_t n = 0;
        while (n < path.len && redact_name_char(path.at[n]))
            n++;
        if (file)
            learn_file(r, text_upto(path, n));
        else
            (void)path_word(r, text_upto(path, n));
        path = text_from(path, n < path.len ? n + 1 : n);
    }
}

struct text redact_foreign_token(struct text t)
{
    size_t n = 0;
    bool foreign = false;
    for (; n < t.len && n < REDACT_WORD_MOST && redact_name_char(t.at[n]); n++)
        foreign |= redact_is_foreign(t.at[n]);
    return text_upto(t, foreign ? n : 0);
}

struct text redact_token(struct text t)
{
    size_t n = 0;
    while (n < t.len && n < REDACT_WORD_MOST && redact_word_char(t.at[n]))
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

size_t redact_find(struct text t, struct text phrase)
{
    for (size_t at = 0; at + phrase.len <= t.len; at++)
        if (text_starts_nocase(text_from(t, at), phrase))
            return at;
    return TEXT_NOWHERE;
}

/* "Id: NAME" is a session's, "Protocol id: IKE" a packet's: a phrase with a capital is looked for as it is written. */
static size_t find_phrase(struct text t, struct text phrase)
{
    return phrase.at[0] >= 'A' && phrase.at[0] <= 'Z' ? text_find(t, phrase) : redact_find(t, phrase);
}

/* Which two letters, of either case, stand side by side in a line. A phrase with two that do not is not in it, and of a hundred
 * phrases that is soon seen. */
enum { PAIRS = 1024 };
struct pairs {
    uint64_t bits[PAIRS / 64];
};

static size_t pair_at(struct text t, size_t i)
{
    return ((uint8_t)text_lower(t.at[i]) * 29u + (uint8_t)text_lower(t.at[i + 1])) % PAIRS;
}

static void note_pairs(struct pairs *p, struct text line)
{
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i + 1 < line.len; i++)
        p->bits[pair_at(line, i) / 64] |= UINT64_C(1) << pair_at(line, i) % 64;
}

static bool may_hold(const struct pairs *p, struct text phrase)
{
    bool may = true;
    for (size_t i = 0; may && i + 1 < phrase.len; i++)
        may = p->bits[pair_at(phrase, i) / 64] >> pair_at(phrase, i) % 64 & 1;
    return may;
}

/* How far a line is a configuration's: words in small letters, numbers, nothing of a log's entry. */
static size_t configuration_until(struct text line)
{
    size_t i = 0;
    while (i < line.len && !(line.at[i] >= 'A' && line.at[i] <= 'Z') && line.at[i] != ':' && line.at[i] != '%')
        i++;
    return i;
}

enum { DN_VALUE_MOST = 256 };

static void collect_dn(struct redactor *r, struct text line)
{
    if (!memchr(line.at, '=', line.len))
        return;
    for (size_t i = 0; i < COUNT_OF(dn_attributes); i++) {
        struct text phrase = text_of(dn_attributes[i]), rest = line;
        for (size_t at; (at = redact_find(rest, phrase)) != TEXT_NOWHERE; rest = text_from(rest, at + phrase.len)) {
            if (at && redact_word_char(rest.at[at - 1]))
                continue;
            struct text value = text_upto(text_from(rest, at + phrase.len), DN_VALUE_MOST);
            size_t end = 0;
            while (end < value.len && !strchr(",+/\"')<>;", value.at[end]))
                end++;
            value.len = end;
            for (struct text word; text_word(&value, &word);)
                redact_subject_word(r, redact_token(word));
        }
    }
}

/* "Jun 12 09:14:22", "Jun 12 2026 09:14:22.331", "2026-06-12T09:14:22Z": how long the time is that a relay's line begins with. */
static size_t relay_time(struct text line)
{
    struct text rest = line, word;
    size_t clocks = 0, words = 0;
    if (line.len && line.at[0] == '<') { /* "<189>" */
        size_t close = text_find_byte(text_upto(line, 6), '>');
        rest = close == TEXT_NOWHERE ? line : text_from(line, close + 1);
    }
    while (!clocks && words++ < 4 && text_word(&rest, &word)) {
        if (words == 1 && word.at[0] == '*')
            return 0; /* a router's own */
        for (size_t i = 0; i + 5 < word.len; i++)
            clocks += word.at[i] == ':' && word.at[i + 3] == ':' && word.at[i + 1] >= '0' && word.at[i + 1] <= '5';
    }
    return clocks && rest.len && rest.len < line.len && !text_ends(word, TEXT(":")) ? line.len - rest.len : 0;
}

/* "TIME HOST %ASA-…", "TIME HOST : %…", "TIME HOST 125: TIME: %…": the host that a relay names. */
static void collect_relay_host(struct redactor *r, struct text line)
{
    size_t at = relay_time(line);
    struct text rest = at ? text_trim(text_from(line, at)) : (struct text){ NULL, 0 }, host = redact_token(rest);
    if (!host.len)
        return;
    rest = text_from(rest, host.len);
    if (rest.len && rest.at[0] == ':')
        rest = text_from(rest, 1);
    if (!rest.len || rest.at[0] != ' ')
        return;
    rest = text_trim(rest);
    size_t digits = 0;
    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
        digits++;
    bool numbered = digits && digits < rest.len && rest.at[digits] == ':';
    if (numbered || text_starts(rest, TEXT("%")) || text_starts(rest, TEXT(": %")) || text_starts(rest, TEXT("*")))
        redact_name(r, host);
}

/* "name ADDRESS NAME" of an ASA, "ip host NAME ADDRESS" and "snmp-server user NAME GROUP" of IOS, and the host of a URL. */
static void collect_placed(struct redactor *r, struct text line)
{
    struct text rest = text_trim(line), word;
    struct address a;
    if (text_starts(rest, TEXT("name ")) && text_word(&rest, &word) && text_word(&rest, &word) && address_read(word, &a) &&
        text_word(&rest, &word))
        redact_name(r, redact_token(word));
    if (text_starts(rest, TEXT("ip host ")))
        redact_name(r, redact_token(text_from(rest, sizeof "ip host " - 1)));
    if (text_starts(rest, TEXT("snmp-server user "))) {
        struct text user = text_from(rest, sizeof "snmp-server user " - 1);
        if (text_word(&user, &word) && text_word(&user, &word))
            redact_name(r, redact_token(word));
    }
    size_t url = text_find(line, TEXT("://"));
    if (url != TEXT_NOWHERE)
        redact_name(r, redact_token(text_from(line, url + 3)));
}

/* Where collectors name a device: as the value of a word anywhere, of a member of JSON, or, where the member is an object, in its
 * "name". */
enum host_place { WORD, MEMBER, OBJECT };

static const struct {
    const char *name;
    enum host_place place;
} host_keys[] = {
    { "host", WORD },
    { "Host", WORD },
    { "HOST", WORD },
    { "hostname", WORD },
    { "HostName", WORD },
    { "Hostname", WORD },
    { "_HOSTNAME", WORD },
    { "host.name", WORD },
    { "host.hostname", WORD },
    { "syslog_host", WORD },
    { "dvchost", WORD },
    { "shost", WORD },
    { "identHostName", WORD },
    { "Computer", WORD },
    { "fromhost", WORD },
    { "observer.name", WORD },
    { "observer.hostname", WORD },
    { "agent.name", WORD },
    { "agent.hostname", WORD },
    { "device", MEMBER },
    { "source", MEMBER },
    { "log_source", MEMBER },
    { "syslog.hostname", WORD },
    { "observer", OBJECT },
    { "agent", OBJECT },
};

static bool is_host_key(struct text line, size_t end, enum host_place most)
{
    for (size_t i = 0; i < COUNT_OF(host_keys); i++) {
        const struct text key = text_of(host_keys[i].name);
        if (key.len <= end && host_keys[i].place <= most && !memcmp(line.at + end - key.len, key.at, key.len) &&
            (key.len == end || !redact_name_char(line.at[end - key.len - 1])))
            return true;
    }
    return false;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

enum { OBJECT_MOST = 1024 }; /* a line may be full of objects that do not end */

/* What follows the object's own `"name":`; the names in objects within it are those of other things. */
static struct text own_name(struct text object)
{
    static const struct text name = { "name", sizeof "name" - 1 };
    int depth = 0;
    char within = 0; /* the quote of the string that it is in */
    object = text_upto(object, OBJECT_MOST);
    for (size_t i = 0; i < object.len; i++) {
        const char c = object.at[i];
        if (within) {
            i += c == '\\';
            within = c == within ? 0 : within;
        } else if (is_quote(c)) {
            within = c;
            if (depth == 1 && text_starts(text_from(object, i + 1), name) && i + name.len + 1 < object.len &&
                object.at[i + name.len + 1] == c) {
                struct text rest = text_trim(text_from(object, i + name.len + 2));
                if (text_starts(rest, TEXT(":")))
                    return text_trim(text_from(rest, 1));
            }
        } else {
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        }
        if (!within && depth == 0)
            break;
    }
    return (struct text){ NULL, 0 };
}

/* {"host":"NAME"}, {"host":{"name":"NAME"}}, host="NAME", dvchost=NAME, <Computer>NAME</Computer>: the host that a collector
 * names. */
static void collect_exported_host(struct redactor *r, struct text line)
{
    for (size_t i = 1; i + 1 < line.len; i++) {
        const char c = line.at[i];
        if (c != '=' && c != ':' && c != '>')
            continue;
        const bool quoted = is_quote(line.at[i - 1]);
        if ((c == ':' && !quoted) || !is_host_key(line, i - quoted, c == ':' ? OBJECT : WORD))
            continue;
        struct text value = text_trim(text_from(line, i + 1));
        if (text_starts(value, TEXT("[")))
            value = text_trim(text_from(value, 1));
        if (text_starts(value, TEXT("{")))
            value = own_name(value);
        else if (!is_host_key(line, i - quoted, c == ':' ? MEMBER : WORD))
            continue;
        redact_name(r, redact_token(value.len && is_quote(value.at[0]) ? text_from(value, 1) : value));
    }
}

void redact_collect(struct redactor *r, struct text line)
{
    line = redact_before_prose(redact_without_blanks(line)); /* "description crypto map for the branch" names no map */
    collect_dn(r, line);
    redact_collect_conditions(r, line);
    collect_relay_host(r, line);
    collect_exported_host(r, line);
    collect_placed(r, line);
    /* a prompt: NAME#, NAME>, NAME(config)# */
    struct text first = redact_foreign_token(line);
    if (!first.len)
        first = redact_token(line);
    if (first.len && first.len < line.len) {
        struct text rest = text_from(line, first.len);
        size_t close = rest.at[0] == '(' ? text_find_byte(rest, ')') : TEXT_NOWHERE;
        if (close != TEXT_NOWHERE)
            rest = text_from(rest, close + 1);
        if (rest.len && (rest.at[0] == '#' || rest.at[0] == '>') && !text_has(first, TEXT("--")))
            redact_name(r, first);
    }
    const size_t plain = configuration_until(line);
    struct pairs pairs;
    note_pairs(&pairs, line);
    for (size_t i = 0; i < COUNT_OF(phrases); i++) {
        struct text phrase = text_of(phrases[i].phrase), rest = line;
        for (size_t at; may_hold(&pairs, phrase) && (at = find_phrase(rest, phrase)) != TEXT_NOWHERE;) {
            struct text behind = text_from(rest, at + phrase.len);
            bool whole = (at == 0 || !redact_word_char(rest.at[at - 1])) &&
                         (phrases[i].use == TELLING || (size_t)(rest.at + at - line.at) <= plain);
            const char last = phrase.at[phrase.len - 1];
            if (whole && (last == '\'' || last == '"')) {
                size_t end = text_find_byte(behind, last);
                if (end != TEXT_NOWHERE)
                    redact_name(r, text_upto(behind, end));
            } else if (whole) {
                /* "profile keyring NAME": words of the trade may stand between */
                struct text next = text_trim(behind), token = redact_token(next), foreign = redact_foreign_token(next);
                for (int skipped = 0; skipped < 2 && !foreign.len && token.len && !redact_nameable(token) && token.at[0] > '9';
                     skipped++) {
                    next = text_trim(text_from(next, token.len));
                    token = redact_token(next);
                    foreign = redact_foreign_token(next);
                }
                redact_name(r, token);
                redact_name(r, foreign);
            }
            rest = behind;
        }
    }
}

struct text redact_known(struct redactor *r, struct text token)
{
    const char *known = map_find(&r->names, bytes_of_text(token));
    if (known)
        return text_of(known);
    const size_t at = text_find_byte(token, '@'); /* an export's "@timestamp" is none */
    bool formed = (at != TEXT_NOWHERE && at > 0) || looks_like_domain(token);
    return formed ? redact_name(r, token) : (struct text){ NULL, 0 };
}
