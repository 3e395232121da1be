#include "reporters/glossary.h"

#include "base/nearest.h"
#include "reporters/page.h"

const struct glossary_row glossary_rows[] = {
#define X(name, means, next, trouble) { GLOSSARY_STATE, name, means, next, trouble, NULL, NULL },
#include "model/trace/states.def"
#undef X
#define X(name, means, next, trouble) { GLOSSARY_EVENT, "EV_" name, means, next, trouble, NULL, NULL },
#include "model/trace/events.def"
#undef X
#define X(kind, name, means, next, trouble) { GLOSSARY_##kind, name, means, next, trouble, NULL, NULL },
#include "reporters/glossary/protocol.def"
#undef X
#define X(name, also, means, next, trouble, findings) { GLOSSARY_WORD, name, means, next, trouble, also, findings },
#include "reporters/glossary/everyday.def"
#undef X
#define X(name, means, next, trouble) { GLOSSARY_NOTIFY, name, means, next, trouble, NULL, NULL },
#include "reporters/glossary/notifies.def"
#undef X
#define X(words, means, next, trouble) { GLOSSARY_REASON, words, means, next, trouble, NULL, NULL },
#include "reporters/glossary/reasons.def"
#undef X
#define X(kind, name, means, next, trouble) { GLOSSARY_##kind, name, means, next, trouble, NULL, NULL },
#include "reporters/glossary/report.def"
#undef X
#define X(code, means, next, trouble) { GLOSSARY_MESSAGE, #code, means, next, trouble, NULL, NULL },
#include "reporters/glossary/messages.def"
#undef X
};

/* That every code of the table exists is seen here by the compiler. */
static const enum event_code message_codes[] = {
#define X(code, means, next, trouble) CODE_##code,
#include "reporters/glossary/messages.def"
#undef X
};
const size_t glossary_count = COUNT_OF(glossary_rows);

static const char *glossary_kind_name(enum glossary_kind k)
{
    static const char *const names[] = { [GLOSSARY_STATE] = "state",
                                         [GLOSSARY_EVENT] = "event",
                                         [GLOSSARY_EXCHANGE] = "exchange",
                                         [GLOSSARY_PAYLOAD] = "payload",
                                         [GLOSSARY_NOTIFY] = "notify",
                                         [GLOSSARY_TRANSFORM] = "transform type",
                                         [GLOSSARY_WORD] = "term",
                                         [GLOSSARY_REASON] = "reason",
                                         [GLOSSARY_MESSAGE] = "log message",
                                         [GLOSSARY_VERDICT] = "verdict of a report",
                                         [GLOSSARY_OUTCOME] = "what became of an IKE SA",
                                         [GLOSSARY_CONFIDENCE] = "how sure a finding is",
                                         [GLOSSARY_STATUS] = "status in show output" };
    return names[k];
}

/* PROFILE_NOT_FOUND is profile-not-found too. */
static bool same_code(const char *name, struct text term)
{
    size_t i = 0;
    for (; i < term.len && name[i]; i++) {
        char c = term.at[i] == '-' ? '_' : term.at[i];
        if (c != name[i] && !(c >= 'a' && c <= 'z' && c - 'a' + 'A' == name[i]))
            return false;
    }
    return i == term.len && !name[i];
}

static bool among_names(const char *also, struct text term)
{
    struct text name, rest = text_of(also ? also : "");
    while (text_cut(&rest, '|', &name))
        if (text_equal_nocase(name, term))
            return true;
    return false;
}

static bool same(const struct glossary_row *row, struct text term)
{
    if (text_equal_nocase(text_of(row->name), term) || same_code(row->name, term) || among_names(row->also, term))
        return true;
    return strncmp(row->name, "EV_", 3) == 0 && text_equal_nocase(text_of(row->name + 3), term);
}

/* The n-th row of that name (0 first), in any case of letters, with or without EV_; NULL: no more. */
static const struct glossary_row *glossary_find(struct text name, size_t n)
{
    for (size_t i = 0; i < glossary_count; i++)
        if (same(&glossary_rows[i], name) && n-- == 0)
            return &glossary_rows[i];
    return NULL;
}

static const char *means(enum glossary_kind kind, const char *name)
{
    for (size_t i = 0; name && i < glossary_count; i++)
        if (glossary_rows[i].kind == kind && strcmp(glossary_rows[i].name, name) == 0)
            return glossary_rows[i].means;
    return NULL;
}

const char *glossary_state(const char *state)
{
    return means(GLOSSARY_STATE, state);
}

const struct glossary_row *glossary_message(enum event_code code)
{
    const size_t count = COUNT_OF(message_codes);
    for (size_t i = 0; i < count; i++)
        if (message_codes[i] == code)
            return &glossary_rows[glossary_count - count + i];
    return NULL;
}

