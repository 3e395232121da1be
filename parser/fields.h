/*
 * Show output is labels and values, in lines that terminals, mail and web pages break, glue and strip. So a reader names
 * its labels in a table, and a value is what stands between one label and the next, or on the next line where a line ends
 * with its label. Indentation means nothing here.
 *
 * What a reader finds becomes facts of one record. Levels are groups in groups: level 0 is the record itself, level 1 a
 * group of its list, and so on; each table row says on which level its fact belongs.
 */
#ifndef IKESCOPE_PARSER_FIELDS_H
#define IKESCOPE_PARSER_FIELDS_H

#include "parser/section.h"

enum field_kind {
    FIELD_TEXT, /* the value as it stands, trimmed */
    FIELD_FREE, /* the same, where somebody may have written anything: only a label with a colon ends it */
    FIELD_NUMBER,
    FIELD_ADDRESS,
    FIELD_ENDPOINT,   /* address and port: NAME (address) and NAME_port (number) */
    FIELD_SPI,        /* NAME (text): lower-case hex digits; of ESP eight */
    FIELD_YES,        /* bool: Yes, Y, True, enabled */
    FIELD_DURATION,   /* NAME (text as printed) and NAME_seconds (number) */
    FIELD_ENCRYPTION, /* NAME (code ENCR), and key_length where the word has one */
    FIELD_PRF,
    FIELD_INTEGRITY,
    FIELD_KE,
    FIELD_AUTH,
    FIELD_HEADING, /* no value, no fact: only known */
    FIELD_OWN      /* the reader's own() reads it */
};

struct field {
    const char *label; /* as printed; a blank stands for any run of blanks; the colon behind is not part of it */
    const char *name;  /* of the fact */
    uint8_t kind;      /* enum field_kind */
    uint8_t level;
    uint8_t mark; /* free for the reader's use */
};

struct found { /* one label in a line */
    const struct field *field;
    struct text value; /* trimmed, without a comma at its end */
    bool colon;        /* a colon or equals sign stood behind the label */
};

enum { FIELDS_A_LINE = 16, SHOW_LEVELS = 4 };

/* fields_find looks for labels in a line, left to right, longest first; *before is what stands in front of the first. */
size_t fields_find(struct text line, const struct field *fields, size_t count, struct found found[static FIELDS_A_LINE],
                   struct text *before);

struct show;
struct show_form {
    const char *name; /* the record's */
    const struct field *fields;
    size_t count;
    const char *lists[SHOW_LEVELS]; /* the list that holds the groups of each level; [0] unused */
    /* Called before a label's fact is added, to open groups. May be NULL. */
    void (*begin)(struct show *w, const struct field *field);
    /* Reads the value of a FIELD_OWN; false when it is not as expected, and then it is kept as text. */
    bool (*own)(struct show *w, const struct field *field, struct text value);
    /* Reads a line without a label; false when it does not know the line either. With `eager` it is called first for every line.
     */
    bool (*line)(struct show *w, struct text line);
    bool eager;
    bool rest_is_noise; /* lines that are not known count as noise and not as unparsed */
    size_t own_size;
};

struct show {
    const struct show_form *form;
    struct section *section;
    struct record *record;
    struct fact *group[SHOW_LEVELS]; /* the open group of each level, NULL */
    struct facts list[SHOW_LEVELS];  /* where the next group of each level goes; arena NULL: no list yet */
    struct facts into[SHOW_LEVELS];  /* where the facts of the open group go */
    struct facts unknown;            /* lines nobody understood */
    uint32_t unknown_count;
    uint32_t line;               /* physical line in work */
    struct text text;            /* and its text */
    const struct field *pending; /* a label at the end of the last line, still without its value */
    struct fact_lists lists;     /* those of show_list() */
    void *own;                   /* for the reader: its form's own_size octets, zeroed */
};

/* show_read makes one record of a section, fills it by the form, classifies every line. */
void show_read(struct section *s, const struct show_form *form);
/* show_open closes the groups from this level on and begins a new one. */
void show_open(struct show *w, unsigned level);
/* show_open_in is show_open into a list of that name, for levels whose groups are of several sorts. */
void show_open_in(struct show *w, unsigned level, const char *list);
/* show_close closes the groups from this level on; the next fact of that level begins a new one. */
void show_close(struct show *w, unsigned level);
/* show_at is where facts of a level go; it opens the group when none is open. */
struct facts *show_at(struct show *w, unsigned level);
/* show_put adds one value as the field's kind says; also for readers that found a value on their own. */
void show_put(struct show *w, unsigned level, const char *name, enum field_kind kind, struct text value);
void show_number(struct show *w, unsigned level, const char *name, uint64_t number);
void show_text(struct show *w, unsigned level, const char *name, struct text value);

/* show_list is where members of a list inside a group go; made when new. */
struct facts show_list(struct show *w, unsigned level, const char *name);

/* Small scanners that readers of show output and configurations share. */
struct text text_strip(struct text t, const char *octets); /* trims blanks and these octets at both ends */
bool text_is_blank(struct text t);
bool text_in(struct text t, const char *const *words); /* without regard to case; words end with NULL */
/* text_name makes a fact's name of a label: "#pkts no sa (send)" is pkts_no_sa_send. */
const char *text_name(struct model *m, struct text label);
/* duration_read takes "3d18h", "05:50:03", "10d 7h:26m:52s", "1w2d", "86400"; false for anything else, "never" among it. */
bool duration_read(struct text t, uint64_t *seconds);
/* endpoint_word reads "A/P", "A:P" or "A"; unlike endpoint_read() it wants something that begins like an address. */
bool endpoint_word(struct text t, struct endpoint *e);
bool is_prompt(struct text line, struct text *command); /* "R1#show ver": *command is "show ver" */
/* section_text joins the lines of the section from index first to last, as they stand. */
struct text section_text(struct section *s, struct arena *arena, size_t first, size_t last);
/* record_number_lines notes which physical lines the record's text consists of. */
void record_number_lines(struct record *r, const struct section *s, size_t first, size_t count);
/* spi_text gives lower-case hex digits without 0x, at least `digits` of them. False when it is not hex. */
bool spi_text(struct text t, unsigned digits, struct arena *arena, struct text *out);

#endif
