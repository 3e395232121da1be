/*
 * Show output and configurations as witnesses. evidence_join() ties each block of show output to the SA it is about;
 * the rest are questions that rules ask of a router's configuration. A router is a device of the model. Answers are
 * NULL or empty where no configuration of it was supplied, which must not be taken for "nothing is configured".
 * Where a log tells no addresses (ADDRESS_NONE), the only tunnel, profile or key of a router is taken to be the one.
 *
 * The shapes of the facts stand in the header comments of parser/show/x.c and parser/config_x.c.
 */
#ifndef IKESCOPE_ANALYSIS_EVIDENCE_H
#define IKESCOPE_ANALYSIS_EVIDENCE_H

#include "model/model.h"

/* evidence_join fills ike_sa.shown and child_sa.shown, and sets record.foreign where a record's SPIs contradict what
 * the logs of the same router show. After SAs and outcomes exist, before the rules. */
void evidence_join(struct model *m);

/* ---- records: evidence_index.c ---- */

/* record_next walks the records of a router in order: name NULL is any, device 0 is any. Pass NULL first. */
const struct record *record_next(const struct model *m, uint32_t device, const char *name, const struct record *after);
/* records_of: all records of one router; NULL: none. What callers keep in the list is reset when routers_unite() adds to it. */
struct record_list *records_of(const struct model *m, uint32_t device);
struct record_list *records_named(const struct model *m, uint32_t device, const char *name); /* those of that name */
/* config_find is the object of that name and title (empty title: the first); titles compare as IOS does, exactly. */
const struct record *config_find(const struct model *m, uint32_t device, const char *name, struct text title);
/* config_owner is the first interface of a router (device 0: of any) that has the address, or the next one behind `after`, or
 * NULL. */
const struct owner *config_owner(const struct model *m, uint32_t device, struct address a, const struct owner *after);
/* Was any configuration of this router (device 0: of any) supplied, one that has crypto in it? */
bool config_supplied(const struct model *m, uint32_t device);
/* config_files: which inputs have a configuration, and of which router, in their order. */
const struct config_file *config_files(const struct model *m);
/* flows_towards: the flows of show crypto ipsec sa that end at this peer, in their order; NULL: none. */
const struct shown_flow *flows_towards(const struct model *m, struct address peer);
/* shown_up: does some show output list an SA or session as up that ends at this address? */
bool shown_up(const struct model *m, struct address a);
/* routers_unite says that the router which is also called `device` is `router`: from now on the records of either belong to both,
 * in their order. */
void routers_unite(struct model *m, uint32_t device, uint32_t router);

/* ---- whose it is, and its objects: evidence_config.c ---- */

/* config_sole is the only object of that name, or, with `having`, the only one that has this fact; NULL where there are several
 * or none. It is taken to be the one that is meant where no address is known. */
const struct record *config_sole(const struct model *m, uint32_t device, const char *name, const char *having);
/* config_free_name is that name, or else "NAME-2", "NAME-3", ..., which no object of these kinds (up to NULL) has: for one that is
 * yet to be made. */
struct text config_free_name(struct model *m, uint32_t device, const char *const kinds[], const char *name);
/* config_whole: was all of its configuration supplied, as far as one can see, so that what is not there is missing? */
bool config_whole(const struct model *m, uint32_t device);
/* config_learns: has it a line that leads packets otherwise than by static routes? how: a fact of its record "configuration". */
bool config_learns(const struct model *m, uint32_t device, const char *how);
bool config_of_asa(const struct model *m, uint32_t device); /* has it commands of IKEv2 that only an ASA has? */
/* config_device is the router whose configuration is that of this end: the one that wrote its log, or the one that owns its
 * address; 0: none was supplied. Configuration and log of one router may come under two names. */
uint32_t config_device(const struct model *m, const struct party *party);

/* ---- its lines: evidence.c ---- */

/* record_line is a physical line of the record as printed, without secrets; empty where it has no such line. */
struct text record_line(const struct record *r, uint32_t line);
/* finding_quote appends a line of a record to finding.config (or, of show output, to finding.evidence). line 0: its first. */
void finding_quote(struct model *m, struct finding *f, const struct record *r, uint32_t line);

/* ---- show output about an SA: evidence.c ---- */

