#include "base/limits.h"
#include "reporters/clean.h"
#include "reporters/fixes.h"
#include "reporters/prose.h"
#include "reporters/screen.h"
#include "reporters/words.h"

enum { FINDINGS_SHOWN = 12, FINDINGS_FULL = 3, QUOTED = 240, CAUSE_LINES = 4 };

/* How much a finding may take at each place; a note says no more than what it is. */
static size_t advice_room(const struct finding *f)
{
    return f->severity == SEVERITY_NOTE ? 0 : 6;
}

/* A router's only line stands behind its name, more stand below it. */
static bool one_line(const struct fixes *at)
{
    return at->named && at->count == 1;
}

/* A command of a row, and what is remarked of it. */
static void command_line(struct page *p, size_t indent, const struct prose_part *part)
{
    page_to(p, indent);
    page_wrap(p, STYLE_BOLD, indent + 2, part->text);
    if (part->remark.len) {
        const bool fits = p->column + 2 + clean_columns(part->remark) <= p->width;
        if (!fits)
            page_line(p);
        page_to(p, fits ? p->column + 2 : indent + 2);
        screen_wrap(p, STYLE_PLAIN, indent + 2, part->remark);
    }
    page_line(p);
}

/* A line of advice, behind what the page's scratch holds. A row of commands goes below it, a line each. */
static void advice_line(struct page *p, size_t indent, struct text line)
{
    struct prose prose = prose_of(line, true);
    struct prose_part part;
    for (bool below = false; prose_next(&prose, &part);) {
        if (part.row) {
            if (p->text.len) {
                screen_wrap(p, STYLE_PLAIN, indent, page_view(p));
                page_line(p);
            }
            page_text(p);
            command_line(p, indent + 2, &part);
            below = true;
            continue;
        }
        if (below)
            page_to(p, indent);
        below = false;
        buffer_string(&p->text, part.code ? "`" : "");
        buffer_text(&p->text, part.text);
        buffer_string(&p->text, part.code ? "`" : "");
    }
    if (p->text.len) {
        screen_wrap(p, STYLE_PLAIN, indent, page_view(p));
        page_line(p);
    }
}

static void advice(struct page *p, const struct screen *s, const struct finding *f)
{
    struct fixes places[FIX_PLACES];
    size_t count = advice_room(f) ? fixes_of(f, places) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct fixes *at = &places[i];
        bool headed = at->where.len && !one_line(at);
        size_t room = advice_room(f) < at->count ? advice_room(f) : at->count;
        struct buffer *out = page_text(p);
        fix_where_print(s->m, at, out);
        buffer_string(out, at->where.len ? ":" : "");
        screen_label(p, i ? "" : "fix");
        if (headed) {
            page_wrap(p, STYLE_BOLD, SCREEN_LABEL + 2, page_view(p));
            page_line(p);
        }
        for (size_t n = 0; n < room; n++) {
            if (headed || n)
                page_to(p, SCREEN_LABEL + (headed ? 4 : 2));
            out = headed || n ? page_text(p) : out;
            buffer_string(out, !headed && !n && at->where.len ? " " : "");
            advice_line(p, SCREEN_LABEL + (headed ? 6 : 4), at->lines[n]);
        }
        screen_more(p, SCREEN_LABEL + 4, at->count - room, "to do (-f json has all)");
    }
}

static bool typed(struct text advice)
{
    return text_find_byte(advice, '`') != TEXT_NOWHERE;
}

/* As many lines of these places are to be typed. */
static size_t count_typed(const struct fixes *places, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < places[i].count; k++)
            n += typed(places[i].lines[k]);
    return n;
}

