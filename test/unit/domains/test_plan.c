/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of each kind, with the exact set of ranges in every root. */
#include "planned.h"
#include "suites.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a root holds: "app.image:rwx app.heap:rw ..." in address order. */
static void check_root(uint32_t root, const char *expected)
{
    char text[512] = "";
    size_t at = 0;

    for (uint32_t r = 0; r < planned.plan.range_count; r++) {
        uint8_t rights = planned.plan.attached[root][r];
        char name[64];

        if (rights == 0) {
            continue;
        }
        plan_range_name(&planned.spec, &planned.plan, r, name, sizeof name);
        at += (size_t)snprintf(
            text + at, sizeof text - at, "%s%s:%s%s%s", at == 0 ? "" : " ",
            name, rights & CAP_READ ? "r" : "", rights & CAP_WRITE ? "w" : "",
            rights & CAP_EXEC ? "x" : "");
    }
    ck_assert_str_eq(text, expected);
}

#define APP "app.image:rwx app.heap:rw app.stack:rw"

START_TEST(process_alone)
{
    maker_init(&planned.m);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    planned_make();
    ck_assert_uint_eq(planned.plan.root_count, 1);
    ck_assert_uint_eq(planned.plan.range_count, 3);
    check_root(0, APP);
    ck_assert_uint_eq(planned.plan.domains[0].caps, 0);
    ck_assert_uint_eq(planned.plan.domains[0].files, PLAN_NONE);
    ck_assert_uint_eq(planned.plan.domains[0].quota, 0);
    ck_assert_uint_eq(planned.plan.domains[0].pool, PLAN_NONE);
    ck_assert_uint_eq(planned.plan.domains[0].handler, PLAN_NONE);
    ck_assert_uint_eq(planned.plan.ranges[0].base, ABI_USER_BASE);
    ck_assert_uint_eq(planned.plan.roots[0].directories, 1);
}
END_TEST

START_TEST(thread)
{
    planned_pair(THREAD);
    planned_make();
    ck_assert_uint_eq(planned.plan.root_count, 1);
    check_root(0, APP " it.stack:rw");
    ck_assert_uint_eq(planned.plan.domains[1].image,
                      planned.plan.domains[0].image);
    ck_assert_uint_eq(planned.plan.domains[1].heap,
                      planned.plan.domains[0].heap);
    ck_assert_uint_eq(planned.plan.domains[1].caps, 0);
    ck_assert_uint_eq(planned.plan.domains[1].quota, 0);
    ck_assert_uint_eq(planned.plan.domains[1].handler, PLAN_NONE);
}
END_TEST

START_TEST(tis)
{
    planned_pair(TIS);
    planned_make();
    ck_assert_uint_eq(planned.plan.root_count, 2);
    check_root(0, APP);
    check_root(1, "app.image:rwx app.heap:rw it.stack:rw");
    ck_assert_uint_eq(planned.plan.roots[1].first, 1);
}
END_TEST

START_TEST(tif)
{
    planned_pair(TIF);
    planned_make();
    ck_assert_uint_eq(planned.plan.root_count, 1);
    check_root(0, APP " it.stack:rw");
    ck_assert_uint_eq(planned.plan.domains[1].files, 1);
    ck_assert_uint_eq(planned.plan.domains[1].caps, 0);
}
END_TEST

START_TEST(process)
{
    planned_pair(PROCESS);
    planned_make();
    ck_assert_uint_eq(planned.plan.root_count, 2);
    check_root(0, APP);
    check_root(1, "it.image:rwx it.heap:rw it.stack:rw");
    ck_assert_uint_eq(planned.plan.domains[1].handler, 0);
    ck_assert_uint_eq(planned.plan.domains[1].quota, 1);
    ck_assert_uint_eq(planned.plan.domains[1].pool, PLAN_NONE);
}
END_TEST

START_TEST(pir)
{
    uint64_t base;

    planned_pair(PIR);
    maker_domain(&planned.m, "next", THREAD, 0);
    planned_make();
    check_root(1, "it.image:rwx it.heap:rw it.stack:rw");
    ck_assert_uint_eq(planned.plan.domains[1].pool, 1);
    base = planned.plan.ranges[planned.plan.domains[1].image].base;
    ck_assert_uint_eq(base % (64 * ABI_GRANULE_SIZE), 0);
    ck_assert_uint_eq(planned.plan.ranges[planned.plan.domains[2].stack].base %
                          (64 * ABI_GRANULE_SIZE),
                      0);
    /* What others have, within a window, does not move it. */
    planned.m.domains[0].heap_pages = 5000;
    planned_make();
    ck_assert_uint_eq(planned.plan.ranges[planned.plan.domains[1].image].base,
                      base);
}
END_TEST

START_TEST(tis_and_tif)
{
    planned_pair(TIF);
    planned.m.domains[1].degree[PD_SPACE] = PD_PART;
    planned.m.domains[1].keep_all = 1;
    planned_make();
    check_root(0, APP);
    check_root(1, "app.image:rwx app.heap:rw it.stack:rw");
    ck_assert_uint_eq(planned.plan.domains[1].files, 1);
}
END_TEST

START_TEST(sandbox)
{
    planned_pair(TIS);
    planned.m.domains[1].degree[PD_FILES] = PD_NONE;
    planned.m.domains[1].keep_all = 0;
    planned_make();
    check_root(0, APP);
    check_root(1, "it.image:rwx it.heap:rw it.stack:rw");
    ck_assert_uint_eq(planned.plan.domains[1].files, PLAN_NONE);
}
END_TEST

