/*
 * Configurations of one host name. In several folders, where they contradict each other, they are of several routers (a default
 * name, a clone, the same router before and after a change): each is then called by its folder as well, and so is whatever else
 * lies there and speaks of that name. In one folder they are of one router, unless they give an interface different addresses:
 * then each is called by its file. Found before anything is read, since a router's name is settled by the first line that
 * has it.
 */
#ifndef IKESCOPE_CLI_NAMESAKES_H
#define IKESCOPE_CLI_NAMESAKES_H

#include "cli/inputs.h"

struct namesake {
    struct text name, called;
    const char *folder; /* for all files there, and below … */
    struct text stem;   /* … or, where the folder has two of that name, those alone whose names begin so */
    const char *path;   /* of the configuration that is another's; NULL: of the first of that name */
    struct text why;
    uint32_t line;
};

struct namesakes {
    struct namesake *at;
    size_t count;
};

/* namesakes_find looks at the beginnings of the files, and reads those that may be configurations. */
void namesakes_find(struct namesakes *n, const struct input_files *files);
/* namesakes_tell gives the input of a file the names that count in its folder, and notes why. */
void namesakes_tell(const struct namesakes *n, struct model *m, uint32_t input);

#endif
