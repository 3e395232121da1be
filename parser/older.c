#include "parser/older.h"

struct tell {
    const char *words, *mark, *direction;
};

/* {what the line says, what stands in front of the address, which way the message went}; the first that fits */
static const struct tell tells[] = {
    { "received packet from ", "received packet from ", "received" },
    { "sending packet to ", "sending packet to ", "sent" },
    { "mode failed with peer at ", "with peer at ", "received" },
    { "IKE message from ", "IKE message from ", "received" },
    { "IKE packet from ", "IKE packet from ", "received" },
    { "SENDING Message", "IP = ", "sent" },
    { "RECEIVED Message", "IP = ", "received" },
    { ", processing ", "IP = ", "received" },
    { ", Error processing payload", "IP = ", "received" },
    { ", Received ", "IP = ", "received" },
    { "Can't find a valid tunnel group", "IP = ", "received" },
    { "PHASE 1 COMPLETED", "IP = ", "received" },
    { ", constructing ", "IP = ", "sent" },
};

void older_facts(struct text t, struct facts *facts)
{
    for (size_t i = 0; i < COUNT_OF(tells); i++) {
        const struct tell *tell = &tells[i];
        const size_t at = text_find(t, text_of(tell->mark));
        if (at == TEXT_NOWHERE || !text_has(t, text_of(tell->words)))
            continue;
        struct text rest = text_from(t, at + strlen(tell->mark)), word = { NULL, 0 };
        struct address peer;
        (void)text_word(&rest, &word);
        if (word.len && text_has(TEXT(",.:;"), text_from(word, word.len - 1)))
            word.len--;
        if (!address_read(word, &peer))
            return;
        (void)fact_address(facts, "peer_address", peer);
        (void)fact_text(facts, "direction", text_of(tell->direction));
        return;
    }
}
