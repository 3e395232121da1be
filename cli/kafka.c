/*
 * A group of readers shares a topic's partitions. Each assigned partition has a stream of its own, whose offsets are
 * Kafka's and whose clock is the messages' own time: reading again gives the same records.
 *
 * What is committed is never where reading stands but where it would have to begin again: the oldest open episode.
 * Beside it, as the commit's metadata, stand the devices that are done with later lines. Records are flushed before
 * the commit that stands for them; so a reader that dies, or loses its partition, repeats records and loses none.
 */
#include "cli/kafka.h"

#include "cli/command.h"
#include "cli/run.h"

#ifndef IKESCOPE_KAFKA

int kafka_stream(const struct invocation *i)
{
    warn(false, "this build reads no Kafka ('%s'); pipe a consumer into 'ikescope stream --device-field FIELD' instead",
         option_last(&i->kafka, ""));
    return EXIT_TROUBLE;
}

#else

#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/platform.h"
#include "base/source.h"
#include "cli/join.h"
#include "cli/stream.h"
#include "cli/streamrecord.h"
#include "decoder/keyfile.h"

enum { WAIT_MS = 200, ANSWER_MS = 15000, FLUSH_MS = 60000, RECORDS_MAX = 512 << 20, SECRETS_MAX = 1 << 16, METADATA_MAX = 4000 };
enum { LEAVE_S = 10 };
enum { /* octets */
       MESSAGE_LEAST = 3072,
       LINE_FRAME = 2048,   /* of a `line` record, what its text leaves room for */
       LINE_MOST = 1 << 16, /* of its text; what no reader understands is much shorter */
       ESCAPED = 6          /* that one octet may become in JSON */
};
#define COMMIT_NS INT64_C(1000000000)

struct claim { /* an assigned partition */
    int32_t number;
    struct stream *stream; /* of the first stage */
    struct join *join;     /* of the second; one of both */
    struct buffer records;
    struct sink *sink;
    uint64_t next;     /* the offset after the last line read */
    bool begun, ended; /* a line was read; its end was reached, so real time counts */
    int64_t clock;     /* the latest of its messages, ns */
    int64_t emptied;   /* when its end was last reached, ns: what is not there by then has not come */
    struct claim *after;
};

struct kafka {
    const struct invocation *i;
    struct stream_options options;
    rd_kafka_t *consumer, *producer;
    struct join_options join;
    bool joins; /* the second stage */
    const char *in, *out, *sas;
    size_t message_max; /* octets that a message may have; 0: as librdkafka is set */
    bool refused;       /* the brokers take fewer */
    bool closing;       /* the consumer */
    uint64_t left_out;  /* records that had more */
    struct claim *claims;
    struct arena *scratch;
    struct error err;
    int64_t committed;
};

static volatile sig_atomic_t stopping, leaving;

/* librdkafka may wait for itself for ever while a consumer closes (its issue 4884). All that is to be committed is by then. */
static void leave(int signal)
{
    (void)signal;
    _exit(leaving);
}

static void stop(int signal)
{
    (void)signal;
    stopping = 1;
}

