/* SPDX-License-Identifier: Apache-2.0 */
/* Which guards the kernel has, and what each stops. */
#include "command.h"
#include "guards.h"
#include "json_file.h"
#include "results.h"
#include "results_parts.h"
#include "run.h"

#include <string.h>

static json_t *make_json(void)
{
    struct results results = {0};
    json_t *out = json_object();
    json_t *list = json_array();

    for (uint32_t i = 1; i < GUARD_COUNT; i++) {
        const struct guard_row *row = guards_row(i);
        json_t *guard = json_object();

        results_set(&results, guard, "number", json_integer(i));
        results_set(&results, guard, "name", json_string(row->name));
        results_set(&results, guard, "stops", json_string(row->text));
        results_append(&results, list, guard);
    }
    results_set(&results, out, "schema", json_integer(RESULTS_SCHEMA));
    results_set(&results, out, "guards", list);
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static int write_json(const char *path)
{
    struct failure failure = {0};
    json_t *value = make_json();

    if (!value) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
        return run_say_failure(&failure);
    }
    if (json_file_write(value, path, &failure) < 0) {
        json_decref(value);
        return run_say_failure(&failure);
    }
    json_decref(value);
    return EXIT_MET;
}

static void print(void)
{
    int width = 0;

    for (uint32_t i = 1; i < GUARD_COUNT; i++) {
        int bytes = (int)strlen(guards_row(i)->name);

        width = bytes > width ? bytes : width;
    }
    for (uint32_t i = 1; i < GUARD_COUNT; i++) {
        printf("%-*s  %s\n", width, guards_row(i)->name, guards_row(i)->text);
    }
}

int cmd_guards(const struct options *options)
{
    if (!options_json_only(options)) {
        print();
    }
    return options->json ? write_json(options->json) : EXIT_MET;
}
