/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"
#include "planned.h"
#include "suites.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

static struct fake fake;

static void plan_it(void)
{
    planned_make();
    fake_init(&fake, &planned.spec, &planned.plan);
}

static void build_all(void)
{
    for (uint32_t d = 0; d < planned.spec.header->domains.count; d++) {
        ck_assert_int_eq(fake_build(&fake, d), STATUS_OK);
        ck_assert_msg(fake_fault(&fake) == NULL, "domain %u: %s", d,
                      fake_fault(&fake));
    }
}

START_TEST(needs_by_hand)
{
    struct pd_needs n;

    maker_spectrum(&planned.m);
    plan_it();
    pd_count(&planned.spec, &planned.plan, 0,
             &n); /* app: all of its own; caps of 3 chunks */
    ck_assert_uint_eq(n.control, 1);
    ck_assert_uint_eq(n.tables, 4);
    ck_assert_uint_eq(n.upper, 3);
    ck_assert_uint_eq(n.leaves, 3);
    ck_assert_uint_eq(n.pages, MAKER_WRITABLE_PAGES + 8);
    ck_assert_uint_eq(n.total, 22);
    pd_count(&planned.spec, &planned.plan, 1,
             &n); /* worker, a thread: its stack */
    ck_assert_uint_eq(n.tables + n.upper, 0);
    ck_assert_uint_eq(n.leaves, 1);
    ck_assert_uint_eq(n.total, 1 + 1 + 8);
    pd_count(&planned.spec, &planned.plan, 2,
             &n); /* guard, a tis: and a root */
    ck_assert_uint_eq(n.upper, 3);
    ck_assert_uint_eq(n.total, 1 + 3 + 1 + 8);
    pd_count(&planned.spec, &planned.plan, 3,
             &n); /* stats, a tif: and a files table */
    ck_assert_uint_eq(n.tables, 1);
    ck_assert_uint_eq(n.total, 1 + 1 + 1 + 8);
}
END_TEST

START_TEST(needs_of_named_ranges)
{
    struct pd_needs n = {0};

    maker_init(&planned.m);
    maker_range(&planned.m, "ring", 513);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    plan_it();
    pd_count_range(&planned.plan, 0, &n);
    ck_assert_uint_eq(n.leaves, 2);
    ck_assert_uint_eq(n.pages, 513);
    ck_assert_uint_eq(n.total, 515);
    pd_count(&planned.spec, &planned.plan, 0, &n);
    ck_assert_uint_eq(n.leaves, 3);
}
END_TEST

START_TEST(all_in_order)
{
    maker_spectrum(&planned.m);
    plan_it();
    build_all();
    ck_assert_uint_eq(fake.live, 127);
}
END_TEST

START_TEST(reserve_fails)
{
    static const enum status statuses[] = {STATUS_NO_QUOTA, STATUS_NO_MEMORY};

    maker_spectrum(&planned.m);
    plan_it();
    for (uint32_t d = 0; d < 7; d++) {
        struct fake before = fake;

        for (int i = 0; i < 2; i++) {
            fake.reserve = statuses[i];
            before.reserve = statuses[i];
            ck_assert_int_eq(fake_build(&fake, d), statuses[i]);
            ck_assert_mem_eq(&before, &fake, sizeof fake);
        }
        fake.reserve = STATUS_OK;
        ck_assert_int_eq(fake_build(&fake, d), STATUS_OK);
        ck_assert_ptr_null(fake_fault(&fake));
    }
}
END_TEST

START_TEST(refusals)
{
    struct fake before;

    maker_spectrum(&planned.m);
    plan_it();
    before = fake;
    ck_assert_int_eq(fake_build(&fake, 1), STATUS_NOT_RUNNING);
    ck_assert_mem_eq(&before, &fake, sizeof fake);
    build_all();
    before = fake;
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_EXISTS);
    ck_assert_int_eq(fake_build(&fake, 6), STATUS_EXISTS);
    ck_assert_mem_eq(&before, &fake, sizeof fake);
    fake_destroy(&fake, 0); /* its threads still run in its root */
    before = fake;
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_BUSY);
    ck_assert_mem_eq(&before, &fake, sizeof fake);
    fake_destroy(&fake, 1);
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_BUSY);
    fake_destroy(&fake, 3);
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_OK);
    ck_assert_ptr_null(fake_fault(&fake));
}
END_TEST

