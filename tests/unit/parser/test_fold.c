/* Lines that were cut at a width: how they were cut is found, and what is joined is what was there before. */
#include "parser/fold.h"

#include "log.h"

static const char log_text[] = /* columns are counted, not octets: a name has letters of several */
    "*Nov 11 19:30:34.801: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=F07F60E8D21F6FC4 R_SPI=0000000000000000 (I) "
    "MsgID = 0 CurState: IDLE Event: EV_INIT_SA\n"
    "*Nov 11 19:30:34.801: IKEv2:(SESSION ID = 1,SA ID = 1):Setting configured policies\n"
    "*Nov 11 19:30:34.801: IKEv2:(SESSION ID = 1,SA ID = 1):Searching Policy with fvrf "
    "K\303\266ln-Gr\303\266\303\237e-M\303\274nchen-N\303\274rnberg, local "
    "address 192.0.2.1\n"
    "*Nov 11 19:30:34.802: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=F07F60E8D21F6FC4 R_SPI=0000000000000000 (I) "
    "MsgID = 0 CurState: I_BLD_INIT Event: EV_GET_IKE_POLICY\n"
    "*Nov 11 19:30:34.802: IKEv2:(SESSION ID = 1,SA ID = 1):[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 19\n"
    "*Nov 11 19:30:34.803: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=F07F60E8D21F6FC4 R_SPI=0000000000000000 (I) "
    "MsgID = 0 CurState: I_BLD_INIT Event: EV_BLD_MSG\n"
    "*Nov 11 19:30:34.810: IKEv2:(SESSION ID = 1,SA ID = 1):Failed to receive the AUTH msg before the timer expired\n"
    "*Nov 11 19:30:34.811: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=F07F60E8D21F6FC4 R_SPI=0000000000000000 (I) "
    "MsgID = 0 CurState: I_WAIT_INIT Event: EV_RE_XMT\n";

struct cut { /* one way to cut, and what must be found of it */
    size_t width;
    bool at_blanks, blanks_kept;
    size_t indent;
    const char *relay; /* in front of each piece */
};

static size_t wide(struct text t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.len; i++)
        n += ((unsigned char)t.at[i] & 0xc0) != 0x80;
    return n;
}

/* How many octets so many columns take. */
static size_t octets_of(struct text t, size_t columns)
{
    size_t n = 0;
    for (; n < t.len && columns; columns--)
        for (n++; n < t.len && ((unsigned char)t.at[n] & 0xc0) == 0x80;)
            n++;
    return n;
}

static void cut_line(struct text line, const struct cut *c, struct buffer *out)
{
    buffer_string(out, c->relay);
    for (size_t room = c->width; wide(line) > room; room = c->width - c->indent) {
        size_t at = octets_of(line, room);
        if (c->at_blanks) {
            at += !c->blanks_kept; /* a blank that is not kept needs no column */
            while (line.at[at - 1] != ' ')
                at--;
        }
        buffer_text(out, text_upto(line, at - (c->at_blanks && !c->blanks_kept)));
        buffer_byte(out, '\n');
        buffer_string(out, c->relay);
        for (size_t i = 0; i < c->indent; i++)
            buffer_byte(out, ' ');
        line = text_from(line, at);
    }
    buffer_text(out, line);
    buffer_byte(out, '\n');
}

static void settle(struct fold *f, struct buffer *out)
{
    buffer_text(out, buffer_view(&f->joined));
    buffer_byte(out, '\n');
    buffer_reset(&f->joined);
    f->pieces = 0;
}

static void join(struct fold *f, struct text cut, struct buffer *out)
{
    struct text line;
    for (uint32_t number = 1; text_cut(&cut, '\n', &line); number++) {
        if (f->pieces && !fold_goes_on(f, line))
            settle(f, out);
        fold_take(f, line, number);
        if (!fold_waits(f, line))
            settle(f, out);
    }
    if (f->pieces)
        settle(f, out);
}

static void each_way_is_found_and_undone(void)
{
    static const struct cut rows[] = {
        { 80, false, false, 0, "" },      { 80, false, false, 2, "" },    { 66, false, false, 0, "" },
        { 66, false, false, 4, "" },      { 80, true, false, 0, "" },     { 80, true, false, 2, "" },
        { 80, true, true, 0, "" },        { 80, true, true, 2, "" },      { 72, true, false, 6, "" },
        { 80, false, false, 0, "<189>" }, { 72, true, true, 0, "<189>" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer cut, whole, joined;
        buffer_init(&cut, 1 << 14);
        buffer_init(&whole, 1 << 14);
        buffer_init(&joined, 1 << 14);
        for (struct text rest = text_of(log_text), line; text_cut(&rest, '\n', &line) && line.len;) {
            buffer_format(&whole, "%s%.*s\n", rows[i].relay, TEXT_ARGS(line));
            cut_line(line, &rows[i], &cut);
        }
        struct fold f;
        fold_detect(&f, buffer_view(&cut));
        CHECK(f.width == rows[i].width ||
              (rows[i].at_blanks && f.width + 1 == rows[i].width)); /* no word may end in the last column */
        CHECK(f.at_blanks == rows[i].at_blanks && f.blanks_kept == rows[i].blanks_kept);
        CHECK_NUMBER(f.indent, rows[i].indent);
        if (f.width)
            join(&f, buffer_view(&cut), &joined);
        CHECK(f.relayed == (rows[i].relay[0] != 0));
        CHECK(text_equal(buffer_view(&joined), buffer_view(&whole)));
        buffer_clear(&f.joined);
        buffer_clear(&cut);
        buffer_clear(&whole);
        buffer_clear(&joined);
    }
}

static void what_was_not_cut_is_left(void)
{
    struct fold f;
    fold_detect(&f, text_of(log_text));
    CHECK_NUMBER(f.width, 0);
    buffer_clear(&f.joined);
}

/* A line as wide as the cut waits for a rest; what comes behind it is cleaned before the line goes on its way. */
static void lines_that_are_cleaned_keep_apart(void)
{
    static const struct cut cut = { 80, false, false, 0, "" };
    static const char odd[] = "*Nov 11 19:30:34.9%02d: IKEv2:(SESSION ID = 1,SA ID = 1):Verify\001 SA\002 init message\n";
    struct buffer text;
    buffer_init(&text, 1 << 14);
    for (struct text rest = text_of(log_text), line; text_cut(&rest, '\n', &line) && line.len;)
        cut_line(line, &cut, &text);
    for (int i = 0; i < 20; i++) {
        buffer_format(&text, "*Nov 11 19:30:34.820: IKEv2:(SESSION ID = 1,SA ID = 1):Found Policy 'K\303\266ln-200%02d'\n", i);
        buffer_format(&text, odd, i);
    }
    struct log *l = log_read(text.at, text.len, 1 << 18, "x.log");
    unsigned policies = 0, verified = 0;
    for (size_t i = 0; i < l->count; i++) {
        policies += strncmp(l->seen[i].text, "Found Policy 'K\303\266ln-20", 22) == 0;
        verified += strcmp(l->seen[i].text, "Verify SA init message") == 0;
    }
    CHECK_NUMBER(policies, 20);
    CHECK_NUMBER(verified, 20);
    log_free(l);
    buffer_clear(&text);
}

int main(void)
{
    lines_that_are_cleaned_keep_apart();
    each_way_is_found_and_undone();
    what_was_not_cut_is_left();
    return TEST_REPORT();
}
