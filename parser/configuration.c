/* Lines to words, words to commands. */
#include "parser/configuration.h"

#include "base/limits.h"

static const struct config_table *const tables[] = {
    &config_ikev2_table, &config_ipsec_table, &config_acl_table, &config_system_table, &config_asa_table, &config_zone_table,
};

/* ---- commands ---- */

enum { ABBREVIATED_LEAST = 2 };

/* Words that a translation left, and the command they were. The line's own octets stay in the list of words: a key, say, is all
 * from one word to another. */
static const struct {
    const char *theirs, *ours;
} translated[] = {
    { "\xe7\xb5\x84", "group" },                /* U+7D44 */
    { "\xe5\xbb\xba\xe8\xad\xb0", "proposal" }, /* U+5EFA U+8B70 */
};

static bool is_foreign(char c)
{
    return (unsigned char)c >= 0x80;
}

/* Is that word another language's for ours? NULL: for anything. */
static bool is_translated(struct text word, const struct text *ours)
{
    if (word.len == 0 || !is_foreign(word.at[0]))
        return false;
    for (size_t i = 0; i < COUNT_OF(translated); i++)
        if (text_has(word, text_of(translated[i].theirs)) && (!ours || text_equal(*ours, text_of(translated[i].ours))))
            return true;
    return false;
}

/* How many words of the line the row's words cover; 0 when they are others. */
static size_t match_words(const struct text *words, size_t count, const char *form, bool abbreviated)
{
    struct text want, rest = text_of(form);
    size_t n = 0;
    while (text_word(&rest, &want)) {
        if (n >= count)
            return 0;
        const bool begun = abbreviated && words[n].len >= ABBREVIATED_LEAST && text_starts_nocase(want, words[n]);
        if (!begun && !text_equal(words[n], want) && !is_translated(words[n], &want))
            return 0;
        n++;
    }
    return n;
}

/* "tunnel source" is not begun like "tunnel-group source". */
static bool is_cut_at_hyphen(struct text word, struct text form)
{
    return text_starts_nocase(form, word) && form.len > word.len && form.at[word.len] == '-';
}

static const struct config_command *find_form(enum config_context context, const struct text *words, size_t count,
                                              bool abbreviated, size_t *length)
{
    const struct config_command *best = NULL;
    *length = 0;
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct config_command *row = &tables[t]->commands[i];
            if (row->in != context)
                continue;
            size_t n = match_words(words, count, row->words, abbreviated);
            if (n > *length && (context != IN_GLOBAL || !is_cut_at_hyphen(words[0], text_of(row->words)))) {
                best = row;
                *length = n;
            }
        }
    }
    return best;
}

/* c may be NULL. */
static const struct config_command *find_command(const struct config *c, enum config_context context, const struct text *words,
                                                 size_t count, size_t *length)
{
    const struct config_command *row = find_form(context, words, count, false, length);
    return row || !c || !c->abbreviated ? row : find_form(context, words, count, true, length);
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
    const struct config_command *row = find_command(c, c->context, words, count, length);
    if (!row && outer(c->context) != c->context) {
        row = find_command(c, outer(c->context), words, count, length);
        if (row)
            c->group = NULL;
    }
    return row;
}

enum { MEMBERS_COMPARED = 64 }; /* more than such lists usually have */

/* Who gives a command again adds nothing: all its words stand in the list. */
static bool is_listed(const struct config *c, const char *list, const struct config_args *a)
{
    for (size_t i = 0; i < a->count; i++) {
        size_t n = 0;
        const struct fact *f = config_members(c, list);
        while (f && n < MEMBERS_COMPARED && !(f->kind == FACT_TEXT && text_equal(f->as.text, a->word[i])))
            f = f->next, n++;
        if (!f || n == MEMBERS_COMPARED)
            return false;
    }
    return true;
}

