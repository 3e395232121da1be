#include "cli/stream.h"

#include <stdio.h>

#include "analysis/analysis.h"
#include "base/stamp.h"
#include "cli/marks.h"
#include "cli/streamrecord.h"
#include "model/model.h"
#include "parser/exported.h"
#include "parser/parser.h"

#define FAILED_WAIT_NS INT64_C(2000000000)
#define SETTLE_NS      INT64_C(300000000)
enum { EPISODE_SAS = 1024 }; /* of one device: then its episode is cut */
enum { RECENT = 256 };       /* lines of a device that an event may still be made of */

struct recent_line {
    uint64_t offset;
    uint64_t hash;    /* of what it says, for ids */
    uint32_t ordinal; /* of records that began with it */
    struct text text; /* where a second stage wants it */
};

/* The episode's last lines, by their numbers. Whether an event goes out because the next line came or because none did, its
 * records are named by the line that it began with. */
struct recent {
    struct recent_line at[RECENT];
    uint32_t count; /* of lines so far */
};

struct told { /* what was last said of an SA */
    uint64_t key;
    uint8_t state;  /* 1 negotiating, 2 up, 3 failed, 4 down */
    uint32_t lines; /* of it, told for a second stage */
};

struct talker { /* a device that talks */
    struct text name;
    struct talker *newer, *older; /* by last activity */
    /* the episode; model NULL: none open */
    struct model *model;
    struct analysis *analysis;
    struct parser *parser;
    struct map told;
    uint64_t first_offset, offset; /* of the episode's first line; of the current one */
    uint64_t done; /* 1 + the offset of the last line of the last ended episode: what is read again below it was told */
    uint32_t sas;  /* counted into the stream's */
    int64_t last_now, last_log;
    bool failed;
    struct recent *recent; /* of the episode */
    struct stream *stream;
};

struct stream {
    struct stream_options options;
    struct sink *out;
    struct arena *names, *scratch, *kept;
    struct map devices; /* keys lie in names */
    struct map resumed; /* where each device's reading goes on, after a restart */
    uint64_t resumed_until;
    struct talker *newest, *oldest;
    uint32_t open, sas;
    uint64_t lines, records, capped_devices, capped_sas;
    uint64_t counted[LINE_CLASS_COUNT];
    struct mark *marks; /* of devices not yet heard of since a restart */
    size_t mark_count;
};

struct stream *stream_create(struct stream_options options, struct sink *out)
{
    struct stream *s = memory_take(sizeof *s);
    s->options = options;
    s->out = out;
    s->names = arena_create();
    s->scratch = arena_create();
    s->kept = arena_create();
    return s;
}

/* ---- records ---- */

static void begin_record(struct talker *d, struct json_writer *w, const char *type, uint64_t id)
{
    char text[20];
    *w = (struct json_writer){ .out = d->stream->out };
    snprintf(text, sizeof text, "%016llx", (unsigned long long)id);
    write_object(w, NULL);
    write_string(w, "type", type);
    write_string(w, "id", text);
    write_text(w, "device", d->name);
}

static void end_record(struct talker *d, struct json_writer *w)
{
    write_end_object(w);
    sink_byte(d->stream->out, '\n');
    d->stream->records++;
}

/* A device that stands in two inputs is two. */
static uint64_t hash_of_device(const struct talker *d)
{
    return hash_bytes(bytes_of_text(d->name)) + d->stream->options.input * UINT64_C(0x9e3779b97f4a7c15);
}

/* The line that an event began with; of one that began long ago, the oldest that is known. */
static struct recent_line *line_of(struct talker *d, const struct event *e)
{
    uint32_t count = d->recent->count, oldest = count < RECENT ? 1 : count - RECENT + 1;
    uint32_t number = e->line < oldest ? oldest : e->line > count ? count : e->line;
    return &d->recent->at[number % RECENT];
}

static uint64_t id_of_line(const struct talker *d, struct recent_line *line)
{
    uint64_t parts[4] = { hash_of_device(d), line->offset, line->ordinal++, line->hash };
    return hash_bytes(bytes_over(parts, sizeof parts));
}

