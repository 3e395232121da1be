#include "parser/transition.h"

#include "model/trace.h"
#include "parser/scan.h"
#include "parser/veils.h"

/* The value of 16 hex digits, or false; IOS prints upper case, ASA's platform lines lower. */
static bool hex16(const char *at, uint64_t *value)
{
    uint64_t high, low;
    if (!text_hex8(at, &high) || !text_hex8(at + 8, &low))
        return false;
    *value = high << 32 | low;
    return true;
}

static bool is_name(char c)
{
    return scan_upper(c) || scan_digit(c) || c == '_';
}

static size_t name_length(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && is_name(*at))
        at++;
    return (size_t)(at - from);
}

/* Padded to 7 or 8 digits it is hexadecimal (IOS 15, ASA), else decimal (IOS-XE). */
static bool read_msgid(const char *at, size_t digits, uint32_t *msgid)
{
    uint64_t value;
    unsigned base = 10;
    if (digits == 8 && text_hex8(at, &value)) {
        *msgid = (uint32_t)value;
        return true;
    }
    if (digits >= 7)
        base = 16;
    for (size_t i = 0; i < digits; i++)
        if (at[i] > '9')
            base = 16;
    if (digits == 0 || digits > 10 || !text_number(text_over(at, digits), base, &value) || value > UINT32_MAX)
        return false;
    *msgid = (uint32_t)value;
    return true;
}

#define STARTS               "SM Trace-> SA: I_SPI="
#define SECOND               " R_SPI="
#define STATE                " CurState: "
#define EVENT                " Event: "
#define LITERAL(at, literal) (memcmp((at), (literal), sizeof(literal) - 1) == 0)

bool transition_head(struct text *t, struct transition_line *out)
{
    const char *at = t->at, *end = at + t->len;
    const size_t head = sizeof STARTS - 1, second = sizeof SECOND - 1;
    if (t->len < 100 || !LITERAL(at, STARTS) || !LITERAL(at + head + 16, SECOND))
        return false;
    uint64_t i, r;
    if (!hex16(at + head, &i) || !hex16(at + head + 16 + second, &r))
        return false;
    at += head + 16 + second + 16;
    if (at[0] != ' ' || at[1] != '(' || (at[2] != 'I' && at[2] != 'R') || !LITERAL(at + 3, ") MsgID = "))
        return false;
    out->role = at[2] == 'I' ? SIDE_INITIATOR : SIDE_RESPONDER;
    at += 13;
    const char *digits = at;
    while (at < end && (scan_digit(*at) || (*at >= 'A' && *at <= 'F') || (*at >= 'a' && *at <= 'f')))
        at++;
    if (!read_msgid(digits, (size_t)(at - digits), &out->msgid))
        return false;
    if ((size_t)(end - at) < sizeof STATE + sizeof EVENT + 4 || !LITERAL(at, STATE))
        return false;
    at += sizeof STATE - 1;
    out->spi_i = spi_of(i, 16);
    out->spi_r = spi_of(r, 16);
    *t = text_over(at, (size_t)(end - at));
    return true;
}

static bool scan_usual(struct text *t, struct transition_line *out)
{
    struct text s = *t;
    if (!transition_head(&s, out))
        return false;
    const char *at = s.at, *end = at + s.len;
    size_t n = name_length(at, end);
    out->state = text_over(at, n);
    at += n;
    if (n == 0 || (size_t)(end - at) < sizeof EVENT + 2 || !LITERAL(at, EVENT "EV"))
        return false;
    at += sizeof EVENT - 1;
    n = name_length(at, end);
    out->event = text_over(at, n);
    at += n;
    *t = text_over(at, (size_t)(end - at));
    return true;
}

/* A state's name that has lost the blank before "Event:" is told by the keyword behind it. */
static struct text take_state(struct text *s)
{
    *s = scan_skip(*s);
    size_t n = name_length(s->at, s->at + s->len);
    struct text state = text_upto(*s, n);
    if (n && n < s->len && text_starts(text_from(*s, n), TEXT("vent")) && state.at[n - 1] == 'E')
        state.len--; /* "READYEvent:" */
    *s = text_from(*s, state.len);
    return state;
}

/* Takes a keyword. Where it is not there, says whether the text ends inside it: then the line was cut or wrapped. */
static bool take_word(struct text *s, const char *word, enum transition_scan *why)
{
    if (scan_eat_text(s, word))
        return true;
    struct text rest = scan_skip(*s), whole = text_of(word);
    *why = rest.len < whole.len && text_starts(whole, rest) ? TRANSITION_PARTIAL : TRANSITION_NOT;
    return false;
}

static bool take_spi(struct text *s, struct spi *spi, enum transition_scan *why)
{
    if (spi_scan(s, spi))
        return true;
    *why = scan_skip(*s).len ? TRANSITION_NOT : TRANSITION_PARTIAL;
    return false;
}

static bool take_role(struct text *s, uint8_t *role, enum transition_scan *why)
{
    if (!take_word(s, "(", why))
        return false;
    if (scan_eat(s, "I"))
        *role = SIDE_INITIATOR;
    else if (scan_eat(s, "R"))
        *role = SIDE_RESPONDER;
    else {
        *why = scan_skip(*s).len ? TRANSITION_NOT : TRANSITION_PARTIAL;
        return false;
    }
    return take_word(s, ")", why);
}