/* A URL may have a password in it. */
static void put_joined(struct config *c, const char *name, const struct config_args *a)
{
    config_text(c, name, model_masked(c->model, config_joined(c, a, 0), c->section->scratch));
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
    struct text interface;
    size_t taken;
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
    case CONFIG_INTERFACE:
        interface = config_interface(c, a->word, a->count, &taken);
        config_text(c, row->fact, taken ? interface : config_joined(c, a, 0));
        break;
    case CONFIG_ADDRESS:
        if (address_read(a->word[0], &address))
            fact_address(config_at(c), row->fact, address)->line = c->line;
        else
            config_text(c, row->fact, a->word[0]);
        break;
    case CONFIG_LIST:
        if (is_listed(c, row->fact, a))
            break;
        list = config_list(c, row->fact);
        for (size_t i = 0; i < a->count; i++)
            fact_text(&list, NULL, a->word[i])->line = c->line;
        break;
    default:
        put_joined(c, row->fact, a);
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
        if (text_equal(words[i], TEXT("crypto")) && find_command(c, IN_GLOBAL, words + i, count - i, &length))
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
        c->deep = c->flat = false;
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
    const struct config_command *row = find_command(c, context, words, count, &length);
    if (!row)
        return false;
    c->context = (uint8_t)context;
    (void)run_command(c, row, length, words, count, false);
    return true;
}

/* ---- lines ---- */

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

/* The words as they stand: a name may hold any letters. */
static size_t split_plainly(struct text line, struct text *words)
{
    struct text word, rest = line;
    size_t count = 0;
    while (text_word(&rest, &word))
        put_word(words, &count, word);
    return count;
}

/* The words of a page that a machine translated: what it left of commands, and nothing of its own but what stands for one. */
static size_t split_translated(struct text line, struct text *words)
{
    struct text word, rest = line;
    size_t count = 0;
    while (text_word(&rest, &word) && count < CONFIG_WORDS) {
        size_t start = 0;
        for (size_t i = 0; i < word.len;) {
            if (!is_foreign(word.at[i])) {
                i++;
                continue;
            }
            size_t end = i;
            while (end < word.len && is_foreign(word.at[end]))
                end++;
            struct text foreign = text_upto(text_from(word, i), end - i);
            put_word(words, &count, text_upto(text_from(word, start), i - start));
            if (is_translated(foreign, NULL))
                put_word(words, &count, foreign);
            i = start = end;
        }
        put_word(words, &count, text_from(word, start));
    }
    return count;
}

/* How many words of the line are a command, of whatever context. */
static size_t command_length(const struct text *words, size_t count)
{
    size_t best = 0, length;
    for (int context = IN_GLOBAL; context < IN_ELSEWHERE; context++)
        if (find_command(NULL, (enum config_context)context, words, count, &length) && length > best)
            best = length;
    return best;
}

bool config_is_command(struct text line)
{
    struct text words[CONFIG_WORDS];
    return command_length(words, split_plainly(line, words)) != 0;
}

/* Did a translation leave this line? Then there is more of a command in it without its foreign words than with them. */
static bool shows_translation(struct text line)
{
    struct text words[CONFIG_WORDS];
    size_t i = 0;
    while (i < line.len && !is_foreign(line.at[i]))
        i++;
    if (i == line.len)
        return false;
    size_t plainly = command_length(words, split_plainly(line, words));
    return command_length(words, split_translated(line, words)) > plainly;
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
        prose = prose || is_foreign(line.at[i]);
    if (prose) {
        c->prose = c->first != NULL;
        return LINE_NOISE;
    }
    const bool told = c->indented && !c->flat; /* by indentation, where a line belongs */
    bool inside = c->object && c->context != IN_GLOBAL && c->context != IN_ELSEWHERE && (indented || !told);
    if (!indented && (told || begins_elsewhere(first) || text_starts(line, TEXT("ip route")))) {
        c->context = IN_ELSEWHERE;
        c->object = NULL;
        return LINE_NOISE;
    }
    static const uint8_t of_other_things[] = { IN_INTERFACE,  IN_TRUSTPOINT, IN_GROUP_POLICY, IN_CLASS_MAP,
                                               IN_POLICY_MAP, IN_ZONE_PAIR,  IN_MANGLER };
    if (!inside || memchr(of_other_things, c->context, sizeof of_other_things))
        return LINE_NOISE; /* an interface has hundreds of commands that do not matter here */
    unknown_line(c, line);
    return LINE_UNPARSED;
}

/* Behind the mark that ends a banner, which IOS prints as "^C"; at NULL: it is not in the line. */
static struct text behind_mark(struct text line)
{
    const size_t typed = text_find_byte(line, '\003'), printed = text_find(line, TEXT("^C"));
    return typed != TEXT_NOWHERE     ? text_from(line, typed + 1)
           : printed != TEXT_NOWHERE ? text_from(line, printed + 2)
                                     : (struct text){ NULL, 0 };
}

