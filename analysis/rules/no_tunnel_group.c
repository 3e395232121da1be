/* ASA: no tunnel-group of the peer's address or identity. */
#include "analysis/certificate_map.h"
#include "analysis/evidence.h"
#include "analysis/quote.h"
#include "analysis/stray_groups.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "`tunnel-group {group} type ipsec-l2l`, `tunnel-group {group} ipsec-attributes` / `ikev2 local-authentication "
      "pre-shared-key KEY` / `ikev2 remote-authentication pre-shared-key KEY`; the name is the peer's address as it arrives here "
      "(after NAT)" },
};

static const struct advice by_certificate[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "lead that certificate to a tunnel-group: `crypto ca certificate map MAP 10` / `subject-name co {part}`, then "
      "`tunnel-group-map MAP 10 GROUP`, with `tunnel-group-map enable rules`; or by its OU: `tunnel-group-map enable ou`" },
};

/* What an ASA looked for is the name of a certificate. */
static struct heard certificate_sought(const struct ike_sa *sa)
{
    struct heard said = { NULL, NULL };
    for (said = sa ? heard(sa, CODE_TUNNEL_GROUP_SEARCH) : said; said.note; said = heard_after(said, CODE_TUNNEL_GROUP_SEARCH))
        if (text_find_byte(note_word(said.note, "peer", NULL), '=') != TEXT_NOWHERE)
            return said;
    return said;
}

/* The peer shows a certificate, and what leads from it to a tunnel-group leads nowhere. */
static bool tell_certificate(struct diagnosis *d, struct heard said)
{
    const struct heard map = loose_among(d->m, d->sa, CODE_CERT_MAP_NO_GROUP), sought = certificate_sought(d->sa);
    if (!map.note && !sought.note && !text_has(said.note->text, TEXT("certificate")))
        return false;
    diagnosis_word(d, "subject",
                   text_trim(map.note      ? note_word(map.note, "subject", NULL)
                             : sought.note ? note_word(sought.note, "peer", NULL)
                                           : TEXT("")));
    diagnosis_word(d, "part", certificate_name_part(diagnosis_word_of(d, "subject", TEXT(""))));
    diagnosis_say(
        d, "No tunnel-group for the peer's certificate",
        map.note
            ? "{here} has no tunnel-group for {there}: its certificate maps lead the peer's certificate[[ ({subject})]] to none, "
              "and none has its name."
            : "{here} has no tunnel-group for {there}: no certificate map (`tunnel-group-map`) and no OU leads the peer's "
              "certificate[[ ({subject})]] to one.");
    diagnosis_more(d, "The certificate itself is not the trouble.");
    ADVISE(d, by_certificate);
    quote_note(d, map);
    quote_note(d, said);
    quote_note(d, sought);
    return true;
}

static void tell(struct diagnosis *d, struct heard said, uint32_t device)
{
    struct text peer = note_word(said.note, "peer", "peer ");
    if (!peer.len && d->sa)
        peer = address_text(d->side ? address_on(d->sa, side_other(d->side)) : d->sa->views->remote.address, d->m->run);
    diagnosis_word(d, "group", peer.len ? peer : TEXT("PEER-ADDRESS"));
    struct text name = d->sa ? (struct text){ NULL, 0 } : device_name(d->m, device);
    struct address address = { 0 };
    (void)address_read(peer, &address);
    if (name.len)
        diagnosis_wordf(d, "here", "the router %.*s", TEXT_ARGS(name));
    diagnosis_say(d, NULL, "{here} has no tunnel-group named {group}, so it cannot authenticate this peer.");
    if (name.len)
        diagnosis_advise_router(d, device, (struct address){ 0 }, address, common[0].text);
    else
        ADVISE(d, common);
    quote_note(d, said);
    if (stray_groups_tell(d, device, diagnosis_word_of(d, "group", peer)) || !device || !config_supplied(d->m, device))
        return;
    for (const struct record *g = NULL; (g = record_next(d->m, device, "tunnel-group", g)) != NULL;)
        finding_quote(d->m, d->f, g, 0);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_TUNNEL_GROUP_NOT_FOUND);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    struct diagnosis d;
    if (said.note && !sa_up(sa) && diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        if (!tell_certificate(&d, said))
            tell(&d, said, router_of(m, sa, side));
}

/* Without an SA nothing was received: it is the end that wanted to begin. */
static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code == CODE_TUNNEL_GROUP_NOT_FOUND &&
            diagnosis_begin(&d, m, r, NULL, SIDE_INITIATOR, CONFIDENCE_CERTAIN, note_word(n, "peer", "peer ")))
            tell(&d, (struct heard){ n, NULL }, router_of_input(m, n->input));
    }
}

const struct rule rule_no_tunnel_group = {
    .id = "no-tunnel-group",
    .severity = SEVERITY_ERROR,
    .rank = 8,
    .title = "No tunnel-group for the peer",
    .meaning = "An ASA keeps a peer's keys in a tunnel-group named after its address or identity. There is none for this peer.",
    .advice = "Create it, or correct the peer's address; behind NAT it is the address that arrives.",
    .sa = judge,
    .whole = judge_loose,
};
