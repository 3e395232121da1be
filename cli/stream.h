/*
 * Lines without end: state per device, NDJSON as things happen, bounded memory.
 *
 * A device's lines since it last fell silent are an episode, with a model of its own. It ends when the device has been silent for
 * the time-out, when an attempt has failed and two seconds have passed, or when a limit is reached. Then the diagnosis runs, the
 * episode's SAs and findings are written, and its memory is freed. In an episode without an end this is done for each SA that has
 * ended (cli/episode.h). So memory is bounded by what is open.
 *
 * Every record has an id made of the device, the offset of its line and its number within the line; the id of a record about an
 * SA or finding is made of what it is about. Reading the same octets again gives the same ids, so a restart that reads from the
 * beginning of the oldest open episode may repeat records but never loses one.
 */
#ifndef IKESCOPE_CLI_STREAM_H
#define IKESCOPE_CLI_STREAM_H

#include "base/buffer.h"
#include "base/map.h"
#include "base/sink.h"

struct stream_options {
    const char *device_field; /* NULL: the usual ones, parser/exported.c */
    uint32_t max_devices, max_sas;
    int64_t timeout_ns;
    uint64_t input; /* the input's number, where several have a stream each, so that ids differ */
    size_t lines;   /* write the lines of each IKE SA too, for a second stage (cli/join.h): octets of one at most; 0: none */
    bool own_time;  /* `now` is the lines' own time: a pause between lines counts as silence does */
};

struct stream;

/* stream_create: records go to the sink, which is borrowed, one JSON object on each line. */
struct stream *stream_create(struct stream_options options, struct sink *out);
/* stream_line takes one line without its end. device: whose it is; empty (NULL): found in the line. offset: where the line began
 * in its input. now: ns of any clock that does not go back. */
void stream_line(struct stream *s, struct text line, struct text device, uint64_t offset, int64_t now);
void stream_idle(struct stream *s, int64_t now); /* time passed without a line: time-outs are looked at */
/* stream_end ends all episodes of one stream or several, and writes one summary. later: open episodes are not judged, since a
 * later run will read them again. */
void stream_end(struct stream *const all[], size_t count, bool later);
/* stream_judge ends the open episodes of one stream before that: those whose lines no later run can read again. */
void stream_judge(struct stream *s);
void stream_destroy(struct stream *s);
/* stream_drop frees it and writes nothing about what is open; another reader takes that up from stream_replay(). */
void stream_drop(struct stream *s);
/* stream_places visits all devices of which something lies behind `replay`, and tells from where a later run must read each; partly:
 * some of what follows there was reported already. That run passes the same to stream_resume(): lines of the device before `from` are then passed over, until
 * one at `until` comes. */
void stream_places(const struct stream *s, uint64_t replay,
                   void (*visit)(void *context, struct text device, uint64_t from, bool partly), void *context);
void stream_resume(struct stream *s, struct text device, uint64_t from, bool partly, uint64_t until);
/* stream_replay is the offset from which all open episodes can be read again; `at` when none is open. */
uint64_t stream_replay(const struct stream *s, uint64_t at);
/* stream_marks adds which devices' episodes ended after `replay`. A reader that begins there, and was given these by
 * stream_remember(), passes over their lines, which were reported already, instead of taking the rest of an ended episode for a
 * new one. False when they do not fit; then the former replay offset stays valid. */
bool stream_marks(const struct stream *s, uint64_t replay, struct buffer *into);
void stream_remember(struct stream *s, struct text marks, uint64_t replay); /* before the first line */
/* stream_device finds the device a line names: JSON member, RFC 5424 or RFC 3164 host; empty when it names none. The
 * line's own message goes to *message (the member "msg" or "message" of JSON, unescaped into the arena). */
struct text stream_device(struct text line, const char *field, struct arena *arena, struct text *message);

#endif
