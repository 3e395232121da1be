#include "analysis/reach.h"

#include "analysis/evidence.h"

static bool is_up(const struct fact *interface)
{
    return text_equal(fact_get_text(interface, "status"), TEXT("up")) &&
           text_equal(fact_get_text(interface, "protocol"), TEXT("up"));
}

static bool is_shut(const struct fact *interface)
{
    return text_starts(fact_get_text(interface, "status"), TEXT("admin"));
}

/* A tunnel interface with protection is down for as long as its IKE SA is: that is no cause. */
static bool is_tunnel(const struct fact *interface)
{
    return text_starts_nocase(fact_get_text(interface, "interface"), TEXT("tu"));
}

/* "Tu0" is Tunnel0, "Gi0/0/1" GigabitEthernet0/0/1: letters may be left out, digits may not. */
static bool name_fits(struct text shown, struct text asked)
{
    size_t a = 0, b = 0;
    while (a < shown.len && (shown.at[a] < '0' || shown.at[a] > '9'))
        a++;
    while (b < asked.len && (asked.at[b] < '0' || asked.at[b] > '9'))
        b++;
    return a && b && text_equal(text_from(shown, a), text_from(asked, b)) &&
           (text_starts_nocase(text_upto(shown, a), text_upto(asked, b)) ||
            text_starts_nocase(text_upto(asked, b), text_upto(shown, a)));
}

struct reach reach_down(const struct model *m, uint32_t device, struct text name, struct address own)
{
    static const char list[] = "show ip interface brief";
    for (const struct record *r = record_next(m, device, list, NULL); r; r = record_next(m, device, list, r))
        for (const struct fact *g = fact_members(r->facts, "interfaces"); g; g = g->next) {
            const struct fact *f = fact_children(g);
            struct address a;
            bool meant = name.len     ? name_fits(fact_get_text(f, "interface"), name)
                         : own.family ? fact_get_address(f, "address", &a) && address_equal(a, own)
                                      : is_tunnel(f);
            if (meant && (is_tunnel(f) ? is_shut(f) : !is_up(f)))
                return (struct reach){ r, g };
        }
    return (struct reach){ NULL, NULL };
}

struct reach reach_pinged(const struct model *m, uint32_t device, struct address peer)
{
    struct reach last = { NULL, NULL };
    for (const struct record *r = record_next(m, device, "ping", NULL); r; r = record_next(m, device, "ping", r))
        for (const struct fact *g = fact_members(r->facts, "pings"); g; g = g->next) {
            struct address to;
            if (fact_get_address(fact_children(g), "destination", &to) && address_equal(to, peer) &&
                fact_find(fact_children(g), "received"))
                last = (struct reach){ r, g };
        }
    return last;
}

struct reach reach_refused(const struct model *m, uint32_t device, bool esp)
{
    static const char list[] = "show access-lists";
    for (const struct record *r = record_next(m, device, list, NULL); r; r = record_next(m, device, list, r))
        for (const struct fact *g = fact_members(r->facts, "refused"); g; g = g->next)
            if (text_equal(fact_get_text(fact_children(g), "what"), TEXT("ESP")) == esp)
                return (struct reach){ r, g };
    return (struct reach){ NULL, NULL };
}

void reach_tell_down(struct diagnosis *d, uint32_t device, struct address own, struct address peer, struct reach down)
{
    const struct fact *f = fact_children(down.said);
    struct text status = fact_get_text(f, "status"), protocol = fact_get_text(f, "protocol");
    diagnosis_word(d, "down", fact_get_text(f, "interface"));
    diagnosis_word(d, "status",
                   is_shut(f) ? status : arena_format(d->m->run, "%.*s/%.*s", TEXT_ARGS(status), TEXT_ARGS(protocol)));
    diagnosis_more(d, "Its interface {down} is {status}: nothing goes out of it or comes in.");
    diagnosis_advise_router(d, device, own, peer,
                            is_shut(f)
                                ? "`interface {down}` / `no shutdown`"
                                : "why is it down: `show interfaces {down}`, the cable, the other side of it, the provider");
    finding_quote(d->m, d->f, down.record, down.said->line);
}

void reach_tell_ping(struct diagnosis *d, struct reach ping)
{
    const struct fact *f = fact_children(ping.said);
    uint64_t received = 0, sent = 0;
    struct address to = { 0 };
    (void)fact_get_number(f, "received", &received);
    (void)fact_get_number(f, "sent", &sent);
    (void)fact_get_address(f, "destination", &to);
    diagnosis_word(d, "pinged", address_text(to, d->m->run));
    diagnosis_wordf(d, "echoes", "%llu of %llu", (unsigned long long)received, (unsigned long long)sent);
    diagnosis_more(
        d, received ? "A ping from there to {pinged} was answered ({echoes}): the path is there, and it is UDP 500 and 4500, "
                      "or the peer's IKE, that is not."
                    : "A ping from there to {pinged} was not answered ({echoes}): the path, or the peer itself, comes "
                      "first, unless it answers no pings at all.");
    finding_quote(d->m, d->f, ping.record, fact_find(f, "received") ? fact_find(f, "received")->line : ping.said->line);
}

void reach_tell_refused(struct diagnosis *d, uint32_t device, struct address own, struct address peer, struct reach refused)
{
    const struct fact *f = fact_children(refused.said);
    uint64_t matches = 0;
    (void)fact_get_number(f, "matches", &matches);
    diagnosis_word(d, "router", device_name_or(d->m, device, TEXT("the router")));
    diagnosis_word(d, "list", fact_get_text(f, "list"));
    diagnosis_word(d, "what", fact_get_text(f, "what"));
    diagnosis_count(d, "refused", matches, "packet", "packets");
    diagnosis_more(d, "The access list {list} of {router} has refused {refused} of {what}.");
    const bool asa = text_starts(text_trim(record_line(refused.record, refused.said->line)), TEXT("access-list "));
    diagnosis_advise_router(d, device, own, peer,
                            asa ? "let it pass, in front of all other entries: `access-list {list} line 1 extended permit udp "
                                  "host {peer} any eq isakmp` / "
                                  "`access-list {list} line 1 extended permit udp host {peer} any eq 4500` / `access-list {list} "
                                  "line 1 extended permit "
                                  "esp host {peer} any`"
                                : "let it pass, in front of all other entries: `ip access-list extended {list}` / `1 permit udp "
                                  "host {peer} any eq isakmp` "
                                  "/ `2 permit udp host {peer} any eq non500-isakmp` / `3 permit esp host {peer} any`");
    finding_quote(d->m, d->f, refused.record, refused.said->line);
}
