/* A device that talks without end: what it holds of IKE SAs that ended is given back, however many there were; each is told once,
 * while the device goes on; a late line of one makes nothing anew; and who goes on in the middle tells the same. */
#include "cli/episode.h"

#include "analysis/analysis.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "parser/parser.h"
#include "test.h"

enum { STEP = 30 }; /* seconds from one SA's beginning to the next one's */

struct feed {
    struct buffer told;
    struct sink *sink;
    struct telling telling;
    struct episode d;
    uint64_t offset;
    size_t most_held;
    uint32_t most_sas;
    struct arena *keep; /* lines are kept instead, in `kept` */
};

static void keep_line(struct arena *arena, struct text t);

static void begin(struct feed *f)
{
    *f = (struct feed){ .offset = 0 };
    buffer_init(&f->told, 1 << 26);
    f->sink = sink_buffer(&f->told);
    f->telling = (struct telling){ .options = { .max_devices = 10, .max_sas = 1000, .timeout_ns = INT64_C(120000000000) },
                                   .out = f->sink };
    f->d = (struct episode){ .to = &f->telling, .device = TEXT("r1") };
}

static void end(struct feed *f)
{
    if (f->d.model)
        episode_close(&f->d);
    sink_abandon(f->sink);
    buffer_clear(&f->told);
}

static void line(struct feed *f, unsigned seconds, const char *words)
{
    char text[400];
    int n = snprintf(text, sizeof text, "May %2u 2026 %02u:%02u:%02u.000 UTC: %s", 1 + seconds / 86400, seconds / 3600 % 24,
                     seconds / 60 % 60, seconds % 60, words);
    struct text t = text_over(text, (size_t)n);
    if (f->keep) {
        keep_line(f->keep, t);
        return;
    }
    episode_line(&f->d, hash_lasting(bytes_of_text(t)), t, f->offset, 0);
    f->offset += t.len + 1;
    if (!f->d.model)
        return;
    size_t held = arena_used(f->d.model->run) + arena_used(f->d.model->read);
    f->most_held = held > f->most_held ? held : f->most_held;
    f->most_sas = f->d.model->ike_sa_count > f->most_sas ? f->d.model->ike_sa_count : f->most_sas;
}

static void step(struct feed *f, unsigned seconds, unsigned sa, const char *state, const char *event)
{
    char text[300];
    snprintf(text, sizeof text,
             "IKEv2-INTERNAL:(SESSION ID = %u,SA ID = %u):SM Trace-> SA: I_SPI=%016llX R_SPI=%016llX (I) MsgID = 1 CurState: %s "
             "Event: %s",
             sa + 1, sa % 3 + 1, 0xa000000000000000ull + sa, strcmp(state, "IDLE") ? 0xb000000000000000ull + sa : 0, state,
             event);
    line(f, seconds, text);
}

enum life { DELETED, FAILED, HALF_OPEN };

static void live(struct feed *f, unsigned sa, enum life life)
{
    unsigned at = sa * STEP;
    step(f, at, sa, "IDLE", "EV_INIT_SA");
    step(f, at, sa, "I_BLD_INIT", "EV_BLD_MSG");
    step(f, at, sa, "I_WAIT_INIT", "EV_NO_EVENT");
    if (life == HALF_OPEN)
        return;
    step(f, at + 1, sa, "I_PROC_INIT", "EV_PROC_MSG");
    line(f, at + 1, "IKEv2:(SESSION ID = 1,SA ID = 9):Getting configured policies");
    if (life == FAILED) {
        step(f, at + 1, sa, "I_PROC_INIT", "EV_NO_PROP_CHOSEN");
        step(f, at + 1, sa, "INIT_DONE", "EV_FAIL");
        return;
    }
    step(f, at + 1, sa, "READY", "EV_I_OK");
    step(f, at + 2, sa, "READY", "EV_DELETE");
    step(f, at + 2, sa, "DELETE", "EV_DELETE");
}

static unsigned count(const struct feed *f, const char *one, const char *other)
{
    unsigned n = 0;
    struct text rest = buffer_view(&f->told), row;
    while (text_cut(&rest, '\n', &row))
        n += text_find(row, text_of(one)) != TEXT_NOWHERE && text_find(row, text_of(other)) != TEXT_NOWHERE;
    return n;
}

