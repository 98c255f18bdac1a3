/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit XML, as Jenkins (junit-plugin), GitLab and the reporters of GitHub
 * read it: testsuites/testsuite/testcase with failure, error or skipped. A
 * testsuite is a folder on an engine.
 */
#define _GNU_SOURCE
#include "suite_internal.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

struct group {
    const char *folder, *engine;
    size_t tests, failures, errors, skipped;
    uint64_t ns;
};

static const char *engine_of(const struct suite_case *one)
{
    if (!one->file->config) {
        return "config";
    }
    return suite__engine_name(one->engine);
}

static bool same_group(const struct suite_case *a, const struct suite_case *b)
{
    return strcmp(a->file->folder, b->file->folder) == 0 &&
           strcmp(engine_of(a), engine_of(b)) == 0;
}

/* An error: no verdict could be had. */
static bool is_error(const struct suite_case *one)
{
    return one->outcome == CASE_FAILED &&
           (one->exit_code == EXIT_HOST || one->exit_code == EXIT_USAGE);
}

static void count(struct group *group, const struct suite_case *one)
{
    bool failed = one->outcome == CASE_FAILED;

    group->tests++;
    group->ns += one->ns;
    group->errors += is_error(one);
    group->failures += failed && !is_error(one);
    group->skipped +=
        one->outcome == CASE_SKIPPED || one->outcome == CASE_INTERRUPTED;
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    suite__put_xml(out, value);
    fputc('"', out);
}

static void put_counts(FILE *out, const struct group *group)
{
    fprintf(out,
            " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
            "time=\"%.3f\"",
            group->tests, group->failures, group->errors, group->skipped,
            (double)group->ns / 1e9);
}

static void put_end(FILE *out, const struct suite_case *one)
{
    const char *tag = is_error(one) ? "error" : "failure";

    if (one->outcome == CASE_SKIPPED || one->outcome == CASE_INTERRUPTED) {
        fputs("      <skipped", out);
        put_attribute(out, "message", one->why);
        fputs("/>\n", out);
    } else if (one->outcome == CASE_FAILED) {
        fprintf(out, "      <%s", tag);
        put_attribute(out, "message", one->why);
        put_attribute(out, "type", suite__code_text(one->exit_code));
        fputc('>', out);
        suite__put_xml(out, one->output ? one->output : "");
        fprintf(out, "</%s>\n", tag);
    }
}

static void put_case(FILE *out, const struct suite_case *one)
{
    fputs("    <testcase", out);
    put_attribute(out, "name", one->name);
    fputs(" classname=\"", out);
    suite__put_xml(out, one->file->folder);
    fprintf(out, ".%s\" time=\"%.3f\"", engine_of(one), (double)one->ns / 1e9);
    if (one->outcome == CASE_PASSED) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    put_end(out, one);
    fputs("    </testcase>\n", out);
}

static void put_group(const struct suite *suite, size_t first, FILE *out)
{
    const struct suite_case *one = &suite->cases[first];
    struct group group = {.folder = one->file->folder,
                          .engine = engine_of(one)};
    time_t started = (time_t)suite->started_s;
    char host[65] = "", when[32] = "";
    struct tm tm;

    for (size_t i = first; i < suite->count; i++) {
        if (same_group(one, &suite->cases[i])) {
            count(&group, &suite->cases[i]);
        }
    }
    (void)gethostname(host, sizeof(host) - 1);
    if (gmtime_r(&started, &tm)) {
        strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
    }
    fputs("  <testsuite name=\"", out);
    suite__put_xml(out, group.folder);
    fprintf(out, ".%s\"", group.engine);
    put_counts(out, &group);
    put_attribute(out, "timestamp", when);
    put_attribute(out, "hostname", host);
    fputs(">\n", out);
    for (size_t i = first; i < suite->count; i++) {
        if (same_group(one, &suite->cases[i])) {
            put_case(out, &suite->cases[i]);
        }
    }
    fputs("  </testsuite>\n", out);
}

static bool seen_before(const struct suite *suite, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (same_group(&suite->cases[i], &suite->cases[index])) {
            return true;
        }
    }
    return false;
}

void suite__junit(const struct suite *suite, FILE *out)
{
    struct group all = {0};

    for (size_t i = 0; i < suite->count; i++) {
        count(&all, &suite->cases[i]);
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<testsuites name=\"ambit\"",
          out);
    put_counts(out, &all);
    fputs(">\n", out);
    for (size_t i = 0; i < suite->count; i++) {
        if (!seen_before(suite, i)) {
            put_group(suite, i, out);
        }
    }
    fputs("</testsuites>\n", out);
}
