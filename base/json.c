#include "base/json.h"

#include <stdlib.h>

struct json {
    struct json *next; /* while its array or object is read */
    struct text name;  /* of a member of an object */
    enum json_kinds kind;
    union {
        bool truth;
        struct text text; /* of a number as it was written, and NUL-terminated */
        struct {
            struct json **at;
            size_t count;
        } members;
    } as;
};

struct root { /* what json_free() gets is the node at its beginning */
    struct json node;
    struct arena *arena;
};

struct reading {
    struct text left;
    struct arena *arena;
    bool borrows;        /* strings, where they stand in the text as they are */
    const char *trouble; /* the first one; the rest is not read */
};

static bool refuse(struct reading *r, const char *trouble)
{
    if (!r->trouble)
        r->trouble = trouble;
    return false;
}

static void drop(struct reading *r, size_t n)
{
    r->left.at += n;
    r->left.len -= n;
}

static void skip_blanks(struct reading *r)
{
    while (r->left.len && text_blank(r->left.at[0]))
        drop(r, 1);
}

static bool take(struct reading *r, char c)
{
    skip_blanks(r);
    if (!r->left.len || r->left.at[0] != c)
        return false;
    drop(r, 1);
    return true;
}

/* ---- strings ---- */

static bool take_hex(struct text *t, uint32_t *code)
{
    uint64_t n;
    if (t->len < 4 || !text_number(text_upto(*t, 4), 16, &n))
        return false;
    *code = (uint32_t)n;
    *t = text_from(*t, 4);
    return true;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        if (code < 0x10000) {
            *to++ = (char)(0xe0 | code >> 12);
        } else {
            *to++ = (char)(0xf0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* Behind "\u": one half of a pair alone stands for no character. */
static bool take_code(struct text *t, uint32_t *code)
{
    uint32_t low;
    struct text behind;
    if (!take_hex(t, code))
        return false;
    if (*code < 0xd800 || *code > 0xdfff)
        return true;
    behind = *t;
    if (*code < 0xdc00 && text_starts(behind, TEXT("\\u"))) {
        behind = text_from(behind, 2);
        if (!take_hex(&behind, &low))
            return false;
        if (low >= 0xdc00 && low <= 0xdfff) {
            *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
            *t = behind;
            return true;
        }
    }
    *code = 0xfffd;
    return true;
}

static bool unescape(struct reading *r, struct text t, char *to, size_t *len)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    char *begun = to;
    while (t.len) {
        if (t.at[0] != '\\') {
            size_t n = text_find_byte(t, '\\');
            n = n == TEXT_NOWHERE ? t.len : n;
            memcpy(to, t.at, n);
            to += n;
            t = text_from(t, n);
            continue;
        }
        char c = t.at[1]; /* there is one: the closing quote was found behind it */
        t = text_from(t, 2);
        const char *known = c ? strchr(from, c) : NULL;
        uint32_t code;
        if (known)
            *to++ = into[known - from];
        else if (c == 'u' && take_code(&t, &code))
            to = put_utf8(to, code); /* never longer than the escape was */
        else
            return refuse(r, "an escape that JSON does not have");
    }
    *len = (size_t)(to - begun);
    return true;
}

/* Has one of eight octets that value? */
static bool has_octet(uint64_t eight, char c)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), differ = eight ^ ones * (unsigned char)c;
    return ((differ - ones) & ~differ & ones << 7) != 0;
}

/* Up to the first quote or backslash. */
static size_t plain_length(struct text t)
{
    size_t n = 0;
    for (uint64_t eight; n + sizeof eight <= t.len; n += sizeof eight) {
        memcpy(&eight, t.at + n, sizeof eight);
        if (has_octet(eight, '"') || has_octet(eight, '\\'))
            break;
    }
    while (n < t.len && t.at[n] != '"' && t.at[n] != '\\')
        n++;
    return n;
}

static bool read_string(struct reading *r, struct text *string)
{
    if (!take(r, '"'))
        return refuse(r, "a string in double quotes is expected");
    size_t end = plain_length(r->left);
    const bool escapes = end < r->left.len && r->left.at[end] != '"';
    for (; escapes && end < r->left.len && r->left.at[end] != '"'; end++)
        end += r->left.at[end] == '\\';
    if (end >= r->left.len)
        return refuse(r, "a string without an end");
    struct text raw = text_upto(r->left, end);
    drop(r, end + 1);
    if (!escapes) {
        *string = r->borrows ? raw : arena_text(r->arena, raw);
        return true;
    }
    char *at = arena_take(r->arena, raw.len + 1);
    size_t len = 0;
    bool ok = unescape(r, raw, at, &len);
    *string = text_over(at, len);
    return ok;
}

/* ---- other values ---- */

static size_t digits_of(struct text t, size_t at)
{
    size_t n = at;
    while (n < t.len && t.at[n] >= '0' && t.at[n] <= '9')
        n++;
    return n - at;
}

/* What does not fit becomes the largest or smallest that does. */
static int64_t whole_number(struct text number)
{
    const bool negative = number.at[0] == '-';
    uint64_t n;
    if (!text_number(text_from(number, negative), 10, &n) || n > INT64_MAX)
        return negative ? INT64_MIN : INT64_MAX;
    return negative ? -(int64_t)n : (int64_t)n;
}

