/* Whose vendor id it is: the longest row of vendors.def that it begins with. */
#include "decoder/payload.h"

static const struct vendor {
    const char *octets, *name;
} vendors[] = {
#define V(octets, name) { octets, name },
#include "decoder/vendors.def"
#undef V
};

static unsigned nibble(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

static bool begins(struct bytes id, const char *hex, size_t len)
{
    if (id.len < len / 2)
        return false;
    for (size_t i = 0; i < len / 2; i++)
        if (id.at[i] != (nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1])))
            return false;
    return true;
}

const char *vendor_name(struct bytes vendor_id)
{
    const char *name = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < COUNT_OF(vendors); i++) {
        size_t len = strlen(vendors[i].octets);
        if (len > longest && begins(vendor_id, vendors[i].octets, len)) {
            longest = len;
            name = vendors[i].name;
        }
    }
    return name;
}
