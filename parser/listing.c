#include "parser/listing.h"

#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"

enum {
    LINES_LEAST = 4,    /* in a row that must have the mark */
    LINES_LOOKED = 400, /* of an input's beginning */
    NUMBERS_LOST = 100  /* that may be missing between two lines */
};

/* The forms: what stands behind a number, or the bullet itself. The first that fits an input counts. */
static const struct form {
    const char *mark;
    bool numbered;
} forms[] = {
    { NULL, false },
    { ". ", true },
    { ") ", true },
    { " | ", true },
    { "| ", true },
    { "\t", true },
    { " ", true },
    { "- ", false },
    { "* ", false },
    { "+ ", false },
    { "\xe2\x80\xa2 ", false },
};
enum { FORMS = sizeof forms / sizeof forms[0] };

/* Takes the mark off, with one blank behind it; an empty line's mark may lack the blank. */
static bool take_mark(const struct form *form, struct text *line, uint64_t *number)
{
    struct text t = scan_skip(*line), mark = text_of(form->mark);
    size_t digits = form->numbered ? text_digits(text_upto(t, 9), 10, number) : 0;
    if (form->numbered && !digits)
        return false;
    t = text_from(t, digits);
    bool empty = t.len + 1 == mark.len && text_starts(mark, t);
    if (!empty && !text_starts(t, mark))
        return false;
    *line = text_from(t, empty ? t.len : mark.len);
    return true;
}

/* Does a log's line begin here, by what only such a line has? */
static bool begins_log(struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    bool stamped = prefix_scan(scan_skip(t), &none, &prefix) && prefix.has_time;
    return stamped || (tag_scan(prefix.rest, &tag) && tag.family != FAMILY_NONE && tag.family != FAMILY_CONTEXT);
}

/* How many lines have the form's mark: of numbered ones the longest run; of bullets those before a log's line, if no such line
 * goes without. */
static unsigned count(const struct form *form, struct text head)
{
    struct text line;
    unsigned run = 0, longest = 0, bare = 0, marked = 0;
    uint64_t last = 0, number = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        struct text behind = scan_trim_end(line);
        if (!behind.len)
            continue;
        bool has = take_mark(form, &behind, &number);
        run = has && run && number == last + 1 ? run + 1 : has ? 1 : form->numbered ? run : 0;
        last = has ? number : last;
        longest = run > longest ? run : longest;
        marked += has && begins_log(behind);
        bare += !has && begins_log(line);
    }
    if (form->numbered) /* "12 IKEv2" beside lines without: an entry's own number */
        return marked && bare <= marked ? longest : 0;
    return bare == 0 ? marked : 0;
}

void listing_detect(struct listing *l, struct text head)
{
    *l = (struct listing){ .form = 0 };
    for (unsigned i = 1; i < FORMS; i++)
        if (count(&forms[i], head) >= LINES_LEAST) {
            l->form = (uint8_t)i;
            return;
        }
}

struct text listing_strip(struct listing *l, struct text line)
{
    const struct form *form = &forms[l->form];
    struct text behind = line;
    uint64_t number = 0;
    if (!l->form || !take_mark(form, &behind, &number))
        return line;
    if (form->numbered && l->last && (number <= l->last || number - l->last > NUMBERS_LOST)) {
        if (number != 1) /* another listing begins */
            return line;
    }
    l->last = number;
    return behind;
}

struct text listing_strip_all(const struct listing *l, struct text head, struct buffer *out)
{
    struct listing own = *l;
    struct text line;
    if (!l->form)
        return head;
    while (text_cut(&head, '\n', &line)) {
        buffer_text(out, listing_strip(&own, line));
        buffer_byte(out, '\n');
    }
    return buffer_view(out);
}
