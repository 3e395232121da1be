/*
 * Key files: one reader for each format under decoder/keyfiles/, each around one constant. A file may hold several formats one
 * after another, or keys between the lines of a log: every line is offered to the reader that took the last one, then to the
 * others. A line that a reader knows as its own but cannot read is reported with its number, never with its content, and the
 * rest is used.
 */
#ifndef IKESCOPE_DECODER_KEYFILE_H
#define IKESCOPE_DECODER_KEYFILE_H

#include "base/source.h"
#include "decoder/keynames.h"
#include "model/model.h"

enum key_line { KEYS_NOT_MINE, KEYS_TAKEN, KEYS_BAD };

struct keyfile { /* what a reader gets */
    struct model *model;
    struct keyring *ring;
    struct arena *arena;  /* for its state; dies with the file */
    uint32_t input, line; /* number of the current line */
};

struct keyfile_reader {
    const char *name;    /* "charon" */
    const char *summary; /* for `list key-formats` */
    size_t state_size;   /* zeroed before the first line */
    /* Is this line so clearly of this format that a file without -k may be taken for a key file? */
    bool (*recognises)(struct text line);
    enum key_line (*read)(struct keyfile *f, void *state, struct text line);
    void (*end)(struct keyfile *f, void *state); /* may be NULL */
};

extern const struct keyfile_reader *const keyfile_readers[]; /* generated from the folder */
extern const size_t keyfile_reader_count;

/* keyfile_read adds all keys of a source to the model's keyring; *found is how many were new. */
bool keyfile_read(struct model *m, uint32_t input, struct source *from, size_t *found, struct error *err);
/* keyfile_read_psk reads one key alone, `identity key` lines, or ipsec.secrets lines (ids : PSK "key"). */
bool keyfile_read_psk(struct model *m, uint32_t input, struct source *from, size_t *found, struct error *err);
bool keyfile_recognise(struct bytes first);     /* do these octets begin a key file? */
bool keyfile_others_can_read(const char *path); /* may others than the file's owner read it? That earns a warning */

/* What readers share. */
/* key_octets reads hex into locked memory; an empty secret (len 0) when it is not hex or too long. */
struct secret key_octets(struct keyfile *f, struct text hex);
/* key_number reads digits of a base that fill the text, "0x" allowed with 16. */
bool key_number(struct text t, unsigned base, uint64_t *number);
/* keyfile_bad reports a line (not its content) that a reader knows as its own but cannot use, when it notices that only later. */
void keyfile_bad(struct keyfile *f, uint32_t line, const char *reader);
/* key_add_ike and key_add_esp give a key to the ring; false when it cannot be a key of its cipher or tells nothing. */
bool key_add_ike(struct keyfile *f, struct ike_key *k);
bool key_add_esp(struct keyfile *f, struct esp_key *k);
/* key_exact sets an ESP key's masks to "these addresses, this SPI". */
void key_exact(struct esp_key *k);

#endif
