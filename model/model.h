/*
 * The model: everything that one report knows. All state of the program hangs here; nothing is global.
 */
#ifndef IKESCOPE_MODEL_MODEL_H
#define IKESCOPE_MODEL_MODEL_H

#include "base/limits.h"
#include "base/map.h"
#include "model/finding.h"
#include "model/keyring.h"
#include "model/sa.h"

/* ENTRY(ident, "name in reports and of --as") */
#define INPUT_KINDS(ENTRY)                                                                                                       \
    ENTRY(IOS_DEBUG, "ios-debug")                                                                                                \
    ENTRY(IOSXE_DEBUG, "iosxe-debug")                                                                                            \
    ENTRY(ASA_DEBUG, "asa-debug")                                                                                                \
    ENTRY(SYSLOG, "syslog")                                                                                                      \
    ENTRY(EVENT_TRACE, "event-trace")                                                                                            \
    ENTRY(SHOW, "show")                                                                                                          \
    ENTRY(CONFIG, "config")                                                                                                      \
    ENTRY(CAPTURE, "capture")                                                                                                    \
    ENTRY(KEYS, "keys")

enum input_kind {
    INPUT_UNKNOWN,
#define ENTRY(ident, name) INPUT_##ident,
    INPUT_KINDS(ENTRY)
#undef ENTRY
        INPUT_KIND_COUNT
};
const char *input_kind_name(enum input_kind kind); /* NULL for INPUT_UNKNOWN */

enum line_class { LINE_EVENT, LINE_CONTINUATION, LINE_NOISE, LINE_BLANK, LINE_UNPARSED, LINE_CLASS_COUNT };
enum packet_class { PACKET_IKE, PACKET_ESP, PACKET_AH, PACKET_KEEPALIVE, PACKET_OTHER, PACKET_MALFORMED, PACKET_CLASS_COUNT };

struct part { /* a run of lines of one kind and router */
    struct part *next;
    enum input_kind kind;
    uint32_t device, first_line, last_line;
    struct part *again;        /* the next part of the same router, once the input was read; NULL: none is known */
    const struct part *speaks; /* its router's last part up to here that tells the platform, else the first one behind it */
};

/* part_again is the next part of the same router, also of an input that is still being read. A relay's log has many parts. */
static inline const struct part *part_again(const struct part *p)
{
    if (p->again)
        return p->again;
    const struct part *next = p->next;
    while (next && next->device != p->device)
        next = next->next;
    return next;
}

struct unparsed_line { /* kept for --show-unparsed; of an input only the first ones (input_unparsed()) */
    struct unparsed_line *next;
    uint32_t line;
    struct text text;
};

struct trouble { /* something odd about an input as a whole: becomes a finding */
    struct trouble *next;
    const char *rule; /* "input-truncated", "input-damaged", "debug-incomplete", "keys-incomplete" */
    struct text text; /* one plain sentence */
    uint32_t place;   /* line, frame, or 0 */
    bool packet;
    uint32_t count;
    const char *title;  /* NULL: the rule's */
    struct text remedy; /* empty: what the rule advises */
};

enum { CLOCK_STEPS = 4 };

struct clock_step {  /* a clock set forward or back, by NTP or by hand, while its log ran */
    uint32_t device; /* no clock was set: from here on the lines come from this other router and its clock; 0: the same router */
    uint32_t place;  /* first line that shows the new time */
    uint32_t before; /* a line that still shows the old one */
    int64_t before_ns, after_ns, by_ns;
};

/* A name may mean another router in one file than in others: what that one is called, or empty. */
struct calling {
    struct text (*of)(void *context, struct text path, struct text name); /* NULL: no name does */
    void *context;
};

