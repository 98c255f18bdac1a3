/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that decides how the process ends: everything else returns. */
#include "command.h"
#include "suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <ambit_version.h>

const struct command command_table[] = {
    {"run", "CONFIG [-- ARGS]", "compose the domains and run them", FOR_RUN,
     true, cmd_run},
    {"check", "CONFIG", "judge a config; silent when it is good", FOR_CHECK,
     true, cmd_check},
    {"plan", "CONFIG", "roots, authority and what each boundary costs",
     FOR_PLAN, true, cmd_plan},
    {"audit", "CONFIG", "run it and compare every view with its page tables",
     FOR_AUDIT, true, cmd_audit},
    {"doctor", "", "what this host offers, and what that means", FOR_DOCTOR,
     false, cmd_doctor},
    {"schema", "", "the JSON Schema of configs", FOR_SCHEMA, false,
     cmd_schema},
    {"help", "[COMMAND]", "this, or what one command does", FOR_HELP, false,
     cmd_help},
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

/*
 * What could not be written is a failure of the run, but a reader that has
 * seen enough (EPIPE) is not.
 */
static int flush_stdout(int exit_code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return exit_code;
    }
    if (errno == EPIPE) {
        return exit_code;
    }
    fprintf(stderr, "ambit: cannot write to standard output: %s\n",
            strerror(errno ? errno : EIO));
    return exit_code == EXIT_MET ? EXIT_HOST : exit_code;
}

static int unknown_command(const char *name)
{
    struct suggest suggest;

    suggest_init(&suggest, name);
    for (const struct command *c = command_table; c->name; c++) {
        suggest_offer(&suggest, c->name);
    }
    fprintf(stderr, "ambit: there is no command '%s'", name);
    if (suggest.best) {
        fprintf(stderr, " (did you mean '%s'?)\n", suggest.best);
    } else {
        fputs("; see 'ambit help'\n", stderr);
    }
    return EXIT_USAGE;
}

static int dispatch(int argc, char **argv)
{
    struct options options;
    const struct command *command;
    int exit_code;

    if (argc < 2) {
        fputs("usage: ambit COMMAND ...; see 'ambit help'\n", stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("ambit " AMBIT_VERSION " (" AMBIT_COMMIT ")");
        return EXIT_MET;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        command = command_find("help");
    } else {
        command = command_find(argv[1]);
    }
    if (!command) {
        return unknown_command(argv[1]);
    }
    exit_code = options_parse(command, argc - 1, argv + 1, &options);
    if (exit_code != EXIT_MET) {
        return exit_code;
    }
    options.argv = argv;
    options.argc = argc;
    return options.command->run(&options);
}

int main(int argc, char **argv)
{
    return flush_stdout(dispatch(argc, argv));
}