static int64_t clock_ns(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool going(const struct kafka *k)
{
    return !stopping && !k->err.kind;
}

/* ---- records out ---- */

/* False: it is larger than a message may be. */
static bool put(struct kafka *k, const char *topic, struct text key, struct text record, int64_t clock)
{
    while (!k->err.kind) {
        rd_kafka_resp_err_t e = rd_kafka_producev(k->producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key.at, key.len),
                                                  RD_KAFKA_V_VALUE((void *)(uintptr_t)record.at, record.len),
                                                  RD_KAFKA_V_TIMESTAMP(clock / 1000000), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                                  RD_KAFKA_V_END);
        if (e == RD_KAFKA_RESP_ERR_NO_ERROR || e == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
            return e == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (e != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            fail(&k->err, ERROR_OUTPUT, "cannot write to the Kafka topic '%s': %s", topic, rd_kafka_err2str(e));
        rd_kafka_poll(k->producer, WAIT_MS);
    }
    return true;
}

/* A restart would come to the same record again: so it is left out, and that is told once. A `line` always has room: where one
 * lacks, its SA's further ones would count for nothing. */
static void leave_out(struct kafka *k, int64_t clock)
{
    struct buffer cap;
    if (k->left_out++)
        return;
    buffer_init(&cap, MESSAGE_LEAST);
    struct sink *sink = sink_buffer(&cap);
    record_cap(sink, "octets of a record", k->message_max);
    sink_close(sink, NULL);
    put(k, k->out, (struct text){ NULL, 0 }, text_trim(buffer_view(&cap)), clock);
    buffer_clear(&cap);
}

/* Records are keyed by their device, those of the second stage by their meeting. What the second stage reads is keyed by
 * the initiator's SPI: the half of the pair that both ends know from the first message on. */
static void put_record(struct kafka *k, struct text record, int64_t clock)
{
    struct json *j = json_read(record, NULL);
    struct text type = json_as_text(json_member(j, "type")), spi = json_as_text(json_member(j, "spi_i"));
    bool line = text_equal(type, TEXT("line")), fits = true;
    if (!line)
        fits = put(k, k->out, json_as_text(json_member(j, k->joins ? "meeting" : "device")), record, clock);
    if (line && spi.len)
        fits = put(k, k->sas, spi, record, clock);
    if (!fits)
        leave_out(k, clock);
    json_free(j);
}

static void put_records(struct kafka *k, struct claim *p)
{
    struct text left = buffer_view(&p->records);
    if (p->records.full)
        fail(&k->err, ERROR_OUTPUT, "one line gave more than %d MiB of records", RECORDS_MAX >> 20);
    while (left.len) {
        size_t end = text_find_byte(left, '\n');
        if (end == TEXT_NOWHERE)
            end = left.len;
        put_record(k, text_upto(left, end), p->clock);
        left = text_from(left, end < left.len ? end + 1 : end);
    }
    buffer_reset(&p->records);
    rd_kafka_poll(k->producer, 0);
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    struct kafka *k = opaque;
    (void)rk;
    k->refused |= m->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || m->err == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE;
    if (m->err && !k->err.kind)
        fail(&k->err, ERROR_OUTPUT, "cannot write to the Kafka topic '%s': %s", m->rkt ? rd_kafka_topic_name(m->rkt) : k->out,
             rd_kafka_err2str(m->err));
}

/* ---- commits ---- */

/* False: what is to be remembered of it is too long; the last commit stays the good one. */
static bool add_commit(struct kafka *k, const struct claim *p, rd_kafka_topic_partition_list_t *list)
{
    struct buffer marks;
    uint64_t replay = p->join ? join_replay(p->join, p->next) : stream_replay(p->stream, p->next);
    buffer_init(&marks, METADATA_MAX);
    bool fits = p->begun && (p->join ? join_marks(p->join, replay, &marks) : stream_marks(p->stream, replay, &marks));
    if (fits) {
        rd_kafka_topic_partition_t *t = rd_kafka_topic_partition_list_add(list, k->in, p->number);
        t->offset = (int64_t)replay;
        t->metadata = rd_kafka_mem_malloc(k->consumer, marks.len + 1);
        if (marks.len)
            memcpy(t->metadata, marks.at, marks.len);
        t->metadata_size = marks.len;
    }
    buffer_clear(&marks);
    return fits;
}

static void commit(struct kafka *k)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    if (!k->err.kind && rd_kafka_flush(k->producer, FLUSH_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail(&k->err, ERROR_OUTPUT, "Kafka did not take the records for the topic '%s' within %d s", k->out, FLUSH_MS / 1000);
    for (struct claim *p = k->claims; p && !k->err.kind; p = p->after)
        add_commit(k, p, list);
    if (list->cnt && !k->err.kind) {
        rd_kafka_resp_err_t e = rd_kafka_commit(k->consumer, list, 0);
        /* another reader may have it by now, and begins at the last commit; while partitions move that is no news */
        if (e && e != RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS)
            warn(option_given(&k->i->quiet), "Kafka did not take a commit of the topic '%s': %s; the next one says as much",
                 k->in, rd_kafka_err2str(e));
    }
    rd_kafka_topic_partition_list_destroy(list);
    k->committed = clock_ns(CLOCK_MONOTONIC);
}

/* ---- partitions ---- */

static void claim_begin(struct kafka *k, rd_kafka_topic_partition_t *t)
{
    struct claim *p = memory_take(sizeof *p);
    p->number = t->partition;
    buffer_init(&p->records, RECORDS_MAX);
    p->sink = sink_buffer(&p->records);
    if (k->joins)
        p->join = join_create(k->join, p->sink);
    else
        p->stream = stream_create(k->options, p->sink);
    if (t->offset >= 0 && p->join)
        join_remember(p->join, text_over(t->metadata, t->metadata_size), (uint64_t)t->offset);
    else if (t->offset >= 0)
        stream_remember(p->stream, text_over(t->metadata, t->metadata_size), (uint64_t)t->offset);
    p->after = k->claims;
    k->claims = p;
}

static void claims_end(struct kafka *k)
{
    while (k->claims) {
        struct claim *p = k->claims;
        k->claims = p->after;
        stream_drop(p->stream);
        join_drop(p->join);
        sink_abandon(p->sink);
        buffer_clear(&p->records);
        memory_free(p);
    }
}

/* Holds where the group goes on against what the topic has. What it no longer has, and an open episode began with, is lost; reading
 * goes on with what is left. A topic that was made anew has not come that far: what is remembered is of another log. */
static void compare_place(const struct kafka *k, rd_kafka_t *rk, rd_kafka_topic_partition_t *t)
{
    int64_t first, next;
    const bool quiet = option_given(&k->i->quiet);
    const char *group = option_last(&k->i->group, "");
    if (t->offset < 0 || rd_kafka_query_watermark_offsets(rk, t->topic, t->partition, &first, &next, ANSWER_MS))
        return;
    if (first > t->offset)
        warn(quiet,
             "of the topic '%s' partition %d begins with offset %lld by now, and the group '%s' goes on with %lld; what is "
             "missing is "
             "not told (a longer retention keeps it)",
             t->topic, t->partition, (long long)first, group, (long long)t->offset);
    if (next < t->offset) {
        warn(quiet,
             "the topic '%s' ends in partition %d with offset %lld, and the group '%s' had read up to %lld: it was made anew, "
             "and is "
             "read from its beginning",
             t->topic, t->partition, (long long)next, group, (long long)t->offset);
        t->offset = RD_KAFKA_OFFSET_BEGINNING;
    }
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct kafka *k = opaque;
    if (what != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        if (!rd_kafka_assignment_lost(rk))
            commit(k);
        claims_end(k);
        if (k->closing)
            alarm(LEAVE_S);
        rd_kafka_assign(rk, NULL);
        return;
    }
    rd_kafka_resp_err_t e = rd_kafka_committed(rk, list, ANSWER_MS);
    for (int n = 0; n < list->cnt && !e; n++)
        e = list->elems[n].err;
    if (e)
        fail(&k->err, ERROR_INPUT, "Kafka does not tell where the group '%s' stands: %s", option_last(&k->i->group, ""),
             rd_kafka_err2str(e));
    for (int n = 0; n < list->cnt && !e; n++) {
        compare_place(k, rk, &list->elems[n]);
        claim_begin(k, &list->elems[n]);
    }
    rd_kafka_assign(rk, e ? NULL : list);
}

static struct claim *claim_of(struct kafka *k, int32_t number)
{
    struct claim *p = k->claims;
    while (p && p->number != number)
        p = p->after;
    return p;
}

/* ---- lines in ---- */

static void take_line(struct kafka *k, struct claim *p, struct text line, struct text key, uint64_t offset)
{
    struct text message = line;
    if (!key.len || (line.len && line.at[0] == '{')) {
        struct text found = stream_device(line, k->options.device_field, k->scratch, &message);
        key = key.len ? key : found.len ? found : TEXT("unknown");
    }
    stream_line(p->stream, message, key, offset, p->clock);
}

static void take_payload(struct kafka *k, struct claim *p, const rd_kafka_message_t *m)
{
    rd_kafka_timestamp_type_t kind;
    int64_t ms = rd_kafka_message_timestamp(m, &kind), real = clock_ns(CLOCK_REALTIME);
    int64_t now = ms >= 0 && ms <= INT64_MAX / 1000000 ? ms * 1000000 : real; /* a producer may have put another unit */
    struct text line = text_over(m->payload, m->len);
    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    p->clock = now > p->clock ? now : p->clock;
    if (p->join) /* the ends of a tunnel are read apart, and may lag behind each other: what counts is when they came */
        join_record(p->join, line, (uint64_t)m->offset, real);
    else
        take_line(k, p, line, text_over(m->key, m->key_len), (uint64_t)m->offset);
    p->next = (uint64_t)m->offset + 1;
    p->begun = true;
    p->ended = false;
    put_records(k, p);
    arena_reset(k->scratch);
}

static void take_message(struct kafka *k, const rd_kafka_message_t *m)
{
    struct claim *p = claim_of(k, m->partition);
    if (!m->err && p)
        take_payload(k, p, m);
    else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && p) {
        p->ended = true;
        p->emptied = clock_ns(CLOCK_REALTIME);
    } else if (m->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || m->err == RD_KAFKA_RESP_ERR__FATAL ||
               m->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        fail(&k->err, ERROR_INPUT, "cannot read the Kafka topic '%s': %s", k->in, rd_kafka_message_errstr(m));
    else if (m->err && m->err != RD_KAFKA_RESP_ERR__PARTITION_EOF)
        warn(option_given(&k->i->quiet), "Kafka: %s", rd_kafka_message_errstr(m));
}

/* Time-outs. A reader that lags takes nothing for silence that stands unread in its partition: the first stage goes by its
 * messages' time until it has read them all, the second by the moment at which it last had. */
static void claims_idle(struct kafka *k, int64_t real)
{
    for (struct claim *p = k->claims; p; p = p->after) {
        if (!p->begun || !(p->join ? p->emptied != 0 : p->ended))
            continue;
        if (p->join)
            join_idle(p->join, p->ended ? real : p->emptied);
        else
            stream_idle(p->stream, real > p->clock ? real : p->clock);
        put_records(k, p);
    }
}

static void loop(struct kafka *k)
{
    int64_t looked = 0;
    while (going(k)) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(k->consumer, WAIT_MS);
        if (m) {
            take_message(k, m);
            rd_kafka_message_destroy(m);
        }
        int64_t now = clock_ns(CLOCK_MONOTONIC);
        if (now - looked > WAIT_MS * INT64_C(1000000)) {
            looked = now;
            claims_idle(k, clock_ns(CLOCK_REALTIME));
        }
        if (now - k->committed > COMMIT_NS)
            commit(k);
    }
}

/* ---- set up ---- */

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
    const struct kafka *k = opaque;
    (void)rk;
    warn(option_given(&k->i->quiet), "Kafka: %s (%s)", reason, rd_kafka_err2str((rd_kafka_resp_err_t)code));
}

static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)rk, (void)level, (void)facility, (void)text; /* what matters comes as an error too */
}