/* What so many SAs leave behind does not depend on how many they are. */
static void check_flat(enum life life, const char *outcome)
{
    struct feed few, many;
    begin(&few);
    begin(&many);
    for (unsigned sa = 0; sa < 100; sa++)
        live(&few, sa, life);
    for (unsigned sa = 0; sa < 400; sa++)
        live(&many, sa, life);
    CHECK_NUMBER(many.most_sas, few.most_sas);
    CHECK(many.most_sas < 12);
    CHECK(many.most_held <= few.most_held + few.most_held / 8);
    unsigned told = count(&many, "\"outcome\"", outcome);
    CHECK(told > 385 && told < 400); /* the last ones are not quiet yet */
    episode_end(&many.d, false);
    CHECK_NUMBER(count(&many, "\"outcome\"", outcome), 400);
    CHECK_NUMBER(count(&many, "\"outcome\"", "\"type\""), 400);
    end(&few);
    end(&many);
}

/* A retransmission long after: an event, and no SA, no finding. */
static void check_late(void)
{
    struct feed f;
    begin(&f);
    for (unsigned sa = 0; sa < 50; sa++)
        live(&f, sa, DELETED);
    unsigned sas = count(&f, "\"type\":\"sa\"", "a00000000000001e"), events = count(&f, "\"type\":\"transition\"", "");
    step(&f, 50 * STEP, 3, "I_WAIT_INIT", "EV_RE_XMT");
    step(&f, 50 * STEP, 30, "IDLE", "EV_INIT_SA");
    CHECK_NUMBER(count(&f, "\"type\":\"sa\"", "a00000000000001e"), sas);
    CHECK_NUMBER(count(&f, "\"type\":\"transition\"", ""), events + 2);
    episode_end(&f.d, false);
    CHECK_NUMBER(count(&f, "\"outcome\"", "\"type\""), 50);
    CHECK_NUMBER(count(&f, "debug-incomplete", ""), 0);
    end(&f);
}

/* One that stays up while others come and go is known to its end. */
static void check_long_life(void)
{
    struct feed f;
    begin(&f);
    step(&f, 0, 999, "IDLE", "EV_INIT_SA");
    step(&f, 0, 999, "READY", "EV_I_OK");
    for (unsigned sa = 1; sa < 200; sa++)
        live(&f, sa, DELETED);
    CHECK_NUMBER(count(&f, "a0000000000003e7", "\"outcome\""), 0);
    step(&f, 200 * STEP, 999, "READY", "EV_DELETE");
    step(&f, 200 * STEP, 999, "DELETE", "EV_DELETE");
    for (unsigned sa = 201; sa < 220; sa++)
        live(&f, sa, DELETED);
    CHECK_NUMBER(count(&f, "a0000000000003e7", "\"outcome\":\"deleted\""), 1);
    CHECK_NUMBER(count(&f, "a0000000000003e7", "\"type\":\"finding\""), 0);
    bool partly;
    CHECK(episode_replay(&f.d, &partly) > 0 && partly);
    end(&f);
}

/* Attempts that fail again and again are told as that, once. */
static void check_again_and_again(void)
{
    struct feed f;
    begin(&f);
    for (unsigned sa = 0; sa < 40; sa++) {
        char words[200];
        snprintf(words, sizeof words,
                 "IKEv2:(SESSION ID = %u,SA ID = %u):Sending Packet [To 198.51.100.2:500/From 192.0.2.1:500/VRF i0:f0]", sa + 1,
                 sa % 3 + 1);
        live(&f, sa, FAILED);
        line(&f, sa * STEP + 1, words);
        snprintf(words, sizeof words, "Initiator SPI : %016llX - Responder SPI : 0000000000000000 Message id: 0",
                 0xa000000000000000ull + sa);
        line(&f, sa * STEP + 1, words);
        line(&f, sa * STEP + 1, "IKEv2 IKE_SA_INIT Exchange REQUEST");
    }
    CHECK(count(&f, "\"outcome\":\"failed\"", "") > 30);
    episode_end(&f.d, false);
    CHECK_NUMBER(count(&f, "\"outcome\":\"failed\"", ""), 40);
    CHECK_NUMBER(count(&f, "\"flapping\"", ""), 1);
    end(&f);
}

static void go_on_with(struct feed *f, const char *words)
{
    const struct text t = text_of(words);
    episode_line(&f->d, hash_lasting(bytes_of_text(t)), t, f->offset, 0);
    f->offset += t.len + 1;
}

