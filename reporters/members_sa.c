/* IKE SAs, their views and transitions, Child SAs and flows of traffic. */
#include "reporters/factwriter.h"
#include "reporters/members_parts.h"
#include "reporters/stays.h"

static const char *keys_name(unsigned keys)
{
    static const char *const names[] = { [KEYS_NONE] = "none", [KEYS_SUPPLIED] = "supplied", [KEYS_DERIVED] = "derived" };
    return keys < COUNT_OF(names) ? names[keys] : NULL;
}

static const char *encap_name(unsigned encap)
{
    static const char *const names[] = { [ENCAP_NONE] = "none", [ENCAP_UDP] = "udp", [ENCAP_TCP] = "tcp" };
    return encap < COUNT_OF(names) ? names[encap] : NULL;
}

static void put_group(struct members *s, const char *name, uint16_t id)
{
    write_object(&s->w, name);
    write_number(&s->w, "id", id);
    write_string(&s->w, "name", registry_name(REGISTRY_KE, id));
    write_end_object(&s->w);
}

static void put_proposal(struct members *s, const struct chosen *c)
{
    write_object(&s->w, "proposal");
    if (c->has_encr)
        write_string(&s->w, "encryption", registry_name(REGISTRY_ENCR, c->encr));
    if (c->has_encr && c->key_length)
        write_number(&s->w, "key_length", c->key_length);
    if (c->has_integ)
        write_string(&s->w, "integrity", registry_name(REGISTRY_INTEG, c->integ));
    if (c->has_prf)
        write_string(&s->w, "prf", registry_name(REGISTRY_PRF, c->prf));
    if (c->has_dh)
        put_group(s, "dh", c->dh);
    bool more = false;
    for (size_t i = 0; i < 7; i++)
        more |= c->additional_ke[i] != 0;
    if (more) {
        write_array(&s->w, "additional_ke");
        for (size_t i = 0; i < 7; i++)
            if (c->additional_ke[i])
                put_group(s, NULL, c->additional_ke[i]);
        write_end_array(&s->w);
    }
    if (c->has_esn)
        write_bool(&s->w, "esn", c->esn == ESN_YES);
    write_end_object(&s->w);
}

static void put_party(struct members *s, const char *name, const struct party *p)
{
    if (p->endpoint.address.family == ADDRESS_NONE && !p->device)
        return;
    write_object(&s->w, name);
    if (p->endpoint.address.family != ADDRESS_NONE) {
        address_print(p->endpoint.address, scratch_fresh(s));
        put_scratch(s, "address");
    }
    if (p->endpoint.port)
        write_number(&s->w, "port", p->endpoint.port);
    put_device(s, "device", p->device);
    write_end_object(&s->w);
}

static bool has_auth(const struct party *p)
{
    return p->auth_method || p->id.type || p->id.value.len || party_verified(p) || p->eap || p->cert.subject.len;
}

static void put_eap(struct members *s, const struct party *p)
{
    static const char *const outcomes[] = { [EAP_SUCCEEDED] = "success", [EAP_FAILED] = "failure" };
    write_object(&s->w, "eap");
    const char *method = p->eap_type ? registry_name(REGISTRY_EAP, p->eap_type) : NULL;
    if (method)
        write_string(&s->w, "method", method);
    put_text(s, "identity", p->eap_identity);
    if (p->eap_outcome)
        write_string(&s->w, "outcome", outcomes[p->eap_outcome]);
    write_end_object(&s->w);
}

static void put_sent_certificate(struct members *s, const struct party *p)
{
    static const char *const words[] = {
        [VALIDITY_IN_TIME] = "in-time", [VALIDITY_NOT_YET] = "not-yet", [VALIDITY_EXPIRED] = "expired"
    };
    write_object(&s->w, "certificate");
    put_text(s, "subject", p->cert.subject);
    put_text(s, "issuer", p->cert.issuer);
    put_text(s, "not_before", p->cert.not_before);
    put_text(s, "not_after", p->cert.not_after);
    if (p->validity)
        write_string(&s->w, "validity", words[p->validity]);
    write_end_object(&s->w);
}

