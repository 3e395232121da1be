/*
 * Work on all cores. The caller gives jobs in order, and asks for each one to be finished when it needs the result, in any order;
 * the other jobs run meanwhile. A caller that waits works too, so with one thread no other is needed.
 */
#ifndef IKESCOPE_BASE_WORKERS_H
#define IKESCOPE_BASE_WORKERS_H

#include <stdbool.h>

enum { WORKERS_MOST = 64 };

/* workers_wanted is how many threads to work with, the caller's own included: IKESCOPE_THREADS, or the cores that this
 * process may use; 1 to WORKERS_MOST. Results never depend on it. */
unsigned workers_wanted(void);

/* A job is a member of what it works on, and stays where it is until it is finished. */
struct job {
    void (*run)(struct job *job, unsigned worker); /* worker: 0 to threads - 1, no two at a time with the same */
    struct job *next;                              /* for the workers alone, as is done */
    bool done;
};

struct workers;

/* workers_create: `threads` includes the caller, which is worker 0. The other threads begin with the first job, so a sandbox that
 * was entered before then holds for them; where the system gives none, the caller does all the work. */
struct workers *workers_create(unsigned threads);
unsigned workers_count(const struct workers *w);         /* threads, the caller included */
void workers_give(struct workers *w, struct job *job);   /* queues the job, which is borrowed until it is done */
void workers_finish(struct workers *w, struct job *job); /* returns when the job is done */
void workers_destroy(struct workers *w);                 /* every job given must be finished; NULL allowed */

#endif
