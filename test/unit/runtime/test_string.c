/* SPDX-License-Identifier: Apache-2.0 */
/* The string functions, under names of their own (CMakeLists.txt). */
#include <ambit/string.h>
#define _STRING_H 1 /* check.h would bring in the C library's */
#include "suites.h"

static char text[32];

static void reset(void)
{
    for (uint32_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 26);
    }
}

START_TEST(move_both_ways)
{
    reset();
    ck_assert_ptr_eq(memmove(text + 2, text, 10), text + 2);
    for (uint32_t i = 0; i < 10; i++) {
        ck_assert_int_eq(text[i + 2], 'a' + (int)i);
    }
    reset();
    memmove(text, text + 2, 10);
    for (uint32_t i = 0; i < 10; i++) {
        ck_assert_int_eq(text[i], 'c' + (int)i);
    }
}
END_TEST

START_TEST(set_and_copy)
{
    reset();
    memset(text + 1, 'z', 3);
    ck_assert_int_eq(text[0], 'a');
    ck_assert_int_eq(text[3], 'z');
    ck_assert_int_eq(text[4], 'e');
    memcpy(text + 8, text, 4);
    ck_assert_int_eq(memcmp(text + 8, text, 4), 0);
    ck_assert_int_eq(text[12], 'm');
    memcpy(text, text + 20, 0);
    ck_assert_int_eq(text[0], 'a');
}
END_TEST

START_TEST(compare)
{
    ck_assert_int_lt(memcmp("abc", "abd", 3), 0);
    ck_assert_int_gt(memcmp("\xff", "\x01", 1), 0);
    ck_assert_int_eq(strcmp("same", "same"), 0);
    ck_assert_int_lt(strcmp("a", "ab"), 0);
    ck_assert_int_gt(strcmp("\xff", "a"), 0);
    ck_assert_int_eq(strncmp("abcd", "abxx", 2), 0);
    ck_assert_uint_eq(strlen(""), 0);
    ck_assert_uint_eq(strlen("four"), 4);
}
END_TEST

START_TEST(numbers)
{
    uint64_t value = 99;

    ck_assert(ambit_number("0", &value) && value == 0);
    ck_assert(ambit_number("18446744073709551615", &value));
    ck_assert_uint_eq(value, UINT64_MAX);
    ck_assert(ambit_number("0xFfffffff80200000", &value));
    ck_assert_uint_eq(value, 0xffffffff80200000ull);
    value = 99;
    ck_assert(!ambit_number("18446744073709551616", &value));
    ck_assert(!ambit_number("0x10000000000000000", &value));
    ck_assert(!ambit_number("", &value));
    ck_assert(!ambit_number("0x", &value));
    ck_assert(!ambit_number("12a", &value));
    ck_assert(!ambit_number("-1", &value));
    ck_assert_uint_eq(value, 99);
}
END_TEST

TCase *string_case(void)
{
    TCase *tcase = tcase_create("string");

    tcase_add_test(tcase, move_both_ways);
    tcase_add_test(tcase, set_and_copy);
    tcase_add_test(tcase, compare);
    tcase_add_test(tcase, numbers);
    return tcase;
}
