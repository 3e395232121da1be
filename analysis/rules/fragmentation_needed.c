/* A large IKE_AUTH is lost, in IP fragments or in IKE fragments. RFC 7383. */
#include "analysis/icmp.h"
#include "analysis/quote.h"

enum { LARGE = 1200, PATH_MTU = 1400 };

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS, "`crypto ikev2 fragmentation mtu 1200`: smaller IKE fragments pass where IP fragments are dropped" },
    { TO_BOTH, PLATFORM_ASA, "`crypto ikev2 fragmentation mtu 1200`: smaller IKE fragments pass where IP fragments are dropped" },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let IP fragments between {ends} pass on firewalls, and look at control-plane policing of fragments" },
    { TO_INITIATOR, PLATFORM_UNKNOWN, "find the path's MTU: ping {peer} with the don't-fragment bit and sizes from 1500 down" },
    { TO_BOTH, PLATFORM_UNKNOWN, "send fewer certificates: the chain without its root" },
};

static const struct advice other_port[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "let UDP 4500 pass in both directions between {ends}: nothing has come through on it yet" },
};

static const struct advice from_the_start[] = {
    { TO_INITIATOR, PLATFORM_IOS,
      "to be sure, log one attempt from its first line: `clear crypto ikev2 sa remote {peer}` with `debug crypto ikev2`, `debug "
      "crypto ikev2 packet` and `debug crypto pki validation` on; is the first answer whole, and is its certificate taken?" },
    { TO_INITIATOR, PLATFORM_ASA,
      "to be sure, log one attempt from its first line: `clear crypto ikev2 sa {peer}` with `debug crypto ikev2 protocol 127` "
      "and `debug crypto ca 14` on; is the first answer whole, and is its certificate taken?" },
};

static bool in_fragments(const struct leg *leg)
{
    if (leg->message && (leg->message->fragments > 1 || leg->message->fragment || leg->message->protection == PROTECTION_SKF ||
                         message_has_type(leg->message, PAYLOAD_SKF)))
        return true;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->fragment)
            return true;
    return false;
}

/* Of fragments that were never all seen the message is one; what they are together is said where each was first seen. */
static uint32_t length_of(const struct leg *leg)
{
    uint32_t sum = 0;
    if (!leg->message || !leg->message->fragment)
        return leg->message ? leg->message->length : 0;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == leg->seen->input && s->fragment && !s->retransmission && !s->mirrored)
            sum += s->length;
    return sum;
}

/* "3", "2, 5": the numbers of fragments that the capture never had; empty where it had all, or where there is no capture. */
static struct text lacking(struct model *m, const struct leg *leg)
{
    struct text list = { NULL, 0 };
    const unsigned total = leg->message && leg->message->fragment ? leg->message->fragments : 0;
    for (unsigned n = 1; n <= total; n++) {
        const struct sighting *s = leg->seen;
        while (s && (s->direction != DIRECTION_WIRE || s->fragment != n))
            s = s->next;
        if (!s)
            list = list.len ? arena_format(m->run, "%.*s, %u", TEXT_ARGS(list), n) : arena_format(m->run, "%u", n);
    }
    return leg->seen && leg->seen->direction == DIRECTION_WIRE ? list : (struct text){ NULL, 0 };
}

static bool large(const struct leg *leg)
{
    const struct message *msg = leg->message;
    return msg && (msg->length > LARGE || (!msg->length && msg->cert_count) || msg->cert_count > 1);
}

/* What came as an answer, while the asker goes on asking. IOS-XE prints no lengths; certificates are large. */
static bool large_answer(const struct leg *leg)
{
    const struct message *msg = leg->message;
    return msg && (msg->length ? msg->length > PATH_MTU : msg->cert_count > 0);
}

/* A router on the way says so itself: RFC 792, RFC 4443 section 3.2. */
static bool judge_told(struct model *m, const struct rule *r, struct ike_sa *sa, const struct exchange *x)
{
    struct icmp_error icmp = icmp_heard(sa, ICMP_TOO_LARGE);
    struct diagnosis d;
    if (!icmp.said.note || sa->established || (x && !exchange_silent(x)))
        return false;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
        return true;
    if (x && x->request.message && x->request.message->length)
        diagnosis_wordf(&d, "length", "%u", (unsigned)x->request.message->length);
    diagnosis_say(&d, "The path takes no message as large as IKE_AUTH",
                  "The IKE_AUTH of {initiator}[[ ({length} octets)]] does not reach {responder}.");
    icmp_say(&d, &icmp);
    ADVISE(&d, common);
    if (x)
        quote_leg(&d, x, &x->request, "no answer");
    return true;
}

