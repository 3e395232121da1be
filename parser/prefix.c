#include "parser/prefix.h"

#include "base/limits.h"
#include "model/address.h"
#include "parser/scan.h"
#include "parser/tag.h"

/* Behind a time stand ": ", " : " or only a blank; takes a colon and blanks. */
static bool take_colon(struct text *t)
{
    struct text s = scan_skip(*t);
    bool colon = s.len && s.at[0] == ':';
    if (colon)
        s = text_from(s, 1);
    if (!colon && s.len == t->len && t->len)
        return false;
    *t = scan_skip(s);
    return colon;
}

/* "<164>" of a message that a relay kept as it came. */
static bool is_priority(struct text t)
{
    uint64_t number;
    size_t n = t.at[0] == '<' ? text_digits(text_upto(text_from(t, 1), 3), 10, &number) : 0;
    return n && n + 1 < t.len && t.at[n + 1] == '>' && number <= 191;
}

/* Does a message's own tag start here? Only what can stand behind a host's name. */
static bool starts_message(struct text t)
{
    if (t.len == 0)
        return false;
    struct tag tag;
    struct stamp stamp;
    return t.at[0] == '%' || is_priority(t) || (tag_scan(t, &tag) && tag.family != FAMILY_CONTEXT) || stamp_scan(t, &stamp) != 0;
}

static bool is_host_octet(char c)
{
    return scan_letter(c) || scan_digit(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '/';
}

/* The words that a message's tag begins with, whatever follows. */
static bool is_tag_word(struct text t)
{
    static const char *const words[] = { "IKEv2", "IPSEC", "CRYPTO", "ISAKMP", "SA ID:" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_starts(t, text_of(words[i])))
            return true;
    return false;
}

/* Can a device be called so? A list's "3." and a message's own tag are no names. */
static bool names_device(struct text t)
{
    struct address a;
    struct stamp stamp;
    bool letter = false;
    for (size_t i = 0; i < t.len; i++)
        letter |= scan_letter(t.at[i]);
    return (letter && t.at[0] != '%' && !is_tag_word(t) && !stamp_scan(t, &stamp)) || address_read(t, &a);
}

/* "000123: ", a device's own number; 0: none stands there. */
static size_t own_number(struct text t)
{
    uint64_t number;
    const size_t n = text_digits(text_upto(t, 18), 10, &number);
    return n && n < t.len && t.at[n] == ':' && (n + 1 == t.len || t.at[n + 1] == ' ') ? n + 1 : 0;
}

/* "r2: ": what `logging origin-id` puts in front of the device's own number and time. */
static bool take_origin(struct text *t, struct prefix *p, struct prefix_cache *cache)
{
    size_t n = text_find_byte(text_upto(*t, 64), ':');
    if (n == TEXT_NOWHERE || n == 0 || n + 1 >= t->len || t->at[n + 1] != ' ')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_host_octet(t->at[i]))
            return false;
    struct text rest = scan_skip(text_from(*t, n + 1));
    const size_t number = own_number(rest);
    rest = scan_skip(text_from(rest, number));
    if (!starts_message(rest) || !names_device(text_upto(*t, n)))
        return false;
    p->host = text_upto(*t, n);
    if (cache) {
        cache->numbered_twice |= number != 0;
        memcpy(cache->origin, t->at, n);
        cache->origin_len = n;
    }
    *t = rest;
    return true;
}

/* The same in front of a line that goes on: only a name that was there before. */
static bool skip_origin(struct text *t, const struct prefix_cache *cache)
{
    size_t n = cache->origin_len;
    if (n == 0 || t->len < n || memcmp(t->at, cache->origin, n) != 0 || (t->len > n && t->at[n] != ':' && t->at[n] != ' '))
        return false;
    n += t->len > n && t->at[n] == ':';
    *t = text_from(*t, n < t->len && t->at[n] == ' ' ? n + 1 : n);
    return true;
}

static void skip_own_number(struct text *t, const struct prefix_cache *cache)
{
    const size_t n = cache->numbered_twice ? own_number(*t) : 0;
    *t = text_from(*t, n && n < t->len ? n + 1 : n);
}

