/* ESP for an SA that the receiver does not have. RFC 4301 section 5.2; RFC 7296 section 1.5. */
#include "analysis/quote.h"
#include "base/map.h"

static const struct advice common[] = {
    { TO_THAT, PLATFORM_IOS,
      "this end still uses an SA that the other has lost: `clear crypto ikev2 sa remote {peer}`, and `dpd 10 2 periodic` in the "
      "profile so that it notices" },
    { TO_THAT, PLATFORM_ASA,
      "this end still uses an SA that the other has lost: `clear crypto ipsec sa peer {peer}`, and `isakmp keepalive threshold "
      "10 retry 2` in the tunnel-group" },
    { TO_THIS, PLATFORM_IOS, "`crypto isakmp invalid-spi-recovery` lets this router tell its peer" },
};

/* Where there is IKEv1 alone: its own way to notice, and a command that knows no IKE. */
static const struct advice version_1[] = {
    { TO_THAT, PLATFORM_IOS,
      "this end still uses an SA that the other has lost: `clear crypto sa peer {peer}`, and `crypto isakmp keepalive 10 2 "
      "periodic` so that it notices" },
    { TO_THAT, PLATFORM_ASA,
      "this end still uses an SA that the other has lost: `clear crypto ipsec sa peer {peer}`, and `isakmp keepalive threshold "
      "10 retry 2` in the tunnel-group" },
    { TO_THIS, PLATFORM_IOS, "`crypto isakmp invalid-spi-recovery` lets this router tell its peer" },
};

static struct text source_of(const struct note *n)
{
    return note_word(n, "source", text_has(n->text, TEXT("srcaddr=")) ? "srcaddr=" : " from ");
}

static struct text destination_of(const struct note *n)
{
    return note_word(n, "destination", text_has(n->text, TEXT("destaddr=")) ? "destaddr=" : " to ");
}

/* Sender and receiver, of no IKE SA that could tell who initiated. */
static void name_ends(struct diagnosis *d, const struct note *n)
{
    const struct input *in = model_input(d->m, n->input);
    d->f->here.device = in->device;
    for (const struct part *p = in->parts; p; p = p->next)
        if (p->first_line <= n->line && n->line <= p->last_line && p->device)
            d->f->here.device = p->device;
    address_read(destination_of(n), &d->f->here.endpoint.address);
    address_read(source_of(n), &d->f->peer.endpoint.address);
}

static const struct advice deleted_there[] = {
    { TO_THAT, PLATFORM_UNKNOWN,
      "again and again, it deletes SAs that the other end still has: compare both ends' lifetimes in seconds and kilobytes and "
      "their idle timers (`show crypto ipsec sa`: remaining key lifetime), and look at its log at these times" },
    { TO_THIS, PLATFORM_ASA,
      "where the volume limit ends SAs early: `crypto ipsec security-association lifetime kilobytes unlimited`" },
};

/* The log of the sender: its peer told that it has no such SA. */
static void judge_told(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard told = heard(sa, CODE_PEER_LACKS_SPI);
    struct diagnosis d;
    if (!told.note || heard(sa, CODE_IPSEC_INVALID_SPI).note ||
        !diagnosis_begin(&d, m, r, sa, speaker_of(told, SIDE_RESPONDER), CONFIDENCE_CERTAIN, TEXT("told")))
        return;
    diagnosis_say(&d, "The peer has lost an SA that is still used",
                  "{there} told {here} that ESP came with an SPI of which it has no SA (INVALID_SPI): {here} has deleted that SA "
                  "and has to make a new one, and what was sent in between is lost.");
    ADVISE(&d, deleted_there);
    quote_all(&d, sa, CODE_PEER_LACKS_SPI, 4);
}

enum {
    UNDER_WAY_S = 30,  /* IOS keeps what a rekey replaced for about as long */
    ONE_EXCHANGE = 60, /* lines that a debug has of it */
    APART_S = 1,       /* what clocks that are aligned may still be apart */
};

/* How long before it was said the Child SA was made; TIME_UNKNOWN: not known. */
static int64_t age_of(const struct model *m, const struct child_sa *c, const struct note *n)
{
    const bool same = c->input == n->input;
    const int64_t made = same ? c->ns : model_time(m, c->input, c->ns),
                  said = same ? n->ns : model_time_at(m, n->input, n->line, n->ns);
    if (made == TIME_UNKNOWN || said == TIME_UNKNOWN)
        return TIME_UNKNOWN;
    return !same && said < made && made - said <= APART_S * NS_PER_S ? 0 : said - made;
}

/* In a log without times: was it said among the lines that tell how a Child SA was made beside others? */
static bool among_its_lines(const struct model *m, const struct ike_sa *sa, const struct child_sa *c, const struct note *n)
{
    const bool another = c->rekeys || c->sibling || c != sa->children || !sa->start_seen;
    return another && !c->initial && n->ns == TIME_UNKNOWN && c->ns == TIME_UNKNOWN && c->place && c->input == n->input &&
           c->place < n->line && model_lines_between(m, n->input, c->place, n->line) <= ONE_EXCHANGE;
}

