#include "parser/anchors.h"

#include "base/buffer.h"
#include "base/pattern.h"
#include "parser/scan.h"

#define WORDS   "[^:=,()]{2,48}?\\s*" /* of any language, up to their mark */
#define DAY     "^(\\s*[*.]?)(?:[Nn]g\xc3\xa0y\\s+)?(\\d{1,2})\\.?\\s+(?:de\\s+|d')?(?i:"
#define CLOCK   ")\\.?,?\\s+(?:(?:de\\s+)?(\\d{4})\\s+)?(?=\\d{1,2}:\\d\\d:\\d\\d)"
#define FLAG    "(?:INITIATOR|RESPONDER|MSG-RESPONSE)"
#define PAYLOAD "(?:SA|KE|IDi|IDr|CERT|CERTREQ|AUTH|Ni|Nr|N|NOTIFY(?:\\([^)]*\\))?|DELETE|VID|TSi|TSr|ENCR|CFG|EAP|NONE)"

/* {what stands there, what the device printed}; $1 is the first group, and a blank where "$1_" ends a group that is there */
static const struct {
    const char *from, *to;
} rows[] = {
#define X(name, pattern) { DAY pattern CLOCK, "$1" #name " $2 $3_" },
#include "parser/names/months.def"
#undef X
    /* a month of yet another language: the time alone */
    { "^(\\s*[*.]?)\\d{1,2}\\.?\\s+[^\\s\\d:,()=]{2,40}\\.?,?\\s+(?=\\d{1,2}:\\d\\d:\\d\\d[.,]\\d+\\s*:)", "$1" },
    { "(\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?)\\s+:\\s*", "$1: " }, /* French puts a blank before a colon */
    { "IKEv2(-[A-Z]+)?\\s*:\\s*\\(" WORDS "=\\s*(\\d+)\\s*\\)\\s*:", "IKEv2$1:(SA ID = $2):" },
    { "IKEv2(-[A-Z]+)?\\s*:\\s*\\(" WORDS "=\\s*(\\d+)\\s*," WORDS "=\\s*(\\d+)\\s*\\)\\s*:",
      "IKEv2$1:(SESSION ID = $2,SA ID = $3):" },
    { "(?:[^:()]{0,60}-\\s?>)?\\s*SA\\s*:\\s*I_SPI=([0-9A-F]{16})\\s+R_SPI=([0-9A-F]{16})\\s*\\(([IR])\\)\\s*[^=:]{1,48}=\\s*"
      "([0-9A-F]{7,8}|\\d+)\\s+[^:]{1,48}:\\s*([A-Z][A-Z_0-9]+)\\s+[^:]{1,48}:\\s*(EV_[A-Z_0-9]+)",
      "SM Trace-> SA: I_SPI=$1 R_SPI=$2 ($3) MsgID = $4 CurState: $5 Event: $6" },
    { WORDS ":\\s*"
            "(" PAYLOAD ")\\s*," WORDS ":\\s*2\\.0,?\\s+" WORDS ":\\s*([A-Z][A-Z_]+)\\s*," WORDS ":\\s*(" FLAG "(?:\\s+" FLAG
            ")*)\\s*" WORDS ":\\s*(\\d+|[0-9A-F]{8})\\s*," WORDS ":\\s*(\\d+)",
      "Next payload: $1, version: 2.0 Exchange type: $2, flags: $3 Message id: $4, length: $5" },
    { "^(\\s*)(" PAYLOAD ")\\s+" WORDS ":\\s*(" PAYLOAD ")\\s*," WORDS ":\\s*(0x[0-9A-Fa-f]+)\\s*," WORDS ":\\s*(\\d+)",
      "$1$2  Next payload: $3, reserved: $4, length: $5" },
};

enum { ROWS = COUNT_OF(rows) };

struct anchors {
    struct pattern *patterns[ROWS];
};

struct anchors *anchors_create(void)
{
    struct anchors *a = memory_take(sizeof *a);
    for (size_t i = 0; i < ROWS; i++)
        a->patterns[i] = pattern_create(rows[i].from, NULL);
    return a;
}

void anchors_drop(struct anchors *a)
{
    for (size_t i = 0; a && i < ROWS; i++)
        pattern_destroy(a->patterns[i]);
    memory_free(a);
}

static void put(struct buffer *out, const char *to, const struct text groups[PATTERN_GROUPS])
{
    for (; *to; to++) {
        if (to[0] != '$') {
            buffer_byte(out, *to);
            continue;
        }
        struct text group = groups[*++to - '0'];
        buffer_text(out, group);
        if (to[1] == '_') {
            to++;
            if (group.len)
                buffer_byte(out, ' ');
        }
    }
}

struct text anchors_restore(struct anchors *a, struct text line, struct arena *arena)
{
    struct text groups[PATTERN_GROUPS];
    struct buffer out;
    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < ROWS; i++) {
        if (!a->patterns[i] || !pattern_match(a->patterns[i], line, groups))
            continue;
        size_t at = (size_t)(groups[0].at - line.at);
        buffer_reset(&out);
        buffer_text(&out, text_upto(line, at));
        put(&out, rows[i].to, groups);
        buffer_text(&out, text_from(line, at + groups[0].len));
        line = arena_text(arena, buffer_view(&out));
    }
    buffer_clear(&out);
    return line;
}

/* "Seguimiento SM-> SA: I_SPI=": a state machine's line in other words, and whole. */
static bool is_trace(struct text line)
{
    size_t spi = text_find(line, TEXT("I_SPI="));
    return spi != TEXT_NOWHERE && text_has(text_upto(line, spi), TEXT(">")) && text_has(line, TEXT("EV_")) &&
           !text_has(line, TEXT("SM Trace-> SA: I_SPI=")) && !text_has(line, TEXT("SM Trace-&gt; SA: I_SPI="));
}

/* A date with its day first and a month's name. */
static bool has_date(struct text line)
{
    struct text t = scan_skip(line);
    uint64_t day;
    if (t.len && (t.at[0] == '*' || t.at[0] == '.'))
        t = text_from(t, 1);
    size_t n = text_digits(text_upto(t, 2), 10, &day);
    bool dotted = n && n < t.len && t.at[n] == '.';
    n += dotted;
    return n > dotted && n + 1 < t.len && t.at[n] == ' ' && scan_lower((char)(t.at[n + 1] | 32));
}

bool anchors_needed(struct text head)
{
    enum { LINES_LEAST = 3, LINES_LOOKED = 400 };
    struct text line;
    unsigned found = 0, traces = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        bool trace = is_trace(line);
        traces += trace;
        found += trace || has_date(line);
    }
    return found >= LINES_LEAST && traces;
}