/* What a device put in front of a line that goes on, behind a relay's number: its name, and its own number before or behind. */
static bool skip_own(struct text *t, const struct prefix_cache *cache)
{
    const struct text before = *t;
    skip_own_number(t, cache);
    const bool numbered = t->at != before.at, named = skip_origin(t, cache);
    if (named && !numbered)
        skip_own_number(t, cache);
    return named;
}

/* "2328304: " or "000123: ", only in front of a time or a message, or of the device's own number and name. */
static bool take_sequence(struct text *t, struct prefix *p, struct prefix_cache *cache)
{
    uint64_t number, own;
    size_t n = text_digits(text_upto(*t, 18), 10, &number);
    if (n == 0 || n >= t->len || t->at[n] != ':')
        return false;
    struct text rest = scan_skip(text_from(*t, n + 1));
    size_t second = text_digits(text_upto(rest, 18), 10, &own);
    if (second && second < rest.len && rest.at[second] == ':') {
        struct text behind = scan_skip(text_from(rest, second + 1));
        if (starts_message(behind)) {
            rest = behind;
            if (cache)
                cache->numbered_twice = true;
        }
    }
    if (!starts_message(rest) && !take_origin(&rest, p, cache))
        return false;
    p->sequence = number;
    p->has_sequence = true;
    *t = rest;
    return true;
}

/* "-", "[DEBUG]", "INFO", "stdout F": what programs put between their time and a line that they pass on; 0: none is there. */
static size_t level_word(struct text t)
{
    static const char *const words[] = { "-",      "DEBUG",    "INFO",   "NOTICE",    "WARN",    "WARNING",  "ERROR",   "[DEBUG]",
                                         "[INFO]", "[NOTICE]", "[WARN]", "[WARNING]", "[ERROR]", "stdout F", "stderr F" };
    for (size_t i = 0; i < COUNT_OF(words) && t.len && strchr("-[DINWEs", t.at[0]); i++) {
        const struct text word = text_of(words[i]);
        if (text_starts(t, word) && t.len > word.len && scan_blank(t.at[word.len]))
            return word.len;
    }
    return 0;
}

/* "{host="r7", job="cisco"} ": the labels of a stream, one of which may name the device. */
static void take_labels(struct text *t, struct prefix *p)
{
    const size_t end = text_find(*t, TEXT("} ")), equals = text_find_byte(*t, '=');
    if (end == TEXT_NOWHERE || equals == TEXT_NOWHERE || equals > end || t->at[equals + 1] != '"')
        return;
    const struct text labels = text_upto(*t, end);
    for (size_t from = 1, n; (n = text_find(text_from(labels, from), TEXT("host=\""))) != TEXT_NOWHERE; from += n + 6) {
        const struct text value = text_from(labels, from + n + 6);
        if (!is_host_octet(labels.at[from + n - 1])) /* and not "vhost=" */
            p->host = text_upto(value, text_find_byte(value, '"'));
    }
    *t = text_from(*t, end + 2);
}

/* "Local7.Debug ": facility and level, as some relays write them behind their time. */
static void skip_facility(struct text *t)
{
    static const char *const levels[] = {
        ".debug", ".info", ".notice", ".warning", ".error", ".critical", ".alert", ".emergency"
    };
    struct text rest = *t, word;
    if (!text_word(&rest, &word))
        return;
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        struct text level = text_of(levels[i]);
        if (word.len > level.len && text_equal_nocase(text_from(word, word.len - level.len), level)) {
            *t = scan_skip(rest);
            return;
        }
    }
}

/* "rsyslogd[812]: ": the relay's own program, behind which stands what it was sent. */
static bool skip_program(struct text *t)
{
    uint64_t pid;
    size_t n = 0;
    while (n < t->len && n < 64 && is_host_octet(t->at[n]) && t->at[n] != ':')
        n++;
    size_t digits = n && n < t->len && t->at[n] == '[' ? text_digits(text_upto(text_from(*t, n + 1), 10), 10, &pid) : 0;
    if (!digits || !text_starts(text_from(*t, n + 1 + digits), TEXT("]: ")))
        return false;
    *t = text_from(*t, n + digits + 4);
    return true;
}

static bool is_last_host(const struct prefix_cache *cache, struct text host)
{
    return cache->host_len == host.len && memcmp(cache->host, host.at, host.len) == 0;
}

