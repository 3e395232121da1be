#include "parser/typed.h"

#include <string.h>

#include "base/limits.h"
#include "parser/fields.h"
#include "parser/state.h"

enum {
    OBJECTS_LEAST = 3, /* of which a configuration of a tunnel consists, at the least */
    ROUTERS_MOST = 64, /* of one input: each is looked for among all that was typed */
    BACK_MOST = 256,   /* lines: who takes something back typed it not long before */
    BELOW_MOST = 3     /* lines between a command and what refuses it: the mark below the word */
};

void typed_clear(struct typed *t)
{
    arena_destroy(t->arena);
    memory_free(t->lines);
    *t = (struct typed){ 0 };
}

void typed_add(struct parser *p, uint32_t device, struct text command, uint32_t line)
{
    static const char *const nothing[] = { "end", "exit", "do", "^Z", NULL };
    struct typed *t = &p->typed;
    struct text rest = command, word;
    if (p->live || !text_word(&rest, &word) || text_in(word, nothing) || word.at[0] == '!' || word.at[0] == '$')
        return; /* the last: the line was too long for the terminal, and its beginning is gone */
    if (command.at[command.len - 1] == '?')
        return; /* what may stand there? */
    if (t->count >= LIMIT_SECTION_LINES) {
        parser_over(p, OVER_SECTION_LINES, line);
        return;
    }
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 64;
        t->lines = memory_grow(t->lines, t->room * sizeof *t->lines);
    }
    if (!t->arena)
        t->arena = arena_create();
    t->lines[t->count++] = (struct typed_line){ .command = arena_text(t->arena, command), .line = line, .device = device };
}

void typed_answered(struct parser *p, struct text answer, uint32_t line)
{
    static const char *const refusals[] = { "% Invalid input", "% Incomplete", "% Unknown", "% Ambiguous" };
    struct typed *t = &p->typed;
    if (!t->count || line - t->lines[t->count - 1].line > BELOW_MOST)
        return;
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (text_starts(answer, text_of(refusals[i]))) {
            t->count--;
            return;
        }
}

static bool opens_object(struct text command)
{
    static const char *const openers[] = { "crypto", "interface", "tunnel-group", "peer" };
    struct text rest = command, first, second, third;
    if (!text_word(&rest, &first) || first.len < 2)
        return false;
    if (text_word(&rest, &second) && text_equal(second, TEXT("map")) && text_word(&rest, &third) && !text_trim(rest).len)
        return false; /* an interface's */
    for (size_t i = 0; i < COUNT_OF(openers); i++)
        if (text_starts(text_of(openers[i]), first))
            return true;
    return text_equal(first, TEXT("ip")) && text_starts(second, TEXT("access-l"));
}

/* Does one begin as the other, whose last word is whole, but others may be abbreviated in either? */
static bool begins_as(struct text line, struct text command)
{
    struct text want, word = { NULL, 0 };
    while (text_word(&command, &want)) {
        if (!text_word(&line, &word) || !(text_starts(want, word) || text_starts(word, want)))
            return false;
        if (!command.len && !text_equal(word, want))
            return false;
    }
    return word.len != 0;
}

/* "no COMMAND" takes away the last such command of the object, and with one that opens an object all that is in it. */
static bool takes_back(struct typed_line **lines, size_t count, struct text command, struct text object)
{
    const bool opener = opens_object(command);
    for (size_t back = 1; back <= count && back <= BACK_MOST; back++) {
        struct typed_line *found = lines[count - back];
        if (found->gone || !begins_as(found->command, command) || !(opener || text_equal(found->object, object)))
            continue;
        for (size_t i = count - back; i < count; i++)
            if (lines[i] == found || (opener && text_equal(lines[i]->object, found->object)))
                lines[i]->gone = true;
        return true;
    }
    return false;
}

/* Does that build a tunnel's configuration: several objects, and how the ends prove who they are? */
static bool builds_one(const struct section *s)
{
    static const char *const proofs[] = { "authentication ", "pre-shared-key ", "ikev2 local-authentication ",
                                          "ikev2 remote-authentication " };
    size_t objects = 0;
    bool proves = false;
    for (size_t i = 0; i < s->count; i++) {
        const struct text line = s->lines[i].text;
        objects += text_starts(line, TEXT("crypto ")) || text_starts(line, TEXT("tunnel-group "));
        for (size_t k = 0; k < COUNT_OF(proofs); k++)
            proves = proves || text_starts(line, text_of(proofs[k]));
    }
    return objects >= OBJECTS_LEAST && proves;
}

/* Was what the router's tunnels consist of printed as well? Its interfaces alone may be. */
static bool is_printed(const struct parser *p, uint32_t device)
{
    static const char *const objects[] = { "ikev2-profile", "ikev2-keyring", "ipsec-profile", "crypto-map", "tunnel-group" };
    for (const struct record *r = p->model->records; r; r = r->next)
        for (size_t i = 0; i < COUNT_OF(objects) && r->input == p->input && r->device == device; i++)
            if (strcmp(r->name, objects[i]) == 0)
                return true;
    return false;
}

/* The lines of a router, without those that took something back. */
static size_t own_lines(struct typed *t, uint32_t device, struct typed_line **own)
{
    struct text object = { NULL, 0 };
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++) {
        struct typed_line *line = &t->lines[i];
        struct text rest = line->command, word;
        if (line->device != device)
            continue;
        if (text_word(&rest, &word) && text_equal(word, TEXT("no")) && takes_back(own, count, rest, object))
            continue;
        line->object = object = opens_object(line->command) ? line->command : object;
        own[count++] = line;
    }
    return count;
}

static void read_router(struct parser *p, uint32_t device)
{
    struct typed *t = &p->typed;
    struct section s = { .model = p->model, .scratch = t->arena, .input = p->input, .device = device, .typed = true };
    s.lines = arena_take_array(t->arena, sizeof *s.lines, t->count);
    struct typed_line **own = arena_take_array(t->arena, sizeof *own, t->count);
    const size_t count = own_lines(t, device, own);
    for (size_t i = 0; i < count; i++)
        if (!own[i]->gone)
            s.lines[s.count++] = (struct section_line){ .text = own[i]->command, .number = own[i]->line };
    if (!builds_one(&s) || is_printed(p, device))
        return;
    p->kinds[INPUT_CONFIG] += s.count;
    for (size_t i = 0; i < section_reader_count; i++)
        if (section_readers[i]->kind == INPUT_CONFIG)
            section_readers[i]->read(&s);
}

void typed_end(struct parser *p)
{
    uint32_t routers[ROUTERS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < p->typed.count && count < ROUTERS_MOST; i++) {
        size_t at = 0;
        while (at < count && routers[at] != p->typed.lines[i].device)
            at++;
        if (at < count)
            continue;
        routers[count++] = p->typed.lines[i].device;
        read_router(p, p->typed.lines[i].device);
    }
}
