#include "parser/furniture.h"

#include "parser/exported.h"

#include "parser/markup.h"
#include "parser/scan.h"

bool line_is_nameless_prompt(struct text t)
{
    size_t n = 1;
    while (n < t.len && (scan_lower(t.at[n]) || scan_digit(t.at[n]) || t.at[n] == '-'))
        n++;
    return t.len && t.at[0] == '(' && n > 3 && n + 1 < t.len && t.at[n] == ')' && t.at[n + 1] == '#';
}

/* What such lines begin with. */
static const char *const starts[] = { "Syslog logging:",
                                      "No Active Message Discriminator",
                                      "No Inactive Message Discriminator",
                                      "Console logging:",
                                      "Monitor logging:",
                                      "Buffer logging:",
                                      "Logging Exception size",
                                      "Count and timestamp logging",
                                      "Persistent logging",
                                      "Trap logging:",
                                      "Log Buffer (",
                                      "Logging to ",
                                      "Logging Source-Interface",
                                      "VRF Name:",
                                      "xml disabled",
                                      "filtering disabled",
                                      "Exception Logging:",
                                      "ESM:",
                                      "Load for ",
                                      "Time source is",
                                      "Building configuration",
                                      "Current configuration",
                                      "Tracing currently disabled",
                                      "interrupt context allocation",
                                      "-Traceback=",
                                      "Logging display requested",
                                      "Displaying logs",
                                      "executing cmd",
                                      "Unified Decoder",
                                      "Found 1 UTF",
                                      "Facility:",
                                      "Timestamp logging:",
                                      "Hide Username",
                                      "Standby logging:",
                                      "Debug-trace logging:",
                                      "Permit-hostdown",
                                      "History logging:",
                                      "Device ID:",
                                      "Mail logging:",
                                      "ASDM logging:",
                                      "Deny Conn when Queue Full",
                                      "debug crypto",
                                      "deb crypto",
                                      "Total number of",
                                      "Translating \"",
                                      "Type escape",
                                      "Success rate is",
                                      "% Invalid input",
                                      "% Incomplete",
                                      "% Ambiguous",
                                      "% Unknown",
                                      "Password:",
                                      "Press RETURN",
                                      "system support diagnostic-cli",
                                      "Attaching to Diagnostic CLI",
                                      "Type help or '?' for",
                                      "Connection to ",
                                      "Trying ",
                                      "Escape character",
                                      "User Access",
                                      "---",
                                      "--More--",
                                      "```",
                                      "~~~",
                                      "{noformat",
                                      "{code",
                                      "[code",
                                      "[/code",
                                      "===",
                                      "=~=~",
                                      "***",
                                      "+++",
                                      "###",
                                      "@@ -",
                                      "diff --git ",
                                      "index ",
                                      "new file mode",
                                      "login as:",
                                      "From: ",
                                      "To: ",
                                      "Cc: ",
                                      "Sent: ",
                                      "Date: ",
                                      "Subject: ",
                                      "MIME-Version:",
                                      "Content-T" };

static size_t hex_digits(struct text t)
{
    uint64_t value;
    return text_digits(text_upto(t, 16), 16, &value);
}

/* "7F3A0010:          B8A8A3EF 521F1036 00000000  ....R..6": a dump of memory as IOS prints it, by words of four octets. */
static bool is_hex_words(struct text t)
{
    size_t words = 0, n = hex_digits(t);
    if (n >= 4 && n <= 16 && n < t.len && t.at[n] == ':')
        t = scan_skip(text_from(t, n + 1));
    while (hex_digits(t) == 8 && (t.len == 8 || scan_blank(t.at[8]))) {
        words++;
        t = text_from(t, 8);
        if (t.len > 1 && scan_blank(t.at[1])) /* what stands behind two blanks is the same in letters */
            break;
        t = scan_skip(t);
    }
    return words >= 2 && (t.len == 0 || scan_blank(t.at[0]));
}