/* Did a relay name this host before? */
static bool relayed_before(const struct prefix_cache *cache, struct text host)
{
    return is_last_host(cache, host) || (cache->relayed && map_find(&cache->relayed->map, bytes_of_text(host)));
}

void prefix_relayed(struct prefix_cache *cache, struct text host)
{
    if (is_last_host(cache, host))
        return;
    if (host.len <= sizeof cache->host) {
        memcpy(cache->host, host.at, host.len);
        cache->host_len = host.len;
    }
    if (cache->relayed && cache->relayed->map.count < LIMIT_HOSTS)
        names_intern(cache->relayed, host);
}

/* A host's name between a relay's time and the message: "host ", "host : ", "10.1.1.1 123: ". */
static bool take_host(struct text *t, struct prefix *p, struct prefix_cache *cache)
{
    size_t n = 0;
    while (n < t->len && n < 256 && is_host_octet(t->at[n]))
        n++;
    if (n && n == t->len && cache && is_last_host(cache, *t)) { /* an empty line */
        p->host = *t;
        *t = text_from(*t, n);
        return true;
    }
    if (n == 0 || n >= t->len || (t->at[n] != ' ' && t->at[n] != '\t') || is_tag_word(*t))
        return false;
    struct text host = text_upto(*t, n), rest = scan_skip(text_from(*t, n));
    if (host.at[host.len - 1] == ':')
        host.len--;
    uint64_t number;
    if (text_number(host, 10, &number)) /* the device's own, with no host before it */
        return false;
    if (rest.len && rest.at[0] == ':')
        rest = scan_skip(text_from(rest, 1));
    if (!p->program && skip_program(&rest)) {
        p->program = true;
        if (!take_host(&rest, p, cache))
            p->host = host;
        *t = rest;
        return true;
    }
    struct prefix inner = *p;
    struct text behind = rest;
    bool known = cache && relayed_before(cache, host);
    bool message = starts_message(rest) || take_sequence(&behind, &inner, cache) || take_origin(&behind, &inner, cache);
    if (!message && !known)
        return false;
    if (cache)
        prefix_relayed(cache, host);
    if (!message) { /* a continuation line, which the device numbered */
        n = text_digits(text_upto(rest, 18), 10, &number);
        if (n && n < rest.len && rest.at[n] == ':' && (n + 1 == rest.len || rest.at[n + 1] == ' ')) {
            p->sequence = number;
            p->has_sequence = true;
            rest = text_from(rest, n + 1);
            rest = rest.len ? text_from(rest, 1) : rest;
        }
        if (skip_own(&rest, cache))
            host = text_over(cache->origin, cache->origin_len);
    }
    p->host = host;
    *t = rest;
    return true;
}

/* "[id name="value"][id …]": how long it is. A value may have brackets in it, and a quote behind a backslash. */
static size_t structured_data(struct text t)
{
    bool quoted = false;
    size_t i = 0;
    for (; i < t.len; i++) {
        if (quoted && t.at[i] == '\\')
            i++;
        else if (t.at[i] == '"')
            quoted = !quoted;
        else if (!quoted && t.at[i] == ']' && (i + 1 >= t.len || t.at[i + 1] == ' '))
            return i + 1;
    }
    return t.len;
}

/* "<189>1 2024-06-20T14:03:22.501Z host app proc msgid [sd]|- message" (RFC 5424), behind "<189>1 ". */
static bool take_rfc5424(struct text *t, struct prefix *p)
{
    struct text s = *t, word;
    struct stamp stamp = { 0 };
    size_t n = stamp_scan(s, &stamp);
    if (n)
        s = text_from(s, n);
    else if (!text_word(&s, &word) || !text_equal(word, TEXT("-")))
        return false;
    struct text host;
    if (!text_word(&s, &host))
        return false;
    for (int i = 0; i < 3; i++)
        if (!text_word(&s, &word))
            return false;
    s = scan_skip(s);
    if (s.len && s.at[0] == '[') {
        s = text_from(s, structured_data(s));
    } else if (s.len && s.at[0] == '-') {
        s = text_from(s, 1);
    }
    s = scan_skip(s);
    if (text_starts(s, TEXT("\xef\xbb\xbf")))
        s = text_from(s, 3);
    if (!text_equal(host, TEXT("-")))
        p->host = host;
    if (n) {
        p->time = stamp;
        p->has_time = true;
    }
    p->relayed = true;
    *t = s;
    return true;
}

