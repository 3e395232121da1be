#include "cli/sayings.h"

#include "base/buffer.h"
#include "model/redact.h"

enum { WORDS_MOST = 64, MAP_WORDS = 6, SAID_MOST = 512 };

/* The first words of a line, blanks between them as one; the rest is left in *line. */
static struct text take_words(struct text *line, unsigned count, struct arena *arena)
{
    struct buffer out;
    struct text word;
    buffer_init(&out, SAID_MOST);
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

static void say(struct sayings *s, struct arena *arena, const char *head, struct text key, struct text value, uint32_t number)
{
    value = take_words(&value, WORDS_MOST, arena);
    if (!value.len)
        return;
    struct buffer all;
    buffer_init(&all, sizeof head + SAID_MOST + 1 + SAID_MOST);
    buffer_put(&all, &head, sizeof head);
    buffer_text(&all, key);
    const size_t keyed = all.len;
    buffer_byte(&all, '\n'); /* no line has one */
    buffer_text(&all, value);
    struct saying *is = arena_new(arena, struct saying);
    *is = (struct saying){
        .head = head, .key = key, .value = value, .all = arena_bytes(arena, bytes_of_text(buffer_view(&all))), .line = number
    };
    buffer_clear(&all);
    const struct bytes of = bytes_over(is->all.at, keyed);
    is->next = map_find(&s->values, of);
    is->count = is->next ? is->next->count + 1 : 1;
    map_put(&s->values, of, is);
    map_put(&s->said, is->all, is);
}

/* A line inside of an interface or a crypto object. Keys are not compared: how they are written differs from time to time. What
 * stands beside one is, with ****** in its place. */
static void say_inside(struct sayings *s, struct arena *arena, const char *head, struct text line, uint32_t number)
{
    static const char *const wanted[] = { "ip address ", "ipv6 address ", "tunnel source ", "tunnel destination ", NULL };
    static const char *const secret[] = { "pre-shared-key", "ikev2 ", "password", "secret", "description", "no ", "key ", NULL };
    static const char *const pairs[] = { "ip ", "ipv6 ", "tunnel ", "set ", "match ", "identity ", "authentication ", NULL };
    bool interface = text_starts(text_of(head), TEXT("interface "));
    if (interface ? !starts_any(line, wanted) : starts_any(line, secret))
        return;
    struct text key = take_words(&line, starts_any(line, pairs) ? 2 : 1, arena);
    say(s, arena, head, key, line, number);
}

/* What lines behind it are inside of. Its length is bounded: each of them asks for what was said there. */
static const char *head_of(struct names *heads, const char *within, struct text line)
{
    const struct text words = take_words(&line, WORDS_MOST, heads->arena);
    return names_intern(heads, arena_format(heads->arena, "%s%s%.*s", within, *within ? " " : "", TEXT_ARGS(words)));
}

void sayings_read(struct sayings *s, struct names *heads, struct text config)
{
    static const char *const begins[] = { "interface ", "crypto ", NULL };
    static const char *const parts[] = { "peer ", NULL };
    const char *const none = names_intern(heads, TEXT("")), *head = none, *part = none;
    struct text line;
    for (uint32_t number = 1; text_cut(&config, '\n', &line); number++) {
        bool inside = line.len && line.at[0] == ' ';
        line = redact_masked(text_trim(line), heads->arena); /* what differs is told */
        if (text_starts(line, TEXT("crypto map ")) && (text_has(line, TEXT(" set ")) || text_has(line, TEXT(" match ")))) {
            struct text key = take_words(&line, MAP_WORDS, heads->arena); /* ASA: "crypto map outside 10 set peer" */
            say(s, heads->arena, none, key, line, number);
            head = none;
        } else if (starts_any(line, begins)) {
            head = part = head_of(heads, none, line);
        } else if (!line.len) {
            continue; /* a page's */
        } else if (line.at[0] == '!' || (!inside && text_equal(line, TEXT("exit")))) {
            head = inside ? head : none;
            part = head;
        } else if (*head && starts_any(line, parts)) {
            part = head_of(heads, head, line);
        } else if (*head) {
            say_inside(s, heads->arena, part, line, number);
        }
    }
}

static bool is_address(const struct saying *s)
{
    return text_starts(text_of(s->head), TEXT("interface ")) &&
           (text_ends(s->key, TEXT("ip address")) || text_ends(s->key, TEXT("ipv6 address")));
}

/* Is one of these one of the other's? */
static bool any_said(const struct saying *some, const struct sayings *other)
{
    while (some && !map_find(&other->said, some->all))
        some = some->next;
    return some != NULL;
}

const struct saying *sayings_differ(const struct sayings *a, const struct sayings *b, bool addresses, const struct saying **other)
{
    for (size_t i = 0; i < a->values.count; i++) {
        const struct saying *mine = a->values.entries[i].value, *theirs;
        if ((addresses && !is_address(mine)) || !(theirs = map_find(&b->values, a->values.entries[i].key)) ||
            (mine->count <= theirs->count ? any_said(mine, b) : any_said(theirs, a)))
            continue;
        *other = theirs;
        return mine;
    }
    return NULL;
}

void sayings_clear(struct sayings *s)
{
    map_clear(&s->values);
    map_clear(&s->said);
}
