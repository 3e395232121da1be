/* Sources of secrets: where what is read of them stands, and that nothing of it stays. That sources unpack as they should is
 * told by tests/fuzz/fuzz_source.c. */
#include "base/source.h"

#include "base/platform.h"
#include "hidden.h"
#include "needles.h"

/* The first octets by a peek, which takes them ahead, the rest from where the file was read to. */
static void test_secret(void)
{
    char path[] = "/tmp/source.XXXXXX", whole[64];
    const int fd = mkstemp(path);
    struct error err = { 0 };
    CHECK(fd >= 0 && write(fd, "key one\nkey two\n", 16) == 16);
    close(fd);
    struct source *s = source_open_secret(path, &err);
    CHECK(s != NULL);
    const struct bytes first = source_peek(s, 8);
    CHECK(first.len == 8 && memcmp(first.at, "key one\n", 8) == 0);
    check_hidden(first.at);
    CHECK(source_read(s, whole, sizeof whole) == 16 && memcmp(whole, "key one\nkey two\n", 16) == 0);
    CHECK(source_read(s, whole, sizeof whole) == 0 && !source_damaged(s));
    source_close(s);
    unlink(path);
    CHECK(!source_open_secret(path, &err) && err.kind);
}

enum { LINES = 400, EACH = 20 };

/* A secret among other lines, from pieces: it stands nowhere as a whole before it is written. */
static bool write_among_others(int fd, const char *first, const char *second)
{
    char line[48];
    bool ok = true;
    for (unsigned n = 0; n < LINES && ok; n++) {
        snprintf(line, sizeof line, "line %07u of them\n", n * 2654435u % 10000000);
        ok = write(fd, line, strlen(line)) == (ssize_t)strlen(line);
        if (n % 100 == 7)
            ok = ok && write(fd, first, strlen(first)) == (ssize_t)strlen(first) &&
                 write(fd, second, strlen(second)) == (ssize_t)strlen(second) && write(fd, "\n", 1) == 1;
    }
    return ok;
}

/* Read in pieces, so that a decompressor cannot write to where the reader wants it at once, and looked for right behind. */
static void read_and_search(const char *path, const char *what)
{
    struct error err = { 0 };
    struct source *s = source_open(path, &err);
    uint8_t piece[64];
    size_t octets = 0;
    CHECK(s != NULL);
    for (size_t n; s && (n = source_read(s, piece, sizeof piece)) > 0;)
        octets += n;
    CHECK(octets > (size_t)LINES * EACH && s && !source_damaged(s));
    source_close(s);
    platform_wipe(piece, sizeof piece);
    search(what);
}

static void test_nothing_stays(void)
{
    static const char first[] = "Xq7-", second[] = "wT2rk-Zs51-pLm83";
    char path[] = "/tmp/source.XXXXXX", packed[] = "/tmp/source.XXXXXX";
    unsigned char whole[32];
    const int fd = mkstemp(path), other = mkstemp(packed);
    CHECK(fd >= 0 && other >= 0 && write_among_others(fd, first, second));
    close(fd);
    close(other);
    memcpy(whole, first, sizeof first - 1);
    memcpy(whole + sizeof first - 1, second, sizeof second - 1);
    remember("a secret", whole, sizeof first + sizeof second - 2);
    platform_wipe(whole, sizeof whole);
    read_and_search(path, "a plain file");
    for (size_t i = 0; i < COUNT_OF(packings); i++)
        if (pack(&packings[i], path, packed))
            read_and_search(packed, packings[i].tool);
    unlink(path);
    unlink(packed);
}

int main(void)
{
    keep_what_is_freed();
    test_secret();
    test_nothing_stays();
    return TEST_REPORT();
}
