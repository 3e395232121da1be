#include "parser/phrases.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/pattern.h"
#include "parser/names.h"
#include "parser/scan.h"
#include "parser/veils.h"

enum { GROUP_MAX = PATTERN_GROUPS };

/* How a captured group becomes a fact; rows that are not listed are texts. */
enum field_form { FORM_TEXT, FORM_NUMBER, FORM_HEX, FORM_ADDRESS, FORM_ENDPOINT, FORM_SPI, FORM_ID_TYPE, FORM_METHOD };

struct field_form_row {
    const char *name;
    enum field_form form;
};

static const struct field_form_row forms[] = {
    { "address", FORM_ADDRESS },
    { "local_address", FORM_ADDRESS },
    { "remote_address", FORM_ADDRESS },
    { "peer_address", FORM_ADDRESS },
    { "destination", FORM_ADDRESS },
    { "source", FORM_ADDRESS },
    { "dh_group", FORM_NUMBER },
    { "sent_group", FORM_NUMBER },
    { "mess_id", FORM_NUMBER },
    { "expected_from", FORM_NUMBER },
    { "expected_to", FORM_NUMBER },
    { "key_length", FORM_NUMBER },
    { "timer", FORM_NUMBER },
    { "seconds", FORM_NUMBER },
    { "seq", FORM_NUMBER },
    { "number", FORM_NUMBER },
    { "fvrf", FORM_NUMBER },
    { "length", FORM_NUMBER },
    { "initiator_port", FORM_NUMBER },
    { "responder_port", FORM_NUMBER },
    { "count", FORM_NUMBER },
    { "received_id", FORM_HEX },
    { "window_from", FORM_HEX },
    { "window_to", FORM_HEX },
    { "message_id", FORM_HEX },
    { "spi_size", FORM_NUMBER },
    { "protocol_number", FORM_NUMBER },
    { "session", FORM_NUMBER },
    { "mtu", FORM_NUMBER },
    { "local", FORM_ENDPOINT },
    { "remote", FORM_ENDPOINT },
    { "spi", FORM_SPI },
    { "spi_i", FORM_SPI },
    { "spi_r", FORM_SPI },
    { "id_type", FORM_ID_TYPE },
    { "method", FORM_METHOD },
};

struct slot { /* a row in sorted order, with what is made when first needed */
    const struct phrase *phrase;
    size_t length;
    struct slot *parent; /* the longest other anchor that this one starts with */
    struct slot *same;   /* the next row with the same anchor */
    struct pattern *pattern;
    bool tells; /* a pattern without names is there to tell texts apart, and for nothing else */
    bool compiled;
    uint8_t groups;
    uint8_t number[GROUP_MAX], form[GROUP_MAX];
    const char *name[GROUP_MAX];
};

static struct slot *slots;
static size_t slot_count;
static uint32_t first_of[257]; /* slots by the anchor's first octet */

static int compare(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    size_t n = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->phrase->anchor, y->phrase->anchor, n);
    if (order)
        return order;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return x->phrase < y->phrase ? -1 : x->phrase > y->phrase;
}

static void build(void)
{
    size_t count = 0;
    for (size_t d = 0; d < dialect_count; d++)
        count += dialects[d]->phrase_count;
    slots = memory_take((count + 1) * sizeof *slots);
    for (size_t d = 0; d < dialect_count; d++)
        for (size_t i = 0; i < dialects[d]->phrase_count; i++) {
            const struct phrase *row = &dialects[d]->phrases[i];
            slots[slot_count++] = (struct slot){ .phrase = row,
                                                 .length = strlen(row->anchor),
                                                 .tells = row->pattern && !strstr(row->pattern, "(?<") };
        }
    qsort(slots, slot_count, sizeof *slots, compare);
    size_t head = 0; /* rows of one anchor form a chain behind its first */
    for (size_t i = 1; i < slot_count; i++) {
        if (slots[i].length == slots[head].length &&
            memcmp(slots[i].phrase->anchor, slots[head].phrase->anchor, slots[i].length) == 0) {
            slots[i - 1].same = &slots[i];
            slots[i].parent = slots[head].parent;
            continue;
        }
        struct slot *up = &slots[head];
        while (up && (up->length >= slots[i].length || memcmp(up->phrase->anchor, slots[i].phrase->anchor, up->length) != 0))
            up = up->parent;
        slots[i].parent = up;
        head = i;
    }
    size_t at = 0;
    for (unsigned c = 0; c <= 256; c++) {
        while (at < slot_count && (unsigned char)slots[at].phrase->anchor[0] < c)
            at++;
        first_of[c] = (uint32_t)at;
    }
}

