#include "parser/elements.h"

#include "base/map.h"
#include "parser/markup.h"
#include "parser/scan.h"

enum { NAME_MOST = 64, DEPTH_MOST = 16 };

static const struct text cdata = { "<![CDATA[", 9 }, cdata_end = { "]]>", 3 };

bool elements_wrap(struct text line)
{
    line = scan_skip(line);
    return line.len > 1 && line.at[0] == '<' &&
           (scan_letter(line.at[1]) || line.at[1] == '/' || line.at[1] == '?' || line.at[1] == '!');
}

static bool is_name_octet(char c)
{
    return scan_letter(c) || scan_digit(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '@';
}

static struct text take_name(struct text *t)
{
    size_t n = 0;
    while (n < t->len && n < NAME_MOST && is_name_octet(t->at[n]))
        n++;
    const struct text name = text_upto(*t, n);
    *t = text_from(*t, n);
    return name;
}

static bool is_time(struct text name)
{
    return exported_is_time(name) || text_equal(name, TEXT("SystemTime"));
}

/* What a record says of its host and time, until it says something else. */
static void note(struct elements *e, struct text name, struct text value)
{
    struct elements_said *said = e->in_record ? &e->inner : &e->outer;
    value = text_trim(value);
    if (exported_is_host(name) && value.len) {
        said->has_host = true;
        said->host_len = (uint8_t)(value.len <= sizeof said->host ? value.len : 0);
        memcpy(said->host, value.at, said->host_len);
    } else if (is_time(name) && value.len <= sizeof said->time && exported_time(value).len) {
        memcpy(said->time, value.at, value.len);
        said->time_len = (uint8_t)value.len;
    }
}

/* The rest of a tag behind its name: its attributes up to ">". Name="…" is the name of an element that has none of its own. */
static bool take_attributes(struct elements *e, struct text *t, struct text *named)
{
    bool empty = false;
    while (t->len && t->at[0] != '>') {
        const struct text key = take_name(t);
        if (!key.len || t->len < 2 || t->at[0] != '=' || (t->at[1] != '"' && t->at[1] != '\'')) {
            empty = t->len && t->at[0] == '/';
            *t = text_from(*t, t->len && !key.len);
            continue;
        }
        const char quote = t->at[1];
        const struct text behind = text_from(*t, 2);
        const size_t end = text_find_byte(behind, quote);
        const struct text value = text_upto(behind, end);
        *t = text_from(behind, end == TEXT_NOWHERE ? behind.len : end + 1);
        if (text_equal(key, TEXT("Name")) || text_equal(key, TEXT("name")))
            *named = value;
        note(e, key, value);
    }
    *t = text_from(*t, t->len != 0);
    return empty;
}

/* What an element holds, up to the next tag or the line's end. */
static struct text take_content(struct elements *e, struct text *t, struct arena *arena)
{
    if (!e->inside && text_starts(*t, cdata)) {
        e->raw = true;
        *t = text_from(*t, cdata.len);
    }
    const size_t end = e->raw ? text_find(*t, cdata_end) : text_find_byte(*t, '<');
    const struct text content = text_upto(*t, end);
    e->inside = end == TEXT_NOWHERE;
    *t = text_from(*t, e->inside ? t->len : end + (e->raw ? cdata_end.len : 0));
    const bool raw = e->raw;
    e->raw = raw && e->inside;
    return raw || !markup_may_be(content) ? content : markup_strip(content, arena);
}

static uint64_t hash_of(struct text t)
{
    return hash_bytes(bytes_of_text(t));
}

/* ------------------------------------------------------------------------------------------ a line's messages */

struct taking {
    struct elements *e;
    struct text rest;
    struct arena *arena;
    struct unpacked *out, *last, *open; /* open: the first of the record that has not ended; NULL: none */
    struct unpacked *guess;             /* what this record has as its message only since others had theirs there */
    struct text host, time;             /* of the message before */
};

static struct text kept(struct taking *t, struct text before, struct text now)
{
    return text_equal(before, now) ? before : arena_text(t->arena, now);
}

/* What a record says of its messages may stand behind them. */
static void settle(struct taking *t)
{
    const struct elements_said *in = &t->e->inner, *around = &t->e->outer;
    const struct elements_said *of_host = in->has_host ? in : around, *of_time = in->time_len ? in : around;
    if (!t->open)
        return;
    t->host = kept(t, t->host, text_over(of_host->host, of_host->host_len));
    t->time = kept(t, t->time, text_over(of_time->time, of_time->time_len));
    for (struct unpacked *m = t->open; m; m = m->next) {
        m->host = t->host;
        m->time = t->time;
    }
    t->open = NULL;
}

/* over: the record will say no more. */
static void answer(struct elements *e, bool over)
{
    if (!e->waits || !(over || e->inner.has_host))
        return;
    e->answer = e->inner;
    e->waits = false;
    e->told = true;
}

/* What a line's last record has not said when the line ends may stand on the next. */
static void wait(struct taking *t)
{
    struct elements *e = t->e;
    if (!t->open || !e->in_record || e->inner.has_host || e->outer.has_host)
        return;
    for (struct unpacked *m = t->open; m; m = m->next)
        m->waits = true;
    e->waits = true;
}

static struct unpacked *add(struct taking *t, struct text content)
{
    struct unpacked *m = t->guess ? t->guess : t->last ? arena_new(t->arena, struct unpacked) : t->out;
    m->message = text_over(content.len ? content.at : "", content.len);
    if (t->last && !t->guess)
        t->last->next = m;
    t->guess = NULL;
    t->last = m;
    t->open = t->open ? t->open : m;
    if (!t->e->in_record)
        settle(t);
    return m;
}

static void begin_record(struct taking *t)
{
    struct elements *e = t->e;
    answer(e, true);
    settle(t);
    t->guess = NULL;
    e->in_record = true;
    e->record_depth = e->depth;
    e->inner = (struct elements_said){ .has_host = false };
    e->said_len = 0;
    e->data = 0;
}

static void end_record(struct taking *t)
{
    struct elements *e = t->e;
    answer(e, true);
    settle(t);
    t->guess = NULL;
    *(e->in_record ? &e->inner : &e->outer) = (struct elements_said){ .has_host = false }; /* its beginning was not seen */
    e->in_record = false;
}

/* Windows renders what a record's data say a second time, as its message. */
static bool is_rendered(struct elements *e, struct text name, struct text content)
{
    const bool data = text_equal(name, TEXT("Data"));
    const uint64_t hash = hash_of(content);
    const bool again = !data && content.len && content.len == e->said_len && hash == e->said;
    e->said_len = data ? content.len : e->said_len;
    e->said = data ? hash : e->said;
    return again;
}

enum holding { NO_MESSAGE, GUESSED, MESSAGE };

/* Is it an element for a message? One without a name that tells is where a log's lines begin, in this record or else in others. */
static enum holding holds_message(struct elements *e, struct text name, struct text named, struct text content)
{
    if (exported_rank(named.len ? named : name) >= 0)
        return MESSAGE;
    if (!text_equal(name, TEXT("Data")))
        return NO_MESSAGE;
    const bool begins = exported_begins_log(scan_skip(content));
    e->data += !named.len;
    if (begins && !named.len)
        e->data_of_log = e->data;
    return begins ? MESSAGE : !named.len && e->data == e->data_of_log ? GUESSED : NO_MESSAGE;
}

static void take_end(struct taking *t)
{
    struct elements *e = t->e;
    t->rest = text_from(t->rest, 1);
    const struct text name = take_name(&t->rest);
    if (hash_of(name) == e->record) {
        end_record(t);
    } else if (!e->in_record) {
        e->depth -= e->depth > 0;
        if (e->depth < e->record_depth) /* what stood around records is over */
            e->outer = (struct elements_said){ .has_host = false };
    }
}

/* An element behind its '<' and its name, and what it holds where that is text. */
static void take_element(struct taking *t, struct text name)
{
    struct elements *e = t->e;
    struct text named = { NULL, 0 };
    const bool record = hash_of(name) == e->record;
    if (record)
        begin_record(t);
    const bool empty = take_attributes(e, &t->rest, &named), raw = text_starts(t->rest, cdata);
    e->depth += !empty && !e->in_record;
    struct text behind = t->rest;
    const struct text content = empty ? TEXT("") : take_content(e, &behind, t->arena);
    const bool leaf = empty || raw || e->inside || text_starts(behind, TEXT("</"));
    const enum holding holds = leaf ? holds_message(e, name, named, content) : NO_MESSAGE;
    if (!holds) {
        e->inside = e->raw = false;
        note(e, named.len ? named : name, content);
        t->rest = raw ? behind : t->rest;
        if (record && empty)
            end_record(t);
        return;
    }
    t->rest = behind;
    if ((e->inside && !text_trim(content).len) || is_rendered(e, name, content))
        return;
    if (holds == GUESSED || !text_equal(name, TEXT("Data")))
        t->guess = NULL;
    struct unpacked *m = add(t, content);
    t->guess = holds == GUESSED && !e->inside ? m : NULL;
}

bool elements_take(struct elements *e, struct text line, struct arena *arena, struct unpacked *out)
{
    struct taking t = { .e = e, .rest = line, .arena = arena, .out = out };
    e->told = false;
    e->answer = (struct elements_said){ .has_host = false };
    if (e->inside) {
        const struct text content = take_content(e, &t.rest, arena);
        if (e->inside || text_trim(content).len)
            add(&t, content);
    }
    for (size_t at; !e->inside && (at = text_find_byte(t.rest, '<')) != TEXT_NOWHERE;) {
        t.rest = text_from(t.rest, at + 1);
        if (text_starts(t.rest, TEXT("/"))) {
            take_end(&t);
            continue;
        }
        const struct text name = take_name(&t.rest);
        if (name.len)
            take_element(&t, name);
    }
    answer(e, false);
    wait(&t);
    settle(&t);
    return out->message.at != NULL;
}

/* ------------------------------------------------------------------------------------------ what a record is */

struct learning {
    uint64_t open[DEPTH_MOST], around[DEPTH_MOST]; /* the elements that are open; those around the first message */
    size_t depth, around_count;
};

/* Does an element hold nothing but text, or nothing? */
static bool is_leaf(struct text rest)
{
    const size_t at = text_find_byte(rest, '<');
    const struct text next = text_from(rest, at);
    return text_starts(next, TEXT("</")) || text_starts(next, cdata);
}

static void learn_end(struct learning *l)
{
    if (!l->depth) /* the input begins within a record */
        l->around_count = 0;
    l->depth -= l->depth > 0;
}

/* True: it is what stood around the first message, once more. */
static bool learn_element(struct learning *l, struct text name, struct text named, bool leaf)
{
    const uint64_t hash = hash_of(name);
    if (l->depth < l->around_count && l->around[l->depth] == hash)
        return true;
    if (leaf && !l->around_count && (exported_rank(named.len ? named : name) >= 0 || text_equal(name, TEXT("Data")))) {
        l->around_count = l->depth < DEPTH_MOST ? l->depth : DEPTH_MOST;
        memcpy(l->around, l->open, l->around_count * sizeof l->open[0]);
    }
    if (l->depth < DEPTH_MOST)
        l->open[l->depth] = hash;
    return false;
}

void elements_learn(struct elements *e, struct text head)
{
    struct learning l = { .depth = 0 };
    struct elements none = { .inside = false };
    e->record = hash_of(TEXT("Event"));
    for (size_t at; (at = text_find_byte(head, '<')) != TEXT_NOWHERE;) {
        head = text_from(head, at + 1);
        if (text_starts(head, text_from(cdata, 1))) {
            const size_t end = text_find(head, cdata_end);
            head = text_from(head, end);
        } else if (text_starts(head, TEXT("/"))) {
            learn_end(&l);
        } else {
            struct text named = { NULL, 0 };
            const struct text name = take_name(&head);
            if (!name.len)
                continue;
            const bool empty = take_attributes(&none, &head, &named);
            if (learn_element(&l, name, named, empty || is_leaf(head))) {
                e->record = hash_of(name);
                return;
            }
            l.depth += !empty;
        }
    }
}
