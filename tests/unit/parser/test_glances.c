/* Lines that are read ahead, by whatever number of readers and in whatever blocks, become what they become in their turn, and what
 * the long way makes of them: every sample's log, whole and damaged, is read in all three ways. */
#include "parser/glances.h"

#include <dirent.h>
#include <stdlib.h>

#include "model/model.h"
#include "parser/parser.h"
#include "test.h"

enum { LENGTH = 150000, MOST = 4 * LENGTH, READERS = 4, DAMAGES = 4 };
enum { IN_TURN = 0, SLOWLY = READERS + 1 }; /* in the place of a number of readers */

struct seen { /* all that came out, as one number; and where the first difference would be looked for */
    uint64_t events, sum, glanced;
};

static void mix(struct seen *s, const void *at, size_t len)
{
    const unsigned char *u = at;
    for (size_t i = 0; i < len; i++)
        s->sum = (s->sum ^ u[i]) * UINT64_C(0x100000001b3);
}

static void mix_number(struct seen *s, uint64_t n)
{
    mix(s, &n, sizeof n);
}

static void mix_facts(struct seen *s, const struct fact *f)
{
    for (; f; f = f->next) {
        mix_number(s, f->kind);
        if (f->name)
            mix(s, f->name, strlen(f->name));
        if (f->kind == FACT_TEXT)
            mix(s, f->as.text.at, f->as.text.len);
        else if (f->kind == FACT_OCTETS)
            mix(s, f->as.octets.at, f->as.octets.len);
        else if (f->kind == FACT_ADDRESS)
            mix(s, f->as.address.octets, sizeof f->as.address.octets);
        else if (f->kind == FACT_LIST || f->kind == FACT_GROUP)
            mix_facts(s, f->as.child);
        else
            mix_number(s, f->as.number);
    }
}

static void take(void *context, struct event *e)
{
    struct seen *s = context;
    s->events++;
    mix(s, e->text.at, e->text.len);
    const uint64_t numbers[] = {
        e->kind,  e->severity, e->code,        e->has,         (uint64_t)e->time.ns, e->time.digits, e->device,
        e->line,  e->lines,    e->spi_i.value, e->spi_r.value, e->spi_i.digits,      e->sa_id,       e->session_id,
        e->msgid, e->role,     e->local.port,  e->remote.port, e->time.mark ? 1 : 0
    };
    mix(s, numbers, sizeof numbers);
    if (e->state)
        mix(s, e->state, strlen(e->state));
    if (e->event)
        mix(s, e->event, strlen(e->event));
    mix_facts(s, e->facts);
    if (!e->message)
        return;
    const struct message *m = e->message;
    const uint64_t of_message[] = { m->exchange, m->message_id, m->flags, m->length, m->decryption, m->direction, m->protection };
    mix(s, of_message, sizeof of_message);
    for (const struct payload *p = m->payloads; p; p = p->next) {
        mix_number(s, p->type);
        mix_facts(s, p->facts);
    }
}

/* Blocks of about this size that end with a line, read by each reader in turn and ahead of the parser. */
static void feed_ahead(struct parser *p, struct text t, size_t size, unsigned readers, struct seen *s)
{
    struct face_memo *memos = calloc(readers, sizeof *memos);
    enum { AHEAD = 6 };
    struct glances *blocks[AHEAD];
    for (size_t i = 0; i < AHEAD; i++)
        blocks[i] = calloc(1, sizeof *blocks[i]);
    size_t given = 0, taken = 0;
    while (t.len || taken < given) {
        while (t.len && given - taken < AHEAD) {
            const char *lf = size < t.len ? memchr(t.at + size, '\n', t.len - size) : NULL;
            struct text block = lf ? text_upto(t, (size_t)(lf - t.at) + 1) : t;
            t = text_from(t, block.len);
            glances_read(blocks[given % AHEAD], block, &memos[given % readers]);
            given++;
        }
        struct glances *g = blocks[taken++ % AHEAD];
        for (size_t i = 0; i < g->count; i++)
            s->glanced += g->lines[i].face.kind != FACE_UNREAD;
        parser_feed_glances(p, g);
    }
    for (size_t i = 0; i < AHEAD; i++) {
        glances_clear(blocks[i]);
        free(blocks[i]);
    }
    free(memos);
}

