#include "cli/episode.h"

#include <stdio.h>

#include "analysis/analysis.h"
#include "base/arena.h"
#include "cli/streamrecord.h"
#include "parser/parser.h"

enum { RECENT = 256 };        /* lines of a device that an event may still be made of */
enum { COMPACT = 32 << 10 };  /* octets that may pile up before what lives on is moved out of them */
enum { READ_MOST = 1 << 20 }; /* octets that a parser may keep of an episode (show output, names): then it is cut */
#define SA_LIFE_NS                                                                                                               \
    INT64_C(90000000000000) /* 25 hours: no IKE SA lives longer without a word, for a day is the longest lifetime */

struct recent_line {
    uint64_t offset;
    uint64_t hash;    /* of what it says, for ids */
    uint32_t ordinal; /* of records that began with it */
    int64_t stamp;    /* episode.stamp */
    struct text text; /* where a second stage wants it */
    bool cut;         /* its beginning */
};

/* The episode's last lines, by their numbers. Whether an event goes out because the next line came or because none did, its
 * records are named by the line that it began with. */
struct recent {
    struct recent_line at[RECENT];
    uint32_t count; /* of lines so far */
};

struct known { /* what was last said of an SA */
    struct ike_sa *sa;
    struct known *older, *newer;
    struct queue *in; /* NULL: in none */
    uint8_t state;    /* 1 negotiating, 2 up, 3 failed, 4 down */
    uint32_t lines;   /* of it, told for a second stage */
    uint32_t line;    /* number of its first one */
    uint32_t ordinal; /* of records that had begun with that */
    uint64_t born;    /* offset of that */
    uint64_t lead;    /* from where on reading again finds all that is known of it */
    int64_t last_now;
};

/* ---- records ---- */

static void begin_record(struct episode *d, struct json_writer *w, const char *type, uint64_t id)
{
    char text[20];
    *w = (struct json_writer){ .out = d->to->out };
    snprintf(text, sizeof text, "%016llx", (unsigned long long)id);
    write_object(w, NULL);
    write_string(w, "type", type);
    write_string(w, "id", text);
    write_text(w, "device", d->device);
}

static void end_record(struct episode *d, struct json_writer *w)
{
    write_end_line(w);
    d->to->records++;
}

/* What is left out is told the first time, and counted. */
static void leave_out(struct episode *d, uint64_t *times, uint64_t more, const char *what, uint64_t limit)
{
    if (!*times && more)
        record_cap(d->to->out, what, limit);
    *times += more;
}

/* A device that stands in two inputs is two. */
static uint64_t episode_hash(const struct episode *d)
{
    return hash_lasting(bytes_of_text(d->device)) + d->to->options.input * UINT64_C(0x9e3779b97f4a7c15);
}

/* A line by its number; of one long ago, the oldest that is known. */
static struct recent_line *recent_line(struct episode *d, uint32_t n)
{
    uint32_t count = d->recent->count, oldest = count < RECENT ? 1 : count - RECENT + 1;
    return &d->recent->at[(n < oldest ? oldest : n > count ? count : n) % RECENT];
}

/* The line that an event began with. */
static struct recent_line *line_of(struct episode *d, const struct event *e)
{
    return recent_line(d, e->line);
}

static uint64_t id_of_line(const struct episode *d, struct recent_line *line)
{
    uint64_t parts[4] = { episode_hash(d), line->offset, line->ordinal++, line->hash };
    return hash_lasting(bytes_over(parts, sizeof parts));
}

/* What is said of an SA (NULL: of the device) is known by its SPIs; without any, by the line that it began with, or where that is
 * not known any more, by its time and its peer. */
static uint64_t id_of_thing(const struct episode *d, uint64_t what, const struct ike_sa *sa, const struct known *k)
{
    uint64_t parts[6] = { episode_hash(d), what };
    if (sa && spi_known(sa->spi_i)) {
        parts[2] = sa->spi_i.value;
        parts[3] = sa->spi_r.value;
    } else if (sa && k) {
        parts[4] = k->born;
        parts[5] = k->ordinal;
    } else if (sa) {
        parts[4] = (uint64_t)sa->first_ns;
        parts[5] = sa->views ? hash_lasting(bytes_over(&sa->views->remote.address, sizeof sa->views->remote.address)) : 0;
    } else {
        parts[4] = d->first_offset;
    }
    return hash_lasting(bytes_over(parts, sizeof parts));
}

