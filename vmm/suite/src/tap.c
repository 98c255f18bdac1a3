/* SPDX-License-Identifier: Apache-2.0 */
/* TAP version 13 (testanything.org). */
#include "suite_internal.h"

/* One line; what would begin a directive is escaped. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '#' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
}

static void put_comment(FILE *out, const char *text)
{
    bool start = true;

    for (; *text; text++) {
        if (start) {
            fputs("# ", out);
        }
        fputc(*text, out);
        start = *text == '\n';
    }
    fputs(start ? "" : "\n", out);
}

void suite__tap_start(size_t count, FILE *out)
{
    fprintf(out, "TAP version 13\n1..%zu\n", count);
}

void suite__tap_case(const struct suite_case *one, size_t number, FILE *out)
{
    if (one->outcome == CASE_INTERRUPTED) {
        return; /* the bail-out says so */
    }
    fprintf(out, "%s %zu - ", one->outcome == CASE_FAILED ? "not ok" : "ok",
            number);
    put_text(out, one->name);
    if (one->outcome == CASE_SKIPPED) {
        fputs(" # SKIP ", out);
        put_text(out, one->why);
    }
    fputc('\n', out);
    fprintf(out, "  ---\n  duration_ms: %.3f\n  ...\n", (double)one->ns / 1e6);
    if (one->outcome == CASE_FAILED) {
        put_comment(out, one->why);
        put_comment(out, one->output ? one->output : "");
    }
}

void suite__tap_end(const struct suite *suite, FILE *out)
{
    if (suite->interrupted) {
        fprintf(out, "Bail out! interrupted by signal %d\n",
                suite->interrupted);
    }
}
