/* The responder's crypto map or its ACL fits nothing that was asked for, and it said so with another notify than
 * TS_UNACCEPTABLE (ASA: NO_PROPOSAL_CHOSEN with an empty list of expected policies), or only in its log. */
#include "analysis/asked.h"
#include "analysis/entries.h"
#include "analysis/kinds.h"

#define UNUSABLE                                                                                                                 \
    "complete the entry: `show run crypto map`; it needs `crypto map {map_or} {seq_or} match address ACL` (ACL: one of `show "   \
    "run access-list`), `set peer`, `set "                                                                                       \
    "ikev2 "                                                                                                                     \
    "ipsec-proposal NAME` (and one peer alone, unless it only originates), and its peer a `tunnel-group` of type ipsec-l2l "     \
    "with keys"

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
      { { TO_THIS, PLATFORM_ASA,
          "complete the entry: `crypto map {map_or} {seq_or} match address ACL` (ACL: one of `show run access-list`)" },
        { TO_THIS, PLATFORM_IOS,
          "complete the entry: `crypto map {map_or} {seq_or} ipsec-isakmp` / `match address ACL` (ACL: one of `show "
          "access-lists`)" },
        { 0 } } },
    { CODE_PROXY_NO_MATCH,
      "The crypto ACLs of the two ends do not mirror each other",
      "No crypto map entry of {here}[[ (tried: {tried})]] protects the traffic that {there} asked for[[: {from} towards "
      "{to}]][[; its crypto ACL has {has}]].",
      { { TO_THIS, PLATFORM_ASA,
          "the crypto ACL here must be the mirror image of the peer's[[: `access-list NAME extended permit {mirror_mask}"
          "{beside}]]" },
        { TO_THIS, PLATFORM_IOS,
          "the crypto ACL here must be the mirror image of the peer's[[: `ip access-list extended NAME` / `permit {mirror_wild}"
          "{beside}]]" },
        { TO_THAT, PLATFORM_UNKNOWN,
          "where the other end must stay as it is: change the crypto ACL here[[, which asks for {from} to {to}]][[: "
          "{own_edit}]]" },
        { 0 } } },
    { CODE_CRYPTO_MAP_POLICY_NOT_FOUND,
      "No crypto map entry for the peer's traffic",
      "No crypto map entry of {here} fits the traffic selectors that {there} asked for[[: {from} towards {to}]].",
      { { TO_THIS, PLATFORM_UNKNOWN,
          "the crypto ACL here must be the mirror image of the peer's[[: `access-list NAME extended permit {mirror_mask}"
          "{beside}]]" },
        { 0 } } },
    { CODE_IPSEC_REFUSED,
      "IPsec refuses what the peer asks for",
      "IPsec at {here} refused what {there} asked for[[: {tsi} towards {tsr}]]; no crypto map entry or IPsec profile there fits "
      "its traffic selectors and its proposal.",
      { { TO_THIS, PLATFORM_IOS,
          "compare selectors and transform sets: `show crypto map`, `show access-lists`, `show crypto ipsec profile`; `debug "
          "crypto ipsec` names which of the two it is" },
        { 0 } } },
    { CODE_SAME_ADDRESSES,
      "The tunnel was asked for between its own ends",
      "{there} asked {here} for a tunnel whose inner addresses are its outer ones: its crypto ACL takes the traffic between the "
      "two ends for traffic of the tunnel, or it is of the kind that only originates.",
      { { TO_THAT, PLATFORM_UNKNOWN, "take the ends' own addresses out of the crypto ACL" },
        { TO_THAT, PLATFORM_ASA, "is the entry `set connection-type originate-only`? it must be answered by one that answers" },
        { 0 } } },
    { CODE_CRYPTO_MAP_UNUSABLE,
      "A crypto map entry cannot be used",
      "{here} cannot begin the tunnel of its crypto map entry[[ {map} {seq}]] to {there}: the entry or the tunnel-group of its "
      "peer is incomplete or contradicts itself.",
      { { TO_THIS, PLATFORM_ASA, UNUSABLE }, { 0 } } },
    { CODE_LOCAL_ADDRESS_UNKNOWN,
      "No crypto map is on the address that was asked",
      "IPsec at {here} has no crypto map for its address[[ {asked_at}]], at which the request of {there} arrived: the map is on "
      "no interface, on another one, or has another local address.",
      { { TO_THIS, PLATFORM_IOS, MAP_ON_INTERFACE }, { 0 } } },
    { CODE_CRYPTO_MAP_NO_PEER,
      "No crypto map entry names the peer",
      "No crypto map entry of {here}[[ (tried: {tried})]] has {there} as its peer.",
      { { TO_THIS, PLATFORM_ASA, "`crypto map {map_or} {seq_or} set peer {peer}`" OTHER_PEER },
        { TO_THIS, PLATFORM_IOS, "`crypto map {map_or} {seq_or} ipsec-isakmp` / `set peer {peer}`" OTHER_PEER },
        { 0 } } },
};

