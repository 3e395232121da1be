#include "cli/join.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/marks.h"
#include "cli/streamrecord.h"
#include "parser/parser.h"

struct part_line {
    struct part_line *next;
    uint32_t number; /* in its episode: entries of several lines come when they are whole, so not always in order */
    struct text text;
};

struct share { /* an episode of a device */
    struct share *next;
    struct text device;
    uint64_t episode;
    uint32_t count; /* of lines; the next one's number is one more */
    struct part_line *lines, *last;
};

struct meeting {
    struct meeting *newer, *older; /* by when something came */
    struct text spi;
    uint64_t first_offset, last_offset;
    int64_t last_now;
    size_t octets;        /* of its lines and what holds them */
    struct share *shares; /* by device and episode */
    struct arena *arena;
};

struct join {
    struct join_options options;
    struct sink *out;
    struct map meetings;
    struct arena *names; /* keys of the map */
    struct meeting *newest, *oldest;
    uint32_t open;
    size_t octets;                 /* of all open ones */
    struct mark *marks;            /* meetings that were judged, and from where on their lines are new */
    size_t mark_count, remembered; /* of them, those from before this run come first */
    bool capped, overfull, crowded;
};

struct join *join_create(struct join_options options, struct sink *out)
{
    struct join *j = memory_take(sizeof *j);
    j->options = options;
    j->out = out;
    j->names = arena_create();
    return j;
}

/* ---- records ---- */

static void begin_record(struct json_writer *w, struct join *j, const char *type, const struct meeting *m, uint64_t what)
{
    char id[20];
    uint64_t sum = hash_lasting(bytes_of_text(m->spi)) ^ what;
    for (const struct share *s = m->shares; s; s = s->next) { /* what both ends said is another thing than what one said */
        uint64_t parts[4] = { sum, hash_lasting(bytes_of_text(s->device)), s->episode, s->count };
        sum = hash_lasting(bytes_over(parts, sizeof parts));
    }
    snprintf(id, sizeof id, "%016llx", (unsigned long long)sum);
    *w = (struct json_writer){ .out = j->out };
    write_object(w, NULL);
    write_string(w, "type", type);
    write_string(w, "id", id);
    write_text(w, "meeting", m->spi);
    write_array(w, "devices");
    for (const struct share *s = m->shares; s; s = s->next)
        if (!s->next || !text_equal(s->device, s->next->device))
            write_text(w, NULL, s->device);
    write_end_array(w);
}

static void tell(struct join *j, const struct meeting *m, const struct model *model)
{
    struct json_writer w;
    for (const struct ike_sa *sa = model->ike_sas; sa; sa = sa->next) {
        begin_record(&w, j, "sa", m, hash_lasting(bytes_over(&sa->spi_r.value, sizeof sa->spi_r.value)));
        record_time(&w, "time", sa->last);
        record_sa(&w, sa);
        write_string(&w, "outcome", sa_outcome_name((enum sa_outcome)sa->outcome));
        write_end_line(&w);
    }
    for (const struct finding *f = model->findings; f; f = f->next) {
        if (!record_worth_telling(f))
            continue;
        begin_record(&w, j, "finding", m,
                     hash_lasting(bytes_of_text(text_of(f->rule))) + (f->ike_sa ? f->ike_sa->spi_r.value : 0));
        record_finding(&w, f);
        write_end_line(&w);
    }
}

/* ---- judging ---- */

/* All episodes of a device are one input; gives the first share of the next device. */
static const struct share *feed(struct model *model, struct analysis *a, const struct share *s)
{
    struct text device = s->device;
    struct input *in = model_add_input(model, device, device);
    uint32_t input = in->index;
    in->device = model_device(model, device);
    analysis_begin_input(a, input);
    struct parser *p = parser_create(model, input, INPUT_UNKNOWN, analysis_taker(a));
    parser_live(p, NULL);
    for (; s && text_equal(s->device, device); s = s->next)
        for (const struct part_line *l = s->lines; l; l = l->next) {
            parser_feed(p, bytes_of_text(l->text));
            parser_feed(p, bytes_over("\n", 1));
        }
    parser_finish(p);
    parser_destroy(p);
    analysis_end_input(a, input);
    return s;
}

