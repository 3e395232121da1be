/*
 * Several configurations with the same host name. If they lie in several folders and contradict each other, they belong to
 * several routers (a default name, a clone, the same router before and after a change): each is then called by its folder as
 * well, and so is whatever else lies there and uses that name. In one folder they belong to one router, unless they give an
 * interface different addresses: then each is called by its file. This is found out before anything is read, since a router's
 * name is settled by the first line that has it.
 */
#ifndef IKESCOPE_CLI_NAMESAKES_H
#define IKESCOPE_CLI_NAMESAKES_H

#include "cli/inputs.h"

struct namesake {
    struct text name, called;
    struct text folder; /* it counts for all files in this folder and below … */
    struct text stem;   /* … or, if the folder has two of that name, only for those whose file names begin so */
    struct text path;   /* of the configuration, if it is another router's than the first of that name; else empty */
    struct text why;
    uint32_t line;
    size_t first; /* of that name, among all */
};

struct namesakes {
    struct namesake *at;
    size_t count;
};

/* namesakes_find looks at the beginnings of the files, and reads those that may be configurations. */
void namesakes_find(struct namesakes *n, const struct input_files *files);
/* namesakes_tell gives the input of a file the names that count in its folder (input_calls), and notes why. */
void namesakes_tell(const struct namesakes *n, struct model *m, uint32_t input);

#endif
