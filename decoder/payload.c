/* The fields of a payload: see payload.h. */
#include "decoder/payload.h"

#include "base/limits.h"

/* A member of a list has no name of its own. */
static const char *name_of(const char *name)
{
    return name[0] ? name : NULL;
}

static struct fact *place(const struct fields *f, struct fact *fact, size_t offset, size_t length)
{
    if (f->placed) {
        fact->offset = (uint32_t)offset;
        fact->length = (uint32_t)length;
    }
    return fact;
}

uint64_t field_number(struct fields *f, const char *name, size_t octets)
{
    size_t offset = f->in.offset;
    uint64_t number = cursor_number(&f->in, octets);
    if (name && cursor_ok(&f->in))
        place(f, fact_number(&f->out, name_of(name), number), offset, octets);
    return number;
}

uint64_t field_code(struct fields *f, const char *name, size_t octets, enum registry registry)
{
    size_t offset = f->in.offset;
    uint64_t number = cursor_number(&f->in, octets);
    if (name && cursor_ok(&f->in))
        place(f, fact_code(&f->out, name_of(name), registry, number), offset, octets);
    return number;
}

struct bytes field_octets(struct fields *f, const char *name, size_t len)
{
    size_t offset = f->in.offset;
    struct bytes octets = cursor_take(&f->in, len);
    if (name && octets.len)
        place(f, fact_octets(&f->out, name_of(name), octets), offset, len);
    return octets;
}

struct bytes field_rest(struct fields *f, const char *name)
{
    size_t left = field_left(f);
    return left ? field_octets(f, name, left) : (struct bytes){ NULL, 0 };
}

struct text field_text(struct fields *f, const char *name, size_t len)
{
    size_t offset = f->in.offset;
    struct text text = text_of_bytes(cursor_take(&f->in, len));
    if (name && text.len)
        place(f, fact_text(&f->out, name_of(name), text), offset, len);
    return text;
}

struct text field_rest_text(struct fields *f, const char *name)
{
    size_t left = field_left(f);
    return left ? field_text(f, name, left) : (struct text){ NULL, 0 };
}

struct address field_address(struct fields *f, const char *name, size_t len)
{
    size_t offset = f->in.offset;
    struct address address = address_of(cursor_take(&f->in, len));
    if (name && address.family != ADDRESS_NONE)
        place(f, fact_address(&f->out, name_of(name), address), offset, len);
    return address;
}

struct fields field_inner(struct fields *f, struct fact *into, size_t len)
{
    if (f->depth >= LIMIT_NESTING) {
        f->message->over |= limit_bit(OVER_NESTING);
        f->in.failed = true;
    }
    place(f, into, f->in.offset, len);
    struct fields inner = *f;
    inner.in = cursor_child(&f->in, len);
    inner.out = facts_into(f->out.arena, &into->as.child);
    inner.depth++;
    return inner;
}

void field_done(struct fields *f, struct fields *inner)
{
    if (inner->in.failed)
        field_odd(f);
    else if (inner->in.left.len)
        field_odd(f);
}

bool field_more(const struct fields *f)
{
    return !f->in.failed && f->in.left.len > 0;
}

size_t field_left(const struct fields *f)
{
    return f->in.failed ? 0 : f->in.left.len;
}

void field_odd(struct fields *f)
{
    f->payload->malformed = true;
}

bool field_full(struct fields *f, size_t count, enum limit row)
{
    if (count < limit_rows[row].value)
        return false;
    f->message->over |= limit_bit(row);
    field_odd(f);
    field_rest(f, NULL);
    return true;
}

static const struct payload_decoder *find_decoder(unsigned type)
{
    for (size_t i = 0; i < payload_decoder_count; i++)
        for (size_t k = 0; k < sizeof payload_decoders[i]->types && payload_decoders[i]->types[k]; k++)
            if (payload_decoders[i]->types[k] == type)
                return payload_decoders[i];
    return NULL;
}

void payload_read(struct arena *arena, struct bytes body, size_t offset, bool placed, struct message *m, struct payload *p)
{
    struct fields f = {
        .in = cursor_over(body), .out = facts_into(arena, &p->facts), .message = m, .payload = p, .placed = placed
    };
    f.in.offset = offset;
    const struct payload_decoder *decoder = find_decoder(p->type);
    if (decoder)
        decoder->read(&f);
    else
        field_rest(&f, "data");
    if (f.in.failed || f.in.left.len)
        p->malformed = true;
}

bool text_printable(struct text t)
{
    size_t i = 0;
    while (i < t.len) {
        uint8_t c = (uint8_t)t.at[i++];
        if (c < 0x20 || c == 0x7f)
            return false;
        if (c < 0x80)
            continue;
        unsigned more = c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
        if (!more || t.len - i < more)
            return false;
        for (; more; more--)
            if (((uint8_t)t.at[i++] & 0xc0) != 0x80)
                return false;
    }
    return t.len > 0;
}