/* The first that is to be typed: of a warning or error at each place, of a note at one. */
static void advice_short(struct page *p, const struct screen *s, const struct finding *f)
{
    struct fixes places[FIX_PLACES];
    size_t count = fixes_of(f, places), shown = 0, most = f->severity == SEVERITY_NOTE ? 1 : FIX_PLACES;
    for (size_t i = 0; i < count && shown < most; i++) {
        const struct fixes *at = &places[i];
        bool both = at->count && text_starts(at->lines[0], TEXT("IOS: ")); /* nobody knows what it is: the ASA's way, too */
        for (size_t n = 0, of_place = 0; n < at->count; n++) {
            if (of_place == (both ? 2 : 1) || !typed(at->lines[n]))
                continue;
            struct buffer *out = page_text(p);
            fix_where_print(s->m, at, out);
            buffer_string(out, at->where.len ? ": " : "");
            screen_label(p, shown ? "" : "fix");
            advice_line(p, SCREEN_LABEL + 4, at->lines[n]);
            of_place++;
            shown++;
        }
    }
    if (shown)
        screen_more(p, SCREEN_LABEL + 4, count_typed(places, count) - shown, "to type (-f json has all)");
}

/* How often the same words stand in this input, from here on; 0: they stood before. */
static unsigned times_of(const struct finding_line *first, const struct finding_line *l)
{
    unsigned times = 0;
    for (const struct finding_line *k = first; k; k = k->next) {
        if (!k->place || k->input != l->input || !text_equal(k->text, l->text))
            continue;
        if (k != l && !times)
            return 0;
        times++;
    }
    return times;
}

/* "IKE_AUTH request sent, message id 1": that it went or came, and nothing of what it says. */
static bool plain_request(const struct finding_line *l)
{
    size_t request = text_find(l->text, TEXT(" request ")), id = text_find(l->text, TEXT(", message id "));
    return request != TEXT_NOWHERE && id != TEXT_NOWHERE && request < id &&
           text_find_byte(text_from(l->text, id + 2), ':') == TEXT_NOWHERE &&
           text_find_byte(text_from(l->text, id + 2), ',') == TEXT_NOWHERE;
}

/* How many plain requests may be shown: what decides goes first where there is not room for all. */
static size_t requests_room(const struct finding_line *first, bool once, size_t most)
{
    size_t others = 0;
    for (const struct finding_line *l = first; l; l = l->next)
        others += l->place && !plain_request(l) && (!once || times_of(first, l));
    return others < most ? most - others : 0;
}

/* The places, each with the beginning of what stands there; a file's name is said once. once: what a log says again and
 * again is, too; of a configuration each line counts. */
static void quotes(struct screen *s, const char *word, bool once, const struct finding_line *first, size_t most)
{
    struct page *p = &s->p;
    size_t n = 0, left = 0, requests = requests_room(first, once, most);
    for (const struct finding_line *l = first; l; l = l->next) {
        unsigned times = !l->place ? 0 : once ? times_of(first, l) : 1;
        if (!times)
            continue;
        const bool plain = plain_request(l);
        if (n == most || (plain && !requests)) {
            left++;
            continue;
        }
        requests -= plain;
        screen_label(p, n++ ? "" : word);
        place_print(s->m, l->input, l->place, l->packet, page_text(p));
        page_put(p, STYLE_DIM, page_view(p));
        if (l->text.len) {
            page_string(p, STYLE_PLAIN, "  ");
            clean_cut(page_text(p), l->text, QUOTED);
            if (times > 1)
                buffer_format(&p->text, ", %u times", times);
            page_wrap(p, STYLE_PLAIN, SCREEN_LABEL + 4, page_view(p));
        }
        page_line(p);
    }
    screen_more(p, SCREEN_LABEL + 2, left, left == 1 ? "place" : "places");
}

/* The first sentence of *rest, which goes on behind it. */
static struct text take_sentence(struct text *rest)
{
    size_t end = rest->len;
    for (size_t i = 0; i + 2 < rest->len && end == rest->len; i++)
        if (rest->at[i] == '.' && rest->at[i + 1] == ' ' && rest->at[i + 2] >= 'A' && rest->at[i + 2] <= 'Z')
            end = i + 1;
    struct text sentence = text_upto(*rest, end);
    *rest = text_trim(text_from(*rest, end));
    return sentence;
}

