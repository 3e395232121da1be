/* The responder's crypto map or its ACL fits nothing that was asked for, and it said so with another notify than
 * TS_UNACCEPTABLE (ASA: NO_PROPOSAL_CHOSEN with an empty list of expected policies), or only in its log. */
#include "analysis/asked.h"

struct reason {
    enum event_code code;
    const char *title, *cause;
    struct advice advice[4];
};

/* {what the router said, title, cause, advice}; the most telling first */
static const struct reason reasons[] = {
    { CODE_CRYPTO_MAP_NO_ACL,
      "A crypto map entry has no access list",
      "The crypto map entry of {here} for {there}[[, {map} {seq},]] has no access list, so it fits no traffic.",
      { { TO_THIS, PLATFORM_ASA, "complete the entry: `crypto map {map_or} {seq_or} match address ACL`" },
        { TO_THIS, PLATFORM_IOS, "complete the entry: `crypto map {map_or} {seq_or} ipsec-isakmp` / `match address ACL`" },
        { 0 } } },
    { CODE_PROXY_NO_MATCH,
      "The crypto ACLs of the two ends do not mirror each other",
      "No crypto map entry of {here}[[ (tried: {map} {seq})]] protects the traffic that {there} asked for[[: {from} towards "
      "{to}]][[; its crypto ACL has {has}]].",
      { { TO_THIS, PLATFORM_ASA,
          "the crypto ACL here must be the mirror image of the peer's[[: `access-list NAME extended permit ip {to_mask} "
          "{from_mask}`]]" },
        { TO_THIS, PLATFORM_IOS,
          "the crypto ACL here must be the mirror image of the peer's[[: `ip access-list extended NAME` / `permit ip {to_wild} "
          "{from_wild}`]]" },
        { TO_THAT, PLATFORM_UNKNOWN,
          "where the other end must stay as it is: change the crypto ACL here[[, which asks for {from} to {to}]]" },
        { 0 } } },
    { CODE_CRYPTO_MAP_POLICY_NOT_FOUND,
      "No crypto map entry for the peer's traffic",
      "No crypto map entry of {here} fits the traffic selectors that {there} asked for.",
      { { TO_THIS, PLATFORM_UNKNOWN, "the crypto ACL here must be the mirror image of the peer's" }, { 0 } } },
    { CODE_CRYPTO_MAP_NO_PEER,
      "No crypto map entry names the peer",
      "No crypto map entry of {here}[[ (tried: {map} {seq})]] has {there} as its peer.",
      { { TO_THIS, PLATFORM_ASA, "`crypto map {map_or} {seq_or} set peer {peer}`; behind NAT it is the address that arrives" },
        { TO_THIS, PLATFORM_IOS,
          "`crypto map {map_or} {seq_or} ipsec-isakmp` / `set peer {peer}`; behind NAT it is the address that arrives" },
        { 0 } } },
};

static bool went_wrong(const struct ike_sa *sa, enum event_code code)
{
    if (code == CODE_CRYPTO_MAP_POLICY_NOT_FOUND)
        return true;
    /* Each entry that does not fit leaves such a line, until one fits. */
    if (heard(sa, CODE_PROXY_MATCH).note && code != CODE_CRYPTO_MAP_NO_ACL)
        return false;
    return sa->child_refused || exchange_refused(sa, 0, NOTIFY_NO_PROPOSAL_CHOSEN, NULL) ||
           heard(sa, CODE_NO_PROPOSAL_SENT).note || heard(sa, CODE_POLICIES_NOT_VERIFIED).note || !sa_up(sa);
}

/* The `set peer` lines of the entry that the log names, or of all that the router has. */
static void quote_peers(struct diagnosis *d, uint32_t device, struct text map, struct text seq)
{
    struct text title = arena_format(d->m->run, "%.*s %.*s", TEXT_ARGS(map), TEXT_ARGS(seq));
    bool named = config_find(d->m, device, "crypto-map", title) != NULL;
    for (const struct record *e = record_next(d->m, device, "crypto-map", NULL); e;
         e = record_next(d->m, device, "crypto-map", e)) {
        if (named && !text_equal(e->title, title))
            continue;
        for (const struct fact *g = fact_children(fact_find(e->facts, "peers")); g; g = g->next)
            finding_quote(d->m, d->f, e, g->line);
    }
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct reason *why = NULL;
    struct heard said = { NULL, NULL };
    if (exchange_refused(sa, 0, NOTIFY_TS_UNACCEPTABLE, NULL) || heard(sa, CODE_TS_REFUSED).note)
        return; /* the notify decides: that is ts-unacceptable */
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0] && !said.note; i++) {
        why = &reasons[i];
        said = went_wrong(sa, why->code) ? heard(sa, why->code) : said;
    }
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, text_of(why->title)))
        return;
    struct text map = note_word(said.note, "crypto_map", " map "), seq = note_word(said.note, NULL, " seq ");
    diagnosis_word(&d, "map", map);
    diagnosis_word(&d, "seq", seq);
    diagnosis_word(&d, "map_or", map.len ? map : TEXT("MAP"));
    diagnosis_word(&d, "seq_or", seq.len ? seq : TEXT("SEQ"));
    const struct exchange *x = exchange_refused(sa, 0, NOTIFY_NO_PROPOSAL_CHOSEN, NULL);
    const struct exchange *asked = x ? x : exchange_last(sa, EXCHANGE_IKE_AUTH);
    const struct message *q = asked ? asked->request.message : NULL;
    bool told = asked_words(&d, sa, side_other(side), q);
    diagnosis_say(&d, why->title, why->cause);
    if (told && why->code == CODE_PROXY_NO_MATCH)
        diagnosis_more(&d, "What was asked for is told by the configuration of {there}; no log prints it.");
    diagnosis_more(&d, x ? "The notify that was sent, NO_PROPOSAL_CHOSEN, is misleading: the algorithms were never compared."
                         : "The IKE SA and its authentication are not the trouble.");
    for (size_t i = 0; i < sizeof why->advice / sizeof why->advice[0] && why->advice[i].text; i++)
        diagnosis_advise(&d, &why->advice[i], 1);
    quote_note(&d, said);
    quote_note(&d, heard_after(said, CODE_PROPOSALS_MISMATCH));
    if (x)
        quote_leg(&d, x, &x->response, "NO_PROPOSAL_CHOSEN");
    uint32_t device = router_of(m, sa, side);
    struct config_path path = device ? config_path_to(m, device, address_on(sa, side_other(side))) : (struct config_path){ 0 };
    if (device && why->code == CODE_CRYPTO_MAP_NO_PEER)
        quote_peers(&d, device, map, seq);
    if (path.crypto_map)
        finding_quote(m, d.f, path.crypto_map, 0);
    asked_quote(&d, sa);
}

const struct rule rule_acl_or_crypto_map_mismatch = {
    .id = "acl-or-crypto-map-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "No crypto map entry fits",
    .meaning = "The end that was asked for a Child SA found no crypto map entry that fits: an entry without an access list, "
               "without this peer, or with an access list that is not "
               "the mirror image of the other end's. ASA answers with NO_PROPOSAL_CHOSEN, although algorithms have nothing to do "
               "with it.",
    .advice = "Complete the crypto map entry (`match address`, `set peer`) and make the access lists mirror images.",
    .sa = judge,
};