static bool went_wrong(const struct ike_sa *sa, enum event_code code)
{
    if (code == CODE_IPSEC_REFUSED || code == CODE_SAME_ADDRESSES) /* of several entries one may fit */
        return !sa->children && !heard(sa, CODE_IPSEC_SA_CREATED).note && (sa->outcome == SA_FAILED || sa->child_refused);
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
        for (const struct fact *g = fact_members(e->facts, "peers"); g; g = g->next)
            finding_quote(d->m, d->f, e, g->line);
    }
}

/* "… seq 10", "Map Sequence Number = 10.", "sequence number 10." */
static struct text entry_number(const struct note *n)
{
    static const char *const before[] = { " seq ", "equence Number = ", "equence number " };
    struct text seq = { NULL, 0 };
    for (size_t i = 0; i < COUNT_OF(before) && !seq.len; i++)
        seq = note_word(n, NULL, before[i]);
    while (seq.len && seq.at[seq.len - 1] == '.')
        seq = text_upto(seq, seq.len - 1);
    return seq;
}

static void name_entry(struct diagnosis *d, const struct note *n)
{
    struct text map = note_word(n, "crypto_map", " map "), seq = entry_number(n);
    diagnosis_word(d, "map", map);
    diagnosis_word(d, "seq", seq);
    diagnosis_word(d, "map_or", map.len ? map : TEXT("MAP"));
    diagnosis_word(d, "seq_or", seq.len ? seq : TEXT("SEQ"));
}

static const struct advice widen[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "the crypto ACLs of the two ends must be mirror images, and NAT before the tunnel the same on both: one end sends through "
      "it what the other's ACL does not have" },
    { TO_THIS, PLATFORM_ASA,
      "`show crypto ipsec sa peer {peer}` shows the selectors (ident); either add the packet's addresses to both ACLs or take "
      "them from the end that sends" },
};
static const struct advice in_clear[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "the crypto ACL here covers this traffic and the end that sends it does not encrypt it: make the ACLs mirror images, look "
      "at NAT and routing there; a scan from outside leaves such lines, too" },
    { TO_THAT, PLATFORM_IOS,
      "why does it not encrypt: its crypto map has to be on the interface that it sends by, with the mirror image of the other "
      "end's ACL: `show crypto map`, `show access-lists`, `show ip nat translations`" },
    { TO_THAT, PLATFORM_ASA,
      "why does it not encrypt: its crypto map has to be on the interface that it sends by, with the mirror image of the other "
      "end's ACL: `show run crypto map`, `show run access-list`, `show run nat`" },
};

/* "… from 10.0.0.2 (user= 10.0.0.2) to 10.0.0.1.": of a tunnel that was up before the log. */
static void advise_widen(struct diagnosis *d, const struct note *n)
{
    struct address peer = { 0 }, own = { 0 };
    struct text to = fact_get_text(n->facts, "to");
    (void)address_read(note_word(n, NULL, ") from "), &peer);
    if (!fact_get_address(n->facts, "to", &own))
        (void)address_read(to, &own);
    diagnosis_advise_router(d, n->input < d->m->input_count ? d->m->inputs[n->input].device : 0, own, peer, widen[1].text);
    diagnosis_advise(d, &widen[0], 1);
}

