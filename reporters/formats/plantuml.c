/* plantuml: a sequence diagram for PlantUML, whatever a log says. */
#include "reporters/reporter.h"
#include "reporters/sketch.h"

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    (void)o;
    sketch_draw(m, NULL, &sketch_plantuml, out);
}

const struct reporter reporter_plantuml = { .name = "plantuml",
                                            .summary = "a sequence diagram in PlantUML's language",
                                            .endings = ".puml",
                                            .needs_payloads = true,
                                            .needs_transitions = true,
                                            .write = write };
