/*
 * Logs from scripts: one script tells what a router does, and it comes out as IOS, IOS-XE or ASA print it, so that a failure is
 * written once and tested in each dialect. A script is lines:
 *
 *   = NAME          another script of scripts[]; its name may end in the role: "init" is init-I or init-R
 *   ~ STATE A B     the state machine: events A and B in that state
 *   - TEXT          a sentence; "! TEXT" one that tells a failure; "p TEXT" of ASA's platform side; "x TEXT" a line of IOS alone
 *   >? EXCHANGE P…  a request that is sent, with its payloads; ">!" an answer; "<?" and "<!" what is received
 *   + N             N seconds pass; "# N" the message id from here on; "new" another attempt begins
 */
#ifndef IKESCOPE_TESTS_SCRIPT_H
#define IKESCOPE_TESTS_SCRIPT_H

#include <stdio.h>

#include "base/buffer.h"

enum dialect_kind { IN_IOS, IN_IOSXE, IN_ASA, DIALECT_COUNT };

struct script {
    const char *name, *lines;
};

extern const struct script scripts[];

struct writing {
    struct buffer *out;
    enum dialect_kind dialect;
    char role; /* 'I' or 'R' */
    unsigned attempt, msgid, ms;
    bool answered; /* the responder's SPI is known here */
};

static inline void stamp(struct writing *w)
{
    if (w->dialect == IN_ASA)
        return;
    w->ms++;
    buffer_format(w->out, "%sNov 14 2026 %02u:%02u:%02u.%03u: ", w->dialect == IN_IOS ? "*" : "", 9 + w->ms / 3600000,
                  w->ms / 60000 % 60, w->ms / 1000 % 60, w->ms % 1000);
}

static inline void tag(struct writing *w, const char *part, int level)
{
    unsigned slot = w->attempt + 1;
    stamp(w);
    if (w->dialect == IN_IOS)
        buffer_format(w->out, "IKEv2:(SA ID = %u):", slot);
    else if (w->dialect == IN_IOSXE)
        buffer_format(w->out, "IKEv2%s:(SESSION ID = 4,SA ID = %u):", part, slot);
    else
        buffer_format(w->out, "IKEv2-PROTO-%d: (%u): ", level, slot + 20);
}

static inline void spis(struct writing *w, const char *between, const char *format)
{
    char i[24], r[24];
    snprintf(i, sizeof i, format, 0x11D7A53C90E40000ull + w->attempt);
    snprintf(r, sizeof r, format, w->answered ? 0x7B0C44E1A2590000ull + w->attempt : 0);
    buffer_format(w->out, "%s%s%s", i, between, r);
}

static inline void steps(struct writing *w, char *words)
{
    char *state = strtok_r(words, " ", &words);
    for (char *event; (event = strtok_r(NULL, " ", &words)) != NULL;) {
        tag(w, "-INTERNAL", 5);
        buffer_string(w->out, "SM Trace-> SA: I_SPI=");
        spis(w, " R_SPI=", "%016llX");
        buffer_format(w->out, " (%c) MsgID = %08X CurState: %s Event: EV_%s\n", w->role, w->msgid, state, event);
    }
}

static inline const char *head_of(const char *payloads, char *room, size_t size)
{
    size_t n = strcspn(payloads, " (");
    snprintf(room, size, "%.*s", (int)n, payloads);
    return n ? room : "NONE";
}

static inline void payload_list(struct writing *w, const char *payloads, const char *context)
{
    for (const char *at = payloads; *at;) {
        char name[64], next[64];
        size_t n = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, at);
        at += n + (at[n] == ' ');
        buffer_format(w->out, "%s %s%s  Next payload: %s, reserved: 0x0, length: 8\n", context, name, context,
                      head_of(at, next, sizeof next));
        if (strncmp(name, "NOTIFY(", 7) == 0)
            buffer_format(w->out, "%s    Security protocol id: IKE, spi size: 0, type: %.*s\n", context, (int)strlen(name) - 8,
                          name + 7);
        if (strcmp(name, "AUTH") == 0)
            buffer_format(w->out, "%s    Auth method PSK, reserved: 0x0, reserved 0x0\n", context);
    }
}

static inline void ios_packet(struct writing *w, bool sent, bool request, const char *exchange, const char *payloads)
{
    bool sealed = strcmp(exchange, "IKE_SA_INIT") != 0, from_i = sent == (w->role == 'I');
    char head[64];
    if (!sent) {
        stamp(w);
        buffer_string(w->out, "IKEv2:Got a packet from dispatcher\n");
    }
    if (!sent && request && !sealed) {
        stamp(w);
        buffer_string(w->out, "IKEv2:");
    } else {
        tag(w, "", 0);
    }
    buffer_format(w->out, "Next payload: %s, version: 2.0 Exchange type: %s, flags: %s%s Message id: %u, length: 300 \n",
                  sealed ? "ENCR" : head_of(payloads, head, sizeof head), exchange, from_i ? "INITIATOR" : "RESPONDER",
                  request ? "" : " MSG-RESPONSE", w->msgid);
    buffer_string(w->out, "Payload contents: \n");
    if (sealed && sent)
        buffer_format(w->out, " ENCR  Next payload: %s, reserved: 0x0, length: 272\n", head_of(payloads, head, sizeof head));
    else
        payload_list(w, payloads, "");
}

