#include "cli/explaining.h"

#include <string.h>

#include "analysis/gate.h"
#include "analysis/proposals.h"
#include "analysis/weakness.h"
#include "parser/algorithms.h"
#include "parser/dialect.h"
#include "parser/phrases.h"
#include "parser/prefix.h"
#include "parser/tag.h"
#include "parser/transition.h"
#include "reporters/clean.h"
#include "reporters/glossary.h"
#include "reporters/page.h"

enum { WORDS_JOINED = 8 }; /* of one name or algorithm */

struct explaining {
    const struct view_options *view;
    struct sink *out;
    struct arena *arena;
    unsigned shown;
};

static void apart(struct explaining *x)
{
    if (x->shown++)
        sink_byte(x->out, '\n');
}

/* Words of a log, which are somebody else's, and what they are. */
static void put_quoted(struct explaining *x, struct text words, const char *what)
{
    struct buffer clean;
    buffer_init(&clean, 1 << 20);
    clean_put(&clean, words);
    sink_format(x->out, "'%.*s': %s\n", TEXT_ARGS(buffer_view(&clean)), what);
    buffer_clear(&clean);
}

/* "  WORD text", which goes on at a column of its own; nothing where there is no text. */
static void put_wrapped(struct explaining *x, const char *word, const char *text, const char *end, size_t column)
{
    if (!text)
        return;
    struct page p;
    page_init(&p, x->view, x->out);
    buffer_format(page_text(&p), "%s%s%s", word, text, end);
    page_to(&p, 2);
    page_wrap(&p, STYLE_PLAIN, column, page_view(&p));
    page_line(&p);
    page_clear(&p);
}

/* ---- findings and names ---- */

static bool explain_rule(struct explaining *x, struct text term)
{
    const struct rule *r = gate_rule(term);
    if (!r)
        return false;
    apart(x);
    sink_format(x->out, "%s: %s (%s)\n", r->id, r == &gate_tunnel_up ? "rule of check" : "finding", severity_name(r->severity));
    put_wrapped(x, "", r->title, ".", 4);
    put_wrapped(x, "", r->meaning, "", 4);
    put_wrapped(x, "What to do: ", r->advice, "", 4);
    return true;
}

static bool explain_name(struct explaining *x, struct text term)
{
    bool known = explain_rule(x, term);
    known |= glossary_explain(term, x->view, x->out);
    if (known || text_find_byte(term, ' ') == TEXT_NOWHERE)
        return known;
    struct buffer joined; /* "no proposal chosen" */
    buffer_init(&joined, 256);
    for (size_t i = 0; i < term.len; i++)
        buffer_byte(&joined, term.at[i] == ' ' ? '-' : (unsigned char)term.at[i]);
    struct text name = arena_text(x->arena, buffer_view(&joined));
    buffer_clear(&joined);
    known = explain_rule(x, name);
    return glossary_explain(name, x->view, x->out) || known;
}

/* ---- algorithms ---- */

enum of_kind { OF_ENCR = 1, OF_INTEG = 2, OF_PRF = 4, OF_KE = 8, OF_ESP = 16, OF_ANY = OF_ENCR | OF_INTEG | OF_PRF | OF_ESP };

/* {a word that says of which kind the next is, the kind}; the longest first */
static const struct {
    const char *word;
    unsigned of;
} kinds[] = {
    { "diffie-hellman group ", OF_KE },
    { "dh group ", OF_KE },
    { "dh-group ", OF_KE },
    { "pfs group ", OF_KE },
    { "set pfs ", OF_KE },
    { "group ", OF_KE },
    { "dh ", OF_KE },
    { "pfs ", OF_KE },
    { "encryption ", OF_ENCR },
    { "encr ", OF_ENCR },
    { "cipher ", OF_ENCR },
    { "integrity ", OF_INTEG },
    { "integ ", OF_INTEG },
    { "hash ", OF_INTEG },
    { "prf ", OF_PRF },
    { "transform ", OF_ESP },
};

static bool has_letter(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (text_is_letter(t.at[i]))
            return true;
    return false;
}

