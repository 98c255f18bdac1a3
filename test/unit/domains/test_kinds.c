/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include <domains/kinds.h>
#include <stddef.h>

#define S PD_SAME
#define P PD_PART
#define N PD_NEW

/* The model's table, column by column as it is printed. */
static const struct {
    const char *class;
    uint8_t degree[5]; /* thread tis tif process pir */
} table[] = {
    {"files", {S, S, N, S, S}},   {"cpu", {N, N, N, N, N}},
    {"space", {S, P, S, N, N}},   {"pool", {S, S, S, S, N}},
    {"quota", {S, S, S, N, N}},   {"caps", {S, S, S, N, N}},
    {"handler", {S, S, S, N, N}},
};

START_TEST(rows_are_the_models)
{
    static const char *const names[] = {"thread", "tis", "tif", "process",
                                        "pir"};

    ck_assert_uint_eq(sizeof table / sizeof table[0], PD_CLASS_COUNT);
    for (uint32_t k = 0; k < 5; k++) {
        const struct pd_kind *kind = pd_kind_builtin(k);

        ck_assert_ptr_nonnull(kind);
        ck_assert_str_eq(kind->name, names[k]);
        for (uint32_t c = 0; c < PD_CLASS_COUNT; c++) {
            ck_assert_str_eq(pd_class_name(c), table[c].class);
            ck_assert_msg(kind->degree[c] == table[c].degree[k], "%s %s",
                          kind->name, table[c].class);
            ck_assert(pd_class_degrees(c) >> kind->degree[c] & 1);
        }
    }
    ck_assert_ptr_null(pd_kind_builtin(5));
    ck_assert_ptr_null(pd_kind_builtin(UINT32_MAX));
}
END_TEST

START_TEST(degrees_a_class_can_have)
{
    enum { same = 1 << S, part = 1 << P, new = 1 << N, none = 1 << PD_NONE };

    ck_assert_uint_eq(pd_class_degrees(PD_FILES), same | part | new | none);
    ck_assert_uint_eq(pd_class_degrees(PD_CPU), new);
    ck_assert_uint_eq(pd_class_degrees(PD_SPACE), same | part | new);
    ck_assert_uint_eq(pd_class_degrees(PD_POOL), same | new | none);
    ck_assert_uint_eq(pd_class_degrees(PD_QUOTA), same | part | new | none);
    ck_assert_uint_eq(pd_class_degrees(PD_CAPS), same | part | new | none);
    ck_assert_uint_eq(pd_class_degrees(PD_HANDLER), same | new | none);
    ck_assert_uint_eq(pd_class_degrees(PD_CLASS_COUNT), 0);
}
END_TEST

START_TEST(names)
{
    ck_assert_str_eq(pd_degree_name(PD_SAME), "same");
    ck_assert_str_eq(pd_degree_name(PD_PART), "part");
    ck_assert_str_eq(pd_degree_name(PD_NEW), "new");
    ck_assert_str_eq(pd_degree_name(PD_NONE), "none");
    ck_assert_str_eq(pd_degree_name(PD_DEGREE_COUNT), "?");
    ck_assert_str_eq(pd_class_name(PD_CLASS_COUNT), "?");
}
END_TEST

Suite *suite_kinds(void)
{
    Suite *suite = suite_create("kinds");
    TCase *tests = tcase_create("kinds");

    tcase_add_test(tests, rows_are_the_models);
    tcase_add_test(tests, degrees_a_class_can_have);
    tcase_add_test(tests, names);
    suite_add_tcase(suite, tests);
    return suite;
}
