/*
 * Commands run in this process over keys of every kind, pre-shared keys, and configurations and logs that hold some; then
 * the process's own memory is searched for them. The needles lie about in a form of their own (each octet inverted), so
 * that the search does not find itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "cli/command.h"
#include "test.h"

enum { NEEDLES = 64, LONGEST = 128, BLOCK = 1 << 20 };

struct needle {
    unsigned char inverted[LONGEST];
    size_t len;
    const char *what;
};

static struct needle needles[NEEDLES];
static size_t needle_count;
static char folder[64];

static void remember(const char *what, const unsigned char *at, size_t len)
{
    if (needle_count == NEEDLES || len > LONGEST)
        return;
    struct needle *n = &needles[needle_count++];
    n->what = what;
    n->len = len;
    for (size_t i = 0; i < len; i++)
        n->inverted[i] = (unsigned char)~at[i];
}

/* As octets and as the digits they were given in. */
static void remember_hex(const unsigned char *digits, size_t len)
{
    unsigned char octets[LONGEST];
    volatile unsigned char *wiped = octets;
    if (len > LONGEST || len % 2)
        return;
    for (size_t i = 0; i < len / 2; i++) {
        unsigned value = 0;
        for (size_t k = 0; k < 2; k++) {
            unsigned char c = digits[2 * i + k];
            value = value * 16 + (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
        }
        octets[i] = (unsigned char)value;
    }
    remember("a key's octets", octets, len / 2);
    remember("a key's digits", digits, len);
    for (size_t i = 0; i < sizeof octets; i++)
        wiped[i] = 0;
}

/* Every run of digits of a key file that is long enough to be a key. */
static void collect(const char *path)
{
    static unsigned char text[1 << 14];
    volatile unsigned char *wiped = text;
    int fd = open(path, O_RDONLY);
    ssize_t len = fd >= 0 ? read(fd, text, sizeof text) : -1;
    CHECK(len > 0);
    if (fd >= 0)
        close(fd);
    size_t run = 0;
    for (ssize_t i = 0; i <= len; i++) {
        if (i < len && text[i] && strchr("0123456789abcdefABCDEF", text[i])) {
            run++;
            continue;
        }
        if (run >= 32)
            remember_hex(text + (size_t)i - run, run);
        run = 0;
    }
    for (size_t i = 0; i < sizeof text; i++)
        wiped[i] = 0;
}

static const char *in_folder(const char *name)
{
    static char path[8][128];
    static unsigned next;
    char *at = path[next++ % 8];
    snprintf(at, sizeof path[0], "%s/%s", folder, name);
    return at;
}

/* Made from pieces, so that it stands nowhere as a whole before it is written. */
static void make_file(const char *name, const char *const *pieces, size_t count)
{
    int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0);
    for (size_t i = 0; i < count; i++)
        CHECK(write(fd, pieces[i], strlen(pieces[i])) == (ssize_t)strlen(pieces[i]));
    close(fd);
}

static bool holds(const unsigned char *at, size_t len, const struct needle *n)
{
    const unsigned char first = (unsigned char)~n->inverted[0];
    for (const unsigned char *p = at;
         (size_t)(at + len - p) >= n->len && (p = memchr(p, first, (size_t)(at + len - p) - n->len + 1)); p++) {
        size_t i = 1;
        while (i < n->len && (p[i] ^ n->inverted[i]) == 0xff)
            i++;
        if (i == n->len)
            return true;
    }
    return false;
}

/* All of this process that can be written, read through a window of its own. */
static void search(const char *after)
{
    static unsigned char window[BLOCK + LONGEST];
    char line[512];
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* it hides once it has keys, from us too where we are not root */
#endif
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    size_t looked = 0;
    CHECK(maps != NULL && memory >= 0);
    while (maps && fgets(line, sizeof line, maps)) {
        char *rest;
        unsigned long from = strtoul(line, &rest, 16), to = strtoul(rest + 1, &rest, 16);
        if (strncmp(rest, " rw", 3) != 0)
            continue;
        for (unsigned long at = from; at < to; at += BLOCK) {
            if (at + BLOCK > (unsigned long)(void *)window && at < (unsigned long)(void *)(window + sizeof window))
                continue; /* the window does not look at itself */
            ssize_t n = pread(memory, window, to - at < sizeof window ? to - at : sizeof window, (off_t)at);
            for (size_t k = 0; n > 0 && k < needle_count; k++) {
                bool found = holds(window, (size_t)n, &needles[k]);
                CHECK(!found);
                if (found)
                    fprintf(stderr, "after %s: %s (%zu octets, number %zu) within %s", after, needles[k].what, needles[k].len, k,
                            line);
            }
            looked += n > 0 ? (size_t)n : 0;
        }
    }
    CHECK(looked > 100000);
    if (maps)
        fclose(maps);
    close(memory);
    memset(window, 0, sizeof window);
}

