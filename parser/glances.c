#include "parser/glances.h"

#include "parser/scan.h"

void glances_read(struct glances *g, struct text text, struct face_memo *memo)
{
    const char *at = text.at, *end = at + text.len, *lf;
    g->text = text;
    g->count = 0;
    while (g->count < GLANCES_MOST && at < end && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        struct glance *l = &g->lines[g->count++];
        l->text = text_over(at, (size_t)(lf - at));
        while (l->text.len && l->text.at[l->text.len - 1] == '\r')
            l->text.len--;
        face_read(memo, scan_trim_end(l->text), &l->face);
        at = lf + 1;
    }
    g->upto = (size_t)(at - text.at);
}