static void give_back(struct join *j, struct meeting *m)
{
    *(m->older ? &m->older->newer : &j->oldest) = m->newer;
    *(m->newer ? &m->newer->older : &j->newest) = m->older;
    map_put(&j->meetings, bytes_of_text(m->spi), NULL);
    j->octets -= m->octets;
    j->open--;
    arena_destroy(m->arena);
    memory_free(m);
}

static void judge(struct join *j, struct meeting *m)
{
    struct model *model = model_create();
    struct analysis *a = analysis_create(model);
    for (const struct share *s = m->shares; s;)
        s = feed(model, a, s);
    analysis_finish(a);
    tell(j, m, model);
    j->marks = memory_grow(j->marks, (j->mark_count + 1) * sizeof *j->marks);
    j->marks[j->mark_count++] = (struct mark){ mark_name(m->spi), m->last_offset + 1 };
    analysis_destroy(a);
    model_destroy(model);
    give_back(j, m);
}

/* ---- taking ---- */

static void touch(struct join *j, struct meeting *m, bool known)
{
    if (known) {
        *(m->older ? &m->older->newer : &j->oldest) = m->newer;
        *(m->newer ? &m->newer->older : &j->newest) = m->older;
    }
    m->newer = NULL;
    m->older = j->newest;
    *(j->newest ? &j->newest->newer : &j->oldest) = m;
    j->newest = m;
}

/* Removed entries keep their keys, and pile up. */
static void tidy(struct join *j)
{
    if (j->meetings.count <= 4 * (size_t)j->options.max_meetings + 64)
        return;
    struct map fresh = { 0 };
    struct arena *names = arena_create();
    for (struct meeting *m = j->oldest; m; m = m->newer)
        map_put(&fresh, bytes_of_text(arena_text(names, m->spi)), m);
    map_clear(&j->meetings);
    arena_destroy(j->names);
    j->meetings = fresh;
    j->names = names;
}

static void say_once(struct join *j, bool *said, const char *what, uint64_t limit)
{
    if (!*said)
        record_cap(j->out, what, limit);
    *said = true;
}

static struct meeting *meeting_begin(struct join *j, struct text spi, uint64_t offset)
{
    if (j->open >= j->options.max_meetings) {
        say_once(j, &j->capped, "meetings", j->options.max_meetings);
        judge(j, j->oldest);
    }
    tidy(j);
    struct meeting *m = memory_take(sizeof *m);
    m->arena = arena_create();
    m->spi = arena_text(m->arena, spi);
    m->first_offset = offset;
    map_put(&j->meetings, bytes_of_text(arena_text(j->names, spi)), m);
    touch(j, m, false);
    j->open++;
    return m;
}

static struct share *share_of(struct meeting *m, struct text device, uint64_t episode, bool make)
{
    struct share **at = &m->shares;
    for (; *at; at = &(*at)->next) {
        int order = text_compare((*at)->device, device);
        if (order == 0 && (*at)->episode == episode)
            return *at;
        if (order > 0 || (order == 0 && (*at)->episode > episode))
            break;
    }
    if (!make)
        return NULL;
    struct share *s = arena_new(m->arena, struct share);
    *s = (struct share){ .next = *at, .device = arena_text(m->arena, device), .episode = episode };
    *at = s;
    return s;
}

/* Room for so much more of a meeting; where all of them are too much, those silent longest are judged before their time. */
static bool make_room(struct join *j, struct meeting *m, size_t octets)
{
    if (m->octets + octets > LIMIT_MEETING) {
        say_once(j, &j->overfull, "octets of a meeting", LIMIT_MEETING);
        return false;
    }
    while (j->octets + octets > j->options.max_octets && j->oldest != m) {
        say_once(j, &j->crowded, "octets of all meetings", j->options.max_octets);
        judge(j, j->oldest);
    }
    m->octets += octets;
    j->octets += octets;
    return true;
}

