#include "cli/order.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/source.h"
#include "decoder/decoder.h"

enum { LOOK_AHEAD = 1 << 14 };

struct looked {
    struct input_file file;
    bool keys, capture; /* capture: one whose first frame has a time */
    int64_t ns;
    struct text base; /* the path without the number of a log that was put by: "r1.log" of "r1.log.2.gz" … */
    uint64_t age;     /* … and that number; 0: there is none */
    size_t place;
};

static void read_age(struct looked *l)
{
    static const char *const packed[] = { ".gz", ".zst", ".xz" };
    struct text path = text_of(l->file.path);
    for (size_t i = 0; i < COUNT_OF(packed); i++)
        if (text_ends(path, text_of(packed[i])))
            path.len -= strlen(packed[i]);
    l->base = path;
    struct text left = path;
    while (left.len && text_is_digit(left.at[left.len - 1]))
        left.len--;
    if (left.len > 1 && left.len < path.len && left.at[left.len - 1] == '.' && path.at[left.len] != '0' &&
        text_number(text_from(path, left.len), 10, &l->age))
        l->base.len = left.len - 1;
}

/* Only files are looked at: a pipe gives its octets once. */
static void look(struct looked *l)
{
    struct stat st;
    struct error err = { 0 };
    l->keys = l->file.keys || l->file.psk;
    read_age(l);
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

static int by_base(const void *a, const void *b)
{
    const struct looked *x = *(const struct looked *const *)a, *y = *(const struct looked *const *)b;
    size_t least = x->base.len < y->base.len ? x->base.len : y->base.len;
    int order = memcmp(x->base.at, y->base.at, least);
    if (!order && x->base.len != y->base.len)
        order = x->base.len < y->base.len ? -1 : 1;
    return order ? order : x->age != y->age ? (x->age > y->age ? -1 : 1) : (x->place > y->place) - (x->place < y->place);
}

static int by_place(const void *a, const void *b)
{
    const struct looked *x = *(const struct looked *const *)a, *y = *(const struct looked *const *)b;
    return (x->place > y->place) - (x->place < y->place);
}

/* Logs that were rotated stand oldest first, the one that is still written last, in the places where those of their name stand.
 */
static void sort_rotated(struct looked *at, size_t count)
{
    struct looked *was = memory_take(count * sizeof *was), **sorted = memory_take(count * sizeof *sorted),
                  **places = memory_take(count * sizeof *places);
    for (size_t i = 0; i < count; i++) {
        at[i].place = i;
        was[i] = at[i];
        sorted[i] = places[i] = &was[i];
    }
    qsort((void *)sorted, count, sizeof *sorted, by_base);
    memcpy((void *)places, (void *)sorted, count * sizeof *places);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && text_equal(sorted[to]->base, sorted[from]->base); to++) {}
        if (sorted[to - 1]->age) /* none is still written: parts of one log are counted upwards */
            continue;
        qsort((void *)(places + from), to - from, sizeof *places, by_place);
        for (size_t i = from; i < to; i++)
            at[places[i]->place] = *sorted[i];
    }
    memory_free(was);
    memory_free((void *)sorted);
    memory_free((void *)places);
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
    sort_rotated(at, files->count);
    sort_captures(at, files->count);
    size_t n = 0;
    for (int keys = 1; keys >= 0; keys--)
        for (size_t i = 0; i < files->count; i++)
            if (at[i].keys == (keys == 1))
                files->at[n++] = at[i].file;
    memory_free(at);
}