static struct seen read_all(struct text t, size_t size, unsigned readers)
{
    struct seen s = { 0 };
    struct model *m = model_create();
    m->options.keep_events = m->options.keep_payloads = m->options.show_unparsed = true;
    model_add_input(m, TEXT("x.log"), TEXT("x.log"));
    struct parser *p = parser_create(m, 0, INPUT_UNKNOWN, (struct event_taker){ take, &s });
    const bool ahead = readers != IN_TURN && readers != SLOWLY;
    if (readers == SLOWLY)
        parser_slowly(p);
    if (ahead)
        feed_ahead(p, t, size, readers, &s);
    while (!ahead && t.len) { /* in turn, in the same blocks */
        const char *lf = size < t.len ? memchr(t.at + size, '\n', t.len - size) : NULL;
        size_t n = lf ? (size_t)(lf - t.at) + 1 : t.len;
        parser_feed(p, bytes_over(t.at, n));
        t = text_from(t, n);
    }
    parser_finish(p);
    parser_destroy(p);
    const struct input *in = model_input(m, 0);
    uint64_t lines = 0;
    for (int c = 0; c < LINE_CLASS_COUNT; c++) {
        mix_number(&s, in->lines[c]);
        lines += in->lines[c];
    }
    CHECK_NUMBER(lines, in->line_total);
    mix_number(&s, in->kind);
    for (const struct part *part = in->parts; part; part = part->next) {
        mix_number(&s, part->first_line);
        mix_number(&s, part->last_line);
    }
    model_destroy(m);
    return s;
}

static uint64_t glanced;

/* In blocks of two of the four sizes, the next time of the other two. */
static void compare(const char *name, struct text t)
{
    static const size_t sizes[] = { 1, 700, 5000, 1 << 17 };
    static size_t turn;
    const struct seen whole = read_all(t, t.len, IN_TURN);
    CHECK(read_all(t, t.len, SLOWLY).sum == whole.sum);
    for (size_t i = turn++ % 2; i < COUNT_OF(sizes); i += 2) {
        struct seen in_turn = read_all(t, sizes[i], IN_TURN);
        CHECK(in_turn.sum == whole.sum);
        if (in_turn.sum != whole.sum)
            fprintf(stderr, "  of %s in pieces of %zu\n", name, sizes[i]);
        for (unsigned readers = 1; readers <= READERS; readers += 3) {
            struct seen ahead = read_all(t, sizes[i], readers);
            glanced += ahead.glanced;
            CHECK_NUMBER(ahead.events, in_turn.events);
            CHECK(ahead.sum == in_turn.sum);
            if (ahead.sum != in_turn.sum)
                fprintf(stderr, "  of %s in blocks of %zu, %u readers\n", name, sizes[i], readers);
        }
    }
}

/* The parser looks at the first 64 KiB before it begins, so a log is said again and again. */
static size_t repeat(FILE *from, char *at)
{
    size_t len = fread(at, 1, LENGTH, from), n = len;
    while (len && n < LENGTH) {
        memcpy(at + n, at, len);
        n += len;
    }
    return n;
}

static void damage(char *at, size_t len, uint32_t seed)
{
    static const char odd[] = "\n \t\r(:*I2\xc3&|\0x"; /* its closing NUL, too */
    for (size_t i = 0; i < 400 && len; i++) {
        seed = seed * 1664525u + 1013904223u;
        size_t place = seed % len;
        seed = seed * 1664525u + 1013904223u;
        at[place] = odd[(seed >> 8) % sizeof odd];
    }
}

enum { WRAPPED = 6, HEADS = WRAPPED + 5, HEAD = 64 };

/* What relays put in front of a line, and firewalls, that wrap each of their debugs (from WRAPPED on); a few lines come within one
 * second. */
