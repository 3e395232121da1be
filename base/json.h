/*
 * Reading JSON (RFC 8259) into a tree. Octets that are not UTF-8 and raw control characters inside strings are taken as they
 * are, because log shippers write them. A number that 64 bits cannot hold becomes the nearest one that they can.
 */
#ifndef IKESCOPE_BASE_JSON_H
#define IKESCOPE_BASE_JSON_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

enum { JSON_DEPTH_READ = 64 }; /* arrays and objects within each other; more is an error */

/* A node of the tree. All nodes and texts belong to the tree and end with json_free(root). */
struct json;
enum json_kinds { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_REAL, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json *json_read(struct text t, struct error *err); /* one value and nothing behind it; NULL with err */
void json_free(struct json *root);
/* json_view reads a text that stays where it is as long as the tree: strings without escapes are borrowed from it, and have no NUL
 * behind them. The tree dies with the arena. NULL: it is not JSON. */
const struct json *json_view(struct text t, struct arena *arena);
enum json_kinds json_kind(const struct json *j);                       /* JSON_NULL for NULL */
const struct json *json_named(const struct json *j, struct text name); /* the last member of that name, or NULL */
static inline const struct json *json_member(const struct json *j, const char *name)
{
    return json_named(j, text_of(name));
}
const struct json *json_at(const struct json *j, size_t index); /* NULL also where the element is null */
size_t json_count(const struct json *j);                        /* how many members or elements it has */
/* json_entry is the index-th member of an object, in the order in which they were written; its name goes to *name. */
const struct json *json_entry(const struct json *j, size_t index, struct text *name);
struct text json_as_text(const struct json *j); /* empty unless it is a string */
/* These two give a number's value; false, and nothing is written, where the node is NULL or of another kind. */
bool json_as_number(const struct json *j, int64_t *number);
bool json_as_real(const struct json *j, double *real); /* of whole numbers too */
bool json_as_bool(const struct json *j);               /* false for anything but true */

#endif