/* Why it happened. Of more than a few lines nobody finds the beginning of the second thought: each sentence begins a line. */
static void cause(struct screen *s, const struct finding *f)
{
    struct page *p = &s->p;
    struct buffer all;
    buffer_init(&all, LIMIT_RECORD);
    cause_print(s->m, f, &all);
    struct text rest = buffer_view(&all);
    const bool apart = clean_columns(rest) > CAUSE_LINES * (size_t)(p->width - SCREEN_LABEL - 2);
    for (bool first = true; rest.len; first = false) {
        const struct text part = apart ? take_sentence(&rest) : rest;
        screen_labelled(p, first ? "cause" : "", STYLE_PLAIN, part);
        rest = apart ? rest : text_from(rest, rest.len);
    }
    buffer_clear(&all);
}

void screen_finding(struct screen *s, const struct finding *f, bool with_title, bool brief)
{
    struct page *p = &s->p;
    if (with_title) {
        page_string(p, severity_style(f->severity), severity_name((enum severity)f->severity));
        page_to(p, SCREEN_STATE);
        buffer_text(page_text(p), f->title);
        buffer_format(&p->text, " [%s, %s]", f->rule, confidence_name((enum confidence)f->confidence));
        if (f->ike_sa)
            buffer_format(&p->text, " ike%u", f->ike_sa->number);
        if (f->child_sa)
            buffer_format(&p->text, " child%u", f->child_sa->number);
        if (f->count > 1)
            buffer_format(&p->text, ", %u times", f->count);
        page_wrap(p, STYLE_PLAIN, SCREEN_STATE, page_view(p));
        page_line(p);
    } else {
        buffer_text(page_text(p), f->title);
        buffer_format(&p->text, " [%s, %s]", f->rule, confidence_name((enum confidence)f->confidence));
        if (f->count > 1)
            buffer_format(&p->text, ", %u times", f->count);
        screen_labelled(p, severity_name((enum severity)f->severity), severity_style(f->severity), page_view(p));
    }
    cause(s, f);
    quotes(s, "see", true, f->evidence, f->severity == SEVERITY_ERROR && !brief ? 4 : 1);
    quotes(s, "config", false, f->config, brief ? 2 : 4);
    if (brief) {
        advice_short(p, s, f);
        return;
    }
    if (f->severity == SEVERITY_NOTE)
        advice_short(p, s, f);
    else
        advice(p, s, f); /* last: it may be long, and what it rests on belongs on the first screen */
}

static void evidence_print(const struct model *m, const struct finding *f, size_t most, struct buffer *out)
{
    size_t n = 0, left = 0;
    for (const struct finding_line *l = f->evidence; l; l = l->next) {
        if (!l->place)
            continue;
        if (n == most) {
            left++;
            continue;
        }
        if (n++)
            buffer_string(out, ", ");
        place_print(m, l->input, l->place, l->packet, out);
    }
    if (left)
        buffer_format(out, " and %zu more", left);
}

/* What is to be done first about it. */
static const struct finding_line *first_fix(const struct finding *f, const char **where)
{
    const struct finding_line *fix = f->fix_here        ? f->fix_here
                                     : f->fix_responder ? f->fix_responder
                                     : f->fix_initiator ? f->fix_initiator
                                                        : f->fix_peer;
    if (fix && fix == f->fix_responder && fix_is_second(fix->text) && f->fix_initiator)
        fix = f->fix_initiator;
    *where = fix == f->fix_here        ? "here: "
             : fix == f->fix_responder ? "on the responder: "
             : fix == f->fix_initiator ? "on the initiator: "
                                       : "on the peer: ";
    return fix;
}

/* Advice in a few words, of which none is half a command: what stands before the first one, or before what explains it. What is to
 * be typed alone says itself what it does: the first command. */
static struct text advice_head(struct text line)
{
    enum { HEAD_LEAST = 24 }; /* "IOS: ", "either end will do: " */
    const size_t tick = text_find_byte(line, '`');
    if (!tick) {
        const size_t end = text_find_byte(text_from(line, 1), '`');
        return end == TEXT_NOWHERE ? line : text_upto(line, end + 2);
    }
    struct text head = text_upto(line, tick);
    for (size_t i = HEAD_LEAST; i + 1 < head.len; i++)
        if ((head.at[i] == ':' || head.at[i] == ';') && head.at[i + 1] == ' ')
            head.len = i;
    while (head.len && strchr(":,;( ", head.at[head.len - 1]))
        head.len--;
    return head;
}

