/* Lines to words, words to commands, commands to objects. */
#include "parser/configuration.h"

#include <assert.h>

#include "base/limits.h"
#include "parser/algorithms.h"

static const struct config_table *const tables[] = {
    &config_ikev2_table, &config_ipsec_table, &config_acl_table, &config_system_table, &config_asa_table,
};

/* ---- objects ---- */

static struct config_object *object_new(struct config *c, const char *kind, struct text title)
{
    struct record *r = model_add_record(c->model, INPUT_CONFIG, kind);
    r->title = arena_text(c->model->read, title);
    r->input = c->section->input;
    r->device = c->device;
    r->first_line = r->last_line = c->line;
    struct config_object *o = arena_new(c->section->scratch, struct config_object);
    o->record = r;
    o->into = facts_into(c->model->read, &r->facts);
    buffer_init(&o->text, LIMIT_RECORD);
    if (c->objects_last)
        c->objects_last->next = o;
    else
        c->objects = o;
    c->objects_last = o;
    if (!c->first)
        c->first = o;
    return o;
}

static void next_router(struct config *c, uint32_t device)
{
    map_clear(&c->by_name);
    c->by_name = (struct map){ .count = 0 };
    c->first = NULL;
    c->object = NULL;
    c->group = NULL;
    c->device = device;
    c->routers++;
    c->prose = false;
    config_extent_next(c);
}

void config_router(struct config *c, struct text name)
{
    if (c->section->input < c->model->input_count &&
        model_input(c->model, c->section->input)->device) /* the user said whose it is */
        return;
    uint32_t device = model_device_in(c->model, c->section->input, name);
    /* the mark that this router was named: no object's key begins so */
    if (c->first && map_find(&c->by_name, bytes_of_text(TEXT("\001router"))) && c->device != device)
        next_router(c, device);
    map_put(&c->by_name, bytes_of_text(TEXT("\001router")), c);
    for (struct config_object *o = c->first; o; o = o->next)
        o->record->device = device;
    c->device = device;
}

/* The same object again, with a page's words between: the configuration of the other router has begun. */
static bool another_router(const struct config *c, const char *kind)
{
    static const char *const once[] = { "interface", "ikev2-proposal", "ikev2-keyring", "ikev2-profile", "ipsec-profile", NULL };
    return c->prose && text_in(text_of(kind), once);
}

void config_open(struct config *c, const char *kind, struct text title, enum config_context context)
{
    struct text key = arena_format(c->section->scratch, "%s %.*s", kind, TEXT_ARGS(title));
    struct config_object *o = map_find(&c->by_name, bytes_of_text(key));
    if (o && another_router(c, kind)) {
        struct text name = c->model->devices[c->section->device].name;
        next_router(
            c, model_device_of_file(c->model, arena_format(c->section->scratch, "%.*s/%u", TEXT_ARGS(name), c->routers + 2)));
        o = NULL;
    }
    if (!o) {
        o = object_new(c, kind, title);
        map_put(&c->by_name, bytes_of_text(key), o);
    }
    c->object = o;
    c->group = NULL;
    c->context = (uint8_t)context;
    c->touched = true;
}

void config_begin_group(struct config *c, const char *list, enum config_context context)
{
    c->group = NULL;
    struct facts into = config_list(c, list);
    c->group = fact_group(&into, NULL);
    c->group->line = c->line;
    c->group_into = facts_into(c->model->read, &c->group->as.child);
    c->context = (uint8_t)context;
}

struct facts *config_at(struct config *c)
{
    assert(c->object);
    return c->group ? &c->group_into : &c->object->into;
}

struct facts config_list(struct config *c, const char *name)
{
    struct facts *into = config_at(c);
    struct fact *first = c->group ? fact_children(c->group) : c->object->record->facts;
    struct fact *list = (struct fact *)(uintptr_t)fact_find(first, name);
    if (!list) {
        list = fact_list(into, name);
        list->line = c->line;
    }
    struct facts f = { c->model->read, list == c->tail_list ? c->tail : &list->as.child };
    while (*f.at)
        f.at = &(*f.at)->next;
    c->tail_list = list;
    c->tail = f.at;
    return f;
}

