#include "cli/sandboxing.h"

#include <dirent.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/sandbox.h"
#include "cli/run.h"

enum { LINKS_DEPTH = 16, PATHS = 100000 };

struct needs {
    struct arena *arena;
    struct sandbox_path *at;
    size_t count, room;
};

static void need(struct needs *n, const char *path, bool write)
{
    if (strcmp(path, "-") == 0 || n->count >= PATHS)
        return;
    if (n->count == n->room) {
        n->room = n->room ? n->room * 2 : 32;
        n->at = memory_grow(n->at, n->room * sizeof *n->at);
    }
    n->at[n->count++] = (struct sandbox_path){ path, write };
}

/* A link in a folder leads out of it: what it leads to is an input too. */
static void need_links(struct needs *n, const char *folder, unsigned depth)
{
    DIR *dir = depth < LINKS_DEPTH ? opendir(folder) : NULL;
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        struct stat own, st;
        if (e->d_name[0] == '.')
            continue;
        const char *path = arena_format(n->arena, "%s/%s", folder, e->d_name).at;
        if (lstat(path, &own) != 0 || S_ISREG(own.st_mode) || stat(path, &st) != 0)
            continue;
        if (S_ISLNK(own.st_mode))
            need(n, path, false);
        if (S_ISDIR(st.st_mode))
            need_links(n, path, depth + 1);
    }
    if (dir)
        closedir(dir);
}

static void need_input(struct needs *n, const char *path)
{
    need(n, path, false);
    need_links(n, path, 0);
}

/* What a link leads to lies elsewhere, there or not there yet, and so do the files that take its place. */
static void need_folder_through(struct needs *n, const char *path, bool write, unsigned links)
{
    struct stat st;
    char target[4096];
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') /* "out/" is called a folder, and may not be there yet */
        len--;
    path = arena_string(n->arena, text_over(path, len));
    const char *slash = strrchr(path, '/');
    ssize_t to = links ? readlink(path, target, sizeof target) : -1;
    if (to > 0) {
        int folder = slash && target[0] != '/' ? (int)(slash + 1 - path) : 0;
        need_folder_through(n, arena_format(n->arena, "%.*s%.*s", folder, path, (int)to, target).at, write, links - 1);
    }
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) /* a link to one leads elsewhere */
        need(n, path, write);
    if (strcmp(path, "-") != 0)
        need(n, !slash ? "." : slash == path ? "/" : arena_string(n->arena, text_over(path, (size_t)(slash - path))), write);
}

static void need_folder_of(struct needs *n, const char *path, bool write)
{
    need_folder_through(n, path, write, LINKS_DEPTH);
}

/* FORMAT=FILE, KIND:FILE, NAME=FILE, or a plain FILE that has such a mark in its name. */
static void need_both(struct needs *n, const char *value, char mark, bool write)
{
    const char *at = strchr(value, mark);
    for (int after = 0; after < (at ? 2 : 1); after++) {
        const char *path = after ? at + 1 : value;
        if (write)
            need_folder_of(n, path, true);
        else
            need_input(n, path);
    }
}

static void need_all(struct needs *n, const struct invocation *i)
{
    static const struct {
        size_t member;
        char mark;
        bool write;
    } named[] = {
#define WORDS(name, mark, write) { offsetof(struct invocation, name), mark, write }
        WORDS(inputs, 0, false),   WORDS(keys, 0, false),      WORDS(psk, 0, false),  WORDS(rules, 0, false),
        WORDS(baseline, 0, false), WORDS(from, 0, false),      WORDS(as, ':', false), WORDS(device, '=', false),
        WORDS(output, '=', true),  WORDS(checkpoint, 0, true),
#undef WORDS
    };
    for (size_t k = 0; k < COUNT_OF(named); k++) {
        const struct words *w = (const struct words *)((const char *)i + named[k].member);
        for (size_t v = 0; v < w->count; v++) {
            if (named[k].mark)
                need_both(n, w->at[v], named[k].mark, named[k].write);
            else if (named[k].write)
                need_folder_of(n, w->at[v], true);
            else
                need_input(n, w->at[v]);
        }
    }
    for (size_t v = 0; v < i->follow.count; v++)
        need_folder_of(n, i->follow.at[v], false); /* rotation puts another file in its place */
    for (size_t v = 0; v < i->inputs.count && option_given(&i->checkpoint); v++)
        need_folder_of(n, i->inputs.at[v], false); /* what was rotated away since lies beside it */
    for (size_t v = 0; v < i->output.count && option_given(&i->confirm); v++)
        need_folder_of(n, i->output.at[v], false); /* and what is kept there is followed */
    for (size_t v = 0; v < i->checkpoint.count && option_given(&i->confirm); v++)
        need_folder_of(n, i->checkpoint.at[v], false);
}

/* Rule files include others and name the logs of their own tests, wherever those are. */
static bool reads_anywhere(const char *command, const struct invocation *i)
{
    return strcmp(command, "rules") == 0 || i->rules.count;
}

/* How names are looked up, whom to trust, and the files that the settings name; a file that a secret setting names has to
 * lie beside that file. */
static void need_for_kafka(struct needs *n, const struct invocation *i)
{
    static const char *const of_clients[] = { "/etc", "/usr", "/lib", "/lib64", "/run/systemd/resolve" };
    for (size_t k = 0; k < COUNT_OF(of_clients); k++)
        need(n, of_clients[k], false);
    need_folder_of(n, "/etc/resolv.conf", false); /* often a link */
    for (size_t v = 0; v < i->kafka_option.count; v++) {
        const char *equals = strchr(i->kafka_option.at[v], '=');
        if (equals && equals[1])
            need(n, equals + 1, false);
    }
    for (size_t v = 0; v < i->kafka_secrets.count; v++)
        need_folder_of(n, i->kafka_secrets.at[v], false);
}

static bool gives_up(const char *command, const struct invocation *i)
{
    static const char *const commands[] = { "report", "check", "decrypt", "diff", "keys", "redact", "rules", "stream" };
    bool known = false;
    for (size_t k = 0; k < COUNT_OF(commands); k++)
        known |= strcmp(commands[k], command) == 0;
    return known && !option_given(&i->no_sandbox);
}

void sandboxing_enter(const char *command, const struct invocation *i)
{
    if (!gives_up(command, i))
        return;
    struct needs n = { .arena = arena_create() };
    need_all(&n, i);
    if (reads_anywhere(command, i))
        need(&n, "/", false);
    if (option_given(&i->kafka))
        need_for_kafka(&n, i);
    unsigned holds = sandbox_enter(n.at, n.count, option_given(&i->kafka));
    if (holds != SANDBOX_WHOLE)
        warn(option_given(&i->quiet),
             "this system has no %s to give up what is not needed; going on without (--no-sandbox says nothing of it)",
             holds & SANDBOX_FILES   ? "seccomp"
             : holds & SANDBOX_CALLS ? "Landlock"
                                     : "Landlock and seccomp");
    memory_free(n.at);
    arena_destroy(n.arena);
}

void sandboxing_narrow(const char *command, const struct invocation *i)
{
    if (!gives_up(command, i) || !reads_anywhere(command, i))
        return;
    struct needs n = { .arena = arena_create() };
    need_all(&n, i);
    if (!sandbox_narrow(n.at, n.count))
        warn(option_given(&i->quiet), "this system takes no second layer of Landlock; what the rule files needed stays readable "
                                      "(--no-sandbox says nothing of it)");
    memory_free(n.at);
    arena_destroy(n.arena);
}
