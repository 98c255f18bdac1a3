/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "run.h"

int cmd_check(const struct options *options)
{
    struct run run;
    int exit_code = run_load(&run, options, 0);

    if (exit_code == EXIT_MET && options->verbose) {
        fprintf(stderr,
                "ambit: %s is good: %u domains, %u roots, module of "
                "%zu KiB\n",
                options->config, run.config->domain_count,
                run.image->plan->root_count, run.image->module_bytes >> 10);
    }
    run_free(&run);
    return exit_code;
}