struct input {
    uint32_t index;         /* "in1" is index 0 */
    struct text name, path; /* name: as shown; path: as opened */
    enum input_kind kind;   /* the main kind */
    uint32_t device;        /* the main router; 0 unknown */
    struct part *parts, *parts_last;
    const struct part **part_at; /* part_count of them, in the order of their lines; made by platforms_settle() */
    size_t part_count;
    uint64_t lines[LINE_CLASS_COUNT], line_total;
    uint64_t packets[PACKET_CLASS_COUNT], packet_total;
    bool has_lines, has_packets;
    uint32_t lines_each;                  /* of an export: physical lines that one of a router's takes; 0: it is one by itself */
    struct stamp first_stamp, last_stamp; /* the least of its events' times, and the last one in file order */
    uint32_t first_place, last_place;     /* where these stand */
    int64_t opening_ns;                   /* the first time in file order */
    bool set_back;                        /* its clock went back somewhere */
    bool zones_differ;                    /* its stamps print several zones */
    int64_t told_by_ns;      /* its last line told that the clock was set by so much, and did not show it yet; 0: not */
    uint64_t timed, outside; /* entries and frames with a time, and those of them that --since and --until leave out */
    struct stamp covers_first, covers_last; /* with --since or --until: the least and the greatest of all these times */
    uint32_t covers_first_place, covers_last_place;
    bool incomplete;                   /* it ends in the middle, or its middle is garbage */
    uint32_t ikev1_count, ikev1_first; /* IKEv1 messages and log lines, and where the first of them stands */
    bool ios_messages, asa_messages;   /* syslog of these families, by how they name a message */
    struct text ikev1_entry;           /* "MAP SEQ": the crypto map's entry for which an ASA chose IKEv1 */
    uint32_t ikev1_entry_line;
    struct text ikev2_gave_up; /* "MAP SEQ": the entry for which an ASA tried IKEv2 before */
    struct unparsed_line *unparsed, *unparsed_last;
    struct trouble *troubles, *troubles_last;
    /* Its clock against the report's, from analysis/clocks.c: t = (ns - steps so far - offset) / (1 + drift) - origin. */
    bool aligned, by_messages; /* by_messages: by the messages it shares; else by the dates alone */
    int64_t offset_ns, uncertainty_ns;
    double drift;
    struct clock_step steps[CLOCK_STEPS];
    uint8_t step_count;
    bool parts_aligned; /* it holds two routers' logs, and `steps` bring the clock of one to that of the other */
    uint32_t clock_of;  /* the input whose clock gives the report's time … */
    int64_t ahead_ns;   /* … and how far this clock is ahead of that one, at this input's first event */
    int64_t zone_ns;    /* to be subtracted from a printed time to get UTC */
    bool has_zone;
    uint8_t zone_by; /* enum zone_by */
};

enum zone_by { /* what told an input's zone */
               ZONE_BY_NOTHING,
               ZONE_BY_OPTION_FOR_ALL, /* --timezone ZONE: a zone that a stamp prints counts more */
               ZONE_BY_OPTION,         /* --timezone DEVICE=ZONE */
               ZONE_BY_CONFIGURATION,  /* `clock timezone` or `clock summer-time` of a router */
               ZONE_BY_NAME            /* its stamps print a name that is no other zone's */
};

struct not_read { /* a file that was named, or lies in a folder that was named, but was not read as an input */
    struct not_read *next;
    struct text name; /* as shown; empty: `why` says it all */
    struct text why;  /* "a PDF document", "cannot open 'x': ..." */
    bool trouble;     /* the file itself was named, so the run ends with an error */
};

struct device { /* a router; index 0 is "unknown" */
    struct text name;
    struct fact *addresses; /* its own addresses, as learned: list members FACT_ADDRESS */
    uint32_t same_as;       /* index of the same router under its configuration's name; 0: none. Set by analysis/evidence.c */
    bool by_file;           /* the name is only that of its file: a name that the router gives itself takes its place */
    bool nameless;          /* the name only stands where a list needs one: "unknown", or "standard input" */
};

/* Show output and configurations: trees of facts, each with the line it stands on. Which facts there are is told by the comment
 * at the head of the reader that makes them (parser/show/x.c, parser/config/x.c). */
struct record {
    struct record *next;
    struct record *alike, *beside, *twin; /* the next record of the same name, router, or both; made by record_next() */
    const struct record_kind *of_name;
    uint32_t order;       /* among all records */
    enum input_kind kind; /* INPUT_SHOW or INPUT_CONFIG */
    const char *name;     /* "show crypto ikev2 sa", "ikev2-proposal", "crypto-map", ... static */
    struct text title;    /* the object's own name: of a proposal, profile, map; or the command as typed */
    uint32_t input, device, first_line, last_line;
    struct fact *facts;
    struct text text;       /* its lines as printed, without secrets */
    uint32_t *line_numbers; /* the physical line of each line of text, line_count of them; NULL: consecutive */
    uint32_t line_count;
    uint32_t *line_starts; /* the offset of each line in `text`, made by evidence_join(); NULL: not yet */
    bool foreign;          /* from another time than the logs: its SPIs contradict them */
};

struct record_kind { /* the records of one name, in order */
    struct record *first, *last;
};

struct record_list { /* the records of one router, or of one router and name */
    struct record *first, *last;
    bool supplied;                         /* of a router: its configuration is there, at least a part that tells of crypto */
    uint8_t platform;                      /* of a router, enum platform, … */
    const struct record *judged;           /* … up to here it was asked for; analysis/platforms.c */
    const struct record **ranked;          /* of one kind: the first of them in the order in which the router tries them … */
    uint32_t ranked_count, ranked_changes; /* … when the index had changed so often; analysis/evidence_proposals.c */
    const struct record *sole; /* of one kind: the only one that has what `having` names, NULL where there is none … */
    const char *having;
    uint32_t sole_changes; /* … when the index had changed so often; 0: nobody asked; analysis/evidence_config.c */
};

