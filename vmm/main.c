/* SPDX-License-Identifier: Apache-2.0 */
/* `ambit`: finds the command, runs it, and is the only place that exits. */
#define _GNU_SOURCE
#include "command.h"
#include "output.h"
#include "signals.h"
#include "suggest.h"

#include <ambit_version.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const struct command command_table[] = {
    {"run", "CONFIG [OPTION]... [-- ARG...]",
     "compose the domains, run them, report and judge", FOR_RUN, true, cmd_run},
    {"check", "CONFIG [OPTION]...",
     "read config, programs and folders; silent when good", FOR_CHECK, true,
     cmd_check},
    {"plan", "CONFIG [OPTION]...",
     "print roots, authority and what each boundary costs", FOR_PLAN, true,
     cmd_plan},
    {"test", "DIR|FILE... [OPTION]...",
     "run every config as a test, report and judge them", FOR_TEST, false,
     cmd_test},
    {"diff", "A B [OPTION]...",
     "what domains of config B reach that those of A do not", FOR_DIFF, false,
     cmd_diff},
    {"audit", "CONFIG [OPTION]... [-- ARG...]",
     "run and compare live page tables with the views, often", FOR_AUDIT, true,
     cmd_audit},
    {"graph", "CONFIG [OPTION]...",
     "who shares what with whom, in numbers and as a graph", FOR_GRAPH, true,
     cmd_graph},
    {"doctor", "[OPTION]...",
     "what this host offers, what it means, what is missing", FOR_DOCTOR, false,
     cmd_doctor},
    {"guards", "[OPTION]...", "the guards of the kernel, and what each stops",
     FOR_GUARDS, false, cmd_guards},
    {"new", "DIR", "make a starter experiment: config, program, Makefile",
     FOR_NEW, false, cmd_new},
    {"lattice", "[OPTION]...",
     "every way to compose a domain: valid, named, tried", FOR_LATTICE, false,
     cmd_lattice},
    {"trace", "FILE [OPTION]...", "print what `run --trace FILE` recorded",
     FOR_TRACE, false, cmd_trace},
    {"bench", "[OPERATION]... [OPTION]...",
     "what operations cost, by kind, beside what Linux does", FOR_BENCH, false,
     cmd_bench},
    {"schema", "", "print the JSON Schema of configs", FOR_SCHEMA, false,
     cmd_schema},
    {"help", "[COMMAND]", "this list, or one command's details", FOR_HELP,
     false, cmd_help},
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
 * With 0, 1 or 2 closed, the next file opened would take its place, and what
 * is printed would go there: into guest memory, say.
 */
static bool fill_standard_files(void)
{
    int fd;

    do {
        /* Read-only, so that writing still fails and is still noticed. */
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= 2);
    if (fd < 0) {
        return false;
    }
    close(fd);
    return true;
}

/* Everything printed must have arrived; a reader that left is no error. */
static int finish_output(int exit_code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return exit_code;
    }
    int error = errno;
    if (output_reader_left()) {
        return exit_code;
    }
    fprintf(stderr, "ambit: cannot write standard output: %s\n",
            error ? strerror(error) : "not all of it arrived");
    return exit_code == EXIT_MET ? EXIT_HOST : exit_code;
}

static int unknown_command(const char *name)
{
    struct suggest suggest;

    suggest_init(&suggest, name);
    for (const struct command *c = command_table; c->name; c++) {
        suggest_offer(&suggest, c->name);
    }
    fprintf(stderr, "ambit: no such command '%s'", name);
    if (suggest.best) {
        fprintf(stderr, " (did you mean '%s'?)\n", suggest.best);
    } else {
        fputs("; see 'ambit help'\n", stderr);
    }
    return EXIT_USAGE;
}

static int version(void)
{
    printf("ambit %s (%s%s, %s)\n", AMBIT_VERSION, AMBIT_COMMIT,
           AMBIT_DIRTY ? ", modified" : "", AMBIT_COMPILER);
    return EXIT_MET;
}

static int dispatch(int argc, char **argv)
{
    static const char *const names[][2] = {{"--help", "help"},
                                           {"-h", "help"},
                                           {"--version", "version"},
                                           {"-V", "version"},
                                           {NULL, NULL}};
    const char *name = argc > 1 ? argv[1] : "";
    const struct command *command;
    struct options options;
    int exit_code;

    for (int i = 0; names[i][0]; i++) {
        name = strcmp(name, names[i][0]) == 0 ? names[i][1] : name;
    }
    if (strcmp(name, "version") == 0) {
        return version();
    }
    if (argc < 2) {
        fputs("ambit: no command; see 'ambit help'\n", stderr);
        return EXIT_USAGE;
    }
    command = command_find(name);
    if (!command) {
        return unknown_command(name);
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
    if (!fill_standard_files()) {
        fprintf(stderr,
                "ambit: cannot open /dev/null: %s; raise the limit on "
                "open files (ulimit -n)\n",
                strerror(errno));
        return EXIT_HOST;
    }
    signals_install();
    return finish_output(dispatch(argc, argv));
}