/* What the program relies on, or gives by options of its own: another value would lose lines, or tell them twice. */
static const struct {
    const char *key, *value; /* one of its words; NULL: any */
    const char *why;
} own_settings[] = {
    { "bootstrap.servers", NULL, "'--kafka' names the brokers" },
    { "metadata.broker.list", NULL, "'--kafka' names the brokers" },
    { "group.id", NULL, "'--group' names the group" },
    { "enable.auto.commit", NULL, "it commits what has been told, and nothing earlier" },
    { "auto.commit.enable", NULL, "it commits what has been told, and nothing earlier" },
    { "enable.auto.offset.store", NULL, "it commits what has been told, and nothing earlier" },
    { "auto.offset.reset", NULL, "a group that has read nothing yet begins with the first line" },
    { "enable.partition.eof", NULL, "time-outs begin where a partition ends" },
    { "partition.assignment.strategy", "cooperative-sticky",
      "partitions are given back all at once; 'range' and 'roundrobin' do that" },
    { "enable.idempotence", NULL, "records have to stay in their order" },
    { "acks", NULL, "what one broker alone has may be lost" },
    { "request.required.acks", NULL, "what one broker alone has may be lost" },
    { "transactional.id", NULL, "it makes no transactions" },
    { "partitioner", "random", "what is about one device or SA has to stay in one partition" },
};

