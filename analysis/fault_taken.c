/* What a router does with IKE that comes to its own address before its tunnels see it: NAT that sends it on to a host inside, and an
 * ASA's list for what is for itself. */
#include "analysis/faults.h"
#include "analysis/nat.h"
#include "analysis/wan_list.h"

void fault_nat_inward(struct faults *x)
{
    const struct record *carrier = x->way->carrier;
    struct nat_inward taken;
    struct diagnosis d;
    if (!carrier || !nat_sends_inward(x->m, x->device, carrier, x->way->own, x->way->own_count, &taken) ||
        !fault_begin(x, &d, "inward", carrier->title, true))
        return;
    if (taken.what == INWARD_ESP || taken.what == INWARD_NATT) /* which the tunnel may do without */
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "interface", carrier->title);
    diagnosis_word(&d, "host", taken.host);
    diagnosis_word(&d, "rule", text_trim(record_line(taken.rule, taken.line)));
    diagnosis_word(&d, "object", taken.rule->title);
    diagnosis_word(&d, "what",
                   taken.what == INWARD_IKE    ? TEXT("IKE (UDP 500)")
                   : taken.what == INWARD_NATT ? TEXT("IKE behind a NAT (UDP 4500)")
                   : taken.what == INWARD_ESP  ? TEXT("ESP")
                                               : TEXT("everything"));
    diagnosis_say(
        &d, "NAT sends the tunnel's own packets on to a host inside",
        "By `{rule}` {router} sends {what} that comes to the address of {interface} on to {host}: its own tunnels do not "
        "get it.");
    fault_advise(
        x, &d,
        !x->asa ? taken.what == INWARD_ALL
                      ? "give that host an address of its own, or send on what it needs alone: `no {rule}` / `ip nat inside "
                        "source static tcp {host} PORT interface {interface} PORT`"
                      : "where the tunnels are to end here: `no {rule}`; a VPN gateway behind it needs an address of its own"
        : strcmp(taken.rule->name, "object") == 0
            ? "give that host an address of its own, or send on what it needs alone: `object network {object}` / `no {rule}` "
              "/ `nat (inside,outside) static interface service tcp PORT PORT`"
            : "give that host an address of its own: `no {rule}`");
    finding_quote(x->m, d.f, taken.rule, taken.line);
    finding_quote(x->m, d.f, carrier, 0);
    finding_quote(x->m, d.f, x->way->entry, 0);
}

/* `access-group LIST in interface outside control-plane`: what no entry is for goes by the usual rules, so only a `deny` counts. */
void fault_control_plane(struct faults *x)
{
    const struct text nameif = x->asa && x->way->carrier ? fact_get_text(x->way->carrier->facts, "nameif") : TEXT("");
    const struct record *group = nameif.len ? config_find(x->m, x->device, "control-access-group", nameif) : NULL,
                        *list = group ? config_find(x->m, x->device, "access-list", fact_get_text(group->facts, "list")) : NULL;
    const struct address own = x->way->own_count ? x->way->own[0] : (struct address){ 0 };
    uint32_t line = 0;
    struct diagnosis d;
    if (!list || !x->way->peer.family || !wan_list_refuses(list, WAN_IKE, x->way->peer, own, &line) || !line ||
        !fault_begin(x, &d, "control plane", list->title, true))
        return;
    diagnosis_word(&d, "interface", nameif);
    diagnosis_word(&d, "list", list->title);
    diagnosis_word(&d, "from", address_text(x->way->peer, x->m->run));
    diagnosis_say(
        &d, "A list for the ASA's own traffic drops IKE",
        "The access list {list}, which {router} has on {interface} for what is for itself (`control-plane`), drops IKE from its "
        "peer {from}.");
    fault_advise(
        x, &d,
        "`access-list {list} line 1 extended permit udp host {from} any eq isakmp` / `access-list {list} line 1 extended "
        "permit udp host {from} any eq 4500`");
    finding_quote(x->m, d.f, group, 0);
    finding_quote(x->m, d.f, list, line);
}