static bool take_priority(struct text *t, struct prefix *p)
{
    uint64_t number;
    size_t n = text_digits(text_upto(text_from(*t, 1), 3), 10, &number);
    if (n == 0 || n + 1 >= t->len || t->at[n + 1] != '>' || number > 191)
        return false;
    p->relayed = true;
    struct text s = text_from(*t, n + 2);
    if (s.len > 2 && s.at[0] == '1' && s.at[1] == ' ') {
        struct text v = text_from(s, 2);
        if (take_rfc5424(&v, p)) {
            *t = v;
            return true;
        }
    }
    *t = scan_skip(text_from(s, s.len && s.at[0] == ':')); /* FTD: "<165>:2023-…" */
    return true;
}

/* "RP/0/RP0/CPU0:" */
static bool take_xr_node(struct text *t)
{
    if (!text_starts(*t, TEXT("RP/")))
        return false;
    size_t colon = text_find_byte(text_upto(*t, 24), ':');
    if (colon == TEXT_NOWHERE)
        return false;
    *t = text_from(*t, colon + 1);
    return true;
}

/* "{iosrp_R0-0}{255}: [parser_cmd] [6843]: (note): message" of btrace. */
static void take_btrace(struct text *t)
{
    if (t->len == 0 || t->at[0] != '{')
        return;
    size_t end = text_find(*t, TEXT("): "));
    if (end != TEXT_NOWHERE)
        *t = scan_skip(text_from(*t, end + 3));
}

enum { DAY_AND_CLOCK = 22, ADDRESS_COLUMNS = 4 };

/* "4 Sep 18 2018 17:40:58 750003 Local:…": severity, date, time, message number, as ASDM's viewer copies them; it saves them as
 * "4|Sep 18 2018|17:40:58|750003|address|port|address|port|Local:…". */
static bool take_columns(struct text t, struct prefix *p)
{
    if (t.len < 24 || !scan_digit(t.at[0]) || (t.at[1] != ' ' && t.at[1] != '\t' && t.at[1] != '|') ||
        !stamp_month(text_from(t, 2)))
        return false;
    const char separator = t.at[1];
    char time[DAY_AND_CLOCK];
    struct text s = text_upto(text_from(t, 2), sizeof time);
    memcpy(time, s.at, s.len);
    for (size_t i = 0; i < s.len; i++)
        time[i] = time[i] == separator ? ' ' : time[i];
    struct stamp stamp;
    const size_t n = stamp_scan(text_over(time, s.len), &stamp);
    struct text rest = text_from(t, n + 2);
    uint64_t number;
    if (n == 0 || !rest.len || rest.at[0] != separator || text_digits(rest = text_from(rest, 1), 10, &number) != 6)
        return false;
    p->number = text_upto(rest, 6);
    rest = text_from(rest, 6);
    for (size_t i = 0, at; separator == '|' && i <= ADDRESS_COLUMNS; i++)
        rest = text_from(rest, (at = text_find_byte(rest, '|')) == TEXT_NOWHERE ? rest.len : at + 1);
    p->time = stamp;
    p->has_time = true;
    p->rest = scan_skip(rest);
    return true;
}

/* A device's own time, and a second one behind it where a relay put its own in front. cache: NULL, of the second. */
static bool take_time(struct text *t, struct prefix *p, struct prefix_cache *cache)
{
    if (cache && cache->len && t->len >= cache->len && memcmp(t->at, cache->at, cache->len) == 0) {
        p->time = cache->time;
        p->has_time = true;
        *t = scan_skip(text_from(*t, cache->len));
        return true;
    }
    struct stamp stamp;
    size_t n = stamp_scan(*t, &stamp);
    if (n == 0)
        return false;
    struct text rest = text_from(*t, n);
    bool colon = take_colon(&rest);
    if (!colon && rest.len && rest.at[0] == '{') {
        take_labels(&rest, p);
        take_btrace(&rest);
    }
    if (cache && colon && n + 1 <= sizeof cache->at) {
        cache->len = n + (t->at[n] == ':');
        memcpy(cache->at, t->at, cache->len);
        cache->time = stamp;
        if (t->at[n] != ':')
            cache->len = 0;
    }
    if (stamp.kind != STAMP_NONE) /* one that tells none leaves the one in front of it */
        p->time = stamp;
    p->has_time = true;
    if (!colon) { /* a relay's: host, sequence and the device's own may follow */
        for (size_t word; (word = level_word(rest)) != 0;)
            rest = text_from(rest, word + 1);
        skip_facility(&rest);
        p->relayed |= take_host(&rest, p, cache);
        if (!take_sequence(&rest, p, cache) && p->relayed)
            take_origin(&rest, p, cache);
    }
    *t = rest;
    return true;
}

