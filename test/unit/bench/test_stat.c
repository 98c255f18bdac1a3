/* SPDX-License-Identifier: Apache-2.0 */
/* What samples come to, against what can be counted by hand. */
#include "suites.h"

#include "html.h"

static void is(struct bench_stat stat, uint32_t n, double min, double median,
               double p99, double max)
{
    ck_assert_uint_eq(stat.n, n);
    ck_assert_double_eq(stat.min, min);
    ck_assert_double_eq(stat.median, median);
    ck_assert_double_eq(stat.p99, p99);
    ck_assert_double_eq(stat.max, max);
}

START_TEST(nothing_is_nothing)
{
    is(bench_stat_of(NULL, 0), 0, 0, 0, 0, 0);
}
END_TEST

START_TEST(one_sample_is_all)
{
    double samples[] = {7};

    is(bench_stat_of(samples, 1), 1, 7, 7, 7, 7);
}
END_TEST

START_TEST(order_does_not_matter)
{
    double odd[] = {5, 1, 3}, even[] = {4, 1, 3, 2};

    is(bench_stat_of(odd, 3), 3, 1, 3, 5, 5);
    is(bench_stat_of(even, 4), 4, 1, 2.5, 4, 4);
}
END_TEST

/* Of 100 the 99th, of 101 the 100th, of 200 the 198th: one in a hundred lies
 * above it, and one outlier of 100 does not move it. */
START_TEST(p99_is_the_nearest_rank)
{
    double samples[200];

    for (uint32_t count = 99; count <= 200; count++) {
        for (uint32_t i = 0; i < count; i++) {
            samples[i] = count - i;
        }
        double wanted = (double)((count * 99 + 99) / 100);
        is(bench_stat_of(samples, count), count, 1, (count + 1) / 2.0, wanted,
           count);
    }
    for (uint32_t i = 0; i < 100; i++) {
        samples[i] = i == 50 ? 1e9 : 10;
    }
    is(bench_stat_of(samples, 100), 100, 10, 10, 10, 1e9);
}
END_TEST

START_TEST(numbers_are_read_easily)
{
    static const struct {
        double value;
        const char *text, *time;
    } known[] = {{0, "0", "0 ns"},
                 {6, "6", "6 ns"},
                 {6.171, "6.17", "6.17 ns"},
                 {100, "100", "100 ns"},
                 {1846, "1,846", "1.85 us"},
                 {999999, "999,999", "1000 us"},
                 {1234567, "1,234,567", "1.23 ms"},
                 {2e9, "2,000,000,000", "2 s"}};
    char text[32];

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        bench_number(known[i].value, text, sizeof(text));
        ck_assert_str_eq(text, known[i].text);
        html_time(known[i].value, text, sizeof(text));
        ck_assert_str_eq(text, known[i].time);
    }
}
END_TEST

START_TEST(an_axis_has_round_steps)
{
    ck_assert_double_eq(html_step(1, 5), 1);
    ck_assert_double_eq(html_step(6, 5), 2);
    ck_assert_double_eq(html_step(22, 5), 5);
    ck_assert_double_eq(html_step(23180, 5), 5000);
    for (double most = 1; most < 1e12; most *= 1.7) {
        double step = html_step(most, 5);

        ck_assert_double_ge(step * 5, most);
        ck_assert(step == 1 || step * 5 / 2.6 <= most);
    }
}
END_TEST

Suite *suite_stat(void)
{
    Suite *suite = suite_create("stat");
    TCase *tests = tcase_create("stat");

    tcase_add_test(tests, nothing_is_nothing);
    tcase_add_test(tests, one_sample_is_all);
    tcase_add_test(tests, order_does_not_matter);
    tcase_add_test(tests, p99_is_the_nearest_rank);
    tcase_add_test(tests, numbers_are_read_easily);
    tcase_add_test(tests, an_axis_has_round_steps);
    suite_add_tcase(suite, tests);
    return suite;
}