/* A banner's text may look like anything: "banner motd ^C", lines, "^C". False: the line is none of one. */
static bool take_banner(struct config *c, struct text line)
{
    static const char removed[] = "<removed>"; /* by redact: its end, too */
    if (c->context == IN_BANNER && c->redacted) {
        if (text_equal(line, text_of(removed)))
            return true;
        c->context = IN_GLOBAL;
        c->redacted = false;
    }
    const bool begins = c->context != IN_BANNER && text_starts(line, TEXT("banner "));
    if (!begins && c->context != IN_BANNER)
        return false;
    struct text behind = behind_mark(line);
    if (begins && text_ends(line, text_of(removed))) {
        c->object = NULL;
        c->context = IN_BANNER;
        return c->redacted = true;
    }
    if (begins && (!behind.at || behind_mark(behind).at))
        return false; /* an ASA's, which has one line; or all of it in one */
    c->object = NULL;
    c->context = begins                                          ? IN_BANNER
                 : behind.at || text_starts(line, TEXT("line ")) ? IN_GLOBAL /* cut, if its end is not there */
                                                                 : IN_BANNER;
    return begins || behind.at || c->context == IN_BANNER;
}

/* A member of an IOS object group may be an address alone, "10.0.0.0 255.255.255.0": an ASA has a word in front of it. */
static size_t name_network(struct text *words, size_t count)
{
    struct address address;
    if (!count || count == CONFIG_WORDS || !address_read(text_upto(words[0], text_find_byte(words[0], '/')), &address))
        return count;
    memmove(words + 1, words, count * sizeof *words);
    words[0] = TEXT("network-object");
    return count + 1;
}

/* "Hostname R1", as text editors write it, and "int gi1": the router takes them, and prints neither. */
static struct text as_printed(struct config *c, const struct text *words, size_t count)
{
    const struct text word = words[0];
    size_t length;
    if (text_equal_nocase(word, TEXT("int")))
        return find_here(c, words, count, &length) ? word : TEXT("interface"); /* "int sha256" of a proposal */
    if (word.len < 2 || word.at[0] < 'A' || word.at[0] > 'Z')
        return word;
    for (size_t i = 1; i < word.len; i++)
        if (word.at[i] != '-' && (word.at[i] < 'a' || word.at[i] > 'z'))
            return word;
    char *small = arena_take(c->section->scratch, word.len);
    memcpy(small, word.at, word.len);
    small[0] = text_lower(small[0]);
    return text_over(small, word.len);
}

/* Who types a configuration down may indent one object and the next one not. A command that only the object in work has is its
 * own, as long as none of its commands was indented. */
static bool belongs_unindented(struct config *c, const struct text *words, size_t count)
{
    size_t length, skip = count > 1 && text_equal(words[0], TEXT("no"));
    return c->object && !c->deep && find_here(c, words + skip, count - skip, &length) &&
           !find_command(c, IN_GLOBAL, words + skip, count - skip, &length);
}