/* Can a prefix start with this octet? Settles most lines of packet dumps at once. */
static bool may_start(char c)
{
    return scan_digit(c) || c == '*' || c == '.' || c == '<' || c == '[' || (c >= 'A' && c <= 'W');
}

enum { NUMBERS_LOST = 1000 };

bool prefix_goes_on(const struct prefix_cache *cache, uint64_t number)
{
    return cache->numbered && number >= cache->number && number - cache->number <= NUMBERS_LOST;
}

/* "124: " in front of a line that starts nothing of its own, where messages before it were numbered so. */
static bool take_bare_number(struct text t, struct prefix_cache *cache, struct prefix *p)
{
    uint64_t number;
    size_t n = cache->numbered ? text_digits(text_upto(t, 18), 10, &number) : 0;
    if (n == 0 || n >= t.len || t.at[n] != ':' || (n + 1 < t.len && t.at[n + 1] != ' ') || !prefix_goes_on(cache, number))
        return false;
    struct text behind = scan_skip(text_from(t, n + 1));
    struct prefix inner = { .has_time = false };
    if (starts_message(behind) || take_origin(&behind, &inner, NULL) || take_sequence(&behind, &inner, NULL))
        return false;
    cache->number = p->sequence = number;
    p->has_sequence = p->bare = true;
    p->rest = text_from(t, n + 2 < t.len ? n + 2 : t.len);
    skip_own(&p->rest, cache);
    return true;
}

/* "r2: " or "10.1.1.2 " and nothing else in front of the device's own time. */
static bool take_name(struct text t, struct prefix_cache *cache, struct prefix *p)
{
    struct text s = t, word;
    struct stamp stamp;
    if (!take_origin(&s, p, cache)) {
        if (!text_word(&s, &word) || text_find_byte(word, '.') == TEXT_NOWHERE || !names_device(word) ||
            !(stamp_scan(s = scan_skip(s), &stamp) || (scan_digit(word.at[0]) && starts_message(s)))) {
            p->rest = t;
            p->bare = skip_origin(&p->rest, cache);
            return p->bare;
        }
        p->host = word;
        cache->origin_len = word.len <= sizeof cache->origin ? word.len : 0;
        memcpy(cache->origin, word.at, cache->origin_len);
    }
    p->rest = s;
    if (take_time(&s, p, NULL))
        p->rest = s;
    return true;
}

