#include "analysis/certificate_map.h"

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

/* Can no certificate of this name meet it? */
static bool is_missed(struct text name, const struct condition *c)
{
    const bool equal = text_equal(c->op, TEXT("eq")), contains = text_equal(c->op, TEXT("co"));
    struct text value, attribute;
    if (!equal && !contains) /* "nc", "ne": what else stands there decides */
        return false;
    for (struct text rest = name; c->attribute.len && next_value(&rest, c->attribute, &value);)
        if (equal ? text_equal(value, c->value) : text_has(value, c->value))
            return false;
    if (c->attribute.len)
        return true;
    if (contains)
        return text_find_byte(c->value, ',') == TEXT_NOWHERE && !text_has(name, c->value);
    return is_part(c->value, &attribute) && !has_part(name, c->value);
}

static const struct fact *missed_in(struct model *m, const struct record *entry, struct text name)
{
    for (const struct fact *f = fact_members(entry->facts, "conditions"); f; f = f->next) {
        struct condition c;
        if (f->kind == FACT_TEXT && read_condition(m, f->as.text, &c) && is_missed(name, &c))
            return f;
    }
    return NULL;
}

bool certificate_map_refuses(struct model *m, uint32_t device, struct text map, struct text name, const struct record **entry,
                             const struct fact **condition)
{
    const struct text subject = plain(m, name);
    *entry = NULL;
    for (const struct record *r = record_next(m, device, "certificate-map", NULL); r && subject.len;
         r = record_next(m, device, "certificate-map", r)) {
        if (!text_equal(fact_get_text(r->facts, "name"), map))
            continue;
        const struct fact *missed = missed_in(m, r, subject);
        if (!missed)
            return false;
        *condition = *entry ? *condition : missed;
        *entry = *entry ? *entry : r;
    }
    return *entry != NULL;
}

struct text certificate_condition_for(struct model *m, struct text condition, struct text name)
{
    const struct text subject = plain(m, name);
    struct condition c;
    struct text attribute, value, rest = subject, part;
    if (read_condition(m, condition, &c) && is_part(c.value, &attribute) && next_value(&rest, attribute, &value))
        return arena_format(m->run, "subject-name %.*s %.*s = %.*s", TEXT_ARGS(c.op), TEXT_ARGS(attribute), TEXT_ARGS(value));
    rest = subject;
    return next_part(&rest, &part) ? arena_format(m->run, "subject-name co %.*s", TEXT_ARGS(part))
                                   : TEXT("subject-name co PART-OF-IT");
}