/* The tunnel is up, and a packet came by it, or past it, that its selectors do not have. */
static void judge_packet(struct model *m, const struct rule *r, struct ike_sa *sa, struct heard said)
{
    bool inner = said.note->code == CODE_INNER_PACKET_OUTSIDE, by_peer = text_has(said.note->text, TEXT("INVALID_SELECTORS"));
    struct diagnosis d;
    const struct rule_set before = sa ? sa->diagnosed : (struct rule_set){ { 0 } };
    bool first = diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), inner ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                                 inner ? TEXT("inner") : TEXT("clear"));
    if (sa)
        sa->diagnosed = before; /* traffic of a tunnel that was up explains nothing of what else went wrong */
    if (!first)
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    static const char *const words[] = { "protocol", "local_proxy", "remote_proxy" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        diagnosis_word(&d, words[i], fact_get_text(said.note->facts, words[i]));
    if (!sa)
        diagnosis_word(
            &d, "here",
            device_name_or(m, said.note->input < m->input_count ? m->inputs[said.note->input].device : 0, TEXT("The router")));
    if (!sa)
        diagnosis_word(&d, "there", by_peer ? TEXT("its peer") : note_word(said.note, NULL, ") from "));
    for (const struct fact *f = said.note->facts; f; f = f->next)
        if (f->kind == FACT_ADDRESS)
            diagnosis_word(&d, f->name, address_text(f->as.address, m->run));
    if (inner)
        diagnosis_say(
            &d, "Packets come through the tunnel that its selectors do not cover",
            by_peer ? "{there} got a packet[[ from {source} to {destination}]] through the tunnel that the selectors of its SA "
                      "do not cover, and said so to {here} (INVALID_SELECTORS)."
                    : "{here} got a packet[[ from {source} to {destination}]] through the tunnel of {there} that its SA does "
                      "not cover[[, which is for {remote_proxy} to {local_proxy}]].");
    else
        diagnosis_say(&d, "Traffic that the tunnel is for came in clear",
                      "{here} got a packet[[ from {source} to {destination}]] in clear that its crypto map wants encrypted.");
    diagnosis_more(&d,
                   inner ? "Such packets are dropped; the crypto ACL of the end that sends them is wider than that of the other."
                         : "It was dropped.");
    if (!inner)
        ADVISE(&d, in_clear);
    else if (sa)
        ADVISE(&d, widen);
    else
        advise_widen(&d, said.note);
    quote_note(&d, said);
}

static void judge_packets(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_INNER_PACKET_OUTSIDE, CODE_CLEAR_TEXT_RECEIVED };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (heard(sa, codes[i]).note)
            judge_packet(m, r, sa, heard(sa, codes[i]));
}

/* Without an SA: an entry by which the router could not even begin, and packets of tunnels that were up before the log. */
static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct heard said = { n, NULL };
        struct diagnosis d;
        if (n->code == CODE_INNER_PACKET_OUTSIDE || n->code == CODE_CLEAR_TEXT_RECEIVED)
            judge_packet(m, r, NULL, said);
        if (n->code != CODE_CRYPTO_MAP_UNUSABLE ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_INITIATOR, CONFIDENCE_CERTAIN, note_word(n, "crypto_map", " map ")))
            continue;
        name_entry(&d, n);
        const uint32_t device = n->input < m->input_count ? m->inputs[n->input].device : 0;
        diagnosis_word(&d, "router", device_name_or(m, device, TEXT("The router")));
        diagnosis_say(&d, "A crypto map entry cannot be used",
                      text_has(n->text, TEXT("have a proposal"))
                          ? "{router} cannot begin a tunnel by IKEv2: its crypto map entry names no IKEv2 proposal (`set ikev2 "
                            "ipsec-proposal`)."
                          : "{router} cannot begin the tunnel of its crypto map entry[[ {map} {seq}]]: the entry or the "
                            "tunnel-group of its "
                            "peer is incomplete or contradicts itself.");
        diagnosis_advise_router(&d, device, (struct address){ 0 }, (struct address){ 0 }, UNUSABLE);
        quote_note(&d, said);
    }
}

