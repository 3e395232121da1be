/* A line of a configuration without its secrets. */
#include "parser/configuration.h"

void config_mask(struct text line, struct buffer *out)
{
    /* behind one of these words, and any of the second list, one secret stands; behind a pre-shared key, the rest is it */
    static const char *const before[] = {
        "pre-shared-key", "password",           "secret",      "community", "key-string", "shared-secret",
        "passphrase",     "authentication-key", "session-key", NULL
    };
    static const char *const between[] = { "local",  "remote",        "0",         "5",       "6",        "7",   "8",
                                           "9",      "hex",           "encrypted", "inbound", "outbound", "esp", "ah",
                                           "cipher", "authenticator", NULL };
    static const char *const peers[] = { "address", "hostname", NULL };
    struct text word, rest = line;
    bool key_follows = false, nhrp = false, armed = false, all = false;
    const char *done = line.at;
    while (text_word(&rest, &word)) {
        buffer_text(out, (struct text){ done, (size_t)(word.at - done) });
        done = word.at + word.len;
        if (armed && text_in(word, peers)) {
            armed = all = false; /* "pre-shared-key address 10.0.0.1 key K" */
        } else if (armed && !text_in(word, between)) {
            buffer_string(out, "******");
            armed = false;
            if (all)
                return;
            continue;
        }
        bool psk = text_equal(word, TEXT("pre-shared-key"));
        armed = armed || text_in(word, before) || (text_equal(word, TEXT("key")) && key_follows) ||
                (text_equal(word, TEXT("authentication")) && nhrp);
        all = all || psk;
        key_follows = key_follows || psk || text_equal(word, TEXT("isakmp")) || text_equal(word, TEXT("pre-share")) ||
                      text_equal(word, TEXT("ppk"));
        nhrp = nhrp || text_equal(word, TEXT("nhrp"));
        buffer_text(out, word);
    }
    if (line.at)
        buffer_text(out, (struct text){ done, (size_t)(line.at + line.len - done) });
}
