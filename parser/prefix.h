/*
 * What stands in front of a message: [wrapper][sequence][origin:][mark][time][zone]: [host] - each part optional, in that order.
 * Wrappers are a syslog relay's (RFC 3164, RFC 5424, <PRI>), a terminal logger's, IOS-XR's and btrace's own columns. Where
 * a relay and the device both printed a time, the device's counts.
 */
#ifndef IKESCOPE_PARSER_PREFIX_H
#define IKESCOPE_PARSER_PREFIX_H

#include "base/map.h"
#include "base/stamp.h"

struct prefix {
    struct stamp time;
    struct text host;   /* the relay's or the device's name for itself; empty: none */
    struct text rest;   /* the message */
    struct text number; /* of an ASA's message, where ASDM has it in a column of its own */
    uint64_t sequence;
    bool has_time, has_sequence, relayed;
    bool bare;    /* nothing but a number stands in front of the message */
    bool program; /* the name of a relay's program was taken off; there is at most one */
};

/* Lines of one burst carry the same time, so the octets of the last one and what they meant are kept. A zeroed cache is valid. */
struct prefix_cache {
    char at[48];
    size_t len;
    struct stamp time;
    char host[64]; /* the last host that a relay named */
    size_t host_len;
    char origin[64]; /* the last host name that a device put in front itself (logging origin-id) */
    size_t origin_len;
    uint64_t number;               /* of the last message that had a number in front of everything else */
    bool numbered, numbered_twice; /* by the relay, and again by the device behind it */
    struct names *relayed;         /* hosts that relays named, LIMIT_HOSTS at most; borrowed; NULL: the last one alone is known */
};

/* prefix_scan takes off whatever is in front. False when nothing was: then rest is the whole text. */
bool prefix_scan(struct text t, struct prefix_cache *cache, struct prefix *prefix);

/* prefix_relayed remembers a host that a relay put in front of a line, as prefix_scan() does; prefix_numbered does so with the
 * device's number, behind a head of RFC 5424, and prefix_goes_on tells whether a line that starts nothing of its own can have it. */
void prefix_relayed(struct prefix_cache *cache, struct text host);
void prefix_numbered(struct prefix_cache *cache, uint64_t number);
bool prefix_goes_on(const struct prefix_cache *cache, uint64_t number);

/* prefix_relay is the length of what a relay or a terminal's log put in front of a line, before anything of the device's own. */
size_t prefix_relay(struct text t);

/* prompt_scan recognises "R1#", "asa/pri/act> ", "R1(config)# show …": the host's name, and what was typed. */
bool prompt_scan(struct text t, struct text *host, struct text *command);

#endif
