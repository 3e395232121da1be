/*
 * A packet's dump, read ahead of its turn: what its lines say hangs on them alone, as long as they are the usual ones and follow
 * the packet's first line without a gap. So whichever core is free reads them (parser/glances.h), and in its turn the parser
 * takes the packet as a whole. Lines that anything else could lay claim to end the sheet: they are taken one by one.
 */
#ifndef IKESCOPE_PARSER_SHEET_H
#define IKESCOPE_PARSER_SHEET_H

#include "parser/face.h"
#include "parser/memo.h"
#include "parser/packet.h"

struct sheet {
    struct packet packet; /* its payloads are the reader's: see packet_become(); .contents: it is such */
    struct text text;     /* the lines behind the first, whole, each with its end */
    uint32_t lines;       /* how many these are */
    uint32_t blank;       /* how many of them are blank */
    uint32_t parts;       /* how many of them say something of the packet */
    uint32_t last_part;   /* which one is the last of those; which one is the last that is not blank; 0: none */
    uint32_t last_said;
    uint32_t entries; /* how many tags stand in them, which are then of the first line's kind */
    bool asa;         /* an ASA printed them: in no line stands a context that was not taken out */
    bool has_sa_id;   /* one of them has an SA id */
    uint32_t sa_id;
};

struct sheets { /* a reader; a zeroed one is valid */
    struct arena *arena;
    struct memo memo;
    uint8_t *octets; /* room for hex rows */
    size_t octet_room;
    size_t gone; /* how much of what was behind the last first line was read, of a sheet that came to nothing, too */
};

/* sheets_reset forgets what was read: no packet may be borrowed from it then. */
void sheets_reset(struct sheets *s);
void sheets_clear(struct sheets *s);
struct behind { /* what stands behind a packet's first line */
    struct text text;
    struct face_memo *faces;
    struct face *next; /* the face of the line that ended the sheet, where `faced` */
    bool faced;
};

/* sheet_read reads the packet that begins with a line of this face. NULL: there is none that follows as it should. */
struct sheet *sheet_read(struct sheets *s, const struct face *first, struct behind *behind);
/* sheet_contents does so with a packet's clear contents, which begin with a line of their own, "Payload contents:"; asa: an ASA
 * printed them. */
bool sheet_begins_contents(struct text line);
struct sheet *sheet_contents(struct sheets *s, struct text line, bool asa, struct behind *behind);

#endif
