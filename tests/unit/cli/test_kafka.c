/*
 * Workers on librdkafka's mock cluster: one that is left alone tells what there is to tell; others are killed in the
 * middle, restarted, and joined by a second. After repeated records are dropped, both have told the same.
 */
#ifndef IKESCOPE_KAFKA

#include <stdio.h>

int main(void)
{
    puts("skipped: built without Kafka");
    return 77;
}

#else

#include <glob.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "cli/checking.h"
#include "cli/kafka.h"
#include "test.h"

/* the mock cluster forgets the oldest messages of a partition beyond 5 MiB: COPIES stays well below */
enum { IN_PARTITIONS = 4, OUT_PARTITIONS = 16, COPIES = 20, FILES = 200, STARTING_S = 14, AHEAD_S = 70 };
#define ALL (SIZE_MAX / 2)

static const char *brokers;

static int work(char **argv)
{
    const char *seconds = "3";
    static const char *topic = "logs";
    const char *at[] = { argv[2], argv[3], argv[4] };
    struct invocation i = { .kafka = { &at[0], 1 },
                            .group = { &at[1], 1 },
                            .in_topic = { &topic, 1 },
                            .out_topic = { &at[2], 1 },
                            .timeout = { &seconds, 1 } };
    return kafka_stream(&i);
}

static pid_t start(const char *self, const char *name)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl(self, self, "worker", brokers, name, name, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static int stop(pid_t pid, int how)
{
    int status = 0;
    kill(pid, how);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static rd_kafka_t *client(rd_kafka_type_t type)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof why);
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_conf_set(conf, "group.id", "the test", why, sizeof why);
        rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", why, sizeof why);
    }
    return rd_kafka_new(type, conf, why, sizeof why);
}

struct feeding {
    glob_t found;
    struct text logs[FILES];
    size_t files;
    int64_t stamp_ms; /* of every message: ahead, so that no silence ends an episode until all was produced */
    unsigned lines;
};

static bool feed_line(struct feeding *g, rd_kafka_t *rk, size_t f)
{
    struct text *log = &g->logs[f];
    if (!log->len)
        return false;
    size_t end = text_find_byte(*log, '\n');
    struct text line = end == TEXT_NOWHERE ? *log : text_upto(*log, end);
    *log = text_from(*log, end == TEXT_NOWHERE ? log->len : end + 1);
    for (int copy = 0; copy < COPIES; copy++) {
        char key[300];
        int n = snprintf(key, sizeof key, "%s-%d", g->found.gl_pathv[f] + strlen("samples/"), copy);
        CHECK(!rd_kafka_producev(rk, RD_KAFKA_V_TOPIC("logs"), RD_KAFKA_V_KEY(key, (size_t)n), RD_KAFKA_V_TIMESTAMP(g->stamp_ms),
                                 RD_KAFKA_V_VALUE((void *)(uintptr_t)line.at, line.len), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                 RD_KAFKA_V_END));
        g->lines++;
    }
    return true;
}

/* Line n of every device, then line n + 1: episodes of many devices overlap. */
static void feed(struct feeding *g, int rounds)
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER);
    for (bool any = true; any && rounds-- > 0;) {
        any = false;
        for (size_t f = 0; f < g->files; f++)
            any |= feed_line(g, rk, f);
        rd_kafka_poll(rk, 0);
    }
    CHECK(!rd_kafka_flush(rk, 30000));
    rd_kafka_destroy(rk);
}

static void gather(struct feeding *g, struct arena *arena)
{
    struct error err = { 0 };
    glob("samples/*/*.log", 0, NULL, &g->found);
    g->files = g->found.gl_pathc < FILES ? g->found.gl_pathc : FILES;
    for (size_t f = 0; f < g->files; f++)
        CHECK(read_file(g->found.gl_pathv[f], arena, &g->logs[f], &err));
    g->stamp_ms = (int64_t)(time(NULL) + AHEAD_S) * 1000;
}

struct told {
    rd_kafka_t *rk;
    struct names lines; /* distinct records */
    size_t all, distinct;
};

