/*
 * What other parsers read from real output, every value of it must be among our facts. Their names differ, and their
 * types: a value is looked for as text, number, address, endpoint, algorithm, SPI or truth.
 *
 * Where they and we disagree on purpose:
 * - an SPI of 0 is no SPI: we leave it out;
 * - the decimal in "0x4321DCBA(0987612345)" is the same number again; one sample was made anonymous so that it is not;
 * - units ("Seconds") are part of our names; a login time is one text, theirs are its words;
 * - one of them takes the second half of "Tunnel ID: 6539.1" as a session id; ours is the whole;
 * - one of them drops the second word of "transform: esp-3des esp-md5-hmac": the peer is wrong.
 */
#include <glob.h>

#include "base/yaml.h"
#include "parser/algorithms.h"
#include "parser/fields.h"
#include "sections.h"
#include "test.h"

static struct text facts_words[20000]; /* texts of all facts of the record in work */
static size_t word_count;
static const struct fact *all[20000];
static size_t all_count;

static void gather(const struct fact *f)
{
    for (; f; f = f->next) {
        if (all_count < 20000)
            all[all_count++] = f;
        if (f->kind == FACT_TEXT && word_count < 20000)
            facts_words[word_count++] = f->as.text;
        if (f->kind == FACT_LIST || f->kind == FACT_GROUP)
            gather(f->as.child);
    }
}

static bool has_text(struct text t)
{
    for (size_t i = 0; i < word_count; i++)
        if (text_equal_nocase(text_strip(facts_words[i], "().,"), t))
            return true;
    return false;
}

static bool has_part(struct text t)
{
    for (size_t i = 0; i < word_count; i++)
        if (text_has(facts_words[i], t))
            return true;
    return false;
}

static bool has_number(uint64_t n)
{
    for (size_t i = 0; i < all_count; i++)
        if (all[i]->kind == FACT_NUMBER && all[i]->as.number == n)
            return true;
    return false;
}

static bool has_code(enum registry r, uint64_t n)
{
    for (size_t i = 0; i < all_count; i++)
        if (all[i]->kind == FACT_CODE && all[i]->registry == r && all[i]->as.number == n)
            return true;
    return false;
}

static bool has_bool(bool v)
{
    for (size_t i = 0; i < all_count; i++)
        if (all[i]->kind == FACT_BOOL && (all[i]->as.number != 0) == v)
            return true;
    return false;
}

static bool has_address(struct address a)
{
    for (size_t i = 0; i < all_count; i++)
        if (all[i]->kind == FACT_ADDRESS && address_equal(all[i]->as.address, a))
            return true;
    return false;
}

static bool has_algorithm(struct text t)
{
    struct transform x;
    unsigned method;
    return (algorithm_encryption(t, &x) && has_code(REGISTRY_ENCR, x.id)) ||
           (algorithm_integrity(t, &x) && has_code(REGISTRY_INTEG, x.id)) ||
           (algorithm_prf(t, &x) && has_code(REGISTRY_PRF, x.id)) || (algorithm_ke(t, &x) && has_code(REGISTRY_KE, x.id)) ||
           (algorithm_auth(t, &method) && has_code(REGISTRY_AUTH, method));
}

static bool has_truth(struct text t)
{
    static const char *const yes[] = { "y", "yes", "true", "enabled", NULL }, *const no[] = { "n", "no", "false", "disabled",
                                                                                              NULL };
    /* "no" for "NAT-T is not detected", where we keep the words */
    return (text_in(t, yes) && has_bool(true)) || (text_in(t, no) && (has_bool(false) || has_part(TEXT("not "))));
}

static bool has_spi(struct text t)
{
    char digits[9] = "00000000";
    if (!text_starts_nocase(t, TEXT("0x")))
        return false;
    struct text hex = text_from(text_upto(t, text_find_byte(t, '(')), 2);
    uint64_t number;
    if (!text_number(hex, 16, &number))
        return false;
    if (number == 0)
        return true;
    if (hex.len <= 8)
        memcpy(digits + 8 - hex.len, hex.at, hex.len);
    return has_text(text_of(digits));
}

static bool has_value(struct text t);

static bool has_all(struct text t, char separator)
{
    struct text part, rest = t;
    unsigned n = 0;
    if (text_find_byte(t, separator) == TEXT_NOWHERE)
        return false;
    while (text_cut(&rest, separator, &part)) {
        part = text_strip(part, "()->");
        if (part.len && !has_value(part))
            return false;
        n++;
    }
    return n > 1;
}

