/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of pools that were split off: ranges made out of one lie in its own
 * window, whatever is made elsewhere; who pays, and what goes with the pool.
 */
#include "books.h"

#include <abi/layout.h>
#include <ambit/ranges.h>

#define RW (AMBIT_READ | AMBIT_WRITE)

static struct ambit_info info_of(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    must(ambit_inspect(handle, &info));
    return info;
}

static struct ambit_handle split(uint64_t pages)
{
    struct ambit_handle out = {0};

    must(ambit_pool_split(held("pool"), pages, &out));
    return out;
}

/* 0: the domain's own pool. */
static struct ambit_handle range_in(struct ambit_handle pool, uint64_t pages)
{
    struct ambit_handle out = {0};

    must(ambit_range_create_in(pool, pages, RW, SYSCALL_RANGE_FRAMES, &out));
    return out;
}

static uint64_t place(struct ambit_handle range)
{
    return info_of(range).first;
}

/* Each next one lies beside the one before, whatever the others do. */
static void apart(void)
{
    struct books before = books_now();
    struct ambit_handle pools[3] = {split(64), split(64), {0}}, ranges[12];
    uint64_t first[3], now;

    for (uint32_t i = 0; i < 12; i++) {
        ranges[i] = range_in(pools[i % 3], 1);
        now = place(ranges[i]);
        first[i % 3] = i < 3 ? now : first[i % 3];
        ambit_assert(now == first[i % 3] + (i / 3) * ABI_GRANULE_SIZE);
    }
    /* 32 MiB each: they begin at least as far apart. */
    now = first[1] > first[0] ? first[1] - first[0] : first[0] - first[1];
    ambit_assert(now >= 16 * ABI_GRANULE_SIZE);
    for (uint32_t i = 0; i < 12; i++) {
        must(ambit_delete(ranges[i]));
    }
    must(ambit_delete(pools[0]));
    must(ambit_delete(pools[1]));
    same("apart", &before);
}

/* Object, table and frames are the pool's. */
static void paid_by_the_pool(void)
{
    struct books before = books_now(), after;
    struct ambit_handle pool = split(16), range, none = {0}, at = {0};
    struct ambit_handle less = {0};
    struct ambit_fault fault;
    uint64_t base;

    after = books_now();
    range = range_in(pool, 5);
    same("who pays", &after);
    ambit_assert(info_of(pool).first == 16 - 5 - 2);
    must(ambit_attach(range, RW, &at));
    base = place(range);
    ambit_assert(ambit_try_write(base, 1, &fault));
    is("too many",
       ambit_range_create_in(pool, 9, RW, SYSCALL_RANGE_FRAMES, &none),
       STATUS_NO_QUOTA);
    is("too large",
       ambit_range_create_in(pool, 5 * ABI_GRANULE_PAGES, RW,
                             SYSCALL_RANGE_BARE, &none),
       STATUS_OUT_OF_RANGE);
    is("other kind", ambit_range_create_in(pool, 1, RW, 2, &none),
       STATUS_INVALID_ARGUMENT);
    must(ambit_derive(pool, AMBIT_READ, &less));
    is("no use", ambit_range_create_in(less, 1, RW, SYSCALL_RANGE_BARE, &none),
       STATUS_NO_RIGHTS);
    is("no pool",
       ambit_range_create_in(range, 1, RW, SYSCALL_RANGE_BARE, &none),
       STATUS_WRONG_TYPE);
    must(ambit_delete(less));
    ambit_assert(none.bits == 0 && info_of(pool).first == 16 - 5 - 2);
    is("return", ambit_pool_return(pool), STATUS_BUSY);
    must(ambit_revoke(pool)); /* and with it the range */
    ambit_assert(!ambit_try_write(base, 1, &fault));
    is("gone", ambit_inspect(range, &after.pool), STATUS_INVALID_HANDLE);
    must(ambit_pool_return(pool));
    is("given back",
       ambit_range_create_in(pool, 1, RW, SYSCALL_RANGE_BARE, &none),
       STATUS_CLOSED);
    must(ambit_delete(pool));
    same("paid", &before);
}

/* Its pool's capability is deleted: the pool stays while the range does. */
static void kept_by_the_range(void)
{
    struct books before = books_now();
    struct ambit_handle pool = split(16), range = range_in(pool, 1), at = {0};
    struct ambit_fault fault;
    uint64_t base = place(range);

    must(ambit_attach(range, RW, &at));
    must(ambit_delete(pool));
    must(ambit_delete(range));
    ambit_assert(ambit_try_write(base, 1, &fault));
    must(ambit_delete(at));
    ambit_assert(!ambit_try_write(base, 1, &fault));
    same("kept", &before);
}

/* Pools out of pools, and as many as there are addresses for. */
static void until_none(void)
{
    struct books before = books_now();
    struct ambit_handle pools[100], within = split(64), inner = {0};
    uint32_t count = 0;
    enum status status = STATUS_OK;

    must(ambit_pool_split(within, 16, &inner));
    must(ambit_delete(range_in(inner, 1)));
    must(ambit_delete(inner));
    must(ambit_delete(within));
    same("within", &before);
    while (status == STATUS_OK && count < 100) {
        status = ambit_pool_split(held("pool"), 4, &pools[count]);
        count += status == STATUS_OK;
    }
    is("none left", status, STATUS_OUT_OF_RANGE);
    ambit_assert(count >= 40); /* 256 granules, four for each */
    while (count) {
        must(ambit_delete(pools[--count]));
    }
    same("none left", &before);
}

AMBIT_ENTRY(windows_main)
{
    struct books before = books_now();

    for (uint32_t round = 0; round < 3; round++) {
        apart();
        paid_by_the_pool();
        kept_by_the_range();
        until_none();
    }
    same("all", &before);
    ambit_printf("addresses of their own\n");
    return 0;
}
