/* Single values, as every member spells them. */
#include "reporters/members_parts.h"

struct buffer *scratch_fresh(struct members *s)
{
    buffer_reset(&s->scratch);
    return &s->scratch;
}

void put_scratch(struct members *s, const char *name)
{
    if (s->scratch.len)
        write_text(&s->w, name, buffer_view(&s->scratch));
}

void put_text(struct members *s, const char *name, struct text t)
{
    if (t.len)
        write_text(&s->w, name, t);
}

void put_id(struct members *s, const char *name, const char *prefix, uint32_t number)
{
    char room[32], *end = room + sizeof room, *p = end;
    do
        *--p = (char)('0' + number % 10);
    while (number /= 10);
    size_t n = strlen(prefix);
    p -= n;
    memcpy(p, prefix, n);
    write_text(&s->w, name, text_over(p, (size_t)(end - p)));
}

/* PROFILE_NOT_FOUND as profile-not-found, as rules are named. */
void put_kebab(struct members *s, const char *name, const char *word)
{
    char room[64];
    size_t n = 0;
    for (; n < sizeof room && word[n]; n++)
        room[n] = word[n] == '_' ? '-' : text_lower(word[n]);
    write_text(&s->w, name, text_over(room, n));
}

void put_input(struct members *s, uint32_t input)
{
    put_id(s, "input", "in", input + 1);
}

void put_device(struct members *s, const char *name, uint32_t device)
{
    if (device && device < s->model->device_count)
        put_text(s, name, device_name(s->model, device));
}

void put_spi(struct members *s, const char *name, struct spi spi)
{
    if (!spi_known(spi))
        return;
    spi_print(spi, scratch_fresh(s));
    put_scratch(s, name);
}

void put_t(struct members *s, uint32_t input, uint32_t place, int64_t ns)
{
    int64_t t = model_time_at(s->model, input, place, ns);
    if (t != TIME_UNKNOWN)
        write_decimal(&s->w, "t", t, 9);
}

void put_stamp(struct members *s, const char *name, struct stamp stamp)
{
    if (stamp.kind == STAMP_NONE)
        return;
    stamp_print(stamp, scratch_fresh(s));
    put_scratch(s, name);
}

void put_time(struct members *s, struct stamp stamp)
{
    put_stamp(s, "time", stamp);
    if (stamp.kind && stamp.kind != STAMP_UTC && stamp.zone[0])
        write_string(&s->w, "zone", stamp.zone);
}

/* A reading without its stamp is printed as the input's clock prints, where that prints in one zone alone. */
struct stamp stamp_like(const struct model *m, uint32_t input, int64_t ns)
{
    struct stamp s = { 0 };
    if (ns == TIME_UNKNOWN || input >= m->input_count)
        return s;
    s = m->inputs[input].first_stamp;
    s.ns = ns;
    if (m->inputs[input].zones_differ)
        s.zone[0] = '\0';
    return s;
}

void put_place(struct members *s, uint32_t place, bool packet)
{
    if (place)
        write_number(&s->w, packet ? "packet" : "line", place);
}

void put_endpoint(struct members *s, const char *name, struct endpoint e)
{
    if (e.address.family == ADDRESS_NONE)
        return;
    endpoint_print(e, scratch_fresh(s));
    put_scratch(s, name);
}

bool is_capture(const struct members *s, uint32_t input)
{
    return input < s->model->input_count && s->model->inputs[input].kind == INPUT_CAPTURE;
}
