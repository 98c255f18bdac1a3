/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of run time: who may make anything, and what it is counted as. */
#include "planned.h"
#include "suites.h"

#include <check.h>
#include <domains/request.h>

static struct pd_standing creator;
static struct spec_domain asked;
static struct pd_shape shape;
static struct pd_refusal why;

static void a_process(void)
{
    planned_pair(THREAD);
    planned_make();
    creator = (struct pd_standing){.caps = true,
                                   .root_files = true,
                                   .quota = 100,
                                   .quota_left = 50,
                                   .pool = 200,
                                   .pool_left = 200};
    asked = planned.spec.domains[0];
    asked.degree[PD_POOL] = PD_SAME;
    asked.degree[PD_QUOTA] = PD_NEW;
    asked.degree[PD_FILES] = PD_SAME;
    asked.quota_pages = 50;
    asked.caps_slots = 47;
    asked.stack_pages = 1;
    asked.heap_pages = 0;
    asked.hold_count = 0;
    asked.keep_count = 0;
    why = (struct pd_refusal){0};
}

static enum status judge(void)
{
    return pd_judge_request(&planned.spec, &creator, &asked, 0, &shape, &why);
}

static void refused(enum status status, uint32_t refusal)
{
    ck_assert_int_eq(judge(), status);
    ck_assert_uint_eq(why.refusal, refusal);
}

START_TEST(creators)
{
    a_process();
    ck_assert_int_eq(judge(), STATUS_OK);
    creator.quota_none = true;
    refused(STATUS_NO_QUOTA, REFUSAL_CREATOR_QUOTA);
    creator.quota_none = false;
    creator.pool_none = true;
    refused(STATUS_NO_MEMORY, REFUSAL_CREATOR_POOL);
    creator.pool_none = false;
    creator.caps = false;
    refused(STATUS_NO_RIGHTS, REFUSAL_CREATOR_CAPS);
    planned_free();
}
END_TEST

START_TEST(entries)
{
    static const uint64_t bad[] = {0, 0xfff, 0x2000, UINT64_MAX};

    a_process();
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        asked.entry = bad[i];
        refused(STATUS_OUT_OF_RANGE, REFUSAL_ENTRY);
    }
    asked.entry = 0x1fff;
    ck_assert_int_eq(judge(), STATUS_OK);
    planned_free();
}
END_TEST

START_TEST(left)
{
    a_process();
    asked.quota_pages = 51;
    refused(STATUS_NO_QUOTA, REFUSAL_QUOTA_LEFT);
    asked.quota_pages = 101;
    refused(STATUS_NO_QUOTA, REFUSAL_QUOTA_PARENT);
    asked.degree[PD_QUOTA] = PD_PART;
    refused(STATUS_NO_QUOTA, REFUSAL_QUOTA_PART_PARENT);
    asked.quota_pages = 100; /* a ceiling sets nothing aside */
    ck_assert_int_eq(judge(), STATUS_OK);
    planned_free();
}
END_TEST

/* What a thread takes, and what a process takes beside. */
START_TEST(counted)
{
    struct pd_needs needs = {0};

    a_process();
    ck_assert_int_eq(judge(), STATUS_OK);
    ck_assert(shape.own_space && shape.own_image && shape.own_caps &&
              shape.own_quota && !shape.own_heap && !shape.own_pool);
    pd_count_request(&planned.spec, &asked, &shape, &needs);
    ck_assert_uint_eq(needs.tables, 2);
    ck_assert_uint_eq(needs.upper, 2);
    ck_assert_uint_eq(needs.leaves, 2);
    asked.degree[PD_SPACE] = PD_SAME;
    asked.degree[PD_CAPS] = PD_SAME;
    asked.degree[PD_QUOTA] = PD_SAME;
    ck_assert_int_eq(judge(), STATUS_OK);
    needs = (struct pd_needs){0};
    pd_count_request(&planned.spec, &asked, &shape, &needs);
    ck_assert_uint_eq(needs.total, 3); /* control block, leaf table, stack */
    planned_free();
}
END_TEST

Suite *suite_request(void)
{
    Suite *suite = suite_create("request");
    TCase *tests = tcase_create("request");

    tcase_add_test(tests, creators);
    tcase_add_test(tests, entries);
    tcase_add_test(tests, left);
    tcase_add_test(tests, counted);
    suite_add_tcase(suite, tests);
    return suite;
}
