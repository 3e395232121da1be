/* What only some operating systems have. Elsewhere each of these has a plain fallback, or does nothing. */
#ifndef IKESCOPE_BASE_PLATFORM_H
#define IKESCOPE_BASE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/* platform_hide makes this process leave no core dump, and keeps other processes of the same user from looking into it. To be
 * called before the first octet of a key file is read. */
void platform_hide(void);
/* platform_secret_pages takes whole pages that stay out of swap (as far as the limit allows) and out of core dumps;
 * *size is rounded up. Never NULL: the out-of-memory handler is called instead. */
void *platform_secret_pages(size_t *size);
/* platform_secret_release wipes such pages and frees them. */
void platform_secret_release(void *at, size_t size);
/* platform_wipe overwrites in a way that a compiler may not drop. */
void platform_wipe(void *at, size_t size);
/* platform_block_size is how much room a block of the heap has; 0 where the system does not tell. */
size_t platform_block_size(void *block);
/* platform_forget overwrites a block of any size; whole pages of a large one are given back to the system instead. */
void platform_forget(void *at, size_t size);
/* platform_prepare has the system hand over the whole pages of a new block at once, where each would cost a fault when it is
 * first written. For blocks that are going to be filled. */
void platform_prepare(void *at, size_t size);
/* platform_one_heap makes all threads allocate from one heap, instead of each from its own, which grows page by page. To be
 * called before the first thread begins. */
void platform_one_heap(void);
/* platform_random writes octets that nobody outside can foretell. Not for keys: where the system has none to give, the time
 * and the process's place in memory have to do. */
void platform_random(void *to, size_t size);
/* platform_cores is how many processors this process may use, at least 1. */
unsigned platform_cores(void);

#endif