void config_text(struct config *c, const char *name, struct text value)
{
    if (value.len)
        fact_text(config_at(c), name, value)->line = c->line;
}

void config_number(struct config *c, const char *name, uint64_t number)
{
    fact_number(config_at(c), name, number)->line = c->line;
}

void config_bool(struct config *c, const char *name, bool value)
{
    fact_bool(config_at(c), name, value)->line = c->line;
}

struct text config_joined(struct config *c, const struct config_args *a, size_t from)
{
    struct buffer b;
    buffer_init(&b, LIMIT_LINE);
    for (size_t i = from; i < a->count; i++) {
        if (i > from)
            buffer_byte(&b, ' ');
        buffer_text(&b, a->word[i]);
    }
    struct text t = arena_text(c->section->scratch, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

/* ---- values that several families share ---- */

void config_transform(struct config *c, struct transform t, unsigned protocol, struct text word)
{
    struct facts list = config_list(c, "transforms");
    struct fact *group = fact_group(&list, NULL);
    group->line = c->line;
    struct facts f = facts_into(c->model->read, &group->as.child);
    if (protocol)
        fact_code(&f, "protocol", REGISTRY_PROTOCOL, protocol);
    if (t.type) {
        fact_code(&f, "type", REGISTRY_TRANSFORM, t.type);
        fact_number(&f, "id", t.id);
        fact_code(&f, "name", transform_registry(t.type), t.id);
    }
    if (t.key_length)
        fact_number(&f, "key_length", t.key_length);
    if (word.len)
        fact_text(&f, "word", word);
    c->last_transform = group;
}

/* A number that tells equal keys from different ones inside this run and says nothing to anybody else: it depends on where
 * the model lies in memory, and no reporter prints a fact whose name begins with a dot. */
static uint64_t key_digest(const struct config *c, struct bytes key)
{
    uint64_t mixed[2] = { hash_bytes(key), (uint64_t)(uintptr_t)c->model };
    return hash_bytes(bytes_over(mixed, sizeof mixed));
}

void config_key(struct config *c, const char *side, const struct text *words, size_t count)
{
    static const char *const forms[] = { "0", "6", "7", "8", "hex", NULL };
    const char *form = "clear";
    if (count > 1 && text_in(words[0], forms)) {
        if (words[0].at[0] != '0')
            form = names_intern(&c->model->names, words[0]);
        words++;
        count--;
    }
    if (count == 0)
        return;
    /* a key may hold blanks: it is the rest of the line */
    struct text key = { words[0].at, (size_t)(words[count - 1].at + words[count - 1].len - words[0].at) };
    struct facts list = config_list(c, "keys");
    struct fact *group = fact_group(&list, NULL);
    group->line = c->line;
    struct facts f = facts_into(c->model->read, &group->as.child);
    fact_text(&f, "side", text_of(side));
    bool masked = true;
    for (size_t i = 0; i < key.len; i++)
        masked = masked && (key.at[i] == '*' || (key.at[i] & 0x80) || key.at[i] == '<' || key.at[i] == '>');
    /* "<removed>" tells nothing, "<removed-2>" of `ikescope redact` whether two are equal */
    masked = masked || (text_starts(key, TEXT("<")) && !text_starts(key, TEXT("<removed-")));
    fact_text(&f, "form", text_of(masked ? "masked" : form));
    uint8_t octets[512];
    size_t hex = strcmp(form, "hex") == 0 ? text_unhex(key, octets, sizeof octets) : TEXT_NOWHERE;
    if (!masked && hex != TEXT_NOWHERE)
        fact_number(&f, ".key_digest", key_digest(c, bytes_over(octets, hex)));
    else if (!masked && strcmp(form, "clear") == 0)
        fact_number(&f, ".key_digest", key_digest(c, bytes_of_text(key)));
    const struct fact *all = c->group ? fact_children(c->group) : c->object->record->facts;
    if (!fact_find(all, "has_key"))
        config_bool(c, "has_key", true);
}

static struct address with_mask(struct address a, struct address mask, bool wildcard, bool last)
{
    for (size_t i = 0; i < address_length(a); i++) {
        uint8_t free_bits = wildcard ? mask.octets[i] : (uint8_t)~mask.octets[i];
        a.octets[i] = (uint8_t)(last ? a.octets[i] | free_bits : a.octets[i] & (uint8_t)~free_bits);
    }
    return a;
}

static struct address prefix_mask(struct address like, uint64_t bits)
{
    struct address mask = { .family = like.family };
    for (size_t i = 0; i < address_length(like); i++) {
        uint64_t here = bits > 8 * i ? bits - 8 * i : 0;
        mask.octets[i] = (uint8_t)(here >= 8 ? 0xff : 0xff00 >> here);
    }
    return mask;
}

/* 255.255.0.0 can only be a mask, 0.0.255.255 only a wildcard; the two ends are either. */
static bool looks_wildcard(struct address mask, bool wildcard)
{
    size_t last = address_length(mask);
    if (last == 0 || mask.octets[0] == mask.octets[last - 1])
        return wildcard;
    return mask.octets[0] < mask.octets[last - 1];
}

size_t config_network(const struct text *words, size_t count, bool wildcard, struct address *start, struct address *end)
{
    struct address a, mask;
    uint64_t bits;
    if (count == 0)
        return 0;
    size_t slash = text_find_byte(words[0], '/');
    if (!address_read(text_upto(words[0], slash), &a) || address_length(a) == 0)
        return 0;
    *start = *end = a;
    size_t taken = 1;
    if (slash != TEXT_NOWHERE) {
        if (!text_number(text_from(words[0], slash + 1), 10, &bits) || bits > 8 * address_length(a))
            return 0;
        mask = prefix_mask(a, bits);
        wildcard = false;
    } else if (count > 1 && address_read(words[1], &mask) && mask.family == a.family) {
        wildcard = looks_wildcard(mask, wildcard);
        taken = 2;
    } else {
        return 1;
    }
    *start = with_mask(a, mask, wildcard, false);
    *end = with_mask(a, mask, wildcard, true);
    return taken;
}

void config_identity(struct config *c, struct facts *f, const struct text *words, size_t count)
{
    static const struct {
        const char *word;
        uint8_t type;
    } kinds[] = {
        { "fqdn", ID_FQDN },      { "email", ID_RFC822_ADDR }, { "key-id", ID_KEY_ID },
        { "dn", ID_DER_ASN1_DN }, { "hostname", ID_FQDN },
    };
    struct address start, end;
    (void)c;
    if (count == 0)
        return;
    if (text_equal_nocase(words[0], TEXT("any"))) {
        fact_bool(f, "any", true);
        return;
    }
    if (text_equal_nocase(words[0], TEXT("address"))) {
        size_t at = count > 1 && text_equal_nocase(words[1], TEXT("ipv6")) ? 2 : 1;
        if (config_network(words + at, count - at, false, &start, &end)) {
            /* "address 0.0.0.0" without a mask is any address */
            struct address zero = { .family = start.family };
            if (count - at == 1 && address_equal(start, zero) && text_find_byte(words[at], '/') == TEXT_NOWHERE)
                end = with_mask(start, zero, false, true);
            fact_code(f, "id_type", REGISTRY_ID, start.family == ADDRESS_IPV6 ? ID_IPV6_ADDR : ID_IPV4_ADDR);
            fact_text(f, "id", words[at]);
            fact_address(f, "start", start);
            fact_address(f, "end", end);
        }
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!text_equal_nocase(words[0], text_of(kinds[i].word)))
            continue;
        size_t at = count > 2 && text_equal_nocase(words[1], TEXT("domain")) ? 2 : 1;
        fact_code(f, "id_type", REGISTRY_ID, kinds[i].type);
        if (at == 2)
            fact_bool(f, "domain", true);
        if (at < count)
            fact_text(f, "id", words[at]);
    }
}

/* ---- commands ---- */

/* How many words of the line the row's words cover; 0 when they are others. */
static size_t match_words(const struct text *words, size_t count, const char *form)
{
    struct text want, rest = text_of(form);
    size_t n = 0;
    while (text_word(&rest, &want)) {
        if (n >= count || !text_equal(words[n], want))
            return 0;
        n++;
    }
    return n;
}

static const struct config_command *find_command(enum config_context context, const struct text *words, size_t count,
                                                 size_t *length)
{
    const struct config_command *best = NULL;
    *length = 0;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct config_command *row = &tables[t]->commands[i];
            if (row->in != context)
                continue;
            size_t n = match_words(words, count, row->words);
            if (n > *length) {
                best = row;
                *length = n;
            }
        }
    }
    return best;
}

