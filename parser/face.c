#include "parser/face.h"

#include "model/trace.h"
#include "parser/packet.h"
#include "parser/scan.h"

/* How messages start that belong to a dump or to a list of entries, or begin one. */
static const char *const of_more[] = {
    "SM",
    "Parse ",
    "Exchange type:",
    "Message id:",
    "HDR[",
    "IKEV2 HDR",
    "IKEv2 ",
    "SENT PKT [",
    "decrypt queued",
    "Asynchronous request queued",
    "Decrypt success",
    "Received Policies:",
    "Expected Policies:",
    "Failed to find a matching policy",
    "IKE Proposal:",
    "ESP Proposal:",
    "AH Proposal:",
    "Building packet for encryption",
};

bool face_has_context(struct text t)
{
    const char *at = t.at, *end = t.at + t.len;
    while (at < end && (at = memchr(at, '(', (size_t)(end - at))) != NULL)
        if (++at < end && scan_digit(*at))
            return true;
    return false;
}

/* Does a message stand alone: no part of a dump or list, and no other entry glued to it? */
static bool stands_alone(struct text t)
{
    if (t.len == 0 || t.at[t.len - 1] == '|' || !text_is_plain(t) || memchr(t.at, '&', t.len) || face_has_context(t))
        return false;
    for (size_t i = 0; i < sizeof of_more / sizeof of_more[0]; i++)
        if (of_more[i][0] == t.at[0] && text_starts(t, text_of(of_more[i])))
            return false;
    return tag_glued(t) == TEXT_NOWHERE && !packet_begins(t) && !packet_continues(t);
}

/* "Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0]" and nothing glued behind it. */
static bool begins_packet(struct text t)
{
    if (!text_starts(t, TEXT("Sending Packet [")) && !text_starts(t, TEXT("Received Packet [")))
        return false;
    return t.at[t.len - 1] == ']' && text_is_plain(t) && !memchr(t.at, '&', t.len) && !face_has_context(t) &&
           tag_glued(t) == TEXT_NOWHERE;
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
    if (t.len && t.len <= FACE_SAYING) {
        s = &memo->sayings[hash(t) % FACE_SAYINGS];
        if (s->len == t.len && memcmp(s->at, t.at, t.len) == 0) {
            f->settled = s->settled;
            f->phrase = s->phrase;
            f->guess = s->guess;
            f->guess_kind = s->guess_kind;
            return s->alone;
        }
        memcpy(s->at, t.at, t.len);
        s->len = (uint8_t)t.len;
    }
    s->settled = false;
    s->phrase = NULL;
    s->guess = CODE_NONE;
    s->guess_kind = EVENT_UNKNOWN;
    s->alone = stands_alone(t);
    if (s->alone)
        s->settled = phrase_settled(t, &s->phrase);
    if (s->settled && !s->phrase)
        s->guess = phrase_guess(t, false, &s->guess_kind);
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

static void keep_head(struct face_memo *memo, struct text t, const struct tag *tag, const struct transition_line *line, size_t n)
{
    memo->head_len = 0;
    if (n > sizeof memo->head)
        return;
    memcpy(memo->head, t.at, n);
    memo->head_len = n;
    memo->head_text = (size_t)(tag->rest.at - t.at);
    memo->tag = *tag;
    memo->transition = *line;
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
    f->tail = t;
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

static void become_transition(struct face *f, const struct tag *tag, const struct transition_line *line)
{
    f->kind = FACE_TRANSITION;
    f->tag = *tag;
    f->spi_i = line->spi_i;
    f->spi_r = line->spi_r;
    f->msgid = line->msgid;
    f->role = line->role;
}

void face_read(struct face_memo *memo, struct text line, struct face *f)
{
    f->kind = FACE_UNREAD;
    struct text t = line;
    if (t.len < 12)
        return;
    if (t.at[0] == 'I')
        f->time = (struct stamp){ .kind = STAMP_NONE };
    else if (!read_time(memo, &t, &f->time))
        return;
    if (memo->head_len && t.len > memo->head_len && memcmp(t.at, memo->head, memo->head_len) == 0) {
        if (!read_tail(memo, text_from(t, memo->head_len), f))
            return;
        f->text = text_from(t, memo->head_text);
        become_transition(f, &memo->tag, &memo->transition);
        return;
    }
    struct tag tag;
    if (!text_starts(t, TEXT("IKEv2")) || !tag_scan(t, &tag) || (tag.family != FAMILY_IOS && tag.family != FAMILY_ASA) ||
        !text_is_plain(text_upto(t, (size_t)(tag.rest.at - t.at))))
        return;
    f->text = tag.rest;
    if (tag.rest.len > 2 && tag.rest.at[0] == 'S' && tag.rest.at[1] == 'M') {
        struct text rest = tag.rest;
        struct transition_line transition;
        if (!transition_head(&rest, &transition) || !read_tail(memo, rest, f))
            return;
        keep_head(memo, t, &tag, &transition, (size_t)(rest.at - t.at));
        become_transition(f, &tag, &transition);
    } else if (begins_packet(tag.rest)) {
        f->kind = FACE_PACKET;
        f->tag = tag;
    } else if (read_saying(memo, tag.rest, f)) {
        f->kind = FACE_ENTRY;
        f->tag = tag;
    }
}

void face_name(struct face_names *known, struct names *names, const struct face *f, const char **state, const char **event)
{
    struct face_name *n = &known->slots[f->tail_hash % FACE_TAILS];
    if (!is_tail(n->at, n->len, f->tail)) {
        struct face_name *other = &known->slots[f->tail_hash % FACE_TAILS ^ 1];
        bool there = is_tail(other->at, other->len, f->tail);
        n = there || (n->len && !other->len) ? other : n;
        if (!there) {
            struct text state_name, event_name;
            transition_end(f->tail, &state_name, &event_name);
            memcpy(n->at, f->tail.at, f->tail.len);
            n->len = f->tail.len;
            n->state = names_intern(names, state_name);
            n->event = names_intern(names, event_name);
        }
    }
    *state = n->state;
    *event = n->event;
}