bool record_lists_sas(const struct record *r); /* show output that lists IKE SAs */
/* A counter of a flow as show crypto ipsec sa printed it, summed over what is shown of this end; false: not shown.
 * name: "pkts_encaps", "pkts_decaps", "send_errors", ... */
bool shown_counter(const struct child_sa *child, bool initiator_side, const char *name, uint64_t *value);
const struct shown *shown_by(const struct shown *first, bool initiator_side); /* the first of that end, or NULL */

/* ---- what a router would offer or accept, by its configuration: evidence_proposals.c ---- */

struct configured { /* a proposal, with where it stands */
    struct configured *next;
    const struct record *record; /* NULL: the platform's default, which differs between releases: never be certain */
    struct text name;            /* of the proposal or transform set */
    struct text policy;          /* IOS: the `crypto ikev2 policy` that binds it */
    struct proposal proposal;    /* protocol PROTOCOL_IKE, _ESP or _AH; transforms in their order of preference */
    uint32_t *lines;             /* the physical line of each transform, proposal.count of them; 0 unknown */
    bool prf_implied;            /* no prf line: it follows from the integrity algorithm */
    uint8_t mode;                /* enum sa_mode, of a transform set */
};
/* config_offered_proposals: IKE proposals for a peer, in order; local may be ADDRESS_NONE. IOS: of the policies that match;
 * ASA: each crypto ikev2 policy. An empty list: nothing is known. */
struct configured *config_offered_proposals(const struct model *m, uint32_t device, struct address local, struct arena *arena);
/* config_transform_sets: the ESP and AH proposals of the crypto map entry, ipsec profile or tunnel that leads to this peer; none
 * where several lead there that differ, and `entry` (NULL) does not say which is meant. */
struct configured *config_transform_sets(const struct model *m, uint32_t device, struct address peer, const struct record *entry,
                                         struct arena *arena);
/* config_proposal reads one record of kind ikev2-proposal, asa-ikev2-policy, transform-set or ipsec-proposal. */
struct configured *config_proposal(const struct record *r, struct arena *arena);
enum { PFS_GROUP_DEFAULT = 0xffff }; /* "set pfs" without a group: differs between releases */
struct pfs {                         /* what one end has configured of perfect forward secrecy */
    bool known;
    uint32_t group; /* 0: none */
    const struct record *where;
    uint32_t line; /* of `set pfs`; 0: there is none */
};
/* config_pfs gives the DH group of `set pfs` towards this peer. Not known: no configuration of that path is there, or several
 * entries differ and `entry` (NULL) does not say which is meant. */
struct pfs config_pfs(const struct model *m, uint32_t device, struct address peer, const struct record *entry);

/* ---- what it protects, and the way to a peer: evidence_config.c ---- */

struct selector_pair { /* one permit of a crypto ACL, as this router sees it */
    struct selector_pair *next;
    struct selector local, remote;
    const struct record *acl; /* NULL: a tunnel interface, any to any */
    uint32_t line;
};
/* config_selectors: what the router would protect towards this peer. */
struct selector_pair *config_selectors(const struct model *m, uint32_t device, struct address peer, struct arena *arena);
/* acl_selectors: the permits of one access-list record. */
struct selector_pair *acl_selectors(const struct record *acl, struct arena *arena);
/* acl_entry_selectors: what one entry of a list is for, permit or deny; false: it was not understood. */
bool acl_entry_selectors(const struct fact *entry, struct selector_pair *pair);
/* acl_entry_depends: an option says when, or to which of these packets, the entry applies; of its facts. */
bool acl_entry_depends(const struct fact *facts);
bool pair_holds(const struct selector_pair *wide, const struct selector_pair *narrow);
bool pair_meets(const struct selector_pair *one, const struct selector_pair *other); /* they have something in common */

