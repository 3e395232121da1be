/*
 * show crypto ikev2 diagnose error: the exit path table of IOS-XE. Facts:
 *
 *   status ("enable", "disable"), current_entry, deleted, max_allow,
 *   errors: list of group { number, message, traceback }
 *   unknown: list of text
 */
#include "parser/fields.h"

enum { MARK_NONE, MARK_ERROR };

static const struct field fields[] = {
    { "Exit Path Table", "", FIELD_HEADING, 0, 0 },           { "status", "status", FIELD_TEXT, 0, 0 },
    { "current entry", "current_entry", FIELD_NUMBER, 0, 0 }, { "deleted", "deleted", FIELD_NUMBER, 0, 0 },
    { "max allow", "max_allow", FIELD_NUMBER, 0, 0 },         { "-Traceback", "traceback", FIELD_TEXT, 1, 0 },
};

/* "Error(3): No pskey found" counts its occurrences in the brackets. */
static bool read_error(struct show *w, struct text line)
{
    struct text plain = text_trim(line);
    uint64_t number;
    if (!text_starts(plain, TEXT("Error(")))
        return false;
    struct text rest = text_from(plain, 6);
    size_t digits = text_digits(rest, 10, &number);
    rest = text_from(rest, digits);
    if (digits == 0 || !text_starts(rest, TEXT("):")))
        return false;
    show_open(w, 1);
    show_number(w, 1, "number", number);
    show_text(w, 1, "message", text_trim(text_from(rest, 2)));
    return true;
}

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto ikev2 diagnose error [...]");
}

static int begins(struct text line)
{
    return text_starts(text_trim(line), TEXT("Exit Path Table")) ? 95 : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show crypto ikev2 diagnose error",
        .fields = fields,
        .count = COUNT_OF(fields),
        .lists = { NULL, "errors", NULL, NULL },
        .line = read_error,
        .eager = true,
    };
    show_read(s, &form);
}

const struct section_reader section_crypto_ikev2_diagnose_error = {
    .name = "show crypto ikev2 diagnose error",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
