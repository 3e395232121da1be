#include "parser/exported.h"

#include "base/buffer.h"
#include "base/json.h"
#include "parser/elements.h"
#include "parser/epoch.h"
#include "parser/keyed.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"
#include "parser/unnumbered.h"

enum { LINES_LEAST = 3, LINES_LOOKED = 100, COLUMNS_MOST = 64 };

/* What an object may be asked for, and how many that is. */
enum name {
#define X(constant, name) NAME_##constant,
#include "parser/exported_names.def"
#undef X
    NAME_COUNT
};
static const struct text known_names[] = {
#define X(constant, name) { name, sizeof name - 1 },
#include "parser/exported_names.def"
#undef X
};

/* What collectors call the device, and what it said; the first that is there counts. */
static const uint8_t hosts[] = { NAME_HOSTNAME,         NAME_HOST,      NAME_DEVICE,     NAME_SOURCE,
                                 NAME_FROMHOST_IP,      NAME_FROMHOST,  NAME_LOG_SOURCE, NAME_HOSTIP,
                                 NAME_JOURNAL_HOSTNAME, NAME_HOST_NAME, NAME_COMPUTER,   NAME_LOG_SOURCE_COLUMN };
static const uint8_t bodies[] = {
    NAME_RAWMSG,          NAME_SPLUNK_RAW,      NAME_RAW,           NAME_FULL_MESSAGE,  NAME_MSG, NAME_MESSAGE,
    NAME_JOURNAL_MESSAGE, NAME_CAPITAL_MESSAGE, NAME_SHORT_MESSAGE, NAME_SYSLOGMESSAGE, NAME_LOG, NAME_SYSLOG_MESSAGE,
    NAME_PAYLOAD,         NAME_CAPITAL_PAYLOAD, NAME_EVENT,         NAME_TEXT,          NAME_LINE
};
static const uint8_t times[] = { NAME_AT_TIMESTAMP, NAME_TIMESTAMP,     NAME_SPLUNK_TIME,           NAME_TIME,
                                 NAME_CAPITAL_TIME, NAME_EVENTTIME,     NAME_CAPITAL_TIMEGENERATED, NAME_DATETIME,
                                 NAME_TIMEREPORTED, NAME_TIMEGENERATED, NAME_CAPITAL_EVENTTIME,     NAME_DATE,
                                 NAME_RECEIVED,     NAME_ISOTIMESTAMP,  NAME_SYSLOG_TIMESTAMP,      NAME_TS,
                                 NAME_EPOCH,        NAME_JOURNAL_TIME };

/* A member of an object within the object, whether the export nests them or writes their names with dots. */
struct name_path {
    uint8_t whole, head; /* enum name: with dots; of the outer object */
    struct text rest;    /* the path in that one; at NULL: there is none */
};
/* Where shippers put the router and its line when the usual names are the collector's: the first that is there counts. */
static const struct name_path router_paths[] = {
    { NAME_OBSERVER_NAME, NAME_OBSERVER, { "name", 4 } },
    { NAME_OBSERVER_HOSTNAME, NAME_OBSERVER, { "hostname", 8 } },
    { NAME_LOG_SYSLOG_HOSTNAME, NAME_LOG, { "syslog.hostname", 15 } },
    { NAME_SYSLOG_HOSTNAME, NAME_SYSLOG, { "hostname", 8 } },
    { NAME_PATH_LOG_SOURCE_ADDRESS, NAME_LOG, { "source.address", 14 } },
    { NAME_LOG_SOURCE_IP, NAME_LOG, { "source.ip", 9 } },
    { NAME_SYSLOG_HOST, NAME_SYSLOG, { "host", 4 } },
    { NAME_LABELS_HOSTNAME, NAME_LABELS, { "hostname", 8 } },
    { NAME_LABELS_HOST, NAME_LABELS, { "host", 4 } },
    { NAME_STREAM_HOST, NAME_STREAM, { "host", 4 } },
    { NAME_CAPITAL_HOSTNAME, NAME_CAPITAL_HOSTNAME, { NULL, 0 } },
    { NAME_CAPITALS_HOST, NAME_CAPITALS_HOST, { NULL, 0 } },
};
static const struct name_path body_paths[] = {
    { NAME_EVENT_ORIGINAL, NAME_EVENT, { "original", 8 } },
    { NAME_LOG_ORIGINAL, NAME_LOG, { "original", 8 } },
};
/* Objects around it. */
static const uint8_t shells[] = { NAME_RESULT, NAME_SHELL_SOURCE, NAME_FIELDS };

