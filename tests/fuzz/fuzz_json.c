/* Octets as JSON: every node can be asked, and what is read once is read the same again. */
#include <assert.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t sum_of(const struct json *j)
{
    uint64_t sum = json_kind(j) + 1;
    int64_t number = 0;
    double real = 0;
    struct text name = { NULL, 0 };
    struct text t = json_as_text(j);
    for (size_t i = 0; i < t.len; i++)
        sum = sum * 31 + (uint8_t)t.at[i];
    if (json_as_number(j, &number))
        sum = sum * 31 + (uint64_t)number;
    sum += json_as_real(j, &real) && real > 0;
    sum += json_as_bool(j);
    for (size_t i = 0; i < json_count(j); i++) {
        const struct json *member = json_kind(j) == JSON_ARRAY ? json_at(j, i) : json_entry(j, i, &name);
        sum = sum * 31 + sum_of(member) + name.len;
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct error err = { 0 };
    struct text t = { (const char *)data, size };
    struct json *once = json_read(t, &err), *again = json_read(t, NULL);
    assert((once != NULL) == (again != NULL) && (once != NULL) == (err.kind == ERROR_NONE));
    assert(sum_of(once) == sum_of(again));
    struct arena *arena = arena_create();
    assert(sum_of(once) == sum_of(json_view(t, arena)));
    arena_destroy(arena);
    json_free(once);
    json_free(again);
    return 0;
}
