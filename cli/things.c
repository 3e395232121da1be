#include "cli/things.h"

#include <stdio.h>
#include <string.h>

#include "analysis/rule.h"
#include "base/limits.h"
#include "decoder/ciphers.h"
#include "decoder/keyfile.h"
#include "decoder/link.h"
#include "decoder/payload.h"
#include "model/model.h"
#include "parser/dialect.h"
#include "parser/section.h"
#include "reporters/check_format.h"
#include "reporters/glossary.h"
#include "reporters/reporter.h"

static void list_dialects(struct sink *out)
{
    for (size_t i = 0; i < dialect_count; i++)
        sink_format(out, "%-16s %4zu texts  %s\n", dialects[i]->name, dialects[i]->phrase_count, dialects[i]->title);
}

static void list_sections(struct sink *out)
{
    for (size_t i = 0; i < section_reader_count; i++)
        sink_format(out, "%-8s %s\n", input_kind_name(section_readers[i]->kind), section_readers[i]->name);
}

static void list_payloads(struct sink *out)
{
    for (size_t i = 0; i < payload_decoder_count; i++)
        for (size_t t = 0; t < 3 && payload_decoders[i]->types[t]; t++)
            sink_format(out, "%3u  %s\n", payload_decoders[i]->types[t], payload_notation(payload_decoders[i]->types[t]));
}

static void list_links(struct sink *out)
{
    for (size_t i = 0; i < link_decoder_count; i++) {
        sink_format(out, "%-14s LINKTYPE", link_decoders[i]->name);
        for (size_t t = 0; t < 4 && (t == 0 || link_decoders[i]->types[t]); t++)
            sink_format(out, " %u", link_decoders[i]->types[t]);
        sink_byte(out, '\n');
    }
}

static void list_ciphers(struct sink *out)
{
    size_t count;
    const struct encryption *e = encryption_rows(&count);
    for (size_t i = 0; i < count; i++)
        sink_format(out, "ENCR  %3u  %-28s %s\n", e[i].id, registry_name(REGISTRY_ENCR, e[i].id),
                    e[i].refused ? e[i].refused : "");
    const struct integrity *g = integrity_rows(&count);
    for (size_t i = 0; i < count; i++)
        sink_format(out, "INTEG %3u  %-28s %s\n", g[i].id, registry_name(REGISTRY_INTEG, g[i].id),
                    g[i].refused ? g[i].refused : "");
    const struct prf *p = prf_rows(&count);
    for (size_t i = 0; i < count; i++)
        sink_format(out, "PRF   %3u  %-28s %s\n", p[i].id, registry_name(REGISTRY_PRF, p[i].id),
                    p[i].refused ? p[i].refused : "");
}

static void list_key_formats(struct sink *out)
{
    for (size_t i = 0; i < keyfile_reader_count; i++)
        sink_format(out, "%-16s %s\n", keyfile_readers[i]->name, keyfile_readers[i]->summary);
}

static void list_findings(struct sink *out)
{
    for (size_t i = 0; i < rule_count; i++)
        sink_format(out, "%-28s %-8s %s\n", rules[i]->id, severity_name(rules[i]->severity), rules[i]->title);
}

static void list_limits(struct sink *out)
{
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        sink_format(out, "%-16s %9llu%c %s; %s\n", limit_rows[i].name, (unsigned long long)limit_rows[i].value,
                    limit_rows[i].flags & LIMIT_LOWERS ? '*' : ' ', limit_rows[i].bounds, limit_rows[i].beyond);
    sink_string(out, "* --limit NAME=N lowers it\n");
}

static void list_formats(struct sink *out)
{
    for (size_t i = 0; i < reporter_count; i++)
        sink_format(out, "%-16s %s\n", reporters[i]->name, reporters[i]->summary);
}

static void list_check_formats(struct sink *out)
{
    for (size_t i = 0; i < check_format_count; i++)
        sink_format(out, "%-16s %s\n", check_formats[i]->name, check_formats[i]->summary);
}

