/*
 * What somebody typed at routers' configuration prompts, "R1(config-ikev2-profile)# match identity remote any". At the input's end
 * all that was typed on one router is read as its configuration where it builds one; an edit of a line or two says too little of
 * what is configured, and where the router's configuration was printed, that tells more.
 */
#ifndef IKESCOPE_PARSER_TYPED_H
#define IKESCOPE_PARSER_TYPED_H

#include "parser/section.h"

struct typed_line {
    struct text command;
    uint32_t line, device;
};

struct typed {
    struct arena *arena;
    struct typed_line *lines;
    size_t count, room;
};

struct parser;

void typed_add(struct parser *p, uint32_t device, struct text command, uint32_t line);
void typed_end(struct parser *p);
void typed_clear(struct typed *t);

#endif
