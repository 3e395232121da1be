/* However a text was written down, the lines are those that the device printed, and each physical one is counted once. */
#include "parser/written.h"

#include "log.h"

#define T "*Nov  1 00:00:00.000: "

/* Signs of all kinds that some form writes otherwise. */
static const char *const lines[] = {
    T "IKEv2-INTERNAL:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=C71F4E8FCAA1718E R_SPI=8E63257F07F1D3B6 (R) MsgID = 0 "
      "CurState: R_INIT Event: EV_INSERT_SA",
    T "IKEv2-INTERNAL:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=C71F4E8FCAA1718E R_SPI=8E63257F07F1D3B6 (R) MsgID = 0 "
      "CurState: R_BLD_INIT Event: EV_OK_RECD_DH_PUBKEY_RESP",
    T "IKEv2:(SESSION ID = 1,SA ID = 1):Searching policy based on peer's identity \"a\" of type 'key*id'",
    T "IKEv2:(SESSION ID = 1,SA ID = 1):Get peer's policy for 192.0.2.1",
    T "IKEv2:(SESSION ID = 1,SA ID = 1):[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 14",
    T "IKEv2:(SESSION ID = 1,SA ID = 1):[Crypto Engine -> IKEv2] DH key Computation PASSED",
    T "IKEv2-INTERNAL:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=C71F4E8FCAA1718E R_SPI=8E63257F07F1D3B6 (R) MsgID = 0 "
      "CurState: INIT_DONE Event: EV_CHK4_ROLE",
    T "IKEv2:(SESSION ID = 1,SA ID = 1):IETF attr = 1 = 2 = 3 = 4",
};
enum { LINES = COUNT_OF(lines), TEXT_MOST = 8192 };

/* Every sign of `signs` behind `with`, or as its octet; `end` behind each line. */
struct form {
    unsigned written;
    const char *signs, *with, *end, *before, *behind;
    unsigned wide; /* a line goes on behind as many octets and "=" */
    uint32_t lines;
};

static const struct form forms[] = {
    { 0, "", "", "\n", "", "", 0, LINES },
    { WRITTEN_RETURNS, "", "", "\r", "", "", 0, 1 },
    { WRITTEN_SEPARATORS, "", "", "\xe2\x80\xa8", "", "", 0, 1 },
    { WRITTEN_SEPARATORS, "", "", "\xe2\x80\xa9\n", "", "", 0, LINES },
    { WRITTEN_SEPARATORS, "", "", "\xc2\x85", "", "", 0, 1 },
    { WRITTEN_SEPARATORS, "", "", "\v", "", "", 0, 1 },
    { WRITTEN_LITERAL, "\"\\", "\\", "\\n", "", "", 0, 1 },
    { WRITTEN_LITERAL, "\"\\", "\\", "\\r\\n", "\"", "\"\n", 0, 1 },
    { WRITTEN_LITERAL, "'\\", "\\", "\\n", "b'", "'\n", 0, 1 },
    { WRITTEN_MARKUP, "_", "\\", "\n", "", "", 0, LINES },
    { WRITTEN_MARKUP, "_*[]->=()+.!#", "\\", "\r\n", "", "", 0, LINES },
    { WRITTEN_MARKUP, "", "", "\\\n", "", "", 0, LINES },
    { WRITTEN_QUOTED, "=", "=", "\n", "", "", 0, LINES },
    { WRITTEN_QUOTED, "=", "=", "\r\n", "", "", 60, 23 },
    { WRITTEN_SHOWN, "", "", "$\n", "", "", 0, LINES },
    { WRITTEN_SHOWN, "", "", "^M$\n", "", "", 0, LINES },
    { WRITTEN_SHOWN, "", "", "^M\n", "", "", 0, LINES },
};

