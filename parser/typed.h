/*
 * What somebody typed at routers' configuration prompts, "R1(config-ikev2-profile)# match identity remote any". At the input's end
 * all that was typed on one router is read as its configuration where it builds one; an edit of a line or two says too little of
 * what is configured, and where the router's configuration was printed, that tells more. What was asked for help with, refused by
 * the router, or taken back by "no", is none of it.
 */
#ifndef IKESCOPE_PARSER_TYPED_H
#define IKESCOPE_PARSER_TYPED_H

#include "parser/section.h"

struct typed_line {
    struct text command;
    struct text object; /* the command that opened what it was typed in, or itself */
    uint32_t line, device;
    bool gone; /* taken back */
};

struct typed {
    struct arena *arena;
    struct typed_line *lines;
    size_t count, room;
};

struct parser;

void typed_add(struct parser *p, uint32_t device, struct text command, uint32_t line);
/* typed_answered tells what a router printed below a command: the command was none if that refuses it. */
void typed_answered(struct parser *p, struct text answer, uint32_t line);
void typed_end(struct parser *p);
void typed_clear(struct typed *t);

#endif
