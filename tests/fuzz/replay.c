/* Runs a fuzz door over a corpus without a fuzzer: every file as it is, every prefix of small ones, and a seeded sample
 * of cuts, flips and what the door itself has of mutations. So each build, whatever its compiler, holds what fuzzing found. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed); /* a door's own */

enum { LARGEST = 1 << 20, EVERY_PREFIX_UPTO = 512, SAMPLE = 64 };

static unsigned runs;
static uint32_t seed = 1;

static uint32_t next(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

/* What stands for a fuzzer's mutations where there is no fuzzer: a flip. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
    if (size == 0 && most)
        data[size++] = 0;
    if (size)
        data[next() % size] ^= (uint8_t)(1u << next() % 8);
    return size;
}

/* On an exact heap block, so that a sanitizer sees the first octet past the end. */
static void once(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    runs++;
}

static void mutated(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(2 * size);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    once(copy, LLVMFuzzerCustomMutator(copy, size, 2 * size, next()));
    free(copy);
}

static void around(uint8_t *data, size_t size)
{
    once(data, size);
    for (size_t n = 0; n < size && size <= EVERY_PREFIX_UPTO; n++)
        once(data, n);
    for (int i = 0; i < SAMPLE && size; i++) {
        size_t at = next() % size;
        uint8_t bit = (uint8_t)(1u << next() % 8);
        data[at] ^= bit;
        once(data, size);
        data[at] ^= bit;
        once(data, next() % size);
        if (LLVMFuzzerCustomMutator)
            mutated(data, size);
    }
}

static void file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = f ? malloc(LARGEST) : NULL;
    if (data)
        around(data, fread(data, 1, LARGEST, f));
    free(data);
    if (f)
        fclose(f);
}

int main(int argc, char **argv)
{
    uint8_t nothing[1] = { 0 };
    once(nothing, 0);
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        if (!dir) {
            file(argv[i]);
            continue;
        }
        for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            if (e->d_name[0] != '.')
                file(path);
        }
        closedir(dir);
    }
    printf("%u runs\n", runs);
    return 0;
}
