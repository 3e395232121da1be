/* The shared logs, where they are at hand: nothing unread, the same events whatever the pieces, and every transition that a
 * plain search finds. */
#include <dirent.h>

#include "base/pattern.h"
#include "log.h"

enum { FILE_MOST = 1 << 20 };

static uint8_t octets[FILE_MOST];

static size_t load(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    size_t n = fread(octets, 1, sizeof octets, f);
    fclose(f);
    return n;
}

static bool same(const struct log *a, const struct log *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct seen *x = &a->seen[i], *y = &b->seen[i];
        bool states = (!x->state && !y->state) ||
                      (x->state && y->state && strcmp(x->state, y->state) == 0 && strcmp(x->event, y->event) == 0);
        if (x->line != y->line || x->lines != y->lines || x->code != y->code || !spi_equal(x->spi_i, y->spi_i) ||
            !spi_equal(x->spi_r, y->spi_r) || x->device != y->device || !states || strcmp(x->text, y->text) != 0 ||
            strcmp(x->types_text, y->types_text) != 0)
            return false;
    }
    for (int c = 0; c < LINE_CLASS_COUNT; c++)
        if (log_input(a)->lines[c] != log_input(b)->lines[c])
            return false;
    return true;
}

/* How many transitions a search over the whole text finds, across wraps. */
static size_t search(struct text t)
{
    struct pattern *p = pattern_create("SM Trace-> SA:\\s*I_SPI=([0-9A-F]+)\\s+R_SPI=([0-9A-F]+)\\s+\\(([IR])\\)\\s+MsgID = "
                                       "[0-9A-F]+\\s+CurState:\\s*([A-Z_0-9]+)\\s*"
                                       "Event:\\s*(EV_?[A-Z_0-9]+)",
                                       NULL);
    struct text groups[PATTERN_GROUPS];
    size_t n = 0, at;
    while (p && (at = text_find(t, TEXT("SM Trace-> SA:"))) != TEXT_NOWHERE) {
        t = text_from(t, at);
        n += pattern_match(p, t.len > 1000 ? text_upto(t, 1000) : t, groups) && groups[0].at == t.at;
        t = text_from(t, 14);
    }
    pattern_destroy(p);
    return n;
}

static void check_file(const char *path, const char *name)
{
    size_t len = load(path);
    if (!len)
        return;
    struct log *whole = log_read(octets, len, 1 << 18, name);
    static const size_t pieces[] = { 1, 61, 4096 };
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct log *l = log_read(octets, len, pieces[i], name);
        if (!same(whole, l))
            fprintf(stderr, "%s: other events in pieces of %zu\n", name, pieces[i]);
        CHECK(same(whole, l));
        log_free(l);
    }
    if (log_input(whole)->lines[LINE_UNPARSED])
        fprintf(stderr, "%s: unparsed lines\n", name);
    CHECK_NUMBER(log_input(whole)->lines[LINE_UNPARSED], 0);
    CHECK_NUMBER(log_count(whole, EVENT_SM_TRANSITION), search(text_over((const char *)octets, len)));
    enum input_kind kind = parser_recognise((struct bytes){ octets, len < (1 << 16) ? len : 1 << 16 });
    CHECK(kind != INPUT_UNKNOWN);
    log_free(whole);
}

static unsigned check_folder(const char *folder)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        size_t len = strlen(e->d_name);
        if (len < 5 || strcmp(e->d_name + len - 4, ".log") != 0)
            continue;
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        check_file(path, e->d_name);
        n++;
    }
    if (d)
        closedir(d);
    return n;
}

/* The page in another language: the same SAs and transitions as the English logs, and the two routers told apart. */
static void check_page(const char *path)
{
    size_t len = load(path);
    if (!len)
        return;
    struct log *l = log_read(octets, len, 1 << 18, "page.txt");
    CHECK_NUMBER(log_count(l, EVENT_SM_TRANSITION), 156);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    size_t by_role[2][2] = { { 0, 0 }, { 0, 0 } };
    uint32_t initiator = 0, responder = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct seen *s = &l->seen[i];
        if (s->kind != EVENT_SM_TRANSITION)
            continue;
        bool first = s->spi_i.value == 0xF074D8BBD5A59F0B;
        CHECK(first || (s->spi_i.value == 0x0C33DB40DBAADE6 && s->spi_i.digits == 15));
        by_role[first][s->role == SIDE_INITIATOR]++;
        if (first && s->role == SIDE_INITIATOR)
            initiator = s->device;
        else if (first)
            responder = s->device;
    }
    CHECK(initiator && responder && initiator != responder);
    CHECK_NUMBER(by_role[1][1], 56);
    CHECK_NUMBER(by_role[1][0], 60);
    CHECK_NUMBER(by_role[0][0], 24);
    CHECK_NUMBER(by_role[0][1], 16);
    log_free(l);
}

int main(void)
{
    unsigned n = check_folder("../shared/reference/real") + check_folder("../shared/reference/logs") +
                 check_folder("../shared/reference/seed-english");
    if (!n) {
        puts("skipped: the shared reference logs are not beside the checkout");
        return 77;
    }
    check_page("../shared/reference/seed-original.txt");
    return TEST_REPORT();
}