const struct numbered_row *glossary_numbered(struct text number)
{
    static const struct numbered_row rows[] = {
#define X(number, severity, means) { number, severity, means },
#include "reporters/glossary/numbered.def"
#undef X
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (text_equal(number, text_of(rows[i].number)))
            return &rows[i];
    return NULL;
}

const struct glossary_row *glossary_reason(struct text reason)
{
    for (size_t i = 0; i < glossary_count; i++)
        for (size_t at = 0; glossary_rows[i].kind == GLOSSARY_REASON && at < reason.len; at++)
            if (text_starts_nocase(text_from(reason, at), text_of(glossary_rows[i].name)))
                return &glossary_rows[i];
    return NULL;
}

/* ---- explain ---- */

static void part(struct page *p, const char *word, const char *text)
{
    if (!*text)
        return;
    page_to(p, 2);
    page_string(p, STYLE_DIM, word);
    page_to(p, 12);
    page_wrap(p, STYLE_PLAIN, 12, text_of(text));
    page_line(p);
}

static void title(struct page *p, size_t *shown, const char *name, const char *kind)
{
    if ((*shown)++)
        page_line(p);
    page_string(p, STYLE_BOLD, name);
    page_format(p, STYLE_PLAIN, " (%s)", kind);
    page_line(p);
}

static enum registry registry_of(enum glossary_kind k)
{
    return k == GLOSSARY_EXCHANGE  ? REGISTRY_EXCHANGE
           : k == GLOSSARY_PAYLOAD ? REGISTRY_PAYLOAD
           : k == GLOSSARY_NOTIFY  ? REGISTRY_NOTIFY
                                   : REGISTRY_NONE;
}

static void reference(struct page *p, enum registry registry, const struct registry_row *row)
{
    struct buffer *out = page_text(p);
    buffer_format(out, "number %u in the registry of %s, %s", row->number, registry_heading(registry), row->reference);
    page_to(p, 2);
    page_string(p, STYLE_DIM, "registry");
    page_to(p, 12);
    page_wrap(p, STYLE_PLAIN, 12, page_view(p));
    page_line(p);
    if (registry == REGISTRY_NOTIFY && row->number < NOTIFY_PRIVATE_STATUS)
        part(p, "kind",
             notify_is_error(row->number) ? "an error: the request it answers failed, at least in part"
                                          : "a status: it announces or tells something");
}

static const struct registry_row *row_of(enum registry registry, uint32_t number)
{
    size_t count;
    const struct registry_row *rows = registry_rows(registry, &count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number)
            return &rows[i];
    return NULL;
}

static bool explained(struct text name, enum registry registry)
{
    const struct glossary_row *g;
    for (size_t i = 0; (g = glossary_find(name, i)); i++)
        if (registry_of(g->kind) == registry)
            return true;
    return false;
}

/* "notify 24", "encr 12": a number of a registry. */
static const struct registry_row *by_number(struct text term, enum registry *registry)
{
    struct text stem, digits = term;
    uint64_t number;
    if (!text_word(&digits, &stem) || !text_number(text_trim(digits), 10, &number) || number > UINT32_MAX)
        return NULL;
    for (size_t r = 1; r < REGISTRY_COUNT; r++)
        if (text_equal_nocase(text_of(registry_stem((enum registry)r)), stem)) {
            *registry = (enum registry)r;
            return row_of(*registry, (uint32_t)number);
        }
    return NULL;
}

bool glossary_explain(struct text term, const struct view_options *o, struct sink *out)
{
    struct page p;
    page_init(&p, o, out);
    size_t shown = 0;
    enum registry registry = REGISTRY_NONE;
    const struct registry_row *row = by_number(text_trim(term), &registry);
    struct text name = row ? text_of(row->name) : text_trim(term);
    const struct glossary_row *g;
    for (size_t i = 0; (g = glossary_find(name, i)); i++) {
        uint32_t number;
        title(&p, &shown, g->name, glossary_kind_name(g->kind));
        part(&p, "means", g->means);
        part(&p, "next", g->next);
        part(&p, "trouble", g->trouble);
        part(&p, "findings", g->findings ? g->findings : "");
        enum registry of = registry_of(g->kind);
        if (of && registry_number(of, text_of(g->name), &number) && row_of(of, number))
            reference(&p, of, row_of(of, number));
    }
    for (size_t r = 1; r < REGISTRY_COUNT; r++) {
        uint32_t number;
        if ((row && r != registry) || !registry_number((enum registry)r, name, &number) || explained(name, (enum registry)r))
            continue;
        const struct registry_row *found = row_of((enum registry)r, number);
        if (!found)
            continue;
        title(&p, &shown, found->name, registry_stem((enum registry)r));
        reference(&p, (enum registry)r, found);
    }
    page_clear(&p);
    return shown > 0;
}

bool glossary_transform(enum registry registry, uint32_t number, struct text ios, struct text asa, const char *weak,
                        const struct view_options *o, struct sink *out)
{
    const struct registry_row *row = row_of(registry, number);
    struct page p;
    size_t shown = 0;
    if (!row)
        return false;
    page_init(&p, o, out);
    title(&p, &shown, row->name, registry_stem(registry));
    reference(&p, registry, row);
    struct buffer *written = page_text(&p);
    if (ios.len)
        buffer_format(written, "IOS `%.*s`", TEXT_ARGS(ios));
    if (asa.len)
        buffer_format(written, "%sASA `%.*s`", written->len ? ", " : "", TEXT_ARGS(asa));
    buffer_byte(written, '\0');
    part(&p, "written", (const char *)written->at);
    part(&p, "trouble", weak ? weak : "");
    page_clear(&p);
    return true;
}

const char *glossary_near(const char *term)
{
    const char *names[1024];
    size_t n = 0;
    for (size_t i = 0; i < glossary_count && n < 1023; i++)
        names[n++] = glossary_rows[i].name;
    names[n] = NULL;
    return nearest(term, names);
}
