/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "suggest.h"

#include <string.h>

static const char exit_codes[] =
    "exit codes: 0 everything met; 1 an expectation missed; 2 usage or config;\n"
    "  3 host or VMM; 4 guest kernel panic; 5 isolation violated; 77 no usable\n"
    "  engine or a required feature missing; 124 timeout; 130 interrupted\n";

static void help_all(void)
{
    puts("ambit: protection domains composed from capabilities, in a small "
         "guest\n");
    puts("usage: ambit COMMAND [OPTIONS] ...\n");
    for (const struct command *c = command_table; c->name; c++) {
        printf("  %-7s %-18s %s\n", c->name, c->arguments, c->summary);
    }
    puts("\n'ambit help COMMAND' tells its options; 'ambit --version' the "
         "version.\n");
    fputs(exit_codes, stdout);
}

static int help_one(const char *name)
{
    const struct command *command = command_find(name);

    if (!command) {
        fprintf(stderr, "ambit: there is no command '%s'; see 'ambit help'\n",
                name);
        return EXIT_USAGE;
    }
    printf("usage: ambit %s [OPTIONS] %s\n\n%s\n\n", command->name,
           command->arguments, command->summary);
    options_describe(command, stdout);
    putchar('\n');
    fputs(exit_codes, stdout);
    return EXIT_MET;
}

int cmd_help(const struct options *options)
{
    if (options->config) {
        return help_one(options->config);
    }
    help_all();
    return EXIT_MET;
}