static bool show_transform(struct explaining *x, struct transform t, bool ike)
{
    static const enum registry registries[] = { [TRANSFORM_ENCR] = REGISTRY_ENCR,
                                                [TRANSFORM_PRF] = REGISTRY_PRF,
                                                [TRANSFORM_INTEG] = REGISTRY_INTEG,
                                                [TRANSFORM_DH] = REGISTRY_KE };
    if (t.type >= COUNT_OF(registries) || !registries[t.type])
        return false;
    struct text ios = vendor_line(x->arena, PLATFORM_IOS, ike, t), asa = vendor_line(x->arena, PLATFORM_ASA, ike, t);
    if (registry_name(registries[t.type], t.id))
        apart(x);
    return glossary_transform(registries[t.type], t.id, ios, asa, weakness_reason(t.type, t.id), x->view, x->out);
}

/* The letters and digits of a name, small, without what the registry puts in front. */
static struct text core_of(struct explaining *x, struct text name)
{
    static const char *const fronts[] = { "ENCR_", "AUTH_", "PRF_" };
    struct buffer b;
    buffer_init(&b, 256);
    for (size_t i = 0; i < COUNT_OF(fronts); i++)
        if (text_starts_nocase(name, text_of(fronts[i])))
            name = text_from(name, strlen(fronts[i]));
    for (size_t i = 0; i < name.len; i++)
        if (text_is_alnum(name.at[i]))
            buffer_byte(&b, text_lower(name.at[i]));
    struct text core = arena_text(x->arena, buffer_view(&b));
    buffer_clear(&b);
    return core;
}

/* The registry's names as people write them: "modp2048", "HMAC-SHA2-256", "chacha20"; the beginning of one is enough. */
static bool show_by_name(struct explaining *x, struct text term, unsigned of)
{
    static const struct {
        unsigned of;
        enum registry registry;
        uint8_t type;
    } lists[] = { { OF_ENCR, REGISTRY_ENCR, TRANSFORM_ENCR },
                  { OF_INTEG, REGISTRY_INTEG, TRANSFORM_INTEG },
                  { OF_PRF, REGISTRY_PRF, TRANSFORM_PRF },
                  { OF_KE, REGISTRY_KE, TRANSFORM_DH } };
    struct text core = core_of(x, term);
    bool known = false;
    for (int exact = 1; exact >= 0 && !known && core.len >= 5; exact--)
        for (size_t l = 0; l < COUNT_OF(lists); l++) {
            size_t count;
            const struct registry_row *rows = registry_rows(lists[l].registry, &count);
            for (size_t i = 0; i < count && (of & lists[l].of); i++) {
                struct text name = core_of(x, text_of(rows[i].name));
                if (exact ? text_equal(name, core) : text_starts(name, core))
                    known |= show_transform(x, (struct transform){ .type = lists[l].type, .id = (uint16_t)rows[i].number }, true);
            }
        }
    return known;
}

/* A number behind a word of a transform set is its key length: "esp-aes 256". */
static bool scan_esp(struct text t, struct transform *found)
{
    unsigned protocol;
    if (algorithm_esp(t, found, &protocol))
        return true;
    size_t blank = text_find_byte(t, ' ');
    uint64_t bits;
    if (blank == TEXT_NOWHERE || !algorithm_esp(text_upto(t, blank), found, &protocol) ||
        !text_number(text_trim(text_from(t, blank)), 10, &bits) || bits > 512)
        return false;
    found->key_length = (uint16_t)bits;
    return true;
}

