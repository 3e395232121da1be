#include "analysis/proposals.h"

#include "analysis/entries.h"

struct attribute {
    uint8_t type;
    const char *word;
};

/* {transform type, word}; in order of weight: an operator looks at encryption first */
static const struct attribute attributes[] = {
    { TRANSFORM_ENCR, "encryption" }, { TRANSFORM_DH, "DH group" },          { TRANSFORM_INTEG, "integrity" },
    { TRANSFORM_PRF, "PRF" },         { TRANSFORM_ESN, "sequence numbers" }, { TRANSFORM_ESN + 1, "additional key exchange" },
};

const char *attribute_word(unsigned type)
{
    for (size_t i = 0; i < COUNT_OF(attributes); i++)
        if (attributes[i].type == type)
            return attributes[i].word;
    return "transform";
}

bool proposal_combined(const struct proposal *p)
{
    for (uint16_t i = 0; p && i < p->count; i++) {
        const struct transform *t = &p->transforms[i];
        if (t->type == TRANSFORM_ENCR &&
            ((t->id >= ENCR_AES_CCM_8 && t->id <= ENCR_NULL_AUTH_AES_GMAC) || t->id >= ENCR_CAMELLIA_CCM_8))
            return true;
    }
    return false;
}

const char *proposal_lacks(const struct proposal *p)
{
    bool of[UINT8_MAX + 1] = { false }, combined = proposal_combined(p);
    for (uint16_t i = 0; i < p->count; i++)
        of[p->transforms[i].type] = true;
    /* integrity implies a PRF; a combined-mode cipher has none */
    return !of[TRANSFORM_ENCR]                 ? "encryption"
           : !of[TRANSFORM_DH]                 ? "group"
           : combined && !of[TRANSFORM_PRF]    ? "prf"
           : !combined && !of[TRANSFORM_INTEG] ? "integrity"
                                               : NULL;
}

static bool has_type(const struct proposal *p, unsigned type)
{
    return proposal_transform(p, type) != NULL;
}

/* A log's dump prints no key length: one that is not given fits any. */
static bool same(struct transform a, struct transform b)
{
    return a.id == b.id && (a.key_length == b.key_length || !a.key_length || !b.key_length);
}

static bool common(const struct proposal *a, const struct proposal *b, unsigned type)
{
    for (uint16_t i = 0; i < a->count; i++)
        for (uint16_t j = 0; a->transforms[i].type == type && j < b->count; j++)
            if (b->transforms[j].type == type && same(a->transforms[i], b->transforms[j]))
                return true;
    return false;
}

/* Left out is none: no integrity with combined-mode ciphers, no DH group without PFS, no extended sequence numbers. */
static bool only_none(const struct proposal *p, unsigned type)
{
    for (uint16_t i = 0; i < p->count; i++)
        if (p->transforms[i].type == type && p->transforms[i].id == 0)
            return true;
    return !has_type(p, type);
}

static bool agree(const struct proposal *a, const struct proposal *b, unsigned type)
{
    if (common(a, b, type) || (only_none(a, type) && only_none(b, type)))
        return true;
    if (type == TRANSFORM_ESN) /* logs leave it out more often than not */
        return !has_type(a, type) || !has_type(b, type);
    if (type == TRANSFORM_PRF) /* an IOS proposal without a prf line takes its integrity's */
        return !has_type(a, type) || !has_type(b, type);
    if (type == TRANSFORM_INTEG && !common(a, b, TRANSFORM_ENCR) && proposal_combined(a) != proposal_combined(b))
        return true; /* follows from the cipher */
    return false;
}

static unsigned compare(const struct proposal *a, const struct proposal *b, uint8_t differing[static MATRIX_ATTRIBUTES])
{
    unsigned count = 0;
    for (size_t i = 0; i < COUNT_OF(attributes) && count < MATRIX_ATTRIBUTES; i++)
        if (!agree(a, b, attributes[i].type))
            differing[count++] = attributes[i].type;
    return count;
}

