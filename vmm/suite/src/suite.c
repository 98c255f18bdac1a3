/* SPDX-License-Identifier: Apache-2.0 */
/* From operands to an exit code. */
#include "outfile.h"
#include "suite_internal.h"

#include <string.h>
#include <time.h>

/* Where a suite's reports go. */
struct reports {
    struct show show;
    struct outfile junit, tap;
    FILE *tap_out; /* the file's, standard output, or null */
};

static int say(const struct failure *failure)
{
    fprintf(stderr, "ambit: %s\n", failure->text);
    if (*failure->remedy) {
        fprintf(stderr, "  %s\n", failure->remedy);
    }
    return failure->exit_code;
}

static int open_reports(struct reports *reports, const struct suite *suite,
                        struct failure *failure)
{
    const struct suite_options *options = suite->options;
    bool standard = options->tap && strcmp(options->tap, "-") == 0;

    if (options->junit &&
        outfile_open(&reports->junit, options->junit, "junit", failure) < 0) {
        return -1;
    }
    if (options->tap && !standard &&
        outfile_open(&reports->tap, options->tap, "tap", failure) < 0) {
        return -1;
    }
    reports->tap_out = standard ? stdout : reports->tap.out;
    return 0;
}

static void on_case(void *context, const struct suite_case *one, size_t number)
{
    struct reports *reports = context;

    if (reports->tap_out) {
        suite__tap_case(one, number, reports->tap_out);
        fflush(reports->tap_out);
    }
    show_case(&reports->show, one);
}

static void on_idle(void *context)
{
    struct reports *reports = context;

    show_progress(&reports->show);
}

/* Writes the files; what can't be written is worse than a pass. */
static int conclude(struct suite *suite, struct reports *reports)
{
    struct suite_tally tally = suite__tally(suite);
    struct failure failure = {0};

    if (reports->tap_out) {
        suite__tap_end(suite, reports->tap_out);
    }
    if (reports->junit.out) {
        suite__junit(suite, reports->junit.out);
    }
    if (outfile_commit(&reports->junit, &failure) < 0) {
        tally.exit_code = suite__graver(tally.exit_code, say(&failure));
    }
    if (outfile_commit(&reports->tap, &failure) < 0) {
        tally.exit_code = suite__graver(tally.exit_code, say(&failure));
    }
    show_end(&reports->show, &tally);
    return tally.exit_code;
}

static int run(struct suite *suite, struct reports *reports,
               struct failure *failure)
{
    struct loop_calls calls = {on_case, on_idle, reports};

    if (suite__collect(suite->options, &suite->files, failure) < 0 ||
        suite__plan(suite, failure) < 0 ||
        open_reports(reports, suite, failure) < 0 ||
        suite__folder_open(suite, failure) < 0) {
        return -1;
    }
    show_start(&reports->show, suite);
    if (reports->tap_out) {
        suite__tap_start(suite->count, reports->tap_out);
    }
    return suite__loop(suite, &calls, failure);
}

int suite_run(const struct suite_options *options)
{
    struct suite suite = {.options = options,
                          .started_ns = suite__now(),
                          .started_s = (int64_t)time(NULL)};
    struct reports reports = {0};
    struct failure failure = {0};
    int exit_code = run(&suite, &reports, &failure) == 0
                        ? conclude(&suite, &reports)
                        : say(&failure);

    outfile_discard(&reports.junit);
    outfile_discard(&reports.tap);
    suite__folder_close(&suite);
    suite__cases_free(&suite);
    suite__files_free(&suite.files);
    return exit_code;
}
