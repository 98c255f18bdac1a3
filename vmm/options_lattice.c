/* SPDX-License-Identifier: Apache-2.0 */
#include "options_lattice.h"

#include <errno.h>
#include <stdlib.h>

static int number(const char *option, const char *value, uint64_t most,
                  uint64_t *out)
{
    char *end;

    errno = 0;
    unsigned long long got = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno || got > most) {
        fprintf(stderr, "ambit: --%s wants a number, not '%s'\n", option,
                value);
        return EXIT_USAGE;
    }
    *out = got;
    return EXIT_MET;
}

static int set_sample(struct lattice_options *out, const char *value)
{
    uint64_t sample = 0;

    if (number("sample", value, UINT32_MAX, &sample) != EXIT_MET) {
        return EXIT_USAGE;
    }
    if (sample == 0) {
        fputs("ambit: --sample wants 1 or more\n", stderr);
        return EXIT_USAGE;
    }
    out->sample = (uint32_t)sample;
    return EXIT_MET;
}

static int set_file(const char **out, const char *option, const char *value)
{
    *out = value;
    if (*value) {
        return EXIT_MET;
    }
    fprintf(stderr, "ambit: --%s wants a file\n", option);
    return EXIT_USAGE;
}

int options_lattice(struct options *out, int id, const char *value)
{
    struct lattice_options *lattice = &out->lattice;

    switch ((enum options_lattice_id)id) {
    case OPTION_LATTICE_SAMPLE:
        return set_sample(lattice, value);
    case OPTION_LATTICE_SEED:
        lattice->seed_given = true;
        return number("seed", value, UINT64_MAX, &lattice->seed);
    case OPTION_LATTICE_CONFIG:
        return set_file(&lattice->config, "config", value);
    case OPTION_LATTICE_CSV:
        return set_file(&lattice->csv, "csv", value);
    default:
        lattice->all |= id == OPTION_LATTICE_ALL;
        lattice->valid |= id == OPTION_LATTICE_VALID;
        lattice->boot |= id == OPTION_LATTICE_BOOT;
        return EXIT_MET;
    }
}