static size_t write_form(const struct form *f, char *out)
{
    size_t n = (size_t)snprintf(out, TEXT_MOST, "%s", f->before);
    for (size_t i = 0; i < LINES; i++) {
        size_t begin = n;
        for (const char *c = lines[i]; *c; c++) {
            if (f->wide && n - begin >= f->wide) {
                n += (size_t)snprintf(out + n, TEXT_MOST - n, "=%s", f->end);
                begin = n;
            }
            if (!*f->signs || !strchr(f->signs, *c))
                out[n++] = *c;
            else
                n += (size_t)(f->written == WRITTEN_QUOTED ? snprintf(out + n, TEXT_MOST - n, "=%02X", (unsigned)*c)
                                                           : snprintf(out + n, TEXT_MOST - n, "%s%c", f->with, *c));
        }
        n += (size_t)snprintf(out + n, TEXT_MOST - n, "%s", f->end);
    }
    return n + (size_t)snprintf(out + n, TEXT_MOST - n, "%s", f->behind);
}

static uint64_t counted(const struct log *l)
{
    uint64_t n = 0;
    for (unsigned c = 0; c < LINE_CLASS_COUNT; c++)
        n += log_input(l)->lines[c];
    return n;
}

static void all_forms(void)
{
    static char text[TEXT_MOST];
    struct log *want = log_read(text, write_form(&forms[0], text), TEXT_MOST, "r.log");
    CHECK_NUMBER(want->count, LINES);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        static const size_t pieces[] = { 1, 7, TEXT_MOST };
        const size_t len = write_form(&forms[i], text);
        CHECK_NUMBER(written_detect(text_over(text, len)), forms[i].written);
        for (size_t p = 0; p < COUNT_OF(pieces); p++) {
            struct log *l = log_read(text, len, pieces[p], "r.log");
            CHECK_NUMBER(l->count, want->count);
            CHECK_NUMBER(log_input(l)->line_total, forms[i].lines);
            CHECK_NUMBER(counted(l), forms[i].lines);
            CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
            CHECK(!log_input(l)->troubles);
            for (size_t e = 0; e < l->count && e < want->count; e++)
                CHECK(strcmp(l->seen[e].text, want->seen[e].text) == 0);
            log_free(l);
        }
    }
    log_free(want);
}

/* The end may come behind an LF that goes on, or inside of anything. */
static void ends(void)
{
    static const struct {
        const char *end;
        uint32_t more;
    } last[] = { { "=\n", 1 },       { "=\n=\n", 2 }, { "=", 1 }, { "=\nx", 2 }, { "=\n\v\v\v\v\vx\vy", 2 },
                 { "a=3D=\n\n", 2 }, { "\n", 1 },     { "", 0 } };
    for (size_t i = 0; i < COUNT_OF(last); i++) {
        char text[TEXT_MOST];
        size_t len = write_form(&forms[12], text);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", last[i].end);
        struct log *l = log_read(text, len, 7, "r.log");
        CHECK_NUMBER(log_input(l)->line_total, LINES + last[i].more);
        CHECK_NUMBER(counted(l), LINES + last[i].more);
        log_free(l);
    }
}

/* What only looks like one of them. */
static void none(void)
{
    static const char *const texts[] = {
        "",
        "I_SPI=3D5A00000000000A R_SPI=0000000000000000 MsgID = 0\nI_SPI=3D5A00000000000B R_SPI=3D5A00000000000C MsgID = 0\n",
        "===========\n== a ==\n===========\n= b =\n",
        "user DOMAIN\\nora in\nuser DOMAIN\\nick in\nuser DOMAIN\\nils out\nuser DOMAIN\\nora out\n",
        "{\"message\":\"a\\nb\\nc\\nd\\ne\\nf\\ng\"}",
        "ip as-path access-list 1 permit \\.\nip address 192.0.2.1 255.255.255.0\n",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK_NUMBER(written_detect(text_of(texts[i])), 0);
}

int main(void)
{
    all_forms();
    ends();
    none();
    return TEST_REPORT();
}
