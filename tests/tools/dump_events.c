/* dump_events [-pieces N] FILE…: one line per event of a text input, and the accounting; for looking at what the parser makes of
 * a log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser/parser.h"

static void print_facts(const struct fact *f, int depth)
{
    for (; f; f = f->next) {
        printf(" %s=", f->name ? f->name : "");
        const char *name;
        switch (f->kind) {
        case FACT_NUMBER:
        case FACT_BOOL:
            printf("%llu", (unsigned long long)f->as.number);
            break;
        case FACT_CODE:
            name = f->registry ? registry_name((enum registry)f->registry, f->as.number) : NULL;
            if (f->registry)
                printf("%s", name ? name : "?");
            else
                printf("'%.*s'", TEXT_ARGS(f->as.text));
            break;
        case FACT_TEXT:
            printf("\"%.*s\"", TEXT_ARGS(f->as.text));
            break;
        case FACT_OCTETS:
            printf("<%zu>", f->as.octets.len);
            break;
        case FACT_ADDRESS: {
            struct buffer b;
            buffer_init(&b, 100);
            address_print(f->as.address, &b);
            printf("%.*s", TEXT_ARGS(buffer_view(&b)));
            buffer_clear(&b);
            break;
        }
        default:
            printf("{");
            if (depth < 10)
                print_facts(f->as.child, depth + 1);
            printf(" }");
        }
    }
}

static void take(void *context, struct event *e)
{
    const struct model *m = context;
    struct buffer b;
    buffer_init(&b, 1000);
    stamp_print(e->time, &b);
    printf("%u+%u %.*s [%.*s] %s/%s", e->line, e->lines, TEXT_ARGS(buffer_view(&b)), TEXT_ARGS(m->devices[e->device].name),
           event_kind_name((enum event_kind)e->kind), event_code_row((enum event_code)e->code)->name);
    buffer_reset(&b);
    if (e->has & HAS_SPI_I) {
        buffer_byte(&b, ' ');
        spi_print(e->spi_i, &b);
    }
    if (e->has & HAS_SPI_R) {
        buffer_byte(&b, '/');
        spi_print(e->spi_r, &b);
    }
    if (e->has & HAS_LOCAL) {
        buffer_string(&b, " L=");
        endpoint_print(e->local, &b);
    }
    if (e->has & HAS_REMOTE) {
        buffer_string(&b, " R=");
        endpoint_print(e->remote, &b);
    }
    printf("%.*s", TEXT_ARGS(buffer_view(&b)));
    buffer_clear(&b);
    if (e->has & HAS_SESSION_ID)
        printf(" session=%u", e->session_id);
    if (e->has & HAS_SA_ID)
        printf(" sa=%u", e->sa_id);
    if (e->has & HAS_MSGID)
        printf(" mid=%u", e->msgid);
    if (e->has & HAS_ROLE)
        printf(" (%c)", e->role == SIDE_INITIATOR ? 'I' : 'R');
    if (e->kind == EVENT_SM_TRANSITION)
        printf(" %s %s", e->state, e->event);
    else
        printf(" '%.*s'", TEXT_ARGS(e->text));
    print_facts(e->facts, 0);
    putchar('\n');
    if (e->message) {
        printf("    x=%u flags=%02x len=%u prot=%u decr=%u frag=%u", e->message->exchange, e->message->flags, e->message->length,
               e->message->protection, e->message->decryption, e->message->fragment);
        for (const struct payload *p = e->message->payloads; p; p = p->next) {
            printf("\n      %s(%u)%s", payload_notation(p->type), p->length, p->encrypted ? "*" : "");
            print_facts(p->facts, 0);
        }
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    size_t piece = 1 << 18;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-pieces") == 0 && i + 1 < argc) {
            piece = (size_t)strtoul(argv[++i], NULL, 10);
            continue;
        }
        FILE *f = fopen(argv[i], "rb");
        if (!f)
            continue;
        struct model *m = model_create();
        m->options.keep_events = m->options.keep_payloads = m->options.show_unparsed = true;
        model_add_input(m, text_of(argv[i]), text_of(argv[i]));
        struct parser *p = parser_create(m, 0, INPUT_UNKNOWN, (struct event_taker){ take, m });
        static uint8_t block[1 << 18];
        for (size_t n; (n = fread(block, 1, piece && piece < sizeof block ? piece : sizeof block, f)) > 0;)
            parser_feed(p, (struct bytes){ block, n });
        parser_finish(p);
        const struct input *in = model_input(m, 0);
        printf("== %s %s %.*s total %llu event %llu continuation %llu noise %llu blank %llu unparsed %llu\n", argv[i],
               in->kind ? input_kind_name(in->kind) : "?", TEXT_ARGS(m->devices[in->device].name),
               (unsigned long long)in->line_total, (unsigned long long)in->lines[0], (unsigned long long)in->lines[1],
               (unsigned long long)in->lines[2], (unsigned long long)in->lines[3], (unsigned long long)in->lines[4]);
        for (const struct unparsed_line *u = in->unparsed; u; u = u->next)
            printf("   unparsed %u: %.*s\n", u->line, TEXT_ARGS(u->text));
        for (const struct trouble *t = in->troubles; t; t = t->next)
            printf("   trouble %s line %u: %.*s\n", t->rule, t->place, TEXT_ARGS(t->text));
        for (const struct part *q = in->parts; q; q = q->next)
            printf("   part %s [%.*s] %u-%u\n", input_kind_name(q->kind), TEXT_ARGS(m->devices[q->device].name), q->first_line,
                   q->last_line);
        for (const struct record *q = m->records; q; q = q->next)
            printf("   record %s '%.*s' %u-%u\n", q->name, TEXT_ARGS(q->title), q->first_line, q->last_line);
        parser_destroy(p);
        model_destroy(m);
        fclose(f);
    }
    return 0;
}
