#include "cli/order.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/source.h"
#include "decoder/decoder.h"

enum { LOOK_AHEAD = 1 << 14 };

struct looked {
    struct input_file file;
    bool keys, capture; /* capture: one whose first frame has a time */
    int64_t ns;
};

/* Only files are looked at: a pipe gives its octets once. */
static void look(struct looked *l)
{
    struct stat st;
    struct error err = { 0 };
    l->keys = l->file.keys || l->file.psk;
    if (l->keys || stat(l->file.path, &st) != 0 || !S_ISREG(st.st_mode))
        return;
    struct source *from = source_open(l->file.path, &err);
    if (!from)
        return;
    struct bytes first = source_peek(from, LOOK_AHEAD);
    bool capture = l->file.forced == INPUT_CAPTURE || (!l->file.forced && decoder_recognise(first));
    l->capture = capture && decoder_begins(first, &l->ns);
    source_close(from);
}

/* Each capture moves before those that begin later, in the places where captures stand. */
static void sort_captures(struct looked *at, size_t count)
{
    size_t *places = memory_take((count ? count : 1) * sizeof *places), captures = 0;
    for (size_t i = 0; i < count; i++)
        if (at[i].capture)
            places[captures++] = i;
    for (size_t i = 1; i < captures; i++) { /* mostly in order, or few */
        struct looked moved = at[places[i]];
        size_t to = i;
        for (; to > 0 && at[places[to - 1]].ns > moved.ns; to--)
            at[places[to]] = at[places[to - 1]];
        at[places[to]] = moved;
    }
    memory_free(places);
}

void order_inputs(struct input_files *files)
{
    if (files->count < 2)
        return;
    struct looked *at = memory_take(files->count * sizeof *at);
    for (size_t i = 0; i < files->count; i++) {
        at[i].file = files->at[i];
        look(&at[i]);
    }
    sort_captures(at, files->count);
    size_t n = 0;
    for (int keys = 1; keys >= 0; keys--)
        for (size_t i = 0; i < files->count; i++)
            if (at[i].keys == (keys == 1))
                files->at[n++] = at[i].file;
    memory_free(at);
}
