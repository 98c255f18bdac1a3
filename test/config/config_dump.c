/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What vmm/config makes of a config, without a VM:
 *   config_dump [--set PATH=VALUE]... CONFIG   the resolved config
 *   config_dump --schema                       the JSON Schema
 *   config_dump --reference                    rows of docs/config.md
 * Exit codes as `ambit check`.
 */
#include <config/config.h>
#include <stdlib.h>
#include <string.h>

#define OVERRIDES_MAX 16

static int dump(const char *path, const struct config_override *overrides,
                size_t count)
{
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    struct config *config =
        config_load(path, overrides, count, &diagnostics, &failure);
    int code = EXIT_MET;

    if (config) {
        config_print_resolved(config, stdout);
    } else if (failure.exit_code != 0) {
        fprintf(stderr, "%s\n%s%s", failure.text, failure.remedy,
                failure.remedy[0] ? "\n" : "");
        code = failure.exit_code;
    } else {
        code = EXIT_USAGE;
    }
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    config_free(config);
    return code;
}

int main(int argc, char **argv)
{
    struct config_override overrides[OVERRIDES_MAX];
    size_t count = 0;
    int at = 1;

    if (argc == 2 && strcmp(argv[1], "--schema") == 0) {
        config_print_schema(stdout);
        return EXIT_MET;
    }
    if (argc == 2 && strcmp(argv[1], "--reference") == 0) {
        config_print_reference(stdout);
        return EXIT_MET;
    }
    while (at + 1 < argc && strcmp(argv[at], "--set") == 0 &&
           count < OVERRIDES_MAX) {
        overrides[count++].path_and_value = argv[at + 1];
        at += 2;
    }
    if (at + 1 != argc) {
        fprintf(stderr, "usage: config_dump [--set PATH=VALUE]... CONFIG\n");
        return EXIT_USAGE;
    }
    return dump(argv[at], overrides, count);
}
