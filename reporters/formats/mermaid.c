/* mermaid: a sequenceDiagram that mermaid 11 parses, whatever a log says. */
#include "reporters/reporter.h"
#include "reporters/sketch.h"

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    (void)o;
    sketch_draw(m, NULL, &sketch_mermaid, out);
}

const struct reporter reporter_mermaid = { .name = "mermaid",
                                           .summary = "a sequence diagram in mermaid's language",
                                           .endings = ".mmd",
                                           .needs_payloads = true,
                                           .needs_transitions = true,
                                           .write = write };
