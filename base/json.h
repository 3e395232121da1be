/*
 * Reading JSON (RFC 8259) into a tree. Octets that are no UTF-8 and raw controls within strings are taken as they are:
 * log shippers write them. Numbers that no 64 bits hold become the nearest one that they do. Nodes live in one arena.
 */
#ifndef IKESCOPE_BASE_JSON_H
#define IKESCOPE_BASE_JSON_H

#include "base/bytes.h"
#include "base/error.h"

enum { JSON_DEPTH_READ = 64 };

/* Nodes belong to the tree; json_free(root) frees all. */
struct json;
enum json_kinds { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_REAL, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json *json_read(struct text t, struct error *err); /* one value and nothing behind it; NULL with err */
void json_free(struct json *root);
enum json_kinds json_kind(const struct json *j);                        /* JSON_NULL for NULL */
const struct json *json_member(const struct json *j, const char *name); /* of members of one name the last; NULL: none */
const struct json *json_at(const struct json *j, size_t index);         /* NULL also for a member that is null */
size_t json_count(const struct json *j);                                /* members of an array or object */
/* json_entry is the index-th member of an object, in the order it was written; its name goes to *name. */
const struct json *json_entry(const struct json *j, size_t index, const char **name);
struct text json_as_text(const struct json *j); /* empty unless a string */
bool json_as_number(const struct json *j, int64_t *number);
bool json_as_real(const struct json *j, double *real);
bool json_as_bool(const struct json *j);

#endif
