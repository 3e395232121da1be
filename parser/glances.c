#include "parser/glances.h"

#include "parser/scan.h"

static void run(struct job *job, unsigned worker)
{
    glances_read((struct glances *)job, worker);
}

void glances_init(struct glances *g, struct face_memo *memos)
{
    g->job.run = run;
    g->memos = memos;
    g->text = (struct text){ NULL, 0 };
    g->upto = g->count = 0;
}

void glances_read(struct glances *g, unsigned worker)
{
    const char *at = g->text.at, *end = at + g->text.len, *lf;
    struct face_memo *memo = &g->memos[worker];
    g->count = 0;
    while (g->count < GLANCES_MOST && at < end && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        struct glance *l = &g->lines[g->count++];
        l->text = text_over(at, (size_t)(lf - at));
        while (l->text.len && l->text.at[l->text.len - 1] == '\r')
            l->text.len--;
        face_read(memo, scan_trim_end(l->text), &l->face);
        at = lf + 1;
    }
    g->upto = (size_t)(at - g->text.at);
}