static void put_auth(struct members *s, const char *name, const struct party *p)
{
    if (!has_auth(p))
        return;
    write_object(&s->w, name);
    if (p->eap)
        write_string(&s->w, "method", "EAP");
    else if (p->auth_method)
        write_string(&s->w, "method", registry_name(REGISTRY_AUTH, p->auth_method));
    if (p->id.type)
        write_string(&s->w, "id_type", registry_name(REGISTRY_ID, p->id.type));
    put_text(s, "id", p->id.value);
    if (party_verified(p))
        write_bool(&s->w, "verified", party_verified(p) == VERIFIED_TRUE);
    if (p->eap)
        put_eap(s, p);
    if (p->cert.subject.len)
        put_sent_certificate(s, p);
    write_end_object(&s->w);
}

static void put_paths(struct members *s, const struct ike_sa *sa)
{
    if (!sa->path)
        return;
    write_array(&s->w, "path");
    for (const struct path *p = sa->path; p; p = p->next) {
        write_object(&s->w, NULL);
        put_t(s, p->input, 0, p->ns);
        put_endpoint(s, "initiator", p->initiator);
        put_endpoint(s, "responder", p->responder);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

void members_ike_sa(struct members *s, const struct ike_sa *sa)
{
    put_id(s, "id", "ike", sa->number);
    put_spi(s, "spi_i", sa->spi_i);
    put_spi(s, "spi_r", sa->spi_r);
    put_party(s, "initiator", &sa->initiator);
    put_party(s, "responder", &sa->responder);
    put_paths(s, sa);
    write_string(&s->w, "outcome", sa_outcome_name((enum sa_outcome)sa->outcome));
    write_bool(&s->w, "start_seen", sa->start_seen);
    if (sa->has_proposal)
        put_proposal(s, &sa->proposal);
    write_array(&s->w, "children");
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        put_id(s, NULL, "child", c->number);
    write_end_array(&s->w);
    if (sa->rekeys)
        put_id(s, "rekeys", "ike", sa->rekeys->number);
    if (sa->redirected)
        write_bool(&s->w, "redirected", true);
    if (sa->redirected_to.len)
        write_text(&s->w, "redirected_to", sa->redirected_to);
    if (sa->rekeyed_by)
        put_id(s, "rekeyed_by", "ike", sa->rekeyed_by->number);
    if (has_auth(&sa->initiator) || has_auth(&sa->responder)) {
        write_object(&s->w, "auth");
        put_auth(s, "initiator", &sa->initiator);
        put_auth(s, "responder", &sa->responder);
        write_end_object(&s->w);
    }
    if (sa->nat_known) {
        write_object(&s->w, "nat");
        write_bool(&s->w, "initiator_behind_nat", sa->initiator_behind_nat);
        write_bool(&s->w, "responder_behind_nat", sa->responder_behind_nat);
        write_end_object(&s->w);
    }
    write_string(&s->w, "keys", keys_name(sa->keys));
}

void members_view(struct members *s, const struct ike_sa *sa, const struct view *v)
{
    put_input(s, v->input);
    put_device(s, "device", v->device);
    write_string(&s->w, "role", v->wire ? "wire" : side_name(v->role));
    if (!v->role && !v->wire) { /* its addresses are known, and not which is the initiator's */
        put_endpoint(s, "local", v->local);
        put_endpoint(s, "remote", v->remote);
    }
    if (v->has_sa_id)
        write_number(&s->w, "sa_id", v->sa_id);
    if (v->has_session_id)
        write_number(&s->w, "session_id", v->session_id);
    write_string(&s->w, "final_state", v->final_state);
    stays_write(s->model, sa, v, &s->w);
    if (v->first.kind) {
        put_stamp(s, "first", v->first);
        put_stamp(s, "last", v->last);
    }
    bool any = false;
    for (size_t i = BOUND_SPI; i <= BOUND_ADJACENCY; i++)
        any |= v->bound[i] != 0;
    if (!any)
        return;
    write_object(&s->w, "bound");
    for (size_t i = BOUND_SPI; i <= BOUND_ADJACENCY; i++)
        if (v->bound[i])
            write_number(&s->w, binding_name((enum binding)i), v->bound[i]);
    write_end_object(&s->w);
}

void members_transition(struct members *s, const struct view *v, const struct transition *t)
{
    put_t(s, v->input, t->line, t->time.kind ? t->ns : TIME_UNKNOWN);
    put_time(s, t->time);
    put_place(s, t->line, false);
    write_string(&s->w, "state", t->state);
    write_string(&s->w, "event", t->event);
    write_number(&s->w, "msgid", t->msgid);
}

static void put_selectors(struct members *s, const char *name, const struct selector *first)
{
    if (!first)
        return;
    write_array(&s->w, name);
    for (const struct selector *t = first; t; t = t->next) {
        range_print(t->start, t->end, scratch_fresh(s));
        put_scratch(s, NULL);
    }
    write_end_array(&s->w);
}

static void put_traffic(struct members *s, const struct traffic *t)
{
    const struct {
        const char *name;
        uint64_t value;
    } always[] = { { "packets", t->packets },     { "decrypted", t->decrypted }, { "icv_failed", t->icv_failed },
                   { "no_key", t->no_key },       { "truncated", t->truncated }, { "lost", t->lost },
                   { "duplicate", t->duplicate }, { "replayed", t->replayed },   { "bytes", t->bytes } },
      further[] = { { "reordered", t->reordered },
                    { "dummies", t->dummies },
                    { "tfc_padded", t->tfc },
                    { "outside_selectors", t->outside_selectors } };
    for (size_t i = 0; i < COUNT_OF(always); i++)
        write_number(&s->w, always[i].name, always[i].value);
    for (size_t i = 0; i < COUNT_OF(further); i++)
        if (further[i].value)
            write_number(&s->w, further[i].name, further[i].value);
}

static void put_inner(struct members *s, const struct flow *f)
{
    if (!f->inner)
        return;
    write_array(&s->w, "inner");
    for (const struct fact *g = f->inner->kind == FACT_LIST ? fact_children(f->inner) : f->inner; g; g = g->next)
        fact_write(&s->w, NULL, g);
    write_end_array(&s->w);
}

static void put_flow_traffic(struct members *s, const char *name, const struct flow *f)
{
    if (!f)
        return;
    write_object(&s->w, name);
    put_traffic(s, &f->traffic);
    put_inner(s, f);
    write_end_object(&s->w);
}

void members_child_sa(struct members *s, const struct child_sa *c)
{
    static const char *const modes[] = { [MODE_TUNNEL] = "tunnel", [MODE_TRANSPORT] = "transport" };
    put_id(s, "id", "child", c->number);
    if (c->ike_sa)
        put_id(s, "ike_sa", "ike", c->ike_sa->number);
    write_string(&s->w, "protocol", traffic_protocol(c->protocol));
    if (c->mode == MODE_TUNNEL || c->mode == MODE_TRANSPORT)
        write_string(&s->w, "mode", modes[c->mode]);
    write_string(&s->w, "encap", encap_name(c->encap));
    const bool sideless = c->ike_sa && ike_sa_sideless(c->ike_sa); /* "local": as in the first of that one's views */
    put_spi(s, sideless ? "spi_local" : "spi_i", c->spi_i);
    put_spi(s, sideless ? "spi_remote" : "spi_r", c->spi_r);
    write_string(&s->w, "exchange_from", side_name(c->from));
    if (c->proposal.has_encr || c->proposal.has_integ)
        put_proposal(s, &c->proposal);
    put_selectors(s, sideless ? "ts_local" : "tsi", c->tsi);
    put_selectors(s, sideless ? "ts_remote" : "tsr", c->tsr);
    if (c->pfs_dh)
        put_group(s, "pfs_dh", c->pfs_dh);
    if (c->rekeys)
        put_id(s, "rekeys", "child", c->rekeys->number);
    if (c->rekeyed_by)
        put_id(s, "rekeyed_by", "child", c->rekeyed_by->number);
    write_string(&s->w, "outcome", sa_outcome_name((enum sa_outcome)c->outcome));
    write_string(&s->w, "keys", keys_name(c->keys));
    if (!c->to_responder && !c->to_initiator)
        return;
    write_object(&s->w, "traffic");
    put_flow_traffic(s, "initiator_to_responder", c->to_responder);
    put_flow_traffic(s, "responder_to_initiator", c->to_initiator);
    write_end_object(&s->w);
}

void members_flow(struct members *s, const struct flow *f)
{
    write_string(&s->w, "protocol", traffic_protocol(f->protocol));
    put_spi(s, "spi", spi_of(f->spi, 8));
    if (!f->spi)
        write_string(&s->w, "spi", "00000000");
    put_endpoint(s, "source", f->source);
    put_endpoint(s, "destination", f->destination);
    write_string(&s->w, "encap", encap_name(f->encap));
    put_traffic(s, &f->traffic);
    put_inner(s, f);
}
