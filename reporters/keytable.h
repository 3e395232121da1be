/*
 * The keyring as text: a table for people, Wireshark's two tables, our own JSON Lines. The only place that writes
 * secrets, and only where its caller was asked for them by name.
 */
#ifndef IKESCOPE_REPORTERS_KEYTABLE_H
#define IKESCOPE_REPORTERS_KEYTABLE_H

#include "base/map.h"
#include "base/sink.h"
#include "model/model.h"

/* keytable_text says what each key is, where it comes from and, where captures were read, what it opened; with secrets
 * only when asked. */
void keytable_text(const struct model *m, struct sink *out, bool secrets);
/* keytable_wireshark_ike and _esp write ikev2_decryption_table and esp_sa as Wireshark 4.0 and later load them. A key that these
 * cannot express (an algorithm without a name, a key without SPIs) becomes a comment line, and is counted in *left_out. */
void keytable_wireshark_ike(const struct model *m, struct sink *out, size_t *left_out);
void keytable_wireshark_esp(const struct model *m, struct sink *out, size_t *left_out);
/* keytable_json writes JSON Lines, one object a key, as decoder/keyfiles/jsonl.c reads them. */
void keytable_json(const struct model *m, struct sink *out, size_t *left_out);
/* Where the decoder made a copy of a given key with more facts (ike_key.resolved), only the copy is written: keytable_resolved
 * collects these copies, keytable_superseded tells whether there is one for this key. */
void keytable_resolved(const struct model *m, struct map *index);
bool keytable_superseded(const struct map *index, const struct ike_key *k);

#endif
