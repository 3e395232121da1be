#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>

#include "model/redact.h"

enum { UNPARSED_KEPT = 1000, TROUBLES_KEPT = 200 };

const char *input_kind_name(enum input_kind kind)
{
    static const char *const names[] = { NULL,
#define ENTRY(ident, name) name,
                                         INPUT_KINDS(ENTRY)
#undef ENTRY
    };
    return (unsigned)kind < INPUT_KIND_COUNT ? names[kind] : NULL;
}

const char *confidence_name(enum confidence c)
{
    static const char *const names[] = { "unknown", "possible", "likely", "certain" };
    return names[c <= CONFIDENCE_CERTAIN ? c : 0];
}

const struct sighting *leg_timed(const struct leg *leg)
{
    const struct sighting *s = leg->seen;
    while (s && s->ns == TIME_UNKNOWN)
        s = s->next;
    return s ? s : leg->seen;
}

const char *binding_name(enum binding b)
{
    static const char *const names[] = { "none", "spi", "sa-id", "session-id", "msgid", "adjacency" };
    return names[b <= BOUND_ADJACENCY ? b : 0];
}

const char *sa_outcome_name(enum sa_outcome o)
{
    static const char *const names[] = { "incomplete", "established", "failed", "rekeyed", "deleted" };
    return names[o <= SA_DELETED ? o : 0];
}

struct model *model_create(void)
{
    struct model *m = memory_take(sizeof *m);
    m->run = arena_create();
    m->read = arena_create();
    m->names.arena = m->read;
    m->keyring = keyring_create(&m->limits);
    m->record_index = arena_new(m->run, struct record_index);
    m->options.since_ns = m->options.until_ns = TIME_UNKNOWN;
    m->origin_ns = TIME_UNKNOWN;
    m->device_room = 8;
    m->devices = memory_take(m->device_room * sizeof *m->devices);
    m->devices[0] = (struct device){ .name = TEXT("unknown"), .nameless = true };
    m->device_count = 1;
    return m;
}

static void clear_index(struct record_index *index)
{
    map_clear(&index->named);
    map_clear(&index->lists);
    map_clear(&index->titled);
    map_clear(&index->words);
    map_clear(&index->by_address);
    map_clear(&index->flows);
    map_clear(&index->up);
    map_clear(&index->parents);
    map_clear(&index->nones);
    map_clear(&index->fits);
}

void model_forget_records(struct model *m)
{
    clear_index(m->record_index);
    m->record_index = arena_new(m->run, struct record_index);
}

void model_destroy(struct model *m)
{
    if (!m)
        return;
    for (struct ike_sa *sa = m->ike_sas_made; sa; sa = sa->made_before) {
        memory_free(sa->index);
        memory_free(sa->child_index);
        arena_destroy(sa->held);
    }
    keyring_destroy(m->keyring);
    map_clear(&m->names.map);
    map_clear(&m->devices_named);
    clear_index(m->record_index);
    memory_free(m->inputs);
    memory_free(m->devices);
    arena_destroy(m->run);
    arena_destroy(m->read);
    memory_free(m);
}

struct input *model_add_input(struct model *m, struct text name, struct text path)
{
    if (m->input_count == m->input_room) {
        m->input_room = m->input_room ? m->input_room * 2 : 8;
        m->inputs = memory_grow(m->inputs, m->input_room * sizeof *m->inputs);
    }
    struct input *in = &m->inputs[m->input_count];
    *in = (struct input){ .index = (uint32_t)m->input_count, .name = arena_text(m->run, name), .path = arena_text(m->run, path) };
    m->input_count++;
    return in;
}

void model_not_read(struct model *m, struct text name, struct text why, bool trouble)
{
    struct not_read *n = arena_new(m->run, struct not_read);
    *n = (struct not_read){ .name = arena_text(m->run, name), .why = arena_text(m->run, why), .trouble = trouble };
    if (m->not_read_last)
        m->not_read_last->next = n;
    else
        m->not_read = n;
    m->not_read_last = n;
}

