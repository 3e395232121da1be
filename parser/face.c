#include "parser/face.h"

#include "model/trace.h"
#include "parser/damage.h"
#include "parser/furniture.h"
#include "parser/packet.h"
#include "parser/scan.h"

/* How messages start that belong to a list of entries or begin one, or need more than their own line. */
static const char *const of_lists[] = {
    "SM",
    "SENT PKT [",
    "Received Policies:",
    "Expected Policies:",
    "Failed to find a matching policy",
    "IKE Proposal:",
    "ESP Proposal:",
    "AH Proposal:",
};

/* … and those that an open dump may take, beside what looks like an item of one. */
static const char *const of_dumps[] = {
    "Parse ",          "Exchange type:", "Message id:",    "HDR[",
    "IKEV2 HDR",       "IKEv2 ",         "decrypt queued", "Asynchronous request queued",
    "Decrypt success",
};

static bool starts_as(struct text t, const char *const *starts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (starts[i][0] == t.at[0] && text_starts(t, text_of(starts[i])))
            return true;
    return false;
}

bool face_has_context(struct text t)
{
    const char *at = t.at, *end = t.at + t.len;
    while (at < end && (at = memchr(at, '(', (size_t)(end - at))) != NULL)
        if (++at < end && scan_digit(*at))
            return true;
    return false;
}

/* Nothing is glued to a message, and nothing in it stands for something else. */
static bool is_single(struct text t)
{
    return text_is_plain(t) && line_is_literal(t) && !face_has_context(t) && tag_glued(t) == TEXT_NOWHERE;
}

/* Does a message stand alone, but for a dump that may take it? */
static bool stands_alone(struct text t)
{
    return is_single(t) && !starts_as(t, of_lists, COUNT_OF(of_lists)) && !packet_begins(t);
}

static bool is_of_dump(struct text t)
{
    return starts_as(t, of_dumps, COUNT_OF(of_dumps)) || packet_continues(t);
}

/* "Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0]" or "Next payload: SA, version: 2.0 Exchange type: …", and
 * nothing glued behind it. */
static bool begins_packet(struct text t)
{
    bool addressed = text_starts(t, TEXT("Sending Packet [")) || text_starts(t, TEXT("Received Packet ["));
    return (addressed ? t.at[t.len - 1] == ']' : text_starts(t, TEXT("Next payload:")) && packet_begins(t)) && is_single(t);
}

static uint64_t octets8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Of five places in a text: what is found by it is compared as a whole. */
static uint32_t hash(struct text t)
{
    uint64_t h = t.len * UINT64_C(0x9e3779b97f4a7c15);
    if (t.len >= 8) {
        const char *last = t.at + t.len - 8;
        const size_t quarter = (t.len - 8) / 4;
        h = (h ^ octets8(t.at)) * UINT64_C(0xff51afd7ed558ccd);
        h = (h ^ h >> 31 ^ octets8(t.at + quarter)) * UINT64_C(0xff51afd7ed558ccd);
        h = (h ^ h >> 31 ^ octets8(t.at + 2 * quarter)) * UINT64_C(0xff51afd7ed558ccd);
        h = (h ^ h >> 31 ^ octets8(last - quarter)) * UINT64_C(0xff51afd7ed558ccd);
        h = (h ^ h >> 31 ^ octets8(last)) * UINT64_C(0xff51afd7ed558ccd);
    } else {
        for (size_t i = 0; i < t.len; i++)
            h = (h ^ (unsigned char)t.at[i]) * UINT64_C(0xff51afd7ed558ccd);
    }
    return (uint32_t)(h >> 32);
}

static bool is_saying(const struct face_saying *s, struct text t)
{
    return s->len == t.len && memcmp(s->at, t.at, t.len) == 0;
}

/* Where a message is remembered, or may be: each has two places. */
static struct face_saying *saying_at(struct face_memo *memo, struct text t)
{
    const uint32_t h = hash(t) % FACE_SAYINGS;
    struct face_saying *s = &memo->sayings[h], *other = &memo->sayings[h ^ 1];
    return !is_saying(s, t) && (is_saying(other, t) || (s->len && !other->len)) ? other : s;
}

