#include "parser/relayed.h"

#include "parser/markup.h"
#include "parser/scan.h"
#include "parser/tag.h"

void relayed_begin(struct relayed_memo *memo)
{
    if (!memo->met)
        memo->host_at = 0;
    memo->met = false;
    memo->tries = RELAYED_TRIES;
}

static struct relayed_head *head_of(struct relayed_memo *memo, struct text host)
{
    uint32_t h = 0;
    for (size_t i = 0; i < host.len && i < RELAYED_HEAD && host.at[i] != ' '; i++)
        h = (h ^ (unsigned char)host.at[i]) * 0x01000193u;
    return &memo->each[(h ^ h >> 15) % RELAYED_HEADS];
}

/* The same head, or it again at another time. */
static bool is_head(struct relayed_head *head, struct text line)
{
    const size_t behind = (size_t)head->time_at + head->time_len;
    struct stamp time;
    if (!head->len || line.len <= head->len || memcmp(line.at + behind, head->at + behind, head->len - behind) != 0)
        return false;
    if (memcmp(line.at, head->at, behind) == 0)
        return true;
    if (memcmp(line.at, head->at, head->time_at) != 0 || stamp_scan(text_from(line, head->time_at), &time) != head->time_len)
        return false;
    memcpy(head->at, line.at, behind);
    head->time = time;
    return true;
}

/* "124: ", the device's own number. False: something else stands there. */
static bool take_number(struct text *t, struct relayed *relayed)
{
    const size_t n = text_digits(text_upto(*t, 18), 10, &relayed->sequence);
    relayed->has_sequence = n != 0;
    if (n && (n + 2 >= t->len || t->at[n] != ':' || t->at[n + 1] != ' '))
        return false;
    *t = n ? text_from(*t, n + 2) : *t;
    return true;
}

/* Without what a firewall wraps a debug in: an entry, or a line of a dump. Neither has a time of its own there. */
static struct text unwrapped(struct text own)
{
    const struct text debug = text_from(own, tag_wrapping(own));
    return debug.len && (debug.at[0] == '*' || debug.at[0] == '.' || stamp_month(debug)) ? own : debug;
}

bool relayed_read(struct relayed_memo *memo, struct text line, struct relayed *relayed, struct text *own)
{
    if (!memo->host_at || line.len <= memo->host_at)
        return false;
    struct relayed_head *head = head_of(memo, text_from(line, memo->host_at));
    if (!is_head(head, line))
        return false;
    struct text rest = text_from(line, head->len);
    if (!take_number(&rest, relayed))
        return false;
    rest = unwrapped(rest);
    relayed->host = text_over(line.at + head->host_at, head->host_len);
    relayed->time = head->time;
    relayed->hosted = head->hosted;
    relayed->len = (uint32_t)(rest.at - line.at);
    *own = rest;
    return true;
}

/* Where a relay's head has its time: behind "<189>", or "<189>1 ". */
static size_t time_at(struct text head)
{
    const size_t priority = head.at[0] == '<' ? text_find_byte(head, '>') + 1 : 0;
    return priority && text_starts(text_from(head, priority), TEXT("1 ")) ? priority + 2 : priority;
}

/* The device's own time or, without one, its tag: what is behind a head is then the same whatever was read before. */
static bool is_settled(struct text own, const struct stamp *relays, const struct prefix *p)
{
    struct stamp time = *relays;
    struct text rest = own;
    if (own.at[0] == 'I' || tag_wrapping(own))
        return p->rest.at == own.at && p->time.ns == time.ns && p->time.kind == time.kind;
    const size_t n = stamp_month(text_from(own, own.at[0] == '*' || own.at[0] == '.')) ? stamp_scan(own, &time) : 0;
    if (!n || n >= own.len || own.at[n] != ':')
        return false;
    rest = scan_skip(text_from(own, n + 1));
    return p->rest.at == rest.at && p->time.ns == time.ns && p->time.kind == time.kind;
}

/* What the long way would clean, or cut in two, is no head. A byte order mark may stand behind it (RFC 5424 section 6.4). */
static bool is_plain_head(struct text head)
{
    if (text_ends(head, TEXT("\xef\xbb\xbf")))
        head.len -= 3;
    return text_is_plain(head) && !scan_has_ends(head) && !markup_may_be(head);
}

bool relayed_learn(struct relayed_memo *memo, struct text line)
{
    struct prefix_cache cache = { .len = 0 };
    struct prefix p;
    struct relayed relayed = { .has_sequence = false };
    if (line.len < 16 || (line.at[0] != '<' && !scan_digit(line.at[0]) && !scan_upper(line.at[0])) ||
        !prefix_scan(line, &cache, &p) || !p.relayed || !p.has_time || p.program || p.number.len || !p.host.len)
        return false;
    size_t len = prefix_relay(line);
    if (text_starts(text_from(line, len), TEXT(": %"))) /* an ASA's own name for itself, in front of its tag */
        len += 2;
    if (len == 0 || p.host.len > sizeof cache.host || !is_plain_head(text_upto(line, len)) ||
        markup_may_be(text_upto(line, len)) || len > RELAYED_HEAD || p.host.at < line.at ||
        p.host.at + p.host.len >= line.at + len)
        return false;
    struct relayed_head head = { .len = (uint8_t)len, .host_len = (uint8_t)p.host.len, .hosted = cache.host_len != 0 };
    struct text own = text_from(line, len);
    head.host_at = (uint8_t)(p.host.at - line.at);
    head.time_at = (uint8_t)time_at(text_upto(line, len));
    head.time_len = (uint8_t)stamp_scan(text_from(line, head.time_at), &head.time);
    if (!take_number(&own, &relayed) || !own.len || relayed.has_sequence != p.has_sequence ||
        (p.has_sequence && relayed.sequence != p.sequence) || !head.time_len || head.time_at + head.time_len > head.host_at ||
        !is_settled(own, &head.time, &p))
        return false;
    memcpy(head.at, line.at, len);
    memo->host_at = head.host_at;
    *head_of(memo, text_from(line, head.host_at)) = head;
    return true;
}