struct matrix matrix_of(const struct proposal *offered, const struct proposal *accepted)
{
    struct matrix best = { .count = MATRIX_ATTRIBUTES + 1 };
    for (const struct proposal *o = offered; o; o = o->next) {
        best.offers++;
        best.accepts = 0;
        for (const struct proposal *a = accepted; a; a = a->next) {
            best.accepts++;
            if (a->protocol && o->protocol && a->protocol != o->protocol)
                continue;
            uint8_t differing[MATRIX_ATTRIBUTES];
            unsigned count = compare(o, a, differing);
            if (count < best.count) {
                best.offer = o;
                best.accept = a;
                best.count = count;
                memcpy(best.differing, differing, sizeof differing);
            }
        }
    }
    if (!best.offer)
        best.count = 0;
    return best;
}

bool matrix_of_rekey(const struct matrix *x, const struct ike_sa *sa)
{
    return !sa->start_seen && x->offer && x->count == 1 && x->differing[0] == TRANSFORM_DH && x->offer->protocol != PROTOCOL_IKE;
}

static void print_group(uint16_t id, struct buffer *out)
{
    const char *name = registry_name(REGISTRY_KE, id);
    buffer_format(out, name ? "%u (%s)" : "%u", (unsigned)id, name);
}

struct text matrix_values(struct arena *arena, const struct proposal *p, unsigned type)
{
    struct buffer b;
    buffer_init(&b, 1 << 12);
    for (uint16_t i = 0; i < p->count; i++) {
        if (p->transforms[i].type != type)
            continue;
        if (b.len)
            buffer_string(&b, " or ");
        if (type == TRANSFORM_DH) /* the attribute's word says that it is a group */
            print_group(p->transforms[i].id, &b);
        else
            transform_print(p->transforms[i], &b);
    }
    if (b.len == 0)
        buffer_string(&b, "none");
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

struct vendor_word {
    uint8_t type;
    uint16_t id, key_length;
    const char *ios, *ios_esp, *asa;
};

/* {type, id, key length; IOS in crypto ikev2 proposal, IOS in a transform set, ASA} */
static const struct vendor_word vendor_words[] = {
    { TRANSFORM_ENCR, ENCR_DES, 0, "encryption des", "esp-des", "encryption des" },
    { TRANSFORM_ENCR, ENCR_3DES, 0, "encryption 3des", "esp-3des", "encryption 3des" },
    { TRANSFORM_ENCR, ENCR_NULL, 0, "", "esp-null", "encryption null" },
    { TRANSFORM_ENCR, ENCR_AES_CBC, 128, "encryption aes-cbc-128", "esp-aes", "encryption aes" },
    { TRANSFORM_ENCR, ENCR_AES_CBC, 192, "encryption aes-cbc-192", "esp-aes 192", "encryption aes-192" },
    { TRANSFORM_ENCR, ENCR_AES_CBC, 256, "encryption aes-cbc-256", "esp-aes 256", "encryption aes-256" },
    { TRANSFORM_ENCR, ENCR_AES_GCM_16, 128, "encryption aes-gcm-128", "esp-gcm", "encryption aes-gcm" },
    { TRANSFORM_ENCR, ENCR_AES_GCM_16, 192, "", "esp-gcm 192", "encryption aes-gcm-192" },
    { TRANSFORM_ENCR, ENCR_AES_GCM_16, 256, "encryption aes-gcm-256", "esp-gcm 256", "encryption aes-gcm-256" },
    { TRANSFORM_ENCR, ENCR_NULL_AUTH_AES_GMAC, 128, "", "esp-gmac", "encryption aes-gmac" },
    { TRANSFORM_ENCR, ENCR_NULL_AUTH_AES_GMAC, 256, "", "esp-gmac 256", "encryption aes-gmac-256" },
    { TRANSFORM_PRF, PRF_HMAC_MD5, 0, "prf md5", "", "prf md5" },
    { TRANSFORM_PRF, PRF_HMAC_SHA1, 0, "prf sha1", "", "prf sha" },
    { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0, "prf sha256", "", "prf sha256" },
    { TRANSFORM_PRF, PRF_HMAC_SHA2_384, 0, "prf sha384", "", "prf sha384" },
    { TRANSFORM_PRF, PRF_HMAC_SHA2_512, 0, "prf sha512", "", "prf sha512" },
    { TRANSFORM_INTEG, INTEG_HMAC_MD5_96, 0, "integrity md5", "esp-md5-hmac", "integrity md5" },
    { TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0, "integrity sha1", "esp-sha-hmac", "integrity sha" },
    { TRANSFORM_INTEG, INTEG_HMAC_SHA2_256_128, 0, "integrity sha256", "esp-sha256-hmac", "integrity sha256" },
    { TRANSFORM_INTEG, INTEG_HMAC_SHA2_384_192, 0, "integrity sha384", "esp-sha384-hmac", "integrity sha384" },
    { TRANSFORM_INTEG, INTEG_HMAC_SHA2_512_256, 0, "integrity sha512", "esp-sha512-hmac", "integrity sha512" },
};

struct text vendor_line(struct arena *arena, enum platform platform, bool ike, struct transform t)
{
    if (t.type == TRANSFORM_DH)
        return ike ? arena_format(arena, "group %u", (unsigned)t.id) : arena_format(arena, "set pfs group%u", (unsigned)t.id);
    for (size_t i = 0; i < COUNT_OF(vendor_words); i++) {
        const struct vendor_word *w = &vendor_words[i];
        if (w->type != t.type || w->id != t.id || (t.key_length && w->key_length && w->key_length != t.key_length))
            continue;
        if (platform == PLATFORM_ASA) {
            /* of ESP it writes "sha-256" where an IKE policy has "sha256" */
            static const char sha[] = "integrity sha";
            struct text word = text_of(w->asa);
            if (ike || !text_starts(word, text_of(sha)))
                return ike ? word : arena_format(arena, "protocol esp %s", w->asa);
            struct text bits = text_from(word, sizeof sha - 1);
            return bits.len ? arena_format(arena, "protocol esp %s-%.*s", sha, TEXT_ARGS(bits))
                            : TEXT("protocol esp integrity sha-1");
        }
        return text_of(ike ? w->ios : w->ios_esp);
    }
    return (struct text){ NULL, 0 };
}

static void quote_list(struct diagnosis *d, const char *who, const char *verb, const struct proposal *p)
{
    enum { SHOWN = 4 };
    unsigned n = 0, more = 0;
    for (; p; p = p->next) {
        if (n++ >= SHOWN)
            more++;
        else if (p->number)
            quote_text(d, "%s %s proposal %u: %.*s", who, verb, (unsigned)p->number, TEXT_ARGS(proposal_text(d->m->run, p)));
        else
            quote_text(d, "%s %s %.*s", who, verb, TEXT_ARGS(proposal_text(d->m->run, p)));
    }
    if (more)
        quote_text(d, "%s %s %u more", who, verb, more);
}

void matrix_report(struct diagnosis *d, const struct matrix *x, const struct proposal *offered, const struct proposal *accepted,
                   enum side offerer)
{
    if (x->offer && x->count) {
        diagnosis_word(d, "attribute", text_of(attribute_word(x->differing[0])));
        diagnosis_word(d, "offered", matrix_values(d->m->run, x->offer, x->differing[0]));
        diagnosis_word(d, "accepted", matrix_values(d->m->run, x->accept, x->differing[0]));
        struct buffer b;
        buffer_init(&b, 1024);
        for (unsigned i = 1; i < x->count; i++)
            buffer_format(&b, "%s%s", i == 1 ? "" : i + 1 == x->count ? " and " : ", ", attribute_word(x->differing[i]));
        diagnosis_word(d, "also", arena_text(d->m->run, buffer_view(&b)));
        buffer_clear(&b);
    }
    quote_list(d, offerer == SIDE_INITIATOR ? "initiator" : "responder", "offers", offered);
    quote_list(d, offerer == SIDE_INITIATOR ? "responder" : "initiator", "accepts", accepted);
}

struct proposal *configured_proposals(struct model *m, const struct configured *list)
{
    struct proposal *first = NULL, **at = &first;
    for (; list; list = list->next) {
        struct proposal *copy = arena_new(m->run, struct proposal);
        *copy = list->proposal;
        copy->next = NULL;
        *at = copy;
        at = &copy->next;
    }
    return first;
}

static bool differs(const struct matrix *x, unsigned type)
{
    for (unsigned i = 0; x->offer && i < x->count; i++)
        if (x->differing[i] == type)
            return true;
    return !x->offer || !x->count;
}

void matrix_quote_config(struct diagnosis *d, const struct matrix *x, const struct configured *list)
{
    for (const struct configured *c = list; c; c = c->next) {
        bool any = false;
        for (uint16_t i = 0; c->record && i < c->proposal.count; i++) {
            if (!differs(x, c->proposal.transforms[i].type))
                continue;
            finding_quote(d->m, d->f, c->record, c->lines ? c->lines[i] : 0);
            any = true;
        }
        if (c->record && !any) /* it has nothing of the kind */
            finding_quote(d->m, d->f, c->record, 0);
    }
}

static struct remedy remedy_at(struct diagnosis *d, const struct matrix *x, enum side offerer, enum side side, enum platform p,
                               bool ike)
{
    const struct ike_sa *sa = d->sa;
    struct remedied at = { .platform = p };
    if (sa) {
        at.device = router_of(d->m, sa, side);
        at.local = address_on(sa, side);
        at.peer = address_on(sa, side_other(side));
        at.entry = config_entry_of(d->m, sa, NULL, side);
        const struct view *v = view_on(sa, side);
        at.by_default = ike && ((v && text_equal(v->proposal, TEXT("default"))) || heard_on(sa, side, CODE_POLICY_DEFAULT).note);
    }
    return side == offerer ? remedy_for(d->m, &at, x->offer, x->accept, ike) : remedy_for(d->m, &at, x->accept, x->offer, ike);
}

struct text remedy_words(struct model *m, const struct remedy *here, const struct remedy *there)
{
    if (!here->text.len)
        return here->text;
    const char *lead = !there->text.len            ? ""
                       : here->weak == there->weak ? "either end will do: here, "
                       : here->weak                ? "second best, for it allows what is weak: here, "
                                                   : "better here than at the other end, where it would allow what is weak: ";
    return arena_format(m->run, "%s%.*s", lead, TEXT_ARGS(here->text));
}

void matrix_advise(struct diagnosis *d, const struct matrix *x, enum side offerer, bool ike)
{
    if (!x->offer || !x->count)
        return;
    struct remedy all[SIDE_RESPONDER + 1][PLATFORM_ASA + 1] = { { { .weak = false } } };
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++)
        for (enum platform p = PLATFORM_IOS; p <= PLATFORM_ASA; p++) {
            enum platform known = d->sa ? platform_of(d->m, d->sa, side) : PLATFORM_UNKNOWN;
            if (!known || known == p)
                all[side][p] = remedy_at(d, x, offerer, side, p, ike);
        }
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++)
        for (enum platform p = PLATFORM_IOS; p <= PLATFORM_ASA; p++) {
            const struct remedy *other = all[side_other(side)];
            struct text text = remedy_words(d->m, &all[side][p],
                                            other[p].text.len ? &other[p] : &other[PLATFORM_IOS + PLATFORM_ASA - p]);
            const struct advice row = { side == SIDE_INITIATOR ? TO_INITIATOR : TO_RESPONDER, (uint8_t)p,
                                        arena_string(d->m->run, text) };
            if (text.len)
                diagnosis_advise(d, &row, 1);
        }
}