/* An entry of so many lines behind its first ones; then a line that is not its own. */
static void long_entry(struct feed *f, unsigned lines, unsigned length)
{
    char text[300], words[300];
    step(f, 0, 1, "IDLE", "EV_INIT_SA");
    step(f, 0, 1, "READY", "EV_I_OK");
    line(f, 0, "IKEv2:(SESSION ID = 2,SA ID = 2):Sending Packet [To 198.51.100.2:500/From 192.0.2.1:500/VRF i0:f0]");
    snprintf(text, sizeof text, "Initiator SPI : A000000000000001 - Responder SPI : B000000000000001 Message id: 1");
    go_on_with(f, text);
    go_on_with(f, "IKEv2 IKE_AUTH Exchange REQUEST");
    go_on_with(f, "Payload contents:");
    memset(words, 'x', sizeof words);
    for (unsigned n = 0; n < lines; n++) {
        snprintf(text, sizeof text, "  SA  Next payload: %.*s, reserved: 0x0, length: %u", (int)length, words, n);
        go_on_with(f, text);
    }
    step(f, 1, 1, "READY", "EV_CHK_PENDING");
    parser_settle(f->d.parser);
}

/* What a second stage needs is told line by line; where lines are cut, or the first ones of an entry are not there any more,
 * that is said once. */
static void check_lines(unsigned lines, unsigned length, unsigned cut, unsigned left_out)
{
    struct feed f;
    begin(&f);
    f.telling.options.lines = 200;
    long_entry(&f, lines, length);
    long_entry(&f, lines, length);
    CHECK_NUMBER(count(&f, "\"cap\"", "\"octets of a line\",\"limit\":200"), cut);
    CHECK_NUMBER(count(&f, "\"cap\"", "\"lines of an entry\",\"limit\":256"), left_out);
    CHECK(left_out || count(&f, "\"line\"", "Next payload") == 2 * lines);
    CHECK((f.telling.lines_left_out > 0) == (left_out > 0));
    end(&f);
}

/* Several lines in one message, as a collector's JSON has them, are as good as one by one. */
static void check_message_of_lines(void)
{
    struct feed one, several;
    struct buffer message;
    begin(&one);
    begin(&several);
    one.telling.options.lines = several.telling.options.lines = 200;
    buffer_init(&message, 1 << 20);
    for (unsigned n = 0; n < 300; n++) {
        char text[200];
        snprintf(text, sizeof text,
                 "May  1 2026 00:00:00.000 UTC: IKEv2:(SESSION ID = 2,SA ID = 2):SM Trace-> SA: I_SPI=A000000000000001 "
                 "R_SPI=B000000000000001 (I) MsgID = 1 CurState: READY Event: EV_CHK_PENDING");
        go_on_with(&one, text);
        buffer_format(&message, "%s%s", n ? "\n" : "", text);
    }
    episode_line(&several.d, 1, buffer_view(&message), 0, 0);
    parser_settle(one.d.parser);
    parser_settle(several.d.parser);
    CHECK_NUMBER(count(&one, "\"type\":\"line\"", "EV_CHK_PENDING"), 300);
    CHECK_NUMBER(count(&several, "\"type\":\"line\"", "EV_CHK_PENDING"), 300);
    CHECK_NUMBER(count(&several, "\"type\":\"transition\"", ""), 300);
    buffer_clear(&message);
    end(&one);
    end(&several);
}

/* ---- one IKE SA that lives for months ---- */

/* Its request is sent or its answer received, and the log names the payloads. */
static void say(struct feed *f, unsigned seconds, const char *exchange, bool answer, unsigned id, const char *payloads)
{
    char text[200];
    line(f, seconds,
         answer ? "IKEv2:(SESSION ID = 1,SA ID = 1):Received Packet [From 198.51.100.2:500/To 192.0.2.1:500/VRF i0:f0]"
                : "IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 198.51.100.2:500/From 192.0.2.1:500/VRF i0:f0]");
    snprintf(text, sizeof text, "Initiator SPI : A0000000000003E7 - Responder SPI : B0000000000003E7 Message id: %u", id);
    go_on_with(f, text);
    snprintf(text, sizeof text, "IKEv2 %s Exchange %s", exchange, answer ? "RESPONSE" : "REQUEST");
    go_on_with(f, text);
    go_on_with(f, "Payload contents:");
    go_on_with(f, payloads);
}

static void come_up(struct feed *f)
{
    step(f, 0, 999, "IDLE", "EV_INIT_SA");
    say(f, 0, "IKE_AUTH", false, 1, " VID IDi AUTH SA TSi TSr");
    say(f, 0, "IKE_AUTH", true, 1, " VID IDr AUTH SA TSi TSr");
    step(f, 0, 999, "READY", "EV_I_OK");
}

