#include "cli/run.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/workers.h"
#include "cli/ahead.h"
#include "cli/inputs.h"
#include "cli/namesakes.h"
#include "cli/order.h"
#include "cli/recognise.h"
#include "decoder/keyfile.h"
#include "model/bounds.h"
#include "parser/parser.h"
#include "reporters/clean.h"

enum { LOOK_AHEAD = 1 << 14 };

void warn(bool quiet, const char *format, ...)
{
    if (quiet)
        return;
    va_list args;
    va_start(args, format);
    char text[2048]; /* names of files and words of the command line are somebody else's text, too */
    vsnprintf(text, sizeof text, format, args);
    struct buffer clean;
    buffer_init(&clean, 16 * sizeof text);
    clean_put(&clean, text_of(text));
    struct text said = buffer_view(&clean);
    fprintf(stderr, "ikescope: %.*s\n", TEXT_ARGS(said));
    buffer_clear(&clean);
    va_end(args);
}

/* Between the readers and the analysis: events outside --since and --until go no further, and a packet that a log only
 * prints as octets gets its payloads from the decoder. */
struct gate {
    struct run *run;
    bool bounded; /* --since or --until was given */
    struct event_taker next;
    struct arena *scratch;
};

static void pass_message(struct gate *g, struct event *e)
{
    struct message *m = e->message;
    bool sealed = m->octets.len && !m->payloads && e->kind != EVENT_PACKET_SEEN;
    if (!sealed) {
        g->next.take(g->next.context, e);
        return;
    }
    struct message whole = *m;
    if (decoder_message(g->scratch, m->octets, &whole) && !whole.malformed) {
        whole.direction = m->direction;
        *m = whole;
        message_digest(m, g->scratch);
    }
    g->next.take(g->next.context, e);
    arena_reset(g->scratch);
}

static void pass(void *context, struct event *e)
{
    struct gate *g = context;
    struct model *m = g->run->model;
    if (g->bounded && e->time.kind && !bounds_take(m, e->input, &e->time, e->line))
        return;
    if (e->message)
        pass_message(g, e);
    else /* as of nearly all lines of a log */
        g->next.take(g->next.context, e);
}

struct progress {
    uint64_t total, done;
    time_t begun, shown;
    bool wanted;
};

/* Hears what is read of the inputs, compressed ones too; in the thread that reads. */
static void progress_show(void *with, size_t more)
{
    struct progress *p = with;
    p->done += more;
    time_t now;
    if (!p->wanted || !p->total || (now = time(NULL)) == p->shown || now - p->begun < 2) /* whole seconds: over one has passed */
        return;
    p->shown = now;
    unsigned percent = (unsigned)(p->done * 100 / (p->total > p->done ? p->total : p->done));
    fprintf(stderr, "\r%3u%% [%-40.*s]", percent, (int)(percent * 40 / 100), "########################################");
}

static void progress_end(struct progress *p)
{
    if (p->shown)
        fputs("\r                                                    \r", stderr);
}

struct reading {
    struct analysis *analysis;
    struct decoder *decoder;
    struct gate *gate;
    struct progress progress;
    const struct invocation *invocation;
    struct namesakes namesakes;
    struct ahead *ahead; /* NULL, as the next: no log was read yet */
    struct parser_memory *lent;
};

static void read_text(struct run *r, struct reading *to, uint32_t input, enum input_kind forced, struct source *from)
{
    struct event_taker taker = { pass, to->gate };
    struct parser *parser = parser_create(r->model, input, forced, taker);
    to->ahead = to->ahead ? to->ahead : ahead_create(workers_wanted());
    to->lent = to->lent ? to->lent : parser_memory_create();
    parser_lend(parser, to->lent);
    ahead_read(to->ahead, from, parser);
    if (source_damaged(from)) {
        input_trouble(r->model, input, "input-damaged", 0, false, "%s; what stood before the damage was read",
                      source_damaged(from));
        model_input(r->model, input)->incomplete = true;
    }
    parser_finish(parser);
    parser_destroy(parser);
}

