/* Static NAT that gives what comes to a router's own address to a host inside. */
#include "analysis/nat.h"

#include "model/access.h"
#include "model/iana.h"

static bool has_word(const struct nat_words *r, const char *word)
{
    return nat_place_of(r, word) < r->count;
}

static bool is_own(struct text word, const struct address own[], size_t count)
{
    struct address a;
    for (size_t i = 0; address_read(word, &a) && i < count; i++)
        if (address_equal(a, own[i]))
            return true;
    return false;
}

static enum inward of_port(struct text word)
{
    uint32_t port;
    if (!access_port(word, &port))
        return INWARD_NOTHING;
    return port == PORT_IKE ? INWARD_IKE : port == PORT_NATT ? INWARD_NATT : INWARD_NOTHING;
}

/* IOS: "inside source static [tcp|udp|esp] HOST [PORT] interface I|ADDRESS [PORT]"; one with a route map is for what that says. */
static enum inward ios_sends(const struct nat_words *r, const struct record *carrier, const struct address own[], size_t count,
                             struct text *host)
{
    enum { FIRST = 3 }; /* behind "inside source static" */
    struct address a;
    if (r->count < FIRST + 2 || !text_equal(r->at[2], TEXT("static")) || has_word(r, "route-map"))
        return INWARD_NOTHING;
    const bool whole = address_read(r->at[FIRST], &a), udp = text_equal(r->at[FIRST], TEXT("udp")),
               esp = text_equal(r->at[FIRST], TEXT("esp"));
    size_t at = FIRST + (whole ? 0 : 1);
    *host = r->at[at++];
    at += udp; /* its port there */
    if (!(whole || udp || esp) || at >= r->count)
        return INWARD_NOTHING;
    const bool named = text_equal(r->at[at], TEXT("interface"));
    at += named;
    if (at >= r->count || !(named ? text_equal(r->at[at], carrier->title) : is_own(r->at[at], own, count)))
        return INWARD_NOTHING;
    return whole ? INWARD_ALL : esp ? INWARD_ESP : at + 1 < r->count ? of_port(r->at[at + 1]) : INWARD_NOTHING;
}

/* ASA: of an object, "(inside,outside) static interface|ADDRESS [service udp REAL MAPPED]". */
static enum inward object_sends(const struct nat_words *r, struct text nameif, const struct address own[], size_t count)
{
    const size_t comma = r->count > 2 ? text_find_byte(r->at[0], ',') : TEXT_NOWHERE;
    struct text to = comma == TEXT_NOWHERE ? TEXT("") : text_from(r->at[0], comma + 1);
    if (!text_equal(text_upto(to, text_find_byte(to, ')')), nameif) || !text_equal(r->at[1], TEXT("static")) ||
        !(text_equal(r->at[2], TEXT("interface")) || is_own(r->at[2], own, count)))
        return INWARD_NOTHING;
    if (!has_word(r, "service"))
        return INWARD_ALL;
    return has_word(r, "udp") ? of_port(r->at[r->count - 1]) : INWARD_NOTHING;
}

static bool of_ios(const struct model *m, uint32_t device, const struct record *carrier, const struct address own[], size_t count,
                   struct nat_inward *taken)
{
    const struct fact *outside = fact_find(carrier->facts, "nat_outside");
    for (const struct record *r = outside ? record_next(m, device, "nat", NULL) : NULL; r; r = record_next(m, device, "nat", r)) {
        const struct nat_words words = nat_words_of(fact_get_text(r->facts, "rule"));
        taken->what = ios_sends(&words, carrier, own, count, &taken->host);
        taken->rule = r;
        taken->line = r->first_line;
        if (taken->what)
            return true;
    }
    return false;
}

bool nat_sends_inward(const struct model *m, uint32_t device, const struct record *carrier, const struct address own[],
                      size_t count, struct nat_inward *taken)
{
    const struct text nameif = fact_get_text(carrier->facts, "nameif");
    if (!nameif.len)
        return of_ios(m, device, carrier, own, count, taken);
    for (const struct record *r = record_next(m, device, "object", NULL); r; r = record_next(m, device, "object", r)) {
        const struct fact *nat = fact_find(r->facts, "nat"), *start = fact_find(r->facts, "start");
        const struct nat_words words = nat_words_of(fact_get_text(r->facts, "nat"));
        taken->what = nat ? object_sends(&words, nameif, own, count) : INWARD_NOTHING;
        if (!taken->what)
            continue;
        taken->rule = r;
        taken->line = nat->line;
        taken->host = start && start->kind == FACT_ADDRESS ? address_text(start->as.address, m->run) : r->title;
        return true;
    }
    return false;
}
