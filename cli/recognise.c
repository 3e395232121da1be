#include "cli/recognise.h"

#include <string.h>

#include "base/arena.h"
#include "base/source.h"
#include "parser/parser.h"

enum { BLOCK = 1 << 16, OVERLAP = 1 << 10, LOOKED = 1 << 12 };

#define UNPACK  "unpack it and give the folder (.gz, .zst and .xz of one file are read as they are)"
#define AS_TEXT "save it as plain text and give that"
#define PICTURE "only text can be read: copy what it shows from the terminal or the log itself"

/* at, the octets that stand there; what; advice */
static const struct {
    uint16_t at;
    const char *magic;
    uint16_t length;
    struct foreign is;
} magics[] = {
#define MAGIC(at, magic, what, advice)                                                                                           \
    {                                                                                                                            \
        at, magic, sizeof magic - 1,                                                                                             \
        {                                                                                                                        \
            what, advice                                                                                                         \
        }                                                                                                                        \
    }
    MAGIC(0, "%PDF-", "a PDF document", "copy its text into a file and give that"),
    MAGIC(0, "\x89PNG", "a picture", PICTURE),
    MAGIC(0, "\xff\xd8\xff", "a picture", PICTURE),
    MAGIC(0, "GIF8", "a picture", PICTURE),
    MAGIC(0, "{\\rtf", "a rich text document", AS_TEXT),
    MAGIC(0, "\xd0\xcf\x11\xe0", "an Office document", AS_TEXT),
    MAGIC(0, "PK\x03\x04", "a ZIP archive", UNPACK),
    MAGIC(0, "PK\x05\x06", "a ZIP archive", UNPACK),
    MAGIC(257, "ustar", "a tar archive", UNPACK),
    MAGIC(0, "BZh", "packed with bzip2", "unpack it (.gz, .zst and .xz are read as they are)"),
    MAGIC(0, "7z\xbc\xaf", "a 7-Zip archive", UNPACK),
    MAGIC(0, "Rar!", "a RAR archive", UNPACK),
    MAGIC(0, "\177ELF", "a program, neither text nor a capture", NULL),
    MAGIC(0, "MZ\220", "a program, neither text nor a capture", NULL),
#undef MAGIC
};

/* A ZIP archive that is a document: named by what is packed in it. */
static const struct {
    const char *part;
    struct foreign is;
} documents[] = {
    { "word/", { "a Word document", AS_TEXT } },
    { "xl/", { "an Excel workbook", "save its sheet as CSV or text and give that" } },
    { "ppt/", { "a presentation", AS_TEXT } },
    { "opendocument", { "an OpenDocument file", AS_TEXT } },
};

/* What an earlier run wrote: it quotes logs, and is none. */
static const char *const reports[] = {
    "\"schema\": \"ikescope.report/",        "\"schema\":\"ikescope.report/",         "\"schema\": \"ikescope.check/",
    "\"schema\":\"ikescope.check/",          "name=\"generator\" content=\"ikescope", "# IKEv2 report\n",
    "<svg class=\"drawing\" role=\"group\"",
};

/* "2 IKE SAs between 1 pair of peers: 2 failed; 1 error", the first line of a summary. */
static bool is_summary(struct text head)
{
    uint64_t count;
    const size_t digits = text_digits(head, 10, &count);
    const struct text what = text_from(head, digits), line = text_upto(what, text_find_byte(what, '\n'));
    return digits && text_starts(line, TEXT(" IKE SA")) &&
           (text_has(line, TEXT(" pair of peers")) || text_has(line, TEXT(" pairs of peers")));
}

/* UTF-16 of mostly ASCII: every other octet is zero, and the rest is none. */
static bool is_utf16(struct bytes first)
{
    size_t zeros[2] = { 0, 0 }, half = first.len / 2;
    for (size_t i = 0; i < 2 * half; i++)
        zeros[i % 2] += first.at[i] == 0;
    return (zeros[0] * 10 > half * 9 && zeros[1] * 10 < half) || (zeros[1] * 10 > half * 9 && zeros[0] * 10 < half);
}

/* Octets that no text has: most of the first ones are controls, or zero in places where UTF-16 has none. */
static bool is_binary(struct bytes first)
{
    size_t odd = 0;
    if (is_utf16(first))
        return false;
    if (first.len >= 2 && ((first.at[0] == 0xff && first.at[1] == 0xfe) || (first.at[0] == 0xfe && first.at[1] == 0xff)))
        return false;
    size_t zeros = 0; /* runs of them: a log that a crash cut is filled up with zeros */
    for (size_t i = 0; i < first.len; i++) {
        bool zero = first.at[i] == 0;
        zeros += zero && (i == 0 || first.at[i - 1] != 0);
        odd += !zero && ((first.at[i] < 9 && first.at[i] != 8) || (first.at[i] > 13 && first.at[i] < 32 && first.at[i] != 27));
    }
    return first.len > 64 && (odd + zeros) * 16 > first.len;
}

static bool is_report(struct text first)
{
    struct text head = text_upto(text_trim(first), 2048);
    if (is_summary(head))
        return true;
    if (!head.len || !strchr("{<#", head.at[0]))
        return false;
    for (size_t n = 0; n < COUNT_OF(reports); n++)
        if (text_find(head, text_of(reports[n])) != TEXT_NOWHERE)
            return true;
    return false;
}