static int print_head(char *at, unsigned form, unsigned line)
{
    const unsigned second = line / 7 % 60, minute = line / 420 % 60, ms = line % 1000;
    switch (form) {
    case 0:
        return snprintf(at, HEAD, "Nov  3 08:%02u:%02u r1 ", minute, second);
    case 1:
        return snprintf(at, HEAD, "<189>Nov  3 08:%02u:%02u 192.0.2.7 %u: ", minute, second, line + line / 900);
    case 2:
        return snprintf(at, HEAD, "<189>1 2026-11-03T08:%02u:%02u.%03uZ r1 - - - - ", minute, second, ms);
    case 3:
        return snprintf(at, HEAD, "2026-11-03T08:%02u:%02u.%06u+01:00 r%u ", minute, second, ms * 1000, line / 40 % 3);
    case 4:
        return snprintf(at, HEAD, "<189>1 2026-11-03T08:%02u:%02u.%03uZ r%u - - - - %u: ", minute, second, ms, line / 500 % 2,
                        line * (line / 2000 % 3 + 1));
    case 5:
        return snprintf(at, HEAD, "Nov  3 08:%02u:%02u r%u ", minute, second, line / 3 % 4);
    case WRAPPED:
        return snprintf(at, HEAD, "%%ASA-7-711001: ");
    case WRAPPED + 1:
        return snprintf(at, HEAD, "Nov 03 2026 08:%02u:%02u: %%FTD-7-711001: ", minute, second);
    case WRAPPED + 2:
        return snprintf(at, HEAD, "<167>Nov 03 2026 08:%02u:%02u fw%u : %%ASA-7-711001: ", minute, second, line / 700 % 2);
    case WRAPPED + 3: /* other messages between */
        return snprintf(at, HEAD, "<167>Nov  3 08:%02u:%02u fw1 %s", minute, second,
                        line % 40 == 39 ? "%ASA-6-302015: Built " : "%ASA-7-711001: ");
    default: /* other things between */
        return snprintf(at, HEAD,
                        line % 50 == 49   ? ""
                        : line % 31 == 30 ? "x"
                                          : "<190>Nov  3 08:%02u:%02u r%u %u: ",
                        minute, second, line / 90 % 2, line);
    }
}

/* The log as it comes through a relay. */
static void compare_relayed(const char *name, struct text t, unsigned form, char *room)
{
    size_t len = 0;
    for (unsigned line = 0; t.len && len + LENGTH / 4 < MOST; line++) {
        const char *lf = memchr(t.at, '\n', t.len);
        const size_t n = lf ? (size_t)(lf - t.at) + 1 : t.len;
        if (n > LENGTH / 8)
            break;
        len += (size_t)print_head(room + len, form, line);
        memcpy(room + len, t.at, n);
        len += n;
        t = text_from(t, n);
    }
    compare(name, text_over(room, len));
}

enum { EXPORTS = 5 };

/* A line in a JSON object or a column: quotes and backslashes as such want them. */
static size_t quote(char *at, struct text line, bool json)
{
    size_t len = 0;
    for (size_t i = 0; i < line.len; i++) {
        const unsigned char c = (unsigned char)line.at[i];
        if (json && c < 0x20) {
            len += (size_t)snprintf(at + len, 7, "\\u%04x", c);
            continue;
        }
        if (c == '"' || (json && c == '\\'))
            at[len++] = json ? '\\' : '"';
        at[len++] = line.at[i];
    }
    return len;
}

/* What a collector makes of a line: objects, with one host, several or none, and a time; columns; keys and values. */
static size_t export_line(char *at, unsigned form, unsigned line, struct text t)
{
    static const char *const begins[EXPORTS] = {
        "{\"host\": \"r1\", \"message\": \"",
        "{\"@timestamp\": \"2026-11-03T08:%02u:%02u.123Z\", \"host\": \"r%u\", \"message\": \"",
        "{\"message\": \"",
        "\"2026-11-03T08:%02u:%02u.123Z\",\"r%u\",\"",
        "CEF:0|Cisco|ASA|9.1|711001|debug|6|dvchost=r1 msg=",
    };
    static const char *const ends[EXPORTS] = { "\"}\n", "\", \"n\": {\"a\": [1, 2]}}\n", "\\n\"}\n", "\"\n", "\n" };
    size_t len = 0;
    if (line % 97 == 96) /* a bracket of an array, or a blank line */
        at[len++] = '\n';
    if (line == 0 && form == 3)
        len += (size_t)snprintf(at + len, HEAD, "\"_time\",\"host\",\"_raw\"\n");
    len += (size_t)snprintf(at + len, 2 * HEAD, begins[form], line / 420 % 60, line / 7 % 60, line / 50 % 3);
    len += quote(at + len, t, form < 3);
    return len + (size_t)snprintf(at + len, HEAD, "%s", ends[form]);
}

