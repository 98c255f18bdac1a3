/* SPDX-License-Identifier: Apache-2.0 */
/* Every documented conversion, against the C library where both have it. */
#include "suites.h"

#include <ambit/print.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SAME(...)                                                              \
    do {                                                                       \
        char ours[128], theirs[128];                                           \
        int a = ambit_snprintf(ours, sizeof ours, __VA_ARGS__);                \
        int b = snprintf(theirs, sizeof theirs, __VA_ARGS__);                  \
        ck_assert_str_eq(ours, theirs);                                        \
        ck_assert_int_eq(a, b);                                                \
    } while (0)

START_TEST(numbers)
{
    SAME("%d %i %u", 0, -1, 1u);
    SAME("%d %d", INT_MIN, INT_MAX);
    SAME("%u %x %X", UINT_MAX, 0xdeadbeefu, 0xdeadbeefu);
    SAME("%ld %lld", LONG_MIN, LLONG_MAX);
    SAME("%lu %llx %zu", ULONG_MAX, ULLONG_MAX, SIZE_MAX);
    SAME("%zd", (ssize_t)-5);
    SAME("%p", (void *)0x1234abcdul);
}
END_TEST

START_TEST(fields)
{
    SAME("[%5d] [%-5d] [%05d]", 42, 42, 42);
    SAME("[%5d] [%-5d] [%05d]", -42, -42, -42);
    SAME("[%2d] [%1s]", 12345, "long");
    SAME("[%8x] [%-8x] [%08x]", 0xabu, 0xabu, 0xabu);
    SAME("[%12s] [%-12s]", "text", "text");
    SAME("[%*d] [%-*s]", 6, 7, 6, "ab");
    SAME("[%3c] [%-3c]", 'x', 'y');
}
END_TEST

START_TEST(strings)
{
    SAME("%s%s", "", "whole");
    SAME("[%.3s] [%.0s] [%.99s]", "abcdef", "abcdef", "abc");
    SAME("[%6.2s] [%-6.2s] [%.*s]", "abc", "abc", 2, "xyz");
    SAME("100%% %c%c", 'o', 'k');

    /* No NUL behind what the precision takes. */
    static const char bare[3] = {'a', 'b', 'c'};
    SAME("%.3s", bare);
}
END_TEST

/* Through a variable: compilers object to such formats. */
START_TEST(odd_ones)
{
    const char *volatile null_string = NULL;
    const char *unknown = "a %q b", *cut = "end %";
    char text[32];

    ck_assert_int_eq(ambit_snprintf(text, sizeof text, "%s", null_string), 6);
    ck_assert_str_eq(text, "(null)");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    ambit_snprintf(text, sizeof text, unknown);
    ck_assert_str_eq(text, "a %q b");
    ambit_snprintf(text, sizeof text, cut);
    ck_assert_str_eq(text, "end %");
#pragma GCC diagnostic pop
}
END_TEST

START_TEST(cut)
{
    char text[8];

    memset(text, '#', sizeof text);
    ck_assert_int_eq(ambit_snprintf(text, 4, "%s", "abcdef"), 6);
    ck_assert_str_eq(text, "abc");
    ck_assert_int_eq(text[4], '#');
    ck_assert_int_eq(ambit_snprintf(text, 1, "%d", 12), 2);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(ambit_snprintf(NULL, 0, "%d", 123), 3);
}
END_TEST

TCase *format_case(void)
{
    TCase *tcase = tcase_create("format");

    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, fields);
    tcase_add_test(tcase, strings);
    tcase_add_test(tcase, odd_ones);
    tcase_add_test(tcase, cut);
    return tcase;
}