uint32_t model_device(struct model *m, struct text name)
{
    if (name.len == 0)
        return 0;
    const uintptr_t known = (uintptr_t)map_find(&m->devices_named, bytes_of_text(name));
    if (known)
        return (uint32_t)known;
    if (m->device_count == m->device_room) {
        m->device_room *= 2;
        m->devices = memory_grow(m->devices, m->device_room * sizeof *m->devices);
    }
    name = arena_text(m->read, name);
    m->devices[m->device_count] = (struct device){ .name = name, .nameless = text_equal(name, m->devices[0].name) };
    map_put(&m->devices_named, bytes_of_text(name), (void *)(uintptr_t)m->device_count);
    return (uint32_t)m->device_count++;
}

uint32_t model_device_in(struct model *m, uint32_t input, struct text name)
{
    struct text called = { NULL, 0 };
    if (m->calling.of && input < m->input_count)
        called = m->calling.of(m->calling.context, model_input(m, input)->path, name);
    return model_device(m, called.len ? called : name);
}

uint32_t model_device_of_file(struct model *m, uint32_t input, struct text file)
{
    size_t before = m->device_count;
    uint32_t device = model_device(m, file);
    struct device *d = &m->devices[device];
    if (m->device_count > before) {
        d->by_file = true;
        d->nameless = text_equal(model_input(m, input)->path, TEXT("-"));
    }
    return device;
}

bool device_named_by(struct text log, struct text file)
{
    for (size_t slash; (slash = text_find_byte(file, '/')) != TEXT_NOWHERE;)
        file = text_from(file, slash + 1);
    const struct text stem = text_upto(file, text_find_byte(file, '.'));
    if (!stem.len || !text_starts_nocase(log, stem))
        return false;
    return log.len == stem.len || !text_is_alnum(log.at[stem.len]);
}

struct text device_name(const struct model *m, uint32_t device)
{
    if (!device || device >= m->device_count)
        return (struct text){ NULL, 0 };
    const struct device *d = &m->devices[device];
    return d->by_file && d->same_as && d->same_as < m->device_count ? m->devices[d->same_as].name : d->name;
}

struct text device_name_or(const struct model *m, uint32_t device, struct text unnamed)
{
    struct text name = device_name(m, device);
    return name.len ? name : unnamed;
}

struct text device_name_beside(const struct model *m, uint32_t device, struct address address)
{
    struct text name = device_name(m, device);
    bool nameless = name.len && m->devices[device].nameless && name.at == m->devices[device].name.at;
    struct address read;
    return nameless || (address_read(name, &read) && address_equal(read, address)) ? (struct text){ NULL, 0 } : name;
}

void input_add_part(struct model *m, uint32_t input, enum input_kind kind, uint32_t device, uint32_t first_line,
                    uint32_t last_line)
{
    struct input *in = model_input(m, input);
    struct part *last = in->parts_last, *same = last;
    if (m->options.endless) /* which kinds there are is enough, wherever they stand */
        for (same = in->parts; same && (same->kind != kind || same->device != device);)
            same = same->next;
    if (same && same->kind == kind && same->device == device) {
        same->last_line = last_line;
        return;
    }
    struct part *p = arena_new(m->read, struct part);
    *p = (struct part){ .kind = kind, .device = device, .first_line = first_line, .last_line = last_line };
    if (last)
        last->next = p;
    else
        in->parts = p;
    in->parts_last = p;
}

struct trouble *input_trouble(struct model *m, uint32_t input, const char *rule, uint32_t place, bool packet, const char *format,
                              ...)
{
    struct input *in = model_input(m, input);
    char sentence[400];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    size_t kept = 0;
    for (struct trouble *t = in->troubles; t; t = t->next, kept++)
        if (strcmp(t->rule, rule) == 0 && text_equal(t->text, text_of(sentence))) {
            t->count++;
            return NULL;
        }
    if (kept >= TROUBLES_KEPT) {
        in->troubles_last->count++;
        return NULL;
    }
    struct trouble *t = arena_new(m->read, struct trouble);
    *t = (struct trouble){
        .rule = rule, .text = arena_text(m->read, text_of(sentence)), .place = place, .packet = packet, .count = 1
    };
    if (in->troubles_last)
        in->troubles_last->next = t;
    else
        in->troubles = t;
    in->troubles_last = t;
    return t;
}