/* The log as a collector exports it. */
static void compare_exported(const char *name, struct text t, unsigned form, char *room)
{
    struct text line;
    size_t len = 0;
    for (unsigned n = 0; text_cut(&t, '\n', &line) && line.len < LENGTH / 16 && len + LENGTH / 2 < MOST; n++)
        len += export_line(room + len, form, n, line);
    compare(name, text_over(room, len));
}

static unsigned folders;

static void read_folder(const char *path, char *room)
{
    DIR *dir = opendir(path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        char name[1024];
        size_t n = strlen(e->d_name);
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        FILE *f = n > 4 && strcmp(e->d_name + n - 4, ".log") == 0 ? fopen(name, "rb") : NULL;
        if (!f)
            continue;
        size_t len = repeat(f, room);
        fclose(f);
        compare(name, text_over(room, len));
        char *relayed = malloc(MOST);
        if (relayed)
            compare_relayed(name, text_over(room, len), folders++ % HEADS, relayed);
        if (relayed)
            compare_exported(name, text_over(room, len), folders % EXPORTS, relayed);
        /* of other damages, too, pieces are what the whole is */
        char *copy = malloc(len + 1);
        for (uint32_t seed = 1; copy && seed <= DAMAGES; seed++) {
            memcpy(copy, room, len);
            damage(copy, len, seed);
            const struct text t = text_over(copy, len);
            CHECK(read_all(t, 1, IN_TURN).sum == read_all(t, len, IN_TURN).sum);
        }
        free(copy);
        damage(room, len, 7);
        compare(name, text_over(room, len));
        if (relayed)
            compare_relayed(name, text_over(room, len), folders++ % HEADS, relayed);
        if (relayed)
            compare_exported(name, text_over(room, len), folders % EXPORTS, relayed);
        free(relayed);
    }
    if (dir)
        closedir(dir);
}

/* Several routers in one input, by a relay's names and by none, and contexts of an ASA whose dumps wait for each other. */
static void read_joined(char *room)
{
    static const char *const logs[] = { "asa9-decrypted-payloads-behind-another-context", "asa9-three-contexts-interleaved",
                                        "iosxe17-dmvpn-hub-two-spokes-interleaved", "ios15-psk-mismatch-relay-prefix-each-line",
                                        "iosxe16-auth-method-mismatch-responder" };
    size_t len = 0;
    for (size_t turn = 0; len < LENGTH; turn++) {
        char name[300];
        snprintf(name, sizeof name, "tests/logs/%s.log", logs[turn % (COUNT_OF(logs))]);
        FILE *f = fopen(name, "rb");
        CHECK(f != NULL);
        if (!f)
            return;
        len += fread(room + len, 1, LENGTH, f);
        fclose(f);
    }
    compare("joined logs", text_over(room, len));
    for (uint32_t seed = 1; seed <= DAMAGES; seed++) {
        damage(room, len, seed);
        compare("damaged joined logs", text_over(room, len));
    }
}

/* The dumps of all ASAs, one behind the other: with contexts in their lines and without, entries glued to each other, hex rows,
 * blank lines, packets that are decrypted behind those of other contexts. */
