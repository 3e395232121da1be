/*
 * ikescope decrypt CAPTURE -k KEYS -o OUT.pcap: the decrypted inner packets and the opened IKE messages as a capture that other
 * tools open; and of a debug log the IKE messages that it prints.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "cli/writeback.h"

enum { HELD = 8 << 20 }; /* octets of packets that are sorted in memory */

struct writing {
    struct capture_writer *to;
    uint64_t packets;
};

static void take(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    struct writing *w = context;
    capture_put(w->to, ns, frame, ip);
    w->packets++;
}

struct esp_sum {
    uint64_t packets, cut;
};

static struct esp_sum sealed_packets(const struct model *m)
{
    struct esp_sum n = { 0 };
    for (const struct flow *f = m->flows; f; f = f->next) {
        n.packets += f->traffic.packets;
        n.cut += f->traffic.truncated;
    }
    return n;
}

static bool any_text(const struct model *m)
{
    for (size_t n = 0; n < m->input_count; n++)
        if (m->inputs[n].has_lines && !m->inputs[n].has_packets)
            return true;
    return false;
}

/* Nothing written though there was something: the keys are missing or wrong, or the log prints no octets. */
static int status_of(const struct run *run, uint64_t written, uint64_t sealed, bool log)
{
    if (run->keep_going || (sealed && !written))
        return EXIT_TROUBLE;
    if (!run_found_ikev2(run->model))
        return EXIT_NOTHING;
    return log && !written ? EXIT_TROUBLE : EXIT_DONE;
}

/* "26 of 26 sealed IKE messages and 36 of 36 ESP packets opened" */
static void tell(const struct run *run, const struct writing *w, const struct writeback *ike, struct esp_sum esp)
{
    struct buffer b;
    buffer_init(&b, 256);
    if (ike->sealed)
        buffer_format(&b, "%llu of %llu sealed IKE messages%s", (unsigned long long)ike->unsealed,
                      (unsigned long long)ike->sealed, esp.packets ? " and " : "");
    if (esp.packets || !ike->sealed)
        buffer_format(&b, "%llu of %llu ESP packets", (unsigned long long)w->packets, (unsigned long long)esp.packets);
    warn(run->quiet, "%.*s opened%s", TEXT_ARGS(buffer_view(&b)),
         w->packets || ike->unsealed || !(esp.packets || ike->sealed) ? ""
         : ike->cut + esp.cut == ike->sealed + esp.packets
             ? ": the capture has cut all of them short, so that no key opens them; nothing was written"
         : !keyring_count(run->model->keyring) ? ": no keys were given (-k FILE); nothing was written"
         : !keyring_opens(run->model->keyring)
             ? ": a pre-shared key alone opens nothing (ikescope help keys); nothing was written"
             : ": the given keys are of other SAs; nothing was written");
    buffer_clear(&b);
}

static int write_all(struct run *run, struct writing *w, const struct invocation *i, struct error *err)
{
    /* a log's messages are rebuilt from their payloads */
    if (!run_inputs(run, i, (struct options){ .keep_payloads = true }, err)) {
        capture_abandon(w->to);
        return EXIT_TROUBLE;
    }
    struct writeback logs = { 0 };
    bool log = any_text(run->model);
    const struct esp_sum sealed = sealed_packets(run->model);
    writeback_put(run->model, w->to, &logs);
    const uint64_t written = w->packets + logs.unsealed + logs.messages - logs.refused;
    const int status = status_of(run, written, sealed.packets + logs.sealed, log);
    if (status == EXIT_TROUBLE && !written)
        capture_abandon(w->to); /* an empty capture would say that there was nothing */
    else if (!capture_finish(w->to, err))
        return EXIT_TROUBLE;
    if (log)
        writeback_tell(&logs, run->quiet);
    if (sealed.packets || logs.sealed || !log)
        tell(run, w, &logs, sealed);
    return status;
}

static int run_decrypt(int argc, char **argv)
{
    struct invocation i = { 0 };
    int status;
    struct spool *order = spool_create(HELD); /* as long as a file may be opened */
    if (!command_begin("decrypt", argc, argv, &i, &status)) {
        spool_destroy(order);
        return status;
    }
    struct error err = { 0 };
    struct writing w = { 0 };
    struct run run = { .plain = { take, &w } };
    status = EXIT_TROUBLE;
    if (!option_given(&i.output)) {
        spool_destroy(order);
        fail(&err, ERROR_USAGE, "'decrypt' needs -o OUT.pcap");
    } else if ((w.to = capture_create(option_last(&i.output, "-"), order, &err)) != NULL) {
        status = write_all(&run, &w, &i, &err);
    }
    if (err.kind && !run_told(&run, &err))
        warn(false, "%s", err.text);
    run_clear(&run);
    options_clear(&i);
    return status;
}

const struct command command_decrypt = {
    .name = "decrypt",
    .arguments = "CAPTURE|LOG [-k KEYS] -o OUT.pcap",
    .summary = "writes the decrypted packets, or the IKE messages of a log, as a capture that other tools open",
    .details = "A capture gives the packets inside ESP and, in the clear, the IKE messages that were sealed, as far as the keys "
               "go, all in order of time; where they open nothing, no file is written and the exit status is 2. The packet dumps "
               "that a firewall's debug prints become IKE messages in UDP.",
    .run = run_decrypt,
};