static bool explain_algorithm(struct explaining *x, struct text term)
{
    unsigned of = OF_ANY;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (text_starts_nocase(term, text_of(kinds[i].word))) {
            of = kinds[i].of;
            term = text_trim(text_from(term, strlen(kinds[i].word)));
            break;
        }
    if (of != OF_KE && has_letter(term)) /* a bare number is none */
        of |= of == OF_ANY ? OF_KE : 0;
    struct transform t = { 0 };
    bool known = false;
    if ((of & OF_ESP) && scan_esp(term, &t) && show_transform(x, t, false))
        return true;
    if ((of & OF_ENCR) && algorithm_encryption(term, &t))
        known |= show_transform(x, t, true);
    if ((of & OF_INTEG) && algorithm_integrity(term, &t))
        known |= show_transform(x, t, true);
    if ((of & OF_PRF) && algorithm_prf(term, &t))
        known |= show_transform(x, t, true);
    if ((of & OF_KE) && algorithm_ke(term, &t))
        known |= show_transform(x, t, true);
    if (!known && has_letter(term))
        known = show_by_name(x, term, of);
    unsigned method;
    if (of == (OF_ANY | OF_KE) && !known && algorithm_auth(term, &method))
        known = glossary_transform(REGISTRY_AUTH, method, TEXT(""), TEXT(""), NULL, x->view, x->out);
    return known;
}

/* ---- lines of a log ---- */

static bool explain_code(struct explaining *x, enum event_code code)
{
    const struct glossary_row *row = glossary_message(code);
    return row && glossary_explain(text_of(row->name), x->view, x->out);
}

/* The beginning of a message, or of a syslog message its name or number alone: the rows that it may be. */
static bool explain_beginning(struct explaining *x, struct text name)
{
    if (name.len < 6)
        return false;
    enum event_code seen[8];
    size_t n = 0;
    for (size_t d = 0; d < dialect_count; d++)
        for (size_t i = 0; i < dialects[d]->phrase_count && n < 8; i++) {
            const struct phrase *p = &dialects[d]->phrases[i];
            size_t k = 0;
            if (!text_starts_nocase(text_of(p->sample), name))
                continue;
            while (k < n && seen[k] != p->code)
                k++;
            if (k == n && explain_code(x, p->code))
                seen[n++] = p->code;
        }
    return n > 0;
}

/* What a message gives as its reason: behind the last word that announces one. */
static struct text reason_of(struct text t)
{
    static const char *const before[] = { "Reason:", "reason:", "ERROR:", "Error:", "due to " };
    size_t from = 0;
    for (size_t i = 0; i < COUNT_OF(before); i++) {
        size_t at = text_find(text_from(t, from), text_of(before[i]));
        if (at != TEXT_NOWHERE)
            from += at + strlen(before[i]);
    }
    return from ? text_trim(text_from(t, from)) : TEXT("");
}

/* A reason is a text of the debugs, or one of the few that only syslog has. */
static void explain_reason(struct explaining *x, struct text reason, enum event_code told)
{
    const struct glossary_row *row = reason.len ? glossary_reason(reason) : NULL;
    const struct phrase *phrase = reason.len && !row ? phrase_find(reason) : NULL;
    if (phrase && phrase->code != CODE_FAILURE && phrase->code != told)
        row = glossary_message(phrase->code);
    if (!reason.len || (phrase && phrase->code == told))
        return;
    sink_byte(x->out, '\n');
    if (row)
        glossary_explain(text_of(row->name), x->view, x->out);
    else
        put_quoted(x, reason, "the reason in the device's own words");
}

/* A message of ASA or FTD: "%ASA-4-750003", "ASA-4-750003" or its number alone; the number, empty where it is none. */
static struct text message_number(struct text t)
{
    uint64_t number;
    if (t.len && t.at[0] == '%')
        t = text_from(t, 1);
    if (text_starts(t, TEXT("ASA-")) || text_starts(t, TEXT("FTD-"))) {
        t = text_from(t, 4);
        t = t.len > 2 && t.at[0] >= '0' && t.at[0] <= '7' && t.at[1] == '-' ? text_from(t, 2) : t;
    }
    struct text digits = text_upto(t, 6);
    const bool ends = t.len == 6 || (t.len > 6 && (t.at[6] == ':' || t.at[6] == ' '));
    return digits.len == 6 && ends && text_number(digits, 10, &number) ? digits : (struct text){ NULL, 0 };
}

static bool explain_numbered(struct explaining *x, struct text number)
{
    const struct numbered_row *row = number.len ? glossary_numbered(number) : NULL;
    if (!row)
        return false;
    apart(x);
    sink_format(x->out, "%s (syslog message of ASA and FTD, severity %d%s)\n", row->number, row->severity,
                row->severity <= 3   ? ", error"
                : row->severity == 4 ? ", warning"
                                     : "");
    put_wrapped(x, "means     ", row->means, "", 12);
    return true;
}