static bool is_own(const char *key, struct text value, char *why, size_t room)
{
    for (size_t n = 0; n < COUNT_OF(own_settings); n++) {
        struct text rest = value, word;
        bool own = strcmp(key, own_settings[n].key) == 0 && !own_settings[n].value;
        while (!own && strcmp(key, own_settings[n].key) == 0 && text_cut(&rest, ',', &word))
            own = text_equal(text_trim(word), text_of(own_settings[n].value));
        if (own) {
            snprintf(why, room, "the program needs the setting '%s' itself: %s", key, own_settings[n].why);
            return true;
        }
    }
    return false;
}

/* KEY=VALUE as the user gave it; the reason never holds the value. */
static bool set_one(rd_kafka_conf_t *conf, struct text setting, char *why, size_t room)
{
    char key[128], *value;
    size_t equals = text_find_byte(setting, '=');
    if (equals == TEXT_NOWHERE || equals == 0 || equals >= sizeof key) {
        snprintf(why, room, "a setting is KEY=VALUE");
        return false;
    }
    snprintf(key, sizeof key, "%.*s", (int)equals, setting.at);
    if (is_own(key, text_from(setting, equals + 1), why, room))
        return false;
    size_t len = setting.len - equals - 1;
    value = memory_take(len + 1);
    memcpy(value, setting.at + equals + 1, len);
    bool ok = rd_kafka_conf_set(conf, key, value, NULL, 0) == RD_KAFKA_CONF_OK;
    if (!ok)
        snprintf(why, room, "librdkafka does not take what is given for its setting '%s'", key);
    platform_wipe(value, len);
    memory_free(value);
    return ok;
}

