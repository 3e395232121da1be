/*
 * Commands run in this process over keys of every kind, pre-shared keys, and configurations and logs that hold some; then
 * the process's own memory is searched for them.
 */
#include <sys/stat.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "cli/command.h"
#include "needles.h"

static char folder[64];

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

static const char *packed_name(const char *name, const struct packing *p)
{
    char both[64];
    snprintf(both, sizeof both, "%s.%s", name, p->ending);
    return in_folder(both);
}

static const char *const packable[] = { "cbc.keys", "psk", "config", "log" };

/* The same out of packed files: what unpacks them has memory of its own. */
static void commands_with_packed_keys(const struct packing *p)
{
    char out[128];
    snprintf(out, sizeof out, "%s/out", folder);
    for (size_t i = 0; i < COUNT_OF(packable); i++)
        if (!pack(p, in_folder(packable[i]), packed_name(packable[i], p)))
            return;
    run("a report of a capture with packed keys", (const char *[]){ "report", "-q", "--no-sandbox", "-f", "json", "-o", out, "-k",
                                                                    packed_name("cbc.keys", p), in_folder("cbc.pcap"), NULL });
    run("packed keys found by what they hold", (const char *[]){ "report", "-q", "--no-sandbox", "-f", "json", "-o", out,
                                                                 packed_name("cbc.keys", p), in_folder("cbc.pcap"), NULL });
    run("a report with packed pre-shared keys", (const char *[]){ "report", "-q", "--no-sandbox", "-o", out, "--psk",
                                                                  packed_name("psk", p), "samples/up-psk/r1.log", NULL });
    run("a report of packed configurations", (const char *[]){ "report", "-q", "--no-sandbox", "-f", "json", "-o", out,
                                                               packed_name("config", p), packed_name("log", p), NULL });
}

int main(int argc, char **argv)
{
    (void)argc;
    keep_what_is_freed();
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
    for (size_t i = 0; i < COUNT_OF(packings); i++) {
        commands_with_packed_keys(&packings[i]);
        for (size_t k = 0; k < COUNT_OF(packable); k++)
            unlink(packed_name(packable[k], &packings[i]));
    }
    static const char *const made[] = { "cbc.keys", "gcm.keys", "cbc.pcap", "gcm.pcap", "psk", "config", "log", "out", "ndjson" };
    for (size_t i = 0; i < COUNT_OF(made); i++)
        unlink(in_folder(made[i]));
    rmdir(folder);
    return TEST_REPORT();
}
