/*
 * make_log feed DEVICES SECONDS: the syslog of so many devices, as one relay passes it on, as fast as it is taken; some
 * devices at a time bring up SAs, talk, delete them and fall silent. How many lines it wrote goes to standard error.
 *
 * make_log ios|iosxe|asa SAS KIB [INTERLEAVED [half-open|both-roles]]: writes a debug log to standard output: so many IKE
 * SAs of as many peers come up, INTERLEAVED (1) at a time, and then talk on (liveness checks) until KIB are full;
 * half-open: each sends its first message and hears nothing; both-roles: of every two SAs one is answered instead of
 * begun, each talks a little, most are deleted, some wait in vain, and its SA id goes to the next that begins (KIB is
 * not asked). The same arguments give the same octets.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_AT_ONCE = 4096, BURST = 6 };
enum dialect { IOS, IOSXE, ASA };

struct step {
    char kind;         /* t: transition, l: a line of its SA, s: request sent, r: response received, q: request received,
                          a: response sent, w: time passes */
    const char *a, *b; /* state and event; text; exchange and payloads */
    unsigned msgid;
};

static const struct step coming_up[] = {
    { 't', "IDLE", "EV_INIT_SA", 0 },
    { 't', "I_BLD_INIT", "EV_GET_IKE_POLICY", 0 },
    { 't', "I_BLD_INIT", "EV_SET_POLICY", 0 },
    { 'l', "Setting configured policies", NULL, 0 },
    { 't', "I_BLD_INIT", "EV_CHK_AUTH4PKI", 0 },
    { 't', "I_BLD_INIT", "EV_GEN_DH_KEY", 0 },
    { 'l', "[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 14", NULL, 0 },
    { 'l', "[Crypto Engine -> IKEv2] DH key Computation PASSED", NULL, 0 },
    { 't', "I_BLD_INIT", "EV_BLD_MSG", 0 },
    { 'l', "Generating IKE_SA_INIT message", NULL, 0 },
    { 's', "IKE_SA_INIT", "SA KE N VID VID NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)", 0 },
    { 't', "I_WAIT_INIT", "EV_NO_EVENT", 0 },
    { 'w', NULL, NULL, 0 },
    { 'r', "IKE_SA_INIT", "SA KE N VID VID NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)", 0 },
    { 't', "I_WAIT_INIT", "EV_RECV_INIT", 0 },
    { 't', "I_PROC_INIT", "EV_CHK4_NOTIFY", 0 },
    { 't', "I_PROC_INIT", "EV_VERIFY_MSG", 0 },
    { 't', "I_PROC_INIT", "EV_PROC_MSG", 0 },
    { 't', "I_PROC_INIT", "EV_DETECT_NAT", 0 },
    { 'l', "Process NAT discovery notify", NULL, 0 },
    { 'l', "No NAT found", NULL, 0 },
    { 't', "I_PROC_INIT", "EV_CHK_CONFIG_MODE", 0 },
    { 't', "INIT_DONE", "EV_GEN_SKEYID", 0 },
    { 'l', "Generate skeyid", NULL, 0 },
    { 't', "INIT_DONE", "EV_DONE", 0 },
    { 't', "I_BLD_AUTH", "EV_GEN_AUTH", 0 },
    { 'l', "Generate my authentication data", NULL, 0 },
    { 't', "I_BLD_AUTH", "EV_SEND_AUTH", 0 },
    { 'l', "Generating IKE_AUTH message", NULL, 0 },
    { 's', "IKE_AUTH", "VID IDi AUTH CFG SA TSi TSr NOTIFY(INITIAL_CONTACT)", 1 },
    { 't', "I_WAIT_AUTH", "EV_NO_EVENT", 1 },
    { 'w', NULL, NULL, 0 },
    { 'r', "IKE_AUTH", "VID IDr AUTH SA TSi TSr", 1 },
    { 't', "I_WAIT_AUTH", "EV_RECV_AUTH", 1 },
    { 't', "I_PROC_AUTH", "EV_CHK4_NOTIFY", 1 },
    { 't', "I_PROC_AUTH", "EV_PROC_MSG", 1 },
    { 't', "I_PROC_AUTH", "EV_VERIFY_AUTH", 1 },
    { 'l', "Verify peer's authentication data", NULL, 0 },
    { 't', "I_PROC_AUTH", "EV_PROC_SA_TS", 1 },
    { 't', "AUTH_DONE", "EV_OK", 1 },
    { 't', "AUTH_DONE", "EV_OK_RECD_LOAD_IPSEC", 1 },
    { 't', "AUTH_DONE", "EV_CHK4_ROLE", 1 },
    { 't', "READY", "EV_CHK_IKE_ONLY", 1 },
    { 't', "READY", "EV_I_OK", 1 },
};
static const struct step answering[] = {
    { 'q', "IKE_SA_INIT", "SA KE N VID VID NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)", 0 },
    { 't', "IDLE", "EV_RECV_INIT", 0 },
    { 't', "R_INIT", "EV_VERIFY_MSG", 0 },
    { 'l', "Verify SA init message", NULL, 0 },
    { 't', "R_INIT", "EV_INSERT_SA", 0 },
    { 't', "R_INIT", "EV_GET_IKE_POLICY", 0 },
    { 't', "R_INIT", "EV_PROC_MSG", 0 },
    { 't', "R_INIT", "EV_DETECT_NAT", 0 },
    { 'l', "Process NAT discovery notify", NULL, 0 },
    { 't', "R_BLD_INIT", "EV_SET_POLICY", 0 },
    { 't', "R_BLD_INIT", "EV_GEN_DH_KEY", 0 },
    { 'l', "[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 14", NULL, 0 },
    { 't', "R_BLD_INIT", "EV_GEN_SKEYID", 0 },
    { 't', "R_BLD_INIT", "EV_BLD_MSG", 0 },
    { 'l', "Generating IKE_SA_INIT message", NULL, 0 },
    { 'a', "IKE_SA_INIT", "SA KE N VID VID NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)", 0 },
    { 't', "INIT_DONE", "EV_DONE", 0 },
    { 'l', "Completed SA init exchange", NULL, 0 },
    { 't', "INIT_DONE", "EV_START_TMR", 0 },
    { 't', "R_WAIT_AUTH", "EV_NO_EVENT", 0 },
    { 'w', NULL, NULL, 0 },
    { 'q', "IKE_AUTH", "VID IDi AUTH CFG SA TSi TSr NOTIFY(INITIAL_CONTACT)", 1 },
    { 't', "R_WAIT_AUTH", "EV_RECV_AUTH", 1 },
    { 't', "R_WAIT_AUTH", "EV_PROC_MSG", 1 },
    { 't', "R_VERIFY_AUTH", "EV_VERIFY_AUTH", 1 },
    { 'l', "Verify peer's authentication data", NULL, 0 },
    { 't', "R_BLD_AUTH", "EV_GEN_AUTH", 1 },
    { 't', "R_BLD_AUTH", "EV_SEND_AUTH", 1 },
    { 'l', "Generating IKE_AUTH message", NULL, 0 },
    { 'a', "IKE_AUTH", "VID IDr AUTH SA TSi TSr", 1 },
    { 't', "AUTH_DONE", "EV_OK", 1 },
    { 't', "READY", "EV_R_OK", 1 },
};
static const struct step alive[] = {
    { 'l', "Sending DPD/liveness query", NULL, 0 },
    { 'l', "Building packet for encryption.", NULL, 0 },
    { 's', "INFORMATIONAL", "ENCR", 2 },
    { 't', "READY", "EV_CHK_PENDING", 2 },
    { 'w', NULL, NULL, 0 },
    { 'r', "INFORMATIONAL", "ENCR", 2 },
    { 't', "READY", "EV_RECV_INFO_ACK", 2 },
    { 'l', "Processing ACK to informational exchange", NULL, 0 },
    { 't', "INFO_I_WAIT", "EV_PROC_INFO", 2 },
    { 't', "READY", "EV_DEL_NEG_TMO", 2 },
};
static const struct step gone[] = {
    { 'l', "Sending DELETE INFO message for IPsec SA [SPI: 0x5D3A1C2B]", NULL, 3 },
    { 's', "INFORMATIONAL", "ENCR", 3 },
    { 't', "READY", "EV_DELETE", 3 },
    { 't', "DELETE", "EV_DELETE", 3 },
    { 'l', "Deleting SA", NULL, 3 },
};
enum {
    UP_STEPS = sizeof coming_up / sizeof coming_up[0],
    ANSWERING_STEPS = sizeof answering / sizeof answering[0],
    ALIVE_STEPS = sizeof alive / sizeof alive[0],
    GONE_STEPS = sizeof gone / sizeof gone[0],
    HALF_STEPS = 12,
    UNASKED_STEPS = 20 /* of answering: up to where it waits for IKE_AUTH */
};

