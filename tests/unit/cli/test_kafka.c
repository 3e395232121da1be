/*
 * Workers on librdkafka's mock cluster: one that is left alone tells what there is to tell; another is killed in the middle
 * and restarted; a group of four loses some and gets others. After repeated records are dropped, all have told the same.
 * Then the second stage, the same way: one worker alone on what the first told, four of them on what the killed one told.
 * What there is to tell is known: a transition for each "SM Trace" line, of the device whose line it was, be that the message's key,
 * a syslog header's host or a member of JSON.
 *
 * Messages carry a time that is far ahead, so that only they, and no clock on the wall, end an episode; a last message for
 * each device, later still, ends them all.
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
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/writer.h"
#include "cli/checking.h"
#include "cli/kafka.h"
#include "cli/marks.h"
#include "test.h"

/* the mock cluster forgets the oldest messages of a partition beyond 5 MiB: COPIES stays well below */
enum {
    IN_PARTITIONS = 4,
    OUT_PARTITIONS = 8,
    COPIES = 6,
    FILES = 40,
    PATIENCE_S = 40,
    WORKERS = 4,
    AHEAD_S = 3600,
    TIMEOUT_S = 3
};
#define ALL (SIZE_MAX / 2)

/* Both ends of a tunnel and one end alone, up, refused, rekeyed, deleted, lost. The sum of the samples grows; this not. */
static const char *const fed[] = {
    "up-psk",      "answers-are-lost", "one-message-lost",    "pfs-differs", "rekey-at-once",
    "two-at-once", "peer-lost",        "cleared-at-the-peer", "asa-octets",  "auth-refused-initiator-only"
};

static const char *brokers;

static int work(char **argv)
{
    static const char seconds_text[] = "3";
    static const char *const settings[] = { "session.timeout.ms=4500", "heartbeat.interval.ms=300" };
    const char *seconds = seconds_text, *options[] = { settings[0], settings[1], argv[7] };
    struct invocation i = { .kafka = { (const char **)&argv[2], 1 },
                            .group = { (const char **)&argv[3], 1 },
                            .in_topic = { (const char **)&argv[4], 1 },
                            .out_topic = { (const char **)&argv[5], 1 },
                            .stage = { (const char **)&argv[6], 1 },
                            .kafka_option = { options, 3 },
                            .timeout = { &seconds, 1 } };
    return kafka_stream(&i);
}

static const char *self;

static int complaints = -1; /* where workers' complaints go; -1: to everybody's */

static pid_t start_with(const char *group, const char *in, const char *out, const char *stage, const char *setting)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (complaints >= 0)
            dup2(complaints, STDERR_FILENO);
        execl(self, self, "worker", brokers, group, in, out, stage, setting, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static pid_t start(const char *group, const char *in, const char *out, const char *stage)
{
    return start_with(group, in, out, stage, "client.id=worker");
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
    size_t steps[FILES]; /* lines of the SM trace */
    size_t files;
    int64_t stamp_ms; /* of every message */
    unsigned lines;
};

/* Each copy is another pair of routers: the first octet of each SPI is its number. */
static struct text copied(struct text line, int copy, char *room, size_t size)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    size_t len = line.len < size ? line.len : size, run = 0;
    memcpy(room, line.at, len);
    for (size_t i = 0; i <= len; i++) {
        if (i < len && room[i] && strchr(digits, room[i])) {
            run++;
            continue;
        }
        if (run == 16 && memcmp(room + i - 16, "0000000000000000", 16) != 0) {
            room[i - 16] = digits[1 + copy / 10];
            room[i - 15] = digits[copy % 10];
        }
        run = 0;
    }
    return text_over(room, len);
}

/* A host's name may have no slash. */
static const char *fed_device(const struct feeding *g, size_t f, int copy, char *room, size_t size)
{
    snprintf(room, size, "%s-%d", g->found.gl_pathv[f] + strlen("samples/"), copy);
    for (char *at = room; *at; at++)
        *at = *at == '/' ? '_' : *at;
    return room;
}

/* key NULL: none, and the partition is given. */
static void produce_line(struct feeding *g, rd_kafka_t *rk, const char *topic, const char *key, int32_t partition,
                         struct text line)
{
    CHECK(!rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, key ? strlen(key) : 0),
                             RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_TIMESTAMP(g->stamp_ms),
                             RD_KAFKA_V_VALUE((void *)(uintptr_t)line.at, line.len), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                             RD_KAFKA_V_END));
    g->lines++;
}

