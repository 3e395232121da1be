/* ikescope decrypt CAPTURE -k KEYS -o OUT.pcap: the decrypted inner packets as a capture that other tools open. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "decoder/capture.h"

struct writing {
    struct capture_writer *to;
    uint64_t packets;
};

static void take(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    struct writing *w = context;
    (void)frame;
    capture_put(w->to, ns, ip);
    w->packets++;
}

static uint64_t sealed_packets(const struct model *m)
{
    uint64_t n = 0;
    for (const struct flow *f = m->flows; f; f = f->next)
        n += f->traffic.packets;
    return n;
}

static int run_decrypt(int argc, char **argv)
{
    struct invocation i = { 0 };
    int status;
    if (!command_begin("decrypt", argc, argv, &i, &status))
        return status;
    struct error err = { 0 };
    struct writing w = { 0 };
    struct run run = { .plain = { take, &w } };
    status = EXIT_TROUBLE;
    if (!option_given(&i.output)) {
        fail(&err, ERROR_USAGE, "'decrypt' needs -o OUT.pcap");
    } else if ((w.to = capture_create(option_last(&i.output, "-"), true, &err)) != NULL) {
        if (run_inputs(&run, &i, (struct options){ 0 }, &err)) {
            uint64_t sealed = sealed_packets(run.model);
            if (capture_finish(w.to, &err)) {
                warn(run.quiet, "%llu of %llu ESP packets opened", (unsigned long long)w.packets, (unsigned long long)sealed);
                /* nothing opened though there was something: the keys are missing or wrong */
                status = run.keep_going || (sealed && !w.packets) ? EXIT_TROUBLE
                         : sealed || run.model->ike_sas           ? EXIT_DONE
                                                                  : EXIT_NOTHING;
            }
        } else {
            capture_abandon(w.to);
        }
    }
    if (err.kind)
        warn(false, "%s", err.text);
    run_clear(&run);
    options_clear(&i);
    return status;
}

const struct command command_decrypt = { "decrypt", "CAPTURE -k KEYS -o OUT.pcap",
                                         "writes the decrypted packets as a capture that other tools open", run_decrypt };
