/* What a process can still do after it gave up the rest: tried in a child, since it cannot be undone. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#endif

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

#ifdef __linux__

#define AT(pointer) ((long)(uintptr_t)(pointer))
#ifdef SYS_chmod
#define OLD(name) SYS_##name
#else
#define OLD(name) -1
#endif

/* Calls with arguments that are good for one's own files, processes and terminal: 0, or 100 more than the first's place in the
 * list that is not refused. */
static int others_within(void)
{
    const int fd = open(in_root("named"), O_RDONLY);
    const long path = AT(in_root("named")), value = AT("x"), name = AT("user.x"), parent = (long)getppid();
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_code = -1; /* SI_QUEUE */
    const long told = AT(&info), here = AT_FDCWD;
    const long parted[2] = { value, 0x100000000 }, attributes[4] = { 0 };
    const struct {
        long call, with[6];
    } tried[] = {
        { OLD(chmod), { path, 0600 } },
        { OLD(chown), { path, -1, -1 } },
        { OLD(lchown), { path, -1, -1 } },
        { OLD(utime), { path, 0 } },
        { OLD(utimes), { path, 0 } },
        { OLD(futimesat), { here, path, 0 } },
        { SYS_fchmodat, { here, path, 0600 } },
        { 452, { here, path, 0600, 0 } }, /* fchmodat2 */
        { SYS_fchown, { fd, -1, -1 } },
        { SYS_fchownat, { here, path, -1, -1, 0 } },
        { SYS_utimensat, { here, path, 0, 0 } },
        { SYS_setxattr, { path, name, value, 1, 0 } },
        { SYS_lsetxattr, { path, name, value, 1, 0 } },
        { SYS_fsetxattr, { fd, name, value, 1, 0 } },
        { 463, { here, path, 0, name, AT(parted), 16 } }, /* setxattrat */
        { SYS_removexattr, { path, name } },
        { SYS_lremovexattr, { path, name } },
        { SYS_fremovexattr, { fd, name } },
        { 466, { here, path, 0, name } },               /* removexattrat */
        { 469, { here, path, AT(attributes), 32, 0 } }, /* file_setattr */
        { SYS_kill, { parent, 0 } },
        { SYS_tgkill, { parent, parent, 0 } },
#ifdef __GLIBC__
        { SYS_tkill, { parent, 0 } },
#endif
        { SYS_rt_sigqueueinfo, { parent, 0, told } },
        { SYS_rt_tgsigqueueinfo, { parent, parent, 0, told } },
        { 424, { -1, 0, 0, 0 } }, /* pidfd_send_signal */
        { SYS_fcntl, { fd, F_SETOWN, parent } },
        { SYS_fcntl, { fd, F_SETOWN_EX, 0 } },
        { SYS_fcntl, { fd, F_SETSIG, 0 } },
        { SYS_ioctl, { fd, FIOSETOWN, 0 } },
        { SYS_ioctl, { fd, SIOCSPGRP, 0 } },
        { SYS_ioctl, { fd, TIOCSTI, value } },
        { SYS_ioctl, { fd, TIOCLINUX, value } },
        { SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, 0 } },
        { SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
        { SYS_socket, { AF_NETLINK, SOCK_RAW, 0 } },
    };
    for (size_t i = 0; i < COUNT_OF(tried); i++) {
        const long *with = tried[i].with;
        if (tried[i].call < 0)
            continue;
        errno = 0;
        if (syscall(tried[i].call, with[0], with[1], with[2], with[3], with[4], with[5]) != -1 || errno != EPERM)
            return 100 + (int)i;
    }
    /* what goes on: signals to oneself, an output's mode, whether a file is a terminal */
    return raise(SIGURG) == 0 && fchmod(fd, 0600) == 0 && fcntl(fd, F_GETFL) >= 0 && isatty(fd) == 0 && errno == ENOTTY ? 0 : 99;
}

#else
static int others_within(void)
{
    return 0;
}
#endif

static int calls_within(bool client)
{
    char name[] = "true", *argv[] = { name, NULL };
    int to = socket(AF_INET, SOCK_STREAM, 0);
    if (client ? to < 0 || listen(to, 1) == 0 || errno != EPERM : to >= 0 || errno != EPERM)
        return 11; /* a client connects to others, nobody to it */
    to = socket(AF_INET6, SOCK_DGRAM, 0);
    if (client ? to < 0 && errno == EPERM : to >= 0 || errno != EPERM)
        return 12;
    execv("/bin/true", argv);
    if (errno != EPERM)
        return 13;
    if (getpid() <= 0 || write(STDOUT_FILENO, "", 0) != 0)
        return 14;
    return others_within();
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