/* Octets in hex behind an offset, as xxd, hexdump, tcpdump -x and tshark -x print them. */
static bool is_dumped(struct text line)
{
    struct text s = text_trim(line), word;
    uint64_t offset;
    bool prefixed = text_starts(s, TEXT("0x"));
    size_t n = text_digits(text_from(s, prefixed ? 2 : 0), 16, &offset) + (prefixed ? 2 : 0);
    if (n < 4 || n > 10 || offset % 16 || n >= s.len)
        return false;
    s = text_from(s, n);
    if (!prefixed && n < 8 && !text_starts(s, TEXT("  ")))
        return false;
    s = text_from(s, s.at[0] == ':');
    return text_word(&s, &word) && (word.len == 2 || word.len == 4) && text_number(word, 16, &offset);
}

/* "09:36:39.546409 IP 10.0.0.1.500 > 10.0.0.2.500: isakmp: …" */
static bool is_listed(struct text line)
{
    return text_has(line, TEXT(" > ")) && (text_has(line, TEXT(" IP ")) || text_has(line, TEXT(" IP6 "))) &&
           text_find_byte(text_upto(line, 16), ':') != TEXT_NOWHERE;
}

static bool is_packet_text(struct text text, bool *dump)
{
    struct text line;
    unsigned lines = 0, dumped = 0, listed = 0;
    for (unsigned n = 0; n < 64 && text_cut(&text, '\n', &line); n++) {
        lines += text_trim(line).len != 0;
        dumped += is_dumped(line);
        listed += is_listed(line);
    }
    *dump = dumped != 0;
    return (dumped + listed) * 10 > lines * 8 && dumped + listed > 2;
}

bool recognise_foreign(struct bytes first, struct foreign *into)
{
    const struct text text = text_of_bytes(first);
    for (size_t n = 0; n < COUNT_OF(magics); n++) {
        const struct text at = text_upto(text_from(text, magics[n].at), magics[n].length);
        if (!text_equal(at, text_over(magics[n].magic, magics[n].length)))
            continue;
        *into = magics[n].is;
        for (size_t d = 0; into->advice && d < COUNT_OF(documents) && text.at[0] == 'P'; d++)
            if (text_find(text, text_of(documents[d].part)) != TEXT_NOWHERE)
                *into = documents[d].is;
        return true;
    }
    if (is_report(text)) {
        *into = (struct foreign){ "a report of ikescope", "give what it was made of" };
        return true;
    }
    bool dump;
    if (is_packet_text(text, &dump)) {
        *into = dump ? (struct foreign){ "a hex dump of a capture",
                                         "give the capture itself: `xxd -r` turns the text of xxd back, "
                                         "`text2pcap` that of tcpdump -x and tshark -x" }
                     : (struct foreign){ "a list of packets, which tells nothing of what is in them",
                                         "give the capture that it was made of (`tcpdump -w FILE`)" };
        return true;
    }
    *into = (struct foreign){ "neither text nor a capture (pcap, pcapng)", NULL };
    return is_binary(first);
}

#define PRINTED                                                                                                                  \
    "give what the router itself prints: a debug log, `show crypto ikev2 sa detailed`, `show crypto ipsec sa`, `show "           \
    "running-config`"
#define OWN_ENDS "give the log of the Cisco router it talks to, or a capture"

/* how it begins, or NULL; what else stands in it, or NULL; what it is */
static const struct {
    const char *begins, *has;
    struct foreign is;
} others[] = {
    { "<", "xmlns", { "XML as NETCONF and YANG models have it", PRINTED } },
    { "<?xml", NULL, { "XML", PRINTED } },
    { "{", "\":", { "JSON of another program, with values and no lines of a log in it", PRINTED } },
    { "[", "\":", { "JSON of another program, with values and no lines of a log in it", PRINTED } },
    { "{'", "':", { "data of another program, with values and no lines of a log in it", PRINTED } },
    { NULL, " charon: ", { "a log of strongSwan, of which only keys are read ('-k FILE')", OWN_ENDS } },
    { NULL, "[IKE] ", { "a log of strongSwan, of which only keys are read ('-k FILE')", OWN_ENDS } },
    { NULL, " pluto[", { "a log of libreswan, of which only keys are read ('-k FILE')", OWN_ENDS } },
    { NULL, "keyexchange=ikev", { "a configuration of strongSwan", "give that of the Cisco router" } },
    { NULL, "config vpn ipsec phase1", { "a configuration of a FortiGate", "give that of the Cisco router" } },
    { "ike 0:", NULL, { "a log of a FortiGate", OWN_ENDS } },
    { NULL,
      "Content-Transfer-Encoding: base64",
      { "a mail whose attachment is encoded (base64)", "save the attachment itself and give that" } },
    { "RP/0/", NULL, { "a log of IOS-XR, which is not read", "give the other end's log, or a capture" } },
};

bool recognise_other(struct bytes first, struct foreign *into)
{
    const struct text text = text_trim(text_upto(text_of_bytes(first), LOOKED));
    for (size_t n = 0; n < COUNT_OF(others); n++)
        if ((!others[n].begins || text_starts(text, text_of(others[n].begins))) &&
            (!others[n].has || text_has(text, text_of(others[n].has)))) {
            *into = others[n].is;
            return true;
        }
    return false;
}

/* A line that ends in the next block is seen whole there: blocks overlap. */
bool recognise_text(const char *path)
{
    struct error trouble = { 0 };
    struct source *from = source_open(path, &trouble);
    if (!from)
        return false;
    uint8_t *block = memory_take(BLOCK + OVERLAP);
    size_t kept = 0;
    bool found = false;
    for (size_t n; !found && (n = source_read(from, block + kept, BLOCK)) > 0;) {
        const size_t len = kept + n;
        found = parser_recognise((struct bytes){ block, len }) != INPUT_UNKNOWN;
        kept = len < OVERLAP ? len : OVERLAP;
        memmove(block, block + len - kept, kept);
    }
    memory_free(block);
    source_close(from);
    return found;
}