struct sa {
    uint32_t number, id; /* its peer and its SPIs come from the one; the other is what the log calls it */
    unsigned at, msgid;
    bool up, answered, responds;
};

static uint64_t seed = 0x2545f4914f6cdd1du;
static uint64_t written, now_us = 43200000000u;
static enum dialect dialect;

static uint64_t mixed(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint32_t pick(uint32_t below)
{
    seed += 0x9e3779b97f4a7c15u;
    return (uint32_t)(mixed(seed) >> 33) % below;
}

static uint64_t lines;
static char relay[64]; /* what stands before each physical line of a feed */
static bool line_begins = true;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        exit(2);
    written += (uint64_t)n;
    for (const char *at = text, *end; *at; at = end) {
        if (line_begins && relay[0])
            fputs(relay, stdout);
        end = strchr(at, '\n');
        line_begins = end != NULL;
        lines += line_begins;
        end = end ? end + 1 : at + strlen(at);
        if (fwrite(at, 1, (size_t)(end - at), stdout) != (size_t)(end - at))
            exit(2);
    }
}

static void stamp(void)
{
    unsigned ms = (unsigned)(now_us / 1000 % 1000), s = (unsigned)(now_us / 1000000), day = s / 86400;
    if (dialect == IOS)
        say("*May %2u %02u:%02u:%02u.%03u: ", day % 31 + 1, s / 3600 % 24, s / 60 % 60, s % 60, ms);
    else if (dialect == IOSXE)
        say("May %2u 2026 %02u:%02u:%02u.%03u UTC: ", day % 31 + 1, s / 3600 % 24, s / 60 % 60, s % 60, ms);
}