static bool set_given(struct kafka *k, rd_kafka_type_t type, rd_kafka_conf_t *conf, char *why, size_t room)
{
    bool ok = true;
    for (size_t n = 0; n < k->i->kafka_option.count && ok; n++)
        ok = set_one(conf, text_of(k->i->kafka_option.at[n]), why, room);
    struct source *from = ok && option_given(&k->i->kafka_secrets)
                              ? source_open_secret(option_last(&k->i->kafka_secrets, ""), &k->err)
                              : NULL;
    if (!from)
        return ok && !k->err.kind;
    if (type == RD_KAFKA_PRODUCER && keyfile_others_can_read(option_last(&k->i->kafka_secrets, "")))
        warn(option_given(&k->i->quiet), "'%s' holds secrets and others can read it; 'chmod 600' it",
             option_last(&k->i->kafka_secrets, ""));
    size_t whole = SECRETS_MAX, len = 0;
    char *text = platform_secret_pages(&whole);
    for (size_t n; len < SECRETS_MAX && (n = source_read(from, text + len, SECRETS_MAX - len)) > 0;)
        len += n;
    source_close(from);
    struct text rest = text_over(text, len), line;
    while (ok && text_cut(&rest, '\n', &line)) {
        line = text_trim(line);
        ok = !line.len || line.at[0] == '#' || set_one(conf, line, why, room);
    }
    platform_secret_release(text, whole);
    return ok;
}

