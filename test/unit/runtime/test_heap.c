/* SPDX-License-Identifier: Apache-2.0 */
/* The heap's block list: rules, refusals, and a long random run. */
#include "suites.h"

#include "heap_list.h"
#include <stdlib.h>
#include <string.h>

#define HEAP_MAX 0x10000u
#define HELD 64u
#define STEPS 3000u

static _Alignas(16) unsigned char memory[HEAP_MAX];
static struct heap *heap = (struct heap *)memory;

static void start(uint64_t bytes)
{
    memset(memory, 0xee, sizeof memory);
    heap_init(heap, bytes);
    ck_assert_ptr_null(heap_check(heap));
}

START_TEST(whole_heap)
{
    start(4096);
    uint64_t most = 4096 - sizeof(struct heap) - sizeof(struct heap_block);

    ck_assert_ptr_null(heap_take(heap, most + 1));
    void *all = heap_take(heap, most);
    ck_assert_ptr_nonnull(all);
    ck_assert_ptr_null(heap_take(heap, 1));
    ck_assert(heap_give(heap, all));
    ck_assert_ptr_eq(heap_take(heap, most), all);
}
END_TEST

/* Too large for arithmetic on sizes. */
START_TEST(too_large)
{
    start(4096);
    ck_assert_ptr_null(heap_take(heap, UINT64_MAX));
    ck_assert_ptr_null(heap_take(heap, UINT64_MAX - 15));
    ck_assert_uint_eq(heap_lacks(UINT64_MAX), 0);
    ck_assert_uint_eq(heap_lacks(1), 32);
    ck_assert_ptr_null(heap_check(heap));
}
END_TEST

START_TEST(no_block)
{
    start(4096);
    unsigned char *block = heap_take(heap, 100);

    ck_assert(!heap_give(heap, block + 16));
    ck_assert(!heap_give(heap, memory));
    ck_assert(!heap_give(heap, &heap));
    ck_assert(heap_give(heap, block));
    ck_assert(!heap_give(heap, block)); /* twice */
    ck_assert_ptr_null(heap_check(heap));
}
END_TEST

START_TEST(neighbours_become_one)
{
    start(4096);
    void *a = heap_take(heap, 1000), *b = heap_take(heap, 1000);
    void *c = heap_take(heap, 1000);

    ck_assert_ptr_nonnull(c);
    ck_assert(heap_give(heap, b));
    ck_assert_ptr_null(heap_take(heap, 1500));
    ck_assert(heap_give(heap, a));
    ck_assert_ptr_eq(heap_take(heap, 1500), a);
    ck_assert_ptr_null(heap_check(heap));
}
END_TEST

START_TEST(growth)
{
    start(4096);
    void *small = heap_take(heap, 3000);

    ck_assert_ptr_null(heap_take(heap, 3000));
    heap_extend(heap, 8192);
    ck_assert_ptr_null(heap_check(heap));
    ck_assert_ptr_nonnull(heap_take(heap, 3000));
    heap_extend(heap, 8192); /* as large as it is: nothing happens */
    heap_extend(heap, 4096);
    ck_assert_uint_eq(heap->bytes, 8192);
    ck_assert(heap_give(heap, small));
    ck_assert_ptr_null(heap_check(heap));
}
END_TEST

struct held {
    unsigned char *at;
    size_t bytes;
    unsigned char byte;
};

static void take_one(struct held *held, uint32_t step)
{
    held->bytes = (size_t)(rand() % 900) + 1;
    held->byte = (unsigned char)step;
    held->at = heap_take(heap, held->bytes);
    if (held->at != NULL) {
        ck_assert_uint_eq((uintptr_t)held->at % 16, 0);
        memset(held->at, held->byte, held->bytes);
    }
}

static void give_one(struct held *held)
{
    for (size_t i = 0; i < held->bytes; i++) {
        ck_assert_uint_eq(held->at[i], held->byte);
    }
    ck_assert(heap_give(heap, held->at));
    held->at = NULL;
}

/* Nothing overlaps, nothing is lost, whatever the order. */
START_TEST(random_run)
{
    struct held held[HELD] = {0};

    srand(7);
    start(HEAP_MAX / 2);
    for (uint32_t step = 0; step < STEPS; step++) {
        struct held *one = &held[(uint32_t)rand() % HELD];
        if (one->at == NULL) {
            take_one(one, step);
        } else {
            give_one(one);
        }
        if (step == STEPS / 2) {
            heap_extend(heap, HEAP_MAX);
        }
        ck_assert_ptr_null(heap_check(heap));
    }
    for (uint32_t i = 0; i < HELD; i++) {
        if (held[i].at != NULL) {
            give_one(&held[i]);
        }
    }
    ck_assert_ptr_nonnull(heap_take(heap, HEAP_MAX - sizeof(struct heap) -
                                              sizeof(struct heap_block)));
}
END_TEST

/* The checker finds what it is there to find. */
START_TEST(check_can_fail)
{
    start(4096);
    struct heap_block *first = (struct heap_block *)(heap + 1);

    ck_assert_ptr_nonnull(heap_take(heap, 64));
    first->bytes += 8;
    ck_assert_str_eq(heap_check(heap), "I2");
    start(4096);
    first->bytes += 16;
    ck_assert_str_eq(heap_check(heap), "I1");
}
END_TEST

TCase *heap_case(void)
{
    TCase *tcase = tcase_create("heap");

    tcase_add_test(tcase, whole_heap);
    tcase_add_test(tcase, too_large);
    tcase_add_test(tcase, no_block);
    tcase_add_test(tcase, neighbours_become_one);
    tcase_add_test(tcase, growth);
    tcase_add_test(tcase, random_run);
    tcase_add_test(tcase, check_can_fail);
    return tcase;
}
