#include "analysis/remedies.h"

#include "analysis/proposals.h"
#include "analysis/weakness.h"
#include "base/limits.h"

enum { REMEDY = 4096, HIGHEST_POLICY = 65535 };

struct typing {
    struct model *m;
    const struct remedied *at;
    const struct configured *list, *nearest; /* of its configuration; NULL: not known */
    const struct proposal *own, *wanted;
    struct buffer out;
    bool ike, weak, failed; /* failed: something has no word */
    bool partial;           /* a list that could not be written whole */
};

static void step(struct typing *t, struct text line)
{
    buffer_string(&t->out, t->out.len ? " / `" : "`");
    buffer_text(&t->out, line);
    buffer_byte(&t->out, '`');
}

#define STEP(t, ...) step((t), arena_format((t)->m->run, __VA_ARGS__))

/* ---- words ---- */

static bool has_word(const struct typing *t, struct transform x)
{
    static const uint16_t groups[] = { 1, 2, 5, 14, 15, 16, 19, 20, 21, 24 };
    if (x.type != TRANSFORM_DH)
        return vendor_line(t->m->run, t->at->platform, t->ike, x).len != 0;
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        if (groups[i] == x.id)
            return true;
    return false;
}

/* What stands behind the command, "aes-cbc-256" of "encryption aes-cbc-256". */
static struct text value_of(const struct typing *t, struct transform x)
{
    struct text line = vendor_line(t->m->run, t->at->platform, t->ike, x);
    for (size_t i = line.len; i > 0; i--)
        if (line.at[i - 1] == ' ')
            return text_from(line, i);
    return line;
}

/* The wanted value of a kind: the first that is sound, else the first there is a word for. */
static const struct transform *choose(struct typing *t, unsigned type)
{
    const struct transform *found = NULL;
    for (uint16_t i = 0; i < t->wanted->count; i++) {
        const struct transform *x = &t->wanted->transforms[i];
        if (x->type != type || !x->id || !has_word(t, *x))
            continue;
        if (!weakness_reason(type, x->id))
            return x;
        found = found ? found : x;
    }
    t->weak = t->weak || (found && (t->ike || type == TRANSFORM_ENCR));
    t->failed = t->failed || !found;
    return found;
}

static const char *command_of(const struct typing *t, unsigned type)
{
    bool esp = !t->ike; /* of an ASA's ipsec-proposal; a transform set has no such lines */
    return type == TRANSFORM_ENCR    ? (esp ? "protocol esp encryption" : "encryption")
           : type == TRANSFORM_INTEG ? (esp ? "protocol esp integrity" : "integrity")
           : type == TRANSFORM_PRF   ? "prf"
                                     : "group";
}

/* A dump prints no key length: then all of them are meant. */
static void put_value(const struct typing *t, struct transform x, struct buffer *line)
{
    static const uint16_t lengths[] = { 256, 192, 128 };
    bool any_length = x.type == TRANSFORM_ENCR && !x.key_length && (x.id == ENCR_AES_CBC || x.id == ENCR_AES_GCM_16);
    for (size_t i = 0; i < (any_length ? COUNT_OF(lengths) : 1); i++) {
        x.key_length = any_length ? lengths[i] : x.key_length;
        struct text word = has_word(t, x) ? value_of(t, x) : (struct text){ NULL, 0 };
        struct text have = buffer_view(line), with = arena_format(t->m->run, " %.*s ", TEXT_ARGS(word));
        if (!word.len || text_has(arena_format(t->m->run, "%.*s ", TEXT_ARGS(have)), with))
            continue;
        buffer_byte(line, ' ');
        buffer_text(line, word);
    }
}

/* A command that takes a list replaces the one before: what is there stands in it again, and the new value behind it. */
static void put_list(struct typing *t, unsigned type, const struct transform *more, bool with_own)
{
    struct buffer line;
    buffer_init(&line, REMEDY);
    buffer_string(&line, command_of(t, type));
    for (uint16_t i = 0; with_own && t->own && i < t->own->count; i++) {
        const struct transform *x = &t->own->transforms[i];
        if (x->type != type || !x->id)
            continue;
        bool told = has_word(t, *x) &&
                    (type != TRANSFORM_ENCR || x->key_length || (x->id != ENCR_AES_CBC && x->id != ENCR_AES_GCM_16));
        if (told)
            put_value(t, *x, &line);
        t->partial = t->partial || !told;
    }
    put_value(t, *more, &line);
    step(t, arena_text(t->m->run, buffer_view(&line)));
    buffer_clear(&line);
}