/* ---- JSON ---- */

/* The members of an object by their names: of several of one name the last; NULL: it has none, or it is null. */
struct members {
    const struct json *of[NAME_COUNT];
};

/* The place of a name in the list of names; NAME_COUNT: it is not in it. */
static unsigned name_find(struct text name)
{
    unsigned low = 0, high = NAME_COUNT;
    while (low < high) {
        const unsigned mid = (low + high) / 2;
        const struct text t = known_names[mid];
        int order = (t.len > name.len) - (t.len < name.len);
        order = order ? order : t.at[0] - name.at[0];
        order = order ? order : memcmp(t.at, name.at, t.len);
        if (!order)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NAME_COUNT;
}

static struct members members_of(const struct json *j)
{
    struct members m = { .of = { NULL } };
    struct text name;
    for (size_t i = 0; json_kind(j) == JSON_OBJECT && i < json_count(j); i++) {
        const struct json *value = json_entry(j, i, &name);
        const unsigned known = name_find(name);
        if (known < NAME_COUNT)
            m.of[known] = value;
    }
    return m;
}

static const struct json *first_of(const struct json *j)
{
    return json_kind(j) == JSON_ARRAY ? json_at(j, 0) : j;
}

static struct text first_text(const struct members *m, const uint8_t *wanted, size_t count)
{
    struct text t = { NULL, 0 };
    for (size_t i = 0; i < count && !t.len; i++)
        t = json_as_text(first_of(m->of[wanted[i]]));
    return t.len ? t : (struct text){ NULL, 0 };
}

/* What a path leads to from an object on; NULL: it is not there. */
static const struct json *at_names(const struct json *j, struct text path)
{
    const struct json *whole = json_named(j, path);
    if (whole || json_kind(j) != JSON_OBJECT)
        return first_of(whole);
    const size_t dot = text_find_byte(path, '.');
    return dot == TEXT_NOWHERE ? NULL : at_names(json_named(j, text_upto(path, dot)), text_from(path, dot + 1));
}

static const struct json *at_path(const struct members *m, const struct name_path *path)
{
    if (m->of[path->whole])
        return first_of(m->of[path->whole]);
    return m->of[path->head] ? at_names(m->of[path->head], path->rest) : NULL;
}

static struct text first_at(const struct members *m, const struct name_path *paths, size_t count)
{
    struct text t = { NULL, 0 };
    for (size_t i = 0; i < count && !t.len; i++)
        t = json_as_text(at_path(m, &paths[i]));
    return t.len ? t : (struct text){ NULL, 0 };
}

/* An empty line of the log is a member that is empty. */
static bool has_body(const struct members *m)
{
    for (size_t i = 0; i < COUNT_OF(body_paths); i++)
        if (json_kind(at_path(m, &body_paths[i])) == JSON_TEXT)
            return true;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        const struct json *body = m->of[bodies[i]];
        if (body && (json_kind(body) == JSON_TEXT || json_kind(json_at(body, 0)) == JSON_NUMBER))
            return true;
    }
    return false;
}

static int rank_in(struct text name, const uint8_t *list, size_t count)
{
    const unsigned known = name_find(name);
    for (size_t i = 0; known < NAME_COUNT && i < count; i++)
        if (list[i] == known)
            return (int)i;
    return -1;
}

int exported_rank(struct text name)
{
    return rank_in(name, bodies, COUNT_OF(bodies));
}

bool exported_is_host(struct text name)
{
    return rank_in(name, hosts, COUNT_OF(hosts)) >= 0;
}

bool exported_is_time(struct text name)
{
    return rank_in(name, times, COUNT_OF(times)) >= 0;
}

