/* Child SAs of an IKE SA that only show output has (analysis/shown_sas.h), and the readers of facts that both need. `first`: the
 * router that printed it is the SA's initiator; where nobody says who that is, the one whose view comes first. */
#ifndef IKESCOPE_ANALYSIS_SHOWN_CHILDREN_H
#define IKESCOPE_ANALYSIS_SHOWN_CHILDREN_H

#include "model/model.h"

struct spi shown_spi(const struct fact *facts, const char *name);
bool shown_flag(const struct fact *facts, const char *name, bool *value); /* false: it is not said */
bool shown_number(const struct fact *facts, const char *name, uint16_t *value);

void shown_child_listed(struct model *m, struct ike_sa *sa, const struct fact *facts, bool first); /* below its IKE SA */
void shown_child_flow(struct model *m, struct ike_sa *sa, const struct fact *flow, bool first);    /* show crypto ipsec sa */
/* An ASA's session lists its tunnels without SPIs: each is made, where the SA has no other children. */
void shown_child_tunnels(struct model *m, struct ike_sa *sa, const struct fact *tunnels, bool first);

/* shown_selector: "local ident (addr/mask/prot/port)" of a flow, as its fact has it; NULL where it cannot be read. */
struct selector *shown_selector(struct model *m, const struct fact *ident);

#endif
