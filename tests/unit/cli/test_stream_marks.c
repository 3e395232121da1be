/* Two devices whose episodes overlap; reading goes on, in another stream, where the one still open began. */
#include "base/arena.h"
#include "base/sink.h"
#include "cli/checking.h"
#include "cli/stream.h"
#include "test.h"

enum { LINES = 400 };

static const struct stream_options options = { .max_devices = 10, .max_sas = 100, .timeout_ns = INT64_C(1000000000000) };
static struct text lines[LINES];
static size_t count;

/* Device "early" has the lines of the first half of time, "late" begins in its middle. */
static void feed(struct stream *s, size_t from, size_t upto)
{
    for (size_t n = from; n < upto; n++) {
        bool early = n < count && (n < count / 2 || n % 2 == 0);
        stream_line(s, lines[n % count], early ? TEXT("early") : TEXT("late"), n, early ? 0 : INT64_C(1499000000000));
    }
}

static size_t told_of(const struct buffer *b, const char *device)
{
    size_t n = 0, at;
    for (struct text t = buffer_view(b); (at = text_find_byte(t, '\n')) != TEXT_NOWHERE; t = text_from(t, at + 1)) {
        struct text one = text_upto(t, at);
        n += (text_starts(one, TEXT("{\"type\":\"sa\"")) || text_starts(one, TEXT("{\"type\":\"finding\""))) &&
             text_find(one, text_of(device)) != TEXT_NOWHERE;
    }
    return n;
}

/* What is told of each device after the replay offset, with marks and without. */
static void check_restart(struct text marks, uint64_t replay, size_t end, size_t late)
{
    for (int with = 0; with < 2; with++) {
        struct buffer told;
        buffer_init(&told, 1 << 24);
        struct sink *sink = sink_buffer(&told);
        struct stream *s = stream_create(options, sink);
        if (with)
            stream_remember(s, marks, replay);
        feed(s, replay, end);
        stream_end(&s, 1, false);
        CHECK_NUMBER(told_of(&told, "\"late\""), late);
        CHECK(with ? told_of(&told, "\"early\"") == 0 : told_of(&told, "\"early\"") > 0);
        stream_destroy(s);
        sink_abandon(sink);
        buffer_clear(&told);
    }
}

int main(void)
{
    struct arena *arena = arena_create();
    struct error err = { 0 };
    struct text log;
    struct buffer told, marks;
    CHECK(read_file("samples/answers-are-lost/r1.log", arena, &log, &err));
    for (size_t at; count < LINES && (at = text_find_byte(log, '\n')) != TEXT_NOWHERE; log = text_from(log, at + 1))
        lines[count++] = text_upto(log, at);
    CHECK(count > 20);
    buffer_init(&told, 1 << 24);
    buffer_init(&marks, 4000);
    struct sink *sink = sink_buffer(&told);
    struct stream *s = stream_create(options, sink);
    feed(s, 0, count);
    stream_idle(s, INT64_C(1500000000000)); /* early ends, late does not */
    CHECK(told_of(&told, "\"early\"") > 0);
    uint64_t replay = stream_replay(s, count);
    CHECK(replay >= count / 2 && replay <= count / 2 + 1);
    CHECK(stream_marks(s, replay, &marks));
    CHECK_NUMBER(marks.len, 21);
    size_t before = told.len;
    struct buffer narrow;
    buffer_init(&narrow, 20);
    CHECK(!stream_marks(s, replay, &narrow));
    buffer_clear(&narrow);
    feed(s, count, 2 * count);
    stream_end(&s, 1, false);
    check_restart(buffer_view(&marks), replay, 2 * count, told_of(&told, "\"late\""));
    CHECK(told.len > before);
    stream_destroy(s);

    buffer_reset(&told); /* dropped: not a word */
    s = stream_create(options, sink);
    feed(s, 0, count);
    before = told.len;
    stream_drop(s);
    CHECK_NUMBER(told.len, before);
    stream_drop(NULL);

    s = stream_create(options, sink); /* marks that are none are passed over */
    stream_remember(s, TEXT("zzzzzzzzzzzzzzzzzzzzz"), 0);
    stream_remember(s, TEXT("short"), 0);
    stream_drop(s);
    sink_abandon(sink);
    buffer_clear(&told);
    buffer_clear(&marks);
    arena_destroy(arena);
    return TEST_REPORT();
}