/* How large a message may be: as the user gave it, or as the brokers turned out to want it. */
static bool set_size(struct kafka *k, rd_kafka_conf_t *conf, char *why, size_t room)
{
    char size[24];
    size_t len = sizeof size;
    if (k->message_max) {
        snprintf(size, sizeof size, "%zu", k->message_max);
        return rd_kafka_conf_set(conf, "message.max.bytes", size, why, room) == RD_KAFKA_CONF_OK;
    }
    uint64_t most = 0;
    if (rd_kafka_conf_get(conf, "message.max.bytes", size, &len) == RD_KAFKA_CONF_OK)
        text_number(text_of(size), 10, &most);
    k->message_max = most;
    if (most < MESSAGE_LEAST)
        snprintf(why, room, "fewer than %d octets ('message.max.bytes') are too few for a record", MESSAGE_LEAST);
    return most >= MESSAGE_LEAST;
}

static rd_kafka_t *client(struct kafka *k, rd_kafka_type_t type, const char *const (*settings)[2])
{
    char why[512] = "";
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_opaque(conf, k);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, on_log);
    if (type == RD_KAFKA_CONSUMER)
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    else
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_t *made = NULL;
    bool ok = rd_kafka_conf_set(conf, "bootstrap.servers", option_last(&k->i->kafka, ""), why, sizeof why) == RD_KAFKA_CONF_OK;
    for (; ok && (*settings)[0]; settings++)
        ok = rd_kafka_conf_set(conf, (*settings)[0], (*settings)[1], why, sizeof why) == RD_KAFKA_CONF_OK;
    ok = ok && set_given(k, type, conf, why, sizeof why) && (type == RD_KAFKA_CONSUMER || set_size(k, conf, why, sizeof why));
    if (ok)
        made = rd_kafka_new(type, conf, why, sizeof why);
    if (!made) {
        rd_kafka_conf_destroy(conf);
        fail(&k->err, ERROR_USAGE, "Kafka at '%s' cannot be used: %s", option_last(&k->i->kafka, ""), why);
    }
    return made;
}

static bool reachable(struct kafka *k)
{
    const struct rd_kafka_metadata *all;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(k->producer, k->in, NULL);
    rd_kafka_resp_err_t e = topic ? rd_kafka_metadata(k->producer, 0, topic, &all, ANSWER_MS) : rd_kafka_last_error();
    if (e)
        fail(&k->err, ERROR_INPUT, "cannot reach Kafka at '%s': %s", option_last(&k->i->kafka, ""), rd_kafka_err2str(e));
    else {
        if (all->topic_cnt != 1 || all->topics[0].err)
            fail(&k->err, ERROR_INPUT, "Kafka at '%s' has no topic '%s' to read: %s", option_last(&k->i->kafka, ""), k->in,
                 rd_kafka_err2str(all->topic_cnt == 1 ? all->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART));
        rd_kafka_metadata_destroy(all);
    }
    if (topic)
        rd_kafka_topic_destroy(topic);
    return !k->err.kind;
}