/* What it leaves behind does not depend on how often its Child SA was rekeyed. */
static void check_rekeys(void)
{
    struct feed f;
    begin(&f);
    come_up(&f);
    size_t early = 0;
    uint32_t most = 0, exchanges = 0;
    for (unsigned n = 0; n < 10000; n++) {
        const unsigned at = (n + 1) * 60, id = 2 + 2 * n;
        say(&f, at, "CREATE_CHILD_SA", false, id, " SA N KE NOTIFY(REKEY_SA) TSi TSr");
        say(&f, at, "CREATE_CHILD_SA", true, id, " SA N KE TSi TSr");
        say(&f, at + 1, "INFORMATIONAL", false, id + 1, " DELETE");
        say(&f, at + 1, "INFORMATIONAL", true, id + 1, " DELETE");
        const struct ike_sa *sa = f.d.model->ike_sas;
        most = f.d.model->child_sa_count > most ? f.d.model->child_sa_count : most;
        exchanges = sa->exchange_count > exchanges ? sa->exchange_count : exchanges;
        early = n == 500 ? f.most_held : early;
    }
    CHECK(most < 200);
    CHECK(exchanges < 100);
    CHECK(f.most_held <= early + early / 8);
    CHECK_NUMBER(f.d.model->ike_sa_count, 1);
    episode_end(&f.d, false);
    CHECK_NUMBER(count(&f, "\"outcome\":\"established\"", "a0000000000003e7"), 1);
    CHECK_NUMBER(count(&f, "\"type\":\"finding\"", "\"error\""), 0);
    CHECK_NUMBER(count(&f, "input-limit", ""), 0);
    end(&f);
}

/* Requests that nobody answers are kept up to a limit, and that is said. */
static void check_unanswered(void)
{
    struct feed f;
    begin(&f);
    come_up(&f);
    for (unsigned n = 0; n < 3 * LIMIT_UNENDED; n++)
        say(&f, 60 + n, "CREATE_CHILD_SA", false, 2 + n, " SA N KE NOTIFY(REKEY_SA) TSi TSr");
    CHECK(f.d.model->ike_sas->exchange_count < LIMIT_UNENDED + LIMIT_UNENDED / 4);
    episode_end(&f.d, false);
    CHECK_NUMBER(count(&f, "\"input-limit\"", "unended"), 1);
    end(&f);
}

/* ---- going on after a kill ---- */

enum { LINES = 4000 };
static struct text kept[LINES];
static size_t kept_count;
static const struct stream_options options = {
    .max_devices = 10, .max_sas = 1000, .timeout_ns = INT64_C(120000000000), .lines = true
};

static void keep_line(struct arena *arena, struct text t)
{
    for (unsigned device = 0; device < 2 && kept_count < LINES; device++)
        kept[kept_count++] = arena_text(arena, t);
}

/* Two devices say the same: SAs of all sorts, and one that outlives many. */
static void keep_lines(struct arena *arena)
{
    struct feed f;
    begin(&f);
    f.keep = arena;
    step(&f, 0, 999, "IDLE", "EV_INIT_SA");
    step(&f, 0, 999, "READY", "EV_I_OK");
    for (unsigned sa = 1; sa < 100; sa++) {
        live(&f, sa, sa % 7 == 0 ? HALF_OPEN : DELETED);
        if (sa % 5 == 0 && sa < 30)
            step(&f, sa * STEP + 3, 999, "READY", "EV_CHK_PENDING");
        if (sa == 30) {
            step(&f, sa * STEP + 4, 999, "READY", "EV_DELETE");
            step(&f, sa * STEP + 4, 999, "DELETE", "EV_DELETE");
        }
    }
    end(&f);
}

static void feed_lines(struct stream *s, size_t from, size_t upto)
{
    for (size_t n = from; n < upto; n++)
        stream_line(s, kept[n], n % 2 ? TEXT("odd") : TEXT("even"), n, 0);
}

struct places {                      /* what a checkpoint, or a commit, holds of where things stood */
    uint64_t from[2], replay, until; /* until: behind the last line that any run read */
    bool partly[2];
    struct buffer marks;
};

static void note_place(void *context, struct text device, uint64_t from, bool partly)
{
    struct places *p = context;
    unsigned i = text_equal(device, TEXT("odd"));
    p->from[i] = from;
    p->partly[i] = partly;
}

