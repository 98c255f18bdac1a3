/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A family of quotas under random operations: after each one the books add up,
 * what failed has changed nothing, and failures are exactly those described.
 */
#include "random.h"
#include "suites.h"

#include <domains/quota.h>
#include <string.h>

#define FAMILY 12u
#define LIMIT 1000u
#define STEPS 200000u

static struct quota all[FAMILY]; /* all[0]: the machine's */
static uint64_t charged[FAMILY];
static uint32_t refused, done;

static void begin(void)
{
    memset(all, 0, sizeof all);
    memset(charged, 0, sizeof charged);
    all[0].object.type = CAP_QUOTA;
    all[0].limit = LIMIT;
}

static bool exists(uint32_t i)
{
    return i == 0 || all[i].parent != NULL;
}

/* Everything that exists, and what was charged to it. */
static const char *fault(void)
{
    struct quota *quotas[FAMILY];
    uint64_t own[FAMILY];
    uint32_t count = 0;

    for (uint32_t i = 0; i < FAMILY; i++) {
        if (exists(i)) {
            quotas[count] = &all[i];
            own[count++] = charged[i];
        }
    }
    return pd_quota_check(quotas, own, count);
}

/* Least that is left under this quota's ceilings. */
static uint64_t left(const struct quota *quota)
{
    uint64_t pages = quota->limit - quota->used;

    for (; quota->part; quota = quota->parent) {
        uint64_t above = quota->parent->limit - quota->parent->used;

        pages = above < pages ? above : pages;
    }
    return pages;
}

static enum status try_split(uint32_t from, uint32_t to, uint64_t pages,
                             enum status *wanted)
{
    *wanted = pages <= left(&all[from]) ? STATUS_OK : STATUS_NO_QUOTA;
    return pd_quota_split(&all[from], &all[to], pages);
}

static enum status try_trade(uint32_t from, uint32_t to, uint64_t pages,
                             enum status *wanted)
{
    const struct quota *f = &all[from], *t = &all[to];
    bool down = t->parent == f && !t->part;
    bool up = f->parent == t && !f->part;
    bool side = f->parent && f->parent == t->parent && !f->part && !t->part;

    if (pages == 0 || from == to || (!down && !up && !side)) {
        *wanted = STATUS_INVALID_ARGUMENT;
    } else if (pages > (down ? left(f) : f->limit - f->used)) {
        *wanted = STATUS_NO_QUOTA;
    } else {
        *wanted = STATUS_OK;
    }
    return pd_quota_trade(&all[from], &all[to], pages);
}

static enum status try_return(uint32_t i, enum status *wanted)
{
    enum status status = pd_quota_returnable(&all[i]);

    *wanted = all[i].used || all[i].children ? STATUS_BUSY
              : exists(i) && i > 0           ? STATUS_OK
                                             : STATUS_CLOSED;
    if (status == STATUS_OK && *wanted == STATUS_OK) {
        pd_quota_merge(&all[i]);
    }
    return status;
}

static enum status try_charge(uint32_t i, uint64_t pages, enum status *wanted)
{
    enum status status;

    *wanted = pages <= left(&all[i]) ? STATUS_OK : STATUS_NO_QUOTA;
    status = pd_quota_charge(&all[i], pages);
    charged[i] += status == STATUS_OK ? pages : 0;
    return status;
}

/* Charges can be given back by whoever made them. */
static enum status uncharge(uint32_t i, uint64_t pages, enum status *wanted)
{
    pages = pages < charged[i] ? pages : charged[i];
    pd_quota_uncharge(&all[i], pages);
    charged[i] -= pages;
    return *wanted = STATUS_OK;
}

static enum status step(struct random *r, enum status *wanted)
{
    uint32_t a = random_below(r, FAMILY), b = random_below(r, FAMILY);
    uint64_t pages =
        random_below(r, 4) ? random_below(r, 40) : random_below(r, LIMIT + 50);

    *wanted = STATUS_OK;
    if (random_below(r, 6) == 0) {
        return try_return(a, wanted);
    }
    if (!exists(a)) {
        return STATUS_OK;
    }
    if (!exists(b)) {
        if (random_below(r, 3) == 0) {
            pd_quota_part(&all[a], &all[b], pages);
            return STATUS_OK;
        }
        return try_split(a, b, pages, wanted);
    }
    switch (random_below(r, 3)) {
    case 0:
        return try_trade(a, b, pages, wanted);
    case 1:
        return try_charge(a, pages, wanted);
    default:
        return uncharge(a, pages, wanted);
    }
}

START_TEST(books_add_up)
{
    struct random r = random_from(77 + (uint64_t)_i);

    begin();
    for (uint32_t n = 0; n < STEPS; n++) {
        struct quota before[FAMILY];
        enum status wanted, got;
        const char *broken;

        memcpy(before, all, sizeof all);
        got = step(&r, &wanted);
        broken = fault();
        ck_assert_msg(broken == NULL, "step %u: %s", n, broken);
        ck_assert_msg(got == wanted, "step %u: %d, not %d", n, got, wanted);
        ck_assert_uint_eq(all[0].limit, LIMIT);
        if (got != STATUS_OK) {
            ck_assert_mem_eq(before, all, sizeof all);
            refused++;
        } else {
            done++;
        }
    }
    /* The walk would be useless if it stood still. */
    ck_assert_uint_gt(done, STEPS / 4);
    ck_assert_uint_gt(refused, STEPS / 20);
}
END_TEST

/* The checker itself finds each kind of wrong book. */
START_TEST(wrong_books_are_found)
{
    struct quota *both[] = {&all[0], &all[1]};
    uint64_t own[2] = {0, 0};

    begin();
    ck_assert_int_eq(pd_quota_split(&all[0], &all[1], 10), STATUS_OK);
    ck_assert_ptr_null(pd_quota_check(both, own, 2));
    all[0].used = 9;
    ck_assert_str_eq(pd_quota_check(both, own, 2), "Q2 conservation");
    all[0].used = LIMIT + 1;
    ck_assert_str_eq(pd_quota_check(both, own, 2), "Q1 limit");
    all[0].used = 10;
    all[1].parent = &all[1];
    all[0].used = all[0].children = 0;
    all[1].used = all[1].peak = 10;
    all[1].children = 1;
    ck_assert_str_eq(pd_quota_check(both, own, 2), "Q3 parents");
    all[1].parent = &all[0];
    all[0].used = 10;
    all[1].used = all[1].children = 0;
    ck_assert_str_eq(pd_quota_check(both, own, 2), "Q4 children");
}
END_TEST

Suite *suite_quota_family(void)
{
    Suite *suite = suite_create("quota family");
    TCase *tcase = tcase_create("quota family");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, books_add_up, 0, 4);
    tcase_add_test(tcase, wrong_books_are_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
