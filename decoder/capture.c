#include "decoder/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/sink.h"

enum { SNAP = 262144, FILTERS = 16, LINKTYPE_RAW_IP = 101 };

struct filter { /* compiled for one link type */
    uint32_t link;
    bool usable;
    struct bpf_program program;
};

struct capture {
    struct model *model;
    struct source *from;
    struct cutter *cutter;
    size_t mishaps_told;    /* of the stretch at hand */
    const char *expression; /* NULL: everything passes */
    struct filter filters[FILTERS];
    size_t filter_count;
    uint32_t input;
    uint32_t last_frame;
    uint32_t damages; /* told, and counted */
};

/* Files name some link types by numbers that differ from libpcap's. */
static int dlt_of(uint32_t link)
{
    return link == LINKTYPE_RAW_IP ? DLT_RAW : (int)link;
}

static bool compile(const char *expression, uint32_t link, struct bpf_program *program, struct error *err)
{
    pcap_t *p = pcap_open_dead(dlt_of(link), SNAP);
    if (!p)
        return fail(err, ERROR_MEMORY, "cannot prepare the filter");
    const bool ok = pcap_compile(p, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!ok)
        fail(err, ERROR_USAGE, "filter '%s': %s", expression, pcap_geterr(p));
    pcap_close(p);
    return ok;
}

static void tell_damage(struct capture *c, const struct mishap *m)
{
    model_input(c->model, c->input)->incomplete = true;
    if (m->kind == DAMAGE_CUT && source_damaged(c->from))
        return; /* capture_close() says why */
    if (m->kind == DAMAGE_CUT)
        input_trouble(c->model, c->input, "input-truncated", m->frame, true, "%s", m->text);
    else if (limits_room(&c->model->limits, OVER_DAMAGE, c->damages++))
        input_trouble(c->model, c->input, "input-damaged", m->frame, true, "%s", m->text);
}

/* Tells what happened before a frame of the stretch. */
static void tell_before(struct capture *c, const struct stretch *s, size_t frame)
{
    for (; c->mishaps_told < s->mishap_count && s->mishaps[c->mishaps_told].before <= frame; c->mishaps_told++) {
        const struct mishap *m = &s->mishaps[c->mishaps_told];
        if (m->limited)
            limits_over(&c->model->limits, m->row, m->times);
        else
            tell_damage(c, m);
    }
}

/* A filter is good when it compiles for Ethernet or for raw IP: `vlan` makes no sense for the one, `net` none for others. */
bool capture_filter_taken(const char *expression, struct error *err)
{
    struct bpf_program program;
    struct error first = { 0 };
    if (compile(expression, DLT_EN10MB, &program, &first) || compile(expression, LINKTYPE_RAW_IP, &program, NULL)) {
        pcap_freecode(&program);
        return true;
    }
    return fail(err, first.kind, "%s", first.text);
}

struct capture *capture_open(struct model *model, uint32_t input, struct source *from, const char *filter, struct error *err)
{
    if (filter && !capture_filter_taken(filter, err))
        return NULL;
    struct capture *c = memory_take(sizeof *c);
    *c = (struct capture){ .model = model, .from = from, .input = input, .expression = filter };
    limits_at(&model->limits, input, 0, true);
    c->cutter = cutter_create(from, err);
    if (c->cutter)
        return c;
    if (source_damaged(from) && err)
        error_prefix(err, "%s", source_damaged(from));
    memory_free(c);
    return NULL;
}

static struct filter *filter_for(struct capture *c, uint32_t link)
{
    for (size_t i = 0; i < c->filter_count; i++)
        if (c->filters[i].link == link)
            return &c->filters[i];
    if (c->filter_count == FILTERS)
        return NULL;
    struct filter *f = &c->filters[c->filter_count++];
    f->link = link;
    struct error err = { 0 };
    f->usable = compile(c->expression, link, &f->program, &err);
    if (!f->usable)
        input_trouble(c->model, c->input, "input-damaged", c->last_frame, true, "frames of link type %u are left out: %s", link,
                      err.text);
    return f;
}

static bool passes(struct capture *c, const struct captured *r)
{
    const struct filter *f = filter_for(c, r->link);
    if (!f || !f->usable)
        return false;
    const struct pcap_pkthdr header = { .ts = { .tv_sec = (time_t)(r->ns / 1000000000) },
                                        .caplen = (bpf_u_int32)r->octets.len,
                                        .len = r->original };
    return pcap_offline_filter(&f->program, &header, r->octets.at) != 0;
}

bool capture_cut(struct capture *c, struct stretch *s)
{
    return cutter_cut(c->cutter, s);
}

const struct captured *capture_next(struct capture *c, const struct stretch *s, size_t *at)
{
    if (*at == 0)
        c->mishaps_told = 0;
    while (*at < s->count) {
        const struct captured *r = &s->frames[*at];
        tell_before(c, s, *at);
        ++*at;
        c->last_frame = r->frame;
        if (!c->expression || passes(c, r))
            return r;
    }
    tell_before(c, s, *at);
    return NULL;
}

