#include "base/sandbox.h"

#include "base/bytes.h"

/* Sanitizers and coverage look into the process and write files of their own at its end. */
#if defined(__linux__) && !defined(IKESCOPE_NO_SANDBOX)

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that headers older than the kernel do not name. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (UINT64_C(1) << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif

enum { RIGHTS_OF_FIRST_ABI = 13 };

#define READ_FILE    ((uint64_t)LANDLOCK_ACCESS_FS_READ_FILE)
#define READ_FOLDER  (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE   (READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define WRITE_FOLDER (WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* What the libraries open while they run: OpenSSL its configuration and providers, the C library names, zones and
 * character sets. */
static const char *const of_libraries[] = {
    "/usr/lib",      "/usr/lib64",     "/usr/local/lib",       "/usr/share/zoneinfo", "/lib",           "/lib64",
    "/etc/ssl",      "/etc/pki",       "/etc/crypto-policies", "/etc/ld.so.cache",    "/etc/localtime", "/etc/nsswitch.conf",
    "/etc/services", "/etc/protocols", "/dev/urandom",         "/dev/random",         "/dev/null",
};
static const char *const of_environment[] = { "OPENSSL_CONF", "OPENSSL_MODULES", "SSL_CERT_DIR", "LD_LIBRARY_PATH" };

static void allow(int ruleset, const char *path, bool write, uint64_t handled)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0) {
        bool folder = S_ISDIR(st.st_mode);
        uint64_t rights = folder ? (write ? WRITE_FOLDER : READ_FOLDER) : (write ? WRITE_FILE : READ_FILE);
        struct landlock_path_beneath_attr rule = { .allowed_access = rights & handled, .parent_fd = fd };
        /* refused for pipes, which Landlock never keeps anybody from */
        (void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(fd);
}

/* Less than 1: the kernel has none. */
static long landlock_abi(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
}

static bool restrict_files(const struct sandbox_path *paths, size_t count)
{
    const long abi = landlock_abi();
    if (abi < 1)
        return false;
    struct landlock_ruleset_attr attr = { .handled_access_fs = (UINT64_C(1) << RIGHTS_OF_FIRST_ABI) - 1 };
    if (abi >= 2)
        attr.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3)
        attr.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr.handled_access_fs, 0);
    if (ruleset < 0)
        return false;
    for (size_t i = 0; i < count; i++)
        allow(ruleset, paths[i].path, paths[i].write, attr.handled_access_fs);
    for (size_t i = 0; i < COUNT_OF(of_libraries); i++)
        allow(ruleset, of_libraries[i], strcmp(of_libraries[i], "/dev/null") == 0, attr.handled_access_fs);
    for (size_t i = 0; i < COUNT_OF(of_environment); i++)
        if (getenv(of_environment[i]))
            allow(ruleset, getenv(of_environment[i]), false, attr.handled_access_fs);
    bool done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return done;
}

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef THIS_MACHINE

/* Calls that headers older than the kernel do not name. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#endif
#ifndef SYS_removexattrat
#define SYS_removexattrat 466
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469
#endif

/* Calls that reading logs and captures never needs. io_uring is here because it does the others' work unseen; socketpair
 * because a datagram can be sent from a pair to any local socket. fchmod() stays: it gives an output that is open its mode. */
static const unsigned short refused[] = {
    SYS_socket, /* the first ones are what a client of a network needs */
    SYS_connect,
    SYS_bind,
    SYS_socketpair,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_perf_event_open,
    SYS_bpf,
    SYS_userfaultfd,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_open_by_handle_at,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_quotactl,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_sethostname,
    SYS_setdomainname,
    /* Landlock does not keep anybody from changing what belongs to a file that cannot be opened. */
    SYS_fchmodat,
    SYS_fchmodat2,
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_setxattrat,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_removexattrat,
    SYS_file_setattr,
#ifdef SYS_chmod /* younger machines have the ones above alone */
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
#endif
    SYS_kill,
#ifdef __GLIBC__ /* other C libraries raise a signal by it */
    SYS_tkill,
#endif
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_pidfd_send_signal,
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
#endif
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
};
enum { REFUSED = COUNT_OF(refused), OF_CLIENTS = 3, X32_BIT = 0x40000000, VALUES = 4, CONDITIONS = 4, FRAME = 7 };

