/* SPDX-License-Identifier: Apache-2.0 */
/* A late file is there whole or not at all, whatever happens. */
#define _GNU_SOURCE
#include "child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <host/late_file.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/late-file-XXXXXX";
static char path[64];

static void set_up(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/file", folder);
}

static void tear_down(void)
{
    (void)unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* so nothing else was left */
}

static void put(const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void holds(const char *text)
{
    char found[64] = "";
    FILE *file = fopen(path, "r");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_le(fread(found, 1, sizeof(found) - 1, file), sizeof(found));
    fclose(file);
    ck_assert_str_eq(found, text);
}

static unsigned names(void)
{
    DIR *list = opendir(folder);
    unsigned count = 0;

    ck_assert_ptr_nonnull(list);
    while (readdir(list)) {
        count++;
    }
    closedir(list);
    return count - 2; /* . and .. */
}

START_TEST(a_commit_gives_it_its_name)
{
    struct late_file file;
    struct failure failure = {0};
    struct stat status;
    mode_t mask = umask(0027);

    put("old");
    ck_assert_int_eq(late_file_open(&file, path, &failure), 0);
    holds("old");
    ck_assert_int_eq(late_file_write(&file, "new", 3, &failure), 0);
    holds("old");
    ck_assert_int_eq(late_file_commit(&file, &failure), 0);
    holds("new");
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0640);
    late_file_drop(&file); /* does nothing any more */
    ck_assert_uint_eq(names(), 1);
    umask(mask);
}
END_TEST

START_TEST(a_drop_leaves_nothing)
{
    struct late_file file;
    struct failure failure = {0};

    put("old");
    ck_assert_int_eq(late_file_open(&file, path, &failure), 0);
    ck_assert_uint_eq(names(), 2);
    ck_assert_int_eq(late_file_write(&file, "new", 3, &failure), 0);
    late_file_drop(&file);
    ck_assert_uint_eq(names(), 1);
    holds("old");
}
END_TEST

static int commit_confined(void *argument)
{
    struct sandbox_report report;
    struct failure failure;
    struct sandbox sandbox;
    struct late_file file;

    (void)argument;
    if (late_file_open(&file, path, &failure) < 0) {
        return 1;
    }
    sandbox_init(&sandbox);
    late_file_confine(&file, &sandbox);
    if (sandbox_apply(&sandbox, &report, &failure) < 0 ||
        late_file_write(&file, "late", 4, &failure) < 0 ||
        late_file_commit(&file, &failure) < 0) {
        return 2;
    }
    return 42;
}

START_TEST(it_works_in_the_sandbox)
{
    int status = child_run(false, commit_confined, NULL);

    ck_assert_msg(child_exited(status, 42), "status %x", (unsigned)status);
    holds("late");
}
END_TEST

static int die(void *argument)
{
    struct failure failure;
    struct late_file file;

    (void)argument;
    if (late_file_open(&file, path, &failure) < 0 ||
        late_file_write(&file, "half", 4, &failure) < 0) {
        return 1;
    }
    raise(SIGKILL);
    return 2;
}

START_TEST(who_is_killed_leaves_nothing)
{
    ck_assert(child_killed(child_run(false, die, NULL), SIGKILL));
    for (unsigned i = 0; names() && i < 1000; i++) {
        usleep(10000); /* the keeper sees the end soon */
    }
    ck_assert_uint_eq(names(), 0);
}
END_TEST

static void refused(const char *where, const char *why)
{
    struct failure failure = {0};
    struct late_file file;

    ck_assert_int_eq(late_file_open(&file, where, &failure), -1);
    ck_assert_int_eq(failure.exit_code, EXIT_HOST);
    ck_assert_msg(strstr(failure.text, where) && strstr(failure.text, why),
                  "%s", failure.text);
    ck_assert_ptr_null(file.path);
}

START_TEST(a_bad_place_is_refused_early)
{
    refused("/nonexistent/file", "No such file");
    refused(folder, "directory");
}
END_TEST

START_TEST(a_device_is_written_as_it_is)
{
    struct failure failure = {0};
    struct late_file file;

    ck_assert_int_eq(late_file_open(&file, "/dev/null", &failure), 0);
    ck_assert_int_eq(late_file_write(&file, "x", 1, &failure), 0);
    ck_assert_int_eq(late_file_commit(&file, &failure), 0);
    ck_assert_int_eq(late_file_open(&file, "/dev/full", &failure), 0);
    ck_assert_int_eq(late_file_write(&file, "x", 1, &failure), -1);
    ck_assert_msg(strstr(failure.text, "/dev/full: No space") != NULL, "%s",
                  failure.text);
    ck_assert_str_ne(failure.remedy, "");
}
END_TEST

/* The name has become a folder meanwhile: nothing can take its place. */
START_TEST(a_commit_that_fails_says_so)
{
    struct failure failure = {0};
    struct late_file file;

    ck_assert_int_eq(late_file_open(&file, path, &failure), 0);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(late_file_commit(&file, &failure), -1);
    ck_assert_msg(strstr(failure.text, "directory") != NULL, "%s",
                  failure.text);
    ck_assert_uint_eq(names(), 1);
    ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

Suite *suite_late_file(void)
{
    Suite *suite = suite_create("late file");
    TCase *tests = tcase_create("late file");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, a_commit_gives_it_its_name);
    tcase_add_test(tests, a_drop_leaves_nothing);
    tcase_add_test(tests, it_works_in_the_sandbox);
    tcase_add_test(tests, who_is_killed_leaves_nothing);
    tcase_add_test(tests, a_bad_place_is_refused_early);
    tcase_add_test(tests, a_device_is_written_as_it_is);
    tcase_add_test(tests, a_commit_that_fails_says_so);
    suite_add_tcase(suite, tests);
    return suite;
}
