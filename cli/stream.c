#include "cli/stream.h"

#include <stdio.h>

#include "base/stamp.h"
#include "cli/episode.h"
#include "cli/marks.h"
#include "cli/streamrecord.h"
#include "model/model.h"
#include "parser/exported.h"
#include "parser/parser.h"

#define FAILED_WAIT_NS INT64_C(2000000000)
#define SETTLE_NS      INT64_C(300000000)

struct talker { /* a device that talks */
    struct episode episode;
    struct talker *newer, *older; /* by last activity */
    uint64_t done; /* 1 + the offset of the last line of the last ended episode: what is read again below it was told */
    uint32_t sas;  /* counted into the stream's */
};

struct place { /* where a device's reading goes on; partly: see episode_replay() */
    uint64_t from;
    bool partly;
};

struct stream {
    struct telling telling;
    struct arena *names, *scratch, *kept;
    struct map devices; /* keys lie in names */
    struct map resumed; /* where each device's reading went on, after a restart: struct place, in `kept` */
    uint64_t resumed_until;
    struct talker *newest, *oldest;
    uint32_t held; /* talkers */
    size_t named;  /* names put into `names` since it was made anew */
    uint32_t sas;
    uint64_t lines, capped_devices, capped_sas;
    uint64_t next_offset; /* after the last line */
    struct mark *marks;   /* of devices not yet heard of since a restart */
    size_t mark_count;
};

struct stream *stream_create(struct stream_options options, struct sink *out)
{
    struct stream *s = memory_take(sizeof *s);
    s->telling = (struct telling){ .options = options, .out = out, .lent = parser_memory_create() };
    s->names = arena_create();
    s->scratch = arena_create();
    s->kept = arena_create();
    return s;
}

/* ---- devices ---- */

static void count_sas(struct stream *s, struct talker *d)
{
    uint32_t sas = d->episode.model ? d->episode.model->ike_sa_count : 0;
    s->sas += sas - d->sas;
    d->sas = sas;
}

static void end_episode(struct stream *s, struct talker *d, bool cut)
{
    if (!d->episode.model)
        return;
    episode_end(&d->episode, cut);
    count_sas(s, d);
    d->done = d->episode.offset + 1;
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
    if (silently && d->episode.model)
        episode_close(&d->episode);
    end_episode(s, d, true);
    count_sas(s, d);
    unlink_device(s, d);
    s->held--;
    map_put(&s->devices, bytes_of_text(d->episode.device), NULL);
    memory_free((void *)(uintptr_t)d->episode.device.at);
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
    if (s->named > 4 * (size_t)s->telling.options.max_devices + 64) { /* removed entries and their names pile up */
        struct map fresh = { 0 };
        struct arena *names = arena_create();
        for (struct talker *o = s->oldest; o; o = o->newer)
            map_put(&fresh, bytes_of_text(arena_text(names, o->episode.device)), o);
        map_clear(&s->devices);
        arena_destroy(s->names);
        s->devices = fresh;
        s->names = names;
        s->named = s->held;
    }
    if (s->held >= s->telling.options.max_devices) {
        if (s->capped_devices++ == 0)
            record_cap(s->telling.out, "devices", s->telling.options.max_devices);
        forget(s, s->oldest, false);
    }
    d = memory_take(sizeof *d);
    char *copy = memory_take(name.len + 1);
    memcpy(copy, name.at, name.len);
    d->episode = (struct episode){ .to = &s->telling, .device = text_over(copy, name.len) };
    d->done = marked(s, d->episode.device);
    s->named++;
    map_put(&s->devices, bytes_of_text(arena_text(s->names, name)), d); /* a removed entry keeps its key */
    touch(s, d, false);
    s->held++;
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
        *message = exported_stamped(u.message, u.time, arena);
    return u.host;
}

enum silence { TALKS, PAUSES /* long enough for an attempt that failed */, SILENT };

static enum silence silence_for(const struct stream *s, const struct talker *d, int64_t ns)
{
    return ns > s->telling.options.timeout_ns ? SILENT : d->episode.failed && ns > FAILED_WAIT_NS ? PAUSES : TALKS;
}

/* The time that a line bears; TIME_UNKNOWN where it bears none, or no date. */
static int64_t stamp_of(struct text line)
{
    struct stamp stamp;
    struct text t = line;
    while (t.len && ((t.at[0] >= '0' && t.at[0] <= '9') || t.at[0] == ' ') &&
           text_find(text_upto(t, 12), TEXT(": ")) != TEXT_NOWHERE && !stamp_scan(t, &stamp))
        t = text_from(t, text_find(t, TEXT(": ")) + 2);
    return stamp_scan(t, &stamp) && stamp_is_date(stamp) ? stamp.ns : TIME_UNKNOWN;
}

