#include "reporters/prose.h"

#include "reporters/words.h"

enum { ROW_LEAST = 3, REMARK_MOST = 400 };

struct prose prose_of(struct text t, bool rows)
{
    return (struct prose){ .rest = t, .begin = t.at, .looked = t.len, .rows = rows };
}

/* Where the next command opens: at the beginning of a word, where the backticks of a name seldom stand. */
static size_t next_command(const struct prose *p)
{
    const struct text t = p->rest;
    for (size_t i = 0; i + 1 < t.len; i++) {
        const char before = t.at + i == p->begin ? ' ' : t.at[(ptrdiff_t)i - 1];
        if (t.at[i] == '`' && (before == ' ' || before == '(') && t.at[i + 1] != ' ')
            return text_find_byte(text_from(t, i + 1), '`') != TEXT_NOWHERE ? i : TEXT_NOWHERE;
    }
    return TEXT_NOWHERE;
}

/* "(or `crypto ipsec profile NAME`)" with the blank before it; the octets it takes, 0: none stands there. */
static size_t remark_length(struct text t)
{
    if (!text_starts(t, TEXT(" (")))
        return 0;
    unsigned depth = 0;
    for (size_t i = 1; i < t.len && i < REMARK_MOST; i++) {
        depth += t.at[i] == '(';
        depth -= t.at[i] == ')';
        if (!depth)
            return i + 1;
    }
    return 0;
}

/* The command that *rest begins with, and what is remarked of it. */
static bool take_command(struct text *rest, struct text *command, struct text *remark)
{
    const struct text in = text_from(*rest, 1);
    const size_t end = text_starts(*rest, TEXT("`")) ? text_find_byte(in, '`') : TEXT_NOWHERE;
    if (end == TEXT_NOWHERE)
        return false;
    *command = text_upto(in, end);
    *rest = text_from(in, end + 1);
    const size_t length = remark_length(*rest);
    *remark = text_from(text_upto(*rest, length), 1);
    *rest = text_from(*rest, length);
    return true;
}

/* The sign between this command of a row and the next: " / ", or ", " where nothing is said between them; 0: none follows. */
static size_t between(struct text t, bool *slash)
{
    static const char *const signs[] = { " / `", ", `" };
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (text_starts(t, text_of(signs[i]))) {
            *slash |= i == 0;
            return strlen(signs[i]) - 1;
        }
    return 0;
}

/* How many commands begin here as a row; 0: these are no row, and then no later one of them begins one. */
static unsigned row_length(struct prose *p)
{
    struct text t = p->rest, command, remark;
    if (!p->rows || t.len > p->looked)
        return 0;
    unsigned n = 0;
    bool slash = false;
    for (size_t gap = 1; gap && take_command(&t, &command, &remark); t = text_from(t, gap)) {
        n++;
        gap = between(t, &slash);
    }
    if (slash && n >= ROW_LEAST)
        return n;
    p->looked = n > 1 ? t.len : p->looked;
    return 0;
}

static void next_of_row(struct prose *p, struct prose_part *part)
{
    (void)take_command(&p->rest, &part->text, &part->remark);
    part->code = true;
    part->row = ++p->row;
    if (--p->row_left) {
        bool slash = false;
        p->rest = text_from(p->rest, between(p->rest, &slash));
        return;
    }
    p->row = 0;
    if (p->rest.len && strchr(",;:.", p->rest.at[0]))
        p->rest = text_from(p->rest, 1);
    p->rest = text_trim(p->rest);
}

bool prose_next(struct prose *p, struct prose_part *part)
{
    *part = (struct prose_part){ 0 };
    if (!p->rest.len)
        return false;
    const size_t at = p->row_left ? 0 : next_command(p);
    if (at == 0 && !p->row_left)
        p->row_left = row_length(p);
    if (p->row_left) {
        next_of_row(p, part);
        return true;
    }
    if (at == 0) {
        const struct text in = text_from(p->rest, 1);
        part->text = text_upto(in, text_find_byte(in, '`'));
        part->code = true;
        p->rest = text_from(in, part->text.len + 1);
        return true;
    }
    part->text = text_upto(p->rest, at);
    p->rest = text_from(p->rest, at);
    if (p->rest.len && row_length(p)) /* it ends there, as a line does */
        while (part->text.len && part->text.at[part->text.len - 1] == ' ')
            part->text.len--;
    return true;
}

/* ---- who was told ---- */

struct told {
    struct text role;       /* "initiator " */
    struct buffer named[2]; /* "initiator 192.0.2.1 (r1)", "initiator 192.0.2.1" */
    bool before;
};

static void told_of(struct told *t, const struct model *m, const struct party *party, struct text role)
{
    *t = (struct told){ .role = role };
    const struct text name = device_name(m, party->device);
    for (size_t i = 0; i < COUNT_OF(t->named); i++) {
        buffer_init(&t->named[i], 4096);
        if (party->endpoint.address.family == ADDRESS_NONE)
            continue;
        buffer_text(&t->named[i], role);
        address_print(party->endpoint.address, &t->named[i]);
        if (!i && name.len) {
            buffer_string(&t->named[i], " (");
            buffer_text(&t->named[i], name);
            buffer_byte(&t->named[i], ')');
        }
    }
}

/* How much of the text is this party in full; 0: it is not, or a longer address begins like it. */
static size_t in_full(const struct told *t, struct text at)
{
    for (size_t i = 0; i < COUNT_OF(t->named); i++) {
        const struct text named = buffer_view(&t->named[i]);
        if (!named.len || !text_starts(at, named))
            continue;
        const struct text rest = text_from(at, named.len);
        const size_t sign = rest.len && strchr(".:", rest.at[0]) ? 1 : 0; /* of the sentence, or of an address */
        const bool goes_on = rest.len > sign && strchr("0123456789abcdef:", rest.at[sign]);
        if (!goes_on)
            return named.len;
    }
    return 0;
}

void cause_print(const struct model *m, const struct finding *f, struct buffer *out)
{
    struct text rest = f->cause;
    if (!f->ike_sa) {
        buffer_text(out, rest);
        return;
    }
    struct told ends[2];
    told_of(&ends[0], m, &f->ike_sa->initiator, TEXT("initiator "));
    told_of(&ends[1], m, &f->ike_sa->responder, TEXT("responder "));
    while (rest.len) {
        size_t taken = 0;
        for (size_t i = 0; i < COUNT_OF(ends) && !taken; i++) {
            taken = in_full(&ends[i], rest);
            if (taken)
                buffer_text(out, ends[i].before ? text_upto(rest, ends[i].role.len - 1) : text_upto(rest, taken));
            ends[i].before |= taken != 0;
        }
        if (!taken)
            buffer_byte(out, (unsigned char)rest.at[0]);
        rest = text_from(rest, taken ? taken : 1);
    }
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        for (size_t k = 0; k < COUNT_OF(ends[i].named); k++)
            buffer_clear(&ends[i].named[k]);
}