/* Of many pairs each has a line or two for the cause: what, where, and what to do; the whole of that if there is room for it,
 * else in a few words: what to type stands with the first of its kind, below. */
void screen_cause(struct screen *s, const struct finding *f)
{
    struct page *p = &s->p;
    struct buffer *out = page_text(p);
    buffer_text(out, f->title);
    buffer_format(out, " [%s]", f->rule);
    if (f->evidence) {
        buffer_string(out, ", ");
        evidence_print(s->m, f, 1, out);
    }
    const char *where;
    const struct finding_line *fix = first_fix(f, &where);
    if (fix) {
        const size_t room = 2 * (size_t)(p->width - SCREEN_STATE);
        const bool whole = clean_columns(page_view(p)) + 2 + strlen(where) + clean_columns(fix->text) <= room;
        buffer_format(out, "; %s", where);
        buffer_text(out, whole ? fix->text : advice_head(fix->text));
    }
    page_to(p, SCREEN_STATE);
    page_wrap(p, severity_style(f->severity), SCREEN_STATE, page_view(p));
    page_line(p);
}

/* Where each pair had one line for its cause, the first of a kind is told whole as well: what to type belongs to it. */
static bool shown_above(const struct screen *s, const struct finding *f)
{
    const struct pair *pair = f->ike_sa ? peers_find(&s->peers, f->ike_sa) : NULL;
    for (size_t i = 0; !f->ike_sa && i < s->pairs_told && !pair; i++) /* of an input, which is why the pair has not finished */
        pair = s->peers.at[i]->finding == f ? s->peers.at[i] : NULL;
    if (!pair || pair->finding != f)
        return false;
    bool kin = s->in_full || f->severity < SEVERITY_ERROR;
    for (size_t i = 0; i < s->pairs_told; i++) {
        const struct pair *other = s->peers.at[i];
        if (other == pair)
            return kin;
        kin |= other->finding && strcmp(other->finding->rule, f->rule) == 0;
    }
    return false;
}

/* The same rule with the same title about the same pair of peers is told once, with its count. */
struct kindred {
    const struct finding *first;
    uint64_t times, others; /* times it happened in all; findings besides the first */
};

static struct kindred *kindred_of(struct screen *s, struct map *known, const struct finding *f)
{
    const struct pair *pair = f->ike_sa ? peers_find(&s->peers, f->ike_sa) : NULL;
    struct buffer *key = page_text(&s->p);
    buffer_format(key, "%s %u ", f->rule, pair ? pair->order + 1 : 0);
    buffer_text(key, f->title);
    if (!pair)
        buffer_format(key, " %u", f->number);
    struct kindred *k = map_find(known, bytes_of_text(buffer_view(key)));
    if (!k) {
        k = arena_new(s->arena, struct kindred);
        k->first = f;
        map_put(known, arena_bytes(s->arena, bytes_of_text(buffer_view(key))), k);
    }
    return k;
}

void screen_findings(struct screen *s)
{
    struct map known = { 0 };
    for (const struct finding *f = s->m->findings; f; f = f->next) {
        if (shown_above(s, f))
            continue;
        struct kindred *k = kindred_of(s, &known, f);
        k->times += f->count ? f->count : 1;
        k->others += k->first != f;
    }
    uint64_t shown = 0, left = 0;
    for (size_t i = 0; i < known.count; i++) {
        const struct kindred *k = known.entries[i].value;
        if (shown == FINDINGS_SHOWN) {
            left += k->others + 1;
            continue;
        }
        if (!shown++)
            page_heading(&s->p, s->peers.count ? "Further findings" : "Findings");
        struct finding one = *k->first;
        one.count = k->times < UINT32_MAX ? (uint32_t)k->times : UINT32_MAX;
        screen_finding(s, &one, true, (one.severity != SEVERITY_ERROR && s->peers.count) || shown > FINDINGS_FULL);
    }
    screen_more(&s->p, 0, left, left == 1 ? "finding (-f json has it)" : "findings (-f json has all)");
    map_clear(&known);
}

void screen_findings_alone(const struct model *m, struct page *p)
{
    struct screen s = { .m = m, .p = *p, .arena = arena_create() };
    screen_findings(&s);
    *p = s.p;
    arena_destroy(s.arena);
}
