#include "analysis/troubles.h"

void troubles_tell(struct model *m, const struct rule *r, const struct advice *rows, size_t count)
{
    for (size_t i = 0; i < m->input_count; i++)
        for (const struct trouble *t = m->inputs[i].troubles; t; t = t->next) {
            struct diagnosis d;
            if (strcmp(t->rule, r->id) != 0)
                continue;
            struct text about = arena_format(m->run, "%zu %.*s", i, TEXT_ARGS(t->text));
            if (!diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, about))
                continue;
            diagnosis_word(&d, "name", m->inputs[i].name);
            diagnosis_word(&d, "text", t->text);
            diagnosis_say(&d, NULL, "[[In {name}: ]]{text}.");
            if (text_ends(t->text, TEXT(".")))
                d.f->cause = text_upto(d.f->cause, d.f->cause.len - 1);
            if (t->count)
                d.f->count = t->count;
            if (t->title)
                d.f->title = text_of(t->title);
            const struct advice own = { TO_BOTH, PLATFORM_UNKNOWN, arena_string(m->run, t->remedy) };
            diagnosis_advise(&d, t->remedy.len ? &own : rows, t->remedy.len ? 1 : count);
            if (t->packet)
                quote_frame(&d, (uint32_t)i, t->place, "%.*s", TEXT_ARGS(t->text));
            else if (t->place)
                quote_note(&d, (struct heard){ &(struct note){ .text = t->text, .input = (uint32_t)i, .line = t->place }, NULL });
        }
}
