#include "analysis/certificate_map.h"

enum { SHORT_WORD = 5 /* letters: fewer may stand in anything */ };

/* Small letters, no blanks about "=" and ",": "cn=r2.example.net,o=my corp". */
static struct text plain(struct model *m, struct text t)
{
    struct buffer b;
    buffer_init(&b, 4096);
    for (size_t i = 0; i < t.len; i++) {
        const char c = t.at[i], after = i + 1 < t.len ? t.at[i + 1] : ',', before = b.len ? (char)b.at[b.len - 1] : ',';
        if (c == '"' || (c == ' ' && (after == ' ' || after == '=' || after == ',' || before == '=' || before == ',')))
            continue;
        buffer_byte(&b, (uint8_t)text_lower(c));
    }
    struct text out = arena_text(m->run, buffer_view(&b));
    buffer_clear(&b);
    return out;
}

/* One part after the other: "ou=spokes". */
static bool next_part(struct text *rest, struct text *part)
{
    if (!rest->len)
        return false;
    const size_t comma = text_find_byte(*rest, ',');
    *part = text_upto(*rest, comma == TEXT_NOWHERE ? rest->len : comma);
    *rest = text_from(*rest, comma == TEXT_NOWHERE ? rest->len : comma + 1);
    return true;
}

/* The value of an attribute ("ou"), or the next one behind `rest`. */
static bool next_value(struct text *rest, struct text attribute, struct text *value)
{
    struct text part;
    while (next_part(rest, &part)) {
        const size_t equals = text_find_byte(part, '=');
        if (equals != TEXT_NOWHERE && text_equal(text_upto(part, equals), attribute)) {
            *value = text_from(part, equals + 1);
            return true;
        }
    }
    return false;
}

struct condition { /* "subject-name co ou = X", or an ASA's "subject-name attr ou eq x" */
    struct text attribute, op, value;
};

static bool read_condition(struct model *m, struct text words, struct condition *c)
{
    struct text field, word;
    *c = (struct condition){ .attribute = TEXT("") };
    if (!text_word(&words, &field) || !text_equal(field, TEXT("subject-name")) || !text_word(&words, &word))
        return false;
    if (text_equal(word, TEXT("attr")) && (!text_word(&words, &c->attribute) || !text_word(&words, &word)))
        return false;
    c->attribute = plain(m, c->attribute);
    c->op = word;
    c->value = plain(m, text_trim(words));
    return c->value.len != 0;
}

/* "ou=x" alone, in its two parts. */
static bool is_part(struct text value, struct text *attribute)
{
    const size_t equals = text_find_byte(value, '=');
    *attribute = text_upto(value, equals == TEXT_NOWHERE ? 0 : equals);
    return equals != TEXT_NOWHERE && text_find_byte(value, ',') == TEXT_NOWHERE;
}

static bool has_part(struct text name, struct text wanted)
{
    struct text part;
    while (next_part(&name, &part))
        if (text_equal(part, wanted))
            return true;
    return false;
}

struct subject { /* what a certificate will have for its name, as far as its trustpoint tells */
    struct text name;
    bool has_host;    /* its router adds a host's name (unstructuredName), unless it is told "fqdn none": */
    struct text host; /* which; empty: nothing tells */
};

static struct subject subject_of(struct model *m, const struct record *trustpoint)
{
    struct text host = fact_get_text(trustpoint->facts, "fqdn");
    const bool none = text_equal(host, TEXT("none"));
    return (struct subject){ .name = plain(m, fact_get_text(trustpoint->facts, "subject_name")),
                             .has_host = !none,
                             .host = none ? TEXT("") : plain(m, host) };
}

/* What nobody but its owner puts into a name; a router adds others by itself, or by a question that it asks when it enrols. */
static bool is_asked_for(struct text attribute)
{
    static const char *const words[] = { "c", "cn", "dc", "l", "o", "ou", "st" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(attribute, text_of(words[i])))
            return true;
    return false;
}

/* It may stand in a serial number or an address, which a router is asked about when it enrols: "9abc", "10.1". */
static bool may_be_number(struct text value)
{
    size_t digits = 0, letters = 0, dots = 0;
    for (size_t i = 0; i < value.len; i++) {
        digits += value.at[i] >= '0' && value.at[i] <= '9';
        letters += value.at[i] >= 'a' && value.at[i] <= 'z';
        dots += value.at[i] == '.';
    }
    return digits + (dots ? dots : letters) == value.len && (digits || value.len < SHORT_WORD);
}

static bool is_in_none(struct text name, struct text attribute, struct text wanted, bool equal)
{
    struct text value;
    while (next_value(&name, attribute, &value))
        if (equal ? text_equal(value, wanted) : text_has(value, wanted))
            return false;
    return is_asked_for(attribute);
}

/* Can no certificate of this name meet it? */
static bool is_missed(const struct subject *s, const struct condition *c)
{
    const bool equal = text_equal(c->op, TEXT("eq")), contains = text_equal(c->op, TEXT("co"));
    struct text attribute;
    if (!equal && !contains) /* "nc", "ne": what else stands there decides */
        return false;
    if (c->attribute.len)
        return is_in_none(s->name, c->attribute, c->value, equal);
    if (is_part(c->value, &attribute))
        return is_asked_for(attribute) && !(contains ? text_has(s->name, c->value) : has_part(s->name, c->value));
    return contains && text_find_byte(c->value, ',') == TEXT_NOWHERE && text_find_byte(c->value, '=') == TEXT_NOWHERE &&
           !text_has(s->name, c->value) && !may_be_number(c->value) &&
           !(s->has_host && (!s->host.len || text_has(s->host, c->value)));
}