static bool explain_text(struct explaining *x, struct text t)
{
    const struct phrase *phrase = phrase_find(t);
    const struct text name = text_trim(t), number = message_number(name);
    if (number.len && number.len == name.len) /* of a message known by its number, that alone */
        return explain_numbered(x, number) || explain_beginning(x, number);
    if (!phrase)
        return explain_numbered(x, number) || (t.len >= 10 && explain_beginning(x, t));
    if (!explain_code(x, phrase->code) && !explain_numbered(x, number)) {
        apart(x);
        put_quoted(
            x, t,
            number.len
                ? arena_format(x->arena, "a message of ASA and FTD, whose number %.*s is not known here", TEXT_ARGS(number)).at
                : "a line that logs an ordinary step");
    }
    explain_reason(x, reason_of(t), phrase->code);
    return true;
}

/* %CRYPTO-4-RECVD_PKT_INV_SPI, %ASA-4-750003 and their texts; an ASA's message goes by its number. */
static bool explain_syslog(struct explaining *x, struct text t)
{
    size_t colon = text_find_byte(t, ':');
    struct text name = text_upto(t, colon == TEXT_NOWHERE ? text_find_byte(t, ' ') : colon);
    uint64_t number;
    struct text digits = name.len > 6 ? text_from(name, name.len - 6) : name;
    if (text_number(digits, 10, &number))
        name = digits;
    return explain_beginning(x, name);
}

static bool explain_line(struct explaining *x, struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    const struct text number = message_number(t);
    if (number.len && text_find(t, number) + number.len == t.len) /* "ASA-4-750003", and nothing behind it */
        return explain_numbered(x, number) || explain_beginning(x, number);
    if (prefix_scan(t, &none, &prefix))
        t = text_trim(prefix.rest);
    if (tag_scan(t, &tag)) {
        if (tag.family == FAMILY_SYSLOG && !tag.rest.len && explain_syslog(x, t)) /* its name alone */
            return true;
        if (tag.family == FAMILY_SYSLOG)
            return explain_text(x, syslog_key(&tag, x->arena)) || explain_syslog(x, t);
        t = text_trim(tag.rest);
    }
    struct transition_line step;
    struct text rest = t;
    if (text_starts(t, TEXT("SM Trace")) && transition_scan(&rest, &step) == TRANSITION_WHOLE) {
        bool state = explain_name(x, step.state);
        return explain_name(x, step.event) || state;
    }
    return explain_text(x, t) || (t.len && (t.at[0] == '%' || (t.at[0] >= '0' && t.at[0] <= '9')) && explain_syslog(x, t));
}

/* ---- words ---- */

static struct text join(struct explaining *x, const char *const *words, size_t count)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_byte(&b, ' ');
        buffer_string(&b, words[i]);
    }
    struct text t = arena_text(x->arena, text_trim(buffer_view(&b)));
    buffer_clear(&b);
    return t;
}

size_t explain_words(const char *const *words, size_t count, const struct view_options *o, struct sink *out)
{
    struct explaining x = { .view = o, .out = out, .arena = arena_create() };
    size_t took = 0;
    for (size_t n = count < WORDS_JOINED ? count : WORDS_JOINED; n && !took; n--) {
        struct text term = join(&x, words, n);
        /* "SHA1" is the name of a hash of signatures, and here more often another thing */
        bool name = explain_name(&x, term);
        if (name ? text_equal_nocase(term, TEXT("sha1")) && explain_algorithm(&x, term) : explain_algorithm(&x, term))
            name = true;
        took = name ? n : 0;
    }
    /* of two names of messages each is a term */
    bool names = count > 1 && words[0][0] == '%' && words[1][0] == '%';
    if (!took && !names && explain_line(&x, join(&x, words, count)))
        took = count;
    if (!took && explain_line(&x, join(&x, words, 1)))
        took = 1;
    arena_destroy(x.arena);
    return took;
}
