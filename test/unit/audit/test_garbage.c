/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that makes no sense at all. Each sample must end soon and touch
 * nothing outside; what it says is anything.
 */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEMORIES 120000u
#define TABLES 12u /* frames that garbage entries mostly name */
#define SLOWEST_SECONDS 5.0

struct garbage {
    uint64_t random;
    uint64_t first; /* of the frames used as tables */
    uint64_t bytes;
    uint8_t *memory;
};

static uint64_t next(struct garbage *g)
{
    g->random ^= g->random << 13;
    g->random ^= g->random >> 7;
    g->random ^= g->random << 17;
    return g->random;
}

/* Mostly a table, sometimes any frame, sometimes any bits. */
static uint64_t frame(struct garbage *g)
{
    switch (next(g) % 8) {
    case 0:
        return next(g) & FRAME;
    case 1:
        return next(g) % (g->bytes + 0x4000) & FRAME;
    default:
        return g->first + next(g) % TABLES * ABI_PAGE_SIZE;
    }
}

static uint64_t entry(struct garbage *g)
{
    uint64_t bits = next(g);

    if (bits % 16 == 0) {
        return next(g);
    }
    return frame(g) | P | (bits & (W | U | NX)) |
           ((bits >> 8) % 4 == 0 ? PS : 0);
}

static void put(struct garbage *g, uint64_t address, uint64_t value)
{
    memcpy(g->memory + address, &value, sizeof(value));
}

/* Clears the tables and writes `count` entries, most where plans have some. */
static void scatter(struct garbage *g, uint32_t count)
{
    memset(g->memory + g->first, 0, TABLES * ABI_PAGE_SIZE);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t table = g->first + next(g) % TABLES * ABI_PAGE_SIZE;
        uint64_t slot = next(g) % 4 ? next(g) % 4 : next(g) % 512;
        put(g, table + slot * 8, entry(g));
    }
}

static void publish(struct garbage *g)
{
    for (uint32_t i = 0; i < SHARED_ROOTS; i++) {
        put(g,
            ABI_SHARED_PHYS + offsetof(struct shared, roots) +
                i * sizeof(struct shared_root),
            i < 4 || next(g) % 64 == 0 ? frame(g) | next(g) % 2 : 0);
    }
    put(g, ABI_SHARED_PHYS + offsetof(struct shared, kernel_root), frame(g));
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Memory of exactly this size, so that a sanitizer sees a byte too far. */
static void begin(struct garbage *g, struct audit_target *target)
{
    g->bytes = (ABI_SHARED_PHYS + sizeof(struct shared) + TABLES * 0x1000);
    g->first = g->bytes - TABLES * 0x1000;
    g->memory = calloc(1, g->bytes);
    ck_assert_ptr_nonnull(g->memory);
    *target = world.target;
    target->memory = g->memory;
    target->memory_bytes = g->bytes;
    target->module_base = ABI_KERNEL_PHYS + 0x20000;
    target->module_bytes = 0x8000;
}

static void describe_all(const struct audit *audit)
{
    char text[64];

    for (uint32_t i = 0; i < audit->kept; i++) {
        audit_describe(&audit->violations[i], &world.spec, world.plan, text,
                       sizeof(text));
        ck_assert_uint_lt(strlen(text), sizeof(text));
    }
}

START_TEST(sparse)
{
    struct garbage g = {.random = 0x9e3779b97f4a7c15ull};
    struct audit_target target;
    struct audit *audit = malloc(sizeof(*audit));
    uint64_t seen = 0;

    ck_assert_ptr_nonnull(audit);
    begin(&g, &target);
    for (uint32_t i = 0; i < MEMORIES; i++) {
        memset(audit, 0, sizeof(*audit));
        scatter(&g, (uint32_t)(next(&g) % 24));
        publish(&g);
        target.vcpu_cr3 = frame(&g);
        target.live = next(&g);
        target.complete = next(&g) % 16 == 0;
        audit_sample(audit, &target);
        ck_assert_uint_eq(audit->samples, 1);
        describe_all(audit);
        seen |= audit->pages ? 1 : 0;
        for (uint32_t k = 0; k < audit->kept; k++) {
            seen |= 2ull << audit->violations[k].kind;
        }
    }
    ck_assert_uint_eq(seen, 0xff); /* pages, and every kind of violation */
    free(audit);
    free(g.memory);
}
END_TEST

/* Every entry of every table: as much work as there can be. */
START_TEST(dense)
{
    struct garbage g = {.random = 88172645463325252ull};
    struct audit_target target;
    struct audit audit;

    begin(&g, &target);
    for (uint32_t i = 0; i < 40; i++) {
        double start = now();
        memset(&audit, 0, sizeof(audit));
        scatter(&g, 20000);
        publish(&g);
        target.vcpu_cr3 = frame(&g);
        audit_sample(&audit, &target);
        describe_all(&audit);
        ck_assert_double_lt(now() - start, SLOWEST_SECONDS);
    }
    free(g.memory);
}
END_TEST

/* The honest machine with some words of its tables replaced. */
START_TEST(spoilt)
{
    struct garbage g = {.random = 7, .memory = world.memory};
    struct audit audit;
    uint64_t end = world.next;

    g.bytes = world.bytes;
    g.first = WORLD_FRAMES;
    for (uint32_t i = 0; i < 400; i++) {
        uint64_t where[4], old[4];
        for (uint32_t k = 0; k < 4; k++) {
            uint64_t low = next(&g) % 2 ? WORLD_ROOT : WORLD_FRAMES;
            uint64_t high = low == WORLD_ROOT ? WORLD_TABLES + 0x7000 : end;
            where[k] = low + next(&g) % ((high - low) / 8) * 8;
            old[k] = world_get(&world, where[k]);
            world_set(&world, where[k], entry(&g));
        }
        memset(&audit, 0, sizeof(audit));
        audit_sample(&audit, &world.target);
        describe_all(&audit);
        for (uint32_t k = 4; k-- > 0;) {
            world_set(&world, where[k], old[k]);
        }
    }
    world_is_clean(&world);
}
END_TEST

Suite *suite_garbage(void)
{
    Suite *suite = suite_create("garbage");
    TCase *all = tcase_create("garbage");

    tcase_set_timeout(all, 300);
    tcase_add_checked_fixture(all, world_setup, world_teardown);
    tcase_add_test(all, sparse);
    tcase_add_test(all, dense);
    tcase_add_test(all, spoilt);
    suite_add_tcase(suite, all);
    return suite;
}
