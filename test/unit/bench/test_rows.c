/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that guests print, good and bad, and the rows they become. */
#define _GNU_SOURCE
#include "suites.h"

#include "privileged.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct bench_table table;
static const struct bench_options options = {
    .places = {[BENCH_QEMU] = true, [BENCH_KVM] = true}, .repeat = 3};

static void prepare(void)
{
    table = (struct bench_table){.tsc_hz = 2000000000};
    ck_assert_int_eq(rows_make(&table, &options), 0);
}

static void clean(void)
{
    bench_free(&table);
}

static struct bench_row *row_of(enum bench_place place, const char *subject,
                                const char *detail)
{
    for (uint32_t i = 0; i < table.count; i++) {
        struct bench_row *row = &table.rows[i];

        if (row->place == place && strcmp(row->subject, subject) == 0 &&
            strcmp(row->about->operation, "call") == 0 &&
            strcmp(row->about->detail, detail) == 0) {
            return row;
        }
    }
    return NULL;
}

static int take(enum bench_place place, const char *line)
{
    struct failure failure = {0};
    int result = rows_take_line(&table, place, line, NULL, &failure);

    ck_assert_int_eq(result == 0, *failure.text == '\0');
    ck_assert(result == 0 || failure.exit_code == EXIT_HOST);
    return result;
}

START_TEST(lines_of_one_series_add_up)
{
    struct bench_row *row = row_of(BENCH_QEMU, "tis", "reply");

    ck_assert_int_eq(take(BENCH_QEMU, "app| sample call tis reply 2 : 10 30"),
                     0);
    ck_assert_int_eq(take(BENCH_QEMU, "app| sample call tis reply 2 : 20"), 0);
    ck_assert_int_eq(take(BENCH_QEMU, "met: 6 of 6 domains"), 0);
    ck_assert_int_eq(rows_finish(&table), 0);
    ck_assert_uint_eq(row->stat.n, 3);
    ck_assert_double_eq(row->stat.min, 5);
    ck_assert_double_eq(row->stat.median, 10);
    ck_assert_double_eq(row->stat.max, 15);
    ck_assert_double_eq(row->samples[1], 15); /* their order stays */
    ck_assert_uint_eq(row_of(BENCH_KVM, "tis", "reply")->stat.n, 0);
}
END_TEST

START_TEST(ticks_become_time)
{
    struct bench_row *row = row_of(BENCH_KVM, "pir", "reply");

    ck_assert_int_eq(take(BENCH_KVM, "sample call pir reply 1 : 4000"), 0);
    ck_assert_int_eq(rows_finish(&table), 0);
    ck_assert_double_eq(row->stat.median, 2000);
}
END_TEST

START_TEST(what_is_no_sample_is_refused)
{
    static const char *const bad[] = {
        "sample call tis reply 1 10 20",
        "sample call tis reply 0 : 10",
        "sample call tis reply x : 10",
        "sample call tis reply 9999999 : 10",
        "sample call tis reply 1 : 10 x",
        "sample call tis reply 1 : 10x",
        "sample call tis reply 1 : 99999999999999999999999",
        "sample call cat reply 1 : 10",
        "sample call tis purr 1 : 10",
        "sample purr tis reply 1 : 10",
        "sample call tis",
        "sample ",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(take(BENCH_QEMU, bad[i]) < 0, "taken: %s", bad[i]);
    }
}
END_TEST

START_TEST(more_samples_than_there_can_be_are_refused)
{
    for (uint32_t i = 0; i < BENCH_REPEAT_MAX; i++) {
        ck_assert_int_eq(take(BENCH_QEMU, "sample call tis reply 1 : 1"), 0);
    }
    ck_assert_int_lt(take(BENCH_QEMU, "sample call tis reply 1 : 1"), 0);
}
END_TEST