static uint16_t prf_of(uint16_t integrity)
{
    static const uint16_t pairs[][2] = { { INTEG_HMAC_MD5_96, PRF_HMAC_MD5 },
                                         { INTEG_HMAC_SHA1_96, PRF_HMAC_SHA1 },
                                         { INTEG_HMAC_SHA2_256_128, PRF_HMAC_SHA2_256 },
                                         { INTEG_HMAC_SHA2_384_192, PRF_HMAC_SHA2_384 },
                                         { INTEG_HMAC_SHA2_512_256, PRF_HMAC_SHA2_512 } };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i][0] == integrity)
            return pairs[i][1];
    return 0;
}

static bool holds(const struct proposal *p, unsigned type, uint16_t id)
{
    for (uint16_t i = 0; p && i < p->count; i++)
        if (p->transforms[i].type == type && p->transforms[i].id == id)
            return true;
    return false;
}

/* IOS without a prf line takes the PRF of each integrity algorithm. Where no configuration tells, the lists do. */
static bool prf_follows(const struct typing *t)
{
    if (t->at->platform != PLATFORM_IOS)
        return false;
    if (t->nearest && t->nearest->record)
        return t->nearest->prf_implied;
    bool any = false;
    for (uint16_t i = 0; t->own && i < t->own->count; i++) {
        const struct transform *x = &t->own->transforms[i];
        if (x->type == TRANSFORM_INTEG && !holds(t->own, TRANSFORM_PRF, prf_of(x->id)))
            return false;
        any = any || x->type == TRANSFORM_INTEG;
    }
    return any || !t->own;
}

/* ---- IKE ---- */

/* A whole proposal: the mode was entered. */
static void put_whole_ike(struct typing *t)
{
    const struct transform *encr = choose(t, TRANSFORM_ENCR), *group = choose(t, TRANSFORM_DH);
    bool combined = proposal_combined(t->wanted), asa = t->at->platform == PLATFORM_ASA;
    const struct transform *integ = combined ? NULL : choose(t, TRANSFORM_INTEG);
    struct transform standard = { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 };
    const struct transform *prf = proposal_transform(t->wanted, TRANSFORM_PRF) ? choose(t, TRANSFORM_PRF) : &standard;
    if (t->failed)
        return;
    put_list(t, TRANSFORM_ENCR, encr, false);
    if (integ)
        put_list(t, TRANSFORM_INTEG, integ, false);
    else if (asa)
        step(t, TEXT("integrity null"));
    if (asa || !integ || !holds(t->wanted, TRANSFORM_PRF, prf_of(integ->id)))
        put_list(t, TRANSFORM_PRF, prf, false);
    put_list(t, TRANSFORM_DH, group, false);
}

static struct text free_policy(const struct typing *t)
{
    uint64_t highest = 0, number;
    for (const struct configured *c = t->list; c; c = c->next)
        if (c->record && text_number(c->record->title, 10, &number) && number > highest)
            highest = number;
    if (!highest || highest >= HIGHEST_POLICY)
        return TEXT("FREE-NUMBER");
    return arena_format(t->m->run, "%llu", (unsigned long long)(highest < HIGHEST_POLICY - 10 ? highest + 10 : highest + 1));
}

static const char *second_ike(struct typing *t)
{
    if (t->at->platform == PLATFORM_ASA) {
        STEP(t, "crypto ikev2 policy %.*s", TEXT_ARGS(free_policy(t)));
        put_whole_ike(t);
        return "make a second policy (GCM and other ciphers cannot stand in one): ";
    }
    step(t, TEXT("crypto ikev2 proposal NEW"));
    put_whole_ike(t);
    step(t, TEXT("exit"));
    if (t->nearest && t->nearest->policy.len)
        STEP(t, "crypto ikev2 policy %.*s", TEXT_ARGS(t->nearest->policy));
    else
        step(t, TEXT("crypto ikev2 policy NAME"));
    step(t, TEXT("proposal NEW"));
    return "make a second proposal (GCM and other ciphers cannot stand in one): ";
}

static const char *own_policy(struct typing *t)
{
    step(t, TEXT("crypto ikev2 proposal NEW"));
    put_whole_ike(t);
    step(t, TEXT("exit"));
    step(t, TEXT("crypto ikev2 policy NEW"));
    step(t, TEXT("match fvrf any"));
    step(t, TEXT("proposal NEW"));
    return "it goes by the default policy; give it a proposal and a policy of its own, which takes that one's place (`proposal "
           "default` below `proposal NEW` keeps the default one for other peers): ";
}