static uint32_t add_input(struct run *r, const struct input_file *f)
{
    struct input *in = model_add_input(r->model, text_of(f->shown), text_of(f->path));
    if (f->device)
        in->device = model_device(r->model, text_of(f->device));
    return in->index;
}

static bool read_keys(struct run *r, const struct input_file *f, struct source *from, struct error *err)
{
    uint32_t input = add_input(r, f);
    model_input(r->model, input)->kind = INPUT_KEYS;
    size_t found = 0;
    bool ok = f->psk ? keyfile_read_psk(r->model, input, from, &found, err) : keyfile_read(r->model, input, from, &found, err);
    if (found && keyfile_others_can_read(f->path) && !r->open_to_others++)
        r->open_file = f->path;
    if (source_damaged(from))
        input_trouble(r->model, input, "input-damaged", 0, false, "%s; what stood before the damage was read",
                      source_damaged(from));
    if (ok && !found) {
        const struct trouble *t = model_input(r->model, input)->troubles;
        return t ? fail(err, ERROR_KEYS, "no key found in '%s': %.*s", f->path, TEXT_ARGS(t->text))
                 : fail(err, ERROR_KEYS, "no key found in '%s'", f->path);
    }
    if (!ok)
        error_prefix(err, "'%s'", f->path);
    return ok;
}

static struct source *open_input(struct run *r, const struct input_file *f, struct error *err)
{
    if (!f->keys && !f->psk)
        return source_open(f->path, err);
    keyring_prepare(r->model->keyring);
    return source_open_secret(f->path, err);
}

static bool read_one(struct run *r, struct reading *to, const struct input_file *f, struct error *err)
{
    struct source *from = open_input(r, f, err);
    if (!from)
        return false;
    bool ok = true;
    struct foreign foreign;
    source_watch(from, progress_show, &to->progress);
    struct bytes first = source_peek(from, LOOK_AHEAD);
    bool capture = f->forced == INPUT_CAPTURE || (!f->forced && decoder_recognise(first));
    bool keys = f->keys || f->psk || (!f->forced && !capture && keyfile_recognise(first));
    if (keys) {
        ok = read_keys(r, f, from, err);
    } else if (!capture && !f->forced && recognise_foreign(first, &foreign)) {
        if (f->from_folder)
            model_not_read(r->model, text_of(f->shown), text_of(foreign.what), false);
        else
            ok = fail(err, ERROR_INPUT, "'%s' is %s%s%s", f->path, foreign.what, foreign.advice ? "; " : "",
                      foreign.advice ? foreign.advice : "");
    } else if (!capture && !f->forced && f->from_folder && parser_recognise(first) == INPUT_UNKNOWN && !recognise_text(f->path)) {
        /* a README beside the logs: nobody named it */
        const bool other = recognise_other(first, &foreign);
        model_not_read(r->model, text_of(f->shown),
                       other       ? text_of(foreign.what)
                       : first.len ? TEXT("nothing of a router in it")
                                   : TEXT("empty"),
                       false);
    } else {
        uint32_t input = add_input(r, f);
        struct input *in = model_input(r->model, input);
        namesakes_tell(&to->namesakes, r->model, input);
        analysis_begin_input(to->analysis, input);
        if (capture) {
            in->kind = INPUT_CAPTURE;
            ok = decoder_read(to->decoder, input, from, f->path, err);
        } else {
            const bool other = !f->forced && recognise_other(first, &foreign);
            read_text(r, to, input, f->forced, from);
            if (other && in->kind == INPUT_UNKNOWN)
                warn(r->quiet, "'%s' is %s; %s", f->path, foreign.what, foreign.advice);
        }
        analysis_end_input(to->analysis, input);
        if (!capture) /* that is in UTC */
            in->zone_by = (uint8_t)inputs_zone(to->invocation, device_name(r->model, in->device), &in->zone_ns);
        in->has_zone = in->zone_by != ZONE_BY_NOTHING;
    }
    if (source_over_limit(from))
        limits_over(&r->model->limits, OVER_UNPACKED, 1);
    source_close(from);
    return ok;
}

