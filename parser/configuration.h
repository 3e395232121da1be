/*
 * Configurations of IOS, IOS-XE and ASA. A configuration is commands in contexts: "crypto ikev2 proposal P" opens an
 * object, and what follows belongs to it. Which context a line belongs to is told by its indentation where there is any,
 * and by its words where a web page or a mail has stripped it; a table says which words may stand in which context.
 *
 * Each object becomes one record: record.name is its kind, record.title its name, facts what it says, each with its line.
 * The tables and the shapes of the facts are in parser/config_{ikev2,ipsec,acl,system,asa}.c, one file for each family of
 * objects.
 */
#ifndef IKESCOPE_PARSER_CONFIGURATION_H
#define IKESCOPE_PARSER_CONFIGURATION_H

#include "base/map.h"
#include "parser/fields.h"

enum config_context {
    IN_GLOBAL,
    IN_PROPOSAL,
    IN_POLICY,
    IN_KEYRING,
    IN_PEER,
    IN_PROFILE,
    IN_TRANSFORM_SET,
    IN_IPSEC_PROFILE,
    IN_IPSEC_PROPOSAL,
    IN_MAP,
    IN_ACL,
    IN_INTERFACE,
    IN_TUNNEL_GROUP,
    IN_GROUP_POLICY,
    IN_OBJECT,
    IN_OBJECT_GROUP,
    IN_TRUSTPOINT,
    IN_ISAKMP_POLICY,
    IN_ISAKMP_PROFILE,
    IN_ISAKMP_KEYRING,
    IN_CERTIFICATE_MAP,
    IN_CERTIFICATE,
    IN_BANNER,
    IN_AUTHORIZATION,
    IN_ROUTE_MAP,
    IN_FLEXVPN_CLIENT,
    IN_CLASS_MAP,
    IN_POLICY_MAP,
    IN_ZONE_PAIR,
    IN_MANGLER,
    IN_ELSEWHERE
};

enum config_kind {
    CONFIG_OWN,  /* the command's own() reads the arguments */
    CONFIG_TEXT, /* the arguments as one text */
    CONFIG_WORD, /* the first argument */
    CONFIG_NUMBER,
    CONFIG_ADDRESS,
    CONFIG_INTERFACE, /* an interface by its full name; what is none stays as it is */
    CONFIG_SET,       /* bool: true, or false after "no" */
    CONFIG_LIST,      /* each argument is a member of a list */
    CONFIG_IGNORED    /* known, says nothing about tunnels */
};

enum { CONFIG_WORDS = 96, CONFIG_REST = 255, CONFIG_MANY = 254 };

struct config_args {
    struct text word[CONFIG_WORDS];
    size_t count;
    bool no;          /* "no ..." or "default ..." */
    const char *fact; /* of the command's row */
};

struct config;
struct config_command {
    uint8_t in;         /* enum config_context */
    uint8_t kind, most; /* enum config_kind; how many arguments at most; CONFIG_REST: the rest of the
                         * line; CONFIG_MANY: up to a word that begins another command */
    const char *words;  /* "crypto ikev2 proposal" */
    const char *fact;
    void (*own)(struct config *c, const struct config_args *a);
};
struct config_table {
    const struct config_command *commands;
    size_t count;
};
extern const struct config_table config_ikev2_table, config_ipsec_table, config_acl_table, config_system_table, config_asa_table,
    config_zone_table;

struct config_object {
    struct config_object *next;
    struct record *record;
    struct facts into;
    struct facts unknown;
    struct buffer text;
    uint32_t *lines; /* grown as needed */
    size_t line_count, line_room;
};

struct config {
    struct section *section;
    struct model *model;
    struct map by_name; /* "kind title" to struct config_object */
    struct config_object *objects, *objects_last;
    struct config_object *object; /* in work, or NULL */
    struct config_object *first;  /* the first object of the router in work: one section can hold several routers */
    uint32_t device, routers;
    bool prose;         /* an article's own words stood between the lines: another router's configuration may follow */
    struct fact *group; /* in a keyring's peer: the group its commands belong to */
    struct facts group_into;
    struct config_object *chain; /* of certificates: these stand behind one another's octets */
    uint32_t expanded;           /* entries of access lists that lines with object groups stand for */
    const void *keyed;           /* the last group, or object, that was told to have a key */
    uint32_t line;
    uint8_t context;         /* enum config_context */
    bool indented;           /* sub-commands are indented in this section … */
    bool deep, flat;         /* … and one was, one was not, since the object in work began */
    bool asa;                /* it has words that only an ASA has */
    bool abbreviated;        /* somebody typed it, and may have abbreviated commands */
    bool padded;             /* most of its lines end in blanks, which are none of theirs */
    bool translated;         /* a machine translated it: foreign letters are no part of names */
    bool redacted;           /* of the banner that it is in, nothing is left */
    bool next_begins;        /* the first words of another configuration were read, but not yet its hostname */
    int zone_minutes;        /* of `clock timezone`, east of UTC */
    bool touched;            /* the line in work belongs to the object */
    const char *end;         /* of the line in work … */
    uint8_t blanks;          /* … and how many blanks stand behind it */
    struct fact_lists lists; /* those of config_list() */
    struct text sequence;    /* the number in front of an access list's entry */
};