/* A keyring's peer is inside its keyring: the keyring's own commands may follow. */
static enum config_context outer(enum config_context context)
{
    return context == IN_PEER ? IN_KEYRING : context;
}

static const struct config_command *find_here(struct config *c, const struct text *words, size_t count, size_t *length)
{
    if (c->context == IN_GLOBAL || c->context == IN_ELSEWHERE)
        return NULL;
    const struct config_command *row = find_command(c->context, words, count, length);
    if (!row && outer(c->context) != c->context) {
        row = find_command(outer(c->context), words, count, length);
        if (row)
            c->group = NULL;
    }
    return row;
}

static void run_row(struct config *c, const struct config_command *row, const struct config_args *a)
{
    struct address address;
    uint64_t number;
    switch (row->kind) {
    case CONFIG_OWN:
        row->own(c, a);
        return;
    case CONFIG_SET:
        config_bool(c, row->fact, !a->no);
        return;
    case CONFIG_IGNORED:
        return;
    default:
        break;
    }
    if (a->no) {
        config_bool(c, row->fact, false);
        return;
    }
    if (a->count == 0)
        return;
    struct facts list;
    switch (row->kind) {
    case CONFIG_WORD:
        config_text(c, row->fact, a->word[0]);
        break;
    case CONFIG_NUMBER:
        if (text_number(a->word[0], 10, &number))
            config_number(c, row->fact, number);
        else
            config_text(c, row->fact, config_joined(c, a, 0));
        break;
    case CONFIG_ADDRESS:
        if (address_read(a->word[0], &address))
            fact_address(config_at(c), row->fact, address)->line = c->line;
        else
            config_text(c, row->fact, a->word[0]);
        break;
    case CONFIG_LIST:
        list = config_list(c, row->fact);
        for (size_t i = 0; i < a->count; i++)
            fact_text(&list, NULL, a->word[i])->line = c->line;
        break;
    default:
        config_text(c, row->fact, config_joined(c, a, 0));
    }
}