/* Lines that a logging setup, a terminal or a page put around the log. */
bool line_is_furniture(struct text t)
{
    if (t.len == 0)
        return true;
    if (t.at[0] == '|' || t.at[0] == '!' || t.at[0] == '^' || t.at[t.len - 1] == '|' || text_starts(t, TEXT("<-")))
        return true;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (starts[i][0] == t.at[0] && text_starts(t, text_of(starts[i])))
            return true;
    if (line_is_nameless_prompt(t) || is_hex_words(t))
        return true;
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] != '-' && t.at[i] != '=' && t.at[i] != '*' && t.at[i] != ' ' && t.at[i] != '.' && t.at[i] != '>')
            return false;
    return true;
}

/* "ikev2_event:", "pki_error:" of an event trace. */
bool line_is_trace_heading(struct text t)
{
    return text_ends(t, TEXT("_event:")) || text_ends(t, TEXT("_error:")) || text_ends(t, TEXT("_exception:"));
}

bool line_is_numbered(struct text t)
{
    uint64_t number;
    size_t n = text_digits(text_upto(t, 12), 10, &number);
    return n && n < t.len && t.at[n] == ':' && (n + 1 == t.len || scan_blank(t.at[n + 1]));
}

/* "show crypto ikev2 sa": words in small letters, as one types them. */
bool line_is_echo(struct text t)
{
    if (t.len > 120 || (!text_starts(t, TEXT("show ")) && !text_starts(t, TEXT("sho ")) && !text_starts(t, TEXT("sh "))))
        return false;
    for (size_t i = 0; i < t.len; i++)
        if (!scan_lower(t.at[i]) && !scan_digit(t.at[i]) && !strchr(" -|._/:", t.at[i]))
            return false;
    return true;
}

/* Prose in another script. */
bool line_is_foreign(struct text t)
{
    size_t high = 0;
    for (size_t i = 0; i < t.len; i++)
        high += (unsigned char)t.at[i] >= 0xc0;
    return high >= 2;
}

/* What a mail put in front of what it quotes, and a table around its cells. */
struct text line_without_paste(struct text t)
{
    while (t.len && t.at[0] == '>' && (t.len == 1 || t.at[1] == ' ' || t.at[1] == '>'))
        t = text_from(t, t.len > 1 && t.at[1] == ' ' ? 2 : 1);
    if (t.len && t.at[0] == '|' && (t.len == 1 || scan_blank(t.at[1])))
        t = scan_skip(text_from(t, 1));
    while (t.len && t.at[t.len - 1] == '|' && (t.len == 1 || scan_blank(t.at[t.len - 2])))
        t = scan_trim_end(text_upto(t, t.len - 1));
    return t;
}

/* What a page or a ticket sets a log apart with. */
static const char *const fences[] = { "```", "~~~", "{noformat}", "{code}", "{code:", "[code]", "[/code]" };

static bool ends_fence(struct text t)
{
    const char last = t.len ? t.at[t.len - 1] : '\0';
    if (last != '`' && last != '~' && last != '}' && last != ']')
        return false;
    for (size_t i = 0; i < COUNT_OF(fences); i++)
        if (text_ends(t, text_of(fences[i])))
            return true;
    return false;
}

bool line_is_literal(struct text t)
{
    const struct text trimmed = scan_trim_end(t); /* what is taken off a line's end is looked for behind its last word */
    return !(trimmed.len && trimmed.at[trimmed.len - 1] == '|') && !ends_fence(trimmed) && !markup_may_be(t) && !scan_has_ends(t);
}

struct text line_without_fence(struct text t)
{
    for (size_t i = 0; i < COUNT_OF(fences); i++) {
        const struct text fence = text_of(fences[i]);
        size_t end = fence.len;
        if (t.len <= end)
            continue;
        if (fence.at[end - 1] == ':' && text_starts(t, fence)) /* {code:title=...} */
            end = text_find_byte(t, '}') == TEXT_NOWHERE ? t.len : text_find_byte(t, '}') + 1;
        if (text_starts(t, fence) && exported_begins_log(text_from(t, end)))
            t = text_from(t, end);
        if (fence.at[fence.len - 1] != ':' && t.len > fence.len && text_ends(t, fence)) /* "{code:" ends nothing */
            t.len -= fence.len;
    }
    return t;
}