/* line is what stands there, shown what may be kept of it: the same without secrets. */
static enum line_class take_line(struct config *c, struct text line, struct text shown)
{
    struct text words[CONFIG_WORDS], command, plain = text_trim(line);
    bool indented = line.len && (line.at[0] == ' ' || line.at[0] == '\t');
    if (plain.len == 0)
        return LINE_BLANK;
    config_extent(c, plain);
    c->end = plain.at + plain.len;
    if (take_banner(c, plain))
        return LINE_NOISE;
    if (c->chain && text_starts(plain, TEXT("certificate "))) {
        config_certificate(c, plain);
        c->context = IN_CERTIFICATE;
    }
    if (c->context == IN_CERTIFICATE) { /* hex rows until "quit"; where the certificate is in a file, none */
        if (text_equal(plain, TEXT("quit")) || plain.at[0] == '!')
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
    size_t count = c->translated ? split_translated(plain, words) : split_plainly(plain, words), at = 0;
    bool known = false;
    uint64_t number;
    c->sequence = (struct text){ NULL, 0 };
    if (count)
        words[0] = as_printed(c, words, count);
    if (c->context == IN_OBJECT_GROUP)
        count = name_network(words, count);
    if (c->context == IN_ACL && count > 1 && text_number(words[0], 10, &number))
        c->sequence = words[at++];
    c->deep = c->deep || indented;
    if (c->indented && !indented)
        c->flat |= indented = belongs_unindented(c, words + at, count - at);
    while (at < count) {
        bool no = text_equal(words[at], TEXT("no")) || text_equal(words[at], TEXT("default"));
        size_t length = 0, skip = no ? 1 : 0;
        const struct config_command *row = NULL;
        if (indented || !c->indented || known)
            row = find_here(c, words + at + skip, count - at - skip, &length);
        if (!row && (!indented || !c->indented || known || c->context == IN_GLOBAL || c->context == IN_ELSEWHERE))
            row = find_command(c, IN_GLOBAL, words + at + skip, count - at - skip, &length);
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

/* ---- the section ---- */

static bool is_asa_word(struct text line)
{
    static const char *const starts[] = { "ASA Version",        "tunnel-group ",          "nameif ",
                                          "security-level ",    "group-policy ",          "object network ",
                                          "network-object ",    "crypto ipsec ikev2 ",    "crypto ikev2 enable ",
                                          "NGFW Version",       "same-security-traffic ", "crypto ikev1 ",
                                          "crypto ipsec ikev1 " };
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (text_starts(line, text_of(starts[i])))
            return true;
    return text_starts(line, TEXT("access-list ")) && text_has(line, TEXT(" extended "));
}

/* What a line of a configuration says; of show output, what it amounts to. */
static struct text said(const struct section_line *line)
{
    return line->as.at ? line->as : line->text;
}

/* Are sub-commands indented here? Anything indented below a line that opens an object says yes. Did a machine translate it, did
 * whoever copied it end every line with blanks? */
static void look_ahead(struct config *c)
{
    size_t behind = 0;
    c->abbreviated = c->section->typed;
    for (size_t i = 0; i < c->section->count; i++)
        behind += c->section->lines[i].blanks != 0;
    c->padded = 2 * behind > c->section->count;
    for (size_t i = 0; i < c->section->count; i++) {
        struct text line = said(&c->section->lines[i]), plain = text_trim(line);
        c->asa = c->asa || is_asa_word(plain);
        c->abbreviated = c->abbreviated || text_starts_nocase(plain, TEXT("int ")); /* no router prints that */
        c->translated = c->translated || shows_translation(plain);
        if (i == 0 || c->indented || plain.len == 0 || (line.at[0] != ' ' && line.at[0] != '\t') || plain.at[0] == '!')
            continue;
        struct text above = said(&c->section->lines[i - 1]);
        c->indented = above.len && above.at[0] != ' ' && above.at[0] != '!' &&
                      (text_starts(above, TEXT("crypto ")) || text_starts(above, TEXT("interface ")) ||
                       text_starts(above, TEXT("ip access-list ")) || text_starts(above, TEXT("tunnel-group ")) ||
                       text_starts(above, TEXT("object")) || text_starts(above, TEXT("group-policy ")));
    }
}

void config_read(struct section *s)
{
    struct config c = {
        .section = s, .model = s->model, .device = s->device, .lists = { .arena = s->model->read, .keys = s->scratch }
    };
    look_ahead(&c);
    for (size_t i = 0; i < s->count; i++) {
        struct text line = s->lines[i].text;
        c.line = s->lines[i].number;
        c.blanks = s->lines[i].blanks;
        limits_at(&s->model->read_limits, s->input, c.line, false);
        /* from here on nobody sees the secret who did not ask for it: what is kept, listed or quoted is the masked line */
        const struct text safe = model_masked(s->model, line, s->model->read);
        const struct text command = s->lines[i].as.at ? s->lines[i].as : line;
        s->lines[i].text = safe;
        s->lines[i].class = (uint8_t)take_line(&c, command, safe);
    }
    config_objects_end(&c);
}

void config_read_commands(struct section *s)
{
    struct section commands = *s;
    commands.count = 0;
    commands.lines = arena_take_array(s->scratch, sizeof *s->lines, s->count + 1);
    size_t *from = arena_take_array(s->scratch, sizeof *from, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        if (!s->lines[i].as.at)
            continue;
        from[commands.count] = i;
        commands.lines[commands.count++] = s->lines[i];
    }
    if (!commands.count)
        return;
    config_read(&commands);
    for (size_t i = 0; i < commands.count; i++)
        s->lines[from[i]].class = commands.lines[i].class;
}