static int64_t between(int64_t before, int64_t now)
{
    return before == TIME_UNKNOWN || now == TIME_UNKNOWN ? 0 : now - before;
}

/* Before a line. A log that is read faster than it was written tells the time by its own stamps. */
static enum silence silence_before(const struct stream *s, const struct talker *d, int64_t now, int64_t stamp)
{
    enum silence real = silence_for(s, d, now - d->episode.last_now);
    enum silence logged = silence_for(s, d, between(d->episode.last_heard, stamp));
    return logged > real ? logged : real;
}

/* The device's last entry may still wait for more lines, and what it says decides whether an attempt has failed. No more of it
 * come after a pause, nor where the episode would end: what waits must not be judged with what it does not belong to. */
static enum silence hear_silence(const struct stream *s, const struct talker *d, int64_t now, int64_t stamp)
{
    bool paused = now - d->episode.last_now > FAILED_WAIT_NS || between(d->episode.stamp, stamp) > FAILED_WAIT_NS;
    if (!paused && silence_before(s, d, now, stamp) == TALKS)
        return TALKS;
    parser_settle(d->episode.parser);
    return silence_before(s, d, now, stamp);
}

/* Silence ends all that the device said; where an attempt failed and others are open, that attempt. */
static void fall_silent(struct stream *s, struct talker *d, enum silence silence)
{
    if (silence == SILENT || !episode_judge_failed(&d->episode))
        end_episode(s, d, false);
    count_sas(s, d);
}

/* A line of an episode that ended before the checkpoint: its records were written, and it must not begin one anew. */
static bool was_finished(const struct stream *s, struct text device, uint64_t offset, bool *partly)
{
    const struct place *from = offset < s->resumed_until ? map_find(&s->resumed, bytes_of_text(device)) : NULL;
    *partly = from ? from->partly : s->mark_count != 0; /* marks say how far was read only where that matters */
    return from && offset < from->from;
}

void stream_resume(struct stream *s, struct text device, uint64_t from, bool partly, uint64_t until)
{
    struct text name = arena_text(s->kept, device);
    struct place *place = arena_new(s->kept, struct place);
    *place = (struct place){ from, partly };
    map_put(&s->resumed, bytes_of_text(name), place);
    s->resumed_until = s->telling.replayed_until = until;
}

void stream_places(const struct stream *s, uint64_t replay,
                   void (*visit)(void *context, struct text device, uint64_t from, bool partly), void *context)
{
    /* silent since the restart: what an earlier run was told of them must not be told when it is read once more */
    for (size_t i = 0; i < s->resumed.count; i++) {
        const struct map_entry *e = &s->resumed.entries[i];
        const struct place *place = e->value;
        if (place->from > replay && !map_find(&s->devices, e->key))
            visit(context, text_of_bytes(e->key), place->from, place->partly);
    }
    for (const struct talker *d = s->oldest; d; d = d->newer) {
        bool partly = false;
        uint64_t from = d->episode.model ? episode_replay(&d->episode, &partly) : d->episode.offset + 1;
        visit(context, d->episode.device, from, partly);
    }
}

static void keep_under_caps(struct stream *s)
{
    while (s->sas > s->telling.options.max_sas) {
        /* the device that was silent longest gives its SAs back; a lone one that has them all, its own */
        struct talker *o = s->oldest;
        while (o && !o->sas)
            o = o->newer;
        if (s->capped_sas++ == 0)
            record_cap(s->telling.out, "IKE SAs", s->telling.options.max_sas);
        if (!o)
            break;
        end_episode(s, o, true);
    }
}

void stream_line(struct stream *s, struct text line, struct text device, uint64_t offset, int64_t now)
{
    struct text message = line;
    bool partly;
    if (!device.at)
        device = stream_device(line, s->telling.options.device_field, s->scratch, &message);
    if (!device.len)
        device = TEXT("unknown");
    device = text_upto(device, 255);
    if (was_finished(s, device, offset, &partly)) {
        arena_reset(s->scratch);
        return;
    }
    struct talker *d = device_of(s, device);
    if (offset < d->done && s->mark_count) { /* read again for another device's sake */
        arena_reset(s->scratch);
        return;
    }
    s->lines++;
    if (offset >= s->next_offset) /* not when it is read again */
        s->next_offset = offset + 1;
    const int64_t stamp = stamp_of(message);
    enum silence silence = d->episode.model ? hear_silence(s, d, now, stamp) : TALKS;
    if (silence != TALKS)
        fall_silent(s, d, silence);
    else if (s->telling.options.own_time && d->episode.model && now - d->episode.last_now > SETTLE_NS)
        parser_settle(d->episode.parser); /* as silence would have it, so that reading again later gives the same */
    if (!d->episode.model) {
        episode_begin(&d->episode, offset);
        d->episode.resumed = partly && offset < s->telling.replayed_until;
    }
    d->episode.stamp = stamp != TIME_UNKNOWN ? stamp : d->episode.stamp;
    episode_line(&d->episode, hash_lasting(bytes_of_text(line)), message, offset, now);
    if (!d->episode.model) /* it was cut */
        d->done = offset + 1;
    count_sas(s, d);
    keep_under_caps(s);
    arena_reset(s->scratch);
}