/* On the wire: of IKE_AUTH, or its answer, the first IP fragment alone, again and again. */
static bool judge_pieces(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct heard missing = heard(sa, CODE_IP_FRAGMENTS_MISSING);
    struct diagnosis d;
    if (!missing.note || sa->established || (x && !exchange_silent(x)))
        return false;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_LIKELY, TEXT("")))
        return true;
    diagnosis_say(&d, NULL,
                  "After IKE_SA_INIT a large message between {both} went out in IP fragments, and the point of capture never saw "
                  "all of them.");
    diagnosis_more(&d, "Small messages pass on the same path, so the further fragments are lost before the point of capture, or "
                       "the capture's filter left them out: it must not go by ports alone, as later fragments have none.");
    ADVISE(&d, common);
    diagnosis_debug(&d, TO_RESPONDER);
    quote_all(&d, sa, CODE_IP_FRAGMENTS_MISSING, 4);
    return true;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct heard gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED), window = heard(sa, CODE_MSGID_OUTSIDE_WINDOW);
    if (judge_told(m, r, sa, x) || judge_pieces(m, r, sa) || !x || sa->ready_initiator)
        return;
    bool silent = !sa->established && exchange_silent(x) && (x->request.retransmissions || gave_up.note) &&
                  (in_fragments(&x->request) || large(&x->request));
    bool answer = window.note && !sa->ready_responder && large_answer(&x->response) &&
                  (x->request.retransmissions || heard(sa, CODE_RETRANSMIT).note);
    bool partial = !sa->established && x->request.message && x->request.message->fragment &&
                   heard_on(sa, SIDE_RESPONDER, CODE_WAIT_AUTH_TIMEOUT).note;
    struct diagnosis d;
    if ((!silent && !answer && !partial) || !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_LIKELY, TEXT("")))
        return;
    const struct leg *leg = answer ? &x->response : &x->request;
    if (length_of(leg))
        diagnosis_wordf(&d, "length", "%u", (unsigned)length_of(leg));
    diagnosis_word(&d, "parts", in_fragments(leg) ? TEXT("in fragments") : (struct text){ NULL, 0 });
    diagnosis_say(&d, NULL,
                  answer
                      ? "{initiator} drops the large IKE_AUTH answer of {responder}[[ ({length} octets)]] as outside its window: "
                        "it counts that request as answered already, and yet waits for the answer and asks again. So an earlier "
                        "copy was taken and led to nothing, most likely a set of fragments that was not complete; this log "
                        "begins behind it or does not show it."
                      : "IKE_SA_INIT was answered, but the large IKE_AUTH of {initiator}[[ ({length} octets)]][[, sent "
                        "{parts},]] got no answer from {responder}.");
    diagnosis_word(&d, "lacking", lacking(m, leg));
    if (diagnosis_word_of(&d, "lacking", TEXT("")).len) {
        diagnosis_wordf(&d, "total", "%u", (unsigned)leg->message->fragments);
        diagnosis_more(&d, "Of its {total} fragments the capture never has number {lacking}: they are lost before it.");
    }
    bool floats = sa->path_last && sa->path_last->responder.port == PORT_NATT;
    if (answer)
        ADVISE(&d, from_the_start);
    else if (floats)
        diagnosis_more(&d,
                       "What passed before was small, and on UDP 500; this is the first message on UDP 4500. So either its "
                       "fragments are lost on the way, or that port is blocked. It is not about keys: a peer that had read it "
                       "would answer.");
    else
        diagnosis_more(&d, "Small messages pass on the same path, so fragments are lost on the way; it is not about keys: a peer "
                           "that had read it would answer.");
    ADVISE(&d, common);
    if (floats && !answer)
        ADVISE(&d, other_port);
    diagnosis_debug(&d, TO_RESPONDER);
    quote_leg(&d, x, leg, answer ? "" : "no answer");
    quote_note(&d, window);
    quote_note(&d, heard(sa, CODE_FRAGMENTATION));
    quote_note(&d, gave_up);
}

const struct rule rule_fragmentation_needed = {
    .id = "fragmentation-needed",
    .severity = SEVERITY_ERROR,
    .rank = 14,
    .title = "A large IKE_AUTH is lost in fragments",
    .meaning = "IKE_AUTH with certificates is larger than the path's MTU. Its fragments, of IP or of IKE (RFC 7383), do not all "
               "arrive, while small messages do.",
    .advice = "`crypto ikev2 fragmentation mtu 1200` on both ends, let fragments pass on firewalls, send fewer certificates.",
    .sa = judge,
};
