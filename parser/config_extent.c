/*
 * Is a configuration whole? It is when it has its first words and its last, and nobody left something out of its middle: only
 * then is what it does not have missing.
 */
#include "parser/configuration.h"
#include "parser/scan.h"

static struct config_object *extent(struct config *c)
{
    struct config_object *object = c->object, *found;
    struct fact *group = c->group;
    uint8_t context = c->context;
    bool touched = c->touched;
    config_open(c, "configuration", (struct text){ NULL, 0 }, IN_GLOBAL);
    found = c->object;
    c->object = object;
    c->group = group;
    c->context = context;
    c->touched = touched;
    return found;
}

/* "version 17.6", "ASA Version 9.16(4)14": where releases differ. */
static void note_version(struct config *c, struct text line)
{
    struct config_object *o = extent(c);
    struct text word, rest = text_starts(line, TEXT("ASA ")) ? text_from(line, 4) : line;
    if (text_word(&rest, &word) && text_equal_nocase(word, TEXT("version")) && text_word(&rest, &word) &&
        !fact_find(o->record->facts, "version"))
        fact_text(&o->into, "version", arena_copy(c->model->read, word))->line = c->line;
}

static void note(struct config *c, const char *what)
{
    struct config_object *o = extent(c);
    if (!fact_find(o->record->facts, what))
        fact_bool(&o->into, what, true)->line = c->line;
}

static bool starts_with(struct text line, const char *const *words)
{
    while (*words && !text_starts(line, text_of(*words)))
        words++;
    return *words != NULL;
}

static bool says(struct text line, const char *const *words)
{
    for (struct text rest = line, word; *words; words++)
        for (rest = line; text_word(&rest, &word);) {
            while (word.len && !scan_letter(word.at[0]))
                word = text_from(word, 1);
            while (word.len && !scan_letter(word.at[word.len - 1]))
                word.len--;
            if (text_equal(word, text_of(*words)))
                return true;
        }
    return false;
}

/* The VRF of "router ospf 1 vrf V", "address-family ipv4 vrf V". */
static void note_vrf(struct config *c, struct text line)
{
    enum { MOST = 64 };
    struct config_object *o = extent(c);
    struct text word, before = TEXT("");
    size_t count = 0;
    for (const struct fact *f = o->record->facts; f; f = f->next)
        count += strcmp(f->name, "routing_vrf") == 0;
    for (; text_word(&line, &word); before = word)
        if (text_equal(before, TEXT("vrf")) && count >= MOST)
            note(c, "routes_by_other");
        else if (text_equal(before, TEXT("vrf")))
            fact_text(&o->into, "routing_vrf", arena_copy(c->model->read, word));
}

/* What leads packets where no static route does. */
static void note_learnt(struct config *c, struct text line)
{
    /* {how its line begins, by what} */
    static const struct {
        const char *start, *by;
    } learnt[] = {
        { "router ", "routes_by_protocol" },
        { "ipv6 router ", "routes_by_protocol" },
        { "ip nhrp nhs ", "routes_by_protocol" },
        { "ip address dhcp", "default_given" },
        { "ip address negotiated", "default_given" },
        { "ip address pppoe", "default_given" },
        { "ip dhcp client ", "default_given" },
        { "ip default-", "default_given" },
        { "ip policy route-map", "routes_by_other" },
        { "ip local policy ", "routes_by_other" },
        { "policy-route ", "routes_by_other" },
        { "route set ", "routes_by_other" },
        { "route accept ", "routes_by_other" },
        { "reverse-route", "routes_by_other" },
        { "set reverse-route", "routes_by_other" },
        { "route-target", "routes_by_other" },
        { "sdwan", "routes_by_other" },
        { "no ip routing", "routes_by_other" },
        { "mpls ip", "routes_by_other" },
    };
    /* {how its line begins, to whom it speaks} */
    static const struct {
        const char *start, *to;
    } spoken[] = {
        { "router eigrp ", "routes_by_multicast" }, { "router ospf", "routes_by_multicast" },
        { "router rip", "routes_by_multicast" },    { "neighbor ", "routes_by_neighbor" },
        { "router bgp ", "routes_by_neighbor" },
    };
    for (size_t i = 0; i < COUNT_OF(learnt); i++)
        if (text_starts(line, text_of(learnt[i].start))) {
            note(c, "routes_learnt");
            note(c, learnt[i].by);
        }
    for (size_t i = 0; i < COUNT_OF(spoken); i++)
        if (text_starts(line, text_of(spoken[i].start)))
            note(c, spoken[i].to);
    if (text_starts(line, TEXT("router ")) || text_starts(line, TEXT("address-family ")))
        note_vrf(c, line);
}

void config_extent(struct config *c, struct text line)
{
    static const char *const first[] = { "version ", "ASA Version ", "NGFW Version ", "Current configuration", NULL };
    /* what answers for addresses that no interface has, beside `ip nat inside` */
    static const char *const given[] = { "ip nat source ", "ip nat outside source ", "ip alias ", NULL };
    static const char *const dots[] = { "...", "\xe2\x80\xa6", "[...", "<...", NULL }; /* the second is one character, U+2026 */
    static const char *const gaps[] = { "omitted", "snip", "truncated", "removed", "cut", NULL };
    if (starts_with(line, first)) {
        c->next_begins = fact_find(extent(c)->record->facts, "ends") != NULL;
        note(c, "begins");
        note_version(c, line);
    }
    if (text_equal(line, TEXT("end")) || text_equal(line, TEXT(": end")))
        note(c, "ends");
    note_learnt(c, line);
    if (starts_with(line, given))
        note(c, "addresses_given");
    const bool outside = c->context != IN_CERTIFICATE && c->context != IN_BANNER; /* of what redact takes out and nobody misses */
    bool aside = outside && text_find_byte(TEXT("!<[(-*.#"), line.at[0]) != TEXT_NOWHERE;
    if ((outside && starts_with(line, dots)) || (aside && says(line, gaps)))
        note(c, "cut");
}

void config_extent_next(struct config *c)
{
    if (c->next_begins)
        note(c, "begins");
    c->next_begins = false;
}
