/* The files of a run that are no inputs, in one line: by why not, each group with its first names. */
#include "reporters/clean.h"
#include "reporters/words.h"

enum { NAMES = 6, GROUPS = 12 };

static bool is_first_of_group(const struct model *m, const struct not_read *of)
{
    const struct not_read *n = m->not_read;
    while (n != of && !(n->name.len && text_equal(n->why, of->why)))
        n = n->next;
    return n == of || !of->name.len;
}

static void group_print(const struct not_read *of, struct buffer *out)
{
    size_t count = 0;
    for (const struct not_read *n = of; n && of->name.len; n = n->next) {
        if (!n->name.len || !text_equal(n->why, of->why))
            continue;
        if (count++ >= NAMES)
            continue;
        buffer_string(out, count > 1 ? ", " : "");
        clean_put(out, n->name);
    }
    if (count > NAMES)
        buffer_format(out, " and %zu more", count - NAMES);
    buffer_string(out, count ? " (" : "");
    clean_put(out, of->why);
    buffer_string(out, count ? ")" : "");
}

bool not_read_print(const struct model *m, struct buffer *out)
{
    size_t groups = 0;
    for (const struct not_read *n = m->not_read; n; n = n->next) {
        if (!is_first_of_group(m, n))
            continue;
        if (groups++ >= GROUPS)
            continue;
        buffer_string(out, groups > 1 ? "; " : "");
        group_print(n, out);
    }
    if (groups > GROUPS)
        buffer_format(out, "; and more for %zu other reason%s", groups - GROUPS, groups == GROUPS + 1 ? "" : "s");
    return groups > 0;
}
