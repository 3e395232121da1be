/*
 * Records: which lines belong together, and what they become. A stream is what one device prints, in its own order: at most
 * one text entry waits for its continuation lines, and at most one packet dump is being read. A line that is not part of them
 * ends them, and the event goes out, so events leave in the order of their first lines.
 */
#ifndef IKESCOPE_PARSER_RECORDS_H
#define IKESCOPE_PARSER_RECORDS_H

#include "base/map.h"
#include "parser/face.h"
#include "parser/lines.h"
#include "parser/memo.h"
#include "parser/packet.h"
#include "parser/parser.h"
#include "parser/prefix.h"
#include "parser/sheet.h"
#include "parser/tag.h"
#include "parser/told.h"
#include "parser/transition.h"

enum { CONTENT_SLOTS = 4, REST_SLOTS = 16 };

struct origin { /* where and when a record began, and of which SA it speaks */
    struct tag tag;
    struct stamp time;
    uint32_t line, lines, last_line;
};

struct entry { /* a text entry that may go on */
    struct origin origin;
    struct text text; /* borrowed from the block, or in joined */
    size_t width;     /* of its last physical line */
    struct buffer joined;
    char number[8];              /* ASA syslog: the message's number */
    const struct phrase *phrase; /* where settled: what the text's phrase is known to be, as long as nothing joins it */
    bool settled, torn;          /* torn: where settled, what damage_torn() says */
    enum event_code guess;       /* where settled, and no phrase: see parser/face.h */
    enum event_kind guess_kind;
    bool open, owned, after_blank;
    bool policies; /* "Received Policies:" … "Expected Policies:" */
    bool listing;  /* "IKE Proposal: …", whose names are on the next lines */
    bool indented; /* continues with indented lines (IPSEC, map data base, trustpoints) */
};

struct content_slot { /* clear contents of a packet that will be sent */
    struct packet packet;
    uint32_t sa_id, session_id;
    uint32_t first_line, lines;
    bool filled;
};

/* IOS-XE's "Sending Packet [To …]" whose IKEv2-PAK line has not come yet: another peer's lines stand between. */
struct half {
    bool waiting, has_spis;
    uint8_t exchange, direction;
    uint32_t sa_id, message_id;
    struct spi spi_i, spi_r;
    struct endpoint local, remote;
};
enum { HALVES = 4 };

struct stream {
    uint32_t device;       /* see stream_is_of() */
    size_t place;          /* among the streams */
    struct text host;      /* by which the relay calls it; empty: the input's own */
    struct text collector; /* what a collector called it that exported its lines; empty: none did */
    struct entry entry;
    struct packet packet;
    struct origin origin; /* of the packet */
    struct packet
        parked; /* a dump that waits to be decrypted while another context's packet is printed; it goes on behind that */
    struct origin parked_origin;
    struct content_slot contents[CONTENT_SLOTS];
    unsigned next_slot;
    struct half halves[HALVES];
    unsigned next_half;
    struct vendors vendors, notifies;
    struct packet sealed;     /* what "Construct … Payload" entries tell of a packet whose contents are not printed */
    char constructed[2][128]; /* text of IDi, IDr, by "Constructing IDi payload" */
    uint8_t constructed_type[2];
    bool dispatched;         /* a packet has just been taken from the queue */
    bool noise;              /* the last entry was an unrelated debug: its continuation lines are, too */
    bool trace;              /* under an event trace's heading */
    uint32_t policy_line;    /* last line of the last pair of policy lists */
    struct spi fragment_spi; /* numbering of SKF pieces */
    uint32_t fragment_id;
    uint8_t fragment, fragment_direction;
    uint64_t sequence;
    bool has_sequence;
};

struct records {
    struct parser *parser;
    struct stream **streams;
    size_t stream_count, stream_room;
    struct map hosts;        /* those of the streams, by name */
    struct map devices;      /* … by device: see stream_is_of() */
    struct map collected;    /* … by what a collector called them, last */
    struct stream *nameless; /* of no host's name */
    struct stream *current;  /* the device whose line was read last */
    struct prefix_cache times;
    struct names relayed; /* hosts that relays named */
    struct name_cache names;
    uint32_t in_turn;                    /* lines that were not read ahead */
    struct face_memo *faces, *own_faces; /* own: where none was lent, from the first line on that was not read ahead */
    struct arena *line;                  /* dies with the line */
    struct arena *event;                 /* dies with the event */
    struct text rests[REST_SLOTS];       /* what is left of the line, the next on top */
    unsigned rest_count;
    size_t wrap; /* the length at which a terminal cut lines, where one was seen to; 0 none */
    size_t wrap_guess;
    struct memo memo;
    struct told_before *told, *own_told; /* own: where none was lent, from the first text on */
    struct text run;                     /* indented lines of the open packet, not read yet */
    uint32_t run_first, run_lines;
    bool asa; /* contexts may stand inside lines */
};

void records_init(struct records *r, struct parser *parser);
void records_clear(struct records *r);
/* records_line takes one physical line; counts it. */
void records_line(struct records *r, struct line *line);
/* records_usual_sheet takes a packet's first line and all of its sheet. False: nothing done, they are to be taken one by one. */
bool records_usual_sheet(struct records *r, struct line *line, const struct sheet *sheet);
/* records_told is the memory of what texts told before, lent or its own. */
struct told_before *records_told(struct records *r);
/* records_own copies what is borrowed from the block of text, which is about to be freed. */
void records_own(struct records *r);
/* records_flush hands over what is pending, of all streams. */
void records_flush(struct records *r);
/* records_unfinished is the line where the record began in whose middle the input ended; 0 where it did not. */
uint32_t records_unfinished(const struct records *r);

#endif
