/* The inputs of a command line: folders opened up, KIND:FILE and NAME=FILE sorted to their files, clocks told. */
#ifndef IKESCOPE_CLI_INPUTS_H
#define IKESCOPE_CLI_INPUTS_H

#include <sys/types.h>

#include "base/map.h"
#include "cli/options.h"
#include "model/model.h"

struct input_file {
    const char *path;
    const char *shown;      /* the shortest end of the path that tells it from the others */
    enum input_kind forced; /* INPUT_UNKNOWN: by content */
    const char *device;     /* NULL: not told */
    bool keys, psk;         /* given with -k, --psk */
    bool from_folder;       /* found, not named: no error when it is nothing of ours */
    dev_t dev;              /* of a regular file ... */
    ino_t ino;              /* ... 0: it is none, or is not there */
};

struct passed_over { /* found in a folder, and no file to read */
    const char *path, *why;
};

struct input_files {
    struct arena *arena;
    struct input_file *at;
    size_t count, room;
    struct passed_over *over;
    size_t over_count, over_room;
    size_t hidden;            /* names that begin with a dot */
    struct map folders, seen; /* by device and inode: what was opened already */
};

/* inputs_list gathers all, keys first. What cannot be opened is told when it is its turn. */
void inputs_list(struct input_files *files, struct arena *arena, const struct invocation *i);
/* inputs_zone gives the zone of a device's clock in ns east of UTC, and whether it was given for it or for all of them;
 * ZONE_BY_NOTHING where none was. */
enum zone_by inputs_zone(const struct invocation *i, struct text device, int64_t *zone_ns);

/* inputs_time reads what --since or (end) --until says, also counted from now (cli/ago.h); TIME_UNKNOWN for NULL. A value under a
 * day is a time of day, one in STAMP_YEAR_UNKNOWN has no year. */
bool inputs_time(const char *value, bool end, int64_t *ns);
const char *inputs_kind_read(const char *value, enum input_kind *kind); /* the FILE of KIND:FILE, NULL where it is none */

#endif
