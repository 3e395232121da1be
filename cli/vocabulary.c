#include "cli/vocabulary.h"

#include "model/iana.h"
#include "parser/dialect.h"
#include "reporters/glossary.h"

/* The words of a text. In a message's sample those that its pattern does not spell, or that stand in quotes, are somebody's. */
static void keep_words(struct redactor *r, struct text t, const char *pattern)
{
    struct text word;
    while (text_word(&t, &word))
        if (word.at[0] != '\'' && (!pattern || text_has(text_of(pattern), word)))
            redact_keep(r, word);
}

void vocabulary_keep(struct redactor *r)
{
    for (size_t d = 0; d < dialect_count; d++)
        for (size_t i = 0; i < dialects[d]->phrase_count; i++) {
            const struct phrase *p = &dialects[d]->phrases[i];
            keep_words(r, text_of(p->anchor), NULL);
            keep_words(r, text_of(p->sample), p->pattern);
        }
    for (size_t i = 0; i < glossary_count; i++)
        keep_words(r, text_of(glossary_rows[i].name), NULL);
    for (size_t k = 1; k < REGISTRY_COUNT; k++) {
        size_t count;
        const struct registry_row *rows = registry_rows((enum registry)k, &count);
        for (size_t i = 0; i < count; i++)
            redact_keep(r, text_of(rows[i].name));
    }
}
