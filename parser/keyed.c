#include "parser/keyed.h"

#include "parser/epoch.h"
#include "parser/scan.h"

enum { CLASS = 4, SEPARATOR = 5, FIELDS_MOST = 7, SEPARATOR_MOST = 4 };

/* {what begins a line, its fields between bars, what stands between its keys} */
static const struct keyed_form {
    struct text begins;
    uint8_t fields;
    char separator;
} cef = { { "CEF:", 4 }, 7, ' ' },        /* "CEF:0|vendor|product|version|class|name|severity|key=value key=value" */
    leef = { { "LEEF:", 5 }, 5, '\t' },   /* "LEEF:1.0|vendor|product|version|class|key=value<TAB>key=value" */
    leef2 = { { "LEEF:2", 6 }, 6, '\t' }; /* "LEEF:2.0|vendor|product|version|class|^|key=value^key=value" */

/* CEF's own keys: where a sender puts no backslash before the "=" of a message, a word before one of these ends it, and "I_SPI="
 * does not. */
static const char *const keys[] = { "act",    "aid",   "amac",  "app",   "art",   "at",     "atz",     "av",      "cat",
                                    "cnt",    "dhost", "dlat",  "dlong", "dmac",  "dntdom", "dpid",    "dpriv",   "dproc",
                                    "dpt",    "dst",   "dtz",   "duid",  "duser", "dvc",    "dvchost", "dvcmac",  "dvcpid",
                                    "end",    "fname", "fsize", "in",    "mrt",   "msg",    "out",     "outcome", "proto",
                                    "reason", "rt",    "sev",   "shost", "slat",  "slong",  "smac",    "sntdom",  "spid",
                                    "spriv",  "sproc", "spt",   "src",   "start", "suid",   "suser",   "type" };
/* Of these there are many, and a sender's own. */
static const char *const families[] = { "ad.",      "ag",      "bytes",       "c6a",   "cfp",      "cn1",  "cn2",
                                        "cn3",      "cs1",     "cs2",         "cs3",   "cs4",      "cs5",  "cs6",
                                        "customer", "device",  "destination", "event", "external", "file", "flex",
                                        "oldFile",  "request", "source",      "_cef" };

static size_t begin_of(struct text line)
{
    const struct text head = text_upto(line, EXPORTED_HEAD);
    const size_t at = text_find(head, cef.begins);
    return at != TEXT_NOWHERE ? at : text_find(head, leef.begins);
}

bool keyed_may_be(struct text line)
{
    return begin_of(line) != TEXT_NOWHERE;
}

/* A text without the backslashes; \n is a line's end. */
static struct text plain(struct text t, struct arena *arena)
{
    char *at = arena_take(arena, t.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < t.len; i++) {
        const bool escaped = t.at[i] == '\\' && i + 1 < t.len;
        i += escaped;
        at[len++] = escaped && t.at[i] == 'n' ? '\n' : t.at[i];
    }
    return text_over(at, len);
}

/* Where the key stands that an unescaped "=" at `equals` ends, behind the separator; TEXT_NOWHERE: none does. */
static size_t key_before(struct text t, size_t equals, char separator)
{
    size_t at = equals;
    while (at && (scan_letter(t.at[at - 1]) || scan_digit(t.at[at - 1]) || t.at[at - 1] == '_' || t.at[at - 1] == '.'))
        at--;
    return at < equals && (!at || t.at[at - 1] == separator) ? at : TEXT_NOWHERE;
}

static bool is_known(struct text key)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (text_equal(key, text_of(keys[i])))
            return true;
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (text_starts(key, text_of(families[i])))
            return true;
    return false;
}

/* "tenantId", a sender's own key at the end of a message: a small letter first, a capital in it, and not one of a message's list of
 * such, which a colon or comma stands before ("subject name: unstructuredName="). */
static bool is_own(struct text word, struct text before)
{
    bool capital = false;
    for (size_t i = 0; i < word.len; i++) {
        if (!scan_letter(word.at[i]) && !scan_digit(word.at[i]))
            return false;
        capital |= scan_upper(word.at[i]);
    }
    before = scan_trim_end(before);
    return capital && !scan_upper(word.at[0]) && !scan_digit(word.at[0]) &&
           (!before.len || !strchr(":,=", before.at[before.len - 1]));
}