/* Keys may stand anywhere on the command line: those that only their content tells are found before anything is read. */
static void find_keys(struct input_files *files)
{
    for (size_t n = 0; n < files->count && files->count > 1; n++) {
        struct input_file *f = &files->at[n];
        struct stat st;
        struct error trouble = { 0 };
        if (f->keys || f->psk || f->forced || stat(f->path, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        struct source *from = source_open(f->path, &trouble);
        if (!from)
            continue; /* told when it is its turn */
        struct bytes first = source_peek(from, LOOK_AHEAD);
        f->keys = !decoder_recognise(first) && keyfile_recognise(first);
        source_close(from);
    }
}

/* Would this file of a folder be read, as what the folder was given for? An older report is not, and may be written anew. */
static bool is_of_use(const struct input_file *f)
{
    struct error trouble = { 0 };
    struct foreign foreign;
    struct source *from = source_open(f->path, &trouble);
    if (!from)
        return false;
    const struct bytes first = source_peek(from, LOOK_AHEAD);
    const bool told = f->forced || f->device || decoder_recognise(first) || keyfile_recognise(first);
    const bool used = told || (!recognise_foreign(first, &foreign) &&
                               (parser_recognise(first) != INPUT_UNKNOWN || recognise_text(f->path)));
    source_close(from);
    return used;
}

/* Inputs that were named are known before (cli/values.c); what lies in a folder only now. */
static bool spares_inputs(const struct input_files *files, const struct invocation *i, struct error *err)
{
    for (size_t n = 0; n < i->output.count; n++) {
        const char *value = i->output.at[n], *equals = strchr(value, '=');
        struct stat st, split;
        const bool whole = stat(value, &st) == 0 && S_ISREG(st.st_mode),
                   part = equals && stat(equals + 1, &split) == 0 && S_ISREG(split.st_mode);
        for (size_t k = 0; k < files->count && (whole || part); k++) {
            const struct input_file *f = &files->at[k];
            const bool same = (whole && f->dev == st.st_dev && f->ino == st.st_ino) ||
                              (part && f->dev == split.st_dev && f->ino == split.st_ino);
            if (same && f->from_folder && is_of_use(f))
                return fail(err, ERROR_USAGE, "'--output %s' would take the place of what is read from there", value);
        }
    }
    return true;
}

static uint64_t total_size(const struct input_files *files)
{
    uint64_t total = 0;
    for (size_t i = 0; i < files->count; i++) {
        struct stat st;
        if (stat(files->at[i].path, &st) == 0 && S_ISREG(st.st_mode))
            total += (uint64_t)st.st_size;
    }
    return total;
}

static bool prepare(struct run *r, const struct invocation *i, struct options needs, struct error *err)
{
    r->model = model_create();
    r->quiet = option_given(&i->quiet);
    r->filter = option_last(&i->filter, NULL);
    needs.show_unparsed = option_given(&i->show_unparsed);
    needs.show_secrets = option_given(&i->show_secrets);
    needs.threads = workers_wanted();
    for (size_t n = 0; n < i->limit.count; n++)
        if (!limits_lower(&r->model->limits, i->limit.at[n], err))
            return false;
    uint64_t year = 0;
    text_number(text_of(option_last(&i->year, "0")), 10, &year);
    needs.year = (int)year;
    inputs_time(option_last(&i->since, NULL), false, &needs.since_ns);
    inputs_time(option_last(&i->until, NULL), true, &needs.until_ns);
    if (!bounds_leave_any(needs.since_ns, needs.until_ns))
        return fail(err, ERROR_USAGE, "'--since %s' is after '--until %s': no time is left between them",
                    option_last(&i->since, ""), option_last(&i->until, ""));
    r->model->options = needs;
    return true;
}

static bool decoder_settings(const struct run *r, const struct invocation *i, struct decoder_options *o, struct error *err)
{
    *o = (struct decoder_options){ .filter = option_last(&i->filter, NULL), .plain = r->plain, .threads = workers_wanted() };
    for (size_t n = 0; n < i->ike_port.count; n++) {
        uint64_t port = 0;
        text_number(text_of(i->ike_port.at[n]), 10, &port);
        if (n + 1 >= COUNT_OF(o->ike_ports))
            return fail(err, ERROR_USAGE, "'--ike-port %s': there are too many of them", i->ike_port.at[n]);
        o->ike_ports[n] = (uint16_t)port;
    }
    return true;
}

static void tell_passed_over(struct run *r, const struct input_files *files)
{
    for (size_t n = 0; n < files->over_count; n++)
        model_not_read(r->model, text_of(files->over[n].path), text_of(files->over[n].why), false);
    char hidden[80];
    snprintf(hidden, sizeof hidden, "%zu hidden file%s or folder%s", files->hidden, files->hidden == 1 ? "" : "s",
             files->hidden == 1 ? "" : "s");
    if (files->hidden)
        model_not_read(r->model, TEXT(""), text_of(hidden), false);
}

/* A zone for a router that no input comes from would be passed over without a word. */
static void tell_unknown_routers(const struct run *r, const struct invocation *i)
{
    const struct model *m = r->model;
    for (size_t n = 0; n < i->timezone.count; n++) {
        const char *equals = strchr(i->timezone.at[n], '=');
        const struct text name = text_over(i->timezone.at[n], equals ? (size_t)(equals - i->timezone.at[n]) : 0);
        bool known = !equals;
        for (uint32_t k = 0; k < m->input_count && !known; k++)
            known = text_equal(device_name(m, m->inputs[k].device), name);
        const struct text first = m->input_count ? device_name(m, m->inputs[0].device) : TEXT("");
        if (!known && first.len && !option_given(&i->redact))
            warn(r->quiet,
                 "'--timezone %s': no input comes from that router, the first comes from '%.*s'; '--device NAME=FILE' names it",
                 i->timezone.at[n], TEXT_ARGS(first));
    }
}

/* Where nothing is there but keys, what is missing is said. */
static bool anything_to_read(const struct run *r, const struct input_files *files, const struct invocation *i, struct error *err)
{
    size_t named = 0;
    for (size_t n = 0; n < files->count; n++)
        named += !files->at[n].keys && !files->at[n].psk;
    if (named || files->over_count || (r->keys_suffice && files->count))
        return true;
    if (option_given(&i->inputs))
        return fail(err, ERROR_USAGE, files->count ? "'%s' holds no file but the keys" : "'%s' holds no file", i->inputs.at[0]);
    return fail(err, ERROR_USAGE, "%s",
                files->count ? "only keys are given: give the capture that they open, or the log of an attempt, as well; "
                               "'ikescope keys -k FILE' says whose they are"
                             : "no input given; see 'ikescope --help'");
}

static void tell_open_secrets(const struct run *r)
{
    if (r->open_to_others == 1)
        warn(r->quiet, "'%s' holds secrets and others can read it; 'chmod 600' it", r->open_file);
    else if (r->open_to_others)
        warn(r->quiet, "'%s' and %zu more key file%s hold secrets and others can read them; 'chmod 600' them", r->open_file,
             r->open_to_others - 1, r->open_to_others == 2 ? "" : "s");
}

bool run_inputs(struct run *r, const struct invocation *i, struct options needs, struct error *err)
{
    struct decoder_options settings;
    if (!prepare(r, i, needs, err) || !decoder_settings(r, i, &settings, err))
        return false;
    struct input_files files;
    inputs_list(&files, r->model->run, i);
    if (!anything_to_read(r, &files, i, err) || !spares_inputs(&files, i, err))
        return false;
    find_keys(&files);
    size_t told = 0; /* by those that are not keys */
    for (size_t n = 0; n < files.count; n++)
        told += !files.at[n].keys && !files.at[n].psk;
    r->model->options.keep_exchanges = told > 1;
    order_inputs(&files);
    struct reading to = { .analysis = analysis_create(r->model), .invocation = i };
    struct gate gate = { r, bounds_given(r->model), analysis_taker(to.analysis), arena_create() };
    to.gate = &gate;
    namesakes_find(&to.namesakes, r->model, &files);
    to.decoder = decoder_create(r->model, settings, (struct event_taker){ pass, &gate });
    to.progress = (struct progress){ .total = total_size(&files),
                                     .begun = time(NULL),
                                     .wanted = !r->quiet && isatty(STDERR_FILENO) };
    size_t read = 0;
    for (size_t n = 0; n < files.count; n++) {
        struct error trouble = { 0 };
        if (read_one(r, &to, &files.at[n], &trouble)) {
            read++;
        } else {
            warn(r->quiet, "%s", trouble.text);
            model_not_read(r->model, TEXT(""), text_of(trouble.text), true);
            r->keep_going = true;
            if (!r->trouble.kind)
                r->trouble = trouble;
        }
    }
    progress_end(&to.progress);
    tell_passed_over(r, &files);
    tell_unknown_routers(r, i);
    tell_open_secrets(r);
    ahead_destroy(to.ahead);
    parser_memory_destroy(to.lent);
    namesakes_forget(&to.namesakes, r->model);
    decoder_finish(to.decoder);
    analysis_finish(to.analysis);
    decoder_destroy(to.decoder);
    analysis_destroy(to.analysis);
    arena_destroy(gate.scratch);
    return read > 0 || !r->trouble.kind || fail(err, r->trouble.kind, "%s", r->trouble.text);
}

void run_tell_nothing(const struct run *r, const char *nothing)
{
    const struct input *out = NULL;
    for (size_t n = 0; n < r->model->input_count; n++) {
        const struct input *in = &r->model->inputs[n];
        out = in->timed && in->outside == in->timed && (!out || in->timed > out->timed) ? in : out;
    }
    if (!out) {
        if (r->filter)
            warn(r->quiet, "%s; '--filter %s' may have left it out", nothing, r->filter);
        else
            warn(r->quiet, "%s", nothing);
        return;
    }
    struct buffer covers;
    buffer_init(&covers, 200);
    stamp_print(out->covers_first, &covers);
    buffer_string(&covers, " to ");
    stamp_print(out->covers_last, &covers);
    warn(r->quiet, "%s in the time that '--since' and '--until' leave: '%.*s' covers %.*s", nothing, TEXT_ARGS(out->name),
         TEXT_ARGS(buffer_view(&covers)));
    buffer_clear(&covers);
}

bool run_told(const struct run *r, const struct error *err)
{
    return r->keep_going && strcmp(err->text, r->trouble.text) == 0;
}

/* Of IKEv1, or of no IKE at all: it tells more of what else is there, and nothing alone. */
static bool is_beside(const struct record *r)
{
    static const char *const names[] = { "show crypto isakmp sa", "show ip interface brief", "ping", "show access-lists" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(r->name, names[i]) == 0)
            return true;
    return false;
}

bool run_found_ikev2(const struct model *m)
{
    const struct record *r = m->records;
    while (r && is_beside(r))
        r = r->next;
    uint64_t version_1 = 0;
    for (size_t i = 0; i < m->input_count; i++)
        version_1 += m->inputs[i].ikev1_count;
    return m->ike_sas || m->flows || r || m->event_count > version_1;
}

void run_clear(struct run *r)
{
    model_destroy(r->model);
    r->model = NULL;
}
