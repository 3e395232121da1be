/*
 * What a configuration lacks or has wrong for one of its ways, each told by a function that takes the way and says what it found
 * as a finding of configuration-fault (analysis/rules/configuration_fault.c), which has the table of them all. Here are those
 * that are of one subject; each is silent where all is well.
 */
#ifndef IKESCOPE_ANALYSIS_FAULTS_H
#define IKESCOPE_ANALYSIS_FAULTS_H

#include "analysis/quote.h"
#include "analysis/ways.h"

struct faults {
    struct model *m;
    const struct rule *rule;
    uint32_t device;
    bool asa, whole;
    bool policies_told; /* they are the same for all ways */
    bool failed;        /* an SA of this way was tried: its own findings come first */
    const struct config_way *way;
    struct config_path path;       /* of a way whose peer is known */
    const struct config_way *ways; /* all of the router's */
    size_t count;
    struct {
        const char *check;
        struct text about;
        bool told;
    } silence;               /* what was last asked of no-response (analysis/fault_deaf.c) */
    bool weighed, only_idle; /* what could answer somebody answers nobody (analysis/fault_answering.c); weighed: it is known */
};

/* fault_begin begins a finding, once for each check and what it is about; {router} is set. sure: the lines themselves say it; else
 * they are not there, which counts in a whole configuration. */
bool fault_begin(const struct faults *x, struct diagnosis *d, const char *check, struct text about, bool sure);
/* fault_advise says what to type on the router; text: a template (analysis/quote.h) that outlives the finding. */
void fault_advise(const struct faults *x, struct diagnosis *d, const char *text);

/* fault_each_call hands over each way of the other routers here that calls this one, which answers anybody, until one is taken (true). */
void fault_each_call(struct faults *x, bool (*take)(struct faults *x, uint32_t caller, const struct config_way *call));

/* fault_wants_ikev2: has an ASA's way an IPsec proposal, which is for IKEv2 alone? */
bool fault_wants_ikev2(const struct faults *x);

/* What is not there (analysis/fault_lacking.c). */
void fault_profile(struct faults *x);
void fault_proposals(struct faults *x);
void fault_proposals_are_bound(struct faults *x);
void fault_map_entry(struct faults *x);
void fault_tunnel_ends(struct faults *x);
void fault_trustpoint(struct faults *x);
void fault_eap_list(struct faults *x);
void fault_certificate(struct faults *x);
void fault_ikev2_policy(struct faults *x);
void fault_profile_sets(struct faults *x);
void fault_client(struct faults *x);
void fault_denied_list(struct faults *x);

/* The addresses that a way needs (analysis/fault_address.c). */
/* fault_has_address: has the interface an address, one that it is given or one that it borrows? */
bool fault_has_address(const struct record *interface);
void fault_tunnel_address(struct faults *x);
void fault_source_address(struct faults *x);
void fault_redundancy(struct faults *x);

/* What NAT does to a tunnel's traffic (analysis/fault_translated.c). */
void fault_nat(struct faults *x);
void fault_nat_of_callers(struct faults *x);
void fault_nat_exit(struct faults *x);

/* What takes IKE before its tunnels see it (analysis/fault_taken.c). */
void fault_nat_inward(struct faults *x);
void fault_control_plane(struct faults *x);

/* The access list that its own packets come in through (analysis/fault_wan.c). */
void fault_wan_list(struct faults *x);

/* The zone firewall (analysis/fault_zone.c). */
void fault_zone(struct faults *x);

/* What keeps it from hearing who calls (analysis/fault_deaf.c). */
void fault_map_is_applied(struct faults *x);
void fault_ikev2_is_enabled(struct faults *x);
void fault_shutdown(struct faults *x);
/* fault_called is the interface to whose address another configuration here leads, and the line of that; NULL: none. */
const struct record *fault_called(const struct faults *x, uint32_t *line);
/* fault_left_over: is this way shut down, and shows nothing that anybody wants it? Then all else about it may be left over, too. */
bool fault_left_over(const struct faults *x);
/* fault_tell_deaf adds to a finding that the responder of this SA does not answer why it does not, by its configuration; false:
 * that does not tell. */
bool fault_tell_deaf(struct diagnosis *d, const struct ike_sa *sa);

/* What answers anybody, and whom (analysis/fault_answering.c). */
void fault_template(struct faults *x);
void fault_dynamic_map(struct faults *x);
void fault_group_type(struct faults *x);

/* Whom its profile accepts (analysis/fault_identity.c). */
void fault_identity(struct faults *x);

/* The VRF that a way's packets go out in (analysis/fault_vrf.c). */
void fault_vrf(struct faults *x);
void fault_policy_vrf(struct faults *x);
void fault_policy_left(struct faults *x);
/* fault_default_is_off: `no crypto ikev2 policy default`. */
bool fault_default_is_off(const struct faults *x);
void fault_source_vrf(struct faults *x);

/* Whom a multipoint tunnel registers with (analysis/fault_nhrp.c). */
void fault_servers(struct faults *x);
void fault_shared(struct faults *x);

/* What a tunnel carries inside (analysis/fault_inner.c). */
void fault_inner(struct faults *x);
void fault_overlay(struct faults *x);

/* A GRE tunnel that leads elsewhere than its crypto map protects (analysis/fault_gre.c). */
void fault_gre(struct faults *x);

#endif