/* A key's value: up to the separator before the next key. Only in a message is what looks like one perhaps none. */
static struct text value_of(struct text extension, const char *name, char separator, struct arena *arena)
{
    const bool blanks = separator == ' ', free = blanks && text_equal(text_of(name), TEXT("msg"));
    bool escapes = false; /* does the value put backslashes before its "="? */
    size_t from = TEXT_NOWHERE, end = extension.len;
    for (size_t i = 0; i < extension.len; i++) {
        if (extension.at[i] != '=') {
            i += blanks && extension.at[i] == '\\'; /* what stands behind it is no sign */
            escapes |= from != TEXT_NOWHERE && i < extension.len && extension.at[i] == '=';
            continue;
        }
        const size_t key = key_before(extension, i, separator);
        if (key == TEXT_NOWHERE)
            continue;
        const struct text word = text_upto(text_from(extension, key), i - key);
        if (from == TEXT_NOWHERE && text_equal(word, text_of(name))) {
            from = i + 1;
        } else if (from != TEXT_NOWHERE &&
                   (!free || escapes || is_known(word) || is_own(word, text_from(text_upto(extension, key), from)))) {
            end = key;
            break;
        }
    }
    if (from == TEXT_NOWHERE)
        return (struct text){ NULL, 0 };
    const struct text value = text_trim(text_upto(text_from(extension, from), end - from));
    return blanks ? plain(value, arena) : text_upto(value, value.len - (value.len && value.at[value.len - 1] == separator));
}

/* "750003", "ASA-4-750003": what an ASA calls its message, which its text may leave out. */
static struct text named(struct text message, struct text class, struct arena *arena)
{
    const struct text number = text_from(class, class.len > 6 ? class.len - 6 : 0);
    uint64_t value;
    if (exported_begins_log(scan_skip(message)) || number.len != 6 || !text_number(number, 10, &value))
        return message;
    return arena_format(arena, "%%ASA-6-%.*s: %.*s", TEXT_ARGS(number), TEXT_ARGS(message));
}

/* "^", "x5E", "0x5e", "": LEEF 2's own word for what stands between its keys. */
static char separator_in(struct text field)
{
    uint64_t code;
    const size_t x = text_find_byte(text_upto(field, 2), 'x');
    if (field.len == 1)
        return field.at[0];
    return x != TEXT_NOWHERE && text_number(text_from(field, x + 1), 16, &code) && code && code < 128 ? (char)code : '\t';
}

/* The fields between bars, of which the first names the form; false: a bar is missing. */
static bool take_head(struct text *rest, size_t count, struct text fields[FIELDS_MOST])
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i < rest->len && n < count; i++) {
        if (rest->at[i] != '|') {
            i += rest->at[i] == '\\';
            continue;
        }
        fields[n++] = text_upto(text_from(*rest, from), i - from);
        from = i + 1;
    }
    *rest = text_from(*rest, from);
    return n == count;
}

/* Which form begins there; its head is taken off. */
static const struct keyed_form *form_of(struct text *rest, struct text fields[FIELDS_MOST])
{
    const struct text whole = *rest;
    if (text_starts(whole, cef.begins))
        return take_head(rest, cef.fields, fields) ? &cef : NULL;
    if (text_starts(whole, leef2.begins) && take_head(rest, leef2.fields, fields) && fields[SEPARATOR].len <= SEPARATOR_MOST)
        return &leef2;
    *rest = whole; /* the separator may be left out */
    return text_starts(whole, leef.begins) && take_head(rest, leef.fields, fields) ? &leef : NULL;
}

static struct text time_in(struct text value, struct arena *arena)
{
    const struct text time = exported_time(value);
    return time.len ? time : epoch_date(value, arena);
}

bool keyed_take(struct text line, struct arena *arena, struct unpacked *out)
{
    static const char *const hosts[] = { "dvchost", "dvc", "identHostName", "shost" };
    static const char *const times[] = { "devTime", "rt" };
    struct text fields[FIELDS_MOST];
    const size_t begin = begin_of(line);
    struct text rest = text_from(line, begin == TEXT_NOWHERE ? line.len : begin);
    const struct keyed_form *form = form_of(&rest, fields);
    if (!form)
        return false;
    const char separator = form == &leef2 ? separator_in(fields[SEPARATOR]) : form->separator;
    out->message = value_of(rest, "msg", separator, arena);
    if (!out->message.at)
        return false;
    out->message = named(out->message, fields[CLASS], arena);
    for (size_t i = 0; i < COUNT_OF(hosts) && !out->host.len; i++)
        out->host = value_of(rest, hosts[i], separator, arena);
    out->time = exported_time_before(text_upto(line, begin));
    for (size_t i = 0; i < COUNT_OF(times) && !out->time.len; i++)
        out->time = time_in(value_of(rest, times[i], separator, arena), arena);
    return true;
}
