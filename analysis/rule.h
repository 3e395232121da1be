/* A diagnosis: one file under analysis/rules/ around one constant. It reasons over the joined model and adds findings. */
#ifndef IKESCOPE_ANALYSIS_RULE_H
#define IKESCOPE_ANALYSIS_RULE_H

#include "model/model.h"

struct tunnel;

struct rule {
    const char *id;         /* "auth-psk-mismatch": the file's name */
    enum severity severity; /* of its findings, unless diagnosis_severity() changes one's */
    uint16_t rank;          /* causes before effects: 10 a cause on its own, 50 a usual effect, 90 context */
    const char *title;      /* short: "Pre-shared keys differ" */
    const char *meaning;    /* for `explain`: what it means */
    const char *advice;     /* for `explain`: what to do */
    bool always;            /* said even where there are LIMIT_FINDINGS already */
    /* At least one of these: for each IKE SA, for each Child SA, or once for the model. */
    void (*sa)(struct model *m, const struct rule *r, struct ike_sa *sa);
    void (*child)(struct model *m, const struct rule *r, struct child_sa *child);
    void (*whole)(struct model *m, const struct rule *r);
    /* What two routers' configurations tell of the tunnel between them (analysis/tunnels.h): for each tunnel, for each pair of
     * crypto map entries or tunnel interfaces in it, or for each end of it whose IKE SA is not up. The last is asked too, with
     * the SA, of an end that refused one where .sa found nothing about it and no log tells why. */
    void (*tunnel)(struct model *m, const struct rule *r, const struct tunnel *t);
    void (*tunnel_child)(struct model *m, const struct rule *r, const struct tunnel *t);
    void (*tunnel_end)(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here);
};

extern const struct rule *const rules[]; /* generated from the folder */
extern const size_t rule_count;
const struct rule *rule_find(struct text id); /* NULL: none is called so */

#endif
