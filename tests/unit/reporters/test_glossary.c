#include "reporters/glossary.h"

#include <ctype.h>

#include "test.h"

static bool explains(const char *term, const char *has)
{
    struct buffer b;
    buffer_init(&b, 1 << 20);
    struct sink *s = sink_buffer(&b);
    bool known = glossary_explain(text_of(term), &(struct view_options){ .width = 80 }, s);
    sink_close(s, NULL);
    bool found = !has || text_has(buffer_view(&b), text_of(has));
    CHECK(known == (b.len > 0));
    buffer_clear(&b);
    return known && found;
}

int main(void)
{
    size_t states = 0, events = 0;
    for (size_t i = 0; i < glossary_count; i++) {
        const struct glossary_row *g = &glossary_rows[i];
        states += g->kind == GLOSSARY_STATE;
        events += g->kind == GLOSSARY_EVENT;
        CHECK(*g->name && *g->means && g->means[strlen(g->means) - 1] != '.');
        CHECK(!*g->next || g->next[strlen(g->next) - 1] == '.');
        CHECK(!*g->trouble || g->trouble[strlen(g->trouble) - 1] == '.');
        for (size_t k = 0; k < i; k++)
            CHECK(glossary_rows[k].kind != g->kind || strcmp(glossary_rows[k].name, g->name) != 0);
        uint32_t number;
        if (g->kind == GLOSSARY_NOTIFY) {
            CHECK(registry_number(REGISTRY_NOTIFY, text_of(g->name), &number));
        } else if (g->kind == GLOSSARY_EXCHANGE) {
            CHECK(registry_number(REGISTRY_EXCHANGE, text_of(g->name), &number));
        }
    }
    CHECK(glossary_message(CODE_AUTH_VALUE_DIFFERS) &&
          strcmp(glossary_message(CODE_AUTH_VALUE_DIFFERS)->name, "AUTH_VALUE_DIFFERS") == 0);
    CHECK(!glossary_message(CODE_NONE));
    CHECK(explains("auth-value-differs", "keys differ") && explains("PROFILE_NOT_FOUND", "log message"));
    CHECK(states >= 35);
    CHECK(events >= 102);
    CHECK(explains("I_WAIT_INIT", "UDP 500"));
    CHECK(explains("ev_re_xmt_exceed", "gives up"));
    CHECK(explains("RE_XMT", NULL));
    CHECK(explains("IKE_AUTH", "registry"));
    CHECK(explains("NO_PROPOSAL_CHOSEN", "number 14"));
    CHECK(explains("notify 24", "AUTHENTICATION_FAILED"));
    CHECK(explains("encr 12", "ENCR_AES_CBC"));
    CHECK(explains("PRF_HMAC_SHA1", "registry"));
    CHECK(explains("DELETE", "event") && explains("DELETE", "state")); /* a state and an event */
    CHECK(!explains("NO_SUCH_THING", NULL));
    CHECK(!explains("notify 65000", NULL));
    CHECK(!explains("", NULL));
    CHECK_TEXT(text_of(glossary_near("I_WAIT_INT")), "I_WAIT_INIT");
    CHECK(glossary_state("READY") && !glossary_state("NOWHERE") && !glossary_state(NULL));
    return TEST_REPORT();
}