void capture_close(struct capture *c)
{
    if (!c)
        return;
    const char *damage = source_damaged(c->from);
    if (damage) {
        model_input(c->model, c->input)->incomplete = true;
        input_trouble(c->model, c->input, "input-truncated", c->last_frame, true, "the capture stops behind frame %u: %s",
                      c->last_frame, damage);
    }
    for (size_t i = 0; i < c->filter_count; i++)
        if (c->filters[i].usable)
            pcap_freecode(&c->filters[i].program);
    cutter_destroy(c->cutter);
    memory_free(c);
}

struct capture_writer {
    pcap_t *pcap;
    pcap_dumper_t *dumper;
    FILE *file;
    char *path, *temporary; /* NULL: standard output */
    struct spool *order;
};

static void writer_free(struct capture_writer *w)
{
    if (w->pcap)
        pcap_close(w->pcap);
    spool_destroy(w->order);
    sink_temporary_end(w->temporary);
    memory_free(w->path);
    memory_free(w->temporary);
    memory_free(w);
}

static bool open_temporary(struct capture_writer *w, const char *path, struct error *err)
{
    static const char tail[] = ".part-XXXXXX";
    const size_t length = strlen(path);
    w->path = memory_take(length + 1);
    memcpy(w->path, path, length);
    w->temporary = memory_take(length + sizeof tail);
    memcpy(w->temporary, path, length);
    memcpy(w->temporary + length, tail, sizeof tail);
    const int fd = mkstemp(w->temporary);
    w->file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!w->file) {
        const int reason = errno;
        if (fd >= 0) {
            close(fd);
            unlink(w->temporary);
        }
        return fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, strerror(reason));
    }
    sink_temporary_begin(w->temporary);
    return true;
}

struct capture_writer *capture_create(const char *path, struct spool *order, struct error *err)
{
    struct capture_writer *w = memory_take(sizeof *w);
    w->order = order;
    bool out = strcmp(path, "-") == 0;
    if (out || sink_in_place(path)) {
        const int fd = out ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CLOEXEC);
        w->file = fd < 0 ? NULL : fdopen(fd, "wb");
        if (!w->file)
            fail(err, ERROR_OUTPUT, "cannot write to '%s': %s", out ? "standard output" : path, strerror(errno));
    } else if (open_temporary(w, path, err)) {
        spool_move(order, path);
    }
    if (!w->file) {
        writer_free(w);
        return NULL;
    }
    w->pcap = pcap_open_dead_with_tstamp_precision(DLT_RAW, SNAP, PCAP_TSTAMP_PRECISION_NANO);
    w->dumper = w->pcap ? pcap_dump_fopen(w->pcap, w->file) : NULL;
    if (w->dumper)
        return w;
    fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, w->pcap ? pcap_geterr(w->pcap) : "no memory");
    fclose(w->file);
    if (w->temporary)
        unlink(w->temporary);
    writer_free(w);
    return NULL;
}

void capture_put(struct capture_writer *w, int64_t ns, uint32_t place, struct bytes ip)
{
    spool_put(w->order, (struct spool_key){ ns, place }, ip);
}

static void write_one(void *context, struct spool_key key, struct bytes ip)
{
    struct capture_writer *w = context;
    int64_t seconds = key.first / 1000000000, fraction = key.first % 1000000000;
    if (fraction < 0) {
        fraction += 1000000000;
        seconds--;
    }
    const struct pcap_pkthdr header = {
        .ts = { .tv_sec = (time_t)seconds, .tv_usec = (suseconds_t)fraction }, /* nanoseconds, as the file says */
        .caplen = (bpf_u_int32)(ip.len < SNAP ? ip.len : SNAP),
        .len = (bpf_u_int32)ip.len,
    };
    pcap_dump((u_char *)w->dumper, &header, ip.at);
}

bool capture_finish(struct capture_writer *w, struct error *err)
{
    const char *path = w->path ? w->path : "standard output";
    bool ok = spool_give(w->order, write_one, w, err);
    if (!ok)
        error_prefix(err, "cannot write '%s'", path);
    if (pcap_dump_flush(w->dumper) != 0 || ferror(w->file))
        ok = fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, strerror(errno));
    pcap_dump_close(w->dumper); /* closes the file too */
    if (ok && w->temporary && rename(w->temporary, w->path) != 0)
        ok = fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, strerror(errno));
    if (!ok && w->temporary)
        unlink(w->temporary);
    writer_free(w);
    return ok;
}

void capture_abandon(struct capture_writer *w)
{
    if (!w)
        return;
    pcap_dump_close(w->dumper);
    if (w->temporary)
        unlink(w->temporary);
    writer_free(w);
}
