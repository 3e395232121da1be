/* Configuration payload - RFC 7296 section 3.15, RFC 5739, RFC 7651, RFC 8598, RFC 9464, and Cisco's Unity attributes. */
#include "base/limits.h"
#include "decoder/payload.h"

enum { PREFIX_OF_IPV6 = 17, SUBNET_OF_IPV4 = 8, UNITY_NETWORK = 14 };

static void read_address4(struct fields *f)
{
    field_address(f, "value", 4);
}
static void read_address6(struct fields *f)
{
    field_address(f, "value", 16);
}
static void read_words(struct fields *f)
{
    field_rest_text(f, "value");
}
static void read_seconds(struct fields *f)
{
    field_number(f, "value", 4);
}

/* An address; a prefix length behind it is often left out. */
static void read_prefix6(struct fields *f)
{
    field_address(f, "value", 16);
    if (field_more(f))
        field_number(f, "prefix_length", 1);
}

static void read_subnet4(struct fields *f)
{
    field_address(f, "value", 4);
    field_address(f, "netmask", 4);
}

static void read_supported(struct fields *f)
{
    struct fields list = field_inner(f, fact_list(&f->out, "value"), field_left(f));
    for (size_t count = 0; field_left(&list) >= 2 && !field_full(&list, count, OVER_ATTRIBUTES); count++)
        field_code(&list, "", 2, REGISTRY_CFGATTR);
    field_done(f, &list);
}

/* P-CSCF and server lists may hold one address or several. */
static void read_addresses4(struct fields *f)
{
    if (field_left(f) == 4) {
        field_address(f, "value", 4);
        return;
    }
    struct fields list = field_inner(f, fact_list(&f->out, "value"), field_left(f));
    while (field_left(&list) >= 4)
        field_address(&list, "", 4);
    field_done(f, &list);
}

/* Networks of 14 octets each: address, mask, six unused. */
static void read_unity_networks(struct fields *f)
{
    struct fields list = field_inner(f, fact_list(&f->out, "value"), field_left(f));
    for (size_t count = 0; field_left(&list) >= 8 && !field_full(&list, count, OVER_ATTRIBUTES); count++) {
        struct fields one = field_inner(&list, fact_group(&list.out, NULL),
                                        field_left(&list) < UNITY_NETWORK ? 8 : UNITY_NETWORK);
        field_address(&one, "address", 4);
        field_address(&one, "netmask", 4);
        field_rest(&one, NULL);
        field_done(&list, &one);
    }
    field_done(f, &list);
}

static void read_unity_number(struct fields *f)
{
    field_number(f, "value", field_left(f) < 8 ? field_left(f) : 8);
}

/* In presentation format, without an end. RFC 9464 section 3.1 */
static void read_domain(struct fields *f, size_t length)
{
    const struct text name = text_over((const char *)f->in.left.at, length);
    if (length <= field_left(f) && text_printable(name))
        field_text(f, "authentication_domain_name", length);
    else
        field_octets(f, "authentication_domain_name", length);
}

/* RFC 9464 section 3.2: number of hash algorithms, length of the name, the name; a request has the algorithms, an answer the one
 * that it chose and the digest of the resolver's key. */
static void read_encrypted_dns_digest(struct fields *f)
{
    const size_t count = (size_t)field_number(f, NULL, 1), name = (size_t)field_number(f, NULL, 1);
    read_domain(f, name);
    struct fields list = field_inner(f, fact_list(&f->out, "hashes"), count * 2);
    while (field_more(&list))
        field_code(&list, "", 2, REGISTRY_HASH);
    field_done(f, &list);
    field_rest(f, "digest");
}

/* A DS record's data: RFC 8598 section 4.2 */
static void read_trust_anchor(struct fields *f)
{
    field_number(f, "key_tag", 2);
    field_number(f, "algorithm", 1);
    field_number(f, "digest_type", 1);
    field_rest(f, "digest");
}

/* An IPv6 address, and an IPv4 address where it has one. */
static void read_home_agent(struct fields *f)
{
    field_address(f, "value", 16);
    if (field_more(f))
        field_address(f, "value4", 4);
}

/* RFC 9464 section 3.1: priority, number of addresses, length of the name, addresses, name, service parameters. */
static void read_encrypted_dns(struct fields *f, size_t address)
{
    field_number(f, "priority", 2);
    if (!field_more(f))
        return;
    size_t count = (size_t)field_number(f, NULL, 1), name = (size_t)field_number(f, NULL, 1);
    if (field_left(f) < count * address) {
        f->in.failed = true;
        return;
    }
    struct fields list = field_inner(f, fact_list(&f->out, "addresses"), count * address);
    while (field_more(&list))
        field_address(&list, "", address);
    field_done(f, &list);
    read_domain(f, name);
    field_rest(f, "service_parameters");
}
static void read_encrypted_dns4(struct fields *f)
{
    read_encrypted_dns(f, 4);
}
static void read_encrypted_dns6(struct fields *f)
{
    read_encrypted_dns(f, 16);
}