/* How many words behind the command are its arguments. A list ends where another command begins: in a table of a web page
 * all lines of an object can stand in one. */
static size_t argument_count(struct config *c, const struct config_command *row, const struct text *words, size_t count)
{
    size_t most = row->most > count ? count : row->most, length;
    if (row->most == CONFIG_REST)
        return count;
    for (size_t i = 1; i < most; i++) {
        if (find_here(c, words + i, count - i, &length))
            return i;
        if (text_equal(words[i], TEXT("crypto")) && find_command(IN_GLOBAL, words + i, count - i, &length))
            return i;
    }
    return most;
}

static size_t run_command(struct config *c, const struct config_command *row, size_t length, const struct text *words,
                          size_t count, bool no)
{
    struct config_args a = { .no = no, .fact = row->fact };
    a.count = argument_count(c, row, words + length, count - length);
    for (size_t i = 0; i < a.count; i++)
        a.word[i] = words[length + i];
    if (row->in == IN_GLOBAL) {
        c->object = NULL;
        c->group = NULL;
        c->context = IN_GLOBAL;
    }
    c->touched = row->in != IN_GLOBAL;
    run_row(c, row, &a);
    return length + a.count;
}

bool config_run(struct config *c, enum config_context context, const struct text *words, size_t count)
{
    size_t length;
    const struct config_command *row = find_command(context, words, count, &length);
    if (!row)
        return false;
    c->context = (uint8_t)context;
    (void)run_command(c, row, length, words, count, false);
    return true;
}

/* ---- lines ---- */

