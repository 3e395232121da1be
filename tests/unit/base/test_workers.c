/* Jobs are each run once, whoever runs them, and no two at a time as the same worker. */
#include "base/workers.h"

#include <stdlib.h>

#include "base/arena.h"
#include "test.h"

enum { JOBS = 2000, THREADS = 4 };

struct sum {
    struct job job; /* first: a job's address is its sum's */
    unsigned number, runs;
    unsigned long made;
    int *busy; /* one a worker: written without a lock, as what a worker owns may be */
    bool clash;
};

static void add_up(struct job *j, unsigned worker)
{
    struct sum *s = (struct sum *)j;
    s->clash |= worker >= THREADS || s->busy[worker]++ != 0;
    for (unsigned i = 0; i <= s->number; i++)
        s->made += i;
    s->runs++;
    s->busy[worker]--;
}

static void check_jobs(unsigned threads, unsigned ahead)
{
    int busy[WORKERS_MOST] = { 0 };
    struct sum *sums = memory_take(JOBS * sizeof *sums);
    struct workers *w = workers_create(threads);
    CHECK_NUMBER(workers_count(w), threads);
    for (unsigned n = 0; n < JOBS + ahead; n++) {
        if (n < JOBS) {
            sums[n] = (struct sum){ .job.run = add_up, .number = n, .busy = busy };
            workers_give(w, &sums[n].job);
        }
        if (n < ahead)
            continue;
        struct sum *s = &sums[n - ahead];
        workers_finish(w, &s->job);
        CHECK(s->runs == 1 && !s->clash && s->made == (unsigned long)s->number * (s->number + 1) / 2);
    }
    workers_destroy(w);
    memory_free(sums);
}

static void check_wanted(const char *said, unsigned want)
{
    setenv("IKESCOPE_THREADS", said, 1);
    CHECK_NUMBER(workers_wanted(), want);
}

int main(void)
{
    check_jobs(1, 0);
    check_jobs(1, 8);
    check_jobs(THREADS, 0);
    check_jobs(THREADS, 1);
    check_jobs(THREADS, 64);
    workers_destroy(workers_create(THREADS)); /* never given a job */
    workers_destroy(NULL);

    unsetenv("IKESCOPE_THREADS");
    unsigned cores = workers_wanted();
    CHECK(cores >= 1 && cores <= WORKERS_MOST);
    check_wanted("3", 3);
    check_wanted("1", 1);
    check_wanted("1000000", WORKERS_MOST);
    check_wanted("0", cores);
    check_wanted("", cores);
    check_wanted("-2", cores);
    check_wanted("two", cores);
    return TEST_REPORT();
}