static const char *longer_ike(struct typing *t, const struct matrix *x)
{
    if (t->nearest && t->nearest->record)
        STEP(t, t->at->platform == PLATFORM_ASA ? "crypto ikev2 policy %.*s" : "crypto ikev2 proposal %.*s",
             TEXT_ARGS(t->nearest->record->title));
    else
        step(t, t->at->platform == PLATFORM_ASA ? TEXT("crypto ikev2 policy N") : TEXT("crypto ikev2 proposal NAME"));
    const struct transform *integ = NULL;
    for (unsigned i = 0; i < x->count; i++) {
        unsigned type = x->differing[i];
        const struct transform *more = choose(t, type);
        if (!more)
            return "";
        integ = type == TRANSFORM_INTEG ? more : integ;
        bool comes_along = type == TRANSFORM_PRF && prf_follows(t) && integ && holds(t->wanted, TRANSFORM_PRF, prf_of(integ->id));
        if (!comes_along)
            put_list(t, type, more, true);
    }
    return "add what the other end has: ";
}

static const char *remedy_ike(struct typing *t, const struct matrix *x)
{
    bool ios = t->at->platform == PLATFORM_IOS, by_default = t->nearest && !t->nearest->record;
    if (ios && (t->at->by_default || by_default))
        return own_policy(t);
    return proposal_combined(t->own) != proposal_combined(t->wanted) ? second_ike(t) : longer_ike(t, x);
}

/* ---- ESP ---- */

/* What binds transform sets: the mode on IOS, or what stands before "set" on an ASA's crypto map. */
static struct text holder_of(const struct typing *t, bool *profile)
{
    struct config_path path = { 0 };
    if (t->at->device)
        path = config_path_to(t->m, t->at->device, t->at->peer, t->at->entry);
    const struct record *holder = path.ipsec_profile ? path.ipsec_profile : path.crypto_map;
    *profile = path.ipsec_profile != NULL;
    if (!holder)
        return (struct text){ NULL, 0 };
    if (*profile)
        return arena_format(t->m->run, "crypto ipsec profile %.*s", TEXT_ARGS(holder->title));
    bool dynamic = strcmp(holder->name, "crypto-dynamic-map") == 0;
    return arena_format(t->m->run, "crypto %smap %.*s%s", dynamic ? "dynamic-" : "", TEXT_ARGS(holder->title),
                        dynamic || t->at->platform == PLATFORM_ASA ? "" : " ipsec-isakmp");
}

/* `line` in the mode of what binds the sets. */
static void put_bound(struct typing *t, struct text line)
{
    bool profile = false, asa = t->at->platform == PLATFORM_ASA;
    struct text holder = holder_of(t, &profile);
    if (asa && !profile) {
        STEP(t, "%.*s %.*s", TEXT_ARGS(holder.len ? holder : TEXT("crypto map MAP SEQ")), TEXT_ARGS(line));
        return;
    }
    if (holder.len)
        step(t, holder);
    else
        buffer_format(&t->out, "%s`crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile NAME`)", t->out.len ? " / " : "");
    step(t, line);
}

static void put_pfs(struct typing *t)
{
    const struct transform *group = proposal_transform(t->wanted, TRANSFORM_DH) ? choose(t, TRANSFORM_DH) : NULL;
    if (t->failed)
        return;
    if (group)
        put_bound(t, arena_format(t->m->run, "set pfs group%u", (unsigned)group->id));
    else if (t->at->platform == PLATFORM_IOS)
        put_bound(t, TEXT("no set pfs"));
    else {
        bool profile = false;
        struct text holder = holder_of(t, &profile);
        if (profile)
            put_bound(t, TEXT("no set pfs"));
        else
            STEP(t, "no %.*s set pfs", TEXT_ARGS(holder.len ? holder : TEXT("crypto map MAP SEQ")));
    }
}

/* All that is bound stays so: the command replaces its list. */
static void put_binding(struct typing *t, const char *command)
{
    struct buffer names;
    buffer_init(&names, REMEDY);
    for (const struct configured *c = t->list; c; c = c->next)
        buffer_format(&names, " %.*s", TEXT_ARGS(c->name));
    put_bound(t, arena_format(t->m->run, "%s%.*s NEW", command, TEXT_ARGS(names.len ? buffer_view(&names) : TEXT(" OLD"))));
    buffer_clear(&names);
}