static void run(const char *what, const char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, argv[0]) == 0)
            CHECK(commands[i]->run(argc, (char **)(void *)argv) != EXIT_TROUBLE);
    search(what);
}

static bool make_captures(const char *self)
{
    char tool[512];
    const char *slash = strrchr(self, '/');
    snprintf(tool, sizeof tool, "%.*s/make_esp", slash ? (int)(slash - self) : 1, slash ? self : ".");
    pid_t pid = fork();
    if (pid == 0) {
        execl(tool, tool, folder, "20", "2", (char *)NULL);
        _exit(127);
    }
    int status = 1;
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static void commands_with_keys(void)
{
    char out[128]; /* of its own: in_folder() uses its places again */
    snprintf(out, sizeof out, "%s/out", folder);
    run("a report of a capture", (const char *[]){ "report", "-q", "--no-sandbox", "-f", "json", "-o", out, "-k",
                                                   in_folder("cbc.keys"), in_folder("cbc.pcap"), NULL });
    run("decrypt",
        (const char *[]){ "decrypt", "-q", "--no-sandbox", "-o", out, "-k", in_folder("gcm.keys"), in_folder("gcm.pcap"), NULL });
    run("keys", (const char *[]){ "keys", "-q", "--no-sandbox", "-o", out, "-k", in_folder("cbc.keys"), NULL });
    run("keys --to json",
        (const char *[]){ "keys", "-q", "--no-sandbox", "--to", "json", "-o", out, "-k", in_folder("cbc.keys"), NULL });
    run("a report with pre-shared keys",
        (const char *[]){ "report", "-q", "--no-sandbox", "-o", out, "--psk", in_folder("psk"), "samples/up-psk/r1.log", NULL });
    run("a report of configurations",
        (const char *[]){ "report", "-q", "--no-sandbox", "-f", "json", "-o", out, in_folder("config"), in_folder("log"), NULL });
    run("check",
        (const char *[]){ "check", "-q", "--no-sandbox", "-o", "json=/dev/null", in_folder("config"), in_folder("log"), NULL });
    run("redact", (const char *[]){ "redact", "-q", "--no-sandbox", "-o", out, in_folder("config"), NULL });
    run("stream", (const char *[]){ "stream", "-q", "--no-sandbox", "-o", in_folder("ndjson"), in_folder("log"), NULL });
}

int main(int argc, char **argv)
{
    (void)argc;
    snprintf(folder, sizeof folder, "/tmp/secrets.XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    if (!make_captures(argv[0])) {
        puts("skipped: make_esp is not built");
        return 77;
    }
    crypto_begin();
    collect(in_folder("cbc.keys"));
    collect(in_folder("gcm.keys"));
    CHECK(needle_count > 4);
    chmod(in_folder("cbc.keys"), 0600);
    chmod(in_folder("gcm.keys"), 0600);
    static const char *const secrets[][2] = { { "Quite-", "secret-47" }, { "Other-", "secret-58" }, { "Third-", "secret-69" } };
    for (size_t i = 0; i < 3; i++) {
        unsigned char whole[LONGEST];
        size_t first = strlen(secrets[i][0]), second = strlen(secrets[i][1]);
        memcpy(whole, secrets[i][0], first);
        memcpy(whole + first, secrets[i][1], second);
        remember("a pre-shared key", whole, first + second);
        memset(whole, 0, sizeof whole);
        __asm__ volatile("" : : "r"(whole) : "memory");
    }
    make_file(
        "psk",
        (const char *[]){ "192.0.2.1 ", secrets[0][0], secrets[0][1], "\nr1.example \"", secrets[1][0], secrets[1][1], "\"\n" },
        7);
    make_file("config",
              (const char *[]){ "hostname r1\n!\ncrypto ikev2 keyring K\n peer P\n  address 198.51.100.2\n  pre-shared-key ",
                                secrets[2][0], secrets[2][1], "\n!\n" },
              4);
    make_file("log",
              (const char *[]){ "*Mar  3 10:00:00.120: IKEv2:(SESSION ID = 1,SA ID = 1):Failed to do it\nr1#show "
                                "running-config\ncrypto ikev2 keyring K\n peer P\n  pre-shared-key local ",
                                secrets[2][0], secrets[2][1],
                                "\nr1#\n*Mar  3 10:00:01.120: IKEv2:(SESSION ID = 1,SA ID = 1):Failed to do it\n" },
              4);
    search("nothing yet");
    commands_with_keys();
    static const char *const made[] = { "cbc.keys", "gcm.keys", "cbc.pcap", "gcm.pcap", "psk", "config", "log", "out", "ndjson" };
    for (size_t i = 0; i < COUNT_OF(made); i++)
        unlink(in_folder(made[i]));
    rmdir(folder);
    return TEST_REPORT();
}
