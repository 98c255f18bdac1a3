/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering needs, closing descriptors, and what is reported. */
#define _GNU_SOURCE
#include "child.h"
#include "sandbox_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int overfull(void *argument)
{
    struct sandbox_report report;
    struct failure failure = {0};
    struct sandbox sandbox;
    const struct sandbox_rule rule = {.call = SYS_read};

    sandbox_init(&sandbox);
    for (unsigned i = 0; i < SANDBOX_RULES + SANDBOX_KEPT; i++) {
        if (argument) {
            sandbox_allow(&sandbox, &rule, 1);
        } else {
            sandbox_keep(&sandbox, (int)i + 10);
        }
    }
    return sandbox_apply(&sandbox, &report, &failure) < 0 &&
                   failure.exit_code == EXIT_HOST &&
                   strstr(failure.text, "than fit")
               ? 42
               : 1;
}

START_TEST(what_does_not_fit_is_refused)
{
    int one = 1;

    ck_assert(child_exited(child_run(false, overfull, &one), 42));
    ck_assert(child_exited(child_run(false, overfull, NULL), 42));
}
END_TEST

START_TEST(kept_ones_are_in_order)
{
    struct sandbox sandbox;

    sandbox_init(&sandbox);
    sandbox_keep(&sandbox, 9);
    sandbox_keep(&sandbox, -1);
    sandbox_keep(&sandbox, 5);
    ck_assert_uint_eq(sandbox.kept, 5);
    for (size_t i = 1; i < sandbox.kept; i++) {
        ck_assert_int_lt(sandbox.keep[i - 1], sandbox.keep[i]);
    }
}
END_TEST

/* Opens some, keeps two of them, twice one. */
static int close_some(void *argument)
{
    struct sandbox sandbox = {0};
    struct sandbox_layer layer;

    (void)argument;
    for (int fd = 3; fd < 12; fd++) {
        if (dup2(0, fd) != fd) {
            return 1;
        }
    }
    sandbox_init(&sandbox);
    sandbox_keep(&sandbox, 7);
    sandbox_keep(&sandbox, 4);
    sandbox_keep(&sandbox, 4);
    sandbox__descriptors(&sandbox, &layer);
    if (layer.state != SANDBOX_APPLIED) {
        return 77;
    }
    for (int fd = 0; fd < 64; fd++) {
        bool keep = fd < 3 || fd == 4 || fd == 7;

        if ((fcntl(fd, F_GETFD) >= 0) != keep) {
            return fd;
        }
    }
    return 42;
}

START_TEST(all_others_are_closed)
{
    int status = child_run(false, close_some, NULL);

    ck_assert_msg(child_exited(status, 42) || child_exited(status, 77),
                  "status %x", (unsigned)status);
}
END_TEST

static int apply_and_say(void *argument)
{
    struct sandbox_report *wanted = argument, report;
    struct failure failure;
    struct sandbox sandbox;

    sandbox_init(&sandbox);
    if (sandbox_apply(&sandbox, &report, &failure) < 0) {
        return 1;
    }
    return report.seccomp.state == wanted->seccomp.state &&
                   report.landlock.state == wanted->landlock.state &&
                   report.descriptors.state == wanted->descriptors.state &&
                   *report.seccomp.detail && *report.landlock.detail &&
                   *report.descriptors.detail
               ? 42
               : 2;
}

START_TEST(a_probe_says_what_applying_finds)
{
    struct sandbox_report report;

    sandbox_probe(&report);
    ck_assert_str_eq(sandbox_state_name(SANDBOX_UNAVAILABLE), "unavailable");
    ck_assert(child_exited(child_run(false, apply_and_say, &report), 42));
    /* It changed nothing: this process can still open. */
    ck_assert_int_ge(open("/dev/null", O_RDONLY), 0);
}
END_TEST

Suite *suite_sandbox(void)
{
    Suite *suite = suite_create("sandbox");
    TCase *tests = tcase_create("sandbox");

    tcase_add_test(tests, what_does_not_fit_is_refused);
    tcase_add_test(tests, kept_ones_are_in_order);
    tcase_add_test(tests, all_others_are_closed);
    tcase_add_test(tests, a_probe_says_what_applying_finds);
    suite_add_tcase(suite, tests);
    return suite;
}