struct text exported_time(struct text value)
{
    struct stamp stamp;
    value = text_trim(value);
    size_t n = value.len < EXPORTED_HEAD ? stamp_scan(value, &stamp) : 0;
    return n && n == value.len && stamp_is_date(stamp) ? value : (struct text){ NULL, 0 };
}

struct text exported_time_before(struct text head)
{
    struct text time = { NULL, 0 };
    head = scan_trim_end(head);
    while (head.len && !time.len) {
        time = exported_time(head);
        while (head.len && !scan_blank(head.at[head.len - 1]))
            head.len--;
        head = scan_trim_end(head);
    }
    return time;
}

struct text exported_stamped(struct text line, struct text time, struct arena *arena)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix = { .has_time = false };
    struct tag tag;
    if (!time.len)
        return line;
    prefix_scan(line, &none, &prefix);
    bool begins = (tag_scan(prefix.rest, &tag) && tag.family != FAMILY_NONE) || (prefix.rest.len && prefix.rest.at[0] == '%');
    return prefix.has_time || !begins ? line : arena_format(arena, "%.*s %.*s", TEXT_ARGS(time), TEXT_ARGS(line));
}

/* The router's own where the export tells it from the collector's; else a name, or an object around it: "host": {"name": "r1"}.
 */
static struct text host_of(const struct members *m)
{
    struct text host = first_at(m, router_paths, COUNT_OF(router_paths));
    const size_t colon = text_find_byte(host, ':');
    if (colon != TEXT_NOWHERE && text_find_byte(text_from(host, colon + 1), ':') == TEXT_NOWHERE)
        host.len = colon; /* the port from which it came */
    host = host.len ? host : first_text(m, hosts, COUNT_OF(hosts));
    for (size_t i = 0; i < COUNT_OF(hosts) && !host.len; i++) {
        const struct json *object = m->of[hosts[i]];
        host = json_as_text(first_of(json_member(object, "hostname")));
        host = host.len ? host : json_as_text(first_of(json_member(object, "name")));
    }
    return host;
}

static struct text time_of(const struct members *m, struct arena *arena)
{
    struct text t = { NULL, 0 };
    for (size_t i = 0; i < COUNT_OF(times) && !t.len; i++)
        if (m->of[times[i]])
            t = exported_time(json_as_text(m->of[times[i]]));
    for (size_t i = 0; i < COUNT_OF(times) && !t.len; i++)
        if (m->of[times[i]])
            t = epoch_of_json(m->of[times[i]], arena);
    return t;
}

/* A journal's list of octets. */
static struct text octets_of(const struct json *j, struct arena *arena)
{
    char *at = arena_take(arena, json_count(j) + 1);
    size_t n = 0;
    for (int64_t octet; n < json_count(j) && json_as_number(json_at(j, n), &octet) && octet >= 0 && octet < 256; n++)
        at[n] = (char)octet;
    return text_over(at, n == json_count(j) ? n : 0);
}

static struct text body_of(const struct members *m, struct arena *arena)
{
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        if (m->of[bodies[i]] && json_kind(json_at(m->of[bodies[i]], 0)) == JSON_NUMBER)
            return octets_of(m->of[bodies[i]], arena);
    struct text body = first_text(m, bodies, COUNT_OF(bodies));
    body = body.at ? body : first_at(m, body_paths, COUNT_OF(body_paths));
    return body.at ? body : TEXT(""); /* an empty line of the log */
}

/* Where the object of a line begins: at once, or behind a time and a tag, with tabs between or a colon. */
static size_t json_begins(struct text line)
{
    const struct text head = text_upto(line, EXPORTED_HEAD);
    if (!line.len || line.at[0] == '{' || line.at[0] == '[')
        return 0;
    const size_t tab = text_find(head, TEXT("\t{")), tag = text_find(head, TEXT(": {\""));
    return tab != TEXT_NOWHERE ? tab + 1 : tag != TEXT_NOWHERE ? tag + 2 : 0;
}

