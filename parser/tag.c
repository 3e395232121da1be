#include "parser/tag.h"

#include "base/arena.h"
#include "base/stamp.h"
#include "parser/scan.h"

/* "(SESSION ID = 31,SA ID = 1)", "(SA ID = 1)"; ids of 0 mean "not bound yet". */
static bool take_ids(struct text *t, struct tag *tag)
{
    struct text s = text_from(*t, 1);
    uint64_t session = 0, sa = 0;
    bool has_session = scan_eat(&s, "SESSION ID = ");
    if (has_session && (!scan_number(&s, &session) || !scan_eat_byte(&s, ',')))
        return false;
    if (!scan_eat(&s, "SA ID = ") || !scan_number(&s, &sa) || !scan_eat_byte(&s, ')'))
        return false;
    tag->has_session_id = has_session && session && session <= UINT32_MAX;
    tag->session_id = (uint32_t)session;
    tag->has_sa_id = sa && sa <= UINT32_MAX;
    tag->sa_id = (uint32_t)sa;
    if (has_session)
        tag->kind = INPUT_IOSXE_DEBUG;
    *t = s;
    return true;
}

/* "(27)" of ASA, "(1)" of IOS (a profile request, not an SA). */
static bool take_number(struct text *t, uint64_t *number)
{
    size_t n = text_digits(text_upto(text_from(*t, 1), 10), 10, number);
    if (n == 0 || n + 1 >= t->len || t->at[n + 1] != ')' || *number > UINT32_MAX)
        return false;
    *t = text_from(*t, n + 2);
    return true;
}

static bool scan_asa(struct text t, struct tag *tag)
{
    tag->platform = t.at[1] == 'L';
    size_t word = tag->platform ? 5 : 6; /* "PLAT-" "PROTO-" */
    if (t.len <= word + 1 || !scan_digit(t.at[word]) || t.at[word + 1] != ':')
        return false;
    tag->family = FAMILY_ASA;
    tag->kind = INPUT_ASA_DEBUG;
    tag->level = (uint8_t)(t.at[word] - '0');
    t = text_from(t, word + 2);
    struct text s = scan_skip(t);
    uint64_t number;
    if (s.len > 2 && s.at[0] == '(' && take_number(&s, &number)) {
        tag->has_sa_id = true;
        tag->sa_id = (uint32_t)number;
        if (s.len && s.at[0] == ':')
            s = text_from(s, 1);
        t = s;
    }
    tag->rest = scan_skip(t);
    return true;
}

/* Behind "IKEv2": the dash and word of IOS-XE, or PROTO and PLAT of ASA, the ids, and the colons. */
static bool scan_ikev2(struct text t, struct tag *tag)
{
    tag->family = FAMILY_IOS;
    if (t.len && t.at[0] == '-') {
        t = text_from(t, 1);
        if (t.len > 6 && t.at[0] == 'P' && (t.at[1] == 'R' || t.at[1] == 'L'))
            return scan_asa(t, tag);
        size_t n = 0;
        while (n < t.len && n < 16 && scan_upper(t.at[n]))
            n++;
        if (n == 0)
            return false;
        struct text word = text_upto(t, n);
        tag->error = text_equal(word, TEXT("ERROR"));
        tag->internal = text_equal(word, TEXT("INTERNAL"));
        tag->packet = text_equal(word, TEXT("PAK"));
        tag->kind = INPUT_IOSXE_DEBUG;
        t = text_from(t, n);
    }
    if (t.len == 0 || t.at[0] != ':')
        return false;
    t = text_from(t, 1);
    uint64_t number;
    struct text s = scan_skip(t);
    if (s.len && s.at[0] == '(' && take_ids(&s, tag)) {
        t = s;
        tag->glued = t.len == 0;
    } else if (s.len > 2 && s.at[0] == '(' && take_number(&s, &number) && s.len && s.at[0] == ':') {
        tag->has_profile_number = true;
        t = s;
    }
    t = scan_skip(t);
    while (t.len && t.at[0] == ':') /* "(SA ID = 1):: Failed …" */
        t = scan_skip(text_from(t, 1));
    if (t.len && t.at[0] == '%') {
        tag->percent = true;
        t = scan_skip(text_from(t, 1));
    }
    tag->rest = t;
    return true;
}

