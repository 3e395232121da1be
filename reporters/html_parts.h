/*
 * The parts of the HTML report. What a reader needs first stands in the page itself and needs no script: verdict, findings, the
 * list of SAs, ladder and walkthrough of the SA that matters most. The other SAs and the events are data (JSON, and panels as
 * markup, in script elements that are not run), from which html/report.js shows what is asked for.
 */
#ifndef IKESCOPE_REPORTERS_HTML_PARTS_H
#define IKESCOPE_REPORTERS_HTML_PARTS_H

#include "reporters/peers.h"
#include "reporters/svg_draw.h"
#include "reporters/walkthrough.h"

struct html {
    struct drawing d; /* d.out: the page, or the part in work */
    const struct model *m;
    const struct walker *walker;
    const struct peers *peers;
    size_t data;             /* octets of the panels written so far */
    const uint8_t *severity; /* of each IKE SA by its number: the worst finding of it */
};

/* html_put writes escaped text, html_raw markup of ours, html_format escaped formatted text. */
void html_put(struct html *h, struct text t);
void html_raw(struct html *h, const char *markup);
void html_format(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* html_prose is html_put with `commands` in code elements. */
void html_prose(struct html *h, struct text t);
/* html_advice is html_prose with each row of commands in a block that can be copied as it stands. */
void html_advice(struct html *h, struct text t);
/* html_place is a reference that a click opens: "r1.log:12". */
void html_place(struct html *h, uint32_t input, uint32_t place, bool packet);
void html_sign(struct html *h, unsigned severity);
/* html_heads is the head of a table with these columns, and opens its body; the list ends with NULL. */
void html_heads(struct html *h, const char *const *names);

void html_title(struct html *h, const char *between); /* what it is a report of */
void html_verdict(struct html *h);
void html_findings(struct html *h);
void html_lives(struct html *h); /* all SAs on one axis of time, where there are several */
void html_sa_list(struct html *h, const struct ike_sa *focus);
/* html_sa_panel: facts, ladder, walkthrough and state machines of one SA. */
void html_sa_panel(struct html *h, const struct ike_sa *sa);
void html_walk(struct html *h, const struct ike_sa *sa);
void html_inputs(struct html *h);

/* Data. */
void html_sa_data(struct html *h, const struct ike_sa *sa, struct sink *out);
void html_events_data(struct html *h, struct sink *out);
void html_records_data(struct html *h, struct sink *out);

#endif
