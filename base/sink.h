/*
 * Where output goes: standard output, a file, or a buffer. A file is written under a temporary name beside its
 * place and renamed by sink_close(), so that nobody ever reads half a report. Writes are buffered; the first
 * failure is kept and told by sink_close().
 */
#ifndef IKESCOPE_BASE_SINK_H
#define IKESCOPE_BASE_SINK_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"

struct sink;

struct sink *sink_stdout(void);
struct sink *sink_file(const char *path, struct error *err); /* NULL and err when it cannot be made; "-" is standard output */
bool sink_in_place(const char *path); /* a device or pipe, which is written to and must not be replaced by a new file */
struct sink *sink_append(const char *path, struct error *err); /* writes behind what the file holds, in place: for streams */
struct sink *sink_buffer(struct buffer *into);                 /* borrowed */
void sink_put(struct sink *s, const void *at, size_t len);
void sink_text(struct sink *s, struct text t);
void sink_string(struct sink *s, const char *string);
void sink_byte(struct sink *s, char c);
void sink_format(struct sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sink_flush(struct sink *s);
void sink_sync(struct sink *s);              /* … and waits until a power cut takes none of it away, where it goes to a file */
uint64_t sink_written(const struct sink *s); /* octets so far */
bool sink_failed(const struct sink *s);      /* a write failed: for streams, that never close */
bool sink_close(struct sink *s, struct error *err); /* flushes, renames, frees; NULL allowed */
void sink_abandon(struct sink *s);                  /* frees, leaves no file behind */
/* sink_withdraw frees after a failure: a file that stands in its place stays as it is; whom it writes to directly, as standard
 * output, gets what was written so far. NULL allowed. */
void sink_withdraw(struct sink *s);
/* For a temporary file that another writer makes: it is registered while it is not complete, so that sink_abandon_all() removes
 * it too. The path is borrowed. */
void sink_temporary_begin(const char *path);
void sink_temporary_end(const char *path); /* NULL allowed */
void sink_abandon_all(void);               /* removes every temporary file: for handlers of signals, and of memory that ran out */

#endif
