/*
 * A section is a run of lines that is neither debug nor syslog: the output of a show command, a configuration. Each reader
 * is one file under parser/show/ or parser/config/ around one constant. The driver (parser/sections.c) finds where a section
 * begins (an echoed command at a prompt, or a heading) and ends (the next prompt, another section's heading, or a debug
 * entry; debug entries that stand between a section's lines are taken out of it), collects its lines, and calls read().
 */
#ifndef IKESCOPE_PARSER_SECTION_H
#define IKESCOPE_PARSER_SECTION_H

#include "model/model.h"

struct section_line {
    struct text text; /* cleaned of CR, escapes, pager remains; indentation kept */
    uint32_t number;  /* physical line, from 1 */
    uint8_t class;    /* enum line_class: the reader sets it; LINE_UNPARSED when read() is called */
    bool again;       /* a further part of a physical line that is counted already */
    uint8_t blanks;   /* stood behind it; 255: that many, or more */
    struct text as;   /* of show output: the command of a configuration that it amounts to; at NULL: its text is one */
};

struct section {
    struct model *model;
    struct arena *scratch; /* dies after read() */
    uint32_t input, device;
    struct text command; /* as typed after the prompt, or empty */
    uint32_t command_line;
    struct section_line *lines;
    size_t count;
    bool typed; /* at prompts, by somebody who may abbreviate */
};

struct section_reader {
    const char *name;     /* "show crypto ipsec sa" */
    enum input_kind kind; /* INPUT_SHOW or INPUT_CONFIG */
    /* Does this command (abbreviated or not, may be piped) print such a section? NULL: has no command. */
    bool (*is_command)(struct text command);
    /* How sure is it, 0 to 100, that this line begins such a section, when no command was seen? */
    int (*begins)(struct text line);
    /* Reads it all: adds records to the model and classifies each line (event: understood; noise; blank; unparsed). */
    void (*read)(struct section *s);
    bool silent; /* its command prints nothing where there is nothing to list: read() is called without a line, too */
};

/* All readers, generated from the folders. */
extern const struct section_reader *const section_readers[];
extern const size_t section_reader_count;

/* command_matches: "sh cry ike sa det" against "show crypto ikev2 sa detailed": each word may be abbreviated, a word in
 * brackets may be missing; anything behind '|' is ignored. */
bool command_matches(struct text command, const char *form);

#endif