static bool has_value(struct text t)
{
    struct address a;
    uint64_t n;
    t = text_strip(t, "().,");
    if (t.len == 0 || has_text(t) || (text_number(t, 10, &n) && has_number(n)) || has_algorithm(t) || has_truth(t) || has_spi(t))
        return true;
    if (address_read(t, &a) && has_address(a))
        return true;
    if (text_ends(t, TEXT(" bytes")))
        return has_value(text_upto(t, t.len - 6));
    return has_all(t, ' ') || has_all(t, '/') || has_all(t, ',');
}

static bool exempt(struct text key, struct text value)
{
    if (text_ends(key, TEXT("_unit")) || text_ends(key, TEXT("spi_dec")))
        return true;
    if (text_starts(key, TEXT("login_")) || text_equal(key, TEXT("session_type")) || text_equal(key, TEXT("session_id")) ||
        text_equal(key, TEXT("flow_id")))
        return has_part(value);
    if (text_equal(key, TEXT("flow_id_val")) || text_equal(key, TEXT("transform")))
        return has_part(value);
    if (text_equal(key, TEXT("version")))
        return has_number((uint64_t)(value.at[value.len - 1] - '0'));
    uint32_t protocol;
    if (text_equal(key, TEXT("sa_type")))
        return registry_number(REGISTRY_PROTOCOL, value, &protocol) && has_code(REGISTRY_PROTOCOL, protocol);
    return false;
}

static unsigned values;

static void compare(const char *path, const struct yaml_node *node)
{
    for (; node; node = node->next) {
        if (node->kind != YAML_SCALAR) {
            compare(path, node->first);
            continue;
        }
        values++;
        bool found = exempt(node->key, node->text) || has_value(node->text);
        test_checks++;
        if (!found) {
            test_failures++;
            fprintf(stderr, "%s:%u: no fact has %.*s: '%.*s'\n", path, node->line, TEXT_ARGS(node->key), TEXT_ARGS(node->text));
        }
    }
}

/* ".../show_crypto_ikev2_sa--ShowCryptoIkev2Sa/x.txt" is output of "show crypto ikev2 sa". */
static void command_of(const char *path, char out[static 200])
{
    const char *end = strrchr(path, '/'), *start = end;
    while (start > path && start[-1] != '/')
        start--;
    size_t n = 0;
    for (; start < end && n < 199 && !(start[0] == '-' && start[1] == '-'); start++)
        out[n++] = *start == '_' ? ' ' : *start;
    out[n] = 0;
}

static void check_file(const char *path)
{
    char command[200], truth_path[512];
    command_of(path, command);
    struct text raw = file_text(path), truth = { NULL, 0 };
    static const char *const endings[] = { ".json", ".yml" };
    for (unsigned i = 0; i < 2 && !truth.at; i++) {
        snprintf(truth_path, sizeof truth_path, "%.*s%s", (int)strlen(path) - 4, path, endings[i]);
        truth = file_text(truth_path);
    }
    const struct section_reader *reader = reader_for(command);
    CHECK(truth.at && reader);
    if (!truth.at || !reader)
        return;
    struct model *m = model_create();
    struct arena *scratch = arena_create(), *tree = arena_create();
    struct section s = section_of(m, scratch, raw, command);
    reader->read(&s);
    CHECK(m->records != NULL);
    all_count = word_count = 0;
    gather(m->records ? m->records->facts : NULL);
    CHECK_NUMBER(lines_of_class(&s, LINE_UNPARSED), 0);
    for (size_t i = 0; i < s.count; i++)
        if (s.lines[i].class == LINE_UNPARSED)
            fprintf(stderr, "%s:%u: not read: %.*s\n", path, s.lines[i].number, TEXT_ARGS(s.lines[i].text));
    struct error err = { 0 };
    struct yaml_node *root = yaml_read(truth, truth_path, tree, &err);
    CHECK(root != NULL);
    if (!root)
        fprintf(stderr, "%s\n", err.text);
    else
        compare(truth_path, root);
    arena_destroy(tree);
    arena_destroy(scratch);
    model_destroy(m);
    free((char *)(uintptr_t)raw.at);
    free((char *)(uintptr_t)truth.at);
}

int main(void)
{
    glob_t g;
    if (glob("../shared/reference/show/*/*/*.txt", 0, NULL, &g) != 0) {
        printf("skipped: no ../shared/reference/show\n");
        return 77;
    }
    for (size_t i = 0; i < g.gl_pathc; i++)
        check_file(g.gl_pathv[i]);
    printf("%zu files, %u values\n", g.gl_pathc, values);
    globfree(&g);
    return TEST_REPORT();
}