START_TEST(spectrum)
{
    maker_spectrum(&planned.m);
    planned_make();
    ck_assert_uint_eq(planned.plan.root_count, 5);
    check_root(0, APP " worker.stack:rw stats.stack:rw");
    check_root(1, "app.image:rwx app.heap:rw guard.stack:rw");
    check_root(2, "app.image:rwx app.heap:rw jail.stack:rw");
    check_root(3, "child.image:rwx child.heap:rw child.stack:rw");
    check_root(4, "vault.image:rwx vault.heap:rw vault.stack:rw");
}
END_TEST

START_TEST(two_tis_see_no_stack_of_each_other)
{
    planned_pair(TIS);
    maker_domain(&planned.m, "other", TIS, 0);
    maker_domain(&planned.m, "inner", TIS, 1);
    planned_make();
    check_root(1, "app.image:rwx app.heap:rw it.stack:rw");
    check_root(2, "app.image:rwx app.heap:rw other.stack:rw");
    check_root(3, "app.image:rwx app.heap:rw inner.stack:rw");
}
END_TEST

START_TEST(lists)
{
    planned_pair(TIS);
    maker_keep(&planned.m, SPEC_KEEP_IMAGE, 0);
    maker_domain(&planned.m, "heaped", TIS, 0);
    maker_keep(&planned.m, SPEC_KEEP_HEAP, 0);
    planned.m.domains[0].heap_pages = 512;
    planned_make();
    check_root(1, "app.image:rwx it.heap:rw it.stack:rw");
    check_root(2, "app.heap:rw heaped.image:rwx heaped.stack:rw");
}
END_TEST

START_TEST(named_ranges)
{
    maker_init(&planned.m);
    maker_range(&planned.m, "ring", 16);
    maker_range(&planned.m, "disk", 512);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    maker_hold(&planned.m, CAP_RANGE, 0, CAP_READ);
    maker_hold(&planned.m, CAP_RANGE, 0, CAP_READ | CAP_WRITE);
    maker_domain(&planned.m, "t", THREAD, 0);
    maker_hold(&planned.m, CAP_RANGE, 1, CAP_READ);
    maker_domain(&planned.m, "all", TIS, 0);
    maker_domain(&planned.m, "of_t", TIS, 1);
    maker_domain(&planned.m, "few", TIS, 0);
    maker_keep(&planned.m, SPEC_KEEP_RANGE, 0);
    maker_domain(&planned.m, "alone", PROCESS, 0);
    maker_hold(&planned.m, CAP_RANGE, 1, CAP_READ | CAP_WRITE);
    planned_make();
    /* A space has what all its threads hold; a part has what its parent and
     * those above it in that space brought. */
    check_root(0, "ring:rw disk:r " APP " t.stack:rw");
    check_root(1, "ring:rw app.image:rwx app.heap:rw all.stack:rw");
    check_root(2, "ring:rw disk:r app.image:rwx app.heap:rw of_t.stack:rw");
    check_root(3, "ring:rw few.image:rwx few.heap:rw few.stack:rw");
    check_root(4, "disk:rw alone.image:rwx alone.heap:rw alone.stack:rw");
}
END_TEST

START_TEST(another_program)
{
    planned_pair(THREAD);
    maker_program(&planned.m, "other");
    planned.m.domains[1].program = 1;
    maker_domain(&planned.m, "part", TIS, 0);
    planned.m.domains[2].program = 1;
    maker_domain(&planned.m, "of_it", TIS, 1);
    planned.m.domains[3].program = 1;
    planned_make();
    check_root(0, APP " it.image:rwx it.stack:rw");
    check_root(1, "app.image:rwx app.heap:rw part.image:rwx part.stack:rw");
    check_root(2, "app.image:rwx app.heap:rw it.image:rwx of_it.stack:rw");
}
END_TEST

START_TEST(heaps)
{
    planned_pair(THREAD);
    planned.m.domains[0].heap_pages =
        0; /* the thread then has one of its own */
    maker_domain(&planned.m, "u", THREAD, 1);
    maker_domain(&planned.m, "p", PROCESS, 0);
    planned.m.domains[3].heap_pages = 0;
    planned_make();
    ck_assert_uint_eq(planned.plan.domains[0].heap, PLAN_NONE);
    ck_assert_uint_eq(planned.plan.domains[2].heap,
                      planned.plan.domains[1].heap);
    ck_assert_uint_eq(planned.plan.domains[3].heap, PLAN_NONE);
    check_root(0,
               "app.image:rwx app.stack:rw it.heap:rw it.stack:rw u.stack:rw");
}
END_TEST

Suite *suite_plan(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("plan");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, NULL, planned_free);
    tcase_add_test(tests, process_alone);
    tcase_add_test(tests, thread);
    tcase_add_test(tests, tis);
    tcase_add_test(tests, tif);
    tcase_add_test(tests, process);
    tcase_add_test(tests, pir);
    tcase_add_test(tests, tis_and_tif);
    tcase_add_test(tests, sandbox);
    tcase_add_test(tests, spectrum);
    tcase_add_test(tests, two_tis_see_no_stack_of_each_other);
    tcase_add_test(tests, lists);
    tcase_add_test(tests, named_ranges);
    tcase_add_test(tests, another_program);
    tcase_add_test(tests, heaps);
    suite_add_tcase(suite, tests);
    return suite;
}
