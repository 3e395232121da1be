/* Lists of policies as logs print them: "Proposal 1:  AES-CBC-256 SHA1 SHA256 DH_GROUP_2048_MODP/Group 14", on lines of their
 * own, run together, or with labels. Words that stand for two kinds of transform (SHA256) are told apart by their place:
 * the PRF comes first, and an ESP proposal has none. */
#include "analysis/symptoms.h"
#include "base/limits.h"

struct policy_word {
    const char *word;
    uint8_t type;
    uint16_t id, key_length;
};

/* {word, type, id, key length}; a hash is listed as its PRF */
static const struct policy_word words[] = {
    { "3DES", TRANSFORM_ENCR, ENCR_3DES, 0 },
    { "DES", TRANSFORM_ENCR, ENCR_DES, 0 },
    { "NULL", TRANSFORM_ENCR, ENCR_NULL, 0 },
    { "AES-CBC", TRANSFORM_ENCR, ENCR_AES_CBC, 0 },
    { "AES-CBC-128", TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
    { "AES-CBC-192", TRANSFORM_ENCR, ENCR_AES_CBC, 192 },
    { "AES-CBC-256", TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
    { "AES-GCM", TRANSFORM_ENCR, ENCR_AES_GCM_16, 0 },
    { "AES-GCM-128", TRANSFORM_ENCR, ENCR_AES_GCM_16, 128 },
    { "AES-GCM-192", TRANSFORM_ENCR, ENCR_AES_GCM_16, 192 },
    { "AES-GCM-256", TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 },
    { "MD5", TRANSFORM_PRF, PRF_HMAC_MD5, 0 },
    { "SHA1", TRANSFORM_PRF, PRF_HMAC_SHA1, 0 },
    { "SHA256", TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
    { "SHA384", TRANSFORM_PRF, PRF_HMAC_SHA2_384, 0 },
    { "SHA512", TRANSFORM_PRF, PRF_HMAC_SHA2_512, 0 },
    { "MD596", TRANSFORM_INTEG, INTEG_HMAC_MD5_96, 0 },
    { "SHA96", TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 },
};

static uint16_t integrity_of_hash(uint16_t prf)
{
    switch (prf) {
    case PRF_HMAC_MD5:
        return INTEG_HMAC_MD5_96;
    case PRF_HMAC_SHA1:
        return INTEG_HMAC_SHA1_96;
    case PRF_HMAC_SHA2_256:
        return INTEG_HMAC_SHA2_256_128;
    case PRF_HMAC_SHA2_384:
        return INTEG_HMAC_SHA2_384_192;
    default:
        return INTEG_HMAC_SHA2_512_256;
    }
}

enum { POLICY_TRANSFORMS = 64 };

struct reading {
    struct transform at[POLICY_TRANSFORMS];
    uint16_t count;
    bool ike, has_prf, label_integrity;
};

static void add(struct reading *r, uint8_t type, uint16_t id, uint16_t key_length)
{
    if (r->count < POLICY_TRANSFORMS)
        r->at[r->count++] = (struct transform){ type, id, key_length };
}

static void read_word(struct reading *r, struct text w)
{
    uint64_t number = 0;
    size_t group = text_find(w, TEXT("Group"));
    if (text_equal(w, TEXT("INTEGRITY:"))) {
        r->label_integrity = true;
    } else if (text_equal(w, TEXT("PRF:")) || text_equal(w, TEXT("ENCRYPTION:"))) {
        r->label_integrity = false;
    } else if (text_starts(w, TEXT("DH_GROUP")) && group == TEXT_NOWHERE) {
        return;
    } else if (text_digits(w, 10, &number) == w.len && number && number < 100) {
        r->ike = true;
        add(r, TRANSFORM_DH, (uint16_t)number, 0);
    } else {
        for (size_t i = 0; i < COUNT_OF(words); i++) {
            const struct policy_word *p = &words[i];
            if (!text_equal(w, text_of(p->word)))
                continue;
            bool integrity = p->type == TRANSFORM_PRF && (!r->ike || r->label_integrity || r->has_prf);
            if (integrity)
                add(r, TRANSFORM_INTEG, integrity_of_hash(p->id), 0);
            else
                add(r, p->type, p->id, p->key_length);
            r->has_prf |= p->type == TRANSFORM_PRF;
        }
    }
}

static struct proposal *read_proposal(struct text t, uint8_t number, struct arena *arena)
{
    struct reading r = { .ike = !text_has(t, TEXT("ESN")) };
    struct text w;
    while (text_word(&t, &w))
        read_word(&r, w);
    if (r.count == 0)
        return NULL;
    struct proposal *p = arena_new(arena, struct proposal);
    p->number = number;
    p->protocol = r.ike ? PROTOCOL_IKE : PROTOCOL_ESP;
    p->transforms = arena_array(arena, struct transform, r.count);
    memcpy(p->transforms, r.at, r.count * sizeof r.at[0]);
    p->count = r.count;
    return p;
}

static struct proposal *read_text(struct text t, struct arena *arena)
{
    struct proposal *first = NULL, **at = &first;
    size_t next = text_find(t, TEXT("Proposal "));
    for (unsigned n = 0; next != TEXT_NOWHERE && n < LIMIT_PROPOSALS; n++) {
        t = text_from(t, next + sizeof "Proposal " - 1);
        uint64_t number = 0;
        t = text_from(t, text_digits(t, 10, &number));
        next = text_find(t, TEXT("Proposal "));
        struct proposal *p = read_proposal(next == TEXT_NOWHERE ? t : text_upto(t, next), (uint8_t)number, arena);
        if (p) {
            *at = p;
            at = &p->next;
        }
    }
    return first;
}

static struct proposal *read_group(const struct fact *group, struct arena *arena)
{
    const struct fact *list = fact_find(group, "transforms");
    uint16_t count = 0;
    for (const struct fact *f = fact_children(list); f && count < LIMIT_TRANSFORMS; f = f->next)
        count++;
    if (!list || !count)
        return NULL;
    struct proposal *p = arena_new(arena, struct proposal);
    uint64_t number = 0;
    if (fact_get_number(group, "number", &number))
        p->number = (uint8_t)number;
    p->protocol = fact_get_number(group, "protocol", &number) ? (uint8_t)number : PROTOCOL_IKE;
    p->transforms = arena_array(arena, struct transform, count);
    for (const struct fact *f = fact_children(list); f && p->count < count; f = f->next) {
        struct transform *t = &p->transforms[p->count++];
        if (fact_get_number(fact_children(f), "type", &number))
            t->type = (uint8_t)number;
        if (fact_get_number(fact_children(f), "id", &number))
            t->id = (uint16_t)number;
        if (fact_get_number(fact_children(f), "key_length", &number))
            t->key_length = (uint16_t)number;
    }
    return p;
}

struct proposal *fact_proposals(const struct fact *list, struct arena *arena)
{
    struct proposal *first = NULL, **at = &first;
    for (const struct fact *f = fact_children(list); f; f = f->next) {
        struct proposal *p = f->kind == FACT_GROUP  ? read_group(fact_children(f), arena)
                             : f->kind == FACT_TEXT ? read_text(f->as.text, arena)
                                                    : NULL;
        if (p) {
            *at = p;
            while (*at)
                at = &(*at)->next;
        }
    }
    return first;
}

struct proposal *note_policies(const struct note *n, const char *which, struct arena *arena, bool *listed)
{
    const struct fact *list = fact_find(n->facts, which);
    const char *heading = strcmp(which, "received") == 0 ? "Received Policies" : "Expected Policies";
    const char *other = strcmp(which, "received") == 0 ? "Expected Policies" : "Received Policies";
    *listed = list != NULL;
    if (list)
        return list->kind == FACT_TEXT ? read_text(list->as.text, arena) : fact_proposals(list, arena);
    size_t at = text_find(n->text, text_of(heading));
    if (at == TEXT_NOWHERE)
        return NULL;
    *listed = true;
    struct text t = text_from(n->text, at);
    size_t end = text_find(t, text_of(other));
    return read_text(end == TEXT_NOWHERE ? t : text_upto(t, end), arena);
}
