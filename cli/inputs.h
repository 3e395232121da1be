/* The inputs of a command line: folders opened up, KIND:FILE and NAME=FILE sorted to their files, clocks told. */
#ifndef IKESCOPE_CLI_INPUTS_H
#define IKESCOPE_CLI_INPUTS_H

#include "cli/options.h"
#include "model/model.h"

struct input_file {
    const char *path;
    enum input_kind forced; /* INPUT_UNKNOWN: by content */
    const char *device;     /* NULL: not told */
    bool keys, psk;         /* given with -k, --psk */
    bool from_folder;       /* found, not named: silently passed over when it is nothing of ours */
};

struct input_files {
    struct arena *arena;
    struct input_file *at;
    size_t count, room;
};

/* inputs_list gathers all, keys first. False with err when a named file or folder cannot be read, or an option's value is wrong.
 */
bool inputs_list(struct input_files *files, struct arena *arena, const struct invocation *i, struct error *err);
/* inputs_zone gives the zone of a device's clock in ns east of UTC; false where none was given for it. */
bool inputs_zone(const struct invocation *i, const char *device, int64_t *zone_ns);

/* How the values of options are read; cli/values.c asks them before anything else is done. */
bool inputs_zone_read(struct text zone, int64_t *ns);
bool inputs_time(const char *value, int64_t *ns);                       /* --since, --until; TIME_UNKNOWN for NULL */
const char *inputs_kind_read(const char *value, enum input_kind *kind); /* the FILE of KIND:FILE, NULL where it is none */

#endif
