/*
 * The driver of section readers (parser/section.h): where show output or a configuration begins and ends among other lines.
 * A section begins with an echoed command that some reader knows, or with a line that a reader claims; it ends with the next
 * prompt, another section's heading, or a run of debug entries. Output of other commands is noise.
 */
#ifndef IKESCOPE_PARSER_SECTIONS_H
#define IKESCOPE_PARSER_SECTIONS_H

#include "parser/lines.h"
#include "parser/section.h"

struct sections {
    const struct section_reader *reader; /* of the open section, or NULL */
    struct arena *arena;
    struct section_line *lines;
    size_t count, room;
    struct text command;
    uint32_t command_line;
    uint32_t device;
    const struct section_reader *forced; /* of an input that the user said to be show output or a configuration */
    bool foreign;                        /* output of a command that no reader knows: noise up to the next prompt */
    uint32_t entries_since;              /* debug entries since the section's last line */
};

struct parser;

/* sections_command looks at a command typed at a prompt, on that line: opens a section for its output, closes the one before. */
void sections_command(struct parser *p, struct text command, uint32_t line);
/* sections_line offers an untagged line: true when it belongs to a section (open, or beginning here). It is counted then. */
bool sections_line(struct parser *p, struct line *line, struct text text);
/* sections_entry notes that a debug entry stood between. */
void sections_entry(struct parser *p);
void sections_close(struct parser *p);
void sections_clear(struct sections *s);
/* sections_force chooses, by the input's beginning, the reader of what no heading and no command opens, of the kind that the user
 * named. */
void sections_force(struct parser *p, struct text head);
/* sections_score is how sure the readers of a kind are that the line is theirs, 0 to 100. */
int sections_score(struct text line, enum input_kind kind);

#endif
