/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

int cmd_schema(const struct options *options)
{
    (void)options;
    config_print_schema(stdout);
    return EXIT_MET;
}