struct text model_masked(const struct model *m, struct text line, struct arena *arena)
{
    return m->options.show_secrets ? line : redact_masked(line, arena);
}

void input_unparsed(struct model *m, uint32_t input, uint32_t line, struct text text)
{
    struct input *in = model_input(m, input);
    if (in->lines[LINE_UNPARSED] > UNPARSED_KEPT || m->options.endless)
        return;
    struct unparsed_line *u = arena_new(m->read, struct unparsed_line);
    u->line = line;
    u->text = arena_text(m->read, model_masked(m, text_upto(text, 400), m->read)); /* a key may stand in any line */
    if (in->unparsed_last)
        in->unparsed_last->next = u;
    else
        in->unparsed = u;
    in->unparsed_last = u;
}

struct record *model_add_record(struct model *m, enum input_kind kind, const char *name)
{
    struct record *r = arena_new(m->read, struct record);
    r->kind = kind;
    r->name = name;
    if (m->records_last)
        m->records_last->next = r;
    else
        m->records = r;
    m->records_last = r;
    return r;
}

struct finding *model_add_finding(struct model *m, const char *rule, enum severity severity)
{
    struct finding *f = arena_new(m->run, struct finding);
    struct finding **at = m->findings && m->findings_last ? &m->findings_last->next : &m->findings;
    f->rule = rule;
    f->severity = (uint8_t)severity;
    f->count = 1;
    f->first_ns = f->last_ns = TIME_UNKNOWN;
    f->number = ++m->finding_count;
    while (*at)
        at = &(*at)->next;
    *at = f;
    m->findings_last = f;
    return f;
}

int64_t model_time_at(const struct model *m, uint32_t input, uint32_t place, int64_t ns)
{
    if (input >= m->input_count || ns == TIME_UNKNOWN)
        return TIME_UNKNOWN;
    const struct input *in = &m->inputs[input];
    if (!in->aligned || m->origin_ns == TIME_UNKNOWN)
        return TIME_UNKNOWN;
    int64_t t = 0; /* clocks that were set from one end of time to the other tell none */
    bool over = __builtin_sub_overflow(ns, in->offset_ns, &t);
    for (uint8_t i = 0; i < in->step_count; i++)
        if (place ? place >= in->steps[i].place : !in->steps[i].device && ns >= in->steps[i].after_ns)
            over |= __builtin_sub_overflow(t, in->steps[i].by_ns, &t);
    if (in->drift != 0)
        t = (int64_t)((double)t / (1 + in->drift));
    over |= __builtin_sub_overflow(t, m->origin_ns, &t);
    return over ? TIME_UNKNOWN : t;
}

int64_t model_time(const struct model *m, uint32_t input, int64_t ns)
{
    return model_time_at(m, input, 0, ns);
}

/* ": Failed to find a matching policyESP: Proposal 1: ..." stands before each of two lists: they read better without. */
static struct text lists_only(struct text t, struct arena *arena)
{
    static const char glue[] = ": Failed to find a matching policy"; /* and, without the colon, behind the last of them */
    struct buffer out;
    buffer_init(&out, LIMIT_RECORD);
    for (size_t at; (at = text_find(t, text_of(glue))) != TEXT_NOWHERE;) {
        buffer_text(&out, text_upto(t, at));
        t = text_from(t, at + sizeof glue - 1);
    }
    if (out.len && text_ends(t, text_of(glue + 2)))
        t.len -= strlen(glue + 2);
    buffer_text(&out, text_trim(t));
    struct text lists = arena_text(arena, buffer_view(&out));
    buffer_clear(&out);
    return lists;
}

struct text note_told(const struct note *n, struct arena *arena)
{
    bool lists = n->code == CODE_PROPOSALS_MISMATCH && text_has(n->text, TEXT("Policies:")); /* else they are all it says */
    return lists ? lists_only(n->text, arena) : n->text;
}
