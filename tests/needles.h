/*
 * Secrets that a test gave to what it tests, and a search of this process's own memory for them. They lie about in a form of
 * their own (each octet inverted), so that the search does not find itself.
 */
#ifndef IKESCOPE_TESTS_NEEDLES_H
#define IKESCOPE_TESTS_NEEDLES_H

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#ifdef __linux__
#include <malloc.h>
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

enum { NEEDLES = 64, LONGEST = 128, BLOCK = 1 << 20 };

struct needle {
    unsigned char inverted[LONGEST];
    size_t len;
    const char *what;
};

static struct needle needles[NEEDLES];
static size_t needle_count;
static inline void remember(const char *what, const unsigned char *at, size_t len)
{
    if (needle_count == NEEDLES || len > LONGEST)
        return;
    struct needle *n = &needles[needle_count++];
    n->what = what;
    n->len = len;
    for (size_t i = 0; i < len; i++)
        n->inverted[i] = (unsigned char)~at[i];
}

static inline bool holds(const unsigned char *at, size_t len, const struct needle *n)
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

/* Blocks that were freed stay in this process, as they do in a run that had large ones before: none goes back to the system,
 * where nobody can tell any more whether it was wiped. */
static inline void keep_what_is_freed(void)
{
#if defined(M_MMAP_MAX) && defined(M_TRIM_THRESHOLD)
    CHECK(mallopt(M_MMAP_MAX, 0) && mallopt(M_TRIM_THRESHOLD, INT_MAX));
#endif
}

/* All of this process that can be written, read through a window of its own. */
static inline void search(const char *after)
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

/* What may have packed a file of keys, and what it adds to the file's name. */
static const struct packing {
    const char *tool, *ending;
} packings[] = { { "gzip", "gz" }, { "zstd", "zst" }, { "xz", "xz" } };

/* By another process, which takes what it knows with it; false where there is no such tool. */
static inline bool pack(const struct packing *p, const char *from, const char *to)
{
    enum { NO_TOOL = 127 };
    const pid_t pid = fork();
    if (pid == 0) {
        const int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
            execlp(p->tool, p->tool, "-qc", from, (char *)NULL);
        _exit(NO_TOOL);
    }
    int status = 1;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == NO_TOOL);
    if (WEXITSTATUS(status) == NO_TOOL)
        printf("not looked at: %s is not there\n", p->tool);
    return WEXITSTATUS(status) == 0;
}

#endif