static void add_ids(struct map *ids, struct arena *arena, struct text told)
{
    struct text row;
    while (text_cut(&told, '\n', &row)) {
        size_t at = text_find(row, TEXT("\"id\":\""));
        if (at != TEXT_NOWHERE)
            map_put(ids, bytes_of_text(arena_text(arena, text_upto(text_from(row, at + 6), 16))), arena);
    }
}

static void check_ids(const struct map *want, const struct map *got, size_t kill, const char *which)
{
    for (size_t i = 0; i < want->count; i++)
        if (!map_find(got, want->entries[i].key)) {
            CHECK(!"a record");
            fprintf(stderr, "killed at %zu: %s %.*s\n", kill, which, TEXT_ARGS(text_of_bytes(want->entries[i].key)));
        }
}

/* As a file's checkpoint does it, by places, or as a partition's commit, by marks. */
static void resume(struct stream *s, const struct places *left, bool by_marks)
{
    if (by_marks)
        stream_remember(s, buffer_view(&left->marks), left->replay);
    for (unsigned i = 0; !by_marks && i < 2; i++)
        stream_resume(s, i ? TEXT("odd") : TEXT("even"), left->from[i], left->partly[i], left->until);
}

/* again: it goes on where another was killed. */
static void killed(struct buffer *told, size_t at, struct places *left, bool again, bool by_marks)
{
    struct sink *sink = sink_buffer(told);
    struct stream *s = stream_create(options, sink);
    if (again)
        resume(s, left, by_marks);
    feed_lines(s, again ? (size_t)left->replay : 0, at);
    left->until = again && left->until > at ? left->until : at;
    left->replay = stream_replay(s, at);
    left->from[0] = left->from[1] = 0;
    left->partly[0] = left->partly[1] = false;
    stream_places(s, left->replay, note_place, left);
    buffer_reset(&left->marks);
    CHECK(stream_marks(s, left->replay, &left->marks));
    stream_drop(s);
    sink_abandon(sink);
}

static void go_on(struct buffer *told, const struct places *left, bool by_marks)
{
    struct sink *sink = sink_buffer(told);
    struct stream *s = stream_create(options, sink);
    if (left)
        resume(s, left, by_marks);
    feed_lines(s, left ? (size_t)left->replay : 0, kept_count);
    stream_end(&s, 1, false);
    stream_destroy(s);
    sink_abandon(sink);
}

/* Killed at any line, and begun again from where that was left: what both runs told is what one tells. */
static void check_restarts(bool by_marks)
{
    struct arena *arena = arena_create();
    struct buffer told;
    struct places left;
    struct map whole = { 0 };
    buffer_init(&told, 1 << 26);
    buffer_init(&left.marks, 1 << 12);
    go_on(&told, NULL, false);
    add_ids(&whole, arena, buffer_view(&told));
    bool forgot = false;
    for (size_t kill = 1; kill < kept_count; kill += 37) {
        struct map both = { 0 };
        buffer_reset(&told);
        killed(&told, kill, &left, false, false);
        forgot |= left.replay > 0;
        if (kill % 3) /* once more: while it reads again, or behind that */
            killed(&told,
                   kill % 3 == 1            ? (size_t)(left.replay + kill) / 2 + 1
                   : kill + 20 < kept_count ? kill + 20
                                            : kill,
                   &left, true, by_marks);
        go_on(&told, &left, by_marks);
        add_ids(&both, arena, buffer_view(&told));
        check_ids(&whole, &both, kill, "lost");
        check_ids(&both, &whole, kill, "more");
        map_clear(&both);
    }
    CHECK(forgot);
    map_clear(&whole);
    buffer_clear(&left.marks);
    buffer_clear(&told);
    arena_destroy(arena);
}

int main(void)
{
    struct arena *arena = arena_create();
    keep_lines(arena);
    CHECK(kept_count > 400);
    check_rekeys();
    check_unanswered();
    check_restarts(false);
    check_restarts(true);
    check_flat(DELETED, "\"deleted\"");
    check_flat(FAILED, "\"failed\"");
    check_flat(HALF_OPEN, "\"incomplete\"");
    check_late();
    check_long_life();
    check_again_and_again();
    check_lines(100, 20, 0, 0);
    check_lines(100, 250, 1, 0);
    check_lines(300, 20, 0, 1);
    check_message_of_lines();
    arena_destroy(arena);
    return TEST_REPORT();
}
