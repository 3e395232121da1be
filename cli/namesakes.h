/*
 * Several configurations with the same host name. If they lie in several folders and contradict each other, they belong to
 * several routers (a default name, a clone, the same router before and after a change): each is then called by its folder as
 * well, and so is whatever else lies there and uses that name. In one folder they belong to one router, unless they give an
 * interface different addresses: then each is called by its file. This is found out before anything is read, since a router's
 * name is settled by the first line that has it.
 */
#ifndef IKESCOPE_CLI_NAMESAKES_H
#define IKESCOPE_CLI_NAMESAKES_H

#include "base/buffer.h"
#include "cli/inputs.h"

struct namesake {
    struct text name, called;
    struct text folder; /* it counts for all files in this folder and below … */
    struct text stem;   /* … or, if the folder has two of that name, only for those whose file names begin so */
    struct text path;   /* of the configuration, if it is another router's than the first of that name; else empty */
    struct text why;
    uint32_t line;
    const struct namesake *of_path; /* the next one with that path */
};

struct namesakes {
    struct namesake *at;
    size_t count;
    struct map paths, folders, stems; /* by path; by folder and name; by these and stem */
    struct buffer key;                /* of one that is sought */
};

/* namesakes_find looks at the beginnings of the files, and reads those that may be configurations. From then on the model asks
 * what a name means in an input (model_device_in), until namesakes_forget. */
void namesakes_find(struct namesakes *n, struct model *m, const struct input_files *files);
/* namesakes_tell notes in the input of a configuration why its router is another one than the first of that name. */
void namesakes_tell(const struct namesakes *n, struct model *m, uint32_t input);
void namesakes_forget(struct namesakes *n, struct model *m);

#endif
