/* Words and sentences that several formats use, so that there is one way to say a thing. All of it is plain text; names that came
 * from an input are cleaned (reporters/clean.h), so each format only adds its own escapes. */
#ifndef IKESCOPE_REPORTERS_WORDS_H
#define IKESCOPE_REPORTERS_WORDS_H

#include "model/model.h"

void duration_print(int64_t ns, struct buffer *out); /* "350 ms", "12.3 s", "4 min 10 s", "2 h 05 min", "3 d 04 h" */
void seconds_print(int64_t ns, struct buffer *out);  /* "12.345" */
/* elapsed_print is the same for one of several times, the latest of which is `latest`: if that is minutes away, "0:12:31.471".
 * elapsed_unit says which form that gives: "seconds" or "h:mm:ss". */
void elapsed_print(int64_t ns, int64_t latest, struct buffer *out);
const char *elapsed_unit(int64_t latest);
/* set_forward: by how much of what lies between two of its times, the earlier one first, a clock was set forward. in may be NULL. */
int64_t set_forward(const struct input *in, int64_t first, int64_t last);
/* span_print: "2026-03-03T10:00:00.120 to 10:00:00.139 (19 ms)"; the second date only where it is another one. in: whose clock that
 * is, which may have been set forward in between; NULL: it is not known. */
void span_print(const struct input *in, struct stamp first, struct stamp last, struct buffer *out);
/* plural_s is the ending of what is counted: "" of one, else "s". */
static inline const char *plural_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}
void count_print(uint64_t n, const char *one, const char *many, struct buffer *out); /* "1 packet", "12 packets" */
void octets_print(uint64_t n, struct buffer *out);                                   /* "812 octets", "14.2 kB", "3.1 MB" */
void place_print(const struct model *m, uint32_t input, uint32_t place, bool packet,
                 struct buffer *out); /* "r1.log:12", "x.pcap packet 7" */
/* spis_print: "SPIs f074d8bbd5a59f0b / unknown" with what stands between the two; nothing, and false, where neither is known. */
bool spis_print(struct spi i, struct spi r, const char *between, struct buffer *out);
/* clock_print: "37 min 00 s ahead of r1.log's, +/- 10 ms; gains 40 ppm; set forward by 90.0 s at line 210"; false when there is
 * nothing to say: it agrees with the clock that gives the report's time, or is that one. */
bool clock_print(const struct model *m, const struct input *in, struct buffer *out);
/* not_read_print: "story.md, notes.txt (nothing of a router in it); map.png (a picture)"; false: all was read. */
bool not_read_print(const struct model *m, struct buffer *out);
void party_print(const struct model *m, const struct party *p, struct buffer *out); /* "R1 10.0.0.1", "10.0.0.1", "unknown" */
/* ends_of gives its initiator and responder; false where nothing says which is which, and then a log's own end and its peer. */
bool ends_of(const struct ike_sa *sa, struct party *from, struct party *to);
/* configurations_alone: how many of them are there, where nothing else was given; 0: there is something else, or nothing. */
uint64_t configurations_alone(const struct model *m);
/* none_seen_print says in a heading's words that there is no IKE SA: "2 configurations, no log", "No IKE SA was found". */
void none_seen_print(const struct model *m, struct buffer *out);
/* end_role: "initiator", "responder"; where nothing says which is which, "this end", "the other end". */
const char *end_role(const struct ike_sa *sa, bool responder);
/* ends_print: "R1 10.0.0.1 -> 10.0.0.2"; where only a log's local and remote are known, "10.0.0.1 <-> 10.0.0.2". */
void ends_print(const struct model *m, const struct ike_sa *sa, bool ports, struct buffer *out);
void ends_draw(const struct model *m, const struct ike_sa *sa, struct buffer *out);    /* for a drawing: with real arrows */
void view_name_print(const struct model *m, const struct view *v, struct buffer *out); /* its router, else its first line */
void algorithms_print(const struct chosen *c, struct buffer *out); /* "ENCR_AES_CBC-256 AUTH_... PRF_... group 14" */
void selectors_print(const struct selector *first, size_t most, struct buffer *out);
void exchange_print(unsigned type, struct buffer *out); /* "IKE_AUTH", "exchange 99" */
/* message_label: "IKE_AUTH request", "INFORMATIONAL response". */
void message_label(const struct exchange *x, bool response, struct buffer *out);
/* payloads_print: "SA KE Nonce N(COOKIE) V x3"; of a sealed one "SK (sealed)". False when nothing is known. */
bool payloads_print(const struct message *m, struct buffer *out);
/* message_story says in plain words what the sender does with this message; false when there is nothing to say. */
bool message_story(const struct exchange *x, const struct message *m, bool response, struct buffer *out);
/* party_auth_print tells how an end proved itself, "by EAP (EAP-TLS) as bob, which succeeded, verified"; before: " by ". */
void party_auth_print(const struct party *p, const char *before, struct buffer *out);
const char *auth_word(unsigned method); /* "a pre-shared key", "an RSA signature", ...; NULL unknown */
/* finding_heads: should it stand above the drawing of this SA? The drawing shows what happened, but next to nothing of show
 * output. */
bool finding_heads(const struct finding *f, const struct ike_sa *sa);
const char *outcome_story(const struct ike_sa *sa); /* "up", "up, without a Child SA", "failed", ... */
/* moves_print: "moved to 10.0.0.1:4500 -> 10.0.0.2:4500", later moves behind it; false: it stayed where it began. */
bool moves_print(const struct ike_sa *sa, struct buffer *out);
extern const char words_answered[]; /* what a drawing says of a request whose answer no input shows, though there was one */
/* heir_print says what replaced an SA: "by ike2"; "by one whose SPIs no input shows, with ENCR_AES_CBC ...". */
void heir_print(const struct ike_sa *sa, struct buffer *out);
const char *severity_mark(unsigned severity); /* "!!" error, "!" warning, "-" note, "" none */

#endif
