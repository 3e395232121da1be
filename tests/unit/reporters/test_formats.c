/* Every format prints the fixture and an empty model; what a hostile log says never reaches a reader as more than text. */
#include "base/json.h"
#include "fixture.h"
#include "test.h"

static void json(const struct model *m)
{
    struct buffer b;
    struct error err = { 0 };
    struct json *root = json_read(fixture_report(m, "json", &b, (struct view_options){ .events = true, .version = "1" }), &err);
    CHECK(root != NULL);
    CHECK_TEXT(json_as_text(json_member(root, "schema")), "ikescope.report/1");
    const struct json *sa = json_at(json_member(root, "ike_sas"), 0), *failed = json_at(json_member(root, "ike_sas"), 1);
    CHECK_TEXT(json_as_text(json_member(sa, "spi_i")), "f074d8bbd5a59f0b");
    CHECK_TEXT(json_as_text(json_member(json_member(sa, "proposal"), "encryption")), "ENCR_AES_CBC");
    CHECK(json_member(failed, "spi_r") == NULL && json_member(failed, "proposal") == NULL && json_member(failed, "nat") == NULL);
    CHECK_NUMBER(json_count(json_member(sa, "views")), 3);
    CHECK_TEXT(json_as_text(json_member(json_at(json_member(sa, "views"), 2), "role")), "wire");
    const struct json *x = json_at(json_member(sa, "exchanges"), 0), *request = json_member(x, "request");
    CHECK_NUMBER(json_count(json_member(request, "sources")), 3);
    CHECK(json_member(json_at(json_member(request, "sources"), 1), "packet") != NULL);
    const struct json *p = json_at(json_member(request, "payloads"), 0);
    CHECK_TEXT(json_as_text(json_member(p, "type")), "SA");
    const struct json *twice = json_member(json_at(json_member(p, "proposals"), 0), "protocol");
    CHECK_TEXT(json_as_text(json_at(twice, 0)), "IKE");
    CHECK_TEXT(json_as_text(json_at(twice, 1)), "ESP");
    CHECK_NUMBER(json_count(json_at(json_member(p, "proposals"), 0)), 2);
    const struct json *n = json_at(json_member(json_member(json_at(json_member(failed, "exchanges"), 0), "request"), "payloads"),
                                   0);
    CHECK_TEXT(json_as_text(json_member(n, "notify")), "NO_PROPOSAL_CHOSEN");
    CHECK_TEXT(json_as_text(json_member(n, "data")), "000e");
    CHECK(json_member(json_at(json_member(failed, "exchanges"), 0), "response") == NULL);
    const struct json *child = json_at(json_member(root, "child_sas"), 0);
    CHECK_TEXT(json_as_text(json_at(json_member(child, "tsi"), 0)), "10.1.0.0-10.1.255.255");
    CHECK_TEXT(json_as_text(json_member(child, "spi_i")), "00c0ffee");
    CHECK_NUMBER(json_count(json_member(root, "esp_flows")), 1); /* the claimed one is the child's */
    CHECK_NUMBER(json_count(json_member(root, "events")), 3);
    CHECK_TEXT(json_as_text(json_member(json_at(json_member(root, "events"), 0), "profile")), "P1");
    CHECK_TEXT(json_as_text(json_member(json_at(json_member(root, "events"), 0), "text")), "New ikev2 sa request admitted");
    json_free(root);
    buffer_clear(&b);
}

static void ndjson(const struct model *m)
{
    struct buffer b;
    struct text rest = fixture_report(m, "ndjson", &b, (struct view_options){ .version = "1" }), line, last = rest;
    size_t lines = 0;
    while (text_cut(&rest, '\n', &line)) {
        struct error err = { 0 };
        struct json *root = json_read(line, &err);
        CHECK(root != NULL);
        if (lines++ == 0)
            CHECK_TEXT(json_as_text(json_member(root, "type")), "header");
        json_free(root);
        last = line;
    }
    CHECK(text_starts(last, TEXT("{\"type\":\"summary\"")));
    CHECK_NUMBER(lines, 1 + 3 + 7 + 3 + 2 + 1 + 1 + 2 + 1);
    buffer_clear(&b);
}

static void safe(const struct model *m, const char *format)
{
    struct buffer b;
    struct text t = fixture_report(m, format, &b, (struct view_options){ .width = 100 });
    CHECK(t.len > 0);
    CHECK(fixture_is_safe(t));
    CHECK(!text_has(t, TEXT("<script>")) || text_has(t, TEXT("`` ")) || strcmp(format, "markdown") != 0);
    buffer_clear(&b);
}

static void narrow(const struct model *m, const char *format, unsigned width)
{
    struct buffer b;
    struct text rest = fixture_report(m, format, &b, (struct view_options){ .width = width }), line;
    size_t widest = 0;
    while (text_cut(&rest, '\n', &line)) {
        CHECK(line.len == 0 || line.at[line.len - 1] != ' ');
        widest = line.len > widest ? line.len : widest;
    }
    CHECK(widest <= width);
    buffer_clear(&b);
}

