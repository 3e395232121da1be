#include "parser/veils.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "parser/scan.h"

enum { VEILS_MOST = 32, VEIL_LENGTH = 56, VEIL_WORD = 22, DIGITS_LEAST = 4, LINES_LOOKED = 4000 };

struct veil {
    char text[VEIL_LENGTH], word[VEIL_WORD + 1];
    uint8_t len, word_len;
};

struct veils {
    unsigned count;
    struct veil each[VEILS_MOST];
    struct buffer lifted;
};

/* ---- Finding them ---- */

/* {what stands in front of an endpoint, what behind it} */
static const struct {
    const char *before, *behind;
} places[] = {
    { "[From ", "/To " },     { "[To ", "/From " },        { "/To ", "/VRF" },        { "/From ", "/VRF" },
    { "[L ", "/R " },         { "/R ", "/VRF" },           { "Local:", " Remote:" },  { "Local: ", " (I)" },
    { "Local: ", " (R)" },    { "Remote:", " Username:" }, { "Remote: ", " Local:" }, { "  Peer ", " Id: " },
    { "  Peer ", " f_vrf:" },
};

/* The octets of one mark of brackets or quotes at a text's beginning or end, as itself or as a page's entity; 0: none. */
static size_t bracket(struct text t, bool at_end)
{
    static const char *const marks[] = { "<",  ">", "[", "]",    "(",    ")",        "{",       "}",
                                         "\"", "'", " ", "&lt;", "&gt;", "\xc2\xab", "\xc2\xbb" };
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (at_end ? text_ends(t, text_of(marks[i])) : text_starts(t, text_of(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* "[Peer's public IP]" is "<Peer-s-public-IP>", "█████" is "<hidden>". */
static void name_veil(struct veil *veil, struct text t, unsigned number)
{
    char name[VEIL_WORD] = "";
    size_t n = 0, most = VEIL_WORD - 2 - (number ? 3 : 0);
    for (size_t m; (m = bracket(t, false)) != 0;)
        t = text_from(t, m);
    for (size_t m; (m = bracket(t, true)) != 0;)
        t.len -= m;
    for (size_t i = 0; i < t.len && n < most; i++) {
        char c = t.at[i];
        bool kept = scan_letter(c) || scan_digit(c) || c == '.' || c == '_' || c == '#' || c == '*';
        if (kept || (n && name[n - 1] != '-' && (unsigned char)c < 0x80))
            name[n++] = kept ? c : '-';
    }
    while (n && (name[n - 1] == '-' || name[n - 1] == '.'))
        n--;
    bool says = false;
    for (size_t i = 0; i < n; i++)
        says |= scan_letter(name[i]) || scan_digit(name[i]);
    int len = says ? snprintf(veil->word, sizeof veil->word, "<%.*s", (int)n, name)
                   : snprintf(veil->word, sizeof veil->word, "<hidden");
    if (number)
        len += snprintf(veil->word + len, sizeof veil->word - (size_t)len, "-%u", number + 1);
    veil->word_len = (uint8_t)(len + snprintf(veil->word + len, sizeof veil->word - (size_t)len, ">"));
}

static bool is_named(const struct veils *v, const struct veil *veil)
{
    for (unsigned i = 0; i < v->count; i++)
        if (v->each[i].word_len == veil->word_len && memcmp(v->each[i].word, veil->word, veil->word_len) == 0)
            return true;
    return false;
}

static bool add(struct veils *v, struct text t)
{
    for (unsigned i = 0; i < v->count; i++)
        if (text_equal(t, text_over(v->each[i].text, v->each[i].len)))
            return true;
    if (v->count == VEILS_MOST)
        return false;
    struct veil *veil = &v->each[v->count];
    memcpy(veil->text, t.at, t.len);
    veil->len = (uint8_t)t.len;
    unsigned number = 0;
    do
        name_veil(veil, t, number++);
    while (is_named(v, veil) && number < VEILS_MOST);
    v->count++;
    return true;
}

/* Would its words, or its brackets, part a message where none ends? A word alone is read as it stands. */
static bool needs_word(struct text t)
{
    bool word = false;
    for (size_t i = 0; i < t.len; i++) {
        if (scan_blank(t.at[i]) || t.at[i] == '[' || t.at[i] == '(' || t.at[i] == '/' || t.at[i] == ',' || t.at[i] == '&')
            return true;
        word |= scan_letter(t.at[i]) || t.at[i] == '*';
    }
    return !word;
}

/* What stands there, without its port: a veil? */
static void look_at(struct veils *v, struct text t)
{
    struct endpoint e;
    t = text_trim(t);
    if (endpoint_read(t, &e))
        return;
    size_t end = t.len;
    while (end && scan_digit(t.at[end - 1]))
        end--;
    if (end == t.len || !end || (t.at[end - 1] != ':' && t.at[end - 1] != '/'))
        return;
    t = text_trim(text_upto(t, end - 1));
    if (t.len && t.len < VEIL_LENGTH && !text_equal_nocase(t, TEXT("unknown")) && needs_word(t) && !address_read(t, &e.address))
        add(v, t);
}

static void look_in(struct veils *v, struct text line)
{
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        size_t at = text_find(line, text_of(places[i].before));
        if (at == TEXT_NOWHERE)
            continue;
        struct text rest = text_from(line, at + strlen(places[i].before));
        size_t end = text_find(text_upto(rest, 3 * VEIL_LENGTH), text_of(places[i].behind));
        if (end != TEXT_NOWHERE)
            look_at(v, text_upto(rest, end));
    }
}

/* "Tunnel-id Local Remote ...": "1    <peer ip>/500     <my ip>/500    none/none    READY" */
static void look_in_row(struct veils *v, struct text line)
{
    uint64_t tunnel;
    if (!scan_number(&line, &tunnel) || !line.len || !scan_blank(line.at[0])) /* "0.2.1/500" is an address's end */
        return;
    for (unsigned i = 0; i < 2; i++) {
        size_t slash = text_find_byte(line, '/'), end = slash;
        while (end < line.len && (end == slash || scan_digit(line.at[end])))
            end++;
        if (slash == TEXT_NOWHERE || end == slash + 1 || (end < line.len && !scan_blank(line.at[end])))
            return;
        look_at(v, text_upto(line, end));
        line = text_from(line, end);
    }
}

/* Who writes "<peer ip>" where an endpoint stands writes it elsewhere, too, and "<inside net>" there. */
static void look_for_brackets(struct veils *v, struct text line)
{
    for (size_t at; (at = text_find_byte(line, '<')) != TEXT_NOWHERE; line = text_from(line, at + 1)) {
        struct text t = text_from(line, at);
        bool blank = false;
        size_t n = 1;
        while (n < t.len && n + 1 < VEIL_LENGTH && (scan_letter(t.at[n]) || scan_digit(t.at[n]) || strchr(" .'_-", t.at[n])))
            blank |= t.at[n++] == ' ';
        if (n < t.len && t.at[n] == '>' && blank && scan_letter(t.at[1]))
            add(v, text_upto(t, n + 1));
    }
}

static int longest_first(const void *a, const void *b)
{
    const struct veil *x = a, *y = b;
    return x->len != y->len ? (x->len < y->len) - (x->len > y->len) : memcmp(x->text, y->text, x->len);
}

struct veils *veils_create(struct text head)
{
    struct veils v = { .count = 0 };
    struct text line, rest = head;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&rest, '\n', &line); n++) {
        look_in(&v, line);
        look_in_row(&v, line);
    }
    if (!v.count)
        return NULL;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++)
        look_for_brackets(&v, line);
    qsort(v.each, v.count, sizeof v.each[0], longest_first); /* "peer ip 2" before "peer ip" */
    struct veils *found = memory_take(sizeof *found);
    *found = v;
    buffer_init(&found->lifted, 3 * (size_t)LIMIT_LINE);
    return found;
}