static void compile(struct slot *s)
{
    s->compiled = true;
    if (!s->phrase->pattern)
        return;
    s->pattern = pattern_create(s->phrase->pattern, NULL);
    if (!s->pattern)
        return;
    const char *at = s->phrase->pattern;
    while ((at = strstr(at, "(?<")) != NULL && s->groups < GROUP_MAX) {
        at += 3;
        if (*at == '=' || *at == '!')
            continue;
        const char *end = strchr(at, '>');
        if (!end)
            break;
        size_t n = (size_t)(end - at);
        char *name = memory_take(n + 1);
        memcpy(name, at, n);
        unsigned number = pattern_group(s->pattern, name);
        if (number == 0 || number >= GROUP_MAX) {
            memory_free(name);
            continue;
        }
        s->name[s->groups] = name;
        s->number[s->groups] = (uint8_t)number;
        for (size_t i = 0; i < COUNT_OF(forms); i++)
            if (strcmp(forms[i].name, name) == 0)
                s->form[s->groups] = (uint8_t)forms[i].form;
        s->groups++;
    }
}

static uint64_t exhausted; /* how often a pattern gave up since somebody asked */

static bool match(struct slot *s, struct text t, struct text groups[static PATTERN_GROUPS])
{
    if (!s->pattern)
        return false;
    bool yes = pattern_match(s->pattern, t, groups);
    exhausted += pattern_exhausted(s->pattern);
    return yes;
}

uint64_t phrases_exhausted(void)
{
    uint64_t times = exhausted;
    exhausted = 0;
    return times;
}

static bool matches(struct slot *s, struct text t)
{
    if (!s->phrase->pattern)
        return true;
    if (!s->compiled)
        compile(s);
    struct text groups[PATTERN_GROUPS];
    return match(s, t, groups);
}