/* what: 'i' internal, 'p' packet, 'l' protocol */
static void tag(const struct sa *sa, char what)
{
    uint32_t id = sa->id ? sa->id : sa->number;
    stamp();
    if (dialect == ASA)
        say("IKEv2-PROTO-%c: (%u): ", what == 'i' ? '5' : what == 'p' ? '2' : '3', id);
    else if (dialect == IOS)
        say("IKEv2:(SA ID = %u):", id);
    else
        say("IKEv2%s:(SESSION ID = %u,SA ID = %u):", what == 'i' ? "-INTERNAL" : "", sa->number + 4, id);
}

static void packet(const struct sa *sa, const struct step *s)
{
    static const char peer_format[] = "198.%u.%u.%u:500";
    char peer[40];
    bool out = s->kind == 's' || s->kind == 'a', asked = s->kind == 's' || s->kind == 'q';
    snprintf(peer, sizeof peer, peer_format, 18 + (sa->number >> 16 & 1), sa->number >> 8 & 255, sa->number & 255);
    tag(sa, 'p');
    say("%s Packet [%s %s/%s %s/VRF i0:f0] \nInitiator SPI : %016" PRIX64 " - Responder SPI : %016" PRIX64
        " Message id: %u\nIKEv2 %s Exchange %s \nPayload contents: \n %s \n\n",
        out ? "Sending" : "Received", out ? "To" : "From", peer, out ? "From" : "To", "192.0.2.1:500", mixed(sa->number * 2u),
        sa->answered ? mixed(sa->number * 2u + 1) : 0, sa->msgid, s->a, asked ? "REQUEST" : "RESPONSE", s->b);
}

