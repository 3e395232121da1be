/*
 * The zone firewall of IOS. An interface is in one zone (parser/config_system.c: zone). Records:
 *
 *   zone-pair NAME    source, destination: zones, "self" is the router; policy: the policy-map for what goes from the one to the other
 *   policy-map NAME   classes: list of group { class, action ("pass", "inspect", "drop") }, in their order
 *   class-map NAME    all (bool: whatever it names has to fit), lists: list of text (access lists), protocols: list of text, unread
 *                     (bool: it asks for something else, too)
 */
#include "parser/configuration.h"

/* "zone-pair security NAME source A destination B" */
static void open_zone_pair(struct config *c, const struct config_args *a)
{
    if (a->count < 5 || a->no || !text_equal(a->word[1], TEXT("source")) || !text_equal(a->word[3], TEXT("destination")))
        return;
    config_open(c, "zone-pair", a->word[0], IN_ZONE_PAIR);
    config_text(c, "source", a->word[2]);
    config_text(c, "destination", a->word[4]);
}

/* "class-map type inspect [match-any|match-all] NAME"; with a protocol in front of that it looks into what the protocol carries. */
static void open_class(struct config *c, const struct config_args *a)
{
    const bool told = a->count == 2 && text_starts(a->word[0], TEXT("match-"));
    if (a->no || (a->count != 1 && !told))
        return;
    config_open(c, "class-map", a->word[a->count - 1], IN_CLASS_MAP);
    config_bool(c, "all", !told || text_equal(a->word[0], TEXT("match-all")));
}

static void open_policy(struct config *c, const struct config_args *a)
{
    if (!a->no && a->count == 1)
        config_open(c, "policy-map", a->word[0], IN_POLICY_MAP);
}

static void own_class(struct config *c, const struct config_args *a)
{
    if (a->no || !a->count)
        return;
    config_begin_group(c, "classes", IN_POLICY_MAP);
    config_text(c, "class", a->word[0]);
}

static void own_action(struct config *c, const struct config_args *a)
{
    if (!a->no && c->group)
        config_text(c, "action", text_of(a->fact));
}

static const struct config_command commands[] = {
    /* context, kind, arguments at most, words, fact, own */
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "zone-pair security", NULL, open_zone_pair },
    { IN_ZONE_PAIR, CONFIG_WORD, 1, "service-policy type inspect", "policy", NULL },

    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "class-map type inspect", NULL, open_class },
    { IN_CLASS_MAP, CONFIG_SET, CONFIG_REST, "match", "unread", NULL },
    { IN_CLASS_MAP, CONFIG_LIST, 1, "match access-group", "lists", NULL },
    { IN_CLASS_MAP, CONFIG_LIST, 1, "match access-group name", "lists", NULL },
    { IN_CLASS_MAP, CONFIG_LIST, 1, "match protocol", "protocols", NULL },

    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "policy-map type inspect", NULL, open_policy },
    { IN_POLICY_MAP, CONFIG_OWN, 1, "class", NULL, own_class },
    { IN_POLICY_MAP, CONFIG_OWN, 1, "class type inspect", NULL, own_class },
    { IN_POLICY_MAP, CONFIG_OWN, CONFIG_REST, "pass", "pass", own_action },
    { IN_POLICY_MAP, CONFIG_OWN, CONFIG_REST, "inspect", "inspect", own_action },
    { IN_POLICY_MAP, CONFIG_OWN, CONFIG_REST, "drop", "drop", own_action },
};

const struct config_table config_zone_table = { commands, COUNT_OF(commands) };
