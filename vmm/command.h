/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of `ambit`: one file each, one row each. */
#ifndef VMM_COMMAND_H
#define VMM_COMMAND_H

#include "options.h"

struct command {
    const char *name;
    const char *arguments; /* for the usage line */
    const char *summary;   /* one line */
    unsigned flag;         /* enum command_flag: which options it takes */
    bool config;           /* it takes a CONFIG */
    int (*run)(const struct options *options); /* enum exit_code */
};

/* Ended by a null name. */
extern const struct command command_table[];

int cmd_run(const struct options *options);
int cmd_check(const struct options *options);
int cmd_plan(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_graph(const struct options *options);
int cmd_test(const struct options *options);
int cmd_audit(const struct options *options);
int cmd_doctor(const struct options *options);
int cmd_guards(const struct options *options);
int cmd_new(const struct options *options);
int cmd_lattice(const struct options *options);
int cmd_trace(const struct options *options);
int cmd_bench(const struct options *options);
int cmd_schema(const struct options *options);
int cmd_help(const struct options *options);

/* The command of that name, or null. */
const struct command *command_find(const char *name);

#endif