START_TEST(a_blank_keeps_its_first_reason)
{
    rows_blank(&table, BENCH_KVM, "call", "no such device");
    rows_blank(&table, BENCH_KVM, NULL, "nothing was told");
    ck_assert_str_eq(row_of(BENCH_KVM, "tis", "reply")->reason,
                     "no such device");
    ck_assert_str_eq(row_of(BENCH_QEMU, "tis", "reply")->reason, "");
}
END_TEST

START_TEST(a_boundary_belongs_to_its_subject)
{
    rows_boundary(&table, BENCH_QEMU, "call", "tis", "pages");
    ck_assert_str_eq(row_of(BENCH_QEMU, "tis", "reply")->boundary, "pages");
    ck_assert_str_eq(row_of(BENCH_QEMU, "pir", "reply")->boundary, "");
}
END_TEST

/* A file of counts: `lines` of them, the first number counted up from 1. */
static struct windows *windows_of(unsigned lines, const char *last,
                                  const char **reason)
{
    char path[] = "/tmp/ambit-unit-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct windows *windows;

    for (unsigned i = 1; i <= lines; i++) {
        fprintf(file, "%u 0 0 0 0 0 0 0 0 0 0 0 7\n", i);
    }
    fputs(last, file);
    ck_assert_int_eq(fclose(file), 0);
    windows = windows_read(path, reason);
    ck_assert_int_eq(unlink(path), 0);
    return windows;
}

START_TEST(each_sample_has_its_window)
{
    struct bench_row *row = row_of(BENCH_QEMU, "tis", "reply");
    struct failure failure = {0};
    const char *reason = "";
    struct windows *windows = windows_of(3, "", &reason);

    ck_assert_ptr_nonnull(windows);
    ck_assert_int_eq(rows_take_line(&table, BENCH_QEMU,
                                    "sample call tis reply 1 : 10 20 30",
                                    windows, &failure),
                     0);
    ck_assert(windows_whole(windows));
    ck_assert_int_eq(rows_finish(&table), 0);
    ck_assert_double_eq(row->privileged_median[0], 2);
    ck_assert_double_eq(row->privileged_median[12], 7);
    ck_assert_double_eq(row->privileged[2][0], 3);
    windows_free(windows);
}
END_TEST

START_TEST(windows_that_do_not_match_are_noticed)
{
    struct failure failure = {0};
    const char *reason = "";
    struct windows *windows = windows_of(2, "", &reason);

    ck_assert(!windows_whole(windows)); /* too many */
    ck_assert_int_eq(rows_take_line(&table, BENCH_QEMU,
                                    "sample call tis reply 1 : 10 20 30",
                                    windows, &failure),
                     0);
    ck_assert(!windows_whole(windows)); /* too few */
    windows_free(windows);
    rows_uncount(&table, BENCH_QEMU);
    ck_assert_ptr_null(row_of(BENCH_QEMU, "tis", "reply")->privileged);
}
END_TEST

START_TEST(a_broken_file_of_windows_is_none)
{
    static const char *const bad[] = {"1 2 3\n", "1 0 0 0 0 0 0 0 0 0 0 0",
                                      "x\n", "1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *reason = "";

        ck_assert_ptr_null(windows_of(1, bad[i], &reason));
        ck_assert_str_ne(reason, "");
    }
}
END_TEST

Suite *suite_rows(void)
{
    Suite *suite = suite_create("rows");
    TCase *tests = tcase_create("rows");

    tcase_add_checked_fixture(tests, prepare, clean);
    tcase_add_test(tests, lines_of_one_series_add_up);
    tcase_add_test(tests, ticks_become_time);
    tcase_add_test(tests, what_is_no_sample_is_refused);
    tcase_add_test(tests, more_samples_than_there_can_be_are_refused);
    tcase_add_test(tests, a_blank_keeps_its_first_reason);
    tcase_add_test(tests, a_boundary_belongs_to_its_subject);
    tcase_add_test(tests, each_sample_has_its_window);
    tcase_add_test(tests, windows_that_do_not_match_are_noticed);
    tcase_add_test(tests, a_broken_file_of_windows_is_none);
    suite_add_tcase(suite, tests);
    return suite;
}
