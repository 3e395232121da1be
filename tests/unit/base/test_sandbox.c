/* What a process can still do after it gave up the rest: tried in a child, since it cannot be undone. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "test.h"

static char root[64];

static const char *in_root(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static int opened(const char *name, int flags)
{
    int fd = open(in_root(name), flags, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : errno;
}

/* 0, or the number of the first claim that does not hold. */
static int files_within(void)
{
    char temporary[256], place[256];
    if (opened("named", O_RDONLY) != 0)
        return 1;
    if (opened("named", O_WRONLY) != EACCES)
        return 2;
    if (opened("other", O_RDONLY) != EACCES)
        return 3;
    if (opened("in/deep/file", O_RDONLY) != 0)
        return 4;
    if (opened("in/new", O_WRONLY | O_CREAT) != EACCES)
        return 5;
    snprintf(temporary, sizeof temporary, "%s/out/report.XXXXXX", root);
    snprintf(place, sizeof place, "%s/out/report", root);
    int fd = mkstemp(temporary);
    if (fd < 0 || write(fd, "x", 1) != 1 || close(fd) != 0 || rename(temporary, place) != 0)
        return 6;
    snprintf(temporary, sizeof temporary, "%s/out/report.XXXXXX", root);
    fd = mkstemp(temporary);
    if (fd < 0 || rename(temporary, place) != 0)
        return 7; /* over one that stands there */
    if (opened("link", O_RDONLY) != EACCES)
        return 8; /* it leads to what was not named */
    return 0;
}

/* What was given up later is gone, what was named again is not. */
static int files_after(const struct sandbox_path *fewer)
{
    if (!sandbox_narrow(fewer, 1))
        return 21;
    if (opened("named", O_RDONLY) != 0 || opened("in/deep/file", O_RDONLY) != EACCES || opened("out/report", O_RDONLY) != EACCES)
        return 22;
    return 0;
}

static int calls_within(bool client)
{
    char name[] = "true", *argv[] = { name, NULL };
    int to = socket(AF_INET, SOCK_STREAM, 0);
    if (client ? to < 0 || listen(to, 1) == 0 || errno != EPERM : to >= 0 || errno != EPERM)
        return 11; /* a client connects to others, nobody to it */
    if (!client && (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM))
        return 12;
    execv("/bin/true", argv);
    if (errno != EPERM)
        return 13;
    if (getpid() <= 0 || write(STDOUT_FILENO, "", 0) != 0)
        return 14;
    return 0;
}

static void within(bool client)
{
    char named[256], in[256], out[256];
    snprintf(named, sizeof named, "%s", in_root("named"));
    snprintf(in, sizeof in, "%s", in_root("in"));
    snprintf(out, sizeof out, "%s", in_root("out"));
    const struct sandbox_path paths[] = { { named, false }, { in, false }, { out, true }, { "/nowhere/at/all", false } };
    unsigned holds = sandbox_enter(paths, 4, client);
#ifdef IKESCOPE_NO_SANDBOX
    _exit(77);
#endif
    int bad = holds & SANDBOX_FILES ? files_within() : 0;
    if (!bad && (holds & SANDBOX_CALLS))
        bad = calls_within(client);
    if (!bad && (holds & SANDBOX_FILES))
        bad = files_after(paths);
    _exit(bad ? bad : holds == SANDBOX_WHOLE ? 0 : 77);
}

static void make(const char *name)
{
    int fd = open(in_root(name), O_WRONLY | O_CREAT, 0600);
    CHECK(fd >= 0);
    close(fd);
}

int main(void)
{
    const char *folder = getenv("TMPDIR");
    snprintf(root, sizeof root, "%.40s/sandbox.XXXXXX", folder && *folder ? folder : "/tmp");
    CHECK(mkdtemp(root) != NULL);
    CHECK(mkdir(in_root("in"), 0700) == 0 && mkdir(in_root("in/deep"), 0700) == 0 && mkdir(in_root("out"), 0700) == 0);
    make("named");
    make("other");
    make("in/deep/file");
    char other[256];
    snprintf(other, sizeof other, "%s", in_root("other"));
    CHECK(symlink(other, in_root("link")) == 0);
    int status = 0;
    for (int client = 0; client < 2; client++) {
        pid_t child = fork();
        if (child == 0)
            within(client);
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
        if (WEXITSTATUS(status) != 0)
            break;
    }
    static const char *const made[] = { "in/deep/file", "in/deep", "in", "out/report", "out", "named", "other", "link" };
    for (size_t i = 0; i < COUNT_OF(made); i++)
        (void)remove(in_root(made[i]));
    (void)remove(root);
    if (WEXITSTATUS(status) == 77) {
        puts("skipped: the kernel or the build lacks Landlock or seccomp; what there is holds");
        return 77;
    }
    CHECK_NUMBER(WEXITSTATUS(status), 0);
    return TEST_REPORT();
}
