/* Whether pages are kept out of core dumps and swap: what the kernel says of them. */
#ifndef IKESCOPE_TESTS_HIDDEN_H
#define IKESCOPE_TESTS_HIDDEN_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "test.h"

/* The flags of the mapping that holds an address, " rd wr ... lo dd \n"; false where the kernel does not tell them. */
static inline bool flags_of(const void *at, char *flags, size_t room)
{
    static const char title[] = "VmFlags:";
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512], *rest;
    bool within = false, found = false;
    while (maps && !found && fgets(line, sizeof line, maps)) {
        const uintptr_t from = strtoul(line, &rest, 16);
        if (*rest == '-')
            within = from <= (uintptr_t)at && (uintptr_t)at < strtoul(rest + 1, NULL, 16);
        found = within && strncmp(line, title, sizeof title - 1) == 0;
    }
    if (found)
        snprintf(flags, room, "%s", line + sizeof title - 1);
    if (maps)
        fclose(maps);
    return found;
}

/* A sanitizer has an mlock() of its own, which does nothing. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOCKS_NOTHING
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LOCKS_NOTHING
#endif
#endif

/* Can so many octets be locked at all? */
static inline bool can_lock(size_t octets)
{
#ifdef LOCKS_NOTHING
    return octets == 0;
#else
    struct rlimit most;
    return getrlimit(RLIMIT_MEMLOCK, &most) == 0 && most.rlim_cur >= octets;
#endif
}

static inline void check_hidden(const void *at)
{
    char flags[512];
    if (!flags_of(at, flags, sizeof flags)) {
        puts("not looked at: the kernel tells nothing of a mapping");
        return;
    }
    CHECK(strstr(flags, " dd ") != NULL);
    CHECK(strstr(flags, " lo ") != NULL || !can_lock(1 << 20));
}

#endif
