/*
 * Gives up the rights that are not needed any more: to files by Landlock, to all else by seccomp, where the kernel has them.
 * What was opened before stays open. This cannot be undone, and holds for every thread made later.
 */
#ifndef IKESCOPE_BASE_SANDBOX_H
#define IKESCOPE_BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox_path {
    const char *path; /* a file, or a folder and what is under it; one that is not there is passed over */
    bool write;       /* a folder: files in it may be made, written, renamed and removed too */
};

enum sandbox_part {
    SANDBOX_FILES = 1, /* only the paths given and what the libraries read can be opened */
    SANDBOX_CALLS = 2, /* no network, no other program, no look into or signal to other processes, no mounts, no change of
                          who may read a file or of its times */
    SANDBOX_WHOLE = SANDBOX_FILES | SANDBOX_CALLS,
};

/* sandbox_enter returns the parts that hold from now on: fewer than SANDBOX_WHOLE where the kernel lacks some. client: the
 * process may still open connections by IPv4 and IPv6, though not accept them. */
unsigned sandbox_enter(const struct sandbox_path *paths, size_t count, bool client);

/* sandbox_narrow gives up, after sandbox_enter, all files but these; what was given up before stays so. It fails where the
 * kernel has Landlock and takes no further layer of it. */
bool sandbox_narrow(const struct sandbox_path *paths, size_t count);

#endif
