#include "parser/face.h"

#include "model/trace.h"
#include "parser/markup.h"
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
    "Building packet for encryption",
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

/* Nothing is glued to a message, and nothing in it stands for another text. */
static bool is_single(struct text t)
{
    return t.at[t.len - 1] != '|' && text_is_plain(t) && !markup_may_be(t) && !face_has_context(t) &&
           tag_glued(t) == TEXT_NOWHERE;
}

/* Does a message stand alone, but for a dump that may take it? */
static bool stands_alone(struct text t)
{
    return is_single(t) && !starts_as(t, of_lists, sizeof of_lists / sizeof of_lists[0]) && !packet_begins(t);
}

static bool is_of_dump(struct text t)
{
    return starts_as(t, of_dumps, sizeof of_dumps / sizeof of_dumps[0]) || packet_continues(t);
}

/* "Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0]" or "Next payload: SA, version: 2.0 Exchange type: …", and
 * nothing glued behind it. */
static bool begins_packet(struct text t)
{
    bool addressed = text_starts(t, TEXT("Sending Packet [")) || text_starts(t, TEXT("Received Packet ["));
    return (addressed ? t.at[t.len - 1] == ']' : text_starts(t, TEXT("Next payload:")) && packet_begins(t)) && is_single(t);
}

static uint32_t hash(struct text t)
{
    uint64_t h = t.len * UINT64_C(0x9e3779b97f4a7c15), word;
    const char *at = t.at;
    size_t len = t.len;
    for (; len > 8; at += 8, len -= 8) {
        memcpy(&word, at, 8);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
    }
    word = 0;
    memcpy(&word, at, len);
    h = (h ^ h >> 31 ^ word) * UINT64_C(0xff51afd7ed558ccd);
    return (uint32_t)(h >> 32);
}

/* What a message says does not depend on who says it. */
static bool read_saying(struct face_memo *memo, struct text t, struct face *f)
{
    struct face_saying unkept, *s = &unkept;
    bool known = false;
    if (t.len == 0) { /* what is to come will say it */
        f->settled = false;
        f->of_dump = true;
        return true;
    }
    if (t.len <= FACE_SAYING) {
        s = &memo->sayings[hash(t) % FACE_SAYINGS];
        known = s->len == t.len && memcmp(s->at, t.at, t.len) == 0;
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
            s->settled = phrase_settled(t, &s->phrase);
        }
        if (s->settled && !s->phrase)
            s->guess = (uint16_t)phrase_guess(t, false, &kind);
        s->guess_kind = (uint8_t)kind;
    }
    f->of_dump = s->of_dump;
    f->settled = s->settled;
    f->phrase = s->phrase;
    f->guess = s->guess;
    f->guess_kind = s->guess_kind;
    return s->alone;
}

/* The time in front, with a colon behind, and nothing more; most often the last line's. *t is what follows. */
static bool read_time(struct face_memo *memo, struct text *t, struct stamp *time)
{
    if (memo->time_len && t->len > memo->time_len && memcmp(t->at, memo->time_at, memo->time_len) == 0) {
        *time = memo->time;
        *t = scan_skip(text_from(*t, memo->time_len));
        return true;
    }
    if (t->at[0] != '*' && t->at[0] != '.' && !scan_upper(t->at[0]))
        return false;
    size_t n = stamp_scan(*t, time);
    if (n == 0 || n >= t->len || t->at[n] != ':')
        return false;
    if (++n <= sizeof memo->time_at) {
        memcpy(memo->time_at, t->at, n);
        memo->time_len = n;
        memo->time = *time;
    }
    *t = scan_skip(text_from(*t, n));
    return true;
}

/* A tag's octets tell all of it where what follows them is the message's own first letter. */
static bool begins_message(char c)
{
    return c != ' ' && c != '\t' && c != ':' && c != '%' && c != '(';
}

static bool tag_known(const struct face_tag *known, struct text *t, struct debug_tag *tag)
{
    if (!known || !known->len || t->len <= known->len || t->at[known->len - 1] != known->at[known->len - 1] ||
        memcmp(t->at, known->at, known->len) != 0 || !begins_message(t->at[known->len]))
        return false;
    *tag = known->tag;
    *t = text_from(*t, known->len);
    return true;
}

