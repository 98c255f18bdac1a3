/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include <domains/quota.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void core_assert_fail(const char *what, const char *file,
                                unsigned line)
{
    (void)fprintf(stderr, "%s:%u: %s\n", file, line, what);
    abort();
}

static struct quota quota_with(uint64_t limit, uint64_t used)
{
    return (struct quota){.limit = limit, .used = used, .peak = used};
}

#define assert_quota(q, want_limit, want_used, want_peak)                      \
    do {                                                                       \
        ck_assert_uint_eq((q).limit, want_limit);                              \
        ck_assert_uint_eq((q).used, want_used);                                \
        ck_assert_uint_eq((q).peak, want_peak);                                \
    } while (0)

START_TEST(charge_is_exact)
{
    struct quota quota = quota_with(5, 3);

    ck_assert_int_eq(pd_quota_charge(&quota, 3), STATUS_NO_QUOTA);
    assert_quota(quota, 5, 3, 3);
    ck_assert_int_eq(pd_quota_charge(&quota, UINT64_MAX), STATUS_NO_QUOTA);
    assert_quota(quota, 5, 3, 3);
    ck_assert_int_eq(pd_quota_charge(&quota, 2), STATUS_OK);
    assert_quota(quota, 5, 5, 5);
    ck_assert_int_eq(pd_quota_charge(&quota, 0), STATUS_OK);
    ck_assert_int_eq(pd_quota_charge(&quota, 1), STATUS_NO_QUOTA);
    pd_quota_uncharge(&quota, 4);
    assert_quota(quota, 5, 1, 5);
}
END_TEST

START_TEST(split_and_merge_conserve)
{
    struct quota from = quota_with(8, 2);
    struct quota part = {.object = {.refs = 3}, .peak = 9};

    ck_assert_int_eq(pd_quota_split(&from, &part, 7), STATUS_NO_QUOTA);
    assert_quota(from, 8, 2, 2);
    assert_quota(part, 0, 0, 9);
    ck_assert_int_eq(pd_quota_split(&from, &part, 6), STATUS_OK);
    assert_quota(from, 8, 8, 8);
    assert_quota(part, 6, 0, 0);
    ck_assert_ptr_eq(part.parent, &from);
    ck_assert_uint_eq(part.object.type, CAP_QUOTA);
    ck_assert_uint_eq(part.object.refs, 3);
    pd_quota_merge(&part);
    assert_quota(from, 8, 2, 8);
    assert_quota(part, 0, 0, 0);
}
END_TEST

START_TEST(uncharging_more_is_our_bug)
{
    struct quota quota = quota_with(5, 3);

    pd_quota_uncharge(&quota, 4);
}
END_TEST

START_TEST(merging_one_in_use_is_our_bug)
{
    struct quota from = quota_with(8, 8);
    struct quota part = quota_with(6, 1);

    part.parent = &from;
    pd_quota_merge(&part);
}
END_TEST

Suite *suite_quota(void)
{
    Suite *suite = suite_create("quota");
    TCase *tcase = tcase_create("quota");

    tcase_add_test(tcase, charge_is_exact);
    tcase_add_test(tcase, split_and_merge_conserve);
    tcase_add_test_raise_signal(tcase, uncharging_more_is_our_bug, SIGABRT);
    tcase_add_test_raise_signal(tcase, merging_one_in_use_is_our_bug, SIGABRT);
    suite_add_tcase(suite, tcase);
    return suite;
}