static inline void headed_packet(struct writing *w, bool sent, bool request, const char *exchange, const char *payloads)
{
    bool asa = w->dialect == IN_ASA, sealed = strcmp(exchange, "IKE_SA_INIT") != 0;
    const char *here = w->role == 'I' ? "192.0.2.1" : "198.51.100.2", *there = w->role == 'I' ? "198.51.100.2" : "192.0.2.1";
    char context[16] = "", head[64];
    if (asa && (sealed || sent))
        snprintf(context, sizeof context, "(%u): ", w->attempt + 21);
    if (sealed && sent) {
        tag(w, "", 2);
        buffer_format(w->out, "Building packet for encryption.\n%s\nPayload contents:\n", context);
        if (asa)
            payload_list(w, payloads, context);
        else
            buffer_format(w->out, " %s \n\n", payloads);
    }
    stamp(w);
    if (asa)
        buffer_format(w->out, "IKEv2-PROTO-2: %s", context);
    else
        buffer_format(w->out, "IKEv2:(SESSION ID = 4,SA ID = %u):", w->attempt + 1);
    buffer_format(w->out, "%s Packet [%s %s:500/%s %s:500/VRF i0:f0] \n%sInitiator SPI : ", sent ? "Sending" : "Received",
                  sent ? "To" : "From", there, sent ? "From" : "To", here, context);
    spis(w, " - Responder SPI : ", "%016llX");
    buffer_format(w->out, " Message id: %u\n%sIKEv2 %s Exchange %s%s", w->msgid, context, exchange,
                  request ? "REQUEST" : "RESPONSE", asa ? "" : " \n");
    if (asa)
        buffer_format(w->out,
                      "IKEv2-PROTO-3: %sNext payload: %s, version: 2.0 %sExchange type: %s, flags: %s%s %sMessage id: %u, "
                      "length: 300%s\n",
                      context, sealed ? "ENCR" : head_of(payloads, head, sizeof head), context, exchange,
                      sent == (w->role == 'I') ? "INITIATOR" : "RESPONDER", request ? "" : " MSG-RESPONSE", context, w->msgid,
                      context);
    buffer_string(w->out, "Payload contents:\n");
    if (!asa)
        buffer_format(w->out, " %s \n\n", sealed && sent ? "ENCR" : payloads);
    else if (sealed && sent)
        buffer_format(w->out, "%s ENCR%s  Next payload: VID, reserved: 0x0, length: 272\n%sEncrypted data: 268 bytes\n", context,
                      context, context);
    else
        payload_list(w, payloads, sent ? context : "");
}

static inline void packet(struct writing *w, const char *line)
{
    bool sent = line[0] == '>', request = line[1] == '?';
    char exchange[32];
    const char *at = line + 3;
    size_t n = strcspn(at, " ");
    snprintf(exchange, sizeof exchange, "%.*s", (int)n, at);
    at += n + (at[n] == ' ');
    (w->dialect == IN_IOS ? ios_packet : headed_packet)(w, sent, request, exchange, at);
}

static void play(struct writing *w, const char *lines, unsigned depth);

static inline void play_named(struct writing *w, const char *name, unsigned depth)
{
    for (const struct script *s = scripts; s->name; s++) {
        size_t n = strlen(name);
        if (strcmp(s->name, name) == 0 || (strncmp(s->name, name, n) == 0 && s->name[n] == '-' && s->name[n + 1] == w->role)) {
            play(w, s->lines, depth + 1);
            return;
        }
    }
    fprintf(stderr, "no script '%s'\n", name);
}

static inline void one(struct writing *w, char *line, unsigned depth)
{
    char *words = line[0] && line[1] == ' ' ? line + 2 : line;
    switch (line[0]) {
    case '=':
        play_named(w, words, depth);
        break;
    case '~':
        steps(w, words);
        break;
    case '-':
        tag(w, "", 2);
        buffer_format(w->out, "%s\n", words);
        break;
    case '!':
        tag(w, "-ERROR", 1);
        buffer_format(w->out, "%s%s\n", w->dialect == IN_ASA ? "" : ": ", words);
        break;
    case 'p':
        if (w->dialect == IN_ASA)
            buffer_format(w->out, "IKEv2-PLAT-2: (%u): %s\n", w->attempt + 21, words);
        break;
    case 'x':
        if (w->dialect != IN_ASA) {
            stamp(w);
            buffer_format(w->out, "%s\n", words);
        }
        break;
    case '>':
    case '<':
        packet(w, line);
        break;
    case '+':
        w->ms += 1000 * (unsigned)strtoul(words, NULL, 10);
        break;
    case '#':
        w->msgid = (unsigned)strtoul(words, NULL, 10);
        break;
    case 'n': /* new */
        w->attempt++;
        w->answered = w->role == 'R';
        break;
    case 'r': /* r_spi */
        w->answered = true;
        break;
    default:
        fprintf(stderr, "no such line: '%s'\n", line);
    }
}

static void play(struct writing *w, const char *lines, unsigned depth)
{
    for (const char *at = lines; *at && depth < 6;) {
        char line[400];
        size_t n = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, at);
        at += n + (at[n] == '\n');
        if (line[0])
            one(w, line, depth);
    }
}

static inline void script_write(struct buffer *out, enum dialect_kind dialect, char role, const char *lines)
{
    struct writing w = { .out = out, .dialect = dialect, .role = role, .answered = role == 'R' };
    play(&w, lines, 0);
}

#endif