/* app, a thread t of app, a tis g of t: g is built and then t dies and comes
 * back: its image is in g's root again. */
START_TEST(rebuilt_under_a_part)
{
    maker_init(&planned.m);
    maker_program(&planned.m, "other");
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    maker_domain(&planned.m, "t", THREAD, 0);
    planned.m.domains[1].program = 1;
    maker_domain(&planned.m, "g", TIS, 1);
    planned.m.domains[2].program = 1;
    plan_it();
    build_all();
    ck_assert_uint_eq(planned.plan.domains[2].image,
                      planned.plan.domains[1].image);
    fake_destroy(&fake, 1);
    ck_assert_ptr_null(fake_fault(&fake));
    ck_assert_int_eq(fake_build(&fake, 1), STATUS_OK);
    ck_assert_ptr_null(fake_fault(&fake));
    ck_assert_uint_ne(fake.attached[1][planned.plan.domains[1].image], 0);
}
END_TEST

/* A thread whose first-of-root is gone still gets its ranges attached. */
START_TEST(root_outlives_its_first)
{
    maker_init(&planned.m);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    maker_domain(&planned.m, "t", THREAD, 0);
    maker_domain(&planned.m, "u", THREAD, 1);
    plan_it();
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_OK);
    ck_assert_int_eq(fake_build(&fake, 1), STATUS_OK);
    fake_destroy(&fake, 0);
    ck_assert_int_eq(fake_build(&fake, 2), STATUS_OK);
    ck_assert_ptr_null(fake_fault(&fake));
    ck_assert_uint_ne(fake.attached[0][planned.plan.domains[2].stack], 0);
}
END_TEST

/* Held by a thread: there from the time its space is made. */
START_TEST(named_ranges)
{
    maker_init(&planned.m);
    maker_range(&planned.m, "ring", 16);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    maker_domain(&planned.m, "t", THREAD, 0);
    maker_hold(&planned.m, CAP_RANGE, 0, CAP_READ | CAP_USE);
    plan_it();
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_OK);
    ck_assert_uint_eq(fake.attached[0][0], CAP_READ);
    ck_assert_int_eq(fake_build(&fake, 1), STATUS_OK);
    ck_assert_ptr_null(fake_fault(&fake));
}
END_TEST

/* The fake notices what a wrong plan or builder would do. */
START_TEST(fake_can_fail)
{
    maker_spectrum(&planned.m);
    plan_it();
    planned.plan.ranges[0].frames++;
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_OK);
    ck_assert_str_eq(fake_fault(&fake), "fewer frames than reserved");
    plan_it();
    planned.plan.roots[0].directories--;
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_OK);
    ck_assert_str_eq(fake_fault(&fake), "more frames than reserved");
    plan_it();
    planned.plan.ranges[0].roots = 0;
    ck_assert_int_eq(fake_build(&fake, 0), STATUS_OK);
    ck_assert_str_eq(fake_fault(&fake),
                     "every range that exists, in every root that has it");
}
END_TEST

Suite *suite_build(void)
{
    Suite *suite = suite_create("build");
    TCase *tests = tcase_create("build");

    tcase_add_checked_fixture(tests, NULL, planned_free);
    tcase_add_test(tests, needs_by_hand);
    tcase_add_test(tests, needs_of_named_ranges);
    tcase_add_test(tests, all_in_order);
    tcase_add_test(tests, reserve_fails);
    tcase_add_test(tests, refusals);
    tcase_add_test(tests, rebuilt_under_a_part);
    tcase_add_test(tests, root_outlives_its_first);
    tcase_add_test(tests, named_ranges);
    tcase_add_test(tests, fake_can_fail);
    suite_add_tcase(suite, tests);
    return suite;
}
