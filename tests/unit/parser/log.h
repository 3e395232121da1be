/* A log in a string, fed to the parser; the events are kept as lines of text to look at. */
#ifndef IKESCOPE_TESTS_PARSER_LOG_H
#define IKESCOPE_TESTS_PARSER_LOG_H

#include <stdio.h>
#include <stdlib.h>

#include "parser/parser.h"
#include "test.h"

enum { LOG_EVENTS = 8192 };

struct seen {
    uint32_t line, lines, device, msgid, sa_id, session_id, has;
    uint16_t code;
    uint8_t kind, role, direction, exchange, decryption, protection, fragment;
    uint16_t types;
    const char *state, *event;
    char text[400], types_text[200];
    struct spi spi_i, spi_r;
    struct stamp time;
};

struct log {
    struct model *model;
    struct seen *seen;
    size_t count;
    struct fact *facts[LOG_EVENTS];
    struct message *messages[LOG_EVENTS];
};

static void log_take(void *context, struct event *e)
{
    struct log *l = context;
    if (l->count >= LOG_EVENTS)
        return;
    struct seen *s = &l->seen[l->count];
    *s = (struct seen){ .line = e->line,
                        .lines = e->lines,
                        .device = e->device,
                        .msgid = e->msgid,
                        .sa_id = e->sa_id,
                        .session_id = e->session_id,
                        .has = e->has,
                        .code = e->code,
                        .kind = e->kind,
                        .role = e->role,
                        .state = e->state,
                        .event = e->event,
                        .spi_i = e->spi_i,
                        .spi_r = e->spi_r,
                        .time = e->time };
    snprintf(s->text, sizeof s->text, "%.*s", TEXT_ARGS(e->text));
    l->facts[l->count] = facts_copy(l->model->run, e->facts);
    if (e->message) {
        const struct message *m = e->message;
        s->direction = m->direction;
        s->exchange = m->exchange;
        s->decryption = m->decryption;
        s->protection = m->protection;
        s->fragment = m->fragment;
        for (const struct payload *p = m->payloads; p; p = p->next) {
            size_t n = strlen(s->types_text);
            const char *name = payload_notation(p->type);
            snprintf(s->types_text + n, sizeof s->types_text - n, "%s%s", n ? " " : "", name ? name : "?");
        }
        l->messages[l->count] = message_copy(l->model->run, m, true);
    }
    l->count++;
}

static inline struct log *log_read(const void *octets, size_t len, size_t piece, const char *name)
{
    struct log *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->seen = calloc(LOG_EVENTS, sizeof *l->seen);
    l->model = model_create();
    l->model->options.keep_events = l->model->options.keep_payloads = l->model->options.show_unparsed = true;
    model_add_input(l->model, text_of(name), text_of(name));
    struct parser *p = parser_create(l->model, 0, INPUT_UNKNOWN, (struct event_taker){ log_take, l });
    const uint8_t *at = octets;
    for (size_t i = 0; i < len; i += piece)
        parser_feed(p, (struct bytes){ at + i, len - i < piece ? len - i : piece });
    parser_finish(p);
    parser_destroy(p);
    const struct input *in = model_input(l->model, 0);
    uint64_t sum = 0;
    for (int c = 0; c < LINE_CLASS_COUNT; c++)
        sum += in->lines[c];
    CHECK_NUMBER(sum, in->line_total);
    return l;
}

static inline struct log *log_of(const char *text)
{
    return log_read(text, strlen(text), 1 << 18, "x.log");
}

static inline void log_free(struct log *l)
{
    model_destroy(l->model);
    free(l->seen);
    free(l);
}

static inline const struct input *log_input(const struct log *l)
{
    return model_input(l->model, 0);
}

static inline const char *log_device(const struct log *l, size_t i)
{
    static char name[64];
    snprintf(name, sizeof name, "%.*s", TEXT_ARGS(l->model->devices[l->seen[i].device].name));
    return name;
}

static inline size_t log_count(const struct log *l, enum event_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < l->count; i++)
        n += l->seen[i].kind == kind;
    return n;
}

#endif