/* Words that a translation left, and the command they were. */
static const struct {
    const char *theirs, *ours;
} translated[] = {
    { "\xe7\xb5\x84", "group" },                /* U+7D44 */
    { "\xe5\xbb\xba\xe8\xad\xb0", "proposal" }, /* U+5EFA U+8B70 */
};

static void put_word(struct text *words, size_t *count, struct text word)
{
    /* "2crypto", as tables of web pages glue lines */
    static const char *const glued = "crypto";
    if (word.len > 6 && text_ends(word, text_of(glued)) && *count + 1 < CONFIG_WORDS) {
        char before = word.at[word.len - 7];
        if (before >= '0' && before <= '9') {
            words[(*count)++] = text_upto(word, word.len - 6);
            word = text_from(word, word.len - 6);
        }
    }
    if (word.len && *count < CONFIG_WORDS)
        words[(*count)++] = word;
}

static size_t split_words(struct text line, struct text *words)
{
    struct text word, rest = line;
    size_t count = 0;
    while (text_word(&rest, &word) && count < CONFIG_WORDS) {
        size_t start = 0;
        for (size_t i = 0; i < word.len;) {
            if ((unsigned char)word.at[i] < 0x80) {
                i++;
                continue;
            }
            size_t end = i;
            while (end < word.len && (unsigned char)word.at[end] >= 0x80)
                end++;
            struct text foreign = text_upto(text_from(word, i), end - i);
            put_word(words, &count, text_upto(text_from(word, start), i - start));
            for (size_t k = 0; k < sizeof translated / sizeof translated[0]; k++)
                if (text_has(foreign, text_of(translated[k].theirs)))
                    put_word(words, &count, text_of(translated[k].ours));
            i = start = end;
        }
        put_word(words, &count, text_from(word, start));
    }
    return count;
}

static void add_line(struct config *c, struct config_object *o, struct text line)
{
    if (o->line_count && o->lines[o->line_count - 1] == c->line)
        return;
    if (o->line_count == o->line_room) {
        o->line_room = o->line_room ? 2 * o->line_room : 8;
        o->lines = memory_grow(o->lines, o->line_room * sizeof *o->lines);
    }
    if (o->line_count)
        buffer_byte(&o->text, '\n');
    buffer_text(&o->text, line);
    o->lines[o->line_count++] = c->line;
    o->record->last_line = c->line;
}

static void unknown_line(struct config *c, struct text line)
{
    struct config_object *o = c->object;
    if (!o->unknown.arena) {
        struct fact *list = fact_list(&o->into, "unknown");
        o->unknown = facts_into(c->model->read, &list->as.child);
    }
    fact_text(&o->unknown, NULL, text_trim(line))->line = c->line;
}

/* Commands that begin something else on a router: they end an object in a configuration without indentation. */
static bool begins_elsewhere(struct text word)
{
    static const char *const words[] = { "router",
                                         "line",
                                         "end",
                                         "aaa",
                                         "ntp",
                                         "logging",
                                         "snmp-server",
                                         "username",
                                         "service",
                                         "version",
                                         "boot",
                                         "vrf",
                                         "class-map",
                                         "policy-map",
                                         "route-map",
                                         "route",
                                         "banner",
                                         "control-plane",
                                         "license",
                                         "spanning-tree",
                                         "redundancy",
                                         "archive",
                                         "nat",
                                         "mtu",
                                         "icmp",
                                         "timeout",
                                         "ssh",
                                         "telnet",
                                         "http",
                                         "console",
                                         "threat-detection",
                                         "webvpn",
                                         "service-policy",
                                         "prompt",
                                         "names",
                                         "pager",
                                         "failover",
                                         "asdm",
                                         "arp",
                                         "sysopt",
                                         "flow",
                                         "event",
                                         "alias",
                                         "clock",
                                         "enable",
                                         "memory",
                                         "subscriber",
                                         "multilink",
                                         "voice",
                                         "key",
                                         "track",
                                         "call-home",
                                         "platform",
                                         "diagnostic",
                                         NULL };
    return text_in(word, words);
}