/* What is said of an SA (NULL: of the device) is known by its SPIs; without any, by its episode and its number in that. */
static uint64_t id_of_thing(const struct talker *d, uint64_t what, const struct ike_sa *sa)
{
    uint64_t spi_i = sa ? sa->spi_i.value : 0, spi_r = sa ? sa->spi_r.value : 0;
    uint64_t parts[6] = { hash_of_device(d), what, spi_i, spi_r, spi_i ? 0 : d->first_offset, spi_i || !sa ? 0 : sa->number };
    return hash_bytes(bytes_over(parts, sizeof parts));
}

static void write_event(struct talker *d, const struct event *e)
{
    struct json_writer w;
    bool step = e->kind == EVENT_SM_TRANSITION;
    struct recent_line *line = line_of(d, e);
    begin_record(d, &w, step ? "transition" : "event", id_of_line(d, line));
    record_time(&w, "time", e->time);
    write_number(&w, "offset", line->offset);
    if (!step)
        write_string(&w, "kind", event_kind_name((enum event_kind)e->kind));
    if (e->severity)
        write_string(&w, "severity", severity_name((enum severity)e->severity));
    if (e->has & HAS_SPI_I)
        record_spi(&w, "spi_i", e->spi_i);
    if (e->has & HAS_SPI_R)
        record_spi(&w, "spi_r", e->spi_r);
    if (e->has & HAS_SA_ID)
        write_number(&w, "sa_id", e->sa_id);
    if (e->has & HAS_SESSION_ID)
        write_number(&w, "session_id", e->session_id);
    if (e->has & HAS_MSGID)
        write_number(&w, "msgid", e->msgid);
    if (e->has & HAS_ROLE)
        write_string(&w, "role", e->role == SIDE_INITIATOR ? "initiator" : "responder");
    if (step) {
        write_string(&w, "state", e->state);
        write_string(&w, "event", e->event);
    } else {
        if (e->has & HAS_REMOTE)
            record_address(&w, "remote", e->remote);
        if (e->message) {
            write_string(&w, "exchange", exchange_name(e->message->exchange));
            if (e->message->has_message_id)
                write_number(&w, "msgid", e->message->message_id);
        }
        write_text(&w, "text", text_upto(e->text, 2000));
    }
    end_record(d, &w);
}

static uint8_t state_of(const struct ike_sa *sa)
{
    bool up = sa->established || sa->ready_initiator || sa->ready_responder;
    return sa->failed && !up ? 3 : sa->deleted ? 4 : up ? 2 : 1;
}

static void write_sa(struct talker *d, const struct ike_sa *sa, const char *outcome)
{
    static const char *const states[] = { "unknown", "negotiating", "up", "failed", "down" };
    struct json_writer w;
    uint8_t state = state_of(sa);
    begin_record(d, &w, "sa", id_of_thing(d, outcome ? 100 : state, sa));
    record_time(&w, "time", sa->last);
    record_sa(&w, sa);
    write_string(&w, "state", states[state]);
    write_string(&w, "outcome", outcome);
    end_record(d, &w);
}

static struct told *told_of(struct talker *d, const struct ike_sa *sa)
{
    uint64_t key = sa->number;
    struct told *t = map_find(&d->told, bytes_over(&key, sizeof key));
    if (!t) {
        t = arena_new(d->model->run, struct told);
        t->key = key;
        map_put(&d->told, bytes_over(&t->key, sizeof t->key), t);
    }
    return t;
}

/* Says of an SA what changed since it was last said. */
static void tell_change(struct talker *d, const struct ike_sa *sa)
{
    struct told *t = told_of(d, sa);
    uint8_t state = state_of(sa);
    if (t->state == state)
        return;
    t->state = state;
    write_sa(d, sa, NULL);
    d->failed |= state == 3;
}

/* The lines of an event, each once, numbered through for its SA: who reads them can tell that none is missing. */
static void tell_lines(struct talker *d, const struct event *e, const struct ike_sa *sa)
{
    uint32_t upto = e->line + (e->lines ? e->lines : 1);
    for (uint32_t n = e->line; n < upto && n <= d->recent->count; n++) {
        struct text *line = &d->recent->at[n % RECENT].text;
        if (d->recent->count - n >= RECENT || !line->len || !spi_known(sa->spi_i))
            continue;
        struct json_writer w;
        uint64_t parts[2] = { d->first_offset, n };
        begin_record(d, &w, "line", id_of_thing(d, hash_bytes(bytes_over(parts, sizeof parts)), sa));
        record_spi(&w, "spi_i", sa->spi_i);
        write_number(&w, "episode", d->first_offset);
        write_number(&w, "n", ++told_of(d, sa)->lines);
        write_number(&w, "line", n);
        write_text(&w, "text", *line);
        end_record(d, &w);
        memory_free((void *)(uintptr_t)line->at);
        *line = (struct text){ NULL, 0 };
    }
}

