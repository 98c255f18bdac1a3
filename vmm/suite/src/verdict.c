/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include "child.h"

#include <host/escape.h>
#include <stdarg.h>
#include <sys/wait.h>

/* Longer than any `why`. What is put into it may come from a config or from a
 * domain: it is made printable, and cut between characters. */
#define WHY_MAX 1024u

__attribute__((format(printf, 3, 4))) static void
fail(struct suite_case *one, int exit_code, const char *format, ...)
{
    char text[WHY_MAX];
    va_list list;

    one->outcome = CASE_FAILED;
    one->exit_code = exit_code;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    escape_string(text, one->why, sizeof(one->why));
}

/* What the wrong end of a run means for the whole. With defences taken away
 * what came through is no violation, and nothing came through no pass. */
static int meaning(const struct suite_case *one, int code)
{
    bool host = code == EXIT_HOST || code == EXIT_USAGE;

    if (code == EXIT_MET || (one->kind != CASE_RUN && !host)) {
        return EXIT_MISSED;
    }
    return suite__graver(code, code);
}

static void wrong_code(struct suite_case *one, int code, const char *message)
{
    const char *lesson = "";

    if (one->kind == CASE_CONTROL && code == EXIT_MET) {
        lesson = ": the test does not notice what its control changes";
    } else if (one->kind == CASE_GUARD && code == EXIT_MET) {
        lesson = ": it is stopped without the guard, too";
    }
    fail(one, meaning(one, code), "exit code %d (%s) instead of %d%s%s%s", code,
         suite__code_text(code), one->end.exit, lesson, *message ? ": " : "",
         message);
}

/*
 * Runs that ended by themselves have results, and the audit's look. Without a
 * guard an attack may have written where the kernel keeps what the audit reads.
 */
static void judge_facts(struct suite_case *one, int code,
                        const struct facts *facts)
{
    if (code != EXIT_MET && code != EXIT_MISSED && code != EXIT_VIOLATED) {
        return;
    }
    if (!facts->there) {
        fail(one, EXIT_HOST, "it left no results");
    } else if (facts->exit != code) {
        fail(one, EXIT_HOST, "its results say exit code %d, not %d",
             facts->exit, code);
    } else if (one->kind != CASE_GUARD &&
               (!facts->audited || facts->pages == 0)) {
        fail(one, EXIT_HOST, "the audit saw no page");
    } else if (facts->violations && code != EXIT_VIOLATED) {
        fail(one, EXIT_VIOLATED, "the audit found %llu violations",
             (unsigned long long)facts->violations);
    }
}

static void judge_exit(struct suite_case *one, const struct ending *ending)
{
    int code = WEXITSTATUS(ending->status);

    if (code == EXIT_UNAVAILABLE) {
        one->outcome = CASE_SKIPPED;
        escape_string(*ending->message ? ending->message : "exit code 77",
                      one->why, sizeof(one->why));
    } else if (code == CHILD_NOT_EXECUTED) {
        fail(one, EXIT_HOST, "%s", ending->message);
    } else if (code != one->end.exit) {
        wrong_code(one, code, ending->message);
    } else if (ending->unsaid) {
        fail(one, EXIT_MISSED, "does not say '%s'", ending->unsaid);
    } else {
        one->outcome = CASE_PASSED;
        judge_facts(one, code, &ending->facts);
    }
}

void verdict(struct suite_case *one, const struct ending *ending)
{
    if (ending->asked) {
        one->outcome = CASE_INTERRUPTED;
        snprintf(one->why, sizeof(one->why), "interrupted");
    } else if (ending->late) {
        fail(one, EXIT_TIMEOUT,
             "did not end when its time was up, and was killed");
    } else if (WIFSIGNALED(ending->status)) {
        fail(one, EXIT_HOST, "ambit was ended by signal %d",
             WTERMSIG(ending->status));
    } else {
        judge_exit(one, ending);
    }
}