static void colours(const struct model *m)
{
    struct buffer plain, coloured, without;
    fixture_report(m, "summary", &plain, (struct view_options){ .width = 100 });
    struct text t = fixture_report(m, "summary", &coloured, (struct view_options){ .width = 100, .color = true });
    buffer_init(&without, 1 << 24);
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '\x1b')
            while (i < t.len && t.at[i] != 'm')
                i++;
        else
            buffer_byte(&without, t.at[i]);
    }
    CHECK(coloured.len > plain.len);
    CHECK(text_equal(buffer_view(&without), buffer_view(&plain))); /* nothing is said by colour alone */
    buffer_clear(&plain);
    buffer_clear(&coloured);
    buffer_clear(&without);
}

static void drawings(const struct model *m)
{
    struct buffer b;
    struct text t = fixture_report(m, "ladder", &b, (struct view_options){ .width = 100 });
    CHECK(text_has(t, TEXT("IKE_SA_INIT request, id 0")));
    CHECK(text_has(t, TEXT("->|")) && text_has(t, TEXT("|<-")) && text_has(t, TEXT("-x")));
    CHECK(text_has(t, TEXT("x3: 2 retransmissions within 4.0 s")));
    CHECK(text_has(t, TEXT("6.0 s later")));
    CHECK(text_has(t, TEXT("I_BLD_INIT |")));
    buffer_clear(&b);
    t = fixture_report(m, "mermaid", &b, (struct view_options){ .width = 100 });
    CHECK(text_starts(t, TEXT("sequenceDiagram\n")) && text_has(t, TEXT("P1->>P2")) && text_has(t, TEXT("P2-->>P1")) &&
          text_has(t, TEXT("-xP")));
    buffer_clear(&b);
    t = fixture_report(m, "plantuml", &b, (struct view_options){ .width = 100 });
    CHECK(text_starts(t, TEXT("@startuml\n")) && text_ends(t, TEXT("@enduml\n")));
    CHECK(text_find(text_from(t, 5), TEXT("@startuml")) == TEXT_NOWHERE);
    CHECK(text_has(t, TEXT(">x P")) && !text_has(t, TEXT(">xP"))); /* "xP2" would be a participant of its own */
    buffer_clear(&b);
    t = fixture_report(m, "summary", &b, (struct view_options){ .width = 100 });
    CHECK(text_find(t, TEXT("FAILED")) < text_find(t, TEXT("IMPAIRED")) ||
          text_find(t, TEXT("FAILED")) < text_find(t, TEXT("UP  ")));
    CHECK(text_has(t, TEXT("Keys differ [auth-psk-mismatch, certain]")) && text_has(t, TEXT("type the same key")) &&
          text_has(t, TEXT("r2.log:7")));
    buffer_clear(&b);
}

/* Show output and configurations are members too; what analysis keeps for itself (".name") is not. */
static void records(void)
{
    struct model *m = model_create();
    fixture_input(m, "r1.cfg", INPUT_CONFIG, "R1", 0);
    struct record *r = model_add_record(m, INPUT_CONFIG, "ikev2-keyring");
    r->first_line = 3;
    r->last_line = 5;
    struct facts f = facts_into(m->run, &r->facts);
    fact_number(&f, ".key_digest", 12345678);
    fact_text(&f, "address", TEXT("10.0.0.2"));
    fact_code(&f, "nameless", REGISTRY_ENCR, 60000);
    struct buffer b;
    struct text t = fixture_report(m, "json", &b, (struct view_options){ .version = "1" });
    CHECK(text_has(t, TEXT("\"ikev2-keyring\"")) && text_has(t, TEXT("10.0.0.2")));
    CHECK(!text_has(t, TEXT("key_digest")) && !text_has(t, TEXT("12345678")) && !text_has(t, TEXT("nameless")));
    buffer_clear(&b);
    model_destroy(m);
}

int main(void)
{
    static const char *const people[] = { "summary", "timeline", "ladder", "markdown", "mermaid", "plantuml" };
    struct model *m = fixture(), *nothing = model_create();
    json(m);
    ndjson(m);
    records();
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        safe(m, people[i]);
        safe(nothing, people[i]);
    }
    safe(nothing, "json");
    for (unsigned width = 60; width <= 200; width += 35) {
        narrow(m, "summary", width);
        narrow(m, "timeline", width);
        narrow(m, "ladder", width < 90 ? 90 : width);
    }
    colours(m);
    drawings(m);
    CHECK(reporter_find(TEXT("jso")) == NULL);
    model_destroy(nothing);
    model_destroy(m);
    return TEST_REPORT();
}