static enum line_class other_line(struct config *c, struct text first, bool indented, struct text line)
{
    bool prose = false;
    for (size_t i = 0; i < line.len; i++)
        prose = prose || (unsigned char)line.at[i] >= 0x80;
    if (prose) {
        c->prose = c->first != NULL;
        return LINE_NOISE;
    }
    bool inside = c->object && c->context != IN_GLOBAL && c->context != IN_ELSEWHERE && (indented || !c->indented);
    if (!indented && (c->indented || begins_elsewhere(first) || text_starts(line, TEXT("ip route")))) {
        c->context = IN_ELSEWHERE;
        c->object = NULL;
        return LINE_NOISE;
    }
    if (!inside || c->context == IN_INTERFACE || c->context == IN_TRUSTPOINT || c->context == IN_GROUP_POLICY)
        return LINE_NOISE; /* an interface has hundreds of commands that do not matter here */
    unknown_line(c, line);
    return LINE_UNPARSED;
}

/* line is what stands there, shown what may be kept of it: the same without secrets. */
static enum line_class take_line(struct config *c, struct text line, struct text shown)
{
    struct text words[CONFIG_WORDS], command, plain = text_trim(line);
    bool indented = line.len && (line.at[0] == ' ' || line.at[0] == '\t');
    if (plain.len == 0)
        return LINE_BLANK;
    config_extent(c, plain);
    if (c->context == IN_CERTIFICATE) { /* hex rows until "quit" */
        if (text_equal(plain, TEXT("quit")))
            c->context = IN_GLOBAL;
        if (!text_starts(plain, TEXT("crypto ")))
            return LINE_NOISE;
    }
    if (plain.at[0] == '!' && indented && c->indented)
        return LINE_NOISE; /* IOS prints one behind every peer of a keyring: the keyring goes on */
    if (plain.at[0] == '!' || plain.at[0] == ':' || text_equal(plain, TEXT("end"))) {
        c->context = IN_GLOBAL;
        c->object = NULL;
        return LINE_NOISE;
    }
    if (is_prompt(plain, &command))
        return LINE_NOISE;
    size_t count = split_words(plain, words), at = 0;
    bool known = false;
    uint64_t number;
    c->sequence = (struct text){ NULL, 0 };
    if (c->context == IN_ACL && count > 1 && text_number(words[0], 10, &number))
        c->sequence = words[at++];
    while (at < count) {
        bool no = text_equal(words[at], TEXT("no")) || text_equal(words[at], TEXT("default"));
        size_t length = 0, skip = no ? 1 : 0;
        const struct config_command *row = NULL;
        if (indented || !c->indented || known)
            row = find_here(c, words + at + skip, count - at - skip, &length);
        if (!row && (!indented || !c->indented || known || c->context == IN_GLOBAL || c->context == IN_ELSEWHERE))
            row = find_command(IN_GLOBAL, words + at + skip, count - at - skip, &length);
        if (!row)
            break;
        at += skip + run_command(c, row, length, words + at + skip, count - at - skip, no);
        if (c->object && c->touched)
            add_line(c, c->object, shown);
        known = true;
    }
    if (known)
        return LINE_EVENT;
    return count ? other_line(c, words[0], indented, shown) : LINE_NOISE;
}

/* ---- secrets ---- */

void config_mask(struct text line, struct buffer *out)
{
    /* behind one of these words, and any of the second list, one secret stands; behind a pre-shared key, the rest is it */
    static const char *const before[] = {
        "pre-shared-key", "password",           "secret",      "community", "key-string", "shared-secret",
        "passphrase",     "authentication-key", "session-key", NULL
    };
    static const char *const between[] = { "local",  "remote",        "0",         "5",       "6",        "7",   "8",
                                           "9",      "hex",           "encrypted", "inbound", "outbound", "esp", "ah",
                                           "cipher", "authenticator", NULL };
    static const char *const peers[] = { "address", "hostname", NULL };
    struct text word, rest = line;
    bool key_follows = false, nhrp = false, armed = false, all = false;
    const char *done = line.at;
    while (text_word(&rest, &word)) {
        buffer_text(out, (struct text){ done, (size_t)(word.at - done) });
        done = word.at + word.len;
        if (armed && text_in(word, peers)) {
            armed = all = false; /* "pre-shared-key address 10.0.0.1 key K" */
        } else if (armed && !text_in(word, between)) {
            buffer_string(out, "******");
            armed = false;
            if (all)
                return;
            continue;
        }
        bool psk = text_equal(word, TEXT("pre-shared-key"));
        armed = armed || text_in(word, before) || (text_equal(word, TEXT("key")) && key_follows) ||
                (text_equal(word, TEXT("authentication")) && nhrp);
        all = all || psk;
        key_follows = key_follows || psk || text_equal(word, TEXT("isakmp")) || text_equal(word, TEXT("pre-share")) ||
                      text_equal(word, TEXT("ppk"));
        nhrp = nhrp || text_equal(word, TEXT("nhrp"));
        buffer_text(out, word);
    }
    if (line.at)
        buffer_text(out, (struct text){ done, (size_t)(line.at + line.len - done) });
}

