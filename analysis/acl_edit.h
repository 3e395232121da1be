/*
 * Where a new entry goes in an existing access list. IOS puts one without a number at the end, behind the `deny` that it should
 * stand in front of, and keeps an entry beside the one that should replace it.
 */
#ifndef IKESCOPE_ANALYSIS_ACL_EDIT_H
#define IKESCOPE_ANALYSIS_ACL_EDIT_H

#include "analysis/evidence.h"

enum { ACL_NEW = 4 };

struct acl_place {
    uint64_t number[ACL_NEW]; /* of the new entries; 0: none is needed, the end of the list will do */
    bool renumber;            /* the list must be renumbered by 10 first: there is no room, or its numbers are not printed */
};

/* acl_place_before finds numbers for `count` new entries (at most ACL_NEW) in front of the one on that line; line 0: at the end.
 */
struct acl_place acl_place_before(const struct record *list, uint32_t line, unsigned count);
/* acl_renumber_text is what to type first, "`ip access-list resequence NAME 10 10` / ", or empty. */
struct text acl_renumber_text(struct arena *arena, const struct record *list, const struct acl_place *place);
/* acl_entry_text is what an entry is for, behind its `permit`: "tcp A MASK eq 443 host B"; wildcard: as IOS writes masks, else as an
 * ASA does. Empty where an entry cannot say it. */
struct text acl_entry_text(struct arena *arena, const struct selector *from, const struct selector *to, bool wildcard);
bool acl_is_standard(const struct record *list);
/* acl_is_of_groups: the entry on that line is several, as the members of its object groups make them. */
bool acl_is_of_groups(const struct record *list, uint32_t line);
/* acl_removal_text is what removes the entry on that line: typed in the list's mode on IOS ("no 10"), in global mode on an ASA.
 */
struct text acl_removal_text(struct arena *arena, const struct record *list, uint32_t line, bool asa);

#endif
