#include "base/platform.h"

#ifdef __linux__
#include <malloc.h>
#include <sys/prctl.h>
#endif
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

void platform_one_heap(void)
{
#if defined(__linux__) && defined(M_ARENA_MAX)
    (void)mallopt(M_ARENA_MAX, 1);
#endif
}

void platform_wipe(void *at, size_t size)
{
    if (!size)
        return;
    memset(at, 0, size);
    __asm__ volatile("" : : "r"(at) : "memory"); /* the memory is looked at, says this, so the memset must happen */
}

size_t platform_block_size(void *block)
{
#ifdef __linux__
    return malloc_usable_size(block);
#else
    (void)block;
    return 0;
#endif
}

enum { LARGE = 1 << 19 };

void platform_forget(void *at, size_t size)
{
#ifdef MADV_DONTNEED
    size_t page = (size_t)sysconf(_SC_PAGESIZE), before = -(uintptr_t)at & (page - 1);
    if (size >= LARGE) { /* pages that were never touched must not be made for it */
        size_t whole = (size - before) & ~(page - 1);
        if (madvise((char *)at + before, whole, MADV_DONTNEED) == 0) {
            platform_wipe(at, before);
            platform_wipe((char *)at + before + whole, size - before - whole);
            return;
        }
    }
#endif
    platform_wipe(at, size);
}

void platform_prepare(void *at, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    size_t page = (size_t)sysconf(_SC_PAGESIZE), before = -(uintptr_t)at & (page - 1);
    if (size > before)
        (void)madvise((char *)at + before, (size - before) & ~(page - 1),
                      MADV_POPULATE_WRITE); /* refused: they come one by one */
#else
    (void)at, (void)size;
#endif
}

/* Not under a sanitizer: the search for leaks looks at the process from outside. */
#if defined(__SANITIZE_ADDRESS__)
#define WATCHED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED
#endif
#endif

void platform_hide(void)
{
#if defined(__linux__) && !defined(WATCHED)
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void *platform_secret_pages(size_t *size)
{
    platform_hide();
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *size = (*size + page - 1) / page * page;
    void *at = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return memory_take(SIZE_MAX / 2); /* calls the handler */
    (void)mlock(at, *size);               /* refused past RLIMIT_MEMLOCK: then only swap may see it */
#ifdef MADV_DONTDUMP
    (void)madvise(at, *size, MADV_DONTDUMP);
#endif
    return at;
}

void platform_secret_release(void *at, size_t size)
{
    platform_wipe(at, size);
    munlock(at, size);
    munmap(at, size);
}

void platform_random(void *to, size_t size)
{
    if (getentropy(to, size) == 0)
        return;
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t state = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^ (uint64_t)(uintptr_t)&now ^ (uint64_t)getpid() << 48;
    for (size_t i = 0; i < size; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ((uint8_t *)to)[i] = (uint8_t)(state >> 56);
    }
}

unsigned platform_cores(void)
{
#ifdef __linux__
    cpu_set_t mine; /* as taskset and containers leave it; refused on machines with more than 1024 processors */
    if (sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) > 0)
        return (unsigned)CPU_COUNT(&mine);
#endif
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (unsigned)cores : 1;
}
