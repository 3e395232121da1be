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
/* inputs_zone gives the zone of a device's clock in ns east of UTC. */
bool inputs_zone(const struct invocation *i, const char *device, int64_t *zone_ns, struct error *err);
/* inputs_time reads --since and --until: TIME_UNKNOWN where absent. */
bool inputs_time(const char *value, int64_t *ns, struct error *err);

#endif