void veils_destroy(struct veils *v)
{
    if (!v)
        return;
    buffer_clear(&v->lifted);
    memory_free(v);
}

/* ---- Lifting them ---- */

static bool is_part_of_word(char c)
{
    return scan_letter(c) || scan_digit(c) || (unsigned char)c >= 0x80;
}

/* The veil that stands at a place of a line, or NULL. One that begins or ends with a letter is a word of its own there. */
static const struct veil *veil_at(const struct veils *v, struct text line, size_t at)
{
    for (unsigned i = 0; i < v->count; i++) {
        const struct veil *veil = &v->each[i];
        struct text t = text_over(veil->text, veil->len);
        size_t end = at + t.len;
        if (text_starts(text_from(line, at), t) && !(at && is_part_of_word(t.at[0]) && is_part_of_word(line.at[at - 1])) &&
            !(end < line.len && is_part_of_word(t.at[t.len - 1]) && is_part_of_word(line.at[end])))
            return veil;
    }
    return NULL;
}

struct text veils_lift(struct veils *v, struct text line)
{
    struct buffer *out = &v->lifted;
    const struct veil *veil = NULL;
    size_t at = 0;
    while (at < line.len && !(veil = veil_at(v, line, at)))
        at++;
    if (!veil)
        return line;
    buffer_reset(out);
    buffer_text(out, text_upto(line, at));
    while (at < line.len) {
        veil = veil_at(v, line, at);
        if (veil)
            buffer_text(out, text_over(veil->word, veil->word_len));
        else
            buffer_byte(out, line.at[at]);
        at += veil ? veil->len : 1;
    }
    return buffer_view(out);
}

/* ---- SPIs ---- */

static bool is_mask(char c)
{
    return c == 'x' || c == 'X' || c == '*' || c == '.' || c == '#' || c == '?' || c == '_' || (unsigned char)c >= 0x80;
}

/* Behind its SPI a message goes on with one of these. */
static bool ends_spi(struct text t)
{
    return !t.len || scan_blank(t.at[0]) || strchr("])},-(", t.at[0]);
}

/* "<SPI>", "[removed by me]": the length of what stands in brackets, 0: nothing does. */
static size_t in_brackets(struct text t)
{
    static const char opening[] = "<[({", closing[] = ">])}";
    const char *open = t.len && t.at[0] ? strchr(opening, t.at[0]) : NULL;
    size_t end = open ? text_find_byte(text_upto(t, VEIL_LENGTH), closing[open - opening]) : TEXT_NOWHERE;
    return end == TEXT_NOWHERE || end < 2 ? 0 : end + 1;
}

bool spi_scan(struct text *t, struct spi *spi)
{
    struct text hex = *t, s = scan_skip(*t);
    uint64_t value = 0;
    unsigned printed;
    *spi = (struct spi){ 0 };
    if (scan_hex(&hex, &value, &printed) && (!hex.len || !(is_mask(hex.at[0]) || scan_letter(hex.at[0])))) {
        *spi = spi_of(value, printed);
        *t = hex;
        return true;
    }
    size_t n = in_brackets(s);
    if (!n) {
        size_t digits = text_digits(text_upto(s, 15), 16, &value);
        bool masked = digits < s.len && is_mask(s.at[digits]);
        while (n < s.len && (scan_digit(s.at[n]) || scan_letter(s.at[n]) || is_mask(s.at[n])))
            n++;
        if (masked && digits >= DIGITS_LEAST)
            *spi = spi_of(value, (unsigned)digits);
    }
    if (!n || !ends_spi(text_from(s, n)))
        return false;
    *t = text_from(s, n);
    return true;
}
