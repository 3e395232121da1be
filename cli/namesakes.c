#include "cli/namesakes.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/source.h"
#include "cli/sayings.h"
#include "parser/markup.h"
#include "parser/packing.h"

enum { KEY_MOST = 1 << 16, LOOKED_AT = 1 << 14, CONFIG_MOST = 1 << 22, PARTS_MOST = 64 };

struct claim { /* what a configuration says of its router */
    const struct input_file *file;
    struct text host;
    const char *folder; /* interned */
    struct text stem;   /* of the file's name */
    struct sayings sayings;
    struct claim *one_with;        /* the first of that name that it does not contradict, or itself */
    struct claim *next;            /* of such a one: the next of that name, … */
    const struct claim *elsewhere; /* … the first that is one with it and lies in another folder, … */
    const struct claim *refused;   /* … and where the claim at hand is told apart from it by addresses, if anywhere */
    bool by_file;                  /* another of its name lies in its folder */
    struct text called;            /* of that one */
};

/* "hq" of "hq.cfg" */
static struct text stem_in(struct text name)
{
    size_t dot = text_find_byte(name, '.');
    return dot == TEXT_NOWHERE || dot == 0 ? name : text_upto(name, dot);
}

static size_t file_begins(struct text path)
{
    size_t at = path.len;
    while (at && path.at[at - 1] != '/')
        at--;
    return at;
}

static struct text folder_of(struct text path)
{
    const size_t file = file_begins(path);
    return text_upto(path, file ? file - 1 : 0);
}

