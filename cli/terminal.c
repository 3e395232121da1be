#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "reporters/clean.h"

enum { OTHERWISE = 100, TEXT_MOST = 1 << 30 };

unsigned terminal_width(unsigned otherwise)
{
    struct winsize w;
    uint64_t n = 0;
    if (isatty(STDOUT_FILENO))
        return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : otherwise;
    const char *told = getenv("COLUMNS");
    const bool usable = told && text_number(text_of(told), 10, &n) && n >= COLUMNS_LEAST && n <= COLUMNS_MOST;
    return usable ? (unsigned)n : otherwise;
}

struct sink *terminal_begin(struct terminal *t, const char *path, bool as_it_is, unsigned asked, struct error *err)
{
    const bool shown = strcmp(path, "-") == 0 && isatty(STDOUT_FILENO);
    *t = (struct terminal){ .folds = as_it_is ? 0 : asked ? asked : shown ? terminal_width(OTHERWISE) : 0 };
    buffer_init(&t->text, TEXT_MOST);
    t->to = sink_file(path, err);
    t->sink = t->to && t->folds ? sink_buffer(&t->text) : t->to;
    return t->sink;
}

static struct sink *end(struct terminal *t)
{
    if (t->folds) {
        sink_close(t->sink, NULL);
        terminal_fold(buffer_view(&t->text), t->folds, t->to);
    }
    buffer_clear(&t->text);
    return t->to;
}

bool terminal_end(struct terminal *t, struct error *err)
{
    return sink_close(end(t), err);
}

void terminal_withdraw(struct terminal *t)
{
    sink_withdraw(end(t));
}

void terminal_abandon(struct terminal *t)
{
    if (t->folds)
        sink_close(t->sink, NULL);
    sink_abandon(t->to);
    buffer_clear(&t->text);
}

/* Where a line goes on below itself: behind its last gap of two blanks, if most of the width is left there. */
static size_t hang_of(struct text line, unsigned width)
{
    size_t lead = 0, hang = 0;
    while (lead < line.len && line.at[lead] == ' ')
        lead++;
    for (size_t i = lead + 2; i + 1 < line.len; i++)
        if (line.at[i] != ' ' && line.at[i - 1] == ' ' && line.at[i - 2] == ' ') {
            const size_t column = clean_columns(text_upto(line, i));
            if (column > width / 2)
                break;
            hang = column;
        }
    return hang ? hang : lead + 4 < width / 2 ? lead + 4 : 0;
}

void terminal_fold(struct text t, unsigned width, struct sink *out)
{
    struct text line;
    while (t.len && text_cut(&t, '\n', &line)) {
        const size_t hang = hang_of(line, width);
        for (bool first = true; first || line.len; first = false) {
            for (size_t i = 0; i < hang && !first; i++)
                sink_byte(out, ' ');
            sink_text(out, clean_fit(&line, first ? width : width - hang));
            sink_byte(out, '\n');
        }
    }
}