static void keep_line(struct join *j, struct meeting *m, struct share *s, uint32_t number, struct text text)
{
    s->count++;
    if (!make_room(j, m, sizeof(struct part_line) + text.len))
        return;
    struct part_line **at = s->last && s->last->number < number ? &s->last->next : &s->lines;
    struct part_line *l = arena_new(m->arena, struct part_line);
    while (*at && (*at)->number < number)
        at = &(*at)->next;
    *l = (struct part_line){ *at, number, arena_text(m->arena, text) };
    *at = l;
    if (!l->next)
        s->last = l;
}

static void take_line(struct join *j, const struct json *r, struct text spi, uint64_t episode, uint64_t offset, int64_t now)
{
    int64_t n = 0, number = 0;
    struct text device = json_as_text(json_member(r, "device"));
    struct meeting *m = map_find(&j->meetings, bytes_of_text(spi));
    struct share *s = m ? share_of(m, device, episode, false) : NULL;
    if (!json_as_number(json_member(r, "n"), &n) || !json_as_number(json_member(r, "line"), &number) || number < 0 ||
        number > UINT32_MAX)
        return;
    if (s && n <= s->count) {
        m->last_offset = offset; /* written twice: nor is it news after a restart, when the first of the two is passed over */
        return;
    }
    if (n != (s ? (int64_t)s->count + 1 : 1))
        return; /* the rest of what was judged before */
    if (!m)
        m = meeting_begin(j, spi, offset);
    else
        touch(j, m, true);
    m->last_now = now;
    m->last_offset = offset;
    if (!s && !make_room(j, m, sizeof *s + device.len))
        return;
    s = share_of(m, device, episode, true);
    keep_line(j, m, s, (uint32_t)number, json_as_text(json_member(r, "text")));
}

/* What was judged before a restart is read again only for another meeting's sake. */
static uint64_t judged_upto(const struct join *j, struct text spi)
{
    uint64_t upto = 0, name = j->mark_count ? mark_name(spi) : 0;
    for (size_t i = 0; i < j->remembered; i++)
        if (j->marks[i].name == name && j->marks[i].done > upto)
            upto = j->marks[i].done;
    return upto;
}

void join_record(struct join *j, struct text record, uint64_t offset, int64_t now)
{
    struct json *r = json_read(record, NULL);
    struct text type = json_as_text(json_member(r, "type")), spi = json_as_text(json_member(r, "spi_i"));
    int64_t episode = -1;
    if (!spi.len || spi.len > 16 || !json_as_number(json_member(r, "episode"), &episode) || episode < 0) {
        json_free(r);
        return;
    }
    if (text_equal(type, TEXT("line")) && offset >= judged_upto(j, spi))
        take_line(j, r, spi, (uint64_t)episode, offset, now);
    json_free(r);
}

void join_idle(struct join *j, int64_t now)
{
    while (j->oldest && now - j->oldest->last_now > j->options.timeout_ns)
        judge(j, j->oldest);
}

uint64_t join_replay(const struct join *j, uint64_t at)
{
    for (const struct meeting *m = j->oldest; m; m = m->newer)
        if (m->first_offset < at)
            at = m->first_offset;
    return at;
}

bool join_marks(struct join *j, uint64_t replay, struct buffer *into)
{
    size_t kept = 0, remembered = 0;
    bool ok = true;
    for (size_t i = 0; i < j->mark_count; i++) {
        if (j->marks[i].done <= replay)
            continue; /* nothing of it will be read again */
        remembered += i < j->remembered;
        j->marks[kept++] = j->marks[i];
    }
    j->mark_count = kept;
    j->remembered = remembered;
    for (size_t i = 0; i < kept; i++)
        ok = ok && mark_put(into, j->marks[i], replay);
    return ok;
}

void join_remember(struct join *j, struct text marks, uint64_t replay)
{
    marks_read(marks, replay, &j->marks, &j->mark_count);
    j->remembered = j->mark_count;
}

void join_drop(struct join *j)
{
    if (!j)
        return;
    while (j->oldest)
        give_back(j, j->oldest);
    map_clear(&j->meetings);
    arena_destroy(j->names);
    memory_free(j->marks);
    memory_free(j);
}
