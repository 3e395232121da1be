/*
 * Loaded before the C library (LD_PRELOAD, made with -DFAIL_MALLOC -shared): the FAIL_MALLOC_AT-th allocation and all after it
 * fail. FAIL_MALLOC_ONCE=1: only that one. FAIL_MALLOC_COUNT=FILE: how many there were is written there at the end.
 * Built without FAIL_MALLOC it is an empty program, as every file of this folder is one.
 */
#ifndef FAIL_MALLOC
int main(void)
{
    return 0;
}
#else

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static unsigned long seen, fail_at;
static int ready, once, count_to = -1;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAIL_MALLOC_AT"), *file = getenv("FAIL_MALLOC_COUNT");
    fail_at = at ? strtoul(at, NULL, 10) : 0;
    once = getenv("FAIL_MALLOC_ONCE") != NULL;
    if (file) /* opened now: later the program may not open it any more */
        count_to = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    seen = 0;
    ready = 1;
}

__attribute__((destructor)) static void end(void)
{
    char digits[24];
    size_t n = sizeof digits;
    for (unsigned long left = seen; n && (left || n == sizeof digits); left /= 10)
        digits[--n] = (char)('0' + left % 10);
    if (count_to >= 0 && write(count_to, digits + n, sizeof digits - n) < 0)
        _exit(99);
}

static int fails(void)
{
    if (!ready)
        return 0;
    unsigned long n = __atomic_add_fetch(&seen, 1, __ATOMIC_RELAXED);
    if (!fail_at || n < fail_at || (once && n > fail_at))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

#endif
