#include "parser/typed.h"

#include <string.h>

#include "base/limits.h"
#include "parser/fields.h"
#include "parser/state.h"

enum {
    OBJECTS_LEAST = 3, /* of which a configuration of a tunnel consists, at the least */
    ROUTERS_MOST = 64  /* of one input: each is looked for among all that was typed */
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
    t->lines[t->count++] = (struct typed_line){ arena_text(t->arena, command), line, device };
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

static void read_router(struct parser *p, uint32_t device)
{
    struct typed *t = &p->typed;
    struct section s = { .model = p->model, .scratch = t->arena, .input = p->input, .device = device, .typed = true };
    s.lines = arena_take_array(t->arena, sizeof *s.lines, t->count);
    for (size_t i = 0; i < t->count; i++)
        if (t->lines[i].device == device)
            s.lines[s.count++] = (struct section_line){ .text = t->lines[i].command, .number = t->lines[i].line };
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