struct config_file { /* an input that has a configuration, of one router */
    struct config_file *next;
    uint32_t input, device;
};

struct shown_flow {                 /* a flow of show crypto ipsec sa */
    struct shown_flow *next, *last; /* of the same peer; last: in the first of them */
    const struct record *record;
    const struct fact *flow;
};

struct owner {                 /* an interface with an address */
    struct owner *next, *last; /* of the same address; last: in the first of them */
    const struct record *interface;
    uint32_t line;
};

/* What finds records by their name, router, title or address: analysis/evidence_index.c. Each part is brought up to date by the
 * function that uses it (record_next(), config_owner(), flows_towards(), shown_up()). */
struct record_index {
    struct map named;  /* struct record_kind, by name */
    struct map lists;  /* struct record_list, by router, and by router and name */
    struct map titled; /* struct record, the first by router, name and title */
    struct map words;  /* struct worded, by router, place and word; analysis/evidence_words.h */
    uint32_t count;    /* of the records in these maps */
    bool supplied;     /* a configuration is among them */
    struct config_file *files, *files_last;
    struct map flows;               /* struct shown_flow, by the peer's address */
    const struct record *last_flow; /* the last record whose flows are in it */
    struct map by_address;          /* struct owner, by the address's octets */
    struct map up;                  /* struct record that shows an SA or session up, by the address of either end */
    const struct record *last_up;
    struct map fits;   /* profiles and keys by what leads to them, in sets; analysis/fits.c */
    uint32_t fit_sets; /* how many were made */
    uint32_t changes;  /* how often a router got a record */
    uint32_t *alike;   /* by router: 1 and whose configuration's file is called like it; analysis/evidence_config.c */
    uint32_t alike_room, alike_changes;
    struct map parents; /* IKE SAs with Child SAs, by router and peer, once somebody asked; analysis/shown_childless.c */
    const struct ike_sa *parent;
    struct map nones; /* the first struct record that lists no SA, by router and the peer whose were asked for */
    const struct record *last, *last_interface; /* the last records that are in `named` and the like, and in by_address */
    uint8_t platform; /* enum platform of all inputs, once somebody asked while rules run; analysis/platforms.c */
    bool platform_known;
};

struct options {        /* what the user asked that parsing and analysis must know */
    int year;           /* 0: not said */
    bool keep_events;   /* timeline, ndjson, --events */
    bool keep_payloads; /* formats that print payloads; summary does not */
    bool keep_transitions;
    bool keep_exchanges; /* there are several inputs: an exchange of one may still be completed by another */
    bool show_unparsed, show_secrets;
    bool endless;               /* a stream: what an input holds as a whole (its parts, its unparsed lines) is not kept */
    int64_t since_ns, until_ns; /* TIME_UNKNOWN: no bound */
    unsigned threads;           /* that judge; 0 means 1 */
};

struct note_list {
    const struct note **at;
    uint32_t count;
};

struct kept_event { /* model.events, when keep_events */
    struct kept_event *next;
    struct event event; /* a deep copy, without the message, which is kept with its leg */
    struct ike_sa *ike_sa;
    uint8_t bound_by; /* enum binding */
};

struct model {
    struct arena *run;  /* lives as long as the model */
    struct arena *read; /* lives as long, for what parser/ adds: apart from .run, whose contents a stream moves */
    struct names names; /* states, events, other words */
    struct options options;
    struct input *inputs;
    size_t input_count, input_room;
    struct not_read *not_read, *not_read_last;
    struct device *devices;
    size_t device_count, device_room;
    struct map devices_named; /* their indices, by name */
    struct calling calling;
    struct ike_sa *ike_sas, *ike_sas_last;
    struct ike_sa *ike_sas_made;      /* chained by made_before; model_destroy() frees what they hold */
    struct exchange *spare_exchanges; /* that condensed runs have folded away, to be used again */
    struct sighting *spare_sightings;
    uint32_t ike_sa_count;
    uint32_t ike_sas_numbered; /* how many were ever made, those that a stream has let go included */
    struct child_sa *child_sas, *child_sas_last;
    uint32_t child_sa_count;
    struct flow *flows, *flows_last;
    uint32_t flow_count;
    struct record *records, *records_last;
    struct record_index *record_index;
    struct finding *findings, *findings_last; /* last: where the next is appended; may lag behind */
    uint32_t finding_count;
    bool *on_trial;            /* not NULL: a rule that has something to say sets this and finds nothing (analysis/diagnose.c) */
    uint64_t nat_compared;     /* while rules run: rules of translation, with what an ACL protects (analysis/nat.c) */
    uint64_t zone_compared;    /* while rules run: entries of lists that zone firewalls ask (analysis/self_zone.c) */
    uint64_t names_compared;   /* while rules run: comparisons of a name that leads nowhere with others (analysis/references.c) */
    struct map findings_about; /* while rules run: what was found already, by what it is about (analysis/quote.c) */
    struct map sas_at;         /* while rules run: struct placed_sa, by an end's address (analysis/sas_at.c) */
    bool sas_placed;           /* the SAs are in it, since somebody asked */
    struct note *loose, *loose_last; /* notable events that belong to no IKE SA, the first LIMIT_LOOSE_NOTES of them */
    struct note_list *loose_of;      /* while rules run: those of each enum event_code (analysis/symptoms.c) */
    uint32_t loose_count;
    struct kept_event *events, *events_last;
    uint64_t event_count;
    struct keyring *keyring;
    int64_t origin_ns;         /* the report's first event, aligned; TIME_UNKNOWN */
    struct limits limits;      /* the limits that were reached, for the finding input-limit */
    struct limits read_limits; /* those that parser/ reached in an input that it has not finished with */
};

