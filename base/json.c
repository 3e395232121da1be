#include "base/json.h"

#include <json-c/json.h>
#include <stdint.h>

#include "base/arena.h"

/* A struct json is json-c's own object under our name: the casts below are the whole of the door. */
static struct json_object *inside(const struct json *j)
{
    return (struct json_object *)(uintptr_t)j;
}

static const struct json *outside(const struct json_object *o)
{
    return (const struct json *)(uintptr_t)o;
}

struct json *json_read(struct text t, struct error *err)
{
    struct json_tokener *tokener = memory_checked(json_tokener_new_ex(JSON_DEPTH_READ));
    if (t.len > INT32_MAX) {
        json_tokener_free(tokener);
        fail(err, ERROR_INPUT, "JSON text too large");
        return NULL;
    }
    struct json_object *o = json_tokener_parse_ex(tokener, t.at ? t.at : "", (int)t.len);
    enum json_tokener_error rc = json_tokener_get_error(tokener);
    if (rc == json_tokener_continue) { /* a bare number ends only with the text */
        o = json_tokener_parse_ex(tokener, "", 1);
        rc = json_tokener_get_error(tokener);
    }
    if (rc != json_tokener_success) {
        fail(err, ERROR_INPUT, "not JSON at offset %zu: %s", json_tokener_get_parse_end(tokener), json_tokener_error_desc(rc));
        json_object_put(o);
        o = NULL;
    } else if (!o && text_trim(t).len && strchr("{[\"", text_trim(t).at[0])) {
        memory_checked(NULL); /* nothing is wrong with the text, says json-c, and has no object all the same */
    }
    json_tokener_free(tokener);
    return (struct json *)o;
}

void json_free(struct json *root)
{
    if (root)
        json_object_put(inside(root));
}

enum json_kinds json_kind(const struct json *j)
{
    switch (json_object_get_type(inside(j))) {
    case json_type_boolean:
        return JSON_BOOL;
    case json_type_int:
        return JSON_NUMBER;
    case json_type_double:
        return JSON_REAL;
    case json_type_string:
        return JSON_TEXT;
    case json_type_array:
        return JSON_ARRAY;
    case json_type_object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const struct json *json_member(const struct json *j, const char *name)
{
    struct json_object *o = NULL;
    if (json_kind(j) == JSON_OBJECT)
        json_object_object_get_ex(inside(j), name, &o);
    return outside(o);
}

const struct json *json_at(const struct json *j, size_t index)
{
    return json_kind(j) == JSON_ARRAY ? outside(json_object_array_get_idx(inside(j), index)) : NULL;
}

size_t json_count(const struct json *j)
{
    enum json_kinds type = json_kind(j);
    if (type == JSON_ARRAY)
        return json_object_array_length(inside(j));
    return type == JSON_OBJECT ? (size_t)json_object_object_length(inside(j)) : 0;
}

const struct json *json_entry(const struct json *j, size_t index, const char **name)
{
    if (json_kind(j) != JSON_OBJECT)
        return NULL;
    struct json_object_iterator at = json_object_iter_begin(inside(j)), end = json_object_iter_end(inside(j));
    for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
        if (index-- == 0) {
            *name = json_object_iter_peek_name(&at);
            return outside(json_object_iter_peek_value(&at));
        }
    return NULL;
}

struct text json_as_text(const struct json *j)
{
    if (json_kind(j) != JSON_TEXT)
        return (struct text){ NULL, 0 };
    return text_over(json_object_get_string(inside(j)), (size_t)json_object_get_string_len(inside(j)));
}

bool json_as_number(const struct json *j, int64_t *number)
{
    if (json_kind(j) != JSON_NUMBER)
        return false;
    *number = json_object_get_int64(inside(j));
    return true;
}

bool json_as_real(const struct json *j, double *real)
{
    enum json_kinds type = json_kind(j);
    if (type != JSON_REAL && type != JSON_NUMBER)
        return false;
    *real = json_object_get_double(inside(j));
    return true;
}

bool json_as_bool(const struct json *j)
{
    return json_kind(j) == JSON_BOOL && json_object_get_boolean(inside(j));
}
