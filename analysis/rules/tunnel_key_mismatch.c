/* GRE carries a key where `tunnel key` says so (RFC 2890), and a router takes no packet whose key is another than its tunnel's:
 * IPsec comes up, and nothing passes. */
#include "analysis/tunnels.h"

/* The key of a GRE tunnel, empty where it has none. False: it is no such tunnel. */
static bool gre_key(const struct tunnel_end *end, const struct fact **at)
{
    const struct record *tunnel = end->path.crypto_map ? NULL : end->path.interface;
    struct text mode = tunnel ? fact_get_text(tunnel->facts, "tunnel_mode") : (struct text){ NULL, 0 };
    *at = tunnel ? fact_find(tunnel->facts, "tunnel_key") : NULL;
    return tunnel && (mode.len == 0 || text_starts(mode, TEXT("gre")));
}

static struct text key_text(const struct fact *at)
{
    return at && at->kind == FACT_TEXT ? at->as.text : (struct text){ NULL, 0 };
}

static void judge(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const struct fact *at[2];
    struct text key[2];
    struct diagnosis d;
    for (unsigned i = 0; i < 2; i++) {
        if (!gre_key(&t->end[i], &at[i]))
            return;
        key[i] = key_text(at[i]);
    }
    if (text_equal(key[0], key[1]) || !tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return;
    for (unsigned i = 0; i < 2; i++)
        diagnosis_word(&d, i ? "here_key" : "there_key",
                       key[i].len ? arena_format(m->run, "the key %.*s", TEXT_ARGS(key[i])) : TEXT("no key"));
    diagnosis_say(&d, NULL,
                  "The GRE tunnel of {there_name} has {there_key} and that of {here_name} {here_key}: each throws the other's "
                  "packets away after it has decrypted them.");
    diagnosis_more(&d, "IKE and IPsec come up all the same.");
    for (unsigned i = 0; i < 2; i++) {
        diagnosis_word(&d, "tunnel", t->end[i].path.interface->title);
        diagnosis_word(&d, "key", key[1 - i]);
        const char *text = key[1 - i].len ? "either end will do: here, `interface {tunnel}` / `tunnel key {key}`"
                                          : "either end will do: here, `interface {tunnel}` / `no tunnel key`";
        tunnel_advise(&d, t, i, text, text);
        finding_quote(m, d.f, t->end[i].path.interface, 0);
        if (at[i])
            finding_quote(m, d.f, t->end[i].path.interface, at[i]->line);
    }
}

const struct rule rule_tunnel_key_mismatch = {
    .id = "tunnel-key-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 16,
    .title = "The GRE tunnels' keys differ",
    .meaning =
        "`tunnel key` marks the packets of a GRE tunnel, and a router takes those alone that bear the key of its own tunnel. "
        "It is no secret and has nothing to do with IKE: the tunnel's SAs are up and count packets, and nothing arrives.",
    .advice = "The same `tunnel key` at both ends, or none at either.",
    .tunnel_child = judge,
};