static void attend(struct told *t, const char *topic, struct arena *arena)
{
    *t = (struct told){ .rk = client(RD_KAFKA_CONSUMER), .lines.arena = arena };
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(OUT_PARTITIONS);
    for (int p = 0; p < OUT_PARTITIONS; p++)
        rd_kafka_topic_partition_list_add(list, topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(t->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Hears until `more` further distinct records were told, or for some seconds none was. */
static void hear(struct told *t, size_t more, int quiet_s)
{
    size_t upto = t->distinct + more;
    time_t last = time(NULL);
    while (t->distinct < upto && time(NULL) - last < quiet_s) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(t->rk, 100);
        if (!m)
            continue;
        if (!m->err) {
            last = time(NULL);
            t->all++;
            names_intern(&t->lines, text_over(m->payload, m->len));
            t->distinct = t->lines.map.count;
        }
        rd_kafka_message_destroy(m);
    }
}

static size_t of_type(const struct told *t, const char *type)
{
    size_t n = 0;
    char start_[40];
    snprintf(start_, sizeof start_, "{\"type\":\"%s\"", type);
    for (size_t i = 0; i < t->lines.map.count; i++)
        n += strncmp((const char *)t->lines.map.entries[i].key.at, start_, strlen(start_)) == 0;
    return n;
}

/* Records of `a` that `b` has not. */
static size_t missing(const struct told *a, const struct told *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->lines.map.count; i++) {
        bool in = map_find(&b->lines.map, a->lines.map.entries[i].key) != NULL;
        if (!in && n++ < 5)
            fprintf(stderr, "only in one: %.*s\n", (int)a->lines.map.entries[i].key.len,
                    (const char *)a->lines.map.entries[i].key.at);
    }
    return n;
}

static void compare(const char *what, const struct told *whole, const struct told *t)
{
    printf("%s: %zu records, %zu distinct (%zu sa, %zu finding)\n", what, t->all, t->distinct, of_type(t, "sa"),
           of_type(t, "finding"));
    CHECK_NUMBER(missing(whole, t), 0);
    CHECK_NUMBER(missing(t, whole), 0);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "worker") == 0)
        return work(argv);
    char why[256];
    struct arena *arena = arena_create();
    struct told whole, killed, two;
    rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof why);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(host, 1);
    brokers = rd_kafka_mock_cluster_bootstraps(cluster);
    static const char *const outs[] = { "whole", "whole-sas", "killed", "killed-sas", "two", "two-sas" };
    rd_kafka_mock_topic_create(cluster, "logs", IN_PARTITIONS, 1);
    for (size_t n = 0; n < sizeof outs / sizeof outs[0]; n++)
        rd_kafka_mock_topic_create(cluster, outs[n], OUT_PARTITIONS, 1);
    struct feeding g = { 0 };
    gather(&g, arena);
    attend(&whole, "whole", arena);
    attend(&killed, "killed", arena);
    attend(&two, "two", arena);

    /* episodes are open wherever the feed pauses: what is killed there has committed replay offsets and marks */
    feed(&g, 25);
    pid_t lone = start(argv[0], "killed"), one = start(argv[0], "two"), other = start(argv[0], "two");
    hear(&killed, 1000, STARTING_S);
    hear(&two, 1000, STARTING_S);
    hear(&killed, ALL, 2);
    hear(&two, ALL, 2);
    CHECK_NUMBER(stop(lone, SIGKILL), -SIGKILL);
    CHECK_NUMBER(stop(one, SIGKILL), -SIGKILL);
    printf("killed at %zu records, one of two at %zu\n", killed.distinct, two.distinct);
    size_t before = killed.distinct;
    feed(&g, 25);
    lone = start(argv[0], "killed");
    one = start(argv[0], "two"); /* joins: partitions move from the living one, too */
    hear(&killed, 1000, STARTING_S);
    hear(&two, 1000, STARTING_S);
    CHECK(killed.distinct > before);
    CHECK_NUMBER(stop(lone, SIGKILL), -SIGKILL); /* while it reads */
    CHECK_NUMBER(stop(other, SIGTERM), 0);
    printf("killed again at %zu records; one of two ended at %zu\n", killed.distinct, two.distinct);
    feed(&g, INT_MAX);
    printf("%u lines\n", g.lines);
    lone = start(argv[0], "killed");
    hear(&killed, ALL, STARTING_S);
    CHECK((int64_t)time(NULL) * 1000 < g.stamp_ms); /* else silence may have ended episodes early: AHEAD_S is too short */
    while ((int64_t)time(NULL) * 1000 < g.stamp_ms + 5000)
        hear(&killed, ALL, 1);
    hear(&killed, ALL, 4);
    hear(&two, ALL, 2);
    CHECK_NUMBER(stop(lone, SIGTERM), 0);
    CHECK_NUMBER(stop(one, SIGTERM), 0);

    one = start(argv[0], "whole");
    hear(&whole, ALL, STARTING_S);
    CHECK_NUMBER(stop(one, SIGTERM), 0);
    compare("left alone", &whole, &whole);
    compare("killed twice", &whole, &killed);
    compare("two, one killed, one ended", &whole, &two);
    CHECK(of_type(&whole, "finding") > 0 && of_type(&whole, "sa") > 0);
    CHECK(killed.all > killed.distinct); /* it did read again */
    globfree(&g.found);

    rd_kafka_destroy(whole.rk);
    rd_kafka_destroy(killed.rk);
    rd_kafka_destroy(two.rk);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    map_clear(&whole.lines.map);
    map_clear(&killed.lines.map);
    map_clear(&two.lines.map);
    arena_destroy(arena);
    return TEST_REPORT();
}

#endif
