#include "parser/glances.h"

#include "parser/scan.h"

void glances_read(struct glances *g, struct text text, struct face_memo *memo)
{
    const char *at = text.at, *end = at + text.len, *lf;
    bool faced = false; /* the line's face was read by the sheet before it */
    g->text = text;
    g->count = 0;
    sheets_reset(&g->sheets);
    while (g->count + 1 < GLANCES_MOST && at < end && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        struct glance *l = &g->lines[g->count++];
        l->text = text_over(at, (size_t)(lf - at));
        while (l->text.len && l->text.at[l->text.len - 1] == '\r')
            l->text.len--;
        l->sheet = NULL;
        if (!faced)
            face_read(memo, scan_trim_end(l->text), &l->face);
        faced = false;
        at = lf + 1;
        if (l->face.kind == FACE_PACKET)
            l->sheet = sheet_read(&g->sheets, &l->face, text_over(at, (size_t)(end - at)), memo, &l[1].face, &faced);
        else if (l->face.kind == FACE_UNREAD && g->count > 1 && l[-1].face.kind == FACE_ENTRY && sheet_begins_contents(l->text))
            l->sheet = sheet_contents(&g->sheets, l->text, text_over(at, (size_t)(end - at)), memo, &l[1].face, &faced);
        if (l->sheet)
            at += l->sheet->text.len;
    }
    g->upto = (size_t)(at - text.at);
}

void glances_clear(struct glances *g)
{
    sheets_clear(&g->sheets);
}