static void write_event(struct episode *d, const struct event *e)
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
    const bool carries = !step && e->message && e->message->has_message_id; /* what it carries says more than its prefix */
    if (carries || (e->has & HAS_MSGID))
        write_number(&w, "msgid", carries ? e->message->message_id : e->msgid);
    if (e->has & HAS_ROLE)
        write_string(&w, "role", e->role == SIDE_INITIATOR ? "initiator" : "responder");
    if (step) {
        write_string(&w, "state", e->state);
        write_string(&w, "event", e->event);
    } else {
        if (e->has & HAS_REMOTE)
            record_address(&w, "remote", e->remote);
        if (e->message)
            write_string(&w, "exchange", exchange_name(e->message->exchange));
        write_text(&w, "text", text_upto(e->text, 2000));
    }
    end_record(d, &w);
}

static uint8_t state_of(const struct ike_sa *sa)
{
    bool up = sa->established || sa->ready_initiator || sa->ready_responder;
    return sa->failed && !up ? 3 : sa->deleted ? 4 : up ? 2 : 1;
}

/* outcome NULL: its state, as it is now. */
static void write_sa(struct episode *d, const struct ike_sa *sa, const struct known *k, const char *outcome)
{
    static const char *const states[] = { "unknown", "negotiating", "up", "failed", "down" };
    struct json_writer w;
    uint8_t state = state_of(sa);
    begin_record(d, &w, "sa", id_of_thing(d, outcome ? 100u + sa->outcome : state, sa, k));
    record_time(&w, "time", sa->last);
    record_sa(&w, sa);
    write_string(&w, "state", states[state]);
    write_string(&w, "outcome", outcome);
    end_record(d, &w);
}

/* ---- known SAs ---- */

static void leave_queue(struct known *k)
{
    if (!k->in)
        return;
    *(k->older ? &k->older->newer : &k->in->oldest) = k->newer;
    *(k->newer ? &k->newer->older : &k->in->newest) = k->older;
    k->older = k->newer = NULL;
    k->in = NULL;
}

/* It was just heard of. The half of an SA that is known by its SPIs goes with that. */
static void queue_up(struct episode *d, struct known *k)
{
    leave_queue(k);
    if (k->sa->same_as)
        return;
    k->in = k->state == 2 && !ike_sa_replaced(k->sa) ? &d->up : &d->ended;
    k->older = k->in->newest;
    *(k->in->newest ? &k->in->newest->newer : &k->in->oldest) = k;
    k->in->newest = k;
}

/* Of the last lines, the oldest that an event began with. */
static uint64_t lead_in(const struct episode *d)
{
    uint32_t count = d->recent->count, oldest = count < RECENT ? 1 : count - RECENT + 1;
    for (uint32_t n = oldest; oldest > 1 && n <= count; n++)
        if (d->recent->at[n % RECENT].ordinal)
            return d->recent->at[n % RECENT].offset;
    return oldest > 1 ? d->offset : d->first_offset;
}

/* e: the event that it is seen by first; NULL: it follows from what another said. */
static struct known *known_of(struct episode *d, struct ike_sa *sa, const struct event *e)
{
    if (sa->known)
        return sa->known;
    const struct recent_line *line = e ? line_of(d, e) : NULL;
    struct known *k = sa->known = memory_take(sizeof *k);
    *k = (struct known){ .sa = sa,
                         .line = e ? e->line : d->recent->count,
                         .ordinal = line ? line->ordinal : 0,
                         .born = line ? line->offset : d->offset,
                         .lead = lead_in(d) };
    return k;
}

/* Reading goes on in the middle of what an earlier run had told and let go: of an SA whose beginning lies before that, what comes
 * now is the rest. */
static bool half_seen(const struct episode *d, const struct known *k)
{
    const struct ike_sa *sa = k->sa;
    return d->resumed && k->born < d->to->replayed_until && !sa->start_seen && !sa->rekeys &&
           !(sa->exchanges && sa->exchanges->type == EXCHANGE_IKE_SA_INIT);
}

