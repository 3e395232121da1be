/* The map with keys that are there, are not, and were made to meet; and what of hashing may never change. */
#include "base/map.h"
#include "test.h"

enum { PAIRS = 10, MADE = 1 << PAIRS };

/* Keys that hash_lasting throws together: the top bit of one word changes two bits of what comes of it, and these are taken back
 * with the next word. */
static void make_alike(uint64_t key[static 2 * PAIRS], unsigned which)
{
    for (unsigned i = 0; i < PAIRS; i++) {
        const bool turned = which >> i & 1;
        key[2 * i] = turned ? UINT64_C(1) << 63 : 0;
        key[2 * i + 1] = turned ? UINT64_C(1) << 63 | UINT64_C(1) << 31 : 0;
    }
}

static void check_keys_made_to_meet(void)
{
    static uint64_t keys[MADE][2 * PAIRS];
    struct map seen = { 0 };
    uint64_t hashes[MADE];
    for (unsigned i = 0; i < MADE; i++) {
        make_alike(keys[i], i);
        const struct bytes key = bytes_over(keys[i], sizeof keys[i]);
        CHECK(hash_lasting(key) == hash_lasting(bytes_over(keys[0], sizeof keys[0])));
        hashes[i] = hash_bytes(key);
        map_put(&seen, bytes_over(&hashes[i], sizeof hashes[i]), &hashes[i]);
    }
    CHECK_NUMBER(seen.count, MADE);
    map_clear(&seen);
}

static void check_put_and_find(void)
{
    static uint32_t numbers[1000];
    struct map m = { 0 };
    CHECK(!map_find(&m, bytes_of_text(TEXT("a"))));
    for (uint32_t i = 0; i < 1000; i++) {
        numbers[i] = i;
        map_put(&m, bytes_over(&numbers[i], sizeof numbers[i]), &numbers[i]);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        CHECK(map_find(&m, bytes_over(&i, sizeof i)) == &numbers[i]);
        CHECK(m.entries[i].value == &numbers[i]);
    }
    uint32_t absent = 1000, gone = 7, other = 0;
    map_put(&m, bytes_over(&gone, sizeof gone), NULL);
    CHECK(!map_find(&m, bytes_over(&absent, sizeof absent)) && !map_find(&m, bytes_over(&gone, sizeof gone)));
    map_put(&m, bytes_over(&numbers[7], sizeof gone), &other);
    CHECK(map_find(&m, bytes_over(&gone, sizeof gone)) == &other);
    CHECK_NUMBER(m.count, 1000);
    map_clear(&m);
}

static void check_lasting(void)
{
    CHECK(hash_bytes(bytes_over(NULL, 0)) == hash_bytes(bytes_of_text(TEXT("")))); /* a key of no octets, wherever it is */
    CHECK(hash_lasting(bytes_over(NULL, 0)) == hash_lasting(bytes_of_text(TEXT(""))));
    /* Baselines and checkpoints that lie on disks hold such numbers. */
    CHECK(hash_lasting(bytes_of_text(TEXT(""))) == UINT64_C(0xaad9b4473a18c396));
    CHECK(hash_lasting(bytes_of_text(TEXT("abc"))) == UINT64_C(0xe9c392916f668b7f));
    CHECK(hash_lasting(bytes_of_text(TEXT("IKEv2:(SESSION ID = 1,SA ID = 1)"))) == UINT64_C(0x1040b1054ffded04));
}

int main(void)
{
    check_put_and_find();
    check_keys_made_to_meet();
    check_lasting();
    return TEST_REPORT();
}
