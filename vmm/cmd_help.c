/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include "suggest.h"

#include <string.h>

static const struct {
    const char *command, *text;
} details[] = {
    {"run",
     "Boots the guest, composes every domain of CONFIG, runs them and prints\n"
     "their console lines as `name| text`, then what they observed, what the\n"
     "audit found and what was expected but missed. What follows -- is added\n"
     "to the arguments of the first domain without a parent.\n"},
    {"check",
     "Reads CONFIG, its programs and its folders, and reports every error\n"
     "with file, line and column. Prints nothing when all is good.\n"},
    {"plan",
     "Prints, without running anything, the page-table roots that CONFIG\n"
     "leads to, what each domain has of each class, every capability it is\n"
     "given, and what each boundary costs. --resolved prints a config that\n"
     "reloads identically.\n"},
    {"graph",
     "Prints, without running anything, how much any two domains share of\n"
     "each type of resource, how near they are, whom each domain trusts and\n"
     "whom it can harm. --format writes the graph itself; svg needs\n"
     "graphviz's dot.\n"},
    {"diff",
     "Compares what the domains of two configs can reach, whom they trust, "
     "and\n"
     "what is asserted; domains and resources are told by name. Says whether "
     "B\n"
     "is the same, stronger (reaches less), weaker (reaches more) or neither,\n"
     "each with the way. --set changes B, so that `diff x.yaml x.yaml --set\n"
     "..` tells what one line does.\n"},
    {"audit",
     "Runs CONFIG like `run`, stops it at many random moments and at every\n"
     "change of a view that the kernel announces, and compares the live page\n"
     "tables with the views. Prints what each domain really reached.\n"},
    {"test",
     "Runs every config that is named, or that lies in or beneath a DIR, and\n"
     "judges each by its `expect`, `assert` and `test`. A control is a run\n"
     "with something changed that must end differently. The last line says\n"
     "how many passed, failed and were skipped; the exit code is the gravest\n"
     "(130, 5, 4, 3, 2, 124, 1, then 77 if nothing could run, or if something\n"
     "was skipped that --require was given for).\n"},
    {"doctor",
     "Looks for engines, runs a tiny guest on each, and says what that means\n"
     "for results. Exits 0 if some engine works, else 77 with the remedy.\n"},
    {"guards",
     "Lists every check and act of the guest kernel that keeps a domain "
     "within\n"
     "its bounds. `run CONFIG --without-guard NAME` shows what happens "
     "without\n"
     "one of them: it boots a second kernel, built from the same sources.\n"},
    {"new",
     "Writes a config, a program in C, a Makefile and a README into DIR, "
     "which\n"
     "must be new or empty. `make` there builds with ambit-cc; `ambit run\n"
     "experiment.yaml` runs it.\n"},
    {"lattice",
     "Judges every way to write a degree for each class: which make sense,\n"
     "which kinds they are, what they isolate from a parent that has\n"
     "everything. --boot composes the valid ones, many to a guest, and tries\n"
     "what was predicted; what is found otherwise is listed, and the exit\n"
     "code is 5.\n"},
    {"schema", "Prints the JSON Schema that editors can check configs with.\n"},
    {"help", "Without COMMAND, lists the commands.\n"},
};

static const char exit_codes[] =
    "Exit codes: 0 everything met; 1 an expectation missed; 2 usage or "
    "config;\n"
    "3 host or VMM; 4 guest kernel panic; 5 isolation violated; 77 no usable\n"
    "engine or a required feature missing; 124 timeout; 130 interrupted.\n";

static void list(void)
{
    puts("usage: ambit COMMAND [OPTION]... [ARGUMENT]...\n");
    for (const struct command *c = command_table; c->name; c++) {
        printf("  %-8s %s\n", c->name, c->summary);
    }
    printf("\n'ambit help COMMAND' tells more; 'ambit --version' the version.\n"
           "%s",
           exit_codes);
}

static void describe(const struct command *command)
{
    printf("usage: ambit %s%s%s\n\n", command->name,
           *command->arguments ? " " : "", command->arguments);
    for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
        if (strcmp(details[i].command, command->name) == 0) {
            printf("%s\n", details[i].text);
        }
    }
    options_describe(command, stdout);
    printf("\n%s", exit_codes);
}

int cmd_help(const struct options *options)
{
    const struct command *command;
    struct suggest suggest;

    if (!options->config) {
        list();
        return EXIT_MET;
    }
    command = command_find(options->config);
    if (command) {
        describe(command);
        return EXIT_MET;
    }
    suggest_init(&suggest, options->config);
    for (const struct command *c = command_table; c->name; c++) {
        suggest_offer(&suggest, c->name);
    }
    fprintf(stderr, "ambit: no such command '%s'", options->config);
    if (suggest.best) {
        fprintf(stderr, " (did you mean '%s'?)", suggest.best);
    }
    fputs("\n", stderr);
    return EXIT_USAGE;
}