/* "vpn-": the logging class that ASA and FTD may print between their name and the severity. */
static size_t logging_class(struct text t)
{
    size_t n = 0;
    while (n < t.len && n < 24 && (scan_lower(t.at[n]) || (n && t.at[n] == '-' && n + 1 < t.len && scan_lower(t.at[n + 1]))))
        n++;
    return n && n + 1 < t.len && t.at[n] == '-' && scan_digit(t.at[n + 1]) ? n + 1 : 0;
}

/* "%CRYPTO-5-IKEV2_SESSION_STATUS: ", "%FTD-4-750003 Local:…" (no colon) */
static bool scan_syslog(struct text t, struct tag *tag)
{
    size_t n = 1;
    if (text_starts(t, TEXT("%ASA-")) || text_starts(t, TEXT("%FTD-")))
        n = 5 + logging_class(text_from(t, 5));
    while (n < t.len && n < 80 &&
           (scan_upper(t.at[n]) || scan_digit(t.at[n]) || t.at[n] == '_' || t.at[n] == '-' || t.at[n] == '/'))
        n++;
    struct text name = text_upto(text_from(t, 1), n - 1);
    /* FAC[-SUB]-n-MNEMONIC */
    bool found = false;
    for (size_t i = 2; i + 2 < name.len && !found; i++)
        if (name.at[i - 1] == '-' && scan_digit(name.at[i]) && name.at[i] <= '7' && name.at[i + 1] == '-') {
            found = true;
            tag->level = (uint8_t)(name.at[i] - '0');
        }
    if (!found || (n < t.len && t.at[n] != ':' && t.at[n] != ' '))
        return false;
    tag->family = FAMILY_SYSLOG;
    tag->kind = INPUT_SYSLOG;
    tag->facility = name;
    t = text_from(t, n);
    if (t.len && t.at[0] == ':')
        t = text_from(t, 1);
    t = scan_skip(t);
    if (text_equal(text_from(name, name.len >= 6 ? name.len - 6 : 0),
                   TEXT("711001"))) { /* ASA: a debug line in syslog's clothes */
        struct tag inner = { 0 };
        if (tag_scan(t, &inner)) {
            *tag = inner;
            return true;
        }
        tag->family = FAMILY_NONE;
        tag->kind = INPUT_ASA_DEBUG;
    }
    tag->rest = t;
    return true;
}

/* "SA ID:2 SESSION ID:1 Remote: 30.1.1.2/500 Local: 30.1.1.1/500  (I) Sending IKEv2 …" */
static bool scan_trace(struct text t, struct tag *tag)
{
    uint64_t sa, session = 0;
    struct text word;
    if (!scan_eat(&t, "SA ID:") || !scan_number(&t, &sa) || !scan_eat(&t, "SESSION ID:") || !scan_number(&t, &session))
        return false;
    tag->family = FAMILY_TRACE;
    tag->kind = INPUT_EVENT_TRACE;
    tag->has_sa_id = sa && sa <= UINT32_MAX;
    tag->sa_id = (uint32_t)sa;
    tag->has_session_id = session && session <= UINT32_MAX;
    tag->session_id = (uint32_t)session;
    if (scan_eat(&t, "Remote:") && text_word(&t, &word))
        endpoint_read(word, &tag->remote);
    if (scan_eat(&t, "Local:") && text_word(&t, &word))
        endpoint_read(word, &tag->local);
    if (scan_eat(&t, "(I)"))
        tag->role = SIDE_INITIATOR;
    else if (scan_eat(&t, "(R)"))
        tag->role = SIDE_RESPONDER;
    scan_eat(&t, ":"); /* errors, as IKEv2-ERROR prints them */
    tag->rest = scan_skip(t);
    return true;
}

struct word_family {
    const char *word;
    uint8_t family, kind;
};