static void forget_lines(struct talker *d)
{
    for (size_t n = 0; d->recent && n < RECENT; n++)
        memory_free((void *)(uintptr_t)d->recent->at[n].text.at);
    memory_free(d->recent);
    d->recent = NULL;
}

static void next_line(struct talker *d, uint64_t hash, struct text copy)
{
    struct recent_line *line = &d->recent->at[++d->recent->count % RECENT];
    memory_free((void *)(uintptr_t)line->text.at);
    *line = (struct recent_line){ .offset = d->offset, .hash = hash, .text = copy };
}

/* A message of several lines counts as many, and is kept as its first. */
static void keep_line(struct talker *d, uint64_t hash, struct text message)
{
    struct text copy = { NULL, 0 };
    if (d->stream->options.lines) {
        char *at = memory_take(message.len + 1);
        if (message.len)
            memcpy(at, message.at, message.len);
        copy = text_over(at, message.len);
    }
    next_line(d, hash, copy);
    for (size_t at = text_find_byte(message, '\n'); at != TEXT_NOWHERE; at = text_find_byte(message, '\n')) {
        message = text_from(message, at + 1);
        next_line(d, ++hash, (struct text){ NULL, 0 });
    }
}

static void write_finding(struct talker *d, const struct finding *f)
{
    struct json_writer w;
    const struct ike_sa *sa = f->ike_sa;
    begin_record(d, &w, "finding", id_of_thing(d, hash_bytes(bytes_of_text(text_of(f->rule))), sa));
    record_finding(&w, f);
    end_record(d, &w);
}

/* ---- episodes ---- */

static void take(void *context, struct event *e)
{
    struct talker *d = context;
    struct event_taker next = analysis_taker(d->analysis);
    if (e->time.kind)
        d->last_log = e->time.ns;
    next.take(next.context, e);
    write_event(d, e);
    const struct ike_sa *sa = analysis_last_sa(d->analysis);
    if (sa)
        tell_change(d, sa);
    if (sa && d->stream->options.lines)
        tell_lines(d, e, sa);
}

static void episode_begin(struct talker *d, uint64_t offset)
{
    d->model = model_create();
    struct input *in = model_add_input(d->model, d->name, d->name);
    in->device = model_device(d->model, d->name);
    d->analysis = analysis_create(d->model);
    analysis_begin_input(d->analysis, 0);
    d->parser = parser_create(d->model, 0, INPUT_UNKNOWN, (struct event_taker){ take, d });
    parser_live(d->parser);
    d->first_offset = offset;
    d->last_log = TIME_UNKNOWN;
    d->failed = false;
    d->sas = 0;
    d->recent = memory_take(sizeof *d->recent);
    d->stream->open++;
}

static void close_episode(struct talker *d)
{
    d->stream->sas -= d->sas;
    d->sas = 0;
    d->stream->open--;
    parser_destroy(d->parser);
    analysis_destroy(d->analysis);
    map_clear(&d->told);
    forget_lines(d);
    model_destroy(d->model);
    d->model = NULL;
}

/* cut: it ends though the device goes on talking; what was not finished then is another episode's to judge. */
static void episode_end(struct talker *d, bool cut)
{
    if (!d->model)
        return;
    parser_finish(d->parser);
    for (int c = 0; c < LINE_CLASS_COUNT; c++)
        d->stream->counted[c] += d->model->inputs[0].lines[c];
    analysis_end_input(d->analysis, 0);
    analysis_finish(d->analysis);
    for (const struct ike_sa *sa = d->model->ike_sas; sa; sa = sa->next)
        write_sa(d, sa, sa_outcome_name((enum sa_outcome)sa->outcome));
    for (const struct finding *f = d->model->findings; f; f = f->next)
        if (record_worth_telling(f) && !(cut && f->ike_sa && f->ike_sa->outcome == SA_INCOMPLETE))
            write_finding(d, f);
    d->done = d->offset + 1;
    close_episode(d);
}

