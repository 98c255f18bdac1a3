/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times made out of another: what may be asked for, who runs on them and after
 * them, and that a refusal changes nothing.
 */
#include "tools.h"

#define MS 1000000ull

static void is(const char *what, enum status got, enum status wanted)
{
    if (got != wanted) {
        ambit_printf("%s: %s; wanted: %s\n", what, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(1);
    }
}

static const struct ambit_time half = {5 * MS, 100 * MS, 2, 0};
static const struct ambit_time low = {0, 0, 2, 0};

static volatile uint64_t *board(void)
{
    uint64_t base, bytes;

    must(ambit_locate("board", &base, &bytes));
    return (volatile uint64_t *)base;
}

/* Use is enough, and nothing else is. */
static void make_rights(struct ambit_handle source)
{
    struct ambit_handle use, rest, made = {0};
    struct ambit_time time, most = {10 * MS, 100 * MS, 5, 0};
    struct ambit_info info = {0};

    must(ambit_derive(source, AMBIT_USE, &use));
    must(ambit_derive(source, AMBIT_READ | AMBIT_WRITE, &rest));
    is("no use", ambit_time_create(rest, &half, &made), STATUS_NO_RIGHTS);
    ambit_assert(made.bits == 0);
    is("use", ambit_time_create(use, &half, &made), STATUS_OK);
    must(ambit_inspect(made, &info));
    ambit_assert(info.rights == (AMBIT_READ | AMBIT_WRITE | AMBIT_USE));
    must(ambit_time_query(made, &time));
    ambit_assert(time.budget_ns == 5 * MS && time.period_ns == 100 * MS);
    ambit_assert(time.priority == 2);
    is("as much as its source", ambit_time_set(made, &most), STATUS_OK);
    most.priority++;
    is("more", ambit_time_set(made, &most), STATUS_OUT_OF_RANGE);
    is("revoke", ambit_revoke(use), STATUS_OK);
    is("gone", ambit_time_query(made, &time), STATUS_INVALID_HANDLE);
    must(ambit_delete(use));
    must(ambit_delete(rest));
}

/* A witness stands between the source's priority and the made one's. */
static void make_holders(struct ambit_handle source)
{
    struct ambit_handle made, witness = held("witness"), self = {0};
    struct ambit_outcome end;

    must(ambit_spawn(witness));
    ambit_yield();
    ambit_assert(board()[0] == 0);
    must(ambit_time_create(source, &low, &made));
    must(ambit_time_bind(made, self));
    ambit_assert(board()[0] == 1);
    must(ambit_wait(witness, &end));
    must(ambit_delete(made));
    must(ambit_spawn(witness));
    ambit_yield();
    ambit_assert(board()[0] == 1);
    must(ambit_wait(witness, &end));
    ambit_assert(board()[0] == 2);
}

/* Who runs on a time whose source nobody has any more runs on, once both have
 * gone, on what they were made out of. */
static void make_heirs(struct ambit_handle source)
{
    struct ambit_handle first, second, self = {0};

    for (int i = 0; i < 2; i++) {
        must(ambit_time_create(source, &low, &first));
        must(ambit_time_create(first, &low, &second));
        must(ambit_delete(first));
        must(ambit_time_bind(second, self));
        must(ambit_delete(second));
        ambit_yield();
    }
}

AMBIT_ENTRY(time_make_main)
{
    make_rights(held("slow"));
    make_holders(held("plain"));
    make_heirs(held("plain"));
    return 0;
}

AMBIT_ENTRY(time_witness_main)
{
    board()[0]++;
    return 0;
}

/* ---- until there is no room ---- */

static uint64_t used(const char *name)
{
    struct ambit_info info = {0};

    must(ambit_inspect(held(name), &info));
    return info.first;
}

/* What a refused one would have taken is still there. */
static void fill(enum status wanted)
{
    struct ambit_handle made, source = held("slow");
    uint64_t before, quota = used("quota");
    enum status status;
    uint32_t count = 0;

    while ((status = ambit_time_create(source, &half, &made)) == STATUS_OK) {
        count++;
    }
    is("full", status, wanted);
    before = used("quota");
    for (int i = 0; i < 3; i++) {
        is("again", ambit_time_create(source, &half, &made), wanted);
    }
    ambit_assert(used("quota") == before && count > 0);
    must(ambit_revoke(source));
    ambit_assert(used("quota") == quota);
}

AMBIT_ENTRY(time_full_main)
{
    struct ambit_info info = {0};
    struct ambit_handle rest;

    fill(STATUS_NO_SLOT);
    must(ambit_inspect(held("quota"), &info));
    must(ambit_quota_split(held("quota"), info.second - info.first - 1,
                           AMBIT_QUOTA_NEW, &rest));
    fill(STATUS_NO_QUOTA);
    must(ambit_delete(rest));
    return 0;
}

/* In a pool of its own. */
AMBIT_ENTRY(time_pool_main)
{
    struct ambit_handle rest;
    uint64_t pages, free;
    enum status status;

    pages = used("pool") - 1;
    do {
        status = ambit_pool_split(held("pool"), pages, &rest);
    } while (status == STATUS_NO_MEMORY && --pages); /* what it takes itself */
    must(status);
    free = used("pool");
    fill(STATUS_NO_MEMORY);
    ambit_assert(used("pool") == free);
    must(ambit_delete(rest));
    return 0;
}