/* {how the line starts, family, kind} */
static const struct word_family words[] = {
    { "IPSEC-EVENT:", FAMILY_TRACE, INPUT_EVENT_TRACE },
    { "IPSEC-ERROR:", FAMILY_TRACE, INPUT_EVENT_TRACE },
    { "IPSEC:(", FAMILY_IPSEC, INPUT_UNKNOWN },
    { "IPSEC(", FAMILY_IPSEC, INPUT_UNKNOWN },
    { "IPSEC:", FAMILY_IPSEC, INPUT_UNKNOWN },
    { "ISAKMP:", FAMILY_IKEV1, INPUT_UNKNOWN },
    { "ISAKMP-ERROR:", FAMILY_IKEV1, INPUT_UNKNOWN }, /* a profile may be called ISAKMP-anything */
    { "ISAKMP-PAK:", FAMILY_IKEV1, INPUT_UNKNOWN },
    { "ISAKMP-INTERNAL:", FAMILY_IKEV1, INPUT_UNKNOWN },
    { "ISAKMP (", FAMILY_IKEV1, INPUT_UNKNOWN },
    { "IKEv1:", FAMILY_IKEV1, INPUT_UNKNOWN },
    { "IKEv1 DEBUG", FAMILY_IKEV1, INPUT_ASA_DEBUG },
    { "[IKEv1]", FAMILY_IKEV1, INPUT_ASA_DEBUG },
    { "[IKEv1 ", FAMILY_IKEV1, INPUT_ASA_DEBUG },
    { "Crypto mapdb", FAMILY_IPSEC, INPUT_UNKNOWN },
    { "CRYPTO_PKI", FAMILY_PKI, INPUT_UNKNOWN },
    { "CRYPTO_OPSSL", FAMILY_PKI, INPUT_UNKNOWN },
    { "CRYPTO_CS", FAMILY_PKI, INPUT_UNKNOWN },
    { "CRYPTO_ENGINE", FAMILY_PKI, INPUT_UNKNOWN },
    { "PKI:", FAMILY_PKI, INPUT_UNKNOWN },
    { "PKI[", FAMILY_PKI, INPUT_ASA_DEBUG },
    { "(ipsec_process_proposal)", FAMILY_IPSEC, INPUT_UNKNOWN },
    { "map_db_", FAMILY_IPSEC, INPUT_UNKNOWN },
};

static bool scan_words(struct text t, struct tag *tag)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (t.at[0] != words[i].word[0] || !text_starts(t, text_of(words[i].word)))
            continue;
        tag->family = words[i].family;
        tag->kind = words[i].kind;
        tag->rest = t;
        struct text s = text_from(t, 6);
        if (tag->family == FAMILY_IPSEC && text_starts(t, TEXT("IPSEC:(SESSION ID"))) { /* "IPSEC:(SESSION ID = 4) (NAME) text" */
            uint64_t session;
            if (scan_eat(&s, "(SESSION ID = ") && scan_number(&s, &session) && scan_eat_byte(&s, ')')) {
                tag->has_session_id = session && session <= UINT32_MAX;
                tag->session_id = (uint32_t)session;
                tag->kind = INPUT_IOSXE_DEBUG;
                tag->rest = scan_skip(s);
            }
        }
        return true;
    }
    return false;
}

static const char *usual_number(const char *at, const char *end, uint32_t *number)
{
    uint32_t v = 0;
    const char *from = at;
    for (; at < end && scan_digit(*at); at++)
        v = v * 10 + (uint32_t)(*at - '0');
    *number = v;
    return at > from && at - from <= 9 ? at : NULL;
}

#define STANDS(at, end, literal) ((size_t)((end) - (at)) >= sizeof(literal) && memcmp((at), (literal), sizeof(literal) - 1) == 0)

/* "(SA ID = 1):", "(SESSION ID = 31,SA ID = 1):" of IOS; where it ends, NULL: it does not stand there so. */
static const char *usual_ids(const char *at, const char *end, struct tag *tag)
{
    if (STANDS(at, end, "(SESSION ID = ")) {
        if (!(at = usual_number(at + 14, end, &tag->session_id)) || !STANDS(at, end, ",SA ID = "))
            return NULL;
        tag->has_session_id = tag->session_id != 0;
        tag->kind = INPUT_IOSXE_DEBUG;
        at++;
    } else if (!STANDS(at, end, "(SA ID = ")) {
        return NULL;
    } else {
        at++;
    }
    if (!(at = usual_number(at + 8, end, &tag->sa_id)) || !STANDS(at, end, "):"))
        return NULL;
    tag->has_sa_id = tag->sa_id != 0;
    return at + 2;
}