static void read_dumps_of_asa(char *room)
{
    size_t len = 0;
    DIR *dir = opendir("tests/logs");
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        char name[600];
        const size_t n = strlen(e->d_name);
        snprintf(name, sizeof name, "tests/logs/%s", e->d_name);
        FILE *f = strncmp(e->d_name, "asa", 3) == 0 && strcmp(e->d_name + n - 4, ".log") == 0 ? fopen(name, "rb") : NULL;
        if (!f)
            continue;
        const size_t got = fread(room + len, 1, MOST - len, f);
        fclose(f);
        if (text_has(text_over(room + len, got), TEXT("IKEv2-PROTO-")))
            len += got;
    }
    if (dir)
        closedir(dir);
    CHECK(len > LENGTH);
    compare("dumps of ASAs", text_over(room, len));
    char *relayed = malloc(MOST);
    if (relayed)
        compare_relayed("dumps of ASAs", text_over(room, len), 1, relayed);
    for (unsigned form = WRAPPED; relayed && form < HEADS - 1; form++)
        compare_relayed("wrapped dumps of ASAs", text_over(room, len), form, relayed);
    for (unsigned form = 0; relayed && form < EXPORTS; form++)
        compare_exported("dumps of ASAs", text_over(room, len), form, relayed);
    free(relayed);
    for (uint32_t seed = 1; seed <= DAMAGES; seed++) {
        damage(room, len, seed);
        compare("damaged dumps of ASAs", text_over(room, len));
    }
}

/* A relay that leaves a dump's later lines bare: when another host's dump comes, which is read as a whole, they are still the first
 * one's. */
static void read_bare_dumps(char *room)
{
    size_t len = 0;
    unsigned said[2] = { 0 };
    for (unsigned line = 0; len + 2000 < MOST; line++) {
        const unsigned host = line % 100 < 50, turn = line % 50;
        const char *form = turn == 10 ? "Received Packet [From 10.0.0.2:500/To 10.0.0.1:500/VRF i0:f0] "
                                      : "Checking NAT discovery";
        len += (size_t)snprintf(room + len, 200,
                                "Aug 21 10:%02u:00 h%u %u: *Aug 21 10:00:00.112: IKEv2:(SESSION ID = 1,SA ID = %u):%s\n",
                                line / 1000, host, ++said[host], host + 1, form);
        if (turn != 10)
            continue;
        static const char *const dump[] = { "IKEv2 IKE_SA_INIT Exchange REQUEST",
                                            "Payload contents:", " SA  Next payload: NONE, reserved: 0x0, length: 144" };
        len += (size_t)snprintf(room + len, 200,
                                "Initiator SPI : 6F5A0F7E%08X - Responder SPI : 0000000000000000 Message id: 0\n", line + 1);
        for (size_t i = 0; i < COUNT_OF(dump); i++)
            len += (size_t)snprintf(room + len, 100, "%s\n", dump[i]);
        /* the other one's, each line with the relay's head */
        static const char *const whole[] = { "*Aug 21 10:00:00.113: IKEv2:(SESSION ID = 6,SA ID = 3):Received Packet [From "
                                             "10.0.0.3:500/To 10.0.0.1:500/VRF i0:f0] ",
                                             "Initiator SPI : 7F5A0F7E2C2D0001 - Responder SPI : 0000000000000000 Message id: 0",
                                             "IKEv2 IKE_SA_INIT Exchange REQUEST ", "Payload contents: ", " SA KE N " };
        for (size_t i = 0; i < COUNT_OF(whole); i++)
            len += (size_t)snprintf(room + len, 200, "Aug 21 10:%02u:00 h%u %u: %s\n", line / 1000, !host, ++said[!host],
                                    whole[i]);
    }
    compare("bare dumps of two hosts", text_over(room, len));
    compare("bare dumps of two hosts", text_over(room, len)); /* in blocks of the other sizes */
}

int main(void)
{
    char *room = malloc(MOST);
    const char *asked = getenv("IKESCOPE_TEST_SHARE"); /* of how many folders one is read: a sanitized program is slow */
    const unsigned share = asked ? (unsigned)strtoul(asked, NULL, 10) : 1;
    DIR *dir = opendir("samples");
    unsigned turn = 0;
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        char path[600];
        snprintf(path, sizeof path, "samples/%s", e->d_name);
        if (e->d_name[0] != '.' && turn++ % share == 0)
            read_folder(path, room);
    }
    if (dir)
        closedir(dir);
    read_joined(room);
    read_dumps_of_asa(room);
    read_bare_dumps(room);
    CHECK(glanced > 100000 / share);
    free(room);
    return TEST_REPORT();
}