/* Calls of which one argument decides. The kernel reads 32 bits of each of these arguments. */
struct condition {
    unsigned short call;
    uint8_t argument;
    bool refused; /* with one of the values; else: with any other */
    uint8_t count;
    uint32_t values[VALUES];
};

/* jumps count eight bits' worth of statements */
_Static_assert(FRAME + REFUSED + CONDITIONS * (VALUES + 4) < 256, "the filter is too long for its jumps");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the low half of an argument comes first");

struct program {
    struct sock_filter at[FRAME + REFUSED + CONDITIONS * (VALUES + 4)];
    unsigned short len;
};

static void load(struct program *p, size_t offset)
{
    p->at[p->len++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static void jump(struct program *p, unsigned comparison, uint32_t value, unsigned yes, unsigned no)
{
    p->at[p->len++] = (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | comparison | BPF_K), value, (uint8_t)yes, (uint8_t)no);
}

static void conclude(struct program *p, bool refuse)
{
    p->at[p->len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refuse ? SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_ALLOW);
}

static void add_condition(struct program *p, const struct condition *c)
{
    jump(p, BPF_JEQ, c->call, 0, c->count + 3u);
    load(p, offsetof(struct seccomp_data, args) + c->argument * sizeof(uint64_t));
    for (unsigned v = 0; v < c->count; v++)
        jump(p, BPF_JEQ, c->values[v], c->count - v, 0);
    conclude(p, !c->refused);
    conclude(p, c->refused);
}

static bool restrict_calls(bool client)
{
    /* A client looks names up and talks to others by IP: local sockets lead to the system's services, netlink to its set-up.
     * A thread raises signals in its own process alone, also by what happens to a file; and types into no terminal. */
    const struct condition conditions[CONDITIONS] = {
        /* call, argument, refused?, how many values, values */
        { SYS_socket, 0, false, 2, { AF_INET, AF_INET6 } },
        { SYS_tgkill, 0, false, 1, { (uint32_t)getpid() } },
        { SYS_fcntl, 1, true, 3, { F_SETOWN, F_SETOWN_EX, F_SETSIG } },
        { SYS_ioctl, 1, true, 4, { FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX } },
    };
    struct program p = { .len = 0 };
    const unsigned first = client ? OF_CLIENTS : 0;
    load(&p, offsetof(struct seccomp_data, arch));
    jump(&p, BPF_JEQ, THIS_MACHINE, 1, 0);
    conclude(&p, true); /* another machine's numbers mean other calls */
    load(&p, offsetof(struct seccomp_data, nr));
    jump(&p, BPF_JGE, X32_BIT, REFUSED - first, 0);
    for (unsigned i = first; i < REFUSED; i++)
        jump(&p, BPF_JEQ, refused[i], REFUSED - 1 - i, i + 1 == REFUSED);
    conclude(&p, true);
    for (unsigned i = 0; i < CONDITIONS; i++)
        add_condition(&p, &conditions[i]);
    conclude(&p, false);
    const struct sock_fprog filter = { p.len, p.at };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

#else
static bool restrict_calls(bool client)
{
    (void)client;
    return false;
}
#endif

unsigned sandbox_enter(const struct sandbox_path *paths, size_t count, bool client)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return 0;
    return (restrict_files(paths, count) ? SANDBOX_FILES : 0u) | (restrict_calls(client) ? SANDBOX_CALLS : 0u);
}

bool sandbox_narrow(const struct sandbox_path *paths, size_t count)
{
    return landlock_abi() < 1 || restrict_files(paths, count);
}

#elif defined(IKESCOPE_NO_SANDBOX)

unsigned sandbox_enter(const struct sandbox_path *paths, size_t count, bool client)
{
    (void)paths;
    (void)count;
    (void)client;
    return SANDBOX_WHOLE; /* a build for tests: nothing to complain about */
}

bool sandbox_narrow(const struct sandbox_path *paths, size_t count)
{
    (void)paths;
    (void)count;
    return true;
}

#else

unsigned sandbox_enter(const struct sandbox_path *paths, size_t count, bool client)
{
    (void)paths;
    (void)count;
    (void)client;
    return 0;
}

bool sandbox_narrow(const struct sandbox_path *paths, size_t count)
{
    (void)paths;
    (void)count;
    return true;
}

#endif