/* Of a third of the files the key names the device, of the others the line itself. */
static void produce(struct feeding *g, rd_kafka_t *rk, size_t f, int copy, struct text line)
{
    enum { KEYED, SYSLOG, MEMBERS, FORMS };
    char name[300];
    const size_t form = f % FORMS;
    struct buffer b;
    buffer_init(&b, 1 << 16);
    struct sink *sink = sink_buffer(&b);
    struct json_writer w = { .out = sink };
    fed_device(g, f, copy, name, sizeof name);
    if (form == SYSLOG) {
        sink_format(sink, "<189>Mar  3 10:00:00 %s ", name);
        sink_text(sink, line);
    } else if (form == MEMBERS) {
        write_object(&w, NULL);
        write_string(&w, "host", name);
        write_text(&w, "message", line);
        write_end_object(&w);
    }
    sink_close(sink, NULL);
    produce_line(g, rk, "logs", form == KEYED ? name : NULL,
                 form == KEYED ? RD_KAFKA_PARTITION_UA : (int32_t)(f * COPIES + (size_t)copy) % IN_PARTITIONS,
                 form == KEYED ? line : buffer_view(&b));
    buffer_clear(&b);
}

static bool feed_line(struct feeding *g, rd_kafka_t *rk, size_t f)
{
    struct text *log = &g->logs[f];
    char room[4096];
    if (!log->len)
        return false;
    size_t end = text_find_byte(*log, '\n');
    struct text line = end == TEXT_NOWHERE ? *log : text_upto(*log, end);
    *log = text_from(*log, end == TEXT_NOWHERE ? log->len : end + 1);
    for (int copy = 0; copy < COPIES; copy++)
        produce(g, rk, f, copy, copied(line, copy, room, sizeof room));
    return true;
}

/* A message so late that whatever its device had open is over. */
static void feed_end(struct feeding *g)
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER);
    g->stamp_ms += 2 * TIMEOUT_S * 1000;
    for (size_t f = 0; f < g->files; f++)
        for (int copy = 0; copy < COPIES; copy++)
            produce(g, rk, f, copy, TEXT("!"));
    CHECK(!rd_kafka_flush(rk, 30000));
    rd_kafka_destroy(rk);
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
    for (size_t n = 0; n < COUNT_OF(fed); n++) {
        char pattern[80];
        snprintf(pattern, sizeof pattern, "samples/%s/*.log", fed[n]);
        CHECK(!glob(pattern, n ? GLOB_APPEND : 0, NULL, &g->found));
    }
    g->files = g->found.gl_pathc < FILES ? g->found.gl_pathc : FILES;
    for (size_t f = 0; f < g->files; f++) {
        CHECK(read_file(g->found.gl_pathv[f], arena, &g->logs[f], &err));
        struct text rest = g->logs[f], line;
        while (text_cut(&rest, '\n', &line))
            g->steps[f] += text_has(line, TEXT("SM Trace->"));
        CHECK(g->steps[f] > 0);
    }
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