/* Had a Child SA been rekeyed a moment before? Its peer may not have changed over yet. */
static bool behind_rekey(const struct model *m, const struct ike_sa *sa, const struct note *n)
{
    for (const struct ike_sa *of = sa; of; of = of->rekeys)
        for (const struct child_sa *c = of->children; c; c = c->sibling) {
            if (among_its_lines(m, of, c, n))
                return true;
            const int64_t age = c->rekeys ? age_of(m, c, n) : TIME_UNKNOWN;
            if (age != TIME_UNKNOWN && age >= 0 && age <= UNDER_WAY_S * NS_PER_S)
                return true;
        }
    return false;
}

/* It is said, and each time behind a rekey. */
static bool all_behind_rekeys(const struct model *m, const struct ike_sa *sa)
{
    bool said = false;
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            if (n->code != CODE_IPSEC_INVALID_SPI)
                continue;
            said = true;
            if (!behind_rekey(m, sa, n))
                return false;
        }
    return said;
}

static const struct advice where_it_goes_on[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "nothing, unless it goes on: then compare the SPIs that both ends have (`show crypto ipsec sa`, inbound here with outbound "
      "there)" },
};

/* What was under way when a rekey changed the SPIs. */
static void judge_under_way(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, speaker_of(heard(sa, CODE_IPSEC_INVALID_SPI), SIDE_RESPONDER), CONFIDENCE_LIKELY,
                         TEXT("under way")))
        return;
    diagnosis_severity(&d, SEVERITY_NOTE);
    diagnosis_say(&d, "ESP of an SA that a rekey had just replaced",
                  "{here} received ESP from {there} with an SPI of which it has no SA, right behind the rekey of a Child SA: the "
                  "other end had not changed over yet. For a moment that is normal, and only what was under way is lost.");
    ADVISE(&d, where_it_goes_on);
    quote_all(&d, sa, CODE_IPSEC_INVALID_SPI, 4);
}

static void judge_sa(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_IPSEC_INVALID_SPI);
    judge_told(m, r, sa);
    if (all_behind_rekeys(m, sa)) {
        judge_under_way(m, r, sa);
        return;
    }
    const struct exchange *x = exchange_refused(sa, EXCHANGE_INFORMATIONAL, NOTIFY_INVALID_SPI, NULL);
    enum side side = said.note ? speaker_of(said, SIDE_RESPONDER) : x && x->from ? (enum side)x->from : SIDE_RESPONDER;
    struct diagnosis d;
    if ((!said.note && !x) || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    struct text source = said.note ? source_of(said.note) : (struct text){ NULL, 0 };
    if (source.len && !sides_told(sa) && !text_has(diagnosis_word_of(&d, "there", source), source)) /* nothing else names it */
        diagnosis_word(&d, "source", source);
    diagnosis_say(
        &d, NULL,
        "{here} receives ESP from {there}[[, {source},]] with an SPI of which it has no SA: it deleted or never made it, and "
        "the other end did not notice.");
    ADVISE(&d, common);
    quote_all(&d, sa, CODE_IPSEC_INVALID_SPI, 4);
    if (x)
        quote_leg(&d, x, &x->request, "INVALID_SPI");
}

/* Was each of its exchanges that may have made a Child SA captured whole, and opened? */
static bool children_known(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct leg *legs[] = { &x->request, &x->response };
        for (int i = 0; i < 2; i++) {
            const struct message *msg = legs[i]->message;
            const bool sealed = msg && (msg->decryption == DECRYPTION_NO_KEY || msg->decryption == DECRYPTION_ICV_FAILED);
            if ((x->type == EXCHANGE_IKE_AUTH || x->type == EXCHANGE_CREATE_CHILD_SA) && (!legs[i]->copies || sealed))
                return false;
        }
    }
    return !sa->dropped_sealed;
}

/* Two peers, whichever of them began. */
struct pair {
    struct address low, high;
    bool whole; /* all their SAs were seen being made, and all opened */
};

static struct bytes pair_key(struct pair *p, struct address a, struct address b)
{
    bool swap = memcmp(&a, &b, sizeof a) > 0;
    p->low = swap ? b : a;
    p->high = swap ? a : b;
    return bytes_over(&p->low, 2 * sizeof p->low);
}

static void find_pairs(const struct model *m, struct map *pairs, struct arena *arena)
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        struct address i = sa->initiator.endpoint.address, r = sa->responder.endpoint.address;
        struct pair asked;
        if (!i.family || !r.family)
            continue;
        struct pair *p = map_find(pairs, pair_key(&asked, i, r));
        if (!p) {
            p = arena_new(arena, struct pair);
            p->whole = true;
            map_put(pairs, pair_key(p, i, r), p);
        }
        p->whole &= sa->start_seen && sa->keys != KEYS_NONE && sa->established && children_known(sa);
    }
}