/* The tag of IOS or ASA; *t is what follows. */
static bool read_tag(struct face_memo *memo, struct text *t, struct debug_tag *tag)
{
    if (tag_known(memo->last, t, tag))
        return true;
    for (struct face_tag *known = memo->tags; known < memo->tags + FACE_TAGS; known++)
        if (tag_known(known, t, tag)) {
            memo->last = known;
            return true;
        }
    struct tag whole;
    if (!text_starts(*t, TEXT("IKEv2")) || !tag_scan(*t, &whole) || (whole.family != FAMILY_IOS && whole.family != FAMILY_ASA))
        return false;
    size_t n = (size_t)(whole.rest.at - t->at);
    if (!text_is_plain(text_upto(*t, n)))
        return false;
    *tag = tag_of_debug(&whole);
    if (n < t->len && n <= FACE_TAG && begins_message(t->at[n])) {
        struct face_tag *slot = &memo->tags[memo->newest++ % FACE_TAGS];
        memcpy(slot->at, t->at, n);
        slot->len = (uint8_t)n;
        slot->tag = *tag;
    }
    *t = whole.rest;
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

static bool is_tail(const char *at, size_t len, struct text t)
{
    return len == t.len && memcmp(at, t.at, len) == 0;
}

/* "STATE Event: EV_NAME" up to the end of the line: these are few. */
static bool read_tail(struct face_memo *memo, struct text t, struct face *f)
{
    struct text state, event;
    if (t.len == 0 || t.len > FACE_TAIL)
        return false;
    f->tail_len = (uint8_t)t.len;
    f->tail_hash = hash(t);
    struct face_tail *known = &memo->tails[f->tail_hash % FACE_TAILS];
    if (is_tail(known->at, known->len, t))
        return true;
    struct face_tail *other = &memo->tails[f->tail_hash % FACE_TAILS ^ 1];
    if (is_tail(other->at, other->len, t))
        return true;
    if (!transition_end(t, &state, &event) || !trace_knows_event(event)) /* a cut name may go on */
        return false;
    known = known->len && !other->len ? other : known;
    memcpy(known->at, t.at, t.len);
    known->len = (uint8_t)t.len;
    return true;
}

void face_read(struct face_memo *memo, struct text line, struct face *f)
{
    f->kind = FACE_UNREAD;
    f->of_dump = false;
    struct text t = line;
    if (t.len < 12)
        return;
    if (t.at[0] == 'I')
        f->time = (struct stamp){ .kind = STAMP_NONE };
    else if (!read_time(memo, &t, &f->time))
        return;
    if (t.len == 0 || t.at[0] != 'I' || !read_tag(memo, &t, &f->tag))
        return;
    f->text = t;
    if (t.len > 2 && t.at[0] == 'S' && t.at[1] == 'M') {
        if (read_trace(memo, &t, f) && read_tail(memo, t, f))
            f->kind = FACE_TRANSITION;
    } else if (begins_packet(t)) {
        f->kind = FACE_PACKET;
        f->of_dump = true;
    } else if (read_saying(memo, t, f)) {
        f->kind = FACE_ENTRY;
    }
}

void face_name(struct face_names *known, struct names *names, const struct face *f, const char **state, const char **event)
{
    struct face_name *n = &known->slots[f->tail_hash % FACE_TAILS];
    const struct text tail = text_from(f->text, f->text.len - f->tail_len);
    if (!is_tail(n->at, n->len, tail)) {
        struct face_name *other = &known->slots[f->tail_hash % FACE_TAILS ^ 1];
        bool there = is_tail(other->at, other->len, tail);
        n = there || (n->len && !other->len) ? other : n;
        if (!there) {
            struct text state_name, event_name;
            transition_end(tail, &state_name, &event_name);
            memcpy(n->at, tail.at, tail.len);
            n->len = tail.len;
            n->state = names_intern(names, state_name);
            n->event = names_intern(names, event_name);
        }
    }
    *state = n->state;
    *event = n->event;
}