bool exported_json(struct text line, const char *field, struct arena *arena, struct unpacked *out)
{
    *out = (struct unpacked){ .host = { NULL, 0 } };
    line = scan_trim_end(scan_skip(line));
    if (line.len && line.at[line.len - 1] == ',') /* of an array with an object a line */
        line.len--;
    const struct text whole = line;
    const size_t begin = json_begins(line);
    line = text_from(line, begin);
    const struct json *root = line.len && line.at[0] == '{' ? json_view(line, arena) : NULL;
    if (!root)
        return false;
    const struct members outer = members_of(root);
    struct members inner;
    const struct members *m = &outer;
    bool body = has_body(m);
    for (size_t i = 0; i < COUNT_OF(shells) && !body; i++)
        if (json_kind(outer.of[shells[i]]) == JSON_OBJECT) {
            inner = members_of(outer.of[shells[i]]);
            m = &inner;
            body = has_body(m);
        }
    const struct text host = field ? json_as_text(json_member(root, field)) : (struct text){ NULL, 0 };
    out->host = host.len ? host : host_of(m);
    out->time = time_of(m, arena);
    if (!out->time.len && m != &outer)
        out->time = time_of(&outer, arena);
    if (!out->time.len)
        out->time = exported_time_before(text_upto(whole, begin));
    if (body)
        out->message = body_of(m, arena);
    return true;
}

/* ---- CSV ---- */

/* Cuts the next column off; *open: its closing quote is not on this line. Doubled quotes become one. */
static struct text take_column(struct text *t, char separator, struct arena *arena, bool *open)
{
    *open = false;
    if (!t->len || t->at[0] != '"') {
        size_t n = text_find_byte(*t, separator);
        struct text column = n == TEXT_NOWHERE ? *t : text_upto(*t, n);
        *t = text_from(*t, n == TEXT_NOWHERE ? t->len : n + 1);
        return column;
    }
    const struct text inside = text_from(*t, 1);
    size_t end = text_find_byte(inside, '"'), len = 0;
    *open = end == TEXT_NOWHERE;
    if (*open || end + 1 == inside.len || inside.at[end + 1] != '"') {
        *t = text_from(inside, *open ? inside.len : end + 2);
        return text_upto(inside, end);
    }
    char *at = arena_take(arena, inside.len);
    for (end = 0; end < inside.len; end++) {
        if (inside.at[end] == '"' && (end + 1 == inside.len || inside.at[end + 1] != '"'))
            break;
        end += inside.at[end] == '"';
        at[len++] = inside.at[end];
    }
    *open = end == inside.len;
    *t = text_from(inside, end + 2);
    return text_over(at, len);
}

static size_t columns_of(struct text line, char separator, struct arena *arena, struct text columns[COLUMNS_MOST], bool *open)
{
    size_t n = 0;
    *open = false;
    while (line.len && n < COLUMNS_MOST)
        columns[n++] = take_column(&line, separator, arena, open);
    if (n && n < COLUMNS_MOST && line.at[-1] == separator && !*open)
        columns[n++] = line; /* the last is empty */
    return n;
}

static int column_named(const struct text *columns, size_t count, const uint8_t *wanted, size_t wanted_count)
{
    for (size_t i = 0; i < wanted_count; i++)
        for (size_t c = 0; c < count; c++)
            if (text_equal_nocase(text_trim(columns[c]), known_names[wanted[i]]))
                return (int)c;
    return -1;
}

/* The first of these columns that is a time, or two that are a day and a clock. */
static struct text column_time(const struct text *columns, size_t count, struct arena *arena)
{
    struct text time = { NULL, 0 };
    for (size_t i = 0; i < count && !time.len; i++)
        time = exported_time(columns[i]);
    for (size_t i = 0; i + 1 < count && !time.len; i++)
        time = exported_time(arena_format(arena, "%.*s %.*s", TEXT_ARGS(text_trim(text_upto(columns[i], EXPORTED_HEAD))),
                                          TEXT_ARGS(text_trim(text_upto(columns[i + 1], EXPORTED_HEAD)))));
    return time;
}

/* Is a message the name of its column? */
static bool is_heading(struct text message)
{
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        const struct text name = known_names[bodies[i]];
        if (message.len == name.len && text_equal_nocase(message, name))
            return true;
    }
    return false;
}

