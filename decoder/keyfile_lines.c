#include "decoder/keyfile_lines.h"

#include "base/platform.h"

enum { LONGEST_LINE = 1 << 16 };

struct key_lines key_lines_over(struct source *from, struct keyring *into)
{
    struct key_lines l = { .from = from, .room = LONGEST_LINE, .first = true };
    keyring_prepare(into);
    l.at = platform_secret_pages(&l.room);
    return l;
}

void key_lines_end(struct key_lines *l)
{
    platform_secret_release(l->at, l->room);
    l->at = NULL;
}

static bool raw_line(struct key_lines *l, struct text *line)
{
    for (;;) {
        char *end = memchr(l->at + l->used, '\n', l->len - l->used);
        if (end) {
            *line = text_over(l->at + l->used, (size_t)(end - (l->at + l->used)));
            l->used = (size_t)(end - l->at) + 1;
            if (l->cut) {
                l->cut = false;
                continue;
            }
            return true;
        }
        if (l->used) {
            memmove(l->at, l->at + l->used, l->len - l->used);
            platform_wipe(l->at + l->len - l->used, l->used);
            l->len -= l->used;
            l->used = 0;
        }
        if (l->len == LONGEST_LINE) { /* no key is so long: give what is there, and go on behind the line's end */
            *line = text_over(l->at, l->len);
            l->used = l->len;
            if (l->cut)
                continue;
            return l->cut = true;
        }
        size_t n = source_read(l->from, l->at + l->len, LONGEST_LINE - l->len);
        l->len += n;
        if (n == 0) {
            *line = text_over(l->at, l->len);
            l->used = l->len;
            return line->len > 0 && !l->cut;
        }
    }
}

bool key_lines_next(struct key_lines *l, struct text *line)
{
    if (!raw_line(l, line))
        return false;
    if (line->len && line->at[line->len - 1] == '\r')
        line->len--;
    if (l->first && text_starts(*line, TEXT("\xef\xbb\xbf")))
        *line = text_from(*line, 3);
    l->first = false;
    return true;
}