void stream_idle(struct stream *s, int64_t now)
{
    for (struct talker *d = s->oldest; d; d = d->newer) {
        enum silence silence = d->episode.model ? silence_for(s, d, now - d->episode.last_now) : TALKS;
        if (silence != TALKS)
            fall_silent(s, d, silence);
        if (d->episode.model && now - d->episode.last_now > SETTLE_NS)
            parser_settle(d->episode.parser); /* an entry that waited for more lines goes out */
    }
}

/* What a later run judges is only counted here. */
static void end_unsaid(struct stream *s)
{
    struct sink *out = s->telling.out;
    struct buffer unsaid;
    buffer_init(&unsaid, 1);
    s->telling.out = sink_buffer(&unsaid);
    uint64_t records = s->telling.records;
    for (struct talker *d = s->oldest; d; d = d->newer)
        end_episode(s, d, true);
    sink_abandon(s->telling.out);
    buffer_clear(&unsaid);
    s->telling.out = out;
    s->telling.records = records;
}

void stream_judge(struct stream *s)
{
    for (struct talker *d = s->oldest; d; d = d->newer)
        end_episode(s, d, false);
}

static void write_summary(struct stream *const all[], size_t count)
{
    static const char *const classes[] = { "event", "continuation", "noise", "blank", "unparsed" };
    uint64_t lines = 0, counted[LINE_CLASS_COUNT] = { 0 }, records = 0, capped_devices = 0, capped_sas = 0, cut = 0;
    for (size_t i = 0; i < count; i++) {
        lines += all[i]->lines;
        records += all[i]->telling.records;
        capped_devices += all[i]->capped_devices;
        capped_sas += all[i]->capped_sas;
        cut += all[i]->telling.episodes_cut;
        for (int c = 0; c < LINE_CLASS_COUNT; c++)
            counted[c] += all[i]->telling.counted[c];
    }
    struct json_writer w = { .out = all[0]->telling.out };
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
    write_number(&w, "episodes_over_cap", cut);
    write_end_object(&w);
    sink_byte(all[0]->telling.out, '\n');
}

void stream_end(struct stream *const all[], size_t count, bool later)
{
    for (size_t i = 0; i < count; i++) {
        if (later)
            end_unsaid(all[i]);
        stream_judge(all[i]);
    }
    write_summary(all, count);
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
    parser_memory_destroy(s->telling.lent);
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
    for (const struct talker *d = s->oldest; d; d = d->newer) {
        bool partly;
        uint64_t from = d->episode.model ? episode_replay(&d->episode, &partly) : at;
        at = from < at ? from : at;
    }
    return at;
}

/* ---- marks ---- */

/* Beside the devices': how far was read, where SAs were let go: what those that began before the offset say below it was told. */
static const uint64_t READ_UPTO = 0;

bool stream_marks(const struct stream *s, uint64_t replay, struct buffer *into)
{
    bool ok = true, partly = s->telling.replayed_until > replay;
    for (const struct talker *d = s->oldest; d && !partly; d = d->newer)
        partly = d->episode.model && (d->episode.partly || d->episode.resumed);
    if (partly)
        ok = mark_put(into, (struct mark){ READ_UPTO, s->next_offset }, replay);
    for (struct talker *d = s->oldest; d; d = d->newer)
        ok = ok && mark_put(into, (struct mark){ mark_name(d->episode.device), d->done }, replay);
    for (size_t i = 0; i < s->mark_count; i++) {
        bool known = s->marks[i].name == READ_UPTO;
        for (const struct talker *d = s->oldest; d && !known; d = d->newer)
            known = mark_name(d->episode.device) == s->marks[i].name;
        ok = ok && (known || mark_put(into, s->marks[i], replay));
    }
    return ok;
}

void stream_remember(struct stream *s, struct text marks, uint64_t replay)
{
    marks_read(marks, replay, &s->marks, &s->mark_count);
    for (size_t i = 0; i < s->mark_count; i++)
        if (s->marks[i].name == READ_UPTO)
            s->telling.replayed_until = s->next_offset = s->marks[i].done;
}
