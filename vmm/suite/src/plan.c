/* SPDX-License-Identifier: Apache-2.0 */
/* Files to cases. */
#define _GNU_SOURCE
#include "suite_internal.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

const char *suite__engine_name(enum suite_engine engine)
{
    static const char *const names[] = {
        [SUITE_KVM] = "kvm", [SUITE_QEMU] = "qemu"};

    return names[engine];
}

/* What a file that cannot be read prints instead of cases. */
static void load(const struct suite_options *options, struct suite_file *file)
{
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    size_t bytes = 0;
    FILE *out;

    file->config = config_load(file->path, options->overrides,
                               options->override_count, &diagnostics, &failure);
    if (!file->config) {
        file->refused_code = failure.exit_code ? failure.exit_code : EXIT_USAGE;
        out = open_memstream(&file->refused, &bytes);
        if (out) {
            diagnostics_print(&diagnostics, out);
            fputs(failure.text, out);
            fclose(out);
        }
    }
    diagnostics_free(&diagnostics);
}

/* A slot for one more case; null: no memory. */
static struct suite_case *new_case(struct suite *suite)
{
    size_t count = suite->count + 1;
    struct suite_case *list;

    /* Grown at powers of two, from 1 on. */
    if ((suite->count & (suite->count - 1)) == 0) {
        list = reallocarray(suite->cases, suite->count ? 2 * suite->count : 1,
                            sizeof(*list));
        if (!list) {
            return NULL;
        }
        suite->cases = list;
    }
    memset(&suite->cases[suite->count], 0, sizeof(*suite->cases));
    suite->count = count;
    return &suite->cases[count - 1];
}

/* "tis.kvm control open" and "tis.kvm.control-open.json". */
static int name_case(struct suite_case *one, const char *kind, const char *what)
{
    const char *engine =
        one->file->config ? suite__engine_name(one->engine) : "";
    const char *dot = *engine ? "." : "";
    char *name =
        suite__printable(one->file->name, strlen(one->file->name), false);
    int rc = name ? 0 : -1;

    if (rc == 0 && *kind) {
        rc =
            asprintf(&one->name, "%s%s%s %s %s", name, dot, engine, kind, what);
    } else if (rc == 0) {
        rc = asprintf(&one->name, "%s%s%s", name, dot, engine);
    }
    free(name);
    if (rc >= 0 && *kind) {
        rc = asprintf(&one->file_name, "%s%s%s.%s-%s.json", one->file->name,
                      dot, engine, kind, what);
    } else if (rc >= 0) {
        rc = asprintf(&one->file_name, "%s%s%s.json", one->file->name, dot,
                      engine);
    }
    return rc < 0 ? -1 : 0;
}

/* A case that runs `end`; null: no memory. */
static struct suite_case *add(struct suite *suite,
                              const struct suite_file *file,
                              enum suite_engine engine, const char *kind,
                              const char *what)
{
    struct suite_case *one = new_case(suite);

    if (!one) {
        return NULL;
    }
    one->file = file;
    one->engine = engine;
    return name_case(one, kind, what) < 0 ? NULL : one;
}

static int add_refused(struct suite *suite, const struct suite_file *file)
{
    struct suite_case *one = add(suite, file, SUITE_KVM, "", "");

    if (!one) {
        return -1;
    }
    one->outcome = CASE_FAILED;
    one->exit_code = file->refused_code;
    snprintf(one->why, sizeof(one->why), "the config cannot be used");
    one->output = file->refused ? suite__printable(file->refused,
                                                   strlen(file->refused), true)
                                : NULL;
    return 0;
}

static void skip_engine(struct suite_case *one)
{
    one->outcome = CASE_SKIPPED;
    snprintf(one->why, sizeof(one->why),
             "its config names other engines (test.engines)");
}

static int add_on(struct suite *suite, const struct suite_file *file,
                  enum suite_engine engine)
{
    const struct config_test *test = &file->config->test;
    struct suite_case *one = add(suite, file, engine, "", "");

    if (!one) {
        return -1;
    }
    one->end = test->end;
    if ((test->engines & 1u << engine) == 0) {
        skip_engine(one);
        return 0;
    }
    for (uint32_t i = 0; i < test->control_count; i++) {
        one = add(suite, file, engine, "control", test->controls[i].name.text);
        if (!one) {
            return -1;
        }
        one->kind = CASE_CONTROL;
        one->control = &test->controls[i];
        one->end = test->controls[i].end;
    }
    for (uint32_t i = 0;
         test->guards_on & 1u << engine && i < test->guard_count; i++) {
        one = add(suite, file, engine, "without", test->guards[i].name.text);
        if (!one) {
            return -1;
        }
        one->kind = CASE_GUARD;
        one->guard = &test->guards[i];
        one->end.exit = test->guards[i].exit;
    }
    return 0;
}

static enum suite_engine lowest(unsigned bits)
{
    return bits & 1u << SUITE_KVM ? SUITE_KVM : SUITE_QEMU;
}

/* On which engines; with one that does not work, the run says why. */
static unsigned engines_of(const struct suite_options *options,
                           const struct suite_file *file)
{
    unsigned named = options->engines & file->config->test.engines;

    if (options->pick_one && (named & options->usable) != 0) {
        return 1u << lowest(named & options->usable);
    }
    if (options->pick_one || named == 0) {
        return 1u << lowest(named ? named : options->engines);
    }
    return named;
}

bool suite__matches(const char *filter, const char *name)
{
    if (strpbrk(filter, "*?[")) {
        return fnmatch(filter, name, 0) == 0;
    }
    return strstr(name, filter) != NULL;
}

static void free_case(struct suite_case *one)
{
    free(one->name);
    free(one->file_name);
    free(one->output);
}

/* Leaves the cases that the filter names. */
static int apply_filter(struct suite *suite, struct failure *failure)
{
    const char *filter = suite->options->filter;
    size_t count = 0;

    for (size_t i = 0; filter && i < suite->count; i++) {
        if (suite__matches(filter, suite->cases[i].name)) {
            suite->cases[count++] = suite->cases[i];
        } else {
            free_case(&suite->cases[i]);
        }
    }
    suite->count = filter ? count : suite->count;
    if (suite->count) {
        return 0;
    }
    failure_set(failure, EXIT_USAGE, "--filter '%s' leaves no test", filter);
    failure_remedy(failure, "a pattern is a part of a test's name, or one "
                            "with * and ? for all of it");
    return -1;
}

int suite__plan(struct suite *suite, struct failure *failure)
{
    for (size_t i = 0; i < suite->files.count; i++) {
        struct suite_file *file = &suite->files.list[i];
        int rc = 0;

        load(suite->options, file);
        if (!file->config) {
            rc = add_refused(suite, file);
        }
        for (unsigned e = 0; file->config && rc == 0 && e < SUITE_ENGINES;
             e++) {
            if (engines_of(suite->options, file) & 1u << e) {
                rc = add_on(suite, file, (enum suite_engine)e);
            }
        }
        if (rc < 0) {
            return failure_set(failure, EXIT_HOST, "out of memory");
        }
    }
    return apply_filter(suite, failure);
}

void suite__cases_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        free_case(&suite->cases[i]);
    }
    free(suite->cases);
    suite->cases = NULL;
    suite->count = 0;
}
