#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "cli/habits.h"

const struct option_row option_rows[] = {
#define OPTION(member, name, letter, argument, repeats, commands, help) { name, argument, commands, help, letter, repeats },
#include "cli/options.def"
#undef OPTION
};
const size_t option_count = COUNT_OF(option_rows);

static struct words *words_of(struct invocation *i, size_t row)
{
    struct words *const at[] = {
#define OPTION(member, name, letter, argument, repeats, commands, help) &i->member,
#include "cli/options.def"
#undef OPTION
    };
    return at[row];
}

bool option_taken(const struct option_row *row, const char *command)
{
    /* "*": the commands that read inputs as a report does */
    static const char readers[] = "report check diff keys decrypt";
    return text_is_one_of(text_of(command), row->commands) ||
           (text_is_one_of(text_of("*"), row->commands) && text_is_one_of(text_of(command), readers));
}

static void add(struct words *w, const char *value)
{
    w->at = memory_grow((void *)w->at, (w->count + 1) * sizeof *w->at);
    w->at[w->count++] = value;
}

/* word: without its dashes; short: a letter */
static bool unknown(const char *command, const char *word, bool is_short, struct error *err)
{
    const char *names[COUNT_OF(option_rows) + 1], *dashes = is_short ? "-" : "--";
    size_t n = 0;
    char room[160];
    const char *habit = habits_option(command, word, room, sizeof room);
    if (habit)
        return fail(err, ERROR_USAGE, "no option '%s%s' for '%s'; %s", dashes, word, command, habit);
    for (size_t i = 0; i < option_count && !is_short; i++)
        if (option_taken(&option_rows[i], command))
            names[n++] = option_rows[i].name;
    names[n] = NULL;
    const char *near = nearest(word, names);
    if (near)
        return fail(err, ERROR_USAGE, "no option '--%s' for '%s'; did you mean '--%s'?", word, command, near);
    return fail(err, ERROR_USAGE, "no option '%s%s' for '%s'; see 'ikescope %s --help'", dashes, word, command, command);
}

struct reading { /* the words of a command, one after the other */
    const char *command;
    char **next, **end;
    struct invocation *into;
    struct error *err;
};

static bool take_long(struct reading *r, const char *arg)
{
    struct text name = text_of(arg + 2);
    const char *value = strchr(arg, '=');
    if (value)
        name.len = (size_t)(value++ - arg - 2);
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (!text_equal(name, text_of(row->name)) || !option_taken(row, r->command))
            continue;
        if (!row->argument && value)
            return fail(r->err, ERROR_USAGE, "option '--%s' takes no value", row->name);
        if (row->argument && !value) {
            if (r->next == r->end)
                return fail(r->err, ERROR_USAGE, "option '--%s' needs a value: %s", row->name, row->argument);
            value = *r->next++;
        }
        add(words_of(r->into, i), value ? value : "");
        return true;
    }
    char word[64];
    snprintf(word, sizeof word, "%.*s", TEXT_ARGS(text_upto(name, 60)));
    return unknown(r->command, word, false, r->err);
}

static bool take_short(struct reading *r, const char *arg)
{
    for (const char *c = arg + 1; *c; c++) {
        size_t i = 0;
        while (i < option_count && (option_rows[i].letter != *c || !option_taken(&option_rows[i], r->command)))
            i++;
        if (i == option_count)
            return unknown(r->command, (const char[]){ *c, '\0' }, true, r->err);
        if (!option_rows[i].argument) {
            add(words_of(r->into, i), "");
            continue;
        }
        const char *value = c[1] ? c + 1 : r->next < r->end ? *r->next++ : NULL;
        if (!value)
            return fail(r->err, ERROR_USAGE, "option '-%c' needs a value: %s", *c, option_rows[i].argument);
        add(words_of(r->into, i), value);
        return true;
    }
    return true;
}

bool options_read(const char *command, int argc, char **argv, struct invocation *into, struct error *err)
{
    struct reading r = { .command = command, .next = argv + 1, .end = argv + argc, .into = into, .err = err };
    bool only_inputs = false;
    while (r.next < r.end) {
        const char *arg = *r.next++;
        bool ok = true;
        if (!only_inputs && strcmp(arg, "--") == 0)
            only_inputs = true;
        else if (!only_inputs && arg[0] == '-' && arg[1] == '-')
            ok = take_long(&r, arg);
        else if (!only_inputs && arg[0] == '-' && arg[1])
            ok = take_short(&r, arg);
        else
            add(&into->inputs, arg);
        if (!ok)
            return false;
    }
    return true;
}

void options_clear(struct invocation *i)
{
    for (size_t row = 0; row < option_count; row++)
        memory_free((void *)words_of(i, row)->at);
    memory_free((void *)i->inputs.at);
    *i = (struct invocation){ 0 };
}

const char *option_last(const struct words *w, const char *fallback)
{
    return w->count ? w->at[w->count - 1] : fallback;
}

uint64_t option_number(const struct words *w, uint64_t fallback)
{
    uint64_t n;
    return w->count && text_number(text_of(w->at[w->count - 1]), 10, &n) ? n : fallback;
}

bool option_color(const struct words *color, const char *path)
{
    const char *when = option_last(color, "auto"), *no = getenv("NO_COLOR");
    if (strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return strcmp(path, "-") == 0 && isatty(STDOUT_FILENO) && !(no && *no);
}