/* The first slot whose anchor sorts behind the text, among those of the same first octet. */
static size_t behind(struct text t)
{
    size_t low = first_of[(unsigned char)t.at[0]], high = first_of[(unsigned char)t.at[0] + 1u];
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct slot *s = &slots[middle];
        int order = memcmp(s->phrase->anchor, t.at, s->length < t.len ? s->length : t.len);
        if (order < 0 || (order == 0 && s->length <= t.len))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool phrase_begins(struct text t)
{
    if (!slots)
        build();
    if (t.len == 0)
        return false;
    const size_t at = behind(t), end = first_of[(unsigned char)t.at[0] + 1u];
    return at < end && text_starts(text_of(slots[at].phrase->anchor), t);
}

/* The last slot whose anchor sorts at or before the text; then its ancestors. */
static struct slot *find(struct text t, bool with_pattern)
{
    if (!slots)
        build();
    if (t.len == 0)
        return NULL;
    const size_t low = behind(t);
    if (low == first_of[(unsigned char)t.at[0]])
        return NULL;
    struct slot *s = &slots[low - 1];
    while (s > slots && s[-1].same == s) /* to the head of its chain */
        s--;
    for (; s; s = s->parent) {
        if (s->length > t.len || memcmp(s->phrase->anchor, t.at, s->length) != 0)
            continue;
        for (struct slot *row = s; row; row = row->same)
            if (!with_pattern || matches(row, t))
                return row;
    }
    return NULL;
}

/* A row of which only the code is asked needs its pattern only to tell it from its neighbours, or from anything else. */
static bool needs_pattern(const struct slot *s)
{
    return s->same || s->parent || s->tells;
}

const struct phrase *phrase_find(struct text t)
{
    struct slot *s = find(t, false);
    if (!s)
        return NULL;
    if (needs_pattern(s))
        s = find(t, true);
    return s ? s->phrase : NULL;
}

bool phrase_settled(struct text t, const struct phrase **phrase)
{
    const struct slot *s = find(t, false);
    *phrase = s ? s->phrase : NULL;
    return !s || !s->phrase->pattern || !needs_pattern(s);
}

void phrases_prepare(void)
{
    if (!slots)
        build();
}

struct text syslog_key(const struct tag *tag, struct arena *arena)
{
    struct text number = text_from(tag->facility, tag->facility.len >= 6 ? tag->facility.len - 6 : 0);
    uint64_t value;
    if (text_number(number, 10, &value))
        return arena_format(arena, "%.*s %.*s", TEXT_ARGS(number), TEXT_ARGS(tag->rest));
    return text_over(tag->facility.at - 1, (size_t)(tag->rest.at + tag->rest.len - tag->facility.at) + 1);
}

static struct slot *slot_of(const struct phrase *phrase)
{
    if (!slots)
        build();
    struct slot *s = find(text_of(phrase->anchor), false);
    for (; s; s = s->same)
        if (s->phrase == phrase)
            return s;
    return NULL;
}

enum input_kind phrase_kind(const struct phrase *phrase)
{
    for (size_t d = 0; d < dialect_count; d++)
        if (phrase >= dialects[d]->phrases && phrase < dialects[d]->phrases + dialects[d]->phrase_count)
            return dialects[d]->kind;
    return INPUT_UNKNOWN;
}

bool phrase_matches(const struct phrase *phrase, struct text t)
{
    struct slot *s = slot_of(phrase);
    return s && text_starts(t, text_of(phrase->anchor)) && matches(s, t);
}

static void put_spi(const char *name, struct text value, struct event *event, struct facts *facts)
{
    struct spi spi;
    if (!spi_scan(&value, &spi) || !spi.digits)
        return;
    if (strcmp(name, "spi_i") == 0) {
        event->spi_i = spi;
        event->has |= HAS_SPI_I;
    } else if (strcmp(name, "spi_r") == 0) {
        event->spi_r = spi;
        event->has |= HAS_SPI_R;
    } else {
        uint8_t octets[8];
        size_t n = spi.digits > 8 ? 8 : 4;
        for (size_t i = 0; i < n; i++)
            octets[i] = (uint8_t)(spi.value >> (8 * (n - 1 - i)));
        fact_octets(facts, name, bytes_over(octets, n));
    }
}

static void put(const char *name, enum field_form form, struct text value, struct event *event, struct facts *facts)
{
    uint64_t number;
    unsigned digits;
    struct address address;
    struct endpoint endpoint;
    uint8_t id_type;
    uint32_t code;
    switch (form) {
    case FORM_ID_TYPE: /* words that are not the registry's stay as they are */
        if (name_id_type(value, &id_type))
            fact_code(facts, name, REGISTRY_ID, id_type);
        else
            fact_text(facts, name, value);
        break;
    case FORM_METHOD:
        if (name_word(REGISTRY_AUTH, value, &code))
            fact_code(facts, name, REGISTRY_AUTH, code);
        else
            fact_text(facts, name, value);
        break;
    case FORM_NUMBER:
        if (scan_number(&value, &number))
            fact_number(facts, name, number);
        break;
    case FORM_HEX:
        if (scan_hex(&value, &number, &digits))
            fact_number(facts, name, number);
        break;
    case FORM_ADDRESS:
        if (address_read(value, &address))
            fact_address(facts, name, address);
        else
            fact_text(facts, name, value);
        break;
    case FORM_ENDPOINT:
        if (!endpoint_read(value, &endpoint) && !endpoint_named(value, &endpoint) && !address_named(value, &endpoint.address)) {
            fact_text(facts, name, value);
        } else if (name[0] == 'l') {
            event->local = endpoint;
            event->has |= HAS_LOCAL;
        } else {
            event->remote = endpoint;
            event->has |= HAS_REMOTE;
        }
        break;
    case FORM_SPI:
        put_spi(name, value, event, facts);
        break;
    default:
        if (value.len)
            fact_text(facts, name, value);
    }
}

void phrase_facts(const struct phrase *phrase, struct text t, struct event *event, struct facts *facts)
{
    struct slot *s = phrase->pattern ? slot_of(phrase) : NULL;
    if (!s)
        return;
    if (!s->compiled)
        compile(s);
    struct text groups[PATTERN_GROUPS];
    if (!match(s, t, groups))
        return;
    for (uint8_t i = 0; i < s->groups; i++)
        if (groups[s->number[i]].at)
            put(s->name[i], (enum field_form)s->form[i], groups[s->number[i]], event, facts);
}

/* list: ends with NULL or is full. */
static bool has_word(struct text t, const char *const *list, size_t room)
{
    for (size_t i = 0; i < room && list[i]; i++)
        if (text_has(t, text_of(list[i])))
            return true;
    return false;
}

struct kind_words {
    enum event_kind kind;
    const char *words[8];
};

/* {kind, words that suggest it}: the first row that fits. */
static const struct kind_words kinds[] = {
    { EVENT_CRYPTO_CALL, { "Crypto Engine", "DH key", "SKEYSEED", "crypt" } },
    { EVENT_NAT, { "NAT" } },
    { EVENT_PKI, { "ert", "PKI", "trustpoint", "CRL", "X509" } },
    { EVENT_AAA, { "AAA", "accounting", "Accounting", "authorization" } },
    { EVENT_AUTH, { "uthentica", "preshared", "EAP", "keyring", "auth" } },
    { EVENT_CONFIG_MODE, { "config", "Config", "attrib", "address pool" } },
    { EVENT_KMI, { "KMI", "PFKEY" } },
    { EVENT_DELETE, { "elet" } },
    { EVENT_TIMER, { "timer", "timeout", "etransmi" } },
    { EVENT_PROFILE, { "profile", "tunnel group", "tunnel-group", "group policy" } },
    { EVENT_IPSEC, { "IPSec", "IPSEC", "IPsec", "rypto map", "SPI", "selector" } },
    { EVENT_POLICY, { "policy", "Policy", "roposal" } },
    { EVENT_SESSION, { "ession", "tunnel" } },
};

struct suspicion {
    const char *about[4], *trouble[7]; /* one of each; no trouble: any failure */
    enum event_code code;
};

/* {what it is about, what is wrong with it, code}: the first row that fits. Versions word the same failure in other ways; a text
 * that no table has may still name its cause. */
static const struct suspicion suspicions[] = {
    { { "EAP", "Eap" }, { "ailed", "ailure", "ejected", "enied", "FAILED" }, CODE_EAP_FAILED },
    { { "AAA", "uthorization", "RADIUS", "adius" },
      { "ailed", "ailure", "ejected", "enied", "timed out", "FAILED", "not found" },
      CODE_AAA_FAILED },
    { { "preshared", "pre-shared", "PSK", "psk" },
      { "ailed to", "not found", "nable to", "ould not", "No ", "annot" },
      CODE_NO_PSK_FOUND },
    { { "uthentication method", "auth method" }, { "ismatch", "not match", "differ", "not allowed" }, CODE_AUTH_METHOD_MISMATCH },
    { { "ertificate", "cert ", "CERT" }, { "expired", "not yet valid", "alidity" }, CODE_CERT_EXPIRED },
    { { "revoked", "revocation", "CRL" }, { NULL }, CODE_CERT_REVOKED },
    { { "rustpoint", "trust point" }, { "not found", "No ", "no ", "nable to", "ould not" }, CODE_CERT_TRUSTPOINT_NONE },
    { { "ignature", "signed auth" }, { "ailed", "ailure", "nvalid", "not match", "FAILED" }, CODE_SIGNATURE_FAILED },
    { { "ertificate", "cert ", "X509", "X.509" },
      { "ailed", "ailure", "nvalid", "nable to", "ould not", "not trusted", "FAILED" },
      CODE_CERT_FAILED },
    { { "profile" }, { "not found", "ould not", "No ", "no match" }, CODE_PROFILE_NOT_FOUND },
    { { "tunnel group", "tunnel-group" }, { "not found", "ould not", "annot", "No ", "nable to" }, CODE_TUNNEL_GROUP_NOT_FOUND },
    { { "pool", "IP addr", "config req", "assign address" },
      { "ailed to", "nable to", "exhausted", "ould not" },
      CODE_CONFIG_FAILED },
    { { "raffic selector", "IPSEC policy", "IPsec policy" },
      { "ismatch", "not found", "unacceptable", "ejected", "ailed" },
      CODE_TS_REFUSED },
    { { "memory" }, { "ailed", "ailure", "nsufficient", "ut of", "No " }, CODE_OWN_FAILURE },
    { { "max", "limit", "resource", "memory" }, { "reached", "exceeded", "ejected", " low" }, CODE_REQUEST_REJECTED },
};

static enum event_code suspect(struct text t)
{
    for (size_t i = 0; i < COUNT_OF(suspicions); i++)
        if (has_word(t, suspicions[i].about, COUNT_OF(suspicions[i].about)) &&
            (!suspicions[i].trouble[0] || has_word(t, suspicions[i].trouble, COUNT_OF(suspicions[i].trouble))))
            return suspicions[i].code;
    return CODE_FAILURE;
}

enum event_code phrase_guess(struct text t, bool error, enum event_kind *kind)
{
    static const char *const bad[] = { "ailed",   "ailure", "nable to",  "annot ", "ould not", "nvalid",    "ismatch",
                                       "ejected", "rror",   "not found", "denied", " FAILED",  "not allow", NULL };
    static const char *const harmless[] = { "error FALSE",         "No error",         "no error", "INVALID PSH",
                                            "Failed to decrement", "Failed to remove", NULL };
    if (error || (has_word(t, bad, COUNT_OF(bad)) && !has_word(t, harmless, COUNT_OF(harmless)))) {
        *kind = EVENT_ERROR;
        return suspect(t);
    }
    *kind = EVENT_OTHER;
    for (size_t i = 0; i < COUNT_OF(kinds) && *kind == EVENT_OTHER; i++)
        if (has_word(t, kinds[i].words, COUNT_OF(kinds[i].words)))
            *kind = kinds[i].kind;
    return CODE_STEP;
}