/* What a message says does not depend on who says it. */
static bool read_saying(struct face_memo *memo, struct text t, struct face *f)
{
    struct face_saying unkept, *s = &unkept;
    bool known = false;
    if (t.len == 0) { /* what is to come will say it */
        f->contents = false;
        f->settled = f->torn = false;
        f->of_dump = true;
        return true;
    }
    if (t.len <= FACE_SAYING) {
        s = saying_at(memo, t);
        known = is_saying(s, t);
    }
    if (!known) {
        enum event_kind kind = EVENT_UNKNOWN;
        *s = (struct face_saying){ .alone = stands_alone(t) };
        if (t.len <= FACE_SAYING) {
            memcpy(s->at, t.at, t.len);
            s->len = (uint8_t)t.len;
        }
        if (s->alone) {
            s->of_dump = is_of_dump(t);
            s->contents = text_starts(t, TEXT("Building packet for encryption"));
            s->settled = phrase_settled(t, &s->phrase);
        }
        s->torn = s->settled && damage_torn(t);
        if (s->settled && !s->phrase)
            s->guess = (uint16_t)phrase_guess(t, false, &kind);
        s->guess_kind = (uint8_t)kind;
    }
    f->of_dump = s->of_dump;
    f->contents = s->contents;
    f->settled = s->settled;
    f->torn = s->torn;
    f->phrase = s->phrase;
    f->guess = s->guess;
    f->guess_kind = s->guess_kind;
    return s->alone;
}

/* Where the three digits of milliseconds stand in a time that was read as "….811" and what may follow; 0: nowhere. */
static size_t milliseconds_at(struct text time, const struct stamp *stamp)
{
    const char *dot = memchr(time.at + 1, '.', time.len - 1); /* the first octet is a mark, if it is one */
    return stamp->digits == 3 && dot ? (size_t)(dot - time.at) + 1 : 0;
}

static bool read_milliseconds(const char *at, int64_t *ns)
{
    const unsigned h = (unsigned)(at[0] - '0'), z = (unsigned)(at[1] - '0'), e = (unsigned)(at[2] - '0');
    *ns = (int64_t)(h * 100 + z * 10 + e) * 1000000;
    return h <= 9 && z <= 9 && e <= 9;
}

/* The last line's time again, or one that differs by its milliseconds alone. */
static inline bool same_time(const struct face_memo *memo, struct text t, struct stamp *time)
{
    const size_t ms = memo->time_ms, len = memo->time_len;
    int64_t more;
    if (t.len <= len || len == 0 || memcmp(t.at, memo->time_at, ms ? ms : len) != 0)
        return false;
    *time = memo->time;
    if (!ms)
        return true;
    if (!read_milliseconds(t.at + ms, &more) || memcmp(t.at + ms + 3, memo->time_at + ms + 3, len - ms - 3) != 0)
        return false;
    time->ns += more;
    return true;
}

bool face_field(const struct face_memo *memo, struct text line, struct text *field)
{
    const size_t n = memo->time_len;
    struct stamp time;
    if (line.len < n + 4 || line.at[n] != ' ' || line.at[n + 1] != ' ' || !same_time(memo, line, &time))
        return false;
    *field = text_from(line, n);
    return true;
}

/* The time in front, with a colon behind, and nothing more. *t is what follows. */
static bool read_time(struct face_memo *memo, struct text *t, struct stamp *time)
{
    if (same_time(memo, *t, time)) {
        *t = scan_skip(text_from(*t, memo->time_len));
        return true;
    }
    if (t->at[0] != '*' && t->at[0] != '.' && !scan_upper(t->at[0]))
        return false;
    size_t n = stamp_scan(*t, time);
    if (n == 0 || n >= t->len || t->at[n] != ':' || time->kind == STAMP_NONE)
        return false;
    if (++n <= sizeof memo->time_at) {
        memcpy(memo->time_at, t->at, n);
        memo->time_len = n;
        memo->time = *time;
        memo->time_ms = milliseconds_at(text_upto(*t, n), time);
        int64_t more = 0;
        if (memo->time_ms && read_milliseconds(t->at + memo->time_ms, &more))
            memo->time.ns -= more; /* the memory is of the whole second */
    }
    *t = scan_skip(text_from(*t, n));
    return true;
}

/* A tag's octets tell all of it where what follows them is the message's own first letter. */
static bool begins_message(char c)
{
    return c != ' ' && c != '\t' && c != ':' && c != '%' && c != '(';
}

/* The tag of IOS or ASA; *t is what follows. */
static bool read_tag(struct text *t, struct debug_tag *tag)
{
    size_t n = tag_usual(*t, tag);
    if (!n) {
        struct tag whole;
        if (t->len < 6 || !text_starts(*t, TEXT("IKEv2")) || (t->at[5] != ':' && t->at[5] != '-') || !tag_scan(*t, &whole) ||
            (whole.family != FAMILY_IOS && whole.family != FAMILY_ASA))
            return false;
        n = (size_t)(whole.rest.at - t->at);
        if (!text_is_plain(text_upto(*t, n)))
            return false;
        *tag = tag_of_debug(&whole);
    }
    *t = text_from(*t, n);
    return true;
}

