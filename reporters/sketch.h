/* Sequence diagrams as text for other programs to draw: one walk over the steps (reporters/steps.h), and one small syntax for
 * each language. All text goes through one escape, which knows the signs of the syntax, so no text is ever taken for markup. */
#ifndef IKESCOPE_REPORTERS_SKETCH_H
#define IKESCOPE_REPORTERS_SKETCH_H

#include "base/sink.h"
#include "model/model.h"

struct sketch_syntax {
    const char *begin, *end;
    const char *line_break;                                        /* inside a label */
    bool quoted;                                                   /* a participant is "label" in quotes, then its name */
    const char *request, *response, *lost_request, *lost_response; /* "->>" between two participants */
    const char *note_over, *state_over;                            /* "Note over "; for the states an end passed through */
    const char *failed_note;                                       /* behind the names, of a note that tells of an error */
    const char *divider[2], *delay[2];                             /* around a title, around time that passes; NULL: notes */
    const char *code_begin, *code_end; /* around the number of a character: Mermaid's #8594; PlantUML's <U+2192> */
    bool code_hex;
    uint32_t code_most; /* characters above it cannot be written */
};

extern const struct sketch_syntax sketch_mermaid, sketch_plantuml;

enum { SKETCH_SAS = 60, SKETCH_STEPS = 1500 };

/* sketch_draw draws one SA, or with sa NULL all of the model (at most SKETCH_SAS), as one diagram. */
void sketch_draw(const struct model *m, const struct ike_sa *sa, const struct sketch_syntax *syntax, struct sink *out);

#endif