struct model *model_create(void);
void model_destroy(struct model *m);
/* model_add_input copies both texts. The pointer is valid until the next input is added, so keep the index and not the pointer.
 */
struct input *model_add_input(struct model *m, struct text name, struct text path);
static inline struct input *model_input(const struct model *m, uint32_t index)
{
    return &m->inputs[index];
}
/* model_lines_between: how many lines of a router lie between two of an input, whatever these were packed in. */
static inline uint32_t model_lines_between(const struct model *m, uint32_t index, uint32_t from, uint32_t to)
{
    const uint32_t each = model_input(m, index)->lines_each;
    return each > 1 ? (to - from) / each : to - from;
}
void model_forget_records(struct model *m); /* empties what finds records, for a caller that has emptied their list */
void model_not_read(struct model *m, struct text name, struct text why, bool trouble); /* adds a struct not_read; copies */
uint32_t model_device(struct model *m, struct text name); /* index of the router of that name, made when new; 0 for "" */
/* model_device_in does the same for a name as an input uses it (struct calling). */
uint32_t model_device_in(struct model *m, uint32_t input, struct text name);
/* device_one is the index that stands for all names of one router. */
static inline uint32_t device_one(const struct model *m, uint32_t device)
{
    return device < m->device_count && m->devices[device].same_as ? m->devices[device].same_as : device;
}
/* device_same: are these the same router, whatever names it has? */
static inline bool device_same(const struct model *m, uint32_t a, uint32_t b)
{
    return device_one(m, a) == device_one(m, b);
}
/* model_device_of_file is like model_device, for a router that is known by the name of its file, this input, alone. */
uint32_t model_device_of_file(struct model *m, uint32_t input, struct text file);
/* device_name is what a router is called: by preference the name it gives itself, else that of its file; empty for an unknown
 * one. */
struct text device_name(const struct model *m, uint32_t device);
/* device_named_by: does a log under this name go with that file ("r1-initial" with "site/r1.cfg")? The file's name, and then
 * nothing more or something that is no letter or digit. */
bool device_named_by(struct text log, struct text file);
/* device_name_or is the same, with a word for a router without a name. */
struct text device_name_or(const struct model *m, uint32_t device, struct text unnamed);
/* device_name_beside is the name to be shown beside an address: empty where there is none, or where the name is that address, as
 * a relay may call it. */
struct text device_name_beside(const struct model *m, uint32_t device, struct address address);
void input_add_part(struct model *m, uint32_t input, enum input_kind kind, uint32_t device, uint32_t first_line,
                    uint32_t last_line);
struct trouble *input_trouble(struct model *m, uint32_t input, const char *rule, uint32_t place, bool packet, const char *format,
                              ...) __attribute__((format(printf, 6, 7)));
void input_unparsed(struct model *m, uint32_t input, uint32_t line, struct text text);
/* model_masked is a line as it may be told: without its secrets, as redact_masked() has it, unless the user asked for them. */
struct text model_masked(const struct model *m, struct text line, struct arena *arena);
struct record *model_add_record(struct model *m, enum input_kind kind, const char *name); /* zeroed but for these */
struct finding *model_add_finding(struct model *m, const char *rule, enum severity severity);
/* model_time turns a time by an input's own clock into ns from model.origin_ns, after alignment; TIME_UNKNOWN where the input
 * cannot be aligned. */
int64_t model_time(const struct model *m, uint32_t input, int64_t ns);
/* model_time_at does so for a time that stands at a certain line: a clock that was set back shows the same time twice. */
int64_t model_time_at(const struct model *m, uint32_t input, uint32_t place, int64_t ns);
static inline int64_t model_time_of(const struct model *m, const struct sighting *s)
{
    return model_time_at(m, s->input, s->place, s->ns);
}

#endif