/* "SM Trace-> SA: I_SPI=" stands in front of 16 digits, " R_SPI=" and 16 digits: those tell whose it is. */
static struct face_trace *trace_at(struct face_memo *memo, struct text t)
{
    enum { SPI_I = 21, SPI_R = SPI_I + 16 + 7 };
    uint64_t word[4];
    if (t.len < SPI_R + 16)
        return NULL;
    memcpy(word, t.at + SPI_I, 16);
    memcpy(word + 2, t.at + SPI_R, 16);
    uint64_t h = (word[0] * 3 + word[1]) * UINT64_C(0x9e3779b97f4a7c15) ^ (word[2] * 3 + word[3]) * UINT64_C(0xff51afd7ed558ccd);
    return &memo->traces[(h ^ h >> 32) >> 10 & (FACE_TRACES - 1)];
}

/* A transition up to its state; *t is what follows. */
static bool read_trace(struct face_memo *memo, struct text *t, struct face *f)
{
    struct face_trace *known = trace_at(memo, *t), unkept;
    if (!known)
        return false;
    if (!known->len || t->len <= known->len || memcmp(t->at, known->at, known->len) != 0) {
        struct text rest = *t;
        struct transition_line line;
        if (!transition_head(&rest, &line))
            return false;
        size_t n = (size_t)(rest.at - t->at);
        if (n > FACE_TRACE)
            known = &unkept;
        else
            memcpy(known->at, t->at, n);
        known->len = (uint8_t)n;
        known->role = line.role;
        known->msgid = line.msgid;
        known->spi_i = line.spi_i.value;
        known->spi_r = line.spi_r.value;
    }
    *t = text_from(*t, known->len);
    f->role = known->role;
    f->msgid = known->msgid;
    f->spi_i = known->spi_i;
    f->spi_r = known->spi_r;
    return true;
}

static bool is_tail(const struct face_tail *tail, struct text t)
{
    return tail->len == t.len && memcmp(tail->at, t.at, t.len) == 0;
}

/* "STATE Event: EV_NAME" up to the end of the line: these are few. Each has two places. */
static const struct face_tail *read_tail(struct face_memo *memo, struct text t)
{
    struct text state, event;
    if (t.len == 0 || t.len > FACE_TAIL)
        return NULL;
    const uint32_t h = hash(t) % FACE_TAILS;
    struct face_tail *known = &memo->tails[h], *other = &memo->tails[h ^ 1];
    if (is_tail(known, t))
        return known;
    if (is_tail(other, t))
        return other;
    if (!transition_end(t, &state, &event))
        return NULL;
    known = known->len && !other->len ? other : known;
    memcpy(known->at, t.at, t.len);
    known->len = (uint8_t)t.len;
    known->state = trace_state(state);
    known->event = trace_event(event);
    return known;
}

static void read_transition(struct face_memo *memo, struct text t, struct face *f)
{
    const struct face_tail *tail = read_trace(memo, &t, f) ? read_tail(memo, t) : NULL;
    if (!tail)
        return;
    f->contents = f->settled = f->torn = false;
    f->state = tail->state;
    f->event = tail->event;
    if (!tail->event) /* it may have been cut, and go on */
        f->kind = FACE_ENTRY;
    else if (tail->state)
        f->kind = FACE_TRANSITION;
}

/* Time and tag; *t is the message. */
static bool read_head(struct face_memo *memo, struct text *t, struct face *f)
{
    const struct text line = *t;
    const size_t known = memo->head_len;
    if (known && line.len > known && begins_message(line.at[known]) && memcmp(line.at, memo->head_at, known) == 0) {
        f->time = memo->head_time;
        f->tag = memo->head_tag;
        *t = text_from(line, known);
        return true;
    }
    if (line.at[0] == 'I' || line.at[0] == '%')
        f->time = (struct stamp){ .kind = STAMP_NONE };
    else if (!read_time(memo, t, &f->time))
        return false;
    if (t->len && t->at[0] == '%')
        *t = text_from(*t, tag_wrapping(*t));
    if (t->len == 0 || t->at[0] != 'I' || !read_tag(t, &f->tag))
        return false;
    const size_t n = (size_t)(t->at - line.at);
    if (t->len && n <= FACE_HEAD && begins_message(t->at[0])) {
        memcpy(memo->head_at, line.at, n);
        memo->head_len = n;
        memo->head_time = f->time;
        memo->head_tag = f->tag;
    }
    return true;
}

void face_read(struct face_memo *memo, struct text line, struct face *f)
{
    f->kind = FACE_UNREAD;
    f->of_dump = false;
    f->time.kind = STAMP_NONE;
    struct text t = line;
    if (t.len < 12 || t.at[0] == ' ' || !read_head(memo, &t, f))
        return;
    f->text = t;
    if (t.len > 2 && t.at[0] == 'S' && t.at[1] == 'M') {
        read_transition(memo, t, f);
    } else if (begins_packet(t)) {
        f->kind = FACE_PACKET;
        f->of_dump = true;
    } else if (read_saying(memo, t, f)) {
        f->kind = FACE_ENTRY;
    }
}
