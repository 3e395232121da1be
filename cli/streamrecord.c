#include "cli/streamrecord.h"

#include "reporters/members.h"

void record_spi(struct json_writer *w, const char *name, struct spi spi)
{
    struct buffer b;
    if (!spi_known(spi))
        return;
    buffer_init(&b, 64);
    spi_print(spi, &b);
    write_text(w, name, buffer_view(&b));
    buffer_clear(&b);
}

void record_time(struct json_writer *w, const char *name, struct stamp time)
{
    struct buffer b;
    if (!time.kind)
        return;
    buffer_init(&b, 64);
    stamp_print(time, &b);
    write_text(w, name, buffer_view(&b));
    buffer_clear(&b);
}

void record_address(struct json_writer *w, const char *name, struct endpoint e)
{
    struct buffer b;
    if (!e.address.family)
        return;
    buffer_init(&b, 128);
    endpoint_print(e, &b);
    write_text(w, name, buffer_view(&b));
    buffer_clear(&b);
}

void record_sa(struct json_writer *w, const struct ike_sa *sa)
{
    record_spi(w, "spi_i", sa->spi_i);
    record_spi(w, "spi_r", sa->spi_r);
    record_address(w, "initiator", sa->initiator.endpoint);
    record_address(w, "responder", sa->responder.endpoint);
}

void record_finding(struct json_writer *w, const struct finding *f)
{
    record_time(w, "first", f->first);
    record_time(w, "last", f->last);
    write_string(w, "rule", f->rule);
    write_string(w, "severity", severity_name((enum severity)f->severity));
    write_string(w, "confidence", confidence_name((enum confidence)f->confidence));
    write_text(w, "title", f->title);
    write_text(w, "cause", f->cause);
    members_fix(w, f);
    write_number(w, "count", f->count);
    if (f->ike_sa)
        record_sa(w, f->ike_sa);
}

bool record_worth_telling(const struct finding *f)
{
    static const char *const of_inputs[] = { "input-truncated", "input-damaged" };
    for (size_t i = 0; i < COUNT_OF(of_inputs); i++)
        if (strcmp(f->rule, of_inputs[i]) == 0)
            return false;
    return true;
}

void record_cap(struct sink *out, const char *what, uint64_t limit)
{
    struct json_writer w = { .out = out };
    write_object(&w, NULL);
    write_string(&w, "type", "cap");
    write_string(&w, "what", what);
    write_number(&w, "limit", limit);
    write_end_object(&w);
    sink_byte(out, '\n');
}
