/* Commands as people type them: abbreviated, piped, with a prompt's rest before them. */
#include "parser/section.h"

/* A form's word: "crypto" must be there, perhaps abbreviated; "[detailed]" may be; "[...]" is anything. */
static bool word_matches(struct text typed, struct text form)
{
    return typed.len != 0 && typed.len <= form.len && text_starts_nocase(form, typed);
}

bool command_matches(struct text command, const char *form)
{
    struct text typed, rest = text_upto(command, text_find_byte(command, '|'));
    struct text form_word, form_rest = text_of(form);
    bool pending = text_word(&rest, &typed);
    while (text_word(&form_rest, &form_word)) {
        if (text_equal(form_word, TEXT("[...]")))
            return true;
        bool optional = form_word.len > 2 && form_word.at[0] == '[';
        if (optional)
            form_word = text_upto(text_from(form_word, 1), form_word.len - 2);
        bool matches = pending && word_matches(typed, form_word);
        if (matches)
            pending = text_word(&rest, &typed);
        else if (!optional)
            return false;
    }
    return !pending;
}