static bool take_msgid(struct text *s, uint32_t *msgid, enum transition_scan *why)
{
    if (!take_word(s, "MsgID =", why))
        return false;
    *s = scan_skip(*s);
    uint64_t ignored;
    size_t digits = text_digits(text_upto(*s, 10), 16, &ignored);
    if (digits && s->len > digits && s->at[digits] == 'u' && s->at[digits - 1] == 'C') /* "00CurState" */
        digits--;
    if (!read_msgid(s->at, digits, msgid)) {
        *why = s->len ? TRANSITION_NOT : TRANSITION_PARTIAL;
        return false;
    }
    *s = text_from(*s, digits);
    return true;
}

/* A page in another language may have its own word there: "Ereignis: EV_INIT_SA". */
static bool take_other_word(struct text *s)
{
    struct text rest = scan_skip(*s);
    size_t n = 0;
    while (n < rest.len && n < 24 && (scan_letter(rest.at[n]) || (unsigned char)rest.at[n] >= 0x80))
        n++;
    rest = scan_skip(text_from(rest, n));
    if (n < 3 || !scan_eat_byte(&rest, ':') || !text_starts(scan_skip(rest), TEXT("EV_")))
        return false;
    *s = rest;
    return true;
}

static enum transition_scan scan_patient(struct text *t, struct transition_line *out)
{
    struct text s = *t;
    enum transition_scan why = TRANSITION_NOT;
    if (!scan_eat(&s, "SM Trace-") && !take_word(&s, "SM Trace -", &why))
        return why == TRANSITION_PARTIAL && s.len > 2                      ? why
               : text_starts(TEXT("SM Trace-"), scan_skip(s)) && s.len > 2 ? TRANSITION_PARTIAL
                                                                           : TRANSITION_NOT;
    if (!scan_eat(&s, "&gt;") && !take_word(&s, ">", &why))
        return why;
    struct text before = scan_skip(s);
    if (before.len < 3 && text_starts(TEXT("SA:"), before))
        return TRANSITION_PARTIAL;
    scan_eat(&s, "SA:");
    if (!take_word(&s, "I_SPI=", &why) || !take_spi(&s, &out->spi_i, &why) || !take_word(&s, "R_SPI=", &why) ||
        !take_spi(&s, &out->spi_r, &why) || !take_role(&s, &out->role, &why) || !take_msgid(&s, &out->msgid, &why) ||
        !take_word(&s, "CurState:", &why))
        return why;
    out->state = take_state(&s);
    if (out->state.len == 0)
        return scan_skip(s).len ? TRANSITION_NOT : TRANSITION_PARTIAL;
    if (!take_word(&s, "Event:", &why) && !take_other_word(&s))
        return why;
    s = scan_skip(s);
    if (s.len < 2)
        return s.len == 0 || s.at[0] == 'E' ? TRANSITION_PARTIAL : TRANSITION_NOT;
    if (!text_starts(s, TEXT("EV")))
        return TRANSITION_NOT;
    size_t n = name_length(s.at, s.at + s.len);
    out->event = text_upto(s, n);
    *t = text_from(s, n);
    return TRANSITION_WHOLE;
}

enum transition_scan transition_scan(struct text *t, struct transition_line *out)
{
    if (t->len < 8 || t->at[0] != 'S' || t->at[1] != 'M')
        return TRANSITION_NOT;
    if (scan_usual(t, out))
        return TRANSITION_WHOLE;
    return scan_patient(t, out);
}

bool transition_end(struct text t, struct text *state, struct text *event)
{
    const char *at = t.at, *end = t.at + t.len;
    size_t n = name_length(at, end);
    *state = text_over(at, n);
    at += n;
    if (n == 0 || (size_t)(end - at) < sizeof EVENT + 2 || !LITERAL(at, EVENT "EV"))
        return false;
    at += sizeof EVENT - 1;
    *event = text_over(at, (size_t)(end - at));
    return name_length(at, end) == event->len;
}

/* A name that a table has is that table's, so that whoever reads it ahead needs no other (parser/face.h). */
static const char *interned(struct names *names, struct text t)
{
    const char *known = text_starts(t, TEXT("EV_")) ? trace_event(t) : trace_state(t);
    return known ? known : names_intern(names, t);
}

const char *name_cached(struct name_cache *cache, struct names *names, struct text t)
{
    if (t.len < 2 || t.len > 255)
        return interned(names, t);
    uint32_t a = 0, b = 0;
    size_t n = t.len < 4 ? t.len : 4;
    memcpy(&a, t.at, n);
    memcpy(&b, t.at + t.len - n, n);
    uint32_t middle = (unsigned char)t.at[t.len / 2];
    uint32_t h = (a * 2654435761u) ^ (b * 2246822519u) ^ (middle * 3266489917u) ^ ((uint32_t)t.len * 668265263u);
    h = (h ^ h >> 15) % NAME_SLOTS;
    if (cache->names[h] && cache->lengths[h] == t.len && memcmp(cache->names[h], t.at, t.len) == 0)
        return cache->names[h];
    cache->names[h] = interned(names, t);
    cache->lengths[h] = (uint8_t)t.len;
    return cache->names[h];
}
