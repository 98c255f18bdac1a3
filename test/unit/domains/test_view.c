/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses, views and names of a plan, its limits, and whether the model that
 * judges plans can say no. */
#include "model.h"
#include "planned.h"
#include "suites.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdio.h>
#include <string.h>

START_TEST(addresses)
{
    const uint64_t granule = ABI_GRANULE_SIZE;

    maker_init(&planned.m);
    maker_range(&planned.m, "full", 512);
    maker_range(&planned.m, "two", 513);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    planned.m.domains[0].heap_pages = 1024;
    planned.m.domains[0].stack_pages = 256;
    maker_domain(&planned.m, "it", THREAD, 0);
    planned_make();
    /* A range that fills its last granule is followed by an empty one. */
    ck_assert_uint_eq(planned.plan.ranges[0].base, ABI_USER_BASE);
    ck_assert_uint_eq(planned.plan.ranges[1].base, ABI_USER_BASE + 2 * granule);
    ck_assert_uint_eq(planned.plan.ranges[2].base, ABI_USER_BASE + 4 * granule);
    ck_assert_uint_eq(planned.plan.ranges[3].base, ABI_USER_BASE + 5 * granule);
    ck_assert_uint_eq(planned.plan.ranges[4].base, ABI_USER_BASE + 8 * granule);
    ck_assert_uint_eq(plan_range_start(&planned.plan.ranges[4]),
                      ABI_USER_BASE + 8 * granule + 255 * ABI_PAGE_SIZE);
    ck_assert_uint_eq(plan_range_start(&planned.plan.ranges[3]),
                      planned.plan.ranges[3].base);
    /* Without a pool of its own, a domain follows the one before. */
    ck_assert_uint_eq(planned.plan.ranges[5].base, ABI_USER_BASE + 9 * granule);
    ck_assert_uint_eq(plan_range_at(&planned.plan, 0), PLAN_NONE);
    ck_assert_uint_eq(plan_range_at(&planned.plan, ABI_USER_BASE - 1),
                      PLAN_NONE);
    ck_assert_uint_eq(plan_range_at(&planned.plan, ABI_USER_BASE), 0);
    ck_assert_uint_eq(plan_range_at(&planned.plan, ABI_USER_BASE + granule),
                      PLAN_NONE);
    ck_assert_uint_eq(plan_range_at(&planned.plan, ABI_USER_BASE + 8 * granule),
                      4);
    ck_assert_uint_eq(
        plan_range_at(&planned.plan, ABI_USER_BASE + 10 * granule), PLAN_NONE);
    ck_assert_uint_eq(plan_range_at(&planned.plan, UINT64_MAX), PLAN_NONE);
}
END_TEST

START_TEST(views_of_pages)
{
    uint64_t image, stack;
    uint32_t range;

    planned_pair(TIS);
    planned_make();
    image = planned.plan.ranges[planned.plan.domains[0].image].base;
    stack =
        plan_range_start(&planned.plan.ranges[planned.plan.domains[0].stack]);
    ck_assert_uint_eq(plan_view(&planned.spec, &planned.plan, 1, image, &range),
                      CAP_READ);
    ck_assert_uint_eq(
        plan_view(&planned.spec, &planned.plan, 1, image + 0x1fff, &range),
        CAP_READ | CAP_EXEC);
    ck_assert_uint_eq(
        plan_view(&planned.spec, &planned.plan, 1, image + 0x4000, &range), 0);
    ck_assert_uint_eq(
        plan_view(&planned.spec, &planned.plan, 1, image + 0x5000, &range),
        CAP_READ | CAP_WRITE);
    ck_assert_uint_eq(
        plan_view(&planned.spec, &planned.plan, 1, image + 0x8000, &range), 0);
    ck_assert_uint_eq(range, planned.plan.domains[0].image);
    ck_assert_uint_eq(plan_view(&planned.spec, &planned.plan, 0, stack, &range),
                      CAP_READ | CAP_WRITE);
    ck_assert_uint_eq(
        plan_view(&planned.spec, &planned.plan, 0, stack - 1, &range), 0);
    ck_assert_uint_eq(range, planned.plan.domains[0].stack);
    /* Not in this root; still known by name. */
    ck_assert_uint_eq(plan_view(&planned.spec, &planned.plan, 1, stack, &range),
                      0);
    ck_assert_uint_eq(range, planned.plan.domains[0].stack);
    ck_assert_uint_eq(plan_view(&planned.spec, &planned.plan, 0, 0, &range), 0);
    ck_assert_uint_eq(range, PLAN_NONE);
}
END_TEST