static const char *second_set(struct typing *t)
{
    const struct transform *encr = choose(t, TRANSFORM_ENCR);
    const struct transform *integ = proposal_combined(t->wanted) || !proposal_transform(t->wanted, TRANSFORM_INTEG)
                                        ? NULL
                                        : choose(t, TRANSFORM_INTEG);
    if (t->failed)
        return "";
    struct transform one = *encr;
    bool unknown = !one.key_length && (one.id == ENCR_AES_CBC || one.id == ENCR_AES_GCM_16);
    one.key_length = unknown ? 256 : one.key_length;
    struct text cipher = vendor_line(t->m->run, PLATFORM_IOS, false, one),
                hash = integ ? vendor_line(t->m->run, PLATFORM_IOS, false, *integ) : (struct text){ NULL, 0 };
    STEP(t, "crypto ipsec transform-set NEW %.*s%s%.*s", TEXT_ARGS(cipher), hash.len ? " " : "", TEXT_ARGS(hash));
    if (t->nearest && t->nearest->mode == MODE_TRANSPORT)
        step(t, TEXT("mode transport"));
    step(t, TEXT("exit"));
    put_binding(t, "set transform-set");
    return unknown
               ? "make a second transform set, which holds one cipher (its key length is not told: 128, 192 or 256), and bind "
                 "both: "
               : "make a second transform set, which holds one cipher, and bind both: ";
}

static const char *second_ipsec_proposal(struct typing *t)
{
    const struct transform *encr = choose(t, TRANSFORM_ENCR);
    bool combined = proposal_combined(t->wanted);
    const struct transform *integ = combined ? NULL : choose(t, TRANSFORM_INTEG);
    if (t->failed)
        return "";
    step(t, TEXT("crypto ipsec ikev2 ipsec-proposal NEW"));
    put_list(t, TRANSFORM_ENCR, encr, false);
    if (integ)
        put_list(t, TRANSFORM_INTEG, integ, false);
    else
        step(t, TEXT("protocol esp integrity null"));
    step(t, TEXT("exit"));
    put_binding(t, "set ikev2 ipsec-proposal");
    return "make a second proposal (GCM and other ciphers cannot stand in one), and bind both: ";
}

static const char *longer_ipsec_proposal(struct typing *t, const struct matrix *x)
{
    if (t->nearest && t->nearest->record)
        STEP(t, "crypto ipsec ikev2 ipsec-proposal %.*s", TEXT_ARGS(t->nearest->record->title));
    else
        step(t, TEXT("crypto ipsec ikev2 ipsec-proposal NAME"));
    for (unsigned i = 0; i < x->count; i++) {
        const struct transform *more = NULL;
        if (x->differing[i] != TRANSFORM_ENCR && x->differing[i] != TRANSFORM_INTEG)
            continue;
        more = choose(t, x->differing[i]);
        if (more)
            put_list(t, x->differing[i], more, true);
    }
    return "add what the other end has: ";
}

static bool differs(const struct matrix *x, unsigned type)
{
    for (unsigned i = 0; i < x->count; i++)
        if (x->differing[i] == type)
            return true;
    return false;
}

static const char *remedy_esp(struct typing *t, const struct matrix *x)
{
    bool algorithms = differs(x, TRANSFORM_ENCR) || differs(x, TRANSFORM_INTEG),
         other = proposal_combined(t->own) != proposal_combined(t->wanted);
    const char *lead = "";
    if (t->wanted->protocol == PROTOCOL_AH || (t->own && t->own->protocol == PROTOCOL_AH))
        t->failed = true; /* no words for it */
    else if (algorithms && t->at->platform == PLATFORM_IOS)
        lead = second_set(t);
    else if (algorithms)
        lead = other ? second_ipsec_proposal(t) : longer_ipsec_proposal(t, x);
    if (differs(x, TRANSFORM_DH) && !t->failed) {
        put_pfs(t);
        lead = algorithms ? lead : "set the other end's group for PFS: ";
    }
    return lead;
}

/* ---- which of its own ---- */