static void unlink_device(struct stream *s, struct talker *d)
{
    *(d->older ? &d->older->newer : &s->oldest) = d->newer;
    *(d->newer ? &d->newer->older : &s->newest) = d->older;
    d->older = d->newer = NULL;
}

static void touch(struct stream *s, struct talker *d, bool known)
{
    if (known)
        unlink_device(s, d);
    d->older = s->newest;
    *(s->newest ? &s->newest->newer : &s->oldest) = d;
    s->newest = d;
}

static void forget(struct stream *s, struct talker *d, bool silently)
{
    if (silently && d->model)
        close_episode(d);
    episode_end(d, true);
    unlink_device(s, d);
    map_put(&s->devices, bytes_of_text(d->name), NULL);
    memory_free((void *)(uintptr_t)d->name.at);
    memory_free(d);
}

static uint64_t marked(const struct stream *s, struct text device)
{
    uint64_t name = s->mark_count ? mark_name(device) : 0;
    for (size_t i = 0; i < s->mark_count; i++)
        if (s->marks[i].name == name)
            return s->marks[i].done;
    return 0;
}

static struct talker *device_of(struct stream *s, struct text name)
{
    struct talker *d = map_find(&s->devices, bytes_of_text(name));
    if (d) {
        touch(s, d, true);
        return d;
    }
    if (s->devices.count > 4 * (size_t)s->options.max_devices + 64) { /* removed entries pile up in the map */
        struct map fresh = { 0 };
        struct arena *names = arena_create();
        for (struct talker *o = s->oldest; o; o = o->newer)
            map_put(&fresh, bytes_of_text(arena_text(names, o->name)), o);
        map_clear(&s->devices);
        arena_destroy(s->names);
        s->devices = fresh;
        s->names = names;
    }
    uint32_t held = 0;
    for (struct talker *o = s->oldest; o && held <= s->options.max_devices; o = o->newer)
        held++;
    if (held >= s->options.max_devices) {
        if (s->capped_devices++ == 0)
            record_cap(s->out, "devices", s->options.max_devices);
        forget(s, s->oldest, false);
    }
    d = memory_take(sizeof *d);
    char *copy = memory_take(name.len + 1);
    memcpy(copy, name.at, name.len);
    d->name = text_over(copy, name.len);
    d->stream = s;
    d->done = marked(s, d->name);
    map_put(&s->devices, bytes_of_text(arena_text(s->names, d->name)), d); /* a removed entry keeps its key */
    touch(s, d, false);
    return d;
}

/* ---- lines ---- */

static struct text host_of_syslog(struct text line)
{
    struct text t = line, word;
    uint64_t n;
    if (t.len && t.at[0] == '<') {
        size_t close = text_find_byte(text_upto(t, 6), '>');
        if (close == TEXT_NOWHERE || !text_number(text_upto(text_from(t, 1), close - 1), 10, &n))
            return (struct text){ NULL, 0 };
        t = text_from(t, close + 1);
        if (text_starts(t, TEXT("1 ")))
            t = text_from(t, 2);
    }
    struct stamp stamp;
    size_t used = stamp_scan(t, &stamp);
    if (!used || stamp.mark || used >= t.len || t.at[used] != ' ')
        return (struct text){ NULL, 0 };
    t = text_from(t, used + 1);
    /* a host, not a message: followed by more, and no colon at its end but the one of "host:" */
    if (!text_word(&t, &word) || !t.len || word.at[0] == '%' || word.at[0] == '*')
        return (struct text){ NULL, 0 };
    if (word.at[word.len - 1] == ':')
        word.len--;
    for (size_t i = 0; i < word.len; i++)
        if (!((word.at[i] | 32) >= 'a' && (word.at[i] | 32) <= 'z') && !(word.at[i] >= '0' && word.at[i] <= '9') &&
            !strchr("-._:", word.at[i]))
            return (struct text){ NULL, 0 };
    return word;
}

