/* The inputs of a command line: the files in its folders, and what KIND:FILE, NAME=FILE and the options for clocks say of them.
 */
#ifndef IKESCOPE_CLI_INPUTS_H
#define IKESCOPE_CLI_INPUTS_H

#include <sys/types.h>

#include "base/map.h"
#include "cli/options.h"
#include "model/model.h"

struct input_file {
    const char *path;
    const char *shown;      /* the shortest end of the path that tells it apart from the others */
    enum input_kind forced; /* INPUT_UNKNOWN: by content */
    const char *device;     /* --device NAME=FILE; NULL: not given */
    bool keys, psk;         /* given with -k, --psk */
    bool from_folder;       /* found in a folder, not named: it is no error when it is not an input */
    dev_t dev;              /* of a regular file … */
    ino_t ino;              /* … 0: it is not one, or is not there */
};

struct passed_over { /* found in a folder, and not a file that can be read */
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

/* inputs_list gathers all inputs, keys first. One that cannot be opened is reported when it is its turn to be read. */
void inputs_list(struct input_files *files, struct arena *arena, const struct invocation *i);
/* inputs_zone gives the zone of a device's clock in ns east of UTC, and whether it was given for it or for all of them;
 * ZONE_BY_NOTHING where none was. */
enum zone_by inputs_zone(const struct invocation *i, struct text device, int64_t *zone_ns);

/* inputs_time reads the value of --since or (end) of --until, also one counted from now (cli/ago.h), into ns since 1970;
 * TIME_UNKNOWN for NULL. A result under a day is a time of day; one in STAMP_YEAR_UNKNOWN has no year. False: it is not a time.
 */
bool inputs_time(const char *value, bool end, int64_t *ns);
const char *inputs_kind_read(const char *value, enum input_kind *kind); /* the FILE of KIND:FILE; NULL where it is not that */

#endif