/* Hears until `upto` distinct records were told, or for some seconds none that is new was. */
static void hear(struct told *t, size_t upto, int quiet_s)
{
    time_t last = time(NULL);
    while (t->distinct < upto && time(NULL) - last < quiet_s) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(t->rk, 100);
        if (!m)
            continue;
        if (!m->err) {
            t->all++;
            names_intern(&t->lines, text_over(m->payload, m->len));
            if (t->lines.map.count > t->distinct)
                last = time(NULL);
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

static size_t of_device(const struct told *t, const char *type, const char *device)
{
    size_t n = 0;
    char start_[40], end[320];
    snprintf(start_, sizeof start_, "{\"type\":\"%s\"", type);
    snprintf(end, sizeof end, "\"device\":\"%s\"", device);
    for (size_t i = 0; i < t->lines.map.count; i++) {
        struct text record = text_of_bytes(t->lines.map.entries[i].key);
        n += text_starts(record, text_of(start_)) && text_has(record, text_of(end));
    }
    return n;
}

static void check_truth(const struct feeding *g, const struct told *t)
{
    size_t all = 0;
    char name[300];
    for (size_t f = 0; f < g->files; f++)
        for (int copy = 0; copy < COPIES; copy++) {
            CHECK_NUMBER(of_device(t, "transition", fed_device(g, f, copy, name, sizeof name)), g->steps[f]);
            all += g->steps[f];
        }
    CHECK_NUMBER(of_type(t, "transition"), all);
}

/* Of the meetings, how many findings of the rule speak of two devices. */
static size_t of_two(const struct told *t, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < t->lines.map.count; i++) {
        struct text record = text_of_bytes(t->lines.map.entries[i].key);
        size_t devices = text_find(record, TEXT("\"devices\":["));
        n += devices != TEXT_NOWHERE && text_find(record, text_of(rule)) != TEXT_NOWHERE &&
             text_find(text_upto(text_from(record, devices), text_find_byte(text_from(record, devices), ']')), TEXT("\",\"")) !=
                 TEXT_NOWHERE;
    }
    return n;
}

static void first_stage(struct feeding *g, struct told *whole, struct told *killed, struct told *four)
{
    pid_t lone, many[WORKERS];
    /* episodes are open wherever the feed pauses: what is killed there has committed replay offsets and marks */
    feed(g, 25);
    lone = start("killed", "logs", "killed", "devices");
    for (int n = 0; n < WORKERS; n++)
        many[n] = start("four", "logs", "four", "devices");
    hear(killed, 200, PATIENCE_S);
    hear(four, 200, PATIENCE_S);
    hear(killed, ALL, 2); /* a commit, each second */
    CHECK_NUMBER(stop(lone, SIGKILL), -SIGKILL);
    CHECK_NUMBER(stop(many[0], SIGKILL), -SIGKILL);
    printf("killed at %zu records, one of four at %zu\n", killed->distinct, four->distinct);
    size_t before = killed->distinct;
    feed(g, 25);
    lone = start("killed", "logs", "killed", "devices");
    many[0] = start("four", "logs", "four", "devices"); /* joins: partitions move from the living ones, too */
    hear(killed, before + 100, PATIENCE_S);
    hear(four, four->distinct + 100, PATIENCE_S);
    CHECK(killed->distinct > before);
    CHECK_NUMBER(stop(lone, SIGKILL), -SIGKILL); /* while it reads */
    CHECK_NUMBER(stop(many[1], SIGTERM), 0);
    printf("killed again at %zu records; one of four ended at %zu\n", killed->distinct, four->distinct);
    feed(g, INT_MAX);
    feed_end(g);
    printf("%u lines\n", g->lines);
    lone = start("killed", "logs", "killed", "devices");
    pid_t alone = start("whole", "logs", "whole", "devices");
    hear(whole, 1, PATIENCE_S);
    hear(whole, ALL, 3);
    hear(killed, whole->distinct, PATIENCE_S);
    hear(four, whole->distinct, PATIENCE_S);
    hear(killed, ALL, 1);
    hear(four, ALL, 1);
    CHECK_NUMBER(stop(alone, SIGTERM), 0);
    CHECK_NUMBER(stop(lone, SIGTERM), 0);
    for (int n = 0; n < WORKERS; n++)
        if (n != 1)
            CHECK_NUMBER(stop(many[n], SIGTERM), 0);
}

/* One worker on what was told without a break; on what was told with breaks one that is killed, then four. */
static void second_stage(struct told *whole, struct told *four)
{
    pid_t many[WORKERS];
    pid_t alone = start("joins", "whole-sas", "whole-joined", "join");
    pid_t lone = start("joins-four", "killed-sas", "four-joined", "join");
    hear(four, 20, PATIENCE_S); /* those that fell silent; it goes on with the others */
    CHECK_NUMBER(stop(lone, SIGKILL), -SIGKILL);
    printf("second stage killed at %zu records\n", four->distinct);
    for (int n = 0; n < WORKERS; n++)
        many[n] = start("joins-four", "killed-sas", "four-joined", "join");
    hear(whole, 1, PATIENCE_S);
    hear(whole, ALL, TIMEOUT_S + 3);
    hear(four, whole->distinct, PATIENCE_S);
    hear(four, ALL, TIMEOUT_S + 1);
    CHECK_NUMBER(stop(alone, SIGTERM), 0);
    for (int n = 0; n < WORKERS; n++)
        CHECK_NUMBER(stop(many[n], SIGTERM), 0);
}

/* A line whose records have more octets than a message may have, and brokers that take less at once than they are given: what
 * has no room is left out and that is told, and all else is told as if nothing had been. */
static void check_sizes(rd_kafka_mock_cluster_t *cluster, struct feeding *g, struct arena *arena)
{
    enum { PRODUCE = 0 /* the request's number */ };
    static const char *const names[] = { "wide", "wide-sas", "narrow", "narrow-sas" };
    struct told wide, narrow;
    struct text rest, line;
    struct error err = { 0 };
    char quotes[3000];
    memset(quotes, '"', sizeof quotes);
    rd_kafka_mock_topic_create(cluster, "odd", 1, 1);
    for (size_t n = 0; n < COUNT_OF(names); n++)
        rd_kafka_mock_topic_create(cluster, names[n], OUT_PARTITIONS, 1);
    CHECK(read_file("samples/up-psk/r1.log", arena, &rest, &err));
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER);
    for (unsigned n = 0; text_cut(&rest, '\n', &line); n++) {
        produce_line(g, rk, "odd", "r1", 0, line);
        if (n == 7) /* the SA has both its SPIs and is not up */
            produce_line(g, rk, "odd", "r1", 0,
                         arena_format(arena, "Mar  3 2026 10:00:00.120 UTC: IKEv2-ERROR:(SESSION ID = 7,SA ID = 1):: %.*s",
                                      (int)sizeof quotes, quotes));
    }
    g->stamp_ms += 2 * TIMEOUT_S * 1000;
    produce_line(g, rk, "odd", "r1", 0, TEXT("!"));
    CHECK(!rd_kafka_flush(rk, 30000));
    rd_kafka_destroy(rk);
    attend(&wide, "wide", arena);
    attend(&narrow, "narrow", arena);
    rd_kafka_mock_push_request_errors(cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    pid_t one = start("wide", "odd", "wide", "devices");
    hear(&wide, 1, PATIENCE_S);
    hear(&wide, ALL, 3);
    CHECK_NUMBER(stop(one, SIGTERM), 0);
    one = start_with("narrow", "odd", "narrow", "devices", "message.max.bytes=4000");
    hear(&narrow, 1, PATIENCE_S);
    hear(&narrow, ALL, 3);
    CHECK_NUMBER(stop(one, SIGTERM), 0);
    printf("sizes: %zu records, with less room %zu\n", wide.distinct, narrow.distinct);
    CHECK_NUMBER(of_type(&wide, "cap"), 0);
    CHECK_NUMBER(of_type(&narrow, "cap"), 2);
    CHECK_NUMBER(missing(&wide, &narrow), 1);
    CHECK_NUMBER(missing(&narrow, &wide), 2);
    struct told *const both[] = { &wide, &narrow };
    for (size_t n = 0; n < COUNT_OF(both); n++) {
        rd_kafka_destroy(both[n]->rk);
        map_clear(&both[n]->lines.map);
    }
}

/* What was dropped from a topic before a restart came to it is missing, and that is said. */
static void check_gone(rd_kafka_mock_cluster_t *cluster, struct feeding *g, struct arena *arena)
{
    enum { LARGE = 900000, MANY = 8 /* more than the cluster keeps */ };
    struct told told;
    int ends[2];
    char said[2000], *words = memory_take(LARGE);
    memset(words, 'x', LARGE);
    rd_kafka_mock_topic_create(cluster, "short", 1, 1);
    rd_kafka_mock_topic_create(cluster, "short-told", OUT_PARTITIONS, 1);
    rd_kafka_mock_topic_create(cluster, "short-told-sas", OUT_PARTITIONS, 1);
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER);
    for (int n = 0; n < 2; n++) /* the first is whole when the second begins */
        produce_line(g, rk, "short", "r1", 0,
                     TEXT("IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=0123456789ABCDEF R_SPI=FEDCBA9876543210 (I) "
                          "MsgID = 00000001 CurState: READY Event: EV_I_OK"));
    CHECK(!rd_kafka_flush(rk, 30000));
    attend(&told, "short-told", arena);
    pid_t one = start("short", "short", "short-told", "devices");
    hear(&told, 1, PATIENCE_S);
    hear(&told, ALL, 2); /* a commit */
    CHECK_NUMBER(stop(one, SIGKILL), -SIGKILL);
    for (int n = 0; n < MANY; n++) {
        produce_line(g, rk, "short", "r2", 0, text_over(words, LARGE));
        CHECK(!rd_kafka_flush(rk, 30000));
    }
    rd_kafka_destroy(rk);
    CHECK(!pipe(ends));
    complaints = ends[1];
    one = start("short", "short", "short-told", "devices");
    complaints = -1;
    close(ends[1]);
    struct pollfd wait = { ends[0], POLLIN, 0 };
    bool heard = false;
    for (ssize_t len; !heard && poll(&wait, 1, PATIENCE_S * 1000) > 0 && (len = read(ends[0], said, sizeof said)) > 0;)
        heard = text_has(text_over(said, (size_t)len), TEXT("a longer retention keeps it"));
    CHECK(heard);
    CHECK_NUMBER(stop(one, SIGTERM), 0);
    close(ends[0]);
    rd_kafka_destroy(told.rk);
    map_clear(&told.lines.map);
    memory_free(words);
}

