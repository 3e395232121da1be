/*
 * Certificate maps against the name that a trustpoint asks a certificate for. A CA may give another name than it was asked for, and
 * what stands in a certificate beside its name is in no configuration, nor is what a router adds to the name when it is asked to: so
 * only what such a name leaves out is told.
 */
#ifndef IKESCOPE_ANALYSIS_CERTIFICATE_MAP_H
#define IKESCOPE_ANALYSIS_CERTIFICATE_MAP_H

#include "analysis/evidence.h"

enum { CERTIFICATE_CONDITIONS = 8 /* of an entry that are told */ };

/* certificate_map_refuses: has every entry of the map a condition that no certificate of that trustpoint can meet? The first entry;
 * NULL: it may be accepted, or the map is not there. */
const struct record *certificate_map_refuses(struct model *m, uint32_t device, struct text map, const struct record *trustpoint);
/* certificate_rules_refuse: is the same so of every map by which an ASA finds callers their tunnel-group (`tunnel-group-map`)? entry:
 * the first of them. False: one may accept it, or there is none. */
bool certificate_rules_refuse(struct model *m, uint32_t device, const struct record *trustpoint, const struct record **entry);
/* certificate_unit is the OU that it will have, in small letters; empty: none. */
struct text certificate_unit(struct model *m, const struct record *trustpoint);
/* certificate_missed: which conditions of an entry these are, and how many. */
size_t certificate_missed(struct model *m, const struct record *entry, const struct record *trustpoint,
                          const struct fact *missed[CERTIFICATE_CONDITIONS]);
/* certificate_mend is what to type in the entry in their place: "`subject-name co ou = spokes` / `no subject-name …`". */
struct text certificate_mend(struct model *m, const struct record *trustpoint, const struct fact *const missed[], size_t count);
/* certificate_name_part is what of a name tells it from the others of its organisation: the value of its common name, or else of its
 * first attribute; "PART-OF-IT": it has none. */
struct text certificate_name_part(struct text name);

#endif