static const struct attribute {
    uint16_t type;
    void (*read)(struct fields *f);
} attributes[] = {
    { CFGATTR_INTERNAL_IP4_ADDRESS, read_address4 },
    { CFGATTR_INTERNAL_IP4_NETMASK, read_address4 },
    { CFGATTR_INTERNAL_IP4_DNS, read_address4 },
    { CFGATTR_INTERNAL_IP4_NBNS, read_address4 },
    { CFGATTR_INTERNAL_IP4_DHCP, read_address4 },
    { CFGATTR_APPLICATION_VERSION, read_words },
    { CFGATTR_INTERNAL_IP6_ADDRESS, read_prefix6 },
    { CFGATTR_INTERNAL_IP6_DNS, read_address6 },
    { CFGATTR_INTERNAL_IP6_DHCP, read_address6 },
    { CFGATTR_INTERNAL_IP4_SUBNET, read_subnet4 },
    { CFGATTR_SUPPORTED_ATTRIBUTES, read_supported },
    { CFGATTR_INTERNAL_IP6_SUBNET, read_prefix6 },
    { CFGATTR_INTERNAL_IP6_PREFIX, read_prefix6 },
    { CFGATTR_P_CSCF_IP4_ADDRESS, read_address4 },
    { CFGATTR_P_CSCF_IP6_ADDRESS, read_address6 },
    { CFGATTR_TIMEOUT_PERIOD_FOR_LIVENESS_CHECK, read_seconds },
    { CFGATTR_INTERNAL_DNS_DOMAIN, read_words },
    { CFGATTR_ENCDNS_IP4, read_encrypted_dns4 },
    { CFGATTR_ENCDNS_IP6, read_encrypted_dns6 },
    { CFGATTR_ENCDNS_DIGEST_INFO, read_encrypted_dns_digest },
    { CFGATTR_INTERNAL_DNSSEC_TA, read_trust_anchor },
    { CFGATTR_HOME_AGENT_ADDRESS, read_home_agent },
    { CFGATTR_INTERNAL_IP4_SERVER, read_addresses4 },
    { CFGATTR_INTERNAL_IP6_SERVER, read_address6 },
    { CFGATTR_UNITY_BANNER, read_words },
    { CFGATTR_UNITY_SAVE_PASSWD, read_unity_number },
    { CFGATTR_UNITY_DEF_DOMAIN, read_words },
    { CFGATTR_UNITY_SPLITDNS_NAME, read_words },
    { CFGATTR_UNITY_SPLIT_INCLUDE, read_unity_networks },
    { CFGATTR_UNITY_NATT_PORT, read_unity_number },
    { CFGATTR_UNITY_LOCAL_LAN, read_unity_networks },
    { CFGATTR_UNITY_PFS, read_unity_number },
    { CFGATTR_UNITY_BACKUP_SERVERS, read_words },
    { CFGATTR_UNITY_DDNS_HOSTNAME, read_words },
};

static void read_value(struct fields *f, unsigned type)
{
    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        if (attributes[i].type == type) {
            attributes[i].read(f);
            return;
        }
    }
    field_rest(f, "value");
}

static void read_attribute(struct fields *f)
{
    struct cursor here = f->in;
    unsigned type = cursor_u16(&here) & 0x7fffu;
    size_t length = cursor_u16(&here);
    if (!cursor_ok(&here) || length > here.left.len) {
        f->in.failed = true;
        return;
    }
    struct fields one = field_inner(f, fact_group(&f->out, NULL), 4 + length);
    if (registry_name(REGISTRY_CFGATTR, type))
        fact_code(&one.out, "attribute", REGISTRY_CFGATTR, type);
    fact_number(&one.out, "number", type);
    field_number(&one, NULL, 2);
    field_number(&one, "length", 2);
    if (!length) {
        field_done(f, &one);
        return; /* a request, or "none" */
    }
    struct cursor value = one.in;
    struct facts before = one.out;
    read_value(&one, type);
    if (one.in.failed || one.in.left.len) { /* not what its type promises: keep the octets */
        *before.at = NULL;
        one.out = before;
        one.in = value;
        field_rest(&one, "value");
        field_odd(f);
    }
    field_done(f, &one);
}

static void read_configuration(struct fields *f)
{
    field_code(f, "cfg_type", 1, REGISTRY_CFGTYPE);
    field_octets(f, NULL, 3);
    if (!field_left(f))
        return;
    struct fields list = field_inner(f, fact_list(&f->out, "attributes"), field_left(f));
    for (size_t count = 0; field_more(&list) && !field_full(&list, count, OVER_ATTRIBUTES); count++)
        read_attribute(&list);
    field_done(f, &list);
}

const struct payload_decoder payload_configuration = { { PAYLOAD_CP }, read_configuration };
