/* The lab's keys in every form it has them: daemon logs at level 4 and Wireshark's tables must tell what the reference
 * list (keys.jsonl) tells. */
#include "decoder/keyfile.h"

#include <dirent.h>
#include <stdio.h>

#include "test.h"

#define CAPTURES "../shared/captures"

static struct model *keys_of(const char *folder, const char *name, size_t *found)
{
    char path[512];
    snprintf(path, sizeof path, CAPTURES "/%s/%s", folder, name);
    struct source *from = source_open(path, NULL);
    if (!from)
        return NULL;
    struct model *m = model_create();
    uint32_t input = model_add_input(m, text_of(name), text_of(path))->index;
    CHECK(keyfile_read(m, input, from, found, NULL));
    CHECK(!model_input(m, input)->troubles);
    if (model_input(m, input)->troubles)
        fprintf(stderr, "%s: %.*s\n", path, TEXT_ARGS(model_input(m, input)->troubles->text));
    source_close(from);
    return m;
}

static bool same_or_unknown(struct secret got, struct secret want)
{
    return !got.len || secret_equal(got, want);
}

static bool ike_agrees(const struct ike_key *got, const struct ike_key *want)
{
    return got->sk_ei.len && secret_equal(got->sk_ei, want->sk_ei) && secret_equal(got->sk_er, want->sk_er) &&
           secret_equal(got->sk_ai, want->sk_ai) && secret_equal(got->sk_ar, want->sk_ar) &&
           same_or_unknown(got->sk_d, want->sk_d) && same_or_unknown(got->sk_pi, want->sk_pi) &&
           same_or_unknown(got->sk_pr, want->sk_pr) && (!spi_known(got->spi_i) || spi_equal(got->spi_i, want->spi_i)) &&
           (!spi_known(got->spi_r) || spi_equal(got->spi_r, want->spi_r)) && (!got->encr_id || got->encr_id == want->encr_id) &&
           (!got->encr_id || got->integ_id == want->integ_id) && (!got->key_bits || got->key_bits == want->key_bits);
}

static bool natted; /* each end knows its own addresses */

static bool esp_agrees(const struct esp_key *got, const struct esp_key *want)
{
    return got->spi == want->spi && got->encr_id == want->encr_id &&
           (got->integ_id == want->integ_id || key_combined(want->encr_id)) && secret_equal(got->encr, want->encr) &&
           secret_equal(got->integ, want->integ) &&
           (natted || (address_equal(got->source, want->source) && address_equal(got->destination, want->destination))) &&
           (!got->key_bits || !want->key_bits || got->key_bits == want->key_bits);
}

/* Every key of `got` is one of `want`'s; both ways where all are asked for. Gives how many of want's were told. */
static unsigned compare_ike(const char *what, const struct model *got, const struct model *want)
{
    unsigned told = 0;
    for (const struct ike_key *g = keyring_ike(got->keyring); g; g = g->next) {
        bool known = false;
        for (const struct ike_key *w = keyring_ike(want->keyring); w && !known; w = w->next)
            known = ike_agrees(g, w);
        CHECK(known);
        if (!known)
            fprintf(stderr, "%s: an IKE key of line %u is not in the list\n", what, g->line);
    }
    for (const struct ike_key *w = keyring_ike(want->keyring); w; w = w->next)
        for (const struct ike_key *g = keyring_ike(got->keyring); g; g = g->next)
            if (ike_agrees(g, w)) {
                told++;
                break;
            }
    return told;
}

static unsigned compare_esp(const char *what, const struct model *got, const struct model *want)
{
    unsigned told = 0;
    for (const struct esp_key *g = keyring_esp(got->keyring); g; g = g->next) {
        bool known = false;
        for (const struct esp_key *w = keyring_esp(want->keyring); w && !known; w = w->next)
            known = esp_agrees(g, w);
        CHECK(known);
        if (!known)
            fprintf(stderr, "%s: an ESP key of line %u (SPI %08x) is not in the list\n", what, g->line, g->spi);
    }
    for (const struct esp_key *w = keyring_esp(want->keyring); w; w = w->next)
        for (const struct esp_key *g = keyring_esp(got->keyring); g; g = g->next)
            if (esp_agrees(g, w)) {
                told++;
                break;
            }
    return told;
}

static unsigned count_ike(const struct model *m)
{
    unsigned n = 0;
    for (const struct ike_key *k = keyring_ike(m->keyring); k; k = k->next)
        n++;
    return n;
}

static unsigned count_esp(const struct model *m)
{
    unsigned n = 0;
    for (const struct esp_key *k = keyring_esp(m->keyring); k; k = k->next)
        n++;
    return n;
}

static void compare(const char *folder, const char *name, const struct model *want, bool all)
{
    char what[512];
    size_t found = 0;
    snprintf(what, sizeof what, "%s/%s", folder, name);
    struct model *got = keys_of(folder, name, &found);
    if (!got)
        return;
    unsigned ike = compare_ike(what, got, want), esp = compare_esp(what, got, want);
    if (all) {
        CHECK_NUMBER(ike, count_ike(want));
        CHECK_NUMBER(esp, count_esp(want));
        if (ike != count_ike(want) || esp != count_esp(want))
            fprintf(stderr, "%s\n", what);
        for (const struct dh_key *d = keyring_dh(got->keyring); d; d = d->next)
            CHECK(d->secret.len >= 24);
    }
    model_destroy(got);
}

int main(void)
{
    DIR *folder = opendir(CAPTURES);
    unsigned lists = 0;
    if (!folder) {
        puts("skipped: the lab captures are not here");
        return 77;
    }
    for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        size_t found = 0;
        struct model *want = e->d_name[0] == '.' ? NULL : keys_of(e->d_name, "keys.jsonl", &found);
        if (!want)
            continue;
        lists++;
        natted = strcmp(e->d_name, "natt-real-nat") == 0;
        compare(e->d_name, "initiator-debug.log", want, true);
        compare(e->d_name, "responder-debug.log", want, true);
        compare(e->d_name, "ikev2_decryption_table", want, false);
        compare(e->d_name, "esp_sa", want, false);
        compare(e->d_name, "esp_sa_wireshark", want, false);
        model_destroy(want);
    }
    closedir(folder);
    CHECK(lists > 0);
    return TEST_REPORT();
}