/* ---- the section ---- */

static bool is_asa_word(struct text line)
{
    static const char *const starts[] = { "ASA Version",        "tunnel-group ",          "nameif ",
                                          "security-level ",    "group-policy ",          "object network ",
                                          "object-group ",      "crypto ipsec ikev2 ",    "crypto ikev2 enable ",
                                          "NGFW Version",       "same-security-traffic ", "crypto ikev1 ",
                                          "crypto ipsec ikev1 " };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (text_starts(line, text_of(starts[i])))
            return true;
    return text_starts(line, TEXT("access-list ")) && text_has(line, TEXT(" extended "));
}

/* Are sub-commands indented here? Anything indented below a line that opens an object says yes. */
static void look_ahead(struct config *c)
{
    for (size_t i = 0; i < c->section->count; i++) {
        struct text line = c->section->lines[i].text, plain = text_trim(line);
        c->asa = c->asa || is_asa_word(plain);
        if (i == 0 || c->indented || plain.len == 0 || (line.at[0] != ' ' && line.at[0] != '\t') || plain.at[0] == '!')
            continue;
        struct text above = c->section->lines[i - 1].text;
        c->indented = above.len && above.at[0] != ' ' && above.at[0] != '!' &&
                      (text_starts(above, TEXT("crypto ")) || text_starts(above, TEXT("interface ")) ||
                       text_starts(above, TEXT("ip access-list ")) || text_starts(above, TEXT("tunnel-group ")) ||
                       text_starts(above, TEXT("object")) || text_starts(above, TEXT("group-policy ")));
    }
}

static void finish(struct config *c)
{
    for (struct config_object *o = c->objects; o; o = o->next) {
        struct record *r = o->record;
        r->text = arena_text(c->model->read, buffer_view(&o->text));
        limits_at(&c->model->read_limits, r->input, r->first_line, false);
        limits_over(&c->model->read_limits, OVER_RECORD, o->text.full);
        r->line_count = (uint32_t)o->line_count;
        r->line_numbers = o->line_count ? arena_array(c->model->read, uint32_t, o->line_count) : NULL;
        if (o->line_count) {
            memcpy(r->line_numbers, o->lines, o->line_count * sizeof *o->lines);
            r->first_line = o->lines[0];
        }
        buffer_clear(&o->text);
        memory_free(o->lines);
    }
    map_clear(&c->by_name);
}

void config_read(struct section *s)
{
    struct config c = { .section = s, .model = s->model, .device = s->device };
    struct buffer masked;
    buffer_init(&masked, LIMIT_LINE + 4096);
    look_ahead(&c);
    for (size_t i = 0; i < s->count; i++) {
        struct text line = s->lines[i].text;
        c.line = s->lines[i].number;
        limits_at(&s->model->read_limits, s->input, c.line, false);
        c.last_transform = NULL;
        buffer_reset(&masked);
        config_mask(line, &masked);
        /* from here on nobody sees the secret: what is kept, listed or quoted is the masked line */
        struct text safe = line;
        if (!text_equal(buffer_view(&masked), line))
            safe = arena_text(s->model->read, buffer_view(&masked));
        s->lines[i].text = safe;
        s->lines[i].class = (uint8_t)take_line(&c, line, safe);
    }
    buffer_clear(&masked);
    finish(&c);
}
