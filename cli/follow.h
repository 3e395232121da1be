/*
 * A file that grows, through rotation and truncation, or standard input, as one endless log. A *position* counts the log's octets
 * from the first octet of the first file on, and each file has the position at which it begins. So a position says where a line
 * is whatever the files are called by now, and reading again what was rotated away gives the same positions.
 *
 * A file is recognised by how it begins, not by its path or inode alone: so it is found under another name when it was renamed,
 * and in its copy when it was copied and cut (copytruncate), and is not confused with another that took its place.
 */
#ifndef IKESCOPE_CLI_FOLLOW_H
#define IKESCOPE_CLI_FOLLOW_H

#include <sys/types.h>

#include "base/bytes.h"
#include "base/error.h"

enum { FOLLOW_FILES = 128 }; /* of one log that a checkpoint names: the one that is read, and those that open episodes began in */

struct follow_file {
    uint64_t base;  /* the position of its first octet */
    uint64_t inode; /* tells apart those that begin alike */
    uint64_t head;  /* hash of its first octets */
    uint64_t head_length;
};

struct follow_place { /* where a log was left */
    uint64_t position, replay;
    uint64_t until; /* what lies before this was read, perhaps by an earlier run that came further than `position` */
    struct follow_file files[FOLLOW_FILES]; /* the last is the one that was read */
    size_t count;
};

struct follow {
    const char *path;   /* NULL: standard input */
    struct text device; /* --device NAME=FILE */
    int fd;
    bool plain;   /* it is read to its end, and does not grow */
    bool regular; /* not a pipe or the like, where a read would wait */
    dev_t dev;
    ino_t ino;
    uint64_t position; /* behind the last octet that was handed on */
    uint64_t until;    /* see follow_place: positions below it are taken */
    struct follow_file files[FOLLOW_FILES];
    size_t count;
    char *at;
    size_t len;
    bool skipping; /* in a line longer than there is room for: its rest is dropped */
    bool ended;
    int failed, told;    /* errno of a read; whoever reports it resets it, and keeps which was the last */
    bool lost;           /* octets were rotated away and not found; whoever reports it resets this */
    int64_t quiet_since; /* nothing came any more from a file that was rotated away; 0: not so */
};

/* What lines are handed to. line: text NULL is the rest of a line that was too long; end: the line's end was there. begins is
 * asked about the first octets of standard input. Both return false to stop. */
struct follow_taker {
    bool (*begins)(void *context, struct bytes first);
    bool (*line)(void *context, struct follow *f, const struct text *line, bool end);
    void *context;
};

void follow_init(struct follow *f, const char *path); /* path NULL: standard input */
bool follow_open(struct follow *f);                   /* the file as it is now, from its beginning */
void follow_clear(struct follow *f);
/* follow_resume goes back to where `place` may be read again. What other files than the one read then have is handed on at
 * once. */
void follow_resume(struct follow *f, const struct follow_place *place, struct follow_taker taker);
/* follow_read hands on what there is; false when there was nothing. */
bool follow_read(struct follow *f, struct follow_taker taker);
/* follow_renew looks whether another file took the path; those that came and went meanwhile are read before it. The writer may go
 * on with the old file until it is told to reopen, so that is read until nothing came for a second (with at_once there is no such
 * wait); its last line then counts as a line even without an end. True when it went on to another file. */
bool follow_renew(struct follow *f, int64_t now, bool at_once, struct follow_taker taker);
void follow_rest(struct follow *f, struct follow_taker taker); /* hands a last line without an end on */
/* follow_place says where it is; replay: the position from which open episodes can be read again. What lies in more files than a
 * place names is given up: its replay begins with the first of them. */
struct follow_place follow_place(struct follow *f, uint64_t replay);
/* follow_begins_as: does the open file begin as this one did? One that was empty then is known by its inode alone. */
bool follow_begins_as(int fd, const struct follow_file *file);

#endif
