/* Octets as one section, to every reader of show output and configurations; as an ACL, through what analysis asks; and as two
 * configurations whose routers might be one. */
#include <assert.h>

#include "analysis/evidence.h"
#include "cli/sayings.h"
#include "parser/section.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_reader(const struct section_reader *reader, struct text t)
{
    struct model *m = model_create();
    struct arena *scratch = arena_create();
    struct section s = { .model = m, .scratch = scratch };
    model_add_input(m, TEXT("show.txt"), TEXT("show.txt"));
    size_t room = 1;
    for (size_t i = 0; i < t.len; i++)
        room += t.at[i] == '\n';
    s.lines = arena_array(scratch, struct section_line, room);
    struct text line, rest = t;
    while (s.count < room && text_cut(&rest, '\n', &line)) {
        s.lines[s.count] = (struct section_line){ .text = line, .number = (uint32_t)s.count + 1, .class = LINE_UNPARSED };
        s.count++;
    }
    reader->read(&s);
    for (struct record *r = m->records; r; r = r->next) {
        struct selector_pair *pairs = acl_selectors(r, scratch);
        struct configured *c = config_proposal(r, scratch);
        (void)record_line(r, r->last_line);
        (void)pairs;
        (void)c;
    }
    struct address peer = { .family = ADDRESS_IPV4, .octets = { 10, 0, 0, 2 } };
    (void)config_path_to(m, 0, peer, NULL);
    (void)config_offered_proposals(m, 0, peer, scratch);
    (void)config_selectors(m, 0, peer, scratch);
    evidence_join(m);
    model_destroy(m);
    arena_destroy(scratch);
}

/* The last line that names a router begins the second. Nobody contradicts himself, nor another who does not contradict him. */
static void run_sayings(struct text t)
{
    struct arena *arena = arena_create();
    struct names heads = { .arena = arena };
    struct sayings a = { .said = { 0 } }, b = a;
    struct text line, rest = t, last = { NULL, 0 };
    for (struct text at = rest; text_cut(&rest, '\n', &line); at = rest)
        last = text_starts(line, TEXT("hostname ")) ? at : last;
    sayings_read(&a, &heads, text_upto(t, t.len - last.len));
    sayings_read(&b, &heads, last);
    const struct saying *other;
    assert(!sayings_differ(&a, &a, false, &other));
    for (int addresses = 0; addresses < 2; addresses++)
        assert(!sayings_differ(&a, &b, addresses, &other) == !sayings_differ(&b, &a, addresses, &other));
    assert(!sayings_differ(&a, &b, true, &other) || sayings_differ(&a, &b, false, &other));
    sayings_clear(&a);
    sayings_clear(&b);
    map_clear(&heads.map);
    arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct text t = { (const char *)data, size };
    run_sayings(t);
    struct text command = text_upto(t, text_find_byte(t, '\n'));
    for (size_t i = 0; i < section_reader_count; i++) {
        const struct section_reader *reader = section_readers[i];
        if (reader->is_command)
            (void)reader->is_command(command);
        if (reader->begins)
            (void)reader->begins(command);
        run_reader(reader, t);
    }
    return 0;
}