/* The group had read further than the topic goes, and remembers of the device that it was done with: the topic is another. */
static void check_made_anew(rd_kafka_mock_cluster_t *cluster, struct feeding *g, struct arena *arena)
{
    struct told told;
    struct buffer marks;
    rd_kafka_mock_topic_create(cluster, "anew", 1, 1);
    rd_kafka_mock_topic_create(cluster, "anew-told", OUT_PARTITIONS, 1);
    rd_kafka_mock_topic_create(cluster, "anew-told-sas", OUT_PARTITIONS, 1);
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER);
    for (int n = 0; n < 2; n++)
        produce_line(g, rk, "anew", "r1", 0,
                     TEXT("IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=0123456789ABCDEF R_SPI=FEDCBA9876543210 (I) "
                          "MsgID = 00000001 CurState: READY Event: EV_I_OK"));
    CHECK(!rd_kafka_flush(rk, 30000));
    rd_kafka_destroy(rk);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *t = rd_kafka_topic_partition_list_add(list, "anew", 0);
    t->offset = 1000;
    buffer_init(&marks, 100);
    CHECK(mark_put(&marks, (struct mark){ mark_name(TEXT("r1")), 1500 }, 1000));
    t->metadata = rd_kafka_mem_malloc(NULL, marks.len);
    memcpy(t->metadata, marks.at, marks.len);
    t->metadata_size = marks.len;
    rk = client(RD_KAFKA_CONSUMER);
    CHECK(!rd_kafka_commit(rk, list, 0));
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    buffer_clear(&marks);
    attend(&told, "anew-told", arena);
    pid_t one = start("the test", "anew", "anew-told", "devices");
    hear(&told, 1, PATIENCE_S);
    CHECK(told.distinct > 0);
    CHECK_NUMBER(stop(one, SIGTERM), 0);
    rd_kafka_destroy(told.rk);
    map_clear(&told.lines.map);
}

