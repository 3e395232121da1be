#include "base/platform.h"

#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"

void platform_wipe(void *at, size_t size)
{
    if (!size)
        return;
    memset(at, 0, size);
    __asm__ volatile("" : : "r"(at) : "memory"); /* the memory is looked at, says this, so the memset must happen */
}

void *platform_secret_pages(size_t *size)
{
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