struct text stream_device(struct text line, const char *field, struct arena *arena, struct text *message)
{
    struct unpacked u;
    *message = line;
    if (line.len == 0 || line.at[0] != '{')
        return host_of_syslog(line);
    if (!exported_json(line, field, arena, &u))
        return (struct text){ NULL, 0 };
    if (u.message.len)
        *message = u.message;
    return u.host;
}

static bool due(const struct stream *s, const struct talker *d, int64_t now)
{
    if (!d->model)
        return false;
    int64_t silent = now - d->last_now;
    return silent > s->options.timeout_ns || (d->failed && silent > FAILED_WAIT_NS);
}

/* A log that is read faster than it was written tells the time by its own stamps. */
static bool log_due(const struct stream *s, const struct talker *d, struct text line)
{
    struct stamp stamp;
    struct text t = line;
    while (t.len && ((t.at[0] >= '0' && t.at[0] <= '9') || t.at[0] == ' ') &&
           text_find(text_upto(t, 12), TEXT(": ")) != TEXT_NOWHERE && !stamp_scan(t, &stamp))
        t = text_from(t, text_find(t, TEXT(": ")) + 2);
    if (d->last_log == TIME_UNKNOWN || !stamp_scan(t, &stamp) || stamp.kind == STAMP_UPTIME)
        return false;
    int64_t passed = stamp.ns - d->last_log;
    return passed > s->options.timeout_ns || (d->failed && passed > FAILED_WAIT_NS);
}

/* A line of an episode that ended before the checkpoint: its records were written, and it must not begin one anew. */
static bool was_finished(struct stream *s, struct text device, uint64_t offset)
{
    if (s->resumed_until && offset >= s->resumed_until)
        stream_resumed(s);
    const uint64_t *from = s->resumed_until ? map_find(&s->resumed, bytes_of_text(device)) : NULL;
    return from && offset < *from;
}

void stream_resume(struct stream *s, struct text device, uint64_t from, uint64_t until)
{
    struct text name = arena_text(s->kept, device);
    uint64_t *place = arena_new(s->kept, uint64_t);
    *place = from;
    map_put(&s->resumed, bytes_of_text(name), place);
    s->resumed_until = until;
}

void stream_resumed(struct stream *s)
{
    map_clear(&s->resumed);
    arena_reset(s->kept);
    s->resumed_until = 0;
}

void stream_places(const struct stream *s, void (*visit)(void *context, struct text device, uint64_t from), void *context)
{
    for (const struct talker *d = s->oldest; d; d = d->newer)
        visit(context, d->name, d->model ? d->first_offset : d->offset + 1);
}

void stream_line(struct stream *s, struct text line, struct text device, uint64_t offset, int64_t now)
{
    struct text message = line;
    if (!device.at)
        device = stream_device(line, s->options.device_field, s->scratch, &message);
    if (!device.len)
        device = TEXT("unknown");
    device = text_upto(device, 255);
    if (was_finished(s, device, offset)) {
        arena_reset(s->scratch);
        return;
    }
    struct talker *d = device_of(s, device);
    if (offset < d->done && s->mark_count) { /* read again for another device's sake */
        arena_reset(s->scratch);
        return;
    }
    s->lines++;
    if (d->model && (due(s, d, now) || log_due(s, d, message)))
        episode_end(d, false);
    else if (s->options.own_time && d->model && now - d->last_now > SETTLE_NS)
        parser_settle(d->parser); /* as silence would have it, so that reading again later gives the same */
    d->offset = offset;
    d->last_now = now;
    if (!d->model)
        episode_begin(d, offset);
    keep_line(d, hash_bytes(bytes_of_text(line)), message);
    parser_feed(d->parser, bytes_of_text(message));
    parser_feed(d->parser, bytes_over("\n", 1));
    s->sas += d->model->ike_sa_count - d->sas;
    d->sas = d->model->ike_sa_count;
    if (d->sas > EPISODE_SAS)
        episode_end(d, true);
    while (s->sas > s->options.max_sas) {
        /* the device that was silent longest gives its SAs back; a lone one that has them all, its own */
        struct talker *o = s->oldest;
        while (o && !o->sas)
            o = o->newer;
        if (s->capped_sas++ == 0)
            record_cap(s->out, "IKE SAs", s->options.max_sas);
        if (!o)
            break;
        episode_end(o, true);
    }
    arena_reset(s->scratch);
}