void config_read(struct section *s);
/* config_is_command: does a line begin as some command of a configuration does, of whatever context? */
bool config_is_command(struct text line);
/* config_read_commands reads as one section only the lines that amount to a command, those whose .as is set; it leaves the others
 * as they are. */
void config_read_commands(struct section *s);

/* ---- objects: parser/config_objects.c ---- */

/* config_open continues the object of that kind and title, or makes it, and sets the context. */
void config_open(struct config *c, const char *kind, struct text title, enum config_context context);
/* config_router says whose configuration this is: what follows, and what has come since the last router's end. */
void config_router(struct config *c, struct text name);
/* config_begin_group has the facts of the next commands go into a new group of that list of the object. */
void config_begin_group(struct config *c, const char *list, enum config_context context);
struct facts *config_at(struct config *c);                                   /* where facts go now; an object must be open */
struct facts config_list(struct config *c, const char *name);                /* the tail of a list there, made when new */
const struct fact *config_members(const struct config *c, const char *name); /* the first member of a list there; NULL: none */
/* config_group appends a group to a list there, with the number of the line in work; fill it through what is returned. */
struct facts config_group(struct config *c, const char *list);
void config_text(struct config *c, const char *name, struct text value);
void config_number(struct config *c, const char *name, uint64_t number);
void config_bool(struct config *c, const char *name, bool value);
struct text config_joined(struct config *c, const struct config_args *a, size_t from); /* the arguments with blanks between */
void config_objects_end(struct config *c);                                             /* completes all records */

/* config_run reads words as a command of a context, for lines that hold an object and a command ("crypto map M 10 set peer A");
 * false where no command of that context begins so. */
bool config_run(struct config *c, enum config_context context, const struct text *words, size_t count);

/* ---- what families of commands share: parser/config_values.c ---- */

/* config_transform appends a transform to the list `transforms` of the object. */
void config_transform(struct config *c, struct transform t, unsigned protocol, struct text word);
/* config_key notes a key without keeping it: group { side, form, .key_digest } in the list `keys`. The words are those behind
 * "pre-shared-key" and its side: [0|6|7|hex] KEY. */
void config_key(struct config *c, const char *side, const struct text *words, size_t count);
/* config_identity puts { id_type, id, domain, any, start, end } of "address A [M]", "fqdn X", "email domain X", ... */
void config_identity(struct config *c, struct facts *f, const struct text *words, size_t count);
/* config_interface is the full name of the interface that the words begin with, as IOS itself writes it: "Tunnel0" of "tunnel 0",
 * "GigabitEthernet0/1" of "gi0/1"; *taken: of how many words. Of a type that is not known it is the words without blanks. Empty, and
 * none taken: they begin with none. */
struct text config_interface(struct config *c, const struct text *words, size_t count, size_t *taken);
/* config_network reads "A M", "A/N" or "A" into the range's start and end and returns how many words it took; 0 where it is none
 * of these. wildcard: in M the bits that do not matter are set, as in access lists of IOS. */
size_t config_network(const struct text *words, size_t count, bool wildcard, struct address *start, struct address *end);

/* ---- extent: parser/config_extent.c ---- */

/* config_extent notes whether the line begins or ends a configuration, says that something was left out, that not all routes are
 * static ones, or that not only interfaces have addresses: record "configuration" { begins, ends, cut, routes_learnt (by what: routes_by_protocol, default_given,
 * routes_by_other; routes_by_multicast: one that speaks to groups, routes_by_neighbor: one that is told whom to speak to), version
 * (text), addresses_given (bool), routing_vrf (a VRF that a routing protocol runs in, each) }. config_extent_next: the next router's has begun. */
void config_extent(struct config *c, struct text line);
void config_extent_next(struct config *c);
/* config_certificate takes a line "certificate …" of c->chain: parser/config_ipsec.c. */
void config_certificate(struct config *c, struct text line);

#endif