static bool csv_take(struct exported *e, struct text line, struct arena *arena, struct unpacked *out)
{
    struct text columns[COLUMNS_MOST];
    bool open;
    if (e->inside) { /* up to the quote that closes the message */
        char *quoted = arena_take(arena, line.len + 1);
        quoted[0] = '"';
        if (line.len)
            memcpy(quoted + 1, line.at, line.len);
        struct text rest = text_over(quoted, line.len + 1);
        out->message = take_column(&rest, e->separator, arena, &e->inside);
        return true;
    }
    const bool heads = e->heads;
    e->heads = false;
    if (heads)
        return false;
    size_t n = columns_of(line, e->separator, arena, columns, &open);
    if (e->rest) { /* no heading and no quotes: a line is one of these where its time is one; its message may be empty */
        const size_t before = (size_t)e->message;
        if (n < before || !column_time(columns, before, arena).len)
            return false;
        for (size_t i = 0, at; i < before; i++)
            line = text_from(line, (at = text_find_byte(line, e->separator)) == TEXT_NOWHERE ? line.len : at + 1);
        columns[before] = line;
        n = before + 1;
        open = false;
    }
    if (n < 2 || (size_t)(e->message + 1) > n)
        return false;
    size_t message = e->message < 0 ? n - 1 : (size_t)e->message;
    out->message = columns[message];
    if (is_heading(text_trim(out->message)))
        return false;
    if (e->host >= 0 && (size_t)e->host < n)
        out->host = columns[e->host];
    out->time = column_time(columns, message, arena);
    if (!out->time.len)
        out->time = column_time(columns + message + 1, n - message - 1, arena);
    if (!out->time.len && e->time >= 0 && (size_t)e->time < n)
        out->time = epoch_date(columns[e->time], arena);
    e->inside = open && message == n - 1;
    return true;
}

/* ---- all ---- */

bool exported_begins_log(struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    bool stamped = prefix_scan(t, &none, &prefix) && prefix.has_time;
    return (tag_scan(prefix.rest, &tag) && tag.family != FAMILY_NONE && tag.family != FAMILY_CONTEXT) ||
           (stamped && prefix.rest.len && prefix.rest.at[0] == '%');
}

/* How many lines of the head hold a log's line in that form; 0 where others stand between them. */
static unsigned count(struct exported form, struct text head, struct arena *arena)
{
    struct text line;
    unsigned held = 0, logs = 0, others = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        struct unpacked u;
        line = scan_trim_end(line);
        if (!line.len)
            continue;
        bool fits = exported_take(&form, line, arena, &u) && u.message.at;
        held += fits;
        others += !fits && !(form.form == EXPORTED_XML && elements_wrap(line)); /* of one record many */
        for (const struct unpacked *m = &u; fits && m; m = m->next)
            logs += exported_begins_log(scan_skip(m->message));
    }
    /* a heading, an array's brackets, the last line cut */
    return others <= 3 + held / 10 && held >= (form.named ? 1 : LINES_LEAST) ? logs : 0;
}

/* "3/3/2026 10:00:01 AM": whether its day or its month comes first may be unknown; a time it is. */
static bool has_clock(const struct text *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t at = 1; at + 2 < columns[i].len && at < EXPORTED_HEAD; at++)
            if (columns[i].at[at] == ':' && scan_digit(columns[i].at[at - 1]) && scan_digit(columns[i].at[at + 1]) &&
                scan_digit(columns[i].at[at + 2]))
                return true;
    return false;
}

/* Where no heading tells the message's column: that in which log lines begin, if all lines have as many columns and a time in
 * front of it. heads: the first line has none, and is the heading. */
static int column_of_logs(struct text head, char separator, struct arena *arena, bool *heads)
{
    struct text columns[COLUMNS_MOST], line;
    unsigned logs[COLUMNS_MOST] = { 0 }, rows = 0;
    size_t usual = 0, best = 0;
    bool open = false, headed = false, quoted = true;
    *heads = false;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        const size_t count = columns_of(scan_trim_end(line), separator, arena, columns, &open);
        const bool fits = count > 1 && !open && (!usual || count == usual) && has_clock(columns, count - 1);
        if (!fits && n && head.len) /* messages of several lines have quotes, and are found by those */
            return -1;
        headed |= !fits && !n;
        usual = fits ? count : usual;
        rows += fits;
        quoted &= line.len && line.at[0] == '"';
        for (size_t c = 1; fits && c < count; c++)
            logs[c] += exported_begins_log(scan_skip(columns[c]));
    }
    for (size_t c = 1; c < usual; c++)
        best = logs[c] > logs[best] ? c : best;
    *heads = headed && logs[best];
    return logs[best] && rows > (quoted ? 0 : 1) ? (int)best : -1;
}

