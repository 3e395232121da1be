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
    struct part *again;        /* the next one of the same router, once all of the input are there; NULL: none is known */
    const struct part *speaks; /* the last one of its router up to this that tells its platform, else the first behind it */
};

/* part_again is the next one of the same router, of an input that is still being read, too. A relay's log has many. */
static inline const struct part *part_again(const struct part *p)
{
    if (p->again)
        return p->again;
    const struct part *next = p->next;
    while (next && next->device != p->device)
        next = next->next;
    return next;
}

struct unparsed_line { /* kept for --show-unparsed, the first LIMIT of an input */
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
    uint32_t device; /* not set: from here on the lines are of this other router, whose clock it is; 0: of the same */
    uint32_t place;  /* first line that shows the new time */
    uint32_t before; /* a line that still shows the old one */
    int64_t before_ns, after_ns, by_ns;
};

struct call { /* a name that stands for another router here than elsewhere, and what that is called */
    struct call *next;
    struct text name, called;
};

struct input {
    uint32_t index;         /* "in1" is index 0 */
    struct text name, path; /* name: as shown; path: as opened */
    enum input_kind kind;   /* the main kind */
    uint32_t device;        /* the main router; 0 unknown */
    struct call *calls;
    struct part *parts, *parts_last;
    const struct part **part_at; /* in the order of their lines, part_count of them, once platforms_settle() was there */
    size_t part_count;
    uint64_t lines[LINE_CLASS_COUNT], line_total;
    uint64_t packets[PACKET_CLASS_COUNT], packet_total;
    bool has_lines, has_packets;
    struct stamp first_stamp, last_stamp;   /* the least of its events, and the last in file order */
    uint32_t first_place, last_place;       /* where they stand */
    int64_t opening_ns;                     /* the first reading in file order */
    bool set_back;                          /* its clock went back somewhere */
    uint64_t timed, outside;                /* entries and frames with a time; those that --since and --until leave out */
    struct stamp covers_first, covers_last; /* where a window is given: the least and the greatest of all of these times */
    uint32_t covers_first_place, covers_last_place;
    bool incomplete;                   /* it ends in the middle, or its middle is garbage */
    uint32_t ikev1_count, ikev1_first; /* IKEv1 messages and log lines, and where the first of them stands */
    struct text ikev1_entry;           /* "MAP SEQ": the crypto map's entry for which an ASA chose IKEv1 */
    uint32_t ikev1_entry_line;
    struct text ikev2_gave_up; /* "MAP SEQ": the entry for which an ASA tried IKEv2 before */
    struct unparsed_line *unparsed, *unparsed_last;
    struct trouble *troubles, *troubles_last;
    /* Its clock against the report's, from analysis/clocks.c: t = (ns - steps so far - offset) / (1 + drift) - origin. */
    bool aligned, by_messages; /* by_messages: else only by what the calendars say */
    int64_t offset_ns, uncertainty_ns;
    double drift;
    struct clock_step steps[CLOCK_STEPS];
    uint8_t step_count;
    bool parts_aligned; /* it holds two routers' logs, and steps bring the one's clock to the other's */
    uint32_t clock_of;  /* the input that gives the report's time … */
    int64_t ahead_ns;   /* … and how far this clock is ahead of that one's, at its first event */
    int64_t zone_ns;    /* to be taken from a printed time to get UTC */
    bool has_zone;
    uint8_t zone_by;     /* enum zone_by */
    struct fact *damage; /* reserved for the decoder's notes on capture damage */
};

enum zone_by { /* what told an input's zone */
               ZONE_BY_NOTHING,
               ZONE_BY_OPTION_FOR_ALL, /* --timezone ZONE: what a stamp says of itself counts more */
               ZONE_BY_OPTION,         /* --timezone DEVICE=ZONE */
               ZONE_BY_CONFIGURATION,  /* `clock timezone` or `clock summer-time` of a router */
               ZONE_BY_NAME            /* its stamps print a name that is no other zone's */
};

struct not_read { /* a file that was named, or lies in a folder that was, and is no input */
    struct not_read *next;
    struct text name; /* as shown; empty: why says it all */
    struct text why;  /* "a PDF document", "cannot open 'x': ..." */
    bool trouble;     /* it was named: the run has an error */
};