static bool read_number(struct reading *r, struct json *into)
{
    struct text t = r->left;
    size_t minus = t.len && t.at[0] == '-', whole = digits_of(t, minus), at = minus + whole, some = 1;
    if (!whole || (whole > 1 && t.at[minus] == '0'))
        return refuse(r, whole ? "a number with a leading zero" : "a value is expected");
    if (at < t.len && t.at[at] == '.') {
        some = digits_of(t, at + 1);
        at += 1 + some;
    }
    if (some && at < t.len && (t.at[at] | 32) == 'e') {
        at++;
        at += at < t.len && (t.at[at] == '+' || t.at[at] == '-');
        some = digits_of(t, at);
        at += some;
    }
    if (!some)
        return refuse(r, "a number without digits where it needs some");
    into->kind = at == minus + whole ? JSON_NUMBER : JSON_REAL;
    into->as.text = arena_text(r->arena, text_upto(t, at));
    r->left = text_from(t, at);
    return true;
}

static bool read_word(struct reading *r, struct json *into)
{
    if (digits_of(text_upto(r->left, 1), 0))
        return read_number(r, into);
    static const struct {
        const char *word;
        enum json_kinds kind;
        bool truth;
    } words[] = { { "null", JSON_NULL, false }, { "true", JSON_BOOL, true }, { "false", JSON_BOOL, false } };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_starts(r->left, text_of(words[i].word))) {
            into->kind = words[i].kind;
            into->as.truth = words[i].truth;
            r->left = text_from(r->left, strlen(words[i].word));
            return true;
        }
    return read_number(r, into);
}

static bool read_value(struct reading *r, struct json *into, unsigned depth);

static bool read_members(struct reading *r, struct json *into, char close, unsigned depth)
{
    struct json *first = NULL, **last = &first;
    if (depth >= JSON_DEPTH_READ)
        return refuse(r, "nested too deep");
    if (take(r, close))
        return true;
    do {
        struct json *member = arena_new(r->arena, struct json);
        if (close == '}' && (!read_string(r, &member->name) || !(take(r, ':') || refuse(r, "a colon is expected"))))
            return false;
        if (!read_value(r, member, depth + 1))
            return false;
        *last = member;
        last = &member->next;
        into->as.members.count++;
    } while (take(r, ','));
    if (!take(r, close))
        return refuse(r, close == '}' ? "a comma or '}' is expected" : "a comma or ']' is expected");
    into->as.members.at = arena_array(r->arena, struct json *, into->as.members.count);
    for (size_t i = 0; i < into->as.members.count; i++, first = first->next)
        into->as.members.at[i] = first;
    return true;
}

static bool read_value(struct reading *r, struct json *into, unsigned depth)
{
    skip_blanks(r);
    char c = r->left.len ? r->left.at[0] : '\0';
    if (c == '"') {
        into->kind = JSON_TEXT;
        return read_string(r, &into->as.text);
    }
    if (c == '{' || c == '[') {
        into->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
        r->left = text_from(r->left, 1);
        return read_members(r, into, c == '{' ? '}' : ']', depth);
    }
    return read_word(r, into);
}

static bool read_whole(struct reading *r, struct json *into)
{
    const bool ok = read_value(r, into, 0);
    skip_blanks(r);
    return ok && (!r->left.len || refuse(r, "something stands behind the value"));
}

const struct json *json_view(struct text t, struct arena *arena)
{
    struct reading r = { .left = t, .arena = arena, .borrows = true };
    struct json *root = arena_new(arena, struct json);
    return read_whole(&r, root) ? root : NULL;
}

struct json *json_read(struct text t, struct error *err)
{
    struct reading r = { .left = t, .arena = arena_create() };
    struct root *root = arena_new(r.arena, struct root);
    root->arena = r.arena;
    if (read_whole(&r, &root->node))
        return &root->node;
    fail(err, ERROR_INPUT, "not JSON at offset %zu: %s", t.len - r.left.len, r.trouble);
    json_free(&root->node);
    return NULL;
}

void json_free(struct json *root)
{
    if (root)
        arena_destroy(((struct root *)(void *)root)->arena);
}

/* ---- asking ---- */

enum json_kinds json_kind(const struct json *j)
{
    return j ? j->kind : JSON_NULL;
}

/* A member that is null is one that is not there. */
static const struct json *known(const struct json *j)
{
    return json_kind(j) == JSON_NULL ? NULL : j;
}

const struct json *json_named(const struct json *j, struct text name)
{
    for (size_t i = json_kind(j) == JSON_OBJECT ? j->as.members.count : 0; i-- > 0;)
        if (text_equal(j->as.members.at[i]->name, name))
            return known(j->as.members.at[i]);
    return NULL;
}

const struct json *json_at(const struct json *j, size_t index)
{
    return json_kind(j) == JSON_ARRAY && index < j->as.members.count ? known(j->as.members.at[index]) : NULL;
}

size_t json_count(const struct json *j)
{
    return json_kind(j) == JSON_ARRAY || json_kind(j) == JSON_OBJECT ? j->as.members.count : 0;
}

const struct json *json_entry(const struct json *j, size_t index, struct text *name)
{
    if (json_kind(j) != JSON_OBJECT || index >= j->as.members.count)
        return NULL;
    *name = j->as.members.at[index]->name;
    return known(j->as.members.at[index]);
}

struct text json_as_text(const struct json *j)
{
    return json_kind(j) == JSON_TEXT ? j->as.text : (struct text){ NULL, 0 };
}

bool json_as_number(const struct json *j, int64_t *number)
{
    if (json_kind(j) != JSON_NUMBER)
        return false;
    *number = whole_number(j->as.text);
    return true;
}

bool json_as_real(const struct json *j, double *real)
{
    if (json_kind(j) != JSON_REAL && json_kind(j) != JSON_NUMBER)
        return false;
    *real = strtod(j->as.text.at, NULL);
    return true;
}

bool json_as_bool(const struct json *j)
{
    return json_kind(j) == JSON_BOOL && j->as.truth;
}