/* The earlier run came to the same point and said it; what it had not judged yet when it was left is judged here behind that. */
static bool told_before(const struct episode *d, const struct known *k)
{
    return d->offset < d->to->replayed_until && half_seen(d, k);
}

/* Says of an SA what changed since it was last said. */
static void tell_change(struct episode *d, struct ike_sa *sa, struct known *k)
{
    uint8_t state = state_of(sa);
    if (k->state == state)
        return;
    d->failed += (state == 3) - (k->state == 3);
    k->state = state;
    if (!told_before(d, k))
        write_sa(d, sa, k, NULL);
}

/* The lines of an event, each once, numbered through for its SA: who reads them can tell that none is missing. */
static void tell_lines(struct episode *d, const struct event *e, const struct ike_sa *sa, struct known *k)
{
    uint32_t upto = e->line + (e->lines ? e->lines : 1), oldest = d->recent->count < RECENT ? 1 : d->recent->count - RECENT + 1;
    if (!spi_known(sa->spi_i))
        return;
    if (e->line < oldest && !told_before(d, k))
        leave_out(d, &d->to->lines_left_out, (upto < oldest ? upto : oldest) - e->line, "lines of an entry", RECENT);
    for (uint32_t n = e->line < oldest ? oldest : e->line; n < upto && n <= d->recent->count; n++) {
        struct text *line = &d->recent->at[n % RECENT].text;
        if (!line->len)
            continue;
        struct json_writer w;
        uint32_t number = n - k->line + RECENT; /* its first event may be the younger one of two that wait for their ends */
        uint64_t parts[2] = { k->born, number };
        k->lines++;
        if (!told_before(d, k)) {
            begin_record(d, &w, "line", id_of_thing(d, hash_lasting(bytes_over(parts, sizeof parts)), sa, k));
            record_spi(&w, "spi_i", sa->spi_i);
            write_number(&w, "episode", k->born);
            write_number(&w, "n", k->lines);
            write_number(&w, "line", number);
            write_text(&w, "text", *line);
            end_record(d, &w);
            leave_out(d, &d->to->lines_cut, d->recent->at[n % RECENT].cut, "octets of a line", d->to->options.lines);
        }
        memory_free((void *)(uintptr_t)line->at);
        *line = (struct text){ NULL, 0 };
    }
}

static void forget_lines(struct episode *d)
{
    for (size_t n = 0; d->recent && n < RECENT; n++)
        memory_free((void *)(uintptr_t)d->recent->at[n].text.at);
    memory_free(d->recent);
    d->recent = NULL;
}

static struct text copy_of(struct text line)
{
    char *at = memory_take(line.len + 1);
    if (line.len)
        memcpy(at, line.at, line.len);
    return text_over(at, line.len);
}

static void take_line(struct episode *d, uint64_t hash, struct text text)
{
    struct recent_line *line = &d->recent->at[++d->recent->count % RECENT];
    const size_t most = d->to->options.lines;
    memory_free((void *)(uintptr_t)line->text.at);
    *line = (struct recent_line){ .offset = d->offset, .hash = hash, .stamp = d->stamp, .cut = text.len > most };
    if (most)
        line->text = copy_of(text_upto(text, most));
    parser_feed(d->parser, bytes_of_text(text));
    parser_feed(d->parser, bytes_over("\n", 1));
}

/* A message of several lines counts as many. */
static void take_lines(struct episode *d, uint64_t hash, struct text message)
{
    for (size_t end; (end = text_find_byte(message, '\n')) != TEXT_NOWHERE; message = text_from(message, end + 1))
        take_line(d, hash++, text_upto(message, end));
    take_line(d, hash, message);
}

static void write_finding(struct episode *d, const struct finding *f, const struct known *k)
{
    struct json_writer w;
    begin_record(d, &w, "finding", id_of_thing(d, hash_lasting(bytes_of_text(text_of(f->rule))), f->ike_sa, k));
    record_finding(&w, f);
    end_record(d, &w);
}