/* ---- lists of policies without a line in them ---- */

static const struct advice empty[] = {
    { TO_THIS, PLATFORM_ASA,
      "complete the crypto map entry for {peer_name} and make its access list the mirror image of the peer's: `show run crypto "
      "map`, `show run access-list`" },
    { TO_THIS, PLATFORM_IOS,
      "complete the crypto map entry for {peer_name} and make its access list the mirror image of the peer's: `show crypto map`, "
      "`show access-lists`" },
    { TO_THAT, PLATFORM_UNKNOWN,
      "ask for what the other end's access list has: a route-based tunnel asks for everything; use policy-based selectors "
      "towards a crypto map" },
    { TO_THIS, PLATFORM_ASA,
      "to see which entry was tried: `debug crypto ikev2 protocol 127`, `debug crypto ikev2 platform 127`" },
};

/* Those of IKE_SA_INIT always have their algorithms; a router that found no entry at all has nothing to list. */
static struct heard empty_lists(struct model *m, const struct ike_sa *sa)
{
    struct heard found = { NULL, NULL };
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            bool received, expected;
            if (n->code == CODE_INIT_EXCHANGE_FAILED)
                return (struct heard){ NULL, NULL };
            if (n->code != CODE_PROPOSALS_MISMATCH)
                continue;
            if (note_policies(n, "received", m->run, &received) || note_policies(n, "expected", m->run, &expected))
                return (struct heard){ NULL, NULL };
            note_policies(n, "expected", m->run, &expected);
            if ((received || expected) && !found.note)
                found = (struct heard){ n, v };
        }
    return found;
}

static void judge_empty(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = empty_lists(m, sa);
    struct diagnosis d;
    if (!said.note || sa_up(sa) || exchange_refused(sa, EXCHANGE_IKE_SA_INIT, NOTIFY_NO_PROPOSAL_CHOSEN, NULL) ||
        !diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_LIKELY, TEXT("empty")))
        return;
    diagnosis_say(&d, "No crypto map entry fits the peer's traffic",
                  "{here} refused {there} with lists of policies that are empty: no crypto map entry fits what was asked for, so "
                  "there was nothing to compare.");
    diagnosis_more(&d, "It is traffic selectors, peer or access list of the entry, and not the algorithms.");
    ADVISE(&d, empty);
    quote_note(&d, said);
    quote_note(&d, heard(sa, CODE_POLICIES_NOT_VERIFIED));
}

/* ---- packets that do not fit the selectors of the SA that brought them: RFC 7296 section 3.10.1 ---- */

static const struct advice mirror[] = {
    { TO_BOTH, PLATFORM_IOS,
      "make the crypto ACLs of both ends mirror images of each other: `show crypto ipsec sa peer {peer}`" },
    { TO_BOTH, PLATFORM_ASA,
      "make the crypto ACLs of both ends mirror images of each other: `show crypto ipsec sa peer {peer}`" },
};

static void judge_selectors(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_INFORMATIONAL, NOTIFY_INVALID_SELECTORS, NULL);
    struct diagnosis d;
    if (!x || !x->request.message || !message_notice(x->request.message, NOTIFY_INVALID_SELECTORS))
        return;
    const struct rule_set before = sa->diagnosed;
    bool first = diagnosis_begin(&d, m, r, sa, (enum side)x->from, CONFIDENCE_CERTAIN, TEXT("selectors"));
    sa->diagnosed = before; /* of a tunnel that is up: it explains nothing else */
    if (!first)
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_say(&d, "Packets in the tunnel do not fit its selectors",
                  "{here} got packets of {there} that do not fit the traffic selectors of the Child SA in which they came, and "
                  "dropped them: INVALID_SELECTORS.");
    diagnosis_more(&d, "The tunnel itself is up; what {there} sends into it is more than both agreed on.");
    ADVISE(&d, mirror);
    quote_leg(&d, x, &x->request, "INVALID_SELECTORS");
}