void stream_idle(struct stream *s, int64_t now)
{
    for (struct talker *d = s->oldest; d; d = d->newer)
        if (due(s, d, now))
            episode_end(d, false);
        else if (d->model && now - d->last_now > SETTLE_NS)
            parser_settle(d->parser); /* an entry that waited for more lines goes out */
}

/* What a later run judges is only counted here. */
static void end_unsaid(struct stream *s)
{
    struct sink *out = s->out;
    struct buffer unsaid;
    buffer_init(&unsaid, 1);
    s->out = sink_buffer(&unsaid);
    uint64_t records = s->records;
    for (struct talker *d = s->oldest; d; d = d->newer)
        episode_end(d, true);
    sink_abandon(s->out);
    buffer_clear(&unsaid);
    s->out = out;
    s->records = records;
}

static void write_summary(struct stream *const all[], size_t count)
{
    static const char *const classes[] = { "event", "continuation", "noise", "blank", "unparsed" };
    uint64_t lines = 0, counted[LINE_CLASS_COUNT] = { 0 }, records = 0, capped_devices = 0, capped_sas = 0;
    for (size_t i = 0; i < count; i++) {
        lines += all[i]->lines;
        records += all[i]->records;
        capped_devices += all[i]->capped_devices;
        capped_sas += all[i]->capped_sas;
        for (int c = 0; c < LINE_CLASS_COUNT; c++)
            counted[c] += all[i]->counted[c];
    }
    struct json_writer w = { .out = all[0]->out };
    write_object(&w, NULL);
    write_string(&w, "type", "summary");
    write_object(&w, "lines");
    write_number(&w, "total", lines);
    for (int c = 0; c < LINE_CLASS_COUNT; c++)
        write_number(&w, classes[c], counted[c]);
    write_end_object(&w);
    write_number(&w, "records", records);
    write_number(&w, "devices_over_cap", capped_devices);
    write_number(&w, "sas_over_cap", capped_sas);
    write_end_object(&w);
    sink_byte(all[0]->out, '\n');
}

void stream_end_all(struct stream *const all[], size_t count, bool later)
{
    for (size_t i = 0; i < count; i++) {
        if (later)
            end_unsaid(all[i]);
        for (struct talker *d = all[i]->oldest; d; d = d->newer)
            episode_end(d, false);
    }
    write_summary(all, count);
}

void stream_end(struct stream *s)
{
    stream_end_all(&s, 1, false);
}

static void destroy(struct stream *s, bool silently)
{
    if (!s)
        return;
    while (s->oldest)
        forget(s, s->oldest, silently);
    map_clear(&s->devices);
    memory_free(s->marks);
    arena_destroy(s->names);
    arena_destroy(s->scratch);
    map_clear(&s->resumed);
    arena_destroy(s->kept);
    memory_free(s);
}

void stream_destroy(struct stream *s)
{
    destroy(s, false);
}

void stream_drop(struct stream *s)
{
    destroy(s, true);
}

uint64_t stream_replay(const struct stream *s, uint64_t at)
{
    for (const struct talker *d = s->oldest; d; d = d->newer)
        if (d->model && d->first_offset < at)
            at = d->first_offset;
    return at;
}

void stream_counts(const struct stream *s, uint64_t *lines, uint64_t *records)
{
    *lines = s->lines;
    *records = s->records;
}

/* ---- marks ---- */

bool stream_marks(const struct stream *s, uint64_t replay, struct buffer *into)
{
    bool ok = true;
    for (struct talker *d = s->oldest; d; d = d->newer)
        ok = ok && mark_put(into, (struct mark){ mark_name(d->name), d->done }, replay);
    for (size_t i = 0; i < s->mark_count; i++) {
        bool known = false;
        for (const struct talker *d = s->oldest; d && !known; d = d->newer)
            known = mark_name(d->name) == s->marks[i].name;
        ok = ok && (known || mark_put(into, s->marks[i], replay));
    }
    return ok;
}

void stream_remember(struct stream *s, struct text marks, uint64_t replay)
{
    marks_read(marks, replay, &s->marks, &s->mark_count);
}
