/*
 * Where octets come from: a file, or standard input, compressed (gzip, zstd, xz) or not, told by its first octets.
 * The one door to zlib, libzstd and liblzma. A stream cut in the middle gives what was before the cut, and
 * source_damaged() says so.
 */
#ifndef IKESCOPE_BASE_SOURCE_H
#define IKESCOPE_BASE_SOURCE_H

#include "base/bytes.h"
#include "base/error.h"

struct source;

struct source *source_open(const char *path, struct error *err); /* "-" is standard input; NULL with err */
/* source_open_secret does the same for a file of secrets: what is read of it stands in pages for secrets (base/platform.h). What
 * a decompressor needs for itself comes from the heap, and is wiped as in every source. */
struct source *source_open_secret(const char *path, struct error *err);
struct source *source_over(struct bytes octets);   /* octets in memory, borrowed; never decompresses */
struct source *source_packed(struct bytes octets); /* the same, compressed or not as a file may be */
/* source_read fills up to size octets and returns how many, 0 at the end. It blocks until at least one is there. */
size_t source_read(struct source *s, void *at, size_t size);
/* source_peek shows up to size octets ahead without taking them (at most SOURCE_PEEK); fewer only near the end. */
struct bytes source_peek(struct source *s, size_t size);
/* source_damaged gives the reason why the input ended early (corrupt or cut compression, read error), or NULL. */
const char *source_damaged(const struct source *s);
/* source_over_limit: did it end early because it passes LIMIT_UNPACKED? */
bool source_over_limit(const struct source *s);
/* source_watch has `took` called with the octets of the file itself that each read took, in the thread that reads. */
void source_watch(struct source *s, void (*took)(void *with, size_t octets), void *with);
/* source_is_packed: does a file that begins so hold one of the compressions that a source undoes? */
bool source_is_packed(struct bytes first);
void source_close(struct source *s); /* NULL allowed */
/* source_inflate undoes DEFLATE without any wrapping (RFC 1951), with which a packet may be compressed, and returns how many
 * octets came out; 0 where it is not DEFLATE or does not fit into room. */
size_t source_inflate(struct bytes packed, uint8_t *out, size_t room);

enum { SOURCE_PEEK = 1 << 16 };

#endif