/* All entries that the same lines name: "CSM_outside 1, CSM_outside 2". */
static struct text tried_entries(struct model *m, struct heard said)
{
    enum { MOST = 8 };
    struct buffer b;
    unsigned count = 0;
    buffer_init(&b, 512);
    for (const struct note *n = said.note; n && count < MOST; n = n->next) {
        struct text map = note_word(n, "crypto_map", " map "), seq = entry_number(n);
        if (n->code != said.note->code || !map.len || !seq.len)
            continue;
        struct text one = arena_format(m->run, "%.*s %.*s", TEXT_ARGS(map), TEXT_ARGS(seq));
        struct text listed = arena_format(m->run, ", %.*s,", (int)b.len, buffer_view(&b).at);
        if (b.len && text_has(listed, arena_format(m->run, ", %.*s,", TEXT_ARGS(one))))
            continue; /* of an attempt before */
        buffer_format(&b, "%s%.*s", count++ ? ", " : "", TEXT_ARGS(one));
    }
    struct text t = arena_text(m->run, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

static void judge_entries(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct reason *why = NULL;
    struct heard said = { NULL, NULL };
    if (selectors_refused(sa))
        return; /* the notify decides: that is ts-unacceptable */
    for (size_t i = 0; i < COUNT_OF(reasons) && !said.note; i++) {
        why = &reasons[i];
        said = went_wrong(sa, why->code) ? heard(sa, why->code) : said;
    }
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    if (!said.note)
        judge_empty(m, r, sa);
    if (!said.note ||
        !diagnosis_begin(&d, m, r, sa, side, said.note->code == CODE_IPSEC_REFUSED ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN,
                         text_of(why->title)))
        return;
    name_entry(&d, said.note);
    diagnosis_word(&d, "asked_at", note_word(said.note, NULL, "address "));
    diagnosis_word(&d, "tried", tried_entries(m, said));
    const struct exchange *x = exchange_refused(sa, 0, NOTIFY_NO_PROPOSAL_CHOSEN, NULL);
    const struct exchange *asked = x ? x : exchange_last(sa, EXCHANGE_IKE_AUTH);
    const struct message *q = asked ? asked->request.message : NULL;
    bool told = asked_words(&d, sa, side_other(side), q);
    diagnosis_say(&d, why->title, why->cause);
    if (told && why->code == CODE_PROXY_NO_MATCH)
        diagnosis_more(&d, "What was asked for is told by the configuration of {there}; no log prints it.");
    diagnosis_more(&d, x ? "The notify that was sent, NO_PROPOSAL_CHOSEN, is misleading: the algorithms were never compared."
                         : "The IKE SA and its authentication are not the trouble.");
    const bool of_lists = why->code == CODE_PROXY_NO_MATCH || why->code == CODE_CRYPTO_MAP_POLICY_NOT_FOUND;
    const bool other = of_lists && (kinds_tell(&d, sa) || asked_everything(&d));
    for (size_t i = 0; i < COUNT_OF(why->advice) && why->advice[i].text && !other; i++)
        diagnosis_advise(&d, &why->advice[i], 1);
    quote_all(&d, sa, why->code, 4);
    quote_note(&d, heard_after(said, CODE_PROPOSALS_MISMATCH));
    if (x)
        quote_leg(&d, x, &x->response, "NO_PROPOSAL_CHOSEN");
    uint32_t device = router_of(m, sa, side);
    struct config_path path = device ? config_path_to(m, device, address_on(sa, side_other(side)),
                                                      config_entry_of(m, sa, NULL, side))
                                     : (struct config_path){ 0 };
    if (device && why->code == CODE_CRYPTO_MAP_NO_PEER)
        quote_peers(&d, device, note_word(said.note, "crypto_map", " map "), entry_number(said.note));
    if (path.crypto_map)
        finding_quote(m, d.f, path.crypto_map, 0);
    asked_quote(&d, sa);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    judge_entries(m, r, sa);
    judge_packets(m, r, sa);
    judge_selectors(m, r, sa);
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
    .whole = judge_loose,
};