/* "-PROTO-5: (27): ", "-PLAT-3: " of ASA. */
static const char *usual_asa(const char *at, const char *end, struct tag *tag)
{
    tag->platform = STANDS(at, end, "-PLAT-");
    if (!tag->platform && !STANDS(at, end, "-PROTO-"))
        return NULL;
    at += tag->platform ? 6 : 7;
    if (!scan_digit(*at) || !STANDS(at + 1, end, ": "))
        return NULL;
    tag->family = FAMILY_ASA;
    tag->kind = INPUT_ASA_DEBUG;
    tag->level = (uint8_t)(*at - '0');
    at += 3;
    if (*at != '(')
        return at;
    tag->has_sa_id = true;
    return (at = usual_number(at + 1, end, &tag->sa_id)) != NULL && STANDS(at, end, "): ") ? at + 3 : NULL;
}

static const char *usual_ios(const char *at, const char *end, struct tag *tag)
{
    tag->family = FAMILY_IOS;
    tag->kind = INPUT_IOSXE_DEBUG;
    if (*at == ':') {
        tag->kind = INPUT_UNKNOWN;
        at += 1;
    } else if (STANDS(at, end, "-INTERNAL:")) {
        tag->internal = true;
        at += 10;
    } else if (STANDS(at, end, "-ERROR:")) {
        tag->error = true;
        at += 7;
    } else if (STANDS(at, end, "-PAK:")) {
        tag->packet = true;
        at += 5;
    } else {
        return NULL;
    }
    return at < end && *at == '(' ? usual_ids(at, end, tag) : at;
}

/* Behind the tag stands the message's own first letter: then the tag's octets tell all of it. */
size_t tag_usual(struct text t, struct debug_tag *out)
{
    const char *at = t.at, *end = t.at + t.len;
    if (!STANDS(at, end, "IKEv2"))
        return 0;
    struct tag tag;
    memset(&tag, 0, sizeof *out);
    at += 5;
    at = *at == '-' && STANDS(at, end, "-P") && at[2] != 'A' ? usual_asa(at, end, &tag) : usual_ios(at, end, &tag);
    if (!at || at == end || scan_blank(*at) || *at == ':' || *at == '%')
        return 0;
    *out = tag_of_debug(&tag);
    return (size_t)(at - t.at);
}

bool tag_scan(struct text t, struct tag *tag)
{
    *tag = (struct tag){ .rest = t };
    if (t.len < 4)
        return false;
    switch (t.at[0]) {
    case 'I':
        if (text_starts(t, TEXT("IKEv2"))) {
            struct debug_tag usual;
            const size_t n = tag_usual(t, &usual);
            if (n) {
                *tag = tag_from_debug(&usual);
                tag->rest = text_from(t, n);
                return true;
            }
            if (scan_ikev2(text_from(t, 5), tag))
                return true;
            break;
        }
        if (scan_words(t, tag))
            return true;
        break;
    case 'K': /* a paste that lost its first letter */
        if (text_starts(t, TEXT("KEv2-P")) && scan_ikev2(text_from(t, 4), tag))
            return true;
        break;
    case '%':
        if (scan_syslog(t, tag))
            return true;
        break;
    case '[':
        if (scan_words(t, tag))
            return true;
        break;
    case 'S':
        if (text_starts(t, TEXT("SA ID:")) && scan_trace(t, tag))
            return true;
        break;
    case '(': {
        struct text s = t;
        uint64_t number;
        if (scan_digit(t.at[1]) && take_number(&s, &number) && s.len && s.at[0] == ':') {
            tag->family = FAMILY_CONTEXT;
            tag->kind = INPUT_ASA_DEBUG;
            tag->has_sa_id = true;
            tag->sa_id = (uint32_t)number;
            tag->rest = text_from(s, 1);
            return true;
        }
        if (scan_words(t, tag))
            return true;
        break;
    }
    case 'C':
    case 'P':
    case 'm':
        if (scan_words(t, tag))
            return true;
        break;
    default:
        break;
    }
    *tag = (struct tag){ .rest = t };
    return false;
}