bool prefix_scan(struct text t, struct prefix_cache *cache, struct prefix *p)
{
    *p = (struct prefix){ .rest = t };
    if (cache->numbered && t.len && scan_digit(t.at[0]) && take_bare_number(t, cache, p))
        return true;
    if (t.len >= 5 && !may_start(t.at[0]))
        return scan_letter(t.at[0]) && take_name(t, cache, p);
    if (t.len < 5)
        return p->bare = skip_origin(&p->rest, cache);
    struct text s = t;
    if (cache->len && t.len >= cache->len && memcmp(t.at, cache->at, cache->len) == 0) {
        p->time = cache->time;
        p->has_time = true;
        p->rest = scan_skip(text_from(t, cache->len));
        s = p->rest;
        bool priority = s.len && s.at[0] == '<' && take_priority(&s, p);
        if (!priority && (s.len == 0 || (!is_host_octet(s.at[0]) && s.at[0] != '*') || s.at[0] == 'I'))
            return true;
    } else {
        if (s.at[0] == '<' && !take_priority(&s, p))
            return false;
        if (s.len && s.at[0] == '[') { /* a terminal program's "[2024-06-20 14:03:22.123] " */
            struct stamp stamp;
            size_t n = stamp_scan(text_from(s, 1), &stamp);
            if (n == 0 || n + 1 >= s.len || s.at[n + 1] != ']')
                return false;
            p->time = stamp;
            p->has_time = true;
            s = scan_skip(text_from(s, n + 2));
        }
        if (take_columns(s, p))
            return true;
        if (take_sequence(&s, p, cache)) {
            prefix_numbered(cache, p->sequence);
            cache->numbered = scan_digit(t.at[0]) || p->relayed;
        } else if (p->relayed && take_bare_number(s, cache, p)) {
            return true;
        }
        take_xr_node(&s);
        if (s.len && s.at[0] == '<' && s.at != t.at)
            take_priority(&s, p);
        if (take_time(&s, p, cache) && s.len && s.at[0] == '<')
            take_priority(&s, p);
    }
    /* Behind a relay's time, number and host comes the device's own time, perhaps with its number; never more. */
    struct text before = s;
    if (s.len && (scan_digit(s.at[0]) || s.at[0] == '*' || s.at[0] == '.' || (s.at[0] >= 'A' && s.at[0] <= 'S'))) {
        take_sequence(&s, p, cache);
        if (p->has_time && (s.at != before.at || p->relayed || stamp_month(s) || s.at[0] == '*' || s.at[0] == '.')) {
            struct stamp outer = p->time;
            if (!take_time(&s, p, NULL))
                p->time = outer;
        }
    }
    if (p->host.len == 0 && s.len && s.at[0] != '%' && p->has_time) {
        size_t percent = s.at[0] == 'I' ? TEXT_NOWHERE : text_find_byte(text_upto(s, 80), '%');
        struct text copy = s;
        if (percent != TEXT_NOWHERE && percent > 1 && percent + 1 < s.len && s.at[percent - 1] == ' ' &&
            scan_upper(s.at[percent + 1]))
            take_host(&copy, p, NULL);
        if (p->host.len)
            s = copy;
    }
    p->rest = s;
    return s.at != t.at || take_name(t, cache, p);
}

void prefix_numbered(struct prefix_cache *cache, uint64_t number)
{
    cache->numbered = true;
    cache->number = number;
}

size_t prefix_relay(struct text t)
{
    struct text s = t, word;
    struct prefix p = { .relayed = false };
    struct stamp stamp;
    if (t.len < 5 || !may_start(t.at[0]))
        return 0;
    if (s.at[0] == '<') {
        if (!take_priority(&s, &p))
            return 0;
        if (p.host.len) /* RFC 5424 */
            return t.len - s.len;
    }
    if (s.len && s.at[0] == '[') {
        size_t n = stamp_scan(text_from(s, 1), &stamp);
        if (n == 0 || n + 1 >= s.len || s.at[n + 1] != ']')
            return 0;
        s = text_from(s, n + 2);
        return t.len - s.len + (s.len && s.at[0] == ' ');
    }
    size_t n = stamp_scan(s, &stamp);
    if (n == 0 || n + 2 >= s.len || s.at[n] != ' ')
        return t.len - s.len;
    struct text behind = text_from(s, n + 1);
    if (!text_word(&behind, &word) || word.len == 0 || !is_host_octet(word.at[0]) || word.at[0] == ':')
        return t.len - s.len;
    if (behind.len && behind.at[0] == ' ')
        behind = text_from(behind, 1);
    return t.len - behind.len;
}

bool prompt_scan(struct text t, struct text *host, struct text *command)
{
    size_t n = 0;
    if (t.len == 0 || !scan_letter(t.at[0]))
        return false;
    while (n < t.len && n < 64 && (is_host_octet(t.at[n]) || t.at[n] == '(' || t.at[n] == ')'))
        n++;
    if (n < 1 || n >= t.len || (t.at[n] != '#' && t.at[n] != '>') || t.at[n - 1] == '-' || t.at[n - 1] == ':')
        return false;
    struct text name = text_upto(t, n);
    size_t cut = text_find_byte(name, '(');
    if (cut == 0 || text_find_byte(name, ')') < cut) /* "config)#": a prompt's end */
        return false;
    if (cut != TEXT_NOWHERE)
        name.len = cut;
    cut = text_find_byte(name, '/'); /* asa/pri/act */
    if (cut != TEXT_NOWHERE && cut)
        name.len = cut;
    *host = name;
    *command = scan_trim_end(scan_skip(text_from(t, n + 1)));
    return true;
}
