/* SPDX-License-Identifier: Apache-2.0 */
/* What the tested files take from main.c, run.c and signals.c. */
#include "command.h"
#include "run.h"
#include "signals.h"

#include <string.h>

const struct command command_table[] = {
    {"run", "CONFIG [-- ARGS]", "runs", FOR_RUN, true, NULL},
    {"check", "CONFIG", "checks", FOR_CHECK, true, NULL},
    {"plan", "CONFIG", "plans", FOR_PLAN, true, NULL},
    {"doctor", "", "looks", FOR_DOCTOR, false, NULL},
    {"help", "[COMMAND]", "helps", FOR_HELP, false, NULL},
    {NULL, NULL, NULL, 0, false, NULL},
};

const struct command *command_find(const char *name)
{
    for (const struct command *c = command_table; c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

bool run_counts_instructions(const struct run *run)
{
    return run->engine_options.icount;
}

int run_say_failure(const struct failure *failure)
{
    return failure->exit_code;
}

int signals_pending(void)
{
    return 2;
}
