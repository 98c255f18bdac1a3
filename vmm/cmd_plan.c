/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "json_file.h"
#include "plan_json.h"
#include "plan_text.h"
#include "run.h"

static int print(const struct run *run)
{
    const struct options *options = run->options;
    struct failure failure = {0};
    json_t *value;
    int result;

    if (options->resolved && !options_json_only(options)) {
        config_print_resolved(run->config, stdout);
    } else if (!options_json_only(options) && !options->quiet) {
        plan_text_print(run, stdout);
    }
    if (!options->json) {
        return EXIT_MET;
    }
    value = plan_json(run);
    if (!value) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
        return run_say_failure(&failure);
    }
    result = json_file_write(value, options->json, &failure);
    json_decref(value);
    return result < 0 ? run_say_failure(&failure) : EXIT_MET;
}

int cmd_plan(const struct options *options)
{
    struct run run;
    int exit_code = run_load(&run, options, 0);

    if (exit_code == EXIT_MET) {
        exit_code = print(&run);
    }
    run_free(&run);
    return exit_code;
}