/* A flow between two peers whose SAs were all seen being made, and all opened, that belongs to none of them. */
static bool stray(const struct map *pairs, const struct flow *f)
{
    struct pair asked;
    const struct pair *p = map_find(pairs, pair_key(&asked, f->source.address, f->destination.address));
    return p && p->whole;
}

/* The senders of which it was said of an SA, too. */
static void find_told(const struct model *m, struct map *told)
{
    for (struct ike_sa *sa = m->loose ? m->ike_sas : NULL; sa; sa = sa->next)
        for (struct view *v = diagnosed(sa, "esp-unknown-spi") ? sa->views : NULL; v; v = v->next)
            if (v->remote.address.family)
                map_put(told, bytes_over(&v->remote.address, sizeof v->remote.address), v);
}

static bool told_of_sa(const struct map *told, struct text source)
{
    struct address peer;
    return address_read(source, &peer) && map_find(told, bytes_over(&peer, sizeof peer));
}

/* The same of a log that shows no IKE SA. */
static void judge_told_loose(struct model *m, const struct rule *r)
{
    const struct note_list loose = loose_of(m, CODE_PEER_LACKS_SPI);
    for (uint32_t i = 0; i < loose.count; i++) {
        const struct note *n = loose.at[i];
        struct endpoint remote;
        const struct text at = note_word(n, NULL, "Remote:"),
                          peer = endpoint_read(at, &remote) ? address_text(remote.address, m->run) : TEXT("its peer");
        struct diagnosis d;
        if (!diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_CERTAIN,
                             arena_format(m->run, "told %.*s", TEXT_ARGS(peer))))
            continue;
        diagnosis_word(&d, "told_by", peer);
        diagnosis_word(&d, "router", device_name_or(m, model_input(m, n->input)->device, TEXT("the router")));
        diagnosis_say(
            &d, "The peer has lost an SA that is still used",
            "{router} was told by {told_by} that ESP came with an SPI of which that end has no SA (INVALID_SPI): it has "
            "deleted that SA and has to make a new one, and what was sent in between is lost.");
        ADVISE(&d, deleted_there);
        quote_note(&d, (struct heard){ n, NULL });
    }
}

static void judge_loose(struct model *m, const struct rule *r)
{
    struct map told = { 0 };
    find_told(m, &told);
    const struct note_list loose = loose_of(m, CODE_IPSEC_INVALID_SPI);
    for (uint32_t i = 0; i < loose.count; i++) {
        const struct note *n = loose.at[i];
        struct diagnosis d;
        struct text source = source_of(n);
        if (told_of_sa(&told, source) || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_CERTAIN, source))
            continue;
        diagnosis_word(&d, "source", source);
        diagnosis_word(&d, "peer", destination_of(n)); /* as the sender sees it */
        diagnosis_word(&d, "spi", note_word(n, NULL, "spi="));
        diagnosis_say(&d, NULL,
                      "the router receives ESP[[ from {source}]] with an SPI[[ ({spi})]] of which it has no SA: it deleted or "
                      "never made it, and the other end did not notice.");
        if (model_input(m, n->input)->ikev1_count && !m->ike_sa_count)
            ADVISE(&d, version_1);
        else
            ADVISE(&d, common);
        name_ends(&d, n);
        quote_note(&d, (struct heard){ n, NULL });
    }
    map_clear(&told);
}

static void judge_whole(struct model *m, const struct rule *r)
{
    judge_loose(m, r);
    judge_told_loose(m, r);
    struct map pairs = { 0 };
    struct arena *arena = arena_create();
    find_pairs(m, &pairs, arena);
    for (const struct flow *f = m->flows; f; f = f->next) {
        struct diagnosis d;
        if (f->claimed || !stray(&pairs, f) ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_LIKELY, arena_format(m->run, "%u", (unsigned)f->spi)))
            continue;
        diagnosis_wordf(&d, "spi", "0x%08x", (unsigned)f->spi);
        diagnosis_count(&d, "packets", f->traffic.packets, "ESP packet", "ESP packets");
        diagnosis_word(&d, "have", f->traffic.packets == 1 ? TEXT("has") : TEXT("have"));
        diagnosis_word(&d, "source", address_text(f->source.address, m->run));
        diagnosis_say(&d, NULL,
                      "{packets} of {source} {have} SPI {spi}, which none of the Child SAs made between these peers has.");
        ADVISE(&d, common);
        quote_frame(&d, f->traffic.input, f->traffic.first_frame, "first packet with SPI 0x%08x", (unsigned)f->spi);
    }
    map_clear(&pairs);
    arena_destroy(arena);
}

const struct rule rule_esp_unknown_spi = {
    .id = "esp-unknown-spi",
    .severity = SEVERITY_WARNING,
    .rank = 55,
    .title = "ESP with an unknown SPI",
    .meaning = "A router got ESP packets for an SA that it does not have. One end lost or deleted the SA and the other goes on "
               "using it, often after a half-open negotiation, a reload, or "
               "a delete that was lost.",
    .advice = "Clear the SA at the sending end, and let dead peer detection run at short intervals.",
    .sa = judge_sa,
    .whole = judge_whole,
};