/* What is found of several SAs, or of the device, is found again with each of them that is judged: once is enough. */
static bool was_told(struct episode *d, const struct finding *f)
{
    enum { ROOM = COUNT_OF(d->told_whole) };
    struct address ends[2] = { { 0 } };
    if (f->ike_sa) {
        ends[0] = f->ike_sa->initiator.endpoint.address;
        ends[1] = f->ike_sa->responder.endpoint.address;
    }
    uint64_t what = hash_lasting(bytes_of_text(text_of(f->rule))) ^ hash_lasting(bytes_over(ends, sizeof ends));
    for (uint32_t i = 0; i < ROOM && i < d->told_whole_count; i++)
        if (d->told_whole[i] == what)
            return true;
    d->told_whole[d->told_whole_count++ % ROOM] = what;
    return false;
}

/* ---- SAs that are let go ---- */

static void forget_known(struct episode *d, struct known *k)
{
    leave_queue(k);
    d->failed -= k->state == 3;
    k->sa->known = NULL;
    memory_free(k);
}

static void judge(struct episode *d, struct known *k)
{
    const struct ike_sa *alone;
    struct model *m = analysis_alone(d->analysis, k->sa, &alone);
    enum sa_outcome outcome = (enum sa_outcome)alone->outcome;
    bool silent = told_before(d, k);
    if (!silent)
        write_sa(d, alone, k, sa_outcome_name(outcome));
    for (const struct finding *f = silent ? NULL : m->findings; f; f = f->next) {
        bool several = analysis_of_several(f), own = f->ike_sa == alone;
        bool meant = own || (several && (!f->ike_sa || f->ike_sa->gone)); /* else it is another's, who is judged later */
        if (record_worth_telling(f) && meant && !(several && was_told(d, f)))
            write_finding(d, f, own ? k : NULL);
    }
    struct ike_sa *sa = k->sa;
    forget_known(d, k);
    analysis_let_go(d->analysis, sa, outcome);
    d->partly = true;
    d->let_go++;
    model_destroy(m);
}

static bool quiet(const struct episode *d, const struct known *k)
{
    int64_t limit = k->in == &d->up ? SA_LIFE_NS : d->to->options.timeout_ns;
    bool timed = k->sa->last_ns != TIME_UNKNOWN && d->last_log != TIME_UNKNOWN && d->last_log >= k->sa->last_ns;
    return (timed ? d->last_log - k->sa->last_ns : d->last_now - k->last_now) > limit;
}

static void judge_quiet(struct episode *d)
{
    while (d->ended.oldest && quiet(d, d->ended.oldest))
        judge(d, d->ended.oldest);
    while (d->up.oldest && quiet(d, d->up.oldest))
        judge(d, d->up.oldest);
}

bool episode_judge_failed(struct episode *d)
{
    bool others = d->up.oldest != NULL;
    for (const struct known *k = d->ended.oldest; k && !others; k = k->newer)
        others = k->state == 1;
    for (struct known *k = others ? d->ended.oldest : NULL, *next; k; k = next) {
        next = k->newer;
        if (k->state == 3)
            judge(d, k);
    }
    return others;
}

/* The model moved: what is known of each SA follows. */
static void follow_sas(struct episode *d)
{
    for (struct ike_sa *sa = d->model->ike_sas; sa; sa = sa->next) {
        bool fresh = !sa->known;
        struct known *k = known_of(d, sa, NULL);
        k->sa = sa;
        if (!fresh)
            continue;
        k->state = state_of(sa);
        d->failed += k->state == 3;
        k->last_now = d->last_now;
        queue_up(d, k);
    }
}

/* What is left of nameless SAs whose other half was let go. */
static void let_halves_go(struct episode *d)
{
    for (struct ike_sa *sa = d->model->ike_sas; sa; sa = sa->next)
        if (!sa->gone && sa->same_as && sa->same_as->gone) {
            if (sa->known)
                forget_known(d, sa->known);
            analysis_let_go(d->analysis, sa, SA_INCOMPLETE);
        }
}

static void compact(struct episode *d)
{
    let_halves_go(d);
    analysis_compact(d->analysis);
    follow_sas(d);
    d->let_go = 0;
    d->compacted = arena_used(d->model->run);
}

/* ---- episodes ---- */