START_TEST(locating)
{
    static const char *const unknown[] = {
        "",
        "app",
        "app.",
        "app.hea",
        "app.heapp",
        "ap.heap",
        "appp.heap",
        ".heap",
        "rin",
        "ringg",
        "ring.heap",
        "app.ring",
        "none.heap",
        "App.heap",
        "app..heap",
        "01234567890123456789012345678901.heap",
        "0123456789012345678901234567890123456789"};
    uint32_t range = 77;

    planned_pair(THREAD);
    maker_domain(&planned.m, "none", PROCESS, 0);
    planned.m.domains[2].heap_pages = 0;
    maker_domain(&planned.m, "0123456789012345678901234567890", THREAD, 0);
    maker_range(&planned.m, "ring", 4);
    planned_make();
    ck_assert_int_eq(
        plan_locate(&planned.spec, &planned.plan, "it.heapX", 7, &range),
        STATUS_OK);
    ck_assert_uint_eq(range, planned.plan.domains[0].heap);
    ck_assert_int_eq(
        plan_locate(&planned.spec, &planned.plan, "it.stack", 8, &range),
        STATUS_OK);
    ck_assert_uint_eq(range, planned.plan.domains[1].stack);
    ck_assert_int_eq(
        plan_locate(&planned.spec, &planned.plan, "ring", 4, &range),
        STATUS_OK);
    ck_assert_uint_eq(range, 0);
    ck_assert_int_eq(plan_locate(&planned.spec, &planned.plan,
                                 "0123456789012345678901234567890.stack", 37,
                                 &range),
                     STATUS_OK);
    ck_assert_uint_eq(range, planned.plan.domains[3].stack);
    range = 77;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        ck_assert_msg(plan_locate(&planned.spec, &planned.plan, unknown[i],
                                  (uint32_t)strlen(unknown[i]),
                                  &range) == STATUS_NOT_FOUND,
                      "'%s' was found", unknown[i]);
        ck_assert_uint_eq(range, 77);
    }
    ck_assert_int_eq(
        plan_locate(&planned.spec, &planned.plan, "ring\0x", 6, &range),
        STATUS_NOT_FOUND);
}
END_TEST

START_TEST(names_are_cut)
{
    char out[8] = "zzzzzzz";

    planned_pair(THREAD);
    planned_make();
    plan_range_name(&planned.spec, &planned.plan, planned.plan.domains[0].stack,
                    out, 8);
    ck_assert_str_eq(out, "app.sta");
    plan_range_name(&planned.spec, &planned.plan, planned.plan.domains[0].stack,
                    out, 1);
    ck_assert_str_eq(out, "");
    out[0] = 'z';
    plan_range_name(&planned.spec, &planned.plan, planned.plan.domains[0].stack,
                    out, 0);
    ck_assert_int_eq(out[0], 'z');
}
END_TEST

/* The model notices a plan that is wrong in one way. */
START_TEST(model_can_fail)
{
    struct plan good;
    const struct {
        const char *invariant;
        uint8_t *byte;
        uint8_t value;
    } wrongs[] = {
        {"I1", (uint8_t *)&planned.plan.ranges[1].base + 2, 0x3f},
        {"I2", &planned.plan.attached[1][2],
         3}, /* app's stack in the tis's root */
        {"I2", &planned.plan.attached[0][3], 3}, /* the tis's in app's */
        {"I2", &planned.plan.attached[0][2], 0},
        {"I3", &planned.plan.attached[1][1], 1},
        {"I3", &planned.plan.attached[0][0], 0},
        {"I4", (uint8_t *)&planned.plan.ranges[1].roots, 1},
        {"I6", (uint8_t *)&planned.plan.ranges[0].pages + 1, 2}, /* no guard */
        {"I7", (uint8_t *)&planned.plan.ranges[0].frames, 4},
        {"I7", (uint8_t *)&planned.plan.ranges[1].leaves, 2},
        {"I9", (uint8_t *)&planned.plan.roots[1].directories, 2},
        {"I10", (uint8_t *)&planned.plan.domains[1].caps, 1},
        {"I10", (uint8_t *)&planned.plan.domains[1].quota, 1},
        {"I11", (uint8_t *)&planned.plan.domains[1].image, 2},
        {"I12", (uint8_t *)&planned.plan.domains[1].own, 2},
    };

    planned_pair(TIS);
    planned.m.programs[0].pages = 256;
    planned_make();
    good = planned.plan;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const char *fault;

        *wrongs[i].byte = wrongs[i].value;
        fault = model_fault(&planned.spec, &planned.plan);
        ck_assert_msg(fault != NULL, "%u: not noticed", (unsigned)i);
        ck_assert_str_eq(fault, wrongs[i].invariant);
        planned.plan = good;
    }
}
END_TEST

/* The largest machine: every table full, every heap as large as memory. */
START_TEST(largest)
{
    maker_init(&planned.m);
    planned.m.header.memory_pages = 524288;
    for (uint32_t i = 0; i < SPEC_MAX_RANGES; i++) {
        char name[16];

        snprintf(name, sizeof name, "r%u", i);
        maker_range(&planned.m, name, 8192);
    }
    for (uint32_t i = 0; i < SPEC_MAX_DOMAINS; i++) {
        char name[16];

        snprintf(name, sizeof name, "d%u", i);
        maker_domain(&planned.m, name, PIR, SPEC_NONE);
        planned.m.domains[i].heap_pages = 524288;
        for (uint32_t r = 0; r < 16; r++) {
            maker_hold(&planned.m, CAP_RANGE, (i + r) % SPEC_MAX_RANGES,
                       CAP_READ);
        }
    }
    planned.m.programs[0].pages = 4096;
    planned_make();
    ck_assert_uint_eq(planned.plan.range_count, PLAN_MAX_RANGES);
}
END_TEST

Suite *suite_view(void)
{
    Suite *suite = suite_create("view");
    TCase *tests = tcase_create("view");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, NULL, planned_free);
    tcase_add_test(tests, addresses);
    tcase_add_test(tests, views_of_pages);
    tcase_add_test(tests, locating);
    tcase_add_test(tests, names_are_cut);
    tcase_add_test(tests, model_can_fail);
    tcase_add_test(tests, largest);
    suite_add_tcase(suite, tests);
    return suite;
}