static void tell(struct sa *sa, const struct step *s)
{
    sa->answered |= s->kind == 'r' || (s->kind == 't' && sa->responds);
    if (s->msgid < 2)
        sa->msgid = s->msgid;
    if (s->kind == 'w') {
        now_us += 500 + pick(2000);
    } else if (s->kind == 'l') {
        tag(sa, 'l');
        say("%s\n", s->a);
    } else if (s->kind == 't') {
        tag(sa, 'i');
        say("SM Trace-> SA: I_SPI=%016" PRIX64 " R_SPI=%016" PRIX64 " (%c) MsgID = %0*u CurState: %s Event: %s\n",
            mixed(sa->number * 2u), sa->answered ? mixed(sa->number * 2u + 1) : 0, sa->responds ? 'R' : 'I',
            dialect == IOSXE ? 1 : 8, sa->msgid, s->a, s->b);
    } else {
        packet(sa, s);
    }
}

/* Goes on by one step; false when there is none left. */
static bool go_on(struct sa *sa, unsigned until)
{
    const struct step *steps = sa->up ? alive : coming_up;
    if (sa->at == until)
        return false;
    unsigned msgid = sa->msgid;
    tell(sa, &steps[sa->at]);
    if (sa->up)
        sa->msgid = msgid;
    sa->at++;
    return true;
}

struct talker {
    struct sa sa;
    const struct step *steps;
    unsigned count, sas_left, rounds_left;
};

/* The next thing the device does: come up, talk a while, delete, come up anew; false: it falls silent. */
static bool next_part(struct talker *t, uint32_t *begun)
{
    if (t->steps == gone || !t->steps) {
        if (!t->sas_left)
            return false;
        t->sas_left--;
        t->rounds_left = pick(6);
        t->sa = (struct sa){ .number = ++*begun };
        t->steps = coming_up;
        t->count = UP_STEPS;
        return true;
    }
    bool talks = t->rounds_left > 0;
    t->rounds_left -= talks;
    t->sa = (struct sa){ .number = t->sa.number, .up = true, .answered = true, .msgid = t->sa.msgid + 1 };
    t->steps = talks ? alive : gone;
    t->count = talks ? ALIVE_STEPS : GONE_STEPS;
    return true;
}

/* One after the other takes the SA id that has become free. */
static void both_roles(uint32_t sas, uint32_t abreast)
{
    static struct talker talking[MOST_AT_ONCE];
    uint32_t begun = 0, left = sas;
    while (left) {
        uint32_t id = pick(abreast), burst = 1 + pick(BURST);
        struct talker *t = &talking[id];
        if (!t->steps) {
            if (begun == sas)
                continue;
            uint32_t n = ++begun;
            bool responds = n % 2 == 0, in_vain = n % 5 == 0;
            *t = (struct talker){ .sa = { .number = n, .id = id + 1, .responds = responds },
                                  .steps = responds ? answering : coming_up,
                                  .count = responds ? ANSWERING_STEPS : UP_STEPS,
                                  .rounds_left = pick(3) };
            if (in_vain)
                t->count = responds ? UNASKED_STEPS : HALF_STEPS;
        }
        now_us += pick(1000);
        for (uint32_t n = 0; n < burst && t->sa.at < t->count; n++)
            tell(&t->sa, &t->steps[t->sa.at++]);
        if (t->sa.at < t->count)
            continue;
        bool up = t->count != UNASKED_STEPS && t->count != HALF_STEPS;
        if (up && t->steps != gone && (t->rounds_left || t->sa.number % 4)) {
            t->steps = t->rounds_left ? alive : gone;
            t->count = t->rounds_left ? ALIVE_STEPS : GONE_STEPS;
            t->rounds_left -= t->rounds_left > 0;
            t->sa.at = 0;
            t->sa.msgid++;
        } else {
            t->steps = NULL;
            left--;
        }
    }
}

static volatile sig_atomic_t stopping;

