/* SPDX-License-Identifier: Apache-2.0 */
/* What people see. */
#define _GNU_SOURCE
#include "suite_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_NS 100000000ull
#define SLOWEST 5
#define COLUMNS_MAX 400u

static double seconds(uint64_t ns)
{
    return (double)ns / 1e9;
}

void show_start(struct show *show, const struct suite *suite)
{
    const char *term = getenv("TERM");
    const char *tap = suite->options->tap;

    memset(show, 0, sizeof(*show));
    show->suite = suite;
    show->out = tap && strcmp(tap, "-") == 0 ? stderr : stdout;
    show->terminal = isatty(fileno(show->out)) && term &&
                     strcmp(term, "dumb") != 0 && !suite->options->quiet;
}

static void clear(struct show *show)
{
    if (show->drawn) {
        fputs("\r\x1b[K", show->out);
        show->drawn = false;
    }
}

static void put_indented(FILE *out, const char *text)
{
    bool start = true;

    for (; *text; text++) {
        if (start && *text != '\n') {
            fputs("    ", out);
        }
        fputc(*text, out);
        start = *text == '\n';
    }
    fputs(start ? "" : "\n", out);
}

/* Passed ones are worth a line in a log, and none on a terminal. */
static bool is_shown(const struct show *show, const struct suite_case *one)
{
    const struct suite_options *options = show->suite->options;

    if (one->outcome == CASE_FAILED) {
        return true;
    }
    return one->outcome != CASE_INTERRUPTED && !options->quiet &&
           (!show->terminal || options->verbose ||
            one->outcome == CASE_SKIPPED);
}

void show_case(struct show *show, const struct suite_case *one)
{
    show->finished++;
    show->failed += one->outcome == CASE_FAILED;
    if (!is_shown(show, one)) {
        return;
    }
    clear(show);
    if (one->outcome == CASE_PASSED) {
        fprintf(show->out, "ok %s (%.2f s)\n", one->name, seconds(one->ns));
    } else {
        fprintf(show->out, "%s %s: %s\n",
                one->outcome == CASE_FAILED ? "FAILED" : "SKIP", one->name,
                one->why);
    }
    if (one->output) {
        put_indented(show->out, one->output);
    }
    fflush(show->out);
}

static size_t columns(FILE *out)
{
    struct winsize size = {0};

    if (ioctl(fileno(out), TIOCGWINSZ, &size) < 0 || size.ws_col < 20) {
        return 79;
    }
    return size.ws_col - 1u < COLUMNS_MAX ? size.ws_col - 1u : COLUMNS_MAX;
}

void show_progress(struct show *show)
{
    const struct suite *suite = show->suite;
    uint64_t now = suite__now();
    char line[COLUMNS_MAX + 1];
    const char *before = "running ";
    size_t used, width = columns(show->out);

    if (!show->terminal || now - show->last_ns < REDRAW_NS) {
        return;
    }
    show->last_ns = now;
    used = (size_t)snprintf(line, width, "[%zu/%zu] ", show->finished,
                            suite->count);
    if (show->failed && used < width) {
        used += (size_t)snprintf(line + used, width - used, "%zu failed, ",
                                 show->failed);
    }
    for (size_t i = 0; i < suite->count && used < width; i++) {
        if (suite->cases[i].outcome == CASE_RUNNING) {
            used += (size_t)snprintf(line + used, width - used, "%s%s", before,
                                     suite->cases[i].name);
            before = ", ";
        }
    }
    fprintf(show->out, "\r%s\x1b[K", line);
    fflush(show->out);
    show->drawn = true;
}

static void put_slowest(const struct show *show)
{
    const struct suite *suite = show->suite;
    const struct suite_case *last = NULL;

    if (suite->count <= SLOWEST) {
        return;
    }
    for (unsigned n = 0; n < SLOWEST; n++) {
        const struct suite_case *next = NULL;

        for (size_t i = 0; i < suite->count; i++) {
            const struct suite_case *one = &suite->cases[i];
            bool after = !last || one->ns < last->ns ||
                         (one->ns == last->ns && one > last);

            if (after && one != last && (!next || one->ns > next->ns)) {
                next = one;
            }
        }
        if (!next || next->ns == 0) {
            break;
        }
        fprintf(show->out, "%s%s %.2f s", n ? ", " : "slowest: ", next->name,
                seconds(next->ns));
        last = next;
    }
    fputs(last ? "\n" : "", show->out);
}

void show_end(struct show *show, const struct suite_tally *tally)
{
    const struct suite *suite = show->suite;

    clear(show);
    if (!suite->options->quiet) {
        put_slowest(show);
        fprintf(show->out, "%zu runs in %.2f s, up to %u at a time\n",
                suite->count, seconds(suite__now() - suite->started_ns),
                suite->options->jobs);
    }
    for (size_t i = 0; tally->failed && i < suite->count; i++) {
        if (suite->count > 1 && suite->cases[i].outcome == CASE_FAILED) {
            fprintf(show->out, "failed: %s\n", suite->cases[i].name);
        }
    }
    if (suite->interrupted) {
        fprintf(show->out, "interrupted: %zu did not end\n",
                tally->interrupted);
    }
    fprintf(show->out, "%zu passed, %zu failed, %zu skipped\n", tally->passed,
            tally->failed, tally->skipped);
    fflush(show->out);
}
