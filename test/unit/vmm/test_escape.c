/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include <host/escape.h>

#include <stdlib.h>
#include <string.h>

static void becomes(const char *in, const char *expected)
{
    char out[256];
    size_t bytes = escape_string(in, out, sizeof(out));

    ck_assert_str_eq(out, expected);
    ck_assert_uint_eq(bytes, strlen(expected));
}

START_TEST(printable_text_passes)
{
    becomes("", "");
    becomes("plain\ttext ~", "plain\ttext ~");
    becomes("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82",
            "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82");
}
END_TEST

START_TEST(controls_do_not)
{
    becomes("\x1b[31m", "\\x1b[31m");
    becomes("a\rb\nc", "a\\x0db\\x0ac");
    becomes("\x7f", "\\x7f");
    becomes("\xc2\x9b", "\\xc2\\x9b"); /* C1: a one-byte ESC [ */
}
END_TEST

START_TEST(invisible_text_does_not)
{
    becomes("\xe2\x80\xae", "\\xe2\\x80\\xae"); /* U+202E right to left */
    becomes("\xd8\x9c", "\\xd8\\x9c");          /* U+061C Arabic mark */
    becomes("\xe2\x81\xa6", "\\xe2\\x81\\xa6"); /* U+2066 isolate */
    becomes("\xe2\x81\xa0", "\\xe2\\x81\\xa0"); /* U+2060 word joiner */
    becomes("\xef\xbb\xbf", "\\xef\\xbb\\xbf"); /* U+FEFF */
    becomes("\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"); /* U+E0041 tag */
}
END_TEST

START_TEST(broken_utf8_does_not)
{
    becomes("\x80", "\\x80");
    becomes("\xc3", "\\xc3");
    becomes("\xc3(", "\\xc3(");
    becomes("\xc0\xaf", "\\xc0\\xaf");                   /* overlong */
    becomes("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
    becomes("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* > 10FFFF */
    becomes("\xff\xfe", "\\xff\\xfe");
}
END_TEST

START_TEST(cut_at_whole_characters)
{
    char out[6];

    ck_assert_uint_eq(escape_string("abcdefgh", out, sizeof(out)), 5);
    ck_assert_str_eq(out, "abcde");
    ck_assert_uint_eq(escape_string("abc\x01", out, sizeof(out)), 3);
    ck_assert_str_eq(out, "abc");
    ck_assert_uint_eq(escape_string("abcd\xe2\x82\xac", out, sizeof(out)), 4);
    out[0] = 'x';
    ck_assert_uint_eq(escape_string("abc", out, 1), 0);
    ck_assert_str_eq(out, "");
    out[0] = 'x';
    ck_assert_uint_eq(escape_string("abc", out, 0), 0);
    ck_assert_int_eq(out[0], 'x');
}
END_TEST

/* Whatever comes in, what comes out is printable as a whole. */
START_TEST(random_bytes)
{
    uint8_t in[40];
    char *out = malloc(64);

    ck_assert_ptr_nonnull(out);
    srand(1);
    for (int i = 0; i < 100000; i++) {
        size_t count = (size_t)rand() % sizeof(in);
        size_t size = 1 + (size_t)rand() % 64;
        for (size_t k = 0; k < count; k++) {
            in[k] = (uint8_t)(rand() % 3 ? rand() : 0xc0 | rand());
        }
        size_t used = escape_text(in, count, out, size);
        ck_assert_uint_lt(used, size);
        ck_assert_uint_eq(strlen(out), used);
        for (size_t at = 0; at < used;) {
            size_t length =
                escape_printable((const uint8_t *)out + at, used - at);
            ck_assert_uint_gt(length, 0);
            at += length;
        }
    }
    free(out);
}
END_TEST

Suite *suite_escape(void)
{
    Suite *suite = suite_create("escape");
    TCase *all = tcase_create("escape");

    tcase_set_timeout(all, 60);
    tcase_add_test(all, printable_text_passes);
    tcase_add_test(all, controls_do_not);
    tcase_add_test(all, invisible_text_does_not);
    tcase_add_test(all, broken_utf8_does_not);
    tcase_add_test(all, cut_at_whole_characters);
    tcase_add_test(all, random_bytes);
    suite_add_tcase(suite, all);
    return suite;
}
