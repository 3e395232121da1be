#include "parser/names.h"

#include "parser/scan.h"

struct word_number {
    struct text word;
    uint32_t number;
};

struct typed_word {
    unsigned type;
    struct text word;
    uint32_t number;
};

#define WORD(word)                                                                                                               \
    {                                                                                                                            \
        word, sizeof(word) - 1                                                                                                   \
    }
#define X(word, number) { WORD(word), number },
static const struct word_number payloads[] = {
#include "parser/names/payload.def"
};
static const struct word_number notifies[] = {
#include "parser/names/notify.def"
};
static const struct word_number ids[] = {
#include "parser/names/id.def"
};
#undef X
#define X(type, word, number) { type, WORD(word), number },
static const struct typed_word transforms[] = {
#include "parser/names/transform.def"
};
static const struct typed_word vocabulary[] = {
#include "parser/names/word.def"
};
#undef X

/* Is the word exactly this? Told by its length and first octet in most cases. */
static bool is_word(struct text row, struct text word)
{
    return row.len == word.len && row.at[0] == word.at[0] && memcmp(row.at, word.at, word.len) == 0;
}

static bool look_up(const struct word_number *rows, size_t count, struct text word, uint32_t *number)
{
    for (size_t i = 0; i < count; i++)
        if (is_word(rows[i].word, word)) {
            *number = rows[i].number;
            return true;
        }
    return false;
}

/* "Unknown - 28675" */
static bool unknown_number(struct text word, uint32_t *number)
{
    uint64_t n;
    if (!word.len || !scan_eat(&word, "Unknown - ") || !scan_number(&word, &n) || n > UINT32_MAX)
        return false;
    *number = (uint32_t)n;
    return true;
}

unsigned name_payload(struct text word)
{
    uint32_t number;
    return look_up(payloads, COUNT_OF(payloads), word, &number) ? number : 0;
}

bool name_exchange(struct text word, uint8_t *exchange)
{
    static const struct word_number usual[] = { { WORD("IKE_SA_INIT"), EXCHANGE_IKE_SA_INIT },
                                                { WORD("IKE_AUTH"), EXCHANGE_IKE_AUTH },
                                                { WORD("CREATE_CHILD_SA"), EXCHANGE_CREATE_CHILD_SA },
                                                { WORD("INFORMATIONAL"), EXCHANGE_INFORMATIONAL } };
    uint32_t number;
    if (look_up(usual, COUNT_OF(usual), word, &number)) {
        *exchange = (uint8_t)number;
        return true;
    }
    if (!registry_number(REGISTRY_EXCHANGE, word, &number) || number > 255)
        return false;
    *exchange = (uint8_t)number;
    return true;
}

bool name_notify(struct text word, uint32_t *notify)
{
    return look_up(notifies, COUNT_OF(notifies), word, notify) || registry_number(REGISTRY_NOTIFY, word, notify) ||
           unknown_number(word, notify);
}

/* Its words are in capitals here and in small letters there. */
bool name_id_type(struct text word, uint8_t *id_type)
{
    uint32_t number;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (text_equal_nocase(ids[i].word, word)) {
            *id_type = (uint8_t)ids[i].number;
            return true;
        }
    if (!registry_number(REGISTRY_ID, word, &number) && !unknown_number(word, &number))
        return false;
    *id_type = (uint8_t)number;
    return true;
}

bool name_word(enum registry registry, struct text word, uint32_t *number)
{
    if (word.len && word.at[0] == 'U' && unknown_number(word, number))
        return true;
    for (size_t i = 0; i < COUNT_OF(vocabulary); i++)
        if (vocabulary[i].type == (unsigned)registry && is_word(vocabulary[i].word, word)) {
            *number = vocabulary[i].number;
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(vocabulary); i++)
        if (vocabulary[i].type == (unsigned)registry && text_equal_nocase(vocabulary[i].word, word)) {
            *number = vocabulary[i].number;
            return true;
        }
    return registry_number(registry, word, number) || unknown_number(word, number);
}

/* "DH_GROUP_2048_MODP/Group 14": the number behind "Group" is IANA's. */
static bool group_number(struct text word, struct transform *t)
{
    size_t at = text_find(word, TEXT("Group "));
    uint64_t n;
    if (at == TEXT_NOWHERE || text_digits(text_from(word, at + 6), 10, &n) == 0 || n > UINT16_MAX)
        return false;
    *t = (struct transform){ .type = TRANSFORM_DH, .id = (uint16_t)n };
    return true;
}

bool name_transform(unsigned type, struct text word, struct transform *t)
{
    *t = (struct transform){ .type = (uint8_t)type };
    if (type == TRANSFORM_DH && group_number(word, t))
        return true;
    for (size_t i = 0; i < COUNT_OF(transforms); i++)
        if (transforms[i].type == type && is_word(transforms[i].word, word)) {
            t->id = (uint16_t)transforms[i].number;
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(transforms); i++) {
        if (transforms[i].type != type || word.len == 0 || transforms[i].word.at[0] != word.at[0])
            continue;
        struct text name = transforms[i].word, size = text_from(word, name.len);
        if (!text_starts(word, name))
            continue;
        uint64_t bits = 0;
        if (size.len && (size.at[0] != '-' || !text_number(text_from(size, 1), 10, &bits) || bits < 40 || bits > 1024))
            continue;
        t->id = (uint16_t)transforms[i].number;
        t->key_length = (uint16_t)bits;
        return true;
    }
    uint32_t number;
    if (registry_number(transform_registry(type), word, &number) || unknown_number(word, &number)) {
        t->id = (uint16_t)number;
        return number <= UINT16_MAX;
    }
    return false;
}

bool name_transform_of(struct text word, unsigned before, bool esp, struct transform *t)
{
    if (group_number(word, t))
        return true;
    if (name_transform(TRANSFORM_ESN, word, t) && word.len > 3)
        return true;
    struct transform prf, integ, encr;
    bool is_encr = name_transform(TRANSFORM_ENCR, word, &encr), is_prf = name_transform(TRANSFORM_PRF, word, &prf),
         is_integ = name_transform(TRANSFORM_INTEG, word, &integ);
    if (is_encr && (!(before & 1u << TRANSFORM_ENCR) || (!is_prf && !is_integ))) {
        *t = encr;
        return true;
    }
    /* Of an IKE proposal the PRFs come first; SHA96 and MD596 can only be integrity. */
    if (is_prf && !esp && !(before & 1u << TRANSFORM_PRF)) {
        *t = prf;
        return true;
    }
    if (is_integ) {
        *t = integ;
        return true;
    }
    *t = prf;
    return is_prf;
}
