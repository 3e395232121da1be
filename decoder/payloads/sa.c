/* Security Association payload - RFC 7296 section 3.3: proposals of transforms of attributes. */
#include "base/limits.h"
#include "decoder/payload.h"

enum {
    LAST = 0,
    MORE_PROPOSALS = 2,
    MORE_TRANSFORMS = 3, /* "Last Substruc" */
    PROPOSAL_HEADER = 8,
    TRANSFORM_HEADER = 8,
    ATTRIBUTE_SHORT = 0x8000, /* type and value of two octets, no length */
    ATTRIBUTE_KEY_LENGTH = 14,
    ATTRIBUTE_SIGNATURE_ALGORITHM = 18 /* RFC 9838 */
};

/* Key length is the one attribute in use; others are kept as they are. */
static void read_attributes(struct fields *f)
{
    struct facts others = { 0 };
    for (size_t count = 0; field_more(f) && !field_full(f, count, OVER_ATTRIBUTES); count++) {
        unsigned type = (unsigned)field_number(f, NULL, 2);
        if (type == (ATTRIBUTE_SHORT | ATTRIBUTE_KEY_LENGTH)) {
            field_number(f, "key_length", 2);
            continue;
        }
        size_t length = type & ATTRIBUTE_SHORT ? 2 : (size_t)field_number(f, NULL, 2);
        struct bytes value = field_octets(f, NULL, length);
        if (f->in.failed)
            return;
        if (!others.arena) {
            struct fact *list = fact_list(&f->out, "attributes");
            others = facts_into(f->out.arena, &list->as.child);
        }
        struct facts one = facts_into(f->out.arena, &fact_group(&others, NULL)->as.child);
        fact_number(&one, "attribute", type & ~(unsigned)ATTRIBUTE_SHORT);
        fact_octets(&one, "value", value);
    }
}

static void read_transform(struct fields *f)
{
    unsigned type = (unsigned)field_code(f, "type", 1, REGISTRY_TRANSFORM);
    field_number(f, NULL, 1);
    struct cursor here = f->in;
    field_number(f, "id", 2);
    unsigned id = cursor_u16(&here);
    enum registry registry = transform_registry(type);
    if (cursor_ok(&here) && registry_name(registry, id))
        fact_code(&f->out, "name", registry, id);
    read_attributes(f);
}

static void read_transforms(struct fields *f, unsigned announced, size_t *total)
{
    unsigned count = 0;
    unsigned more = MORE_TRANSFORMS;
    while (field_more(f) && !field_full(f, *total, OVER_TRANSFORMS)) {
        ++*total;
        if (more != MORE_TRANSFORMS)
            field_odd(f); /* something behind what called itself the last */
        more = (unsigned)field_number(f, NULL, 1);
        field_number(f, NULL, 1);
        size_t length = (size_t)field_number(f, NULL, 2);
        if (length < TRANSFORM_HEADER || f->in.failed) {
            f->in.failed = true;
            return;
        }
        count++;
        struct fields one = field_inner(f, fact_group(&f->out, NULL), length - 4);
        read_transform(&one);
        field_done(f, &one);
    }
    if (count != announced || (count && more != LAST))
        field_odd(f);
}

static void read_proposal(struct fields *f, size_t *total)
{
    field_number(f, "number", 1);
    field_code(f, "protocol", 1, REGISTRY_PROTOCOL);
    size_t spi_size = (size_t)field_number(f, NULL, 1);
    unsigned announced = (unsigned)field_number(f, NULL, 1);
    field_octets(f, "spi", spi_size);
    struct fields list = field_inner(f, fact_list(&f->out, "transforms"), field_left(f));
    read_transforms(&list, announced, total);
    field_done(f, &list);
}

static void read_proposals(struct fields *f)
{
    size_t transforms = 0, count = 0;
    unsigned more = MORE_PROPOSALS;
    for (; field_more(f) && !field_full(f, count, OVER_PROPOSALS); count++) {
        if (more != MORE_PROPOSALS)
            field_odd(f);
        more = (unsigned)field_number(f, NULL, 1);
        field_number(f, NULL, 1);
        size_t length = (size_t)field_number(f, NULL, 2);
        if (length < PROPOSAL_HEADER || f->in.failed) {
            f->in.failed = true;
            return;
        }
        struct fields one = field_inner(f, fact_group(&f->out, NULL), length - 4);
        read_proposal(&one, &transforms);
        field_done(f, &one);
    }
    if (!count || more != LAST)
        field_odd(f);
}

static void read_sa(struct fields *f)
{
    struct fields list = field_inner(f, fact_list(&f->out, "proposals"), field_left(f));
    read_proposals(&list);
    field_done(f, &list);
}

const struct payload_decoder payload_sa = { { PAYLOAD_SA }, read_sa };