static void stop(int signal)
{
    (void)signal;
    stopping = 1;
}

enum { TALKING = 64 };

/* Devices take turns: the one that falls silent goes to the end of the queue. */
static int feed(uint32_t devices, uint64_t seconds)
{
    struct talker talking[TALKING] = { 0 };
    uint32_t who[TALKING], next = 0, begun = 0, sas = 0;
    uint32_t at_once = devices < TALKING ? devices : TALKING;
    time_t until = time(NULL) + (time_t)seconds;
    signal(SIGTERM, stop);
    for (uint32_t i = 0; i < at_once; i++)
        who[i] = next++;
    for (uint64_t turns = 0; !stopping && (turns & 1023 || time(NULL) < until); turns++) {
        uint32_t i = pick(at_once), burst = 1 + pick(BURST);
        struct talker *t = &talking[i];
        unsigned s = (unsigned)(now_us / 1000000), day = s / 86400;
        snprintf(relay, sizeof relay, "<189>May %2u %02u:%02u:%02u r%u ", day % 31 + 1, s / 3600 % 24, s / 60 % 60, s % 60,
                 who[i]);
        now_us += pick(1000);
        for (uint32_t n = 0; n < burst; n++) {
            if (t->sa.at < t->count) {
                sas += t->steps == coming_up && t->sa.at == 0;
                tell(&t->sa, &t->steps[t->sa.at++]);
            } else if (!next_part(t, &begun)) {
                *t = (struct talker){ .sas_left = 1 + pick(12) };
                if (devices > at_once) {
                    who[i] = next;
                    next = (next + 1) % devices;
                }
                break;
            }
        }
    }
    fflush(stdout);
    fprintf(stderr, "%" PRIu64 " lines, %" PRIu64 " octets, %" PRIu32 " SAs\n", lines, written, sas);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "ios", "iosxe", "asa" };
    static struct sa at_once[MOST_AT_ONCE];
    int known = 0;
    if (argc == 4 && strcmp(argv[1], "feed") == 0 && strtoul(argv[2], NULL, 10) > 0) {
        dialect = IOSXE;
        return feed((uint32_t)strtoul(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    }
    while (argc > 3 && known < 3 && strcmp(argv[1], names[known]) != 0)
        known++;
    if (argc < 4 || known == 3) {
        fputs("make_log ios|iosxe|asa SAS KIB [INTERLEAVED [half-open|both-roles]]\n", stderr);
        return 2;
    }
    dialect = (enum dialect)known;
    uint32_t sas = (uint32_t)strtoul(argv[2], NULL, 10), begun = 0, abreast = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 1;
    uint64_t enough = strtoull(argv[3], NULL, 10) * 1024;
    bool half_open = argc > 5 && strcmp(argv[5], "half-open") == 0, both = argc > 5 && strcmp(argv[5], "both-roles") == 0;
    unsigned up_steps = half_open ? HALF_STEPS : UP_STEPS;
    abreast = abreast < 1 ? 1 : abreast > MOST_AT_ONCE ? MOST_AT_ONCE : abreast;
    uint32_t held = 0, rounds = 0;
    if (both) {
        both_roles(sas, abreast);
        return fflush(stdout) != 0 ? 2 : 0;
    }
    while (begun < sas || held || (written < enough && !half_open)) {
        while (held < abreast && begun < sas)
            at_once[held++] = (struct sa){ .number = ++begun };
        if (!held && sas) { /* all are up: one after the other talks on */
            uint32_t number = rounds % sas + 1;
            at_once[held++] = (struct sa){ .number = number, .up = true, .answered = true, .msgid = 2 + rounds++ / sas };
        }
        if (!held)
            break;
        uint32_t which = pick(held), burst = 1 + pick(BURST);
        bool more = true;
        now_us += pick(1000);
        for (uint32_t i = 0; i < burst && more; i++)
            more = go_on(&at_once[which], at_once[which].up ? ALIVE_STEPS : up_steps);
        if (!more)
            at_once[which] = at_once[--held];
    }
    return fflush(stdout) != 0 ? 2 : 0;
}