static const struct configured *nearest_of(const struct configured *list, const struct proposal *wanted)
{
    const struct configured *best = NULL;
    unsigned least = MATRIX_ATTRIBUTES + 1;
    for (const struct configured *c = list; c; c = c->next) {
        struct proposal alone = c->proposal;
        alone.next = NULL;
        struct matrix x = matrix_of(&alone, wanted);
        if (x.offer && x.count < least) {
            best = c;
            least = x.count;
        }
    }
    return best;
}

struct remedy remedy_for(struct model *m, const struct remedied *at, const struct proposal *own, const struct proposal *wanted,
                         bool ike)
{
    struct typing t = { .m = m, .at = at, .own = own, .wanted = wanted, .ike = ike };
    struct proposal mine, theirs = *wanted;
    theirs.next = NULL;
    t.wanted = &theirs;
    if (at->device && config_supplied(m, at->device))
        t.list = ike ? config_offered_proposals(m, at->device, at->local, m->run)
                     : config_transform_sets(m, at->device, at->peer, at->entry, m->run);
    t.nearest = nearest_of(t.list, &theirs);
    if (t.nearest && t.nearest->record) {
        mine = t.nearest->proposal;
        mine.next = NULL;
        t.own = &mine;
    }
    struct matrix x = t.own ? matrix_of(t.own, &theirs) : (struct matrix){ .count = 0 };
    buffer_init(&t.out, 2 * REMEDY);
    const char *lead = x.count ? (ike ? remedy_ike(&t, &x) : remedy_esp(&t, &x)) : "";
    struct remedy r = { .weak = t.weak };
    if (!t.failed && t.out.len)
        r.text = arena_format(m->run, "%s%.*s%s", lead, TEXT_ARGS(buffer_view(&t.out)),
                              t.partial ? ", beside what it has: each line replaces its list" : "");
    buffer_clear(&t.out);
    return r;
}

/* ---- a set of other protocols ---- */

/* Behind its name, as its own router has it: "esp-aes 256 esp-sha256-hmac". */
static struct text words_of_set(const struct record *set)
{
    struct text line = record_line(set, set->first_line);
    const size_t at = text_find(line, set->title);
    return at == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_trim(text_from(line, at + set->title.len));
}

/* The words of a transform set that is one of an ASA's proposals. */
static struct text words_of_proposal(struct typing *t)
{
    const struct transform *encr = choose(t, TRANSFORM_ENCR),
                           *integ = proposal_combined(t->wanted) ? NULL : choose(t, TRANSFORM_INTEG);
    if (t->failed)
        return (struct text){ NULL, 0 };
    struct text cipher = vendor_line(t->m->run, PLATFORM_IOS, false, *encr),
                hash = integ ? vendor_line(t->m->run, PLATFORM_IOS, false, *integ) : TEXT("");
    return arena_format(t->m->run, "%.*s%s%.*s", TEXT_ARGS(cipher), hash.len ? " " : "", TEXT_ARGS(hash));
}

struct remedy remedy_set(struct model *m, const struct remedied *at, const struct configured *wanted)
{
    struct proposal theirs = wanted->proposal;
    theirs.next = NULL;
    struct typing t = { .m = m, .at = at, .wanted = &theirs };
    const bool asa = at->platform == PLATFORM_ASA, of_ios = wanted->record && strcmp(wanted->record->name, "transform-set") == 0;
    const bool encrypts = proposal_transform(&theirs, TRANSFORM_ENCR) != NULL;
    t.list = config_transform_sets(m, at->device, at->peer, at->entry, m->run);
    buffer_init(&t.out, 2 * REMEDY);
    struct remedy r = { .weak = !encrypts };
    if (asa && theirs.protocol == PROTOCOL_ESP) {
        const char *lead = second_ipsec_proposal(&t);
        r.text = t.failed ? TEXT("") : arena_format(m->run, "%s%.*s", lead, TEXT_ARGS(buffer_view(&t.out)));
    } else if (!asa) {
        const struct text words = of_ios ? words_of_set(wanted->record) : words_of_proposal(&t);
        STEP(&t, "crypto ipsec transform-set NEW %.*s", TEXT_ARGS(words));
        if (wanted->mode == MODE_TRANSPORT)
            step(&t, TEXT("mode transport"));
        step(&t, TEXT("exit"));
        put_binding(&t, "set transform-set");
        r.text = words.len ? arena_format(m->run, "make a second transform set, as the other end has it, and bind both: %.*s",
                                          TEXT_ARGS(buffer_view(&t.out)))
                           : TEXT("");
    }
    buffer_clear(&t.out);
    return r;
}
