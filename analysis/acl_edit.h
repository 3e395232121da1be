/*
 * Where a new entry goes in an access list that is there. IOS puts one without a number at the end, behind the `deny` that it was
 * to stand in front of, and keeps an entry beside the one that was to replace it.
 */
#ifndef IKESCOPE_ANALYSIS_ACL_EDIT_H
#define IKESCOPE_ANALYSIS_ACL_EDIT_H

#include "analysis/evidence.h"

enum { ACL_NEW = 4 };

struct acl_place {
    uint64_t number[ACL_NEW]; /* of the new entries; 0: none is needed, the end will do */
    bool renumber;            /* by 10 first: there is no room, or the configuration does not print the numbers */
};

/* acl_place_before numbers `count` new entries in front of the one on that line; line 0: at the end. */
struct acl_place acl_place_before(const struct record *list, uint32_t line, unsigned count);
/* acl_renumber_text is what to type first, "`ip access-list resequence NAME 10 10` / ", or empty. */
struct text acl_renumber_text(struct arena *arena, const struct record *list, const struct acl_place *place);
bool acl_is_standard(const struct record *list);
/* acl_removal_text takes the entry on that line out: what to type in the mode of the list on IOS ("no 10"), globally on an ASA.
 */
struct text acl_removal_text(struct arena *arena, const struct record *list, uint32_t line, bool asa);

#endif
