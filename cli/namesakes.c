#include "cli/namesakes.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/source.h"

enum { LOOK_AHEAD = 1 << 14, CONFIG_MOST = 1 << 22, WORDS_MOST = 6, PARTS_MOST = 64 };

struct value { /* one value of one key, "interface Tunnel0 tunnel destination" */
    struct value *next;
    struct text key, value;
    uint32_t line;
};

struct claim { /* what a configuration says of its router */
    const struct input_file *file;
    struct text host;
    const char *folder;
    struct text stem; /* of the file's name */
    struct map values;
    struct claim *one_with; /* the first of that name that it does not contradict, or itself */
    bool by_file;           /* another of its name lies in its folder */
    struct text called;     /* of that one */
};

/* "hq" of "site/hq.cfg" */
static struct text stem_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct text name = text_of(slash ? slash + 1 : path);
    size_t dot = text_find_byte(name, '.');
    return dot == TEXT_NOWHERE || dot == 0 ? name : text_upto(name, dot);
}

static const char *folder_of(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_string(arena, text_over(path, (size_t)(slash - path))) : "";
}

/* ------------------------------------------------------------------------------------------ what is said */

/* The first words of a line, blanks between them as one; the rest is left in *line. */
static struct text take_words(struct text *line, unsigned count, struct arena *arena)
{
    struct buffer out;
    struct text word;
    buffer_init(&out, 512);
    for (unsigned i = 0; i < count && text_word(line, &word); i++) {
        if (i)
            buffer_byte(&out, ' ');
        buffer_text(&out, word);
    }
    struct text words = arena_text(arena, buffer_view(&out));
    buffer_clear(&out);
    *line = text_trim(*line);
    return words;
}

static bool starts_any(struct text t, const char *const *list)
{
    for (; *list; list++)
        if (text_starts(t, text_of(*list)))
            return true;
    return false;
}

static void say(struct claim *c, struct arena *arena, struct text head, struct text key, struct text value, uint32_t number)
{
    if (!value.len)
        return;
    struct value *s = arena_new(arena, struct value);
    *s = (struct value){ .key = arena_format(arena, "%.*s%s%.*s", TEXT_ARGS(head), head.len ? " " : "", TEXT_ARGS(key)),
                         .value = take_words(&value, 64, arena),
                         .line = number };
    s->next = map_find(&c->values, bytes_of_text(s->key));
    map_put(&c->values, bytes_of_text(s->next ? s->next->key : s->key), s);
}

/* A line inside of an interface or a crypto object. Keys are not compared: how they are written differs from time to time. */
static void say_inside(struct claim *c, struct arena *arena, struct text head, struct text line, uint32_t number)
{
    static const char *const wanted[] = { "ip address ", "ipv6 address ", "tunnel source ", "tunnel destination ", NULL };
    static const char *const secret[] = { "pre-shared-key", "ikev2 ", "password", "secret", "description", "no ", "key ", NULL };
    static const char *const pairs[] = { "ip ", "ipv6 ", "tunnel ", "set ", "match ", "identity ", "authentication ", NULL };
    bool interface = text_starts(head, TEXT("interface "));
    if (interface ? !starts_any(line, wanted) : starts_any(line, secret))
        return;
    struct text key = take_words(&line, starts_any(line, pairs) ? 2 : 1, arena);
    say(c, arena, head, key, line, number);
}

static void read_config(struct claim *c, struct arena *arena, struct text text)
{
    static const char *const heads[] = { "interface ", "crypto ", NULL };
    static const char *const parts[] = { "peer ", NULL };
    struct text line, head = { NULL, 0 }, part = head;
    for (uint32_t number = 1; text_cut(&text, '\n', &line); number++) {
        bool inside = line.len && line.at[0] == ' ';
        line = text_trim(line);
        if (text_starts(line, TEXT("crypto map ")) && (text_has(line, TEXT(" set ")) || text_has(line, TEXT(" match ")))) {
            struct text key = take_words(&line, WORDS_MOST, arena); /* ASA: "crypto map outside 10 set peer" */
            say(c, arena, TEXT(""), key, line, number);
            head.len = 0;
        } else if (starts_any(line, heads)) {
            head = part = take_words(&line, 64, arena);
        } else if (!line.len || line.at[0] == '!' || (!inside && text_equal(line, TEXT("exit")))) {
            head.len = line.len && inside ? head.len : 0;
            part = head;
        } else if (head.len && starts_any(line, parts)) {
            part = arena_format(arena, "%.*s %.*s", TEXT_ARGS(head), TEXT_ARGS(line));
        } else if (head.len) {
            say_inside(c, arena, part, line, number);
        }
    }
}

static bool is_address(const struct value *v)
{
    return text_starts(v->key, TEXT("interface ")) &&
           (text_ends(v->key, TEXT("ip address")) || text_ends(v->key, TEXT("ipv6 address")));
}

