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

void config_extent(struct config *c, struct text line)
{
    static const char *const first[] = { "version ", "ASA Version ", "NGFW Version ", "Current configuration", NULL };
    /* what leads packets where no static route does */
    static const char *const learnt[] = { "router ",
                                          "ipv6 router ",
                                          "ip address dhcp",
                                          "ip address negotiated",
                                          "ip address pppoe",
                                          "ip default-",
                                          "ip policy route-map",
                                          "ip local policy ",
                                          "policy-route ",
                                          "route set ",
                                          "route accept ",
                                          "reverse-route",
                                          "set reverse-route",
                                          "route-target",
                                          "sdwan",
                                          "no ip routing",
                                          "ip nhrp nhs ",
                                          "ip dhcp client ",
                                          "mpls ip",
                                          NULL };
    /* what answers for addresses that no interface has, beside `ip nat inside` */
    static const char *const given[] = { "ip nat source ", "ip nat outside source ", "ip alias ", NULL };
    static const char *const dots[] = { "...", "\xe2\x80\xa6", "[...", "<...", NULL }; /* the second is one character, U+2026 */
    static const char *const gaps[] = { "omitted", "snip", "truncated", "removed", "cut", NULL };
    if (starts_with(line, first)) {
        c->next_begins = fact_find(extent(c)->record->facts, "ends") != NULL;
        note(c, "begins");
    }
    if (text_equal(line, TEXT("end")) || text_equal(line, TEXT(": end")))
        note(c, "ends");
    if (starts_with(line, learnt))
        note(c, "routes_learnt");
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
