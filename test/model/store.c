/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define STATES_MAX (UINT32_C(1) << 24)
#define BUCKETS_LEAST (UINT32_C(1) << 16)

struct state {
    uint32_t at; /* in the arena, in units of 2 bytes */
    uint32_t from;
    struct action by;
};

static uint8_t *arena;
static uint64_t arena_used;
static struct state *states;
static uint32_t count;
static uint64_t *buckets; /* hash << 32 | index + 1; 0: empty */
static uint32_t bucket_count;

static void *reserve(uint64_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED) {
        perror("model: no address space");
        abort();
    }
    return memory;
}

void store_begin(void)
{
    if (arena != NULL) {
        (void)munmap(arena, STORE_BYTES);
        (void)munmap(states, (uint64_t)STATES_MAX * sizeof *states);
    }
    arena = reserve(STORE_BYTES);
    states = reserve((uint64_t)STATES_MAX * sizeof *states);
    free(buckets);
    bucket_count = BUCKETS_LEAST;
    buckets = calloc(bucket_count, sizeof *buckets);
    if (buckets == NULL) {
        abort();
    }
    arena_used = 0;
    count = 0;
}

static uint32_t hash_of(const uint8_t *bytes, uint32_t size)
{
    uint64_t hash = size, word;
    uint32_t i = 0;

    for (; i + 8 <= size; i += 8) {
        memcpy(&word, bytes + i, 8);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 31;
    }
    for (; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 31;
    }
    return (uint32_t)(hash >> 16);
}

const uint8_t *store_bytes(uint32_t index, uint32_t *size)
{
    const uint8_t *at = arena + 2 * (uint64_t)states[index].at;

    *size = at[0] | (uint32_t)at[1] << 8;
    return at + 2;
}

/* The bucket that holds this state, or the empty one where it belongs. */
static uint32_t find(const uint8_t *bytes, uint32_t size, uint32_t hash)
{
    uint32_t mask = bucket_count - 1;
    uint32_t at = hash & mask;

    for (; buckets[at] != 0; at = (at + 1) & mask) {
        uint32_t other;
        const uint8_t *theirs;

        if (buckets[at] >> 32 != hash) {
            continue;
        }
        theirs = store_bytes((uint32_t)buckets[at] - 1, &other);
        if (other == size && memcmp(theirs, bytes, size) == 0) {
            break;
        }
    }
    return at;
}

static void grow(void)
{
    uint64_t *old = buckets;
    uint32_t old_count = bucket_count;

    bucket_count *= 2;
    buckets = calloc(bucket_count, sizeof *buckets);
    if (buckets == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < old_count; i++) {
        uint32_t at = (uint32_t)(old[i] >> 32) & (bucket_count - 1);

        if (old[i] == 0) {
            continue;
        }
        while (buckets[at] != 0) {
            at = (at + 1) & (bucket_count - 1);
        }
        buckets[at] = old[i];
    }
    free(old);
}

bool store_has(const uint8_t *bytes, uint32_t size)
{
    return buckets[find(bytes, size, hash_of(bytes, size))] != 0;
}

bool store_add(const uint8_t *bytes, uint32_t size, uint32_t *index)
{
    uint32_t hash = hash_of(bytes, size);
    uint32_t at = find(bytes, size, hash);

    if (buckets[at] != 0) {
        *index = (uint32_t)buckets[at] - 1;
        return false;
    }
    if (count == STATES_MAX || arena_used + size + 4 > STORE_BYTES) {
        *index = STORE_NONE;
        return false;
    }
    buckets[at] = (uint64_t)hash << 32 | (count + 1);
    states[count] = (struct state){.at = (uint32_t)(arena_used / 2)};
    arena[arena_used] = (uint8_t)size;
    arena[arena_used + 1] = (uint8_t)(size >> 8);
    memcpy(arena + arena_used + 2, bytes, size);
    arena_used += (size + 3) & ~UINT64_C(1);
    *index = count++;
    if (count > bucket_count / 4 * 3) {
        grow();
    }
    return true;
}

void store_reached(uint32_t index, uint32_t from, const struct action *by)
{
    states[index].from = from;
    if (by != NULL) {
        states[index].by = *by;
    }
}

uint32_t store_count(void)
{
    return count;
}

uint32_t store_from(uint32_t index)
{
    return states[index].from;
}

const struct action *store_by(uint32_t index)
{
    return &states[index].by;
}

uint64_t store_used(void)
{
    return arena_used;
}
