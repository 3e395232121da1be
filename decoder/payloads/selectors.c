/* Traffic Selector payloads - RFC 7296 section 3.13; Fibre Channel RFC 4595, security labels RFC 9478. */
#include "base/limits.h"
#include "decoder/payload.h"

enum { SELECTOR_HEADER = 4 };

static void read_range(struct fields *f, size_t address)
{
    field_number(f, "start_port", 2);
    field_number(f, "end_port", 2);
    field_address(f, "start", address);
    field_address(f, "end", address);
}

/* reserved, 24-bit port ids, R_CTL and type of both ends: RFC 4595 section 4.4 */
static void read_fibre_channel(struct fields *f)
{
    field_number(f, NULL, 1);
    field_octets(f, "start_fc", 3);
    field_number(f, NULL, 1);
    field_octets(f, "end_fc", 3);
    field_number(f, "start_r_ctl", 1);
    field_number(f, "start_type", 1);
    field_number(f, "end_r_ctl", 1);
    field_number(f, "end_type", 1);
}

static void read_label(struct fields *f)
{
    struct text label = text_of_bytes(f->in.left);
    if (label.len && label.at[label.len - 1] == '\0')
        label.len--; /* SELinux labels come with the end of their C string */
    if (text_printable(label))
        fact_text(&f->out, "label", label);
    field_rest(f, "data");
}

static void read_selector(struct fields *f, unsigned type)
{
    switch (type) {
    case TS_IPV4_ADDR_RANGE:
        read_range(f, 4);
        break;
    case TS_IPV6_ADDR_RANGE:
        read_range(f, 16);
        break;
    case TS_FC_ADDR_RANGE:
        read_fibre_channel(f);
        break;
    case TS_SECLABEL:
        read_label(f);
        break;
    default:
        field_rest(f, "data");
        break;
    }
}

static void read_selectors(struct fields *f)
{
    size_t announced = (size_t)field_number(f, NULL, 1), count = 0;
    field_octets(f, NULL, 3);
    struct fields list = field_inner(f, fact_list(&f->out, "selectors"), field_left(f));
    for (; field_more(&list) && !field_full(&list, count, OVER_SELECTORS); count++) {
        struct cursor here = list.in;
        cursor_skip(&here, 2);
        size_t length = cursor_u16(&here);
        if (!cursor_ok(&here) || length < SELECTOR_HEADER || length > field_left(&list)) {
            list.in.failed = true;
            break;
        }
        struct fields one = field_inner(&list, fact_group(&list.out, NULL), length);
        unsigned type = (unsigned)field_code(&one, "type", 1, REGISTRY_TS);
        field_number(&one, type == TS_SECLABEL ? NULL : "protocol", 1);
        field_number(&one, NULL, 2);
        read_selector(&one, type);
        field_done(&list, &one);
    }
    field_done(f, &list);
    if (count != announced)
        field_odd(f);
}

const struct payload_decoder payload_selectors = { { PAYLOAD_TSI, PAYLOAD_TSR }, read_selectors };
