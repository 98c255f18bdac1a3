/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit and TAP of given cases, byte by byte; files that appear by rename. */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "outfile.h"
#include "suite_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct config config;
static struct suite_file file = {.folder = (char[]){"a&b"}, .config = &config};
static struct suite_case cases[] = {{.file = &file,
                                     .name = (char[]){"x.kvm"},
                                     .outcome = CASE_PASSED,
                                     .ns = 1500000000},
                                    {.file = &file,
                                     .name = (char[]){"#1 \"<y>\".kvm"},
                                     .outcome = CASE_FAILED,
                                     .exit_code = EXIT_MISSED,
                                     .why = "it's <wrong>",
                                     .output = (char[]){"]]> & more\nsecond"}},
                                    {.file = &file,
                                     .engine = SUITE_QEMU,
                                     .name = (char[]){"x.qemu"},
                                     .outcome = CASE_SKIPPED,
                                     .why = "no #qemu"},
                                    {.file = &file,
                                     .engine = SUITE_QEMU,
                                     .name = (char[]){"y.qemu"},
                                     .outcome = CASE_FAILED,
                                     .exit_code = EXIT_HOST,
                                     .why = "host"}};
static struct suite suite = {.cases = cases, .count = 4};
static char *text;

/* Without what differs between machines. */
static void cut(const char *from, const char *to)
{
    for (char *at = strstr(text, from); at; at = strstr(at, from)) {
        char *end = strstr(at, to);

        ck_assert_ptr_nonnull(end);
        memmove(at, end, strlen(end) + 1);
    }
}

START_TEST(junit)
{
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    suite__junit(&suite, out);
    fclose(out);
    cut(" timestamp=", ">");
    ck_assert_str_eq(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"ambit\" tests=\"4\" failures=\"1\" errors=\"1\" "
        "skipped=\"1\" time=\"1.500\">\n"
        "  <testsuite name=\"a&amp;b.kvm\" tests=\"2\" failures=\"1\" "
        "errors=\"0\" skipped=\"0\" time=\"1.500\">\n"
        "    <testcase name=\"x.kvm\" classname=\"a&amp;b.kvm\" "
        "time=\"1.500\"/>\n"
        "    <testcase name=\"#1 &quot;&lt;y&gt;&quot;.kvm\" "
        "classname=\"a&amp;b.kvm\" time=\"0.000\">\n"
        "      <failure message=\"it&apos;s &lt;wrong&gt;\" type=\"an "
        "expectation missed\">]]&gt; &amp; more\nsecond</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"a&amp;b.qemu\" tests=\"2\" failures=\"0\" "
        "errors=\"1\" skipped=\"1\" time=\"0.000\">\n"
        "    <testcase name=\"x.qemu\" classname=\"a&amp;b.qemu\" "
        "time=\"0.000\">\n"
        "      <skipped message=\"no #qemu\"/>\n"
        "    </testcase>\n"
        "    <testcase name=\"y.qemu\" classname=\"a&amp;b.qemu\" "
        "time=\"0.000\">\n"
        "      <error message=\"host\" type=\"host or VMM failed\"></error>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
    free(text);
}
END_TEST

START_TEST(tap)
{
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    suite__tap_start(4, out);
    for (size_t i = 0; i < 3; i++) {
        suite__tap_case(&cases[i], i + 1, out);
    }
    suite.interrupted = 2;
    suite__tap_end(&suite, out);
    suite.interrupted = 0;
    fclose(out);
    ck_assert_str_eq(text, "TAP version 13\n1..4\n"
                           "ok 1 - x.kvm\n"
                           "  ---\n  duration_ms: 1500.000\n  ...\n"
                           "not ok 2 - \\#1 \"<y>\".kvm\n"
                           "  ---\n  duration_ms: 0.000\n  ...\n"
                           "# it's <wrong>\n# ]]> & more\n# second\n"
                           "ok 3 - x.qemu # SKIP no \\#qemu\n"
                           "  ---\n  duration_ms: 0.000\n  ...\n"
                           "Bail out! interrupted by signal 2\n");
    free(text);
}
END_TEST

START_TEST(printable)
{
    char *out = suite__printable("a\n\x1b[2J\xff\n", 8, true);

    ck_assert_str_eq(out, "a\n\\x1b[2J\\xff\n");
    free(out);
    out = suite__printable("a\nb\xef\xbf\xbf", 6, false); /* U+FFFF */
    ck_assert_str_eq(out, "a\\x0ab\\xef\\xbf\\xbf");
    free(out);
}
END_TEST

START_TEST(files_appear_whole)
{
    char folder[] = "/tmp/unit-suite-XXXXXX", path[64];
    struct failure failure = {0};
    struct outfile out;
    struct stat status;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x.xml", folder);
    ck_assert_int_eq(outfile_open(&out, path, "junit", &failure), 0);
    fputs("whole", out.out);
    ck_assert_int_eq(access(path, F_OK), -1); /* not yet */
    outfile_discard(&out);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(outfile_open(&out, path, "junit", &failure), 0);
    fputs("whole", out.out);
    ck_assert_int_eq(outfile_commit(&out, &failure), 0);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_size, 5);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left */
    ck_assert_int_eq(outfile_open(&out, path, "junit", &failure), -1);
    ck_assert_int_eq(failure.exit_code, EXIT_HOST);
    ck_assert_ptr_nonnull(strstr(failure.text, path));
    ck_assert_ptr_nonnull(strstr(failure.remedy, "--junit"));
}
END_TEST

TCase *report_case(void)
{
    TCase *tcase = tcase_create("report");

    tcase_add_test(tcase, junit);
    tcase_add_test(tcase, tap);
    tcase_add_test(tcase, printable);
    tcase_add_test(tcase, files_appear_whole);
    return tcase;
}