static struct text file_of(struct text path)
{
    return text_from(path, file_begins(path));
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
static bool claim_of(struct claim *c, const struct input_file *f, struct names *names)
{
    struct arena *arena = names->arena;
    struct stat st;
    struct error err = { 0 };
    bool text = f->forced == INPUT_UNKNOWN || f->forced == INPUT_CONFIG;
    if (f->keys || f->psk || f->device || !text || stat(f->path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    struct source *from = source_open(f->path, &err);
    if (!from)
        return false; /* told when it is its turn */
    *c = (struct claim){ .file = f,
                         .folder = names_intern(names, folder_of(text_of(f->path))),
                         .stem = stem_in(file_of(text_of(f->path))) };
    struct buffer whole, clean, stripped;
    buffer_init(&whole, CONFIG_MOST);
    buffer_init(&clean, 4 * CONFIG_MOST);
    buffer_init(&stripped, 4 * CONFIG_MOST);
    const struct text head = text_of_bytes(source_peek(from, LOOKED_AT));
    struct text host = host_in(head);
    const bool plain = host.len && !markup_may_be(host);
    if (plain || text_has(head, TEXT("hostname")) || text_has(head, TEXT("h\0o\0s\0t\0n"))) { /* in a listing, in UTF-16 */
        uint8_t block[4096];
        for (size_t n; !whole.full && (n = source_read(from, block, sizeof block)) > 0;)
            buffer_put(&whole, block, n);
        const struct text config = plain ? buffer_view(&whole) : packing_plain(buffer_view(&whole), &clean, &stripped);
        host = host_in(text_upto(config, LOOKED_AT));
        c->host = arena_text(arena, host);
        if (host.len)
            sayings_read(&c->sayings, names, config);
    }
    buffer_clear(&whole);
    buffer_clear(&clean);
    buffer_clear(&stripped);
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
    struct names names; /* folders, and what the sayings share */
    struct arena *arena;
    struct map firsts; /* by name, the claims that are one with none before them */
    struct map places; /* struct place, by its key */
    bool over;         /* of one name there are more than are compared */
};

struct place { /* the first claim that is one with it and lies in that folder */
    struct {
        const struct claim *first;
        const char *folder;
    } key;
    const struct claim *at;
};

static struct claims collect(const struct input_files *files)
{
    struct claims all = { .at = arena_array(files->arena, struct claim, files->count + 1), .arena = files->arena };
    all.names.arena = files->arena;
    for (size_t i = 0; i < files->count; i++)
        all.count += claim_of(&all.at[all.count], &files->at[i], &all.names);
    return all;
}

/* The first claim by which this one is found to be one with `first`: in their folder less tells two apart. NULL: by none. */
static const struct claim *meets(const struct claims *all, const struct claim *c, struct claim *first)
{
    const struct place here = { .key = { first, c->folder } },
                       *place = map_find(&all->places, bytes_over(&here.key, sizeof here.key));
    const struct claim *inside = place ? place->at : NULL, *outside = c->folder != first->folder ? first : first->elsewhere;
    const struct saying *other;
    const bool differ = sayings_differ(&c->sayings, &first->sayings, false, &other) != NULL;
    const bool apart = differ && sayings_differ(&c->sayings, &first->sayings, true, &other);
    first->refused = apart ? inside : NULL;
    if (apart || differ)
        return apart ? NULL : inside;
    return !outside || (inside && inside < outside) ? inside : outside;
}

static void note_place(struct claims *all, const struct claim *c)
{
    struct place *place = arena_new(all->arena, struct place);
    *place = (struct place){ { c->one_with, c->folder }, c };
    const struct bytes key = bytes_over(&place->key, sizeof place->key);
    if (!map_find(&all->places, key))
        map_put(&all->places, key, place);
    if (c->folder != c->one_with->folder && !c->one_with->elsewhere)
        c->one_with->elsewhere = c;
}

/* A configuration is one with the first of its name that it does not contradict; those of one folder are one unless they give an
 * interface different addresses: one router's, at two times, differ in other things. */
static void unite_one(struct claims *all, struct claim *c)
{
    const struct bytes host = bytes_of_text(c->host);
    struct claim *first = map_find(&all->firsts, host), *last = NULL;
    const struct claim *by = NULL;
    size_t count = 0;
    c->one_with = c;
    for (struct claim *f = first; f && count < LIMIT_NAMESAKES; f = f->next, count++) {
        const struct claim *at = meets(all, c, f);
        if (at && (!by || at < by)) {
            by = at;
            c->one_with = f;
        }
        last = f;
    }
    for (struct claim *f = first; f; f = f == last ? NULL : f->next)
        if (f->refused && (!by || f->refused < by))
            c->by_file = f->by_file = true;
    note_place(all, c);
    if (by)
        return;
    all->over |= count == LIMIT_NAMESAKES;
    if (!last)
        map_put(&all->firsts, host, c);
    else if (count < LIMIT_NAMESAKES)
        last->next = c;
}

static bool is_first(const struct claim *c)
{
    return c->one_with == c;
}

/* Which of those that are first are called as another one is? */
static bool *find_alike(const struct claims *all)
{
    bool *alike = arena_array(all->arena, bool, all->count + 1);
    struct map called = { 0 };
    for (size_t i = 0; i < all->count; i++) {
        const struct bytes name = bytes_of_text(all->at[i].called);
        const uintptr_t before = is_first(&all->at[i]) ? (uintptr_t)map_find(&called, name) : 0;
        if (before)
            alike[before - 1] = alike[i] = true;
        else if (is_first(&all->at[i]))
            map_put(&called, name, (void *)(uintptr_t)(i + 1));
    }
    map_clear(&called);
    return alike;
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
        const bool *alike = find_alike(all);
        for (size_t i = 0; i < all->count; i++) {
            struct claim *c = &all->at[i];
            again |= alike[i];
            if (alike[i] && c->folder[0])
                c->called = arena_format(all->arena, c->by_file ? "%s/%.*s/%.*s" : "%s/%.*s%.*s", last_parts(c->folder, parts),
                                         TEXT_ARGS(c->by_file ? c->stem : TEXT("")), TEXT_ARGS(c->host));
        }
    }
}

/* What says that a router is another one than the first of its name; or that the first's configuration is there at two times. */
static void explain(struct namesake *n, const struct claims *all, const struct claim *c)
{
    const struct claim *first = is_first(c) ? map_find(&all->firsts, bytes_of_text(c->host)) : c->one_with;
    const struct saying *theirs = NULL, *mine;
    const bool together = is_first(c) && strcmp(first->folder, c->folder) == 0; /* … since addresses differ */
    if (first == c || !(mine = sayings_differ(&c->sayings, &first->sayings, together, &theirs)))
        return;
    n->path = text_of(c->file->path);
    n->line = mine->line;
    n->why = arena_format(
        all->arena, "it and %s call their router %.*s and differ (%s%s%.*s: %.*s here, %.*s on line %u there); %s",
        first->file->shown, TEXT_ARGS(c->host), mine->head, *mine->head ? " " : "", TEXT_ARGS(mine->key), TEXT_ARGS(mine->value),
        TEXT_ARGS(theirs->value), (unsigned)theirs->line,
        is_first(c) ? "they are taken for two routers"
                    : "they are taken for one router's, and both are read: what one of them alone says counts, too");
}

/* ------------------------------------------------------------------------------------------ what files ask for */

/* "site", "R1" and, where it is said, "hq". */
static struct bytes key_of(struct buffer *out, struct text folder, struct text name, const struct text *stem)
{
    buffer_reset(out);
    buffer_text(out, folder);
    buffer_byte(out, '\0');
    buffer_text(out, name);
    if (stem) {
        buffer_byte(out, '\0');
        buffer_text(out, *stem);
    }
    return bytes_of_text(buffer_view(out));
}

static void index_them(struct namesakes *n, struct arena *arena)
{
    buffer_init(&n->key, KEY_MOST);
    for (size_t i = n->count; i-- > 0;) {
        struct namesake *is = &n->at[i];
        const struct bytes path = bytes_of_text(is->path), folder = key_of(&n->key, is->folder, is->name, NULL);
        if (is->path.len) {
            is->of_path = map_find(&n->paths, path);
            map_put(&n->paths, is->of_path ? bytes_of_text(is->of_path->path) : path, is);
        }
        if (!map_find(&n->folders, folder))
            map_put(&n->folders, arena_bytes(arena, folder), is);
        const struct bytes stem = key_of(&n->key, is->folder, is->name, &is->stem);
        if (!map_find(&n->stems, stem)) /* the last one counts */
            map_put(&n->stems, arena_bytes(arena, stem), is);
    }
}

/* "hq.log" and "hq-debug.txt" lie beside "hq.cfg": they are of its router, where the folder has another of that name. */
static const struct namesake *of_stem(struct namesakes *n, struct text folder, struct text name, struct text stem)
{
    const struct namesake *last = NULL;
    for (size_t len = 0; len <= stem.len; len++) {
        if (len && len < stem.len && text_is_alnum(stem.at[len]))
            continue;
        const struct text begin = text_upto(stem, len);
        const struct namesake *is = map_find(&n->stems, key_of(&n->key, folder, name, &begin));
        last = is && (!last || is > last) ? is : last;
    }
    return last;
}

static struct text called_in(void *context, struct text path, struct text name)
{
    struct namesakes *n = context;
    const struct text stem = stem_in(file_of(path));
    for (struct text folder = path; folder.len;) { /* the deepest that has the name */
        folder = folder_of(folder);
        if (!map_find(&n->folders, key_of(&n->key, folder, name, NULL)))
            continue;
        const struct namesake *is = of_stem(n, folder, name, stem);
        return is ? is->called : (struct text){ NULL, 0 };
    }
    return (struct text){ NULL, 0 };
}

void namesakes_find(struct namesakes *n, struct model *m, const struct input_files *files)
{
    *n = (struct namesakes){ .count = 0 };
    struct claims all = collect(files);
    for (size_t i = 0; i < all.count; i++)
        unite_one(&all, &all.at[i]);
    name_them(&all);
    n->at = arena_array(files->arena, struct namesake, all.count + 1);
    for (size_t i = 0; i < all.count; i++) {
        const struct claim *c = &all.at[i];
        bool alone = text_equal(c->one_with->called, c->host);
        struct namesake is = { .name = c->host, .called = c->one_with->called, .folder = text_of(c->folder) };
        is.stem = c->one_with->by_file ? c->stem : is.stem;
        explain(&is, &all, c);
        if (!alone || is.path.len)
            n->at[n->count++] = is;
    }
    if (all.over)
        limits_over(&m->limits, OVER_NAMESAKES, 1);
    for (size_t i = 0; i < all.count; i++) {
        sayings_clear(&all.at[i].sayings);
    }
    map_clear(&all.firsts);
    map_clear(&all.places);
    map_clear(&all.names.map);
    index_them(n, files->arena);
    if (n->count)
        m->calling = (struct calling){ called_in, n };
}

void namesakes_tell(const struct namesakes *n, struct model *m, uint32_t input)
{
    const struct namesake *is = map_find(&n->paths, bytes_of_text(model_input(m, input)->path));
    for (; is; is = is->of_path)
        input_trouble(m, input, "same-hostname", is->line, false, "%.*s", TEXT_ARGS(is->why));
}

void namesakes_forget(struct namesakes *n, struct model *m)
{
    m->calling = (struct calling){ NULL, NULL };
    map_clear(&n->paths);
    map_clear(&n->folders);
    map_clear(&n->stems);
    buffer_clear(&n->key);
}
