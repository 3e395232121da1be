/* The registries' tables and their look-ups. Rows rise (the test holds them to it), so a number is found by halving. */
#include "model/iana.h"

#define X(number, ident, name, reference) { number, name, reference },
static const struct registry_row rows_exchange[] = {
#include "model/iana/exchange.def"
};
static const struct registry_row rows_payload[] = {
#include "model/iana/payload.def"
};
static const struct registry_row rows_transform[] = {
#include "model/iana/transform.def"
};
static const struct registry_row rows_encr[] = {
#include "model/iana/encr.def"
};
static const struct registry_row rows_prf[] = {
#include "model/iana/prf.def"
};
static const struct registry_row rows_integ[] = {
#include "model/iana/integ.def"
};
static const struct registry_row rows_ke[] = {
#include "model/iana/ke.def"
};
static const struct registry_row rows_esn[] = {
#include "model/iana/esn.def"
};
static const struct registry_row rows_protocol[] = {
#include "model/iana/protocol.def"
};
static const struct registry_row rows_id[] = {
#include "model/iana/id.def"
};
static const struct registry_row rows_cert[] = {
#include "model/iana/cert.def"
};
static const struct registry_row rows_auth[] = {
#include "model/iana/auth.def"
};
static const struct registry_row rows_notify[] = {
#include "model/iana/notify.def"
};
static const struct registry_row rows_cfgtype[] = {
#include "model/iana/cfgtype.def"
};
static const struct registry_row rows_cfgattr[] = {
#include "model/iana/cfgattr.def"
};
static const struct registry_row rows_ts[] = {
#include "model/iana/ts.def"
};
static const struct registry_row rows_hash[] = {
#include "model/iana/hash.def"
};
static const struct registry_row rows_ipcomp[] = {
#include "model/iana/ipcomp.def"
};
static const struct registry_row rows_gateway[] = {
#include "model/iana/gateway.def"
};
static const struct registry_row rows_eap[] = {
#include "model/iana/eap.def"
};
static const struct registry_row rows_eapcode[] = {
#include "model/iana/eapcode.def"
};
static const struct registry_row rows_ipproto[] = {
#include "model/iana/ipproto.def"
};
static const struct registry_row rows_exchange1[] = {
#include "model/iana/exchange1.def"
};
static const struct registry_row rows_payload1[] = {
#include "model/iana/payload1.def"
};
#undef X

struct table {
    const char *stem, *heading;
    const struct registry_row *rows;
    size_t count;
};

static const struct table tables[REGISTRY_COUNT] = {
#define ENTRY(ident, stem, heading) [REGISTRY_##ident] = { #stem, heading, rows_##stem, COUNT_OF(rows_##stem) },
    REGISTRY_LIST(ENTRY)
#undef ENTRY
};

static const struct table *table_of(enum registry registry)
{
    return (unsigned)registry < REGISTRY_COUNT ? &tables[registry] : &tables[REGISTRY_NONE];
}

const char *registry_name(enum registry registry, uint64_t number)
{
    const struct table *table = table_of(registry);
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->rows[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->count && table->rows[low].number == number ? table->rows[low].name : NULL;
}

/* Names that a registry gave up, and that people still type. */
static const struct former {
    enum registry registry;
    const char *name;
    uint32_t number;
} former_names[] = {
    { REGISTRY_TRANSFORM, "DH", TRANSFORM_DH },
    { REGISTRY_TRANSFORM, "D-H", TRANSFORM_DH },
    { REGISTRY_TRANSFORM, "SN", TRANSFORM_ESN },
    { REGISTRY_ESN, "32-bit Sequential Numbers", ESN_NO },
    { REGISTRY_ESN, "Partially Transmitted 64-bit Sequential Numbers", ESN_YES },
};

bool registry_number(enum registry registry, struct text name, uint32_t *number)
{
    const struct table *table = table_of(registry);
    for (size_t i = 0; i < table->count; i++) {
        if (text_equal_nocase(text_of(table->rows[i].name), name)) {
            *number = table->rows[i].number;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(former_names); i++) {
        if (former_names[i].registry == registry && text_equal_nocase(text_of(former_names[i].name), name)) {
            *number = former_names[i].number;
            return true;
        }
    }
    return false;
}

const char *registry_heading(enum registry registry)
{
    return table_of(registry)->heading;
}

const char *registry_stem(enum registry registry)
{
    return table_of(registry)->stem;
}

const struct registry_row *registry_rows(enum registry registry, size_t *count)
{
    const struct table *table = table_of(registry);
    *count = table->count;
    return table->rows;
}

enum registry transform_registry(unsigned transform_type)
{
    switch (transform_type) {
    case TRANSFORM_ENCR:
        return REGISTRY_ENCR;
    case TRANSFORM_PRF:
        return REGISTRY_PRF;
    case TRANSFORM_INTEG:
        return REGISTRY_INTEG;
    case TRANSFORM_ESN:
        return REGISTRY_ESN;
    case TRANSFORM_DH:
    case TRANSFORM_ADDKE1:
    case TRANSFORM_ADDKE2:
    case TRANSFORM_ADDKE3:
    case TRANSFORM_ADDKE4:
    case TRANSFORM_ADDKE5:
    case TRANSFORM_ADDKE6:
    case TRANSFORM_ADDKE7:
        return REGISTRY_KE;
    default:
        return REGISTRY_NONE;
    }
}
