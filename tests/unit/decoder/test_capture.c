/* Captures: what a filter lets through, what is said of damage, and captures written. */
#include "packets.h"

#include <sys/stat.h>
#include <unistd.h>

#include "decoder/capture.h"

static struct seen seen;

enum { ROOM = 1 << 20 };

static struct film mixed(void)
{
    struct buffer esp, ike, udp, ip;
    struct film film = film_of(101);
    buffer_init(&esp, ROOM);
    buffer_init(&ike, ROOM);
    buffer_init(&udp, ROOM);
    buffer_init(&ip, ROOM);
    esp_put(&esp, 1, 1, 20);
    ike_put(&ike, 34, 20);
    udp_put(&udp, 500, 500, octets_of(&ike));
    for (int i = 0; i < 6; i++) {
        buffer_reset(&ip);
        ipv4_put(&ip, i % 3 == 2 ? 17 : 50, i % 3 == 2 ? octets_of(&udp) : octets_of(&esp));
        film_add(&film, octets_of(&ip));
    }
    buffer_clear(&esp);
    buffer_clear(&ike);
    buffer_clear(&udp);
    buffer_clear(&ip);
    return film;
}

static void test_filter(void)
{
    struct film film = mixed();
    seen = (struct seen){ 0 };
    struct reading r = read_octets(octets_of(&film.file), &seen, (struct frames_options){ .filter = "udp port 500" });
    CHECK(r.ok);
    CHECK_TEXT(text_of(classes(&r)), "ike 2");
    CHECK_NUMBER(seen.packet.frame, 6); /* frames keep their numbers */
    reading_close(&r);
    r = read_octets(octets_of(&film.file), &seen, (struct frames_options){ .filter = "host 10.0.0.9" });
    CHECK(r.ok);
    CHECK_NUMBER(r.input->packet_total, 0);
    reading_close(&r);
    r = read_octets(octets_of(&film.file), &seen, (struct frames_options){ .filter = "port and nonsense" });
    CHECK(!r.ok);
    CHECK_NUMBER(r.error.kind, ERROR_USAGE);
    CHECK(text_has(text_of(r.error.text), TEXT("filter 'port and nonsense'")));
    reading_close(&r);
    film_clear(&film);
}

static void test_damage(void)
{
    struct film film = mixed();
    struct reading r = read_octets(bytes_over(film.file.at, film.file.len - 5), &seen, (struct frames_options){ 0 });
    CHECK(r.ok && r.input->incomplete);
    CHECK_TEXT(text_of(classes(&r)), "ike 1 esp 4");
    CHECK_TEXT(text_of(r.input->troubles->rule), "input-truncated");
    CHECK_TEXT(r.input->troubles->text, "the capture ends inside frame 6");
    reading_close(&r);
    r = read_octets(bytes_over(film.file.at, 24), &seen, (struct frames_options){ 0 });
    CHECK(r.ok && !r.input->incomplete && r.input->has_packets);
    reading_close(&r);
    r = read_octets(bytes_over("text", 4), &seen, (struct frames_options){ 0 });
    CHECK(!r.ok);
    CHECK_TEXT(text_of(r.error.text), "test.pcap: this is neither pcap nor pcapng");
    reading_close(&r);
    film_clear(&film);
}

static bool exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static void test_writing(void)
{
    struct error err = { 0 };
    char folder[] = "ikescope-test-XXXXXX", path[100];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/out.pcap", folder);
    struct buffer ip;
    buffer_init(&ip, ROOM);
    ipv4_put(&ip, 50, bytes_over("\0\0\0\1\0\0\0\1", 8));
    for (int again = 0; again < 2; again++) {
        struct capture_writer *w = capture_create(path, spool_create(ROOM), &err);
        CHECK(w != NULL);
        CHECK_NUMBER(exists(path), again);
        capture_put(w, 1700000000123456789, 1, octets_of(&ip));
        capture_put(w, 5, 3, octets_of(&ip));
        capture_put(w, 5, 2, octets_of(&ip));
        CHECK(capture_finish(w, &err));
        CHECK(exists(path));
        struct model *model = model_create();
        const uint32_t input = model_add_input(model, TEXT("out"), TEXT("out"))->index;
        struct source *from = source_open(path, &err);
        struct capture *c = capture_open(model, input, from, NULL, &err);
        struct stretch stretch = { 0 };
        size_t at = 0;
        CHECK(c && !capture_cut(c, &stretch));
        CHECK_NUMBER(stretch.count, 3);
        const struct captured *r = capture_next(c, &stretch, &at);
        CHECK(r && r->ns == 5); /* in order of time */
        r = capture_next(c, &stretch, &at);
        CHECK(r && r->ns == 5);
        r = capture_next(c, &stretch, &at);
        CHECK(r != NULL);
        CHECK_NUMBER(r->frame, 3);
        CHECK_NUMBER(r->ns, 1700000000123456789);
        CHECK_NUMBER(r->link, 101);
        CHECK_NUMBER(r->octets.len, ip.len);
        CHECK(memcmp(r->octets.at, ip.at, ip.len) == 0);
        CHECK(!capture_next(c, &stretch, &at));
        stretch_clear(&stretch);
        capture_close(c);
        source_close(from);
        model_destroy(model);
    }
    unlink(path);
    struct capture_writer *w = capture_create(path, spool_create(ROOM), &err);
    capture_put(w, 1, 1, octets_of(&ip));
    capture_abandon(w);
    CHECK(!exists(path));
    CHECK(rmdir(folder) == 0); /* nothing is left behind */
    CHECK(!capture_create("/nonexistent/out.pcap", spool_create(ROOM), &err));
    CHECK_NUMBER(err.kind, ERROR_OUTPUT);
    buffer_clear(&ip);
}

int main(void)
{
    test_filter();
    test_damage();
    test_writing();
    return TEST_REPORT();
}