size_t certificate_missed(struct model *m, const struct record *entry, const struct record *trustpoint,
                          const struct fact *missed[CERTIFICATE_CONDITIONS])
{
    const struct subject s = subject_of(m, trustpoint);
    size_t count = 0;
    for (const struct fact *f = fact_members(entry->facts, "conditions"); f && s.name.len; f = f->next) {
        struct condition c;
        if (count < CERTIFICATE_CONDITIONS && f->kind == FACT_TEXT && read_condition(m, f->as.text, &c) && is_missed(&s, &c))
            missed[count++] = f;
    }
    return count;
}

const struct record *certificate_map_refuses(struct model *m, uint32_t device, struct text map, const struct record *trustpoint)
{
    const struct fact *missed[CERTIFICATE_CONDITIONS];
    const struct record *entry = NULL;
    for (const struct record *r = record_next(m, device, "certificate-map", NULL); r;
         r = record_next(m, device, "certificate-map", r)) {
        if (!text_equal(fact_get_text(r->facts, "name"), map))
            continue;
        if (!certificate_missed(m, r, trustpoint, missed))
            return NULL;
        entry = entry ? entry : r;
    }
    return entry;
}

bool certificate_rules_refuse(struct model *m, uint32_t device, const struct record *trustpoint, const struct record **entry)
{
    *entry = NULL;
    for (const struct record *r = record_next(m, device, "tunnel-group-map", NULL); r;
         r = record_next(m, device, "tunnel-group-map", r)) {
        const struct text map = fact_get_text(r->facts, "map");
        const struct record *first = map.len ? certificate_map_refuses(m, device, map, trustpoint) : NULL;
        if (map.len && !first)
            return false;
        *entry = *entry ? *entry : first;
    }
    return *entry != NULL;
}

struct text certificate_unit(struct model *m, const struct record *trustpoint)
{
    struct text rest = subject_of(m, trustpoint).name, unit = { NULL, 0 };
    return next_value(&rest, TEXT("ou"), &unit) ? unit : (struct text){ NULL, 0 };
}

/* Of an ASA: "subject-name attr ou eq x", by the attribute that stood there or else by the name's first. */
static struct text attribute_for(struct model *m, const struct condition *c, struct text subject)
{
    struct text rest = subject, value, part;
    if (next_value(&rest, c->attribute, &value))
        return arena_format(m->run, "subject-name attr %.*s %.*s %.*s", TEXT_ARGS(c->attribute), TEXT_ARGS(c->op),
                            TEXT_ARGS(value));
    rest = subject;
    const size_t equals = next_part(&rest, &part) ? text_find_byte(part, '=') : TEXT_NOWHERE;
    return equals == TEXT_NOWHERE ? TEXT("subject-name attr cn eq NAME")
                                  : arena_format(m->run, "subject-name attr %.*s eq %.*s", TEXT_ARGS(text_upto(part, equals)),
                                                 TEXT_ARGS(text_from(part, equals + 1)));
}

static struct text condition_for(struct model *m, struct text condition, struct text subject)
{
    struct condition c;
    struct text attribute, value, rest = subject, part;
    if (read_condition(m, condition, &c) && c.attribute.len)
        return attribute_for(m, &c, subject);
    if (read_condition(m, condition, &c) && is_part(c.value, &attribute) && next_value(&rest, attribute, &value))
        return arena_format(m->run, "subject-name %.*s %.*s = %.*s", TEXT_ARGS(c.op), TEXT_ARGS(attribute), TEXT_ARGS(value));
    rest = subject;
    return next_part(&rest, &part) ? arena_format(m->run, "subject-name co %.*s", TEXT_ARGS(part))
                                   : TEXT("subject-name co PART-OF-IT");
}

struct text certificate_mend(struct model *m, const struct record *trustpoint, const struct fact *const missed[], size_t count)
{
    const struct text subject = plain(m, fact_get_text(trustpoint->facts, "subject_name"));
    struct text new = TEXT(""), old = TEXT("");
    for (size_t i = 0; i < count; i++) {
        const struct text line = arena_format(m->run, "`%.*s` / ", TEXT_ARGS(condition_for(m, missed[i]->as.text, subject)));
        if (!text_has(new, line)) /* of two that nothing is like in the name, a part of it is enough */
            new = arena_format(m->run, "%.*s%.*s", TEXT_ARGS(new), TEXT_ARGS(line));
        old = arena_format(m->run, "%.*s%s`no %.*s`", TEXT_ARGS(old), i ? " / " : "", TEXT_ARGS(missed[i]->as.text));
    }
    return arena_format(m->run, "%.*s%.*s", TEXT_ARGS(new), TEXT_ARGS(old));
}

struct text certificate_name_part(struct text name)
{
    struct text part, found = { NULL, 0 };
    while (text_cut(&name, ',', &part)) {
        const size_t equals = text_find_byte(part, '=');
        const struct text value = equals == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_trim(text_from(part, equals + 1));
        if (text_equal_nocase(text_trim(text_upto(part, equals)), TEXT("cn")) && value.len)
            return value;
        found = found.len ? found : value;
    }
    return found.len ? found : TEXT("PART-OF-IT");
}