const struct note *logged_lists(struct model *m, const struct ike_sa *sa, bool ike, const struct proposal **offered,
                                const struct proposal **accepted)
{
    const struct note *where = NULL;
    *offered = *accepted = NULL;
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            bool listed;
            if (n->code != CODE_PROPOSALS_MISMATCH)
                continue;
            const struct proposal *p = note_policies(n, "received", m->run, &listed);
            if (p && (p->protocol == PROTOCOL_IKE || !p->protocol) != ike)
                continue;
            *offered = p && !*offered ? p : *offered;
            where = where ? where : n;
            p = note_policies(n, "expected", m->run, &listed);
            *accepted = p && !*accepted ? p : *accepted;
        }
    return where;
}

enum { PROPOSALS_SAID = 3 };

struct text proposals_text(struct arena *arena, const struct proposal *list)
{
    struct text all = { NULL, 0 };
    unsigned n = 0;
    for (const struct proposal *p = list; p; p = p->next)
        if (n++ < PROPOSALS_SAID)
            all = arena_format(arena, "%.*s%s%.*s", TEXT_ARGS(all), all.len ? "; " : "", TEXT_ARGS(proposal_text(arena, p)));
    return n > PROPOSALS_SAID ? arena_format(arena, "%.*s; and %u more", TEXT_ARGS(all), n - PROPOSALS_SAID) : all;
}