struct device { /* a router; index 0 is "unknown" */
    struct text name;
    struct fact *addresses; /* its own addresses, as learned: list members FACT_ADDRESS */
    uint32_t same_as;       /* the same router under the name that its configuration has; 0: none. By analysis/evidence.c */
    bool by_file;           /* only its file gave it this name: where it calls itself otherwise it is called that */
};

/* Show output and configurations: trees of facts with the line each stands on. What analysis knows of their shapes is
 * in the reader's header comment (parser/show/x.c, parser/config/x.c). */
struct record {
    struct record *next;
    struct record *alike, *beside, *twin; /* the next of the same name, router, router and name, once record_next() was asked */
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
    uint32_t *line_starts; /* where each line of text begins, made by evidence_join(); NULL: not yet */
    bool foreign;          /* of another run: its SPIs contradict the logs */
};

struct record_kind { /* the records of one name, in order */
    struct record *first, *last;
};

struct record_list { /* the records of one router, or of one router and name */
    struct record *first, *last;
    bool supplied;               /* of a router: its configuration is there, at least a part that tells of crypto */
    uint8_t platform;            /* of a router, enum platform, … */
    const struct record *judged; /* … up to here it was asked for; analysis/platforms.c */
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

struct record_index {  /* made by record_next(), config_owner(), flows_towards() and shown_up() when asked, of what was added
                        * since;  analysis/evidence_index.c
                        */
    struct map named;  /* struct record_kind, by name */
    struct map lists;  /* struct record_list, by router, and by router and name */
    struct map titled; /* struct record, the first by router, name and title */
    struct map words;  /* struct worded, by router, place and word; analysis/evidence_words.h */
    uint32_t count;    /* of records that are in them */
    bool supplied;     /* some router's configuration is */
    struct config_file *files, *files_last;
    struct map flows;               /* struct shown_flow, by the peer's address */
    const struct record *last_flow; /* up to here they are in it */
    struct map by_address;          /* struct owner, by the address's octets */
    struct map up;                  /* struct record that shows an SA or session up, by the address of either end */
    const struct record *last_up;
    struct map parents; /* IKE SAs with Child SAs, by router and peer, once somebody asked; analysis/shown_childless.c */
    const struct ike_sa *parent;
    const struct record *last, *last_interface; /* up to here records are in them */
    uint8_t platform; /* enum platform of all inputs, once somebody asked while rules run; analysis/platforms.c */
    bool platform_known;
};

struct options {        /* what the user asked that parsing and analysis must know */
    int year;           /* 0: not said */
    bool keep_events;   /* timeline, ndjson, --events */
    bool keep_payloads; /* formats that print payloads; summary does not */
    bool keep_transitions;
    bool keep_exchanges; /* several inputs: what one of them shows may meet what another does */
    bool show_unparsed, show_secrets;
    bool endless;               /* a stream: nobody asks for what an input holds as a whole (its parts, its unparsed lines) */
    int64_t since_ns, until_ns; /* TIME_UNKNOWN: open */
    unsigned threads;           /* to judge with; 0 is 1 */
};

struct note_list {
    const struct note **at;
    uint32_t count;
};

struct kept_event { /* model.events, when keep_events */
    struct kept_event *next;
    struct event event; /* deep copy; message only by its leg */
    struct ike_sa *ike_sa;
    uint8_t bound_by; /* enum binding */
};

struct model {
    struct arena *run;  /* lives as long as the model */
    struct arena *read; /* so does this: what parser/ adds, apart, since a stream moves what is in .run */
    struct names names; /* states, events, other words */
    struct options options;
    struct input *inputs;
    size_t input_count, input_room;
    struct not_read *not_read, *not_read_last;
    struct device *devices;
    size_t device_count, device_room;
    struct map devices_named; /* their numbers */
    struct ike_sa *ike_sas, *ike_sas_last;
    struct ike_sa *ike_sas_made;      /* chained by made_before; model_destroy() frees what they hold */
    struct exchange *spare_exchanges; /* folded by condensed runs, to be used again */
    struct sighting *spare_sightings;
    uint32_t ike_sa_count;
    uint32_t ike_sas_numbered; /* as many were made, those that are forgotten included */
    struct child_sa *child_sas, *child_sas_last;
    uint32_t child_sa_count;
    struct flow *flows, *flows_last;
    uint32_t flow_count;
    struct record *records, *records_last;
    struct record_index *record_index;
    struct finding *findings, *findings_last; /* last: where the next is appended; may lag behind */
    uint32_t finding_count;
    bool *on_trial; /* nothing is found: a rule that has something to say sets this (analysis/diagnose.c). NULL: it is found */
    uint64_t names_compared;         /* while rules run: those that lead nowhere, with others (analysis/references.c) */
    struct map findings_about;       /* while rules run: what was found already, by what it is about (analysis/quote.c) */
    struct map sas_at;               /* while rules run: struct placed_sa, by an end's address (analysis/sas_at.c) */
    bool sas_placed;                 /* they are in it, since somebody asked */
    struct note *loose, *loose_last; /* notable events of no IKE SA, the first LIMIT_LOOSE_NOTES */
    struct note_list *loose_of;      /* while rules run: those of each enum event_code (analysis/symptoms.c) */
    uint32_t loose_count;
    struct kept_event *events, *events_last;
    uint64_t event_count;
    struct keyring *keyring;
    int64_t origin_ns;         /* the report's first event, aligned; TIME_UNKNOWN */
    struct limits limits;      /* those that were reached; the finding input-limit tells */
    struct limits read_limits; /* by parser/, until it has finished with the input: see .read */
};

struct model *model_create(void);
void model_destroy(struct model *m);
struct input *model_add_input(struct model *m, struct text name, struct text path);
/* The pointer model_add_input gives is valid until the next one; go by index. */
static inline struct input *model_input(const struct model *m, uint32_t index)
{
    return &m->inputs[index];
}
void model_forget_records(struct model *m); /* they are gone: nothing is found by its name, router, title or address */
void model_not_read(struct model *m, struct text name, struct text why, bool trouble);
uint32_t model_device(struct model *m, struct text name); /* index of the router of that name, made when new; 0 for "" */
/* model_device_in is the same for a name that stands in an input. */
uint32_t model_device_in(struct model *m, uint32_t input, struct text name);
/* input_calls: what that name stands for in an input. */
void input_calls(struct model *m, uint32_t input, struct text name, struct text called);
/* device_one: of the names of one router the one that stands for all. */
static inline uint32_t device_one(const struct model *m, uint32_t device)
{
    return device < m->device_count && m->devices[device].same_as ? m->devices[device].same_as : device;
}
/* device_same: two names of one router, or one. */
static inline bool device_same(const struct model *m, uint32_t a, uint32_t b)
{
    return device_one(m, a) == device_one(m, b);
}
/* model_device_of_file is the same for a router that nothing but its file's name names. */
uint32_t model_device_of_file(struct model *m, struct text file);
/* device_name is what a router is called: its own name, where only a file's was known until a configuration told it; empty
 * where it is unknown. */
struct text device_name(const struct model *m, uint32_t device);
/* device_name_or: the same, and a word for one without a name. */
struct text device_name_or(const struct model *m, uint32_t device, struct text unnamed);
/* device_name_beside: the same where it stands beside an address; a relay's name for it may be that address, and says no more. */
struct text device_name_beside(const struct model *m, uint32_t device, struct address address);
void input_add_part(struct model *m, uint32_t input, enum input_kind kind, uint32_t device, uint32_t first_line,
                    uint32_t last_line);
struct trouble *input_trouble(struct model *m, uint32_t input, const char *rule, uint32_t place, bool packet, const char *format,
                              ...) __attribute__((format(printf, 6, 7)));
void input_unparsed(struct model *m, uint32_t input, uint32_t line, struct text text);
struct record *model_add_record(struct model *m, enum input_kind kind, const char *name); /* zeroed but for these */
struct finding *model_add_finding(struct model *m, const char *rule, enum severity severity);
/* model_time is the aligned time of an observer's clock reading, TIME_UNKNOWN where the input cannot be aligned;
 * in ns from model.origin_ns. */
int64_t model_time(const struct model *m, uint32_t input, int64_t ns);
/* model_time_at is the same of a reading that stands at a line: of a clock that was set back, readings come twice. */
int64_t model_time_at(const struct model *m, uint32_t input, uint32_t place, int64_t ns);
static inline int64_t model_time_of(const struct model *m, const struct sighting *s)
{
    return model_time_at(m, s->input, s->place, s->ns);
}

#endif
