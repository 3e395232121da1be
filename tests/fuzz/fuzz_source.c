/* Octets as a compressed file: read in one go and in odd pieces, with a look ahead, it gives the same; how much comes of a
 * broken block may differ, but not what. */
#include <assert.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 }; /* of what a bomb unpacks to */

static const char *unpack(struct bytes octets, size_t piece, size_t look, struct buffer *into)
{
    struct source *from = source_packed(octets);
    char *at = memory_take(piece);
    buffer_init(into, MOST);
    if (look)
        (void)source_peek(from, look);
    for (size_t n; into->len < MOST && (n = source_read(from, at, piece)) > 0;)
        buffer_put(into, at, n < MOST - into->len ? n : MOST - into->len);
    const char *damaged = source_damaged(from);
    source_close(from);
    memory_free(at);
    return damaged;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer whole, pieces;
    const char *a = unpack(bytes_over(data, size), 1 << 16, 0, &whole);
    const char *b = unpack(bytes_over(data, size), 61, 100, &pieces);
    size_t common = whole.len < pieces.len ? whole.len : pieces.len;
    assert(a || b || whole.len == pieces.len);
    assert(common == 0 || memcmp(whole.at, pieces.at, common) == 0);
    buffer_clear(&whole);
    buffer_clear(&pieces);
    return 0;
}