/* The columns by the names in the first line, or the last of those that all lines have. */
static struct exported csv_form(struct text head, char separator, struct arena *arena)
{
    struct exported e = { .form = EXPORTED_CSV, .separator = separator, .message = -1, .host = -1, .time = -1 };
    struct text columns[COLUMNS_MOST], line = { NULL, 0 };
    bool open;
    struct text rest = head;
    while (text_cut(&rest, '\n', &line) && !scan_trim_end(line).len) {}
    size_t n = columns_of(scan_trim_end(line), separator, arena, columns, &open);
    e.message = column_named(columns, n, bodies, COUNT_OF(bodies));
    e.host = column_named(columns, n, hosts, COUNT_OF(hosts));
    e.time = column_named(columns, n, times, COUNT_OF(times));
    e.named = e.message >= 0;
    if (!e.named)
        e.message = column_of_logs(head, separator, arena, &e.heads);
    e.named = e.message >= 0;
    if (e.message < 0 && !(line.len && line.at[0] == '"')) {
        /* commas are everywhere: names or quotes must say what it is; tabs are not, behind a time */
        e.rest = separator == '\t' && n > 1 && column_time(columns, n - 1, arena).len;
        e.message = e.rest ? (int)n - 1 : -1;
        e.form = e.rest ? EXPORTED_CSV : EXPORTED_NOT;
    }
    return e;
}

void exported_detect(struct exported *e, struct text head)
{
    static const char separators[] = { ';', '\t', ',' }; /* commas are everywhere */
    *e = (struct exported){ .form = EXPORTED_NOT };
    struct text first = scan_skip(head);
    if (!first.len)
        return;
    struct arena *arena = arena_create();
    struct exported json = { .form = EXPORTED_JSON, .named = true };
    if ((first.at[0] == '{' || first.at[0] == '[' || json_begins(first)) && count(json, head, arena))
        *e = json;
    const struct exported keyed = { .form = EXPORTED_KEYED, .named = true };
    if (!e->form && keyed_may_be(first) && count(keyed, head, arena))
        *e = keyed;
    struct exported xml = { .form = EXPORTED_XML, .named = true };
    if (!e->form && elements_wrap(first)) {
        elements_learn(&xml.elements, head);
        if (count(xml, head, arena))
            *e = xml;
    }
    for (size_t i = 0; i < sizeof separators && !e->form; i++) {
        struct exported csv = csv_form(head, separators[i], arena);
        if (csv.form && count(csv, head, arena))
            *e = csv;
    }
    arena_destroy(arena);
}

bool exported_take(struct exported *e, struct text line, struct arena *arena, struct unpacked *out)
{
    *out = (struct unpacked){ .host = { NULL, 0 } };
    bool taken = false;
    switch (e->form) {
    case EXPORTED_JSON:
        taken = exported_json(line, NULL, arena, out) && out->message.at;
        break;
    case EXPORTED_CSV:
        taken = csv_take(e, line, arena, out);
        break;
    case EXPORTED_KEYED:
        taken = keyed_take(line, arena, out);
        break;
    case EXPORTED_XML:
        taken = elements_take(&e->elements, line, arena, out);
        break;
    default:
        break;
    }
    for (struct unpacked *m = out; taken && m && m->message.at; m = m->next)
        m->message = unnumbered_named(m->message, arena);
    return taken;
}

bool exported_is_wrapping(const struct exported *e, struct text line)
{
    line = scan_trim_end(scan_skip(line));
    if (e->form == EXPORTED_JSON)
        return !line.len || text_find_byte(TEXT("{}[],"), line.at[0]) != TEXT_NOWHERE;
    if (e->form == EXPORTED_XML)
        return !line.len || elements_wrap(line);
    return !line.len || !exported_begins_log(line);
}
