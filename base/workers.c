#include "base/workers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/platform.h"

struct worker {
    struct workers *of;
    pthread_t thread;
    unsigned number;
};

struct workers {
    unsigned threads; /* wanted; those beyond the caller's own begin with the first job */
    unsigned begun;
    bool begin_tried, stopping;
    pthread_mutex_t lock;
    pthread_cond_t given, done; /* a job waits, or all is over; a job is done */
    struct job *first, **tail;  /* given, and not begun */
    struct worker others[WORKERS_MOST];
};

unsigned workers_wanted(void)
{
    const char *said = getenv("IKESCOPE_THREADS");
    uint64_t threads;
    if (!said || !text_number(text_of(said), 10, &threads) || threads == 0)
        threads = platform_cores();
    return threads < WORKERS_MOST ? (unsigned)threads : WORKERS_MOST;
}

static struct job *take(struct workers *w)
{
    struct job *j = w->first;
    if (j) {
        w->first = j->next;
        if (!w->first)
            w->tail = &w->first;
    }
    return j;
}

/* Runs a job; the lock is held before and after, not meanwhile. */
static void run(struct workers *w, struct job *j, unsigned number)
{
    pthread_mutex_unlock(&w->lock);
    j->run(j, number);
    pthread_mutex_lock(&w->lock);
    j->done = true;
    pthread_cond_broadcast(&w->done);
}

static void *work(void *context)
{
    struct worker *self = context;
    struct workers *w = self->of;
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        struct job *j = take(w);
        if (j)
            run(w, j, self->number);
        else
            pthread_cond_wait(&w->given, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct workers *workers_create(unsigned threads)
{
    struct workers *w = memory_take(sizeof *w);
    w->threads = threads < 1 ? 1 : threads < WORKERS_MOST ? threads : WORKERS_MOST;
    w->tail = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->given, NULL);
    pthread_cond_init(&w->done, NULL);
    return w;
}

unsigned workers_count(const struct workers *w)
{
    return w->threads;
}

static void begin(struct workers *w)
{
    w->begin_tried = true;
    for (unsigned n = 1; n < w->threads; n++) {
        struct worker *o = &w->others[n];
        *o = (struct worker){ .of = w, .number = n };
        if (pthread_create(&o->thread, NULL, work, o) != 0)
            return;
        w->begun++;
    }
}

void workers_give(struct workers *w, struct job *job)
{
    if (!w->begin_tried)
        begin(w);
    pthread_mutex_lock(&w->lock);
    job->next = NULL;
    job->done = false;
    *w->tail = job;
    w->tail = &job->next;
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->lock);
}

void workers_finish(struct workers *w, struct job *job)
{
    pthread_mutex_lock(&w->lock);
    while (!job->done) {
        struct job *j = take(w);
        if (j)
            run(w, j, 0);
        else
            pthread_cond_wait(&w->done, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
}

void workers_destroy(struct workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->given);
    pthread_mutex_unlock(&w->lock);
    for (unsigned n = 1; n <= w->begun; n++)
        pthread_join(w->others[n].thread, NULL);
    pthread_cond_destroy(&w->given);
    pthread_cond_destroy(&w->done);
    pthread_mutex_destroy(&w->lock);
    memory_free(w);
}
