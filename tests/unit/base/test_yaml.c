#include "base/yaml.h"

#include "test.h"

static struct yaml_node *read(const char *string, struct arena *arena, struct error *err)
{
    *err = (struct error){ 0 };
    return yaml_read(text_of(string), "rules.yaml", arena, err);
}

int main(void)
{
    struct arena *arena = arena_create();
    struct error err;
    struct yaml_node *root = read("a: 1\nb:\n  - x\n  - 'y'\n", arena, &err);
    CHECK(root && root->kind == YAML_MAPPING && yaml_count(root) == 2);
    const struct yaml_node *b = yaml_member(root, "b");
    CHECK(b && b->kind == YAML_SEQUENCE && b->key_line == 2 && b->key_column == 1);
    CHECK_TEXT(b->first->text, "x");
    CHECK(!b->first->quoted && b->first->next->quoted && b->first->next->line == 4 && b->first->next->column == 5);
    CHECK(yaml_member(root, "c") == NULL && yaml_member(NULL, "c") == NULL);
    /* JSON is read by the same door */
    root = read("{\"a\": {\"b\": [1, true]}}", arena, &err);
    CHECK(root && yaml_count(yaml_member(yaml_member(root, "a"), "b")) == 2);
    root = read("", arena, &err);
    CHECK(root && root->kind == YAML_MAPPING && !root->first);
    CHECK(!read("a: [1, 2", arena, &err) && strncmp(err.text, "rules.yaml:", 11) == 0);
    CHECK(!read("a: 1\na: 2\n", arena, &err));
    CHECK(strcmp(err.text, "rules.yaml:2:1: this member stands here twice") == 0);
    CHECK(!read("a: &x 1\nb: *x\n", arena, &err) && strstr(err.text, "aliases"));
    static const char *const tagged[] = { "a: !!int 1\n", "a: !x [ 1 ]\n", "!!map { a: 1 }\n" };
    for (size_t i = 0; i < COUNT_OF(tagged); i++)
        CHECK(!read(tagged[i], arena, &err) && strstr(err.text, "tags"));
    CHECK(!read("---\na: 1\n---\nb: 2\n", arena, &err) && strstr(err.text, "one document"));
    arena_destroy(arena);
    return TEST_REPORT();
}
