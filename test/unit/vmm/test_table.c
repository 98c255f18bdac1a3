/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "scene.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define FOOTNOTE                                                               \
    "instructions: not counted on this substrate; run with --engine qemu "     \
    "--icount\n"

static void setup(void)
{
    scene_load("ambit: 1\ndomains:\n"
               "  child: {parent: app, kind: process}\n"
               "  app: {kind: process, program: hello}\n"
               "  guard: {parent: app, kind: tis}\n");
}

static void print(FILE *out)
{
    table_print(&scene.run, out);
}

static void is(const char *expected)
{
    char *text = scene_text(print);

    ck_assert_str_eq(text, expected);
    free(text);
}

static struct shared_report *report(uint32_t about, const char *key,
                                    const char *value)
{
    struct shared_report *r =
        &scene.shared->reports[scene.run.snapshot.reports++];

    memset(r, 0, sizeof(*r));
    r->about = about;
    memcpy(r->key, key, strnlen(key, sizeof(r->key) - 1));
    memcpy(r->value, value, strnlen(value, sizeof(r->value) - 1));
    return r;
}

static void report_number(uint32_t about, const char *key, uint64_t number)
{
    struct shared_report *r = report(about, key, "");

    r->kind = REPORT_INSTRUCTIONS;
    r->number = number;
}

START_TEST(nothing_reported)
{
    is("");
}
END_TEST

/* Rows as the config declares them; the create column before counts. */
START_TEST(layout)
{
    uint32_t guard = scene_domain("guard"), child = scene_domain("child");

    report(guard, "app.heap", "rw");
    report(guard, "own stack from app", "fault");
    report_number(guard, "call instructions", 412);
    report(child, "app.heap", "fault");
    report(child, "app.heap", "not found"); /* the last one counts */
    scene.run.engine_options.icount = true;
    scene.shared->domains[guard].create_ticks = 12345;
    scene.shared->domains[child].create_ticks = 7;
    is("domain  kind     app.heap   own stack  create        call\n"
       "                            from app   instructions  instructions\n"
       "child   process  not found             7\n"
       "guard   tis      rw         fault      12345         412\n");
}
END_TEST

START_TEST(numbers_only_where_they_are_counted)
{
    uint32_t guard = scene_domain("guard");

    report_number(guard, "call", 412);
    scene.shared->domains[guard].create_ticks = 12345;
    is("domain  kind  create        call\n"
       "              instructions\n"
       "guard   tis\n" FOOTNOTE);
}
END_TEST

START_TEST(hostile_reports)
{
    report(scene_domain("guard"), "\x1b[2J", "a\nb");
    report(77, "nobody", "x");
    report(0xffffffffu, "nobody", "x");
    is("domain  kind  \\x1b[2J  create\n"
       "                       instructions\n"
       "guard   tis   a\\x0ab\n" FOOTNOTE);
}
END_TEST

START_TEST(wide_characters_align)
{
    report(scene_domain("guard"), "k", "\xc3\xbc\xc3\xbc\xc3\xbc");
    report(scene_domain("child"), "k", "x");
    is("domain  kind     k    create\n"
       "                      instructions\n"
       "child   process  x\n"
       "guard   tis      \xc3\xbc\xc3\xbc\xc3\xbc\n" FOOTNOTE);
}
END_TEST

/* Its title is empty, and not what is left of the one before. */
START_TEST(empty_key)
{
    report(scene_domain("guard"), "aa bb cc", "w");
    report(scene_domain("guard"), "", "v");
    is("domain  kind  aa bb     create\n"
       "              cc        instructions\n"
       "guard   tis   w      v\n" FOOTNOTE);
}
END_TEST

START_TEST(more_keys_than_columns)
{
    char key[48]; /* room for any int: gcc at -O1 insists */
    char *text;

    for (int i = 0; i < 40; i++) {
        snprintf(key, sizeof(key), "key %d of a long name here", i);
        report(
            scene_domain("guard"), key,
            "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01");
    }
    text = scene_text(print);
    ck_assert_ptr_nonnull(
        strstr(text, "11 reports under further keys are not shown\n"));
    free(text);
}
END_TEST

START_TEST(random_reports)
{
    srand(5);
    for (int i = 0; i < 60; i++) {
        uint8_t *bytes = (uint8_t *)scene.shared->reports;
        for (size_t k = 0; k < sizeof(scene.shared->reports); k++) {
            bytes[k] = (uint8_t)(rand() % 3 ? rand() : 0);
        }
        scene.run.snapshot.reports = SHARED_REPORTS;
        for (uint32_t k = 0; k < SHARED_REPORTS; k++) {
            struct shared_report *r = &scene.shared->reports[k];
            r->about = rand() % 4 ? (uint32_t)rand() % 4 : r->about;
            r->key[SHARED_NAME - 1] = r->value[SHARED_NAME - 1] = '\0';
        }
        free(scene_text(print));
    }
}
END_TEST

Suite *suite_table(void)
{
    Suite *suite = suite_create("table");
    TCase *all = tcase_create("table");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, setup, scene_free);
    tcase_add_test(all, nothing_reported);
    tcase_add_test(all, layout);
    tcase_add_test(all, numbers_only_where_they_are_counted);
    tcase_add_test(all, hostile_reports);
    tcase_add_test(all, wide_characters_align);
    tcase_add_test(all, empty_key);
    tcase_add_test(all, more_keys_than_columns);
    tcase_add_test(all, random_reports);
    suite_add_tcase(suite, all);
    return suite;
}