/* What both say, and differently: none of the one's values is one of the other's. */
static const struct value *contradiction(const struct claim *a, const struct claim *b, bool addresses, const struct value **other)
{
    for (size_t i = 0; i < a->values.count; i++) {
        if (addresses && !is_address(a->values.entries[i].value))
            continue;
        const struct value *mine = a->values.entries[i].value, *theirs = map_find(&b->values, a->values.entries[i].key);
        bool same = !theirs;
        for (const struct value *x = mine; x && !same; x = x->next)
            for (const struct value *y = theirs; y && !same; y = y->next)
                same = text_equal(x->value, y->value);
        if (same)
            continue;
        *other = theirs;
        return mine;
    }
    return NULL;
}

/* ------------------------------------------------------------------------------------------ whose it is */

/* "hostname NAME", where a configuration has it: not inside of anything. */
static struct text host_in(struct text text)
{
    struct text line, rest;
    while (text_cut(&text, '\n', &line))
        if (text_starts(line, TEXT("hostname ")) && (rest = text_trim(text_from(line, 9))).len && rest.len < 64 &&
            text_find_byte(rest, ' ') == TEXT_NOWHERE)
            return rest;
    return (struct text){ NULL, 0 };
}

/* The configuration in a file; false: none whose router has a name. */
static bool claim_of(struct claim *c, const struct input_file *f, struct arena *arena)
{
    struct stat st;
    struct error err = { 0 };
    bool text = f->forced == INPUT_UNKNOWN || f->forced == INPUT_CONFIG;
    if (f->keys || f->psk || f->device || !text || stat(f->path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    struct source *from = source_open(f->path, &err);
    if (!from)
        return false; /* told when it is its turn */
    *c = (struct claim){ .file = f, .folder = folder_of(f->path, arena), .stem = stem_of(f->path) };
    struct text host = host_in(text_of_bytes(source_peek(from, LOOK_AHEAD)));
    if (host.len) {
        c->host = arena_text(arena, host);
        struct buffer whole;
        buffer_init(&whole, CONFIG_MOST);
        uint8_t block[4096];
        for (size_t n; !whole.full && (n = source_read(from, block, sizeof block)) > 0;)
            buffer_put(&whole, block, n);
        read_config(c, arena, buffer_view(&whole));
        buffer_clear(&whole);
    }
    source_close(from);
    return host.len != 0;
}

/* The last parts of a folder's path. */
static const char *last_parts(const char *folder, unsigned parts)
{
    const char *at = folder + strlen(folder);
    while (at > folder && (at[-1] != '/' || --parts))
        at--;
    return at;
}

/* ------------------------------------------------------------------------------------------ all of them */

struct claims {
    struct claim *at;
    size_t count;
    struct arena *arena;
};

static struct claims collect(const struct input_files *files)
{
    struct claims all = { arena_array(files->arena, struct claim, files->count + 1), 0, files->arena };
    for (size_t i = 0; i < files->count; i++)
        all.count += claim_of(&all.at[all.count], &files->at[i], files->arena);
    return all;
}

/* A configuration is one with the first of its name that it does not contradict; those of one folder are one unless they give an
 * interface different addresses: one router's, at two times, differ in other things. */
static void unite(struct claims *all)
{
    const struct value *other;
    for (size_t i = 0; i < all->count; i++) {
        struct claim *c = &all->at[i];
        c->one_with = c;
        for (size_t k = 0; k < i && c->one_with == c; k++) {
            struct claim *first = all->at[k].one_with;
            bool together = strcmp(all->at[k].folder, c->folder) == 0;
            if (!text_equal(first->host, c->host))
                continue;
            if (!contradiction(c, first, together, &other))
                c->one_with = first;
            else if (together)
                c->by_file = first->by_file = true;
        }
    }
}

static bool is_first(const struct claim *c)
{
    return c->one_with == c;
}

static bool are_called_alike(const struct claims *all, const struct claim *c)
{
    for (size_t i = 0; i < all->count; i++)
        if (&all->at[i] != c && is_first(&all->at[i]) && text_equal(all->at[i].called, c->called))
            return true;
    return false;
}

/* By as many parts of their folders' paths as tell them apart. */
static void name_them(struct claims *all)
{
    bool again = true;
    for (size_t i = 0; i < all->count; i++) {
        struct claim *c = &all->at[i];
        c->called = is_first(c) && c->by_file ? arena_format(all->arena, "%.*s/%.*s", TEXT_ARGS(c->stem), TEXT_ARGS(c->host))
                                              : c->host;
    }
    for (unsigned parts = 1; again && parts < PARTS_MOST; parts++) {
        again = false;
        bool *alike = arena_array(all->arena, bool, all->count + 1);
        for (size_t i = 0; i < all->count; i++)
            again |= alike[i] = is_first(&all->at[i]) && are_called_alike(all, &all->at[i]);
        for (size_t i = 0; i < all->count; i++) {
            struct claim *c = &all->at[i];
            if (alike[i] && c->folder[0])
                c->called = arena_format(all->arena, c->by_file ? "%s/%.*s/%.*s" : "%s/%.*s%.*s", last_parts(c->folder, parts),
                                         TEXT_ARGS(c->by_file ? c->stem : TEXT("")), TEXT_ARGS(c->host));
        }
    }
}

/* What says that a router is another one than the first of its name; or that the first's configuration is there at two times. */
static void explain(struct namesake *n, const struct claims *all, const struct claim *c)
{
    const struct claim *first = is_first(c) ? all->at : c->one_with;
    const struct value *theirs = NULL, *mine;
    while (!is_first(first) || !text_equal(first->host, c->host))
        first++;
    const bool together = is_first(c) && strcmp(first->folder, c->folder) == 0; /* … since addresses differ */
    if (first == c || !(mine = contradiction(c, first, together, &theirs)))
        return;
    n->path = text_of(c->file->path);
    n->line = mine->line;
    n->why = arena_format(all->arena, "it and %s call their router %.*s and differ (%.*s: %.*s here, %.*s on line %u there); %s",
                          first->file->shown, TEXT_ARGS(c->host), TEXT_ARGS(mine->key), TEXT_ARGS(mine->value),
                          TEXT_ARGS(theirs->value), (unsigned)theirs->line,
                          is_first(c)
                              ? "they are taken for two routers"
                              : "they are taken for one router's, and both are read: what one of them alone says counts, too");
}

/* The first namesake of that name; the one at hand, where there is none before it. */
static size_t first_of(struct map *firsts, const struct namesake *is, size_t at)
{
    const struct bytes name = bytes_of_text(is->name);
    const uintptr_t known = (uintptr_t)map_find(firsts, name);
    if (!known)
        map_put(firsts, name, (void *)(uintptr_t)(at + 1));
    return known ? known - 1 : at;
}

void namesakes_find(struct namesakes *n, const struct input_files *files)
{
    *n = (struct namesakes){ .count = 0 };
    struct map firsts = { 0 };
    struct claims all = collect(files);
    unite(&all);
    name_them(&all);
    n->at = arena_array(files->arena, struct namesake, all.count + 1);
    for (size_t i = 0; i < all.count; i++) {
        const struct claim *c = &all.at[i];
        bool alone = text_equal(c->one_with->called, c->host);
        struct namesake is = { .name = c->host, .called = c->one_with->called, .folder = text_of(c->folder) };
        is.stem = c->one_with->by_file ? c->stem : is.stem;
        explain(&is, &all, c);
        if (alone && !is.path.len)
            continue;
        is.first = first_of(&firsts, &is, n->count);
        n->at[n->count++] = is;
    }
    map_clear(&firsts);
    for (size_t i = 0; i < all.count; i++)
        map_clear(&all.at[i].values);
}

/* How deep a file lies in a folder's path: its length + 1; 0: it does not. */
static size_t depth_in(struct text path, struct text folder)
{
    bool in = folder.len == 0 || (path.len > folder.len && path.at[folder.len] == '/' && text_starts(path, folder));
    return in ? folder.len + 1 : 0;
}

/* "hq.log" and "hq-debug.txt" lie beside "hq.cfg": they are of its router, where the folder has another of that name. */
static bool is_of_stem(struct text file, struct text stem)
{
    bool goes_on = file.len > stem.len && text_is_alnum(file.at[stem.len]);
    return !stem.len || (text_starts(file, stem) && !goes_on);
}

void namesakes_tell(const struct namesakes *n, struct model *m, uint32_t input)
{
    const char *path = arena_string(m->run, model_input(m, input)->path);
    const struct text whole = text_of(path), stem = stem_of(path);
    struct of_name {    /* at the first of each */
        size_t deepest; /* of their folders that hold the file */
        const struct namesake *nearest;
    } *names = memory_take((n->count + 1) * sizeof *names);
    for (size_t i = 0; i < n->count; i++) {
        const size_t depth = depth_in(whole, n->at[i].folder);
        struct of_name *o = &names[n->at[i].first];
        o->deepest = depth > o->deepest ? depth : o->deepest;
    }
    for (size_t i = 0; i < n->count; i++) {
        const struct namesake *is = &n->at[i];
        struct of_name *o = &names[is->first];
        if (o->deepest && depth_in(whole, is->folder) == o->deepest && is_of_stem(stem, is->stem))
            o->nearest = is;
        if (text_equal(is->path, whole))
            input_trouble(m, input, "same-hostname", is->line, false, "%.*s", TEXT_ARGS(is->why));
    }
    for (size_t i = 0; i < n->count; i++)
        if (names[i].nearest)
            input_calls(m, input, names[i].nearest->name, names[i].nearest->called);
    memory_free(names);
}