/* Every copy of the samples tells as much as the others: at least once each. */
static bool each_copy(size_t n)
{
    return n >= COPIES && n % COPIES == 0;
}

int main(int argc, char **argv)
{
    if (argc == 8 && strcmp(argv[1], "worker") == 0)
        return work(argv);
    self = argv[0];
    char why[256];
    static const char *const names[] = { "whole", "killed", "four", "whole-joined", "four-joined" };
    enum { TOLD = COUNT_OF(names) };
    struct arena *arena = arena_create();
    struct told told[TOLD];
    rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof why);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(host, 1);
    brokers = rd_kafka_mock_cluster_bootstraps(cluster);
    rd_kafka_mock_topic_create(cluster, "logs", IN_PARTITIONS, 1);
    for (int n = 0; n < TOLD; n++) {
        char sas[40];
        snprintf(sas, sizeof sas, "%s-sas", names[n]);
        rd_kafka_mock_topic_create(cluster, names[n], OUT_PARTITIONS, 1);
        rd_kafka_mock_topic_create(cluster, sas, OUT_PARTITIONS, 1);
        attend(&told[n], names[n], arena);
    }
    struct feeding g = { 0 };
    gather(&g, arena);
    first_stage(&g, &told[0], &told[1], &told[2]);
    compare("left alone", &told[0], &told[0]);
    check_truth(&g, &told[0]);
    compare("killed twice", &told[0], &told[1]);
    compare("four, one killed, one ended, one come", &told[0], &told[2]);
    CHECK(of_type(&told[0], "finding") > 0 && of_type(&told[0], "sa") > 0);
    CHECK(told[1].all > told[1].distinct); /* it did read again */
    second_stage(&told[3], &told[4]);
    compare("joined by one", &told[3], &told[3]);
    compare("joined by four after a kill", &told[3], &told[4]);
    /* what one end alone cannot know */
    CHECK(each_copy(of_two(&told[3], "\"rule\":\"message-lost\"")));
    CHECK(each_copy(of_two(&told[3], "\"rule\":\"one-way-path\"")));
    CHECK(of_two(&told[3], "\"outcome\":\"established\"") >= 2 * COPIES);
    check_sizes(cluster, &g, arena);
    check_gone(cluster, &g, arena);
    check_made_anew(cluster, &g, arena);

    globfree(&g.found);
    for (int n = 0; n < TOLD; n++) {
        rd_kafka_destroy(told[n].rk);
        map_clear(&told[n].lines.map);
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    arena_destroy(arena);
    return TEST_REPORT();
}

#endif