/* The way to a peer: what the configuration says between an interface and this peer. Members are NULL where absent. */
struct config_path {
    const struct record *interface;     /* with the crypto map, or the tunnel */
    const struct record *crypto_map;    /* the entry whose peer it is */
    const struct record *ipsec_profile; /* of tunnel protection */
    const struct record *profile;       /* ikev2-profile */
    const struct record *keyring;       /* ikev2-keyring; IOS */
    const struct fact *key;             /* as config_key_for() gives it */
    const struct record *tunnel_group;  /* ASA */
    const struct record *acl;           /* crypto ACL */
};
struct config_trustpoint {
    struct text name;        /* empty: none is named, and there is none or more than one */
    const struct record *at; /* what names it, with the line there; NULL: nothing does, it is the only one */
    uint32_t line;
    const struct record *record; /* the trustpoint itself; NULL: it is not configured */
};
/* config_path_to: entry is the crypto map entry or tunnel interface that is meant, where several lead to the peer; NULL: the
 * first. Which one it is says config_entry_of() of an SA, entry_pairs() of two configurations (analysis/entries.h). */
struct config_path config_path_to(const struct model *m, uint32_t device, struct address peer, const struct record *entry);
/* config_map_of is the entry of the crypto map that names a dynamic map's entry; of another entry it is that itself. NULL: none. */
const struct record *config_map_of(const struct model *m, const struct record *entry);
enum { ENTRIES = 16 };
/* config_entries_to fills the crypto map entries and tunnel interfaces of a router that name this peer. */
size_t config_entries_to(const struct model *m, uint32_t device, struct address peer, const struct record *entries[],
                         size_t room);
/* config_tunnel_group: the tunnel-group named after the peer's address, or the default one of LAN-to-LAN tunnels; ASA. */
const struct record *config_tunnel_group(const struct model *m, uint32_t device, struct address peer);
/* config_trustpoint: which one a router uses on this path, by its profile, tunnel-group or crypto map. */
struct config_trustpoint config_trustpoint(const struct model *m, uint32_t device, const struct config_path *path);

/* ---- profiles and keys: evidence_keys.c ---- */

/* config_profile_for: the ikev2-profile whose `match identity remote` accepts this identity, of those for the VRF and the address
 * at which the peer's packets come (own; ADDRESS_NONE: not known) if there is one. NULL: none (or no configuration: ask
 * config_supplied()). */
const struct record *config_profile_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                        struct address own);
/* config_profile_accepts: does this profile accept that identity, by `match identity remote`, or perhaps by a certificate map? */
bool config_profile_accepts(const struct record *profile, const struct identity *id, struct address peer);
/* config_is_for_vrf: does `match fvrf` of a profile or policy take what comes in this VRF, "" the global one? Without the line it
 * is for the global one. */
bool config_is_for_vrf(const struct record *r, struct text vrf);
/* config_serves_address: does `match address local` take what comes to this address? True where nothing is said, or an interface
 * is named. */
bool config_serves_address(const struct record *r, struct address own);
/* config_serves: is a profile or policy for what comes to this address, and for the VRF (or one of those) that its interface is
 * in? True where either is not known. */
bool config_serves(const struct model *m, const struct record *r, struct address own);
/* config_key_for: the keyring's group of this peer (or the first fact of a tunnel-group) that holds a key, found by address or
 * identity, in the keyring of config_profile_for(). *where: the record; NULL: nobody asks. */
const struct fact *config_key_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                  struct address own, const struct record **where);
/* config_key_of: the same where the profile is known; NULL: it is in any keyring. */
const struct fact *config_key_of(const struct model *m, uint32_t device, const struct record *profile, const struct identity *id,
                                 struct address peer, const struct record **where);
struct key_way {                        /* what one end signs with and the other verifies with */
    enum verified same;                 /* VERIFIED_UNKNOWN: one of them is absent or encrypted */
    uint32_t signs_line, verifies_line; /* 0: there is none */
    bool signs_blank, verifies_blank;   /* the same key, but that this end's has a blank behind it */
};
/* config_keys_way compares the pre-shared keys of two ends in one direction. */
struct key_way config_keys_way(const struct fact *signer, const struct fact *verifier);
bool config_keys_by_direction(const struct fact *key); /* it signs with another key than it verifies with */
/* config_keys_exchanged: both ends sign with the one key and verify with the other. */
bool config_keys_exchanged(const struct fact *one, const struct fact *other);
/* config_ppk_for: the peer's group of that keyring that holds a postquantum key; NULL: none. */
const struct fact *config_ppk_for(const struct model *m, uint32_t device, struct text keyring, const struct identity *id,
                                  struct address peer);
/* config_keys_line is the line of the key in what config_key_for() gave, to quote it; 0 unknown. */
uint32_t config_keys_line(const struct fact *key);

#endif