/* Where a time that ends just before `end` begins, or `end`. */
static size_t time_before(struct text t, size_t end)
{
    size_t from = end > 48 ? end - 48 : 0;
    for (size_t i = from; i + 8 < end; i++) {
        char c = t.at[i];
        if (!(c == '*' || c == '.' || scan_digit(c) || (c >= 'A' && c <= 'S')))
            continue;
        if (i && !scan_blank(t.at[i - 1]) && c != '*' && c != '.')
            continue;
        struct stamp stamp;
        size_t n = stamp_scan(text_from(t, i), &stamp);
        if (n == 0)
            continue;
        struct text between = scan_skip(text_from(text_upto(t, end), i + n));
        if (between.len && between.at[0] == ':')
            between = scan_skip(text_from(between, 1));
        if (between.len == 0)
            return i;
    }
    return end;
}

/* By its K, which is rare in these texts. */
static size_t find_ikev2(struct text t)
{
    const char *from = t.at, *end = t.at + t.len, *k;
    while (from < end && (k = memchr(from, 'K', (size_t)(end - from))) != NULL) {
        if (k > t.at && end - k > 3 && memcmp(k - 1, "IKEv2", 5) == 0)
            return (size_t)(k - t.at) - 1;
        from = k + 1;
    }
    return TEXT_NOWHERE;
}

static const char wrapping[] = "%AAA-0-711001: "; /* A a letter, 0 a severity */

size_t tag_wrapping(struct text t)
{
    const size_t n = sizeof wrapping - 1;
    for (size_t i = 0; i < n; i++)
        if (t.len < n || (wrapping[i] == 'A' ? !scan_upper(t.at[i])
                          : i == 5           ? t.at[i] < '0' || t.at[i] > '7'
                                             : t.at[i] != wrapping[i]))
            return 0;
    return n;
}

static size_t wrapping_before(struct text t)
{
    const size_t n = sizeof wrapping - 1;
    return tag_wrapping(text_from(t, t.len < n ? t.len : t.len - n));
}

size_t tag_glued(struct text t)
{
    if (t.len < 8 || !memchr(t.at, ':', t.len)) /* every tag has one */
        return TEXT_NOWHERE;
    for (size_t at = 0; at < t.len;) {
        size_t n = find_ikev2(text_from(t, at));
        size_t star = text_find_byte(text_upto(text_from(t, at), n == TEXT_NOWHERE ? t.len : n), '*');
        if (star != TEXT_NOWHERE) { /* "… *Nov 11 19:30:34.811: " */
            struct stamp stamp;
            if (stamp_scan(text_from(t, at + star), &stamp))
                return at + star;
        }
        if (n == TEXT_NOWHERE)
            return TEXT_NOWHERE;
        at += n;
        struct tag tag;
        if (text_from(t, at).len > 6 && (t.at[at + 5] == ':' || t.at[at + 5] == '-') && tag_scan(text_from(t, at), &tag)) {
            size_t time = time_before(t, at);
            if (time < at)
                return time;
            if (tag.family == FAMILY_ASA || tag.has_sa_id)
                return at - wrapping_before(text_upto(t, at));
        }
        at += 5;
    }
    return TEXT_NOWHERE;
}

struct text tag_without_contexts(struct text t, struct arena *arena)
{
    const char *paren = t.len ? memchr(t.at, '(', t.len) : NULL;
    char *out = NULL;
    size_t len = 0, from = 0;
    while (paren) {
        size_t at = (size_t)(paren - t.at);
        uint64_t number;
        size_t n = text_digits(text_upto(text_from(t, at + 1), 10), 10, &number);
        bool context = n && at + n + 2 < t.len && t.at[at + n + 1] == ')' && t.at[at + n + 2] == ':';
        bool tagged = at >= 4 && t.at[at - 1] == ' ' && t.at[at - 2] == ':' && scan_digit(t.at[at - 3]) && t.at[at - 4] == '-';
        if (context && !tagged) {
            if (!out)
                out = arena_take(arena, t.len + 1);
            memcpy(out + len, t.at + from, at - from);
            len += at - from;
            from = at + n + 3;
        }
        size_t next = at + 1 > from ? at + 1 : from;
        paren = next < t.len ? memchr(t.at + next, '(', t.len - next) : NULL;
    }
    if (!out)
        return t;
    memcpy(out + len, t.at + from, t.len - from);
    return text_over(out, len + t.len - from);
}