static void list_kinds(struct sink *out)
{
    for (int k = INPUT_UNKNOWN + 1; k < INPUT_KIND_COUNT; k++)
        sink_format(out, "%s\n", input_kind_name((enum input_kind)k));
}

static void list_glossary(struct sink *out, enum glossary_kind kind)
{
    for (size_t i = 0; i < glossary_count; i++)
        if (glossary_rows[i].kind == kind)
            sink_format(out, "%-28s %s\n", glossary_rows[i].name, glossary_rows[i].means);
}

static void list_states(struct sink *out)
{
    list_glossary(out, GLOSSARY_STATE);
}

static void list_events(struct sink *out)
{
    list_glossary(out, GLOSSARY_EVENT);
}

static void list_registry(struct sink *out, enum registry r)
{
    size_t count;
    const struct registry_row *rows = registry_rows(r, &count);
    for (size_t i = 0; i < count; i++)
        sink_format(out, "%5u  %-36s %s\n", rows[i].number, rows[i].name, rows[i].reference);
}

/* { name, list }; a registry of model/iana has no function, and its row's number. */
static const struct {
    const char *name;
    void (*list)(struct sink *out);
    enum registry registry;
} things[] = {
    { "dialects", list_dialects, REGISTRY_NONE },
    { "sections", list_sections, REGISTRY_NONE },
    { "kinds", list_kinds, REGISTRY_NONE },
    { "states", list_states, REGISTRY_NONE },
    { "events", list_events, REGISTRY_NONE },
    { "payloads", list_payloads, REGISTRY_NONE },
    { "links", list_links, REGISTRY_NONE },
    { "ciphers", list_ciphers, REGISTRY_NONE },
    { "key-formats", list_key_formats, REGISTRY_NONE },
    { "findings", list_findings, REGISTRY_NONE },
    { "rules", list_findings, REGISTRY_NONE },
    { "formats", list_formats, REGISTRY_NONE },
    { "check-formats", list_check_formats, REGISTRY_NONE },
    { "limits", list_limits, REGISTRY_NONE },
    { "exchanges", NULL, REGISTRY_EXCHANGE },
    { "notifies", NULL, REGISTRY_NOTIFY },
    { "transforms", NULL, REGISTRY_TRANSFORM },
    { "encryption", NULL, REGISTRY_ENCR },
    { "integrity", NULL, REGISTRY_INTEG },
    { "prf", NULL, REGISTRY_PRF },
    { "groups", NULL, REGISTRY_KE },
    { "identities", NULL, REGISTRY_ID },
    { "auth-methods", NULL, REGISTRY_AUTH },
    { "attributes", NULL, REGISTRY_CFGATTR },
    { "certificates", NULL, REGISTRY_CERT },
    { "selectors", NULL, REGISTRY_TS },
    { "eap", NULL, REGISTRY_EAP },
};
enum { THINGS = COUNT_OF(things) };

const char *const thing_names[] = {
    "dialects",     "sections",    "kinds",        "states",    "events",  "payloads",      "links",
    "ciphers",      "key-formats", "findings",     "rules",     "formats", "check-formats", "exchanges",
    "notifies",     "transforms",  "encryption",   "integrity", "prf",     "groups",        "identities",
    "auth-methods", "attributes",  "certificates", "selectors", "eap",     "limits",        NULL,
};

void things_overview(struct sink *out)
{
    sink_string(out, "usage: ikescope list THING, where THING is one of:\n");
    for (size_t i = 0; i < THINGS; i++)
        sink_format(out, "  %s%s%s\n", things[i].name, things[i].registry ? ": " : "",
                    things[i].registry ? registry_heading(things[i].registry) : "");
}

bool things_list(const char *thing, struct sink *out)
{
    for (size_t i = 0; i < THINGS; i++) {
        if (strcmp(things[i].name, thing) != 0)
            continue;
        if (things[i].list)
            things[i].list(out);
        else
            list_registry(out, things[i].registry);
        return true;
    }
    return false;
}
