/* What a whole log went through on its way: cut at a width, numbered, quoted, its order turned, packed, in two octets a character.
 * A row is a way; what it makes may go through another one. */
#ifndef IKESCOPE_TESTS_DRESSES_OF_H
#define IKESCOPE_TESTS_DRESSES_OF_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

static const struct dress {
    const char *before, *after; /* of each line; a %u is its number */
    uint8_t width, indent;      /* lines are cut at so many octets, and the rests indented; 0: they are not */
    bool at_blanks, turned, twice, two_octets;
} dresses[] = {
    { .after = "\n", .width = 80 },
    { .after = "\n", .width = 80, .indent = 2 },
    { .after = "\n", .width = 72, .at_blanks = true },
    { .after = "\n", .width = 100, .at_blanks = true, .indent = 4 },
    { .before = "<189>May  1 12:00:00 r24 ", .after = "\n", .width = 80 },
    { .before = "%5u: ", .after = "\n" },
    { .before = "r1.log:%u:", .after = "\n" },
    { .before = "> ", .after = "\n" },
    { .before = "| ", .after = " |\n" },
    { .before = "<p>", .after = "</p>\n" },
    { .before = "    ", .after = "\n" },
    { .before = "{\"host\": \"r1\", \"message\": \"", .after = "\"}\n" },
    { .before = "\"2026-11-03T08:00:00.123Z\",\"r1\",\"", .after = "\"\n" },
    { .before = "May  1 12:00:00 r%u ", .after = "\n" },
    { .after = "\n\n" },
    { .after = "\r\n" },
    { .after = "\r" },
    { .after = "#012" },
    { .after = "\n", .turned = true },
    { .after = "\n", .twice = true },
    { .after = "\n", .two_octets = true },
};

struct dressed {
    uint8_t *at;
    size_t len, most;
};

static void dressed_put(struct dressed *d, const char *at, size_t len, bool two_octets)
{
    for (size_t i = 0; i < len && d->len + 2 <= d->most; i++) {
        d->at[d->len++] = (uint8_t)at[i];
        if (two_octets)
            d->at[d->len++] = 0;
    }
}

static void dressed_around(struct dressed *d, const char *form, unsigned number, bool two_octets)
{
    char text[80];
    const char *at = form ? strstr(form, "%") : NULL, *u = at ? strchr(at, 'u') : NULL;
    if (!u) {
        dressed_put(d, form ? form : "", form ? strlen(form) : 0, two_octets);
        return;
    }
    dressed_put(d, form, (size_t)(at - form), two_octets);
    dressed_put(d, text, (size_t)snprintf(text, sizeof text, at[1] == 'u' ? "%u" : "%5u", number), two_octets);
    dressed_put(d, u + 1, strlen(u + 1), two_octets);
}

static void dressed_line(struct dressed *d, const struct dress *w, struct text line, unsigned number)
{
    static const char blanks[] = "        ";
    for (size_t piece = 0, n; piece == 0 || line.len; piece++, line = text_from(line, n)) {
        const size_t indent = piece ? w->indent : 0, room = w->width ? w->width - indent : line.len;
        n = line.len < room ? line.len : room;
        while (w->at_blanks && n < line.len && n > 1 && line.at[n - 1] != ' ')
            n--;
        if (n == 0 && line.len)
            n = 1;
        dressed_around(d, w->before, number, w->two_octets);
        dressed_put(d, blanks, indent, w->two_octets);
        dressed_put(d, line.at, n, w->two_octets);
        dressed_put(d, w->after, strlen(w->after), w->two_octets);
    }
}

/* dresses_wear writes the log as that way leaves it, up to `most` octets of it; its length. */
static size_t dresses_wear(size_t way, struct text log, uint8_t *at, size_t most)
{
    const struct dress *w = &dresses[way % COUNT_OF(dresses)];
    struct dressed d = { at, 0, most };
    struct text line;
    unsigned number = 0;
    while (log.len && d.len + 2 <= most) {
        if (w->turned) { /* the last line first */
            const size_t end = log.len - (log.at[log.len - 1] == '\n');
            size_t begin = end;
            while (begin && log.at[begin - 1] != '\n')
                begin--;
            line = text_over(log.at + begin, end - begin);
            log.len = begin;
        } else if (!text_cut(&log, '\n', &line)) {
            break;
        }
        number++;
        for (int times = w->twice ? 2 : 1; times; times--)
            dressed_line(&d, w, line, number);
    }
    return d.len;
}

#endif
