/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of an output, and found in it. */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "capture.h"
#include "suite_internal.h"

#include <stdlib.h>
#include <string.h>

static struct marked says[] = {{"needle", {0}}, {"aab", {0}}};
static const struct config_end end = {.says = says, .says_count = 2};
static struct capture capture;
static char *kept;

/* What is kept now, in `kept`. */
static size_t keep(void)
{
    size_t bytes = 0;
    FILE *out;

    free(kept);
    out = open_memstream(&kept, &bytes);
    ck_assert_ptr_nonnull(out);
    capture_put(&capture, out);
    fclose(out);
    return bytes;
}

static void take(const char *text)
{
    capture_take(&capture, text, strlen(text));
}

START_TEST(short_output_is_kept_whole)
{
    ck_assert_int_eq(capture_init(&capture, &end), 0);
    ck_assert_uint_eq(keep(), 0);
    take("one\n");
    take("two\n");
    keep();
    ck_assert_str_eq(kept, "one\ntwo\n");
    capture_free(&capture);
}
END_TEST

/* Every length around the bounds: kept whole up to them, never more. */
START_TEST(long_output_is_bounded)
{
    static char text[CAPTURE_HEAD + 3 * CAPTURE_TAIL];
    const size_t whole = CAPTURE_HEAD + CAPTURE_TAIL;
    static const size_t lengths[] = {CAPTURE_HEAD - 1,
                                     CAPTURE_HEAD,
                                     CAPTURE_HEAD + 1,
                                     CAPTURE_HEAD + CAPTURE_TAIL - 1,
                                     CAPTURE_HEAD + CAPTURE_TAIL,
                                     CAPTURE_HEAD + CAPTURE_TAIL + 1,
                                     CAPTURE_HEAD + 2 * CAPTURE_TAIL,
                                     CAPTURE_HEAD + 3 * CAPTURE_TAIL};

    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 23);
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t bytes, length = lengths[i];

        ck_assert_int_eq(capture_init(&capture, &end), 0);
        for (size_t at = 0; at < length; at += 100) {
            capture_take(&capture, text + at,
                         length - at < 100 ? length - at : 100);
        }
        bytes = keep();
        if (length <= whole) {
            ck_assert_uint_eq(bytes, length);
            ck_assert_mem_eq(kept, text, length);
        } else {
            ck_assert_uint_lt(bytes, whole + 40);
            ck_assert_mem_eq(kept, text, CAPTURE_HEAD);
            ck_assert_mem_eq(kept + bytes - CAPTURE_TAIL,
                             text + length - CAPTURE_TAIL, CAPTURE_TAIL);
            ck_assert_ptr_nonnull(strstr(kept, " bytes left out]\n"));
        }
        capture_free(&capture);
    }
}
END_TEST

/* Also in what is not kept, and across pieces of any size. */
START_TEST(texts_are_found_anywhere)
{
    static char flood[CAPTURE_HEAD + CAPTURE_TAIL];

    memset(flood, 'a', sizeof flood);
    ck_assert_int_eq(capture_init(&capture, &end), 0);
    capture_take(&capture, flood, CAPTURE_HEAD);
    take("nee");
    ck_assert(!capture.matches[0].found);
    take("dle");
    ck_assert(capture.matches[0].found);
    capture_take(&capture, flood, sizeof flood);
    ck_assert(!capture.matches[1].found);
    take("b");
    ck_assert(capture.matches[1].found);
    capture_free(&capture);
}
END_TEST

START_TEST(patterns)
{
    ck_assert(suite__matches("stack", "tis-stack.kvm"));
    ck_assert(!suite__matches("stack", "quota.kvm"));
    ck_assert(suite__matches("*.kvm", "tis-stack.kvm"));
    ck_assert(!suite__matches("stack*", "tis-stack.kvm")); /* as a whole */
    ck_assert(suite__matches("* without *", "quota.kvm without quota-limit"));
    ck_assert(suite__matches("[pq]uota.*", "quota.qemu"));
}
END_TEST

TCase *capture_case(void)
{
    TCase *tcase = tcase_create("capture");

    tcase_add_test(tcase, short_output_is_kept_whole);
    tcase_add_test(tcase, long_output_is_bounded);
    tcase_add_test(tcase, texts_are_found_anywhere);
    tcase_add_test(tcase, patterns);
    return tcase;
}