static bool start(struct kafka *k)
{
    const char *const consumer[][2] = {
        { "group.id", option_last(&k->i->group, "") },
        { "enable.auto.commit", "false" },
        { "enable.auto.offset.store", "false" },
        { "auto.offset.reset", "earliest" },
        { "enable.partition.eof", "true" },
        { "session.timeout.ms", "6000" },
        { "heartbeat.interval.ms", "1000" },
        { "queued.max.messages.kbytes", "16384" },
        { NULL, NULL },
    };
    static const char *const producer[][2] = {
        { "enable.idempotence", "true" },
        { "linger.ms", "5" },
        { "queue.buffering.max.kbytes", "65536" },
        { NULL, NULL },
    };
    k->producer = client(k, RD_KAFKA_PRODUCER, producer);
    if (!k->producer || !reachable(k) || !(k->consumer = client(k, RD_KAFKA_CONSUMER, consumer)))
        return false;
    const size_t room = (k->message_max - LINE_FRAME) / ESCAPED;
    k->options.lines = room < LINE_MOST ? room : LINE_MOST;
    rd_kafka_poll_set_consumer(k->consumer);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, k->in, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t e = rd_kafka_subscribe(k->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    return !e || fail(&k->err, ERROR_INPUT, "cannot read the Kafka topic '%s': %s", k->in, rd_kafka_err2str(e));
}

static bool read_options(struct kafka *k)
{
    const struct invocation *i = k->i;
    if (!option_given(&i->group) || !option_given(&i->in_topic) || !option_given(&i->out_topic))
        return fail(&k->err, ERROR_USAGE, "'--kafka' needs '--group GROUP', '--topic TOPIC' and '--out TOPIC'");
    if (i->inputs.count || i->follow.count || option_given(&i->output) || option_given(&i->checkpoint) ||
        option_given(&i->confirm))
        return fail(&k->err, ERROR_USAGE,
                    "with '--kafka' lines and records go through Kafka alone: no FILE, '--follow', '--output', '--checkpoint' or "
                    "'--confirm'");
    uint64_t devices = option_number(&i->max_devices, 10000), sas = option_number(&i->max_sas, 100000),
             seconds = option_number(&i->timeout, 120);
    const char *stage = option_last(&i->stage, "devices");
    k->joins = strcmp(stage, "join") == 0;
    int64_t timeout_ns = (int64_t)seconds * 1000000000;
    k->join = (struct join_options){ (uint32_t)sas, LIMIT_MEETINGS, timeout_ns };
    k->options = (struct stream_options){ .device_field = option_last(&i->device_field, NULL),
                                          .max_devices = (uint32_t)devices,
                                          .max_sas = (uint32_t)sas,
                                          .timeout_ns = timeout_ns,
                                          .own_time = true };
    k->in = option_last(&i->in_topic, "");
    k->out = option_last(&i->out_topic, "");
    k->sas = arena_format(k->scratch, "%s-sas", k->out).at;
    return strcmp(k->in, k->out) != 0 ||
           fail(&k->err, ERROR_USAGE, "'--topic' and '--out' are both '%s': it would read what it writes", k->in);
}

static void serve(struct kafka *k)
{
    if (start(k)) {
        k->committed = clock_ns(CLOCK_MONOTONIC);
        loop(k);
        leaving = k->err.kind ? EXIT_TROUBLE : EXIT_DONE;
        k->closing = true;
        rd_kafka_consumer_close(k->consumer); /* gives the partitions back: on_rebalance commits */
        k->closing = false;
        alarm(0);
    }
    claims_end(k);
    if (k->consumer)
        rd_kafka_destroy(k->consumer);
    if (k->producer)
        rd_kafka_destroy(k->producer);
    k->consumer = k->producer = NULL;
}

/* A topic may be set to take less than its brokers do, and tells so only where it is given more. Then all since the last commit
 * is read again, and told in smaller pieces. */
static bool go_smaller(struct kafka *k)
{
    if (!k->refused || stopping || k->message_max / 2 < MESSAGE_LEAST)
        return false;
    warn(option_given(&k->i->quiet), "%s; from now on %zu octets are written at once ('message.max.bytes'), and not %zu",
         k->err.text, k->message_max / 2, k->message_max);
    k->message_max /= 2;
    k->refused = false;
    k->err = (struct error){ 0 };
    return true;
}

int kafka_stream(const struct invocation *i)
{
    struct arena *names = arena_create();
    struct kafka k = { .i = i, .scratch = names };
    struct sigaction act = { .sa_handler = stop }, gone = { .sa_handler = leave };
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGALRM, &gone, NULL);
    bool ready = read_options(&k);
    k.scratch = arena_create();
    if (ready)
        do
            serve(&k);
        while (go_smaller(&k));
    if (k.err.kind)
        warn(false, "%s", k.err.text);
    if (k.left_out)
        warn(option_given(&i->quiet), "%llu records had more than %zu octets ('message.max.bytes') and were left out",
             (unsigned long long)k.left_out, k.message_max);
    bool ok = !k.err.kind;
    arena_destroy(k.scratch);
    arena_destroy(names);
    return ok ? EXIT_DONE : EXIT_TROUBLE;
}

#endif