static void take(void *context, struct event *e)
{
    struct episode *d = context;
    struct event_taker next = analysis_taker(d->analysis);
    if (e->time.kind)
        d->last_log = e->time.ns;
    d->last_heard = recent_line(d, e->line + (e->lines ? e->lines - 1 : 0))->stamp;
    next.take(next.context, e);
    write_event(d, e);
    struct ike_sa *sa = analysis_last_sa(d->analysis);
    if (!sa)
        return;
    struct known *k = known_of(d, sa, e);
    k->last_now = d->last_now;
    tell_change(d, sa, k);
    queue_up(d, k);
    if (d->to->options.lines)
        tell_lines(d, e, sa, k);
}

void episode_begin(struct episode *d, uint64_t offset)
{
    d->model = model_create();
    d->model->options.endless = true;
    struct input *in = model_add_input(d->model, d->device, d->device);
    in->device = model_device(d->model, d->device);
    d->analysis = analysis_create(d->model);
    analysis_begin_input(d->analysis, 0);
    d->parser = parser_create(d->model, 0, INPUT_UNKNOWN, (struct event_taker){ take, d });
    parser_live(d->parser, d->to->lent);
    d->first_offset = offset;
    d->last_log = d->stamp = d->last_heard = TIME_UNKNOWN;
    d->recent = memory_take(sizeof *d->recent);
}

void episode_line(struct episode *d, uint64_t hash, struct text message, uint64_t offset, int64_t now)
{
    d->offset = offset;
    d->last_now = now;
    if (!d->model)
        episode_begin(d, offset);
    take_lines(d, hash, message);
    judge_quiet(d);
    if (d->let_go > d->model->ike_sa_count + 16 || arena_used(d->model->run) > 2 * d->compacted + COMPACT)
        compact(d);
    if (arena_used(d->model->read) > READ_MOST) {
        leave_out(d, &d->to->episodes_cut, 1, "octets of show output and names", READ_MOST);
        episode_end(d, true);
    }
}

void episode_close(struct episode *d)
{
    parser_destroy(d->parser);
    analysis_destroy(d->analysis);
    for (struct ike_sa *sa = d->model->ike_sas_made; sa; sa = sa->made_before)
        memory_free(sa->known);
    d->ended = d->up = (struct queue){ 0 };
    forget_lines(d);
    model_destroy(d->model);
    d->model = NULL;
    d->analysis = NULL;
    d->parser = NULL;
    d->failed = d->let_go = d->told_whole_count = 0;
    d->partly = d->resumed = false;
    d->compacted = 0;
}

/* Of SAs that are open still. */
static void tell_rest(struct episode *d, bool cut)
{
    for (const struct ike_sa *sa = d->model->ike_sas; sa; sa = sa->next)
        if (!sa->gone)
            write_sa(d, sa, sa->known, sa_outcome_name((enum sa_outcome)sa->outcome));
    for (const struct finding *f = d->model->findings; f; f = f->next) {
        const struct ike_sa *sa = f->ike_sa;
        const struct known *k = sa ? sa->known : NULL;
        bool open = cut && sa && sa->outcome == SA_INCOMPLETE, rest = k && told_before(d, k);
        bool several = analysis_of_several(f), told = several ? was_told(d, f) : sa->gone;
        if (record_worth_telling(f) && !open && !rest && !told)
            write_finding(d, f, k);
    }
}

void episode_end(struct episode *d, bool cut)
{
    if (!d->model)
        return;
    parser_finish(d->parser);
    for (int c = 0; c < LINE_CLASS_COUNT; c++)
        d->to->counted[c] += d->model->inputs[0].lines[c];
    analysis_end_input(d->analysis, 0);
    let_halves_go(d);
    analysis_finish(d->analysis);
    tell_rest(d, cut);
    episode_close(d);
}

uint64_t episode_replay(const struct episode *d, bool *partly)
{
    *partly = d->partly || d->resumed;
    if (!d->partly)
        return d->first_offset;
    uint64_t from = lead_in(d);
    for (const struct ike_sa *sa = d->model->ike_sas; sa; sa = sa->next)
        from = sa->known && sa->known->lead < from ? sa->known->lead : from;
    return from;
}
