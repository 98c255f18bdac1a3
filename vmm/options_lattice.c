/* SPDX-License-Identifier: Apache-2.0 */
#include "options_lattice.h"

#include "options_values.h"

static int set_sample(struct lattice_options *out, const char *value)
{
    uint64_t sample = 0;

    if (options_number("sample", value, UINT32_MAX, &sample) != EXIT_MET) {
        return EXIT_USAGE;
    }
    if (sample == 0) {
        return options_usage("--sample wants 1 or more%s%s", "", "");
    }
    out->sample = (uint32_t)sample;
    return EXIT_MET;
}

static int set_file(const char **out, const char *option, const char *value)
{
    *out = value;
    return *value ? EXIT_MET : options_usage("--%s wants a file%s", option, "");
}

int options_lattice(struct options *out, int id, const char *value)
{
    struct lattice_options *lattice = &out->lattice;

    switch ((enum options_lattice_id)id) {
    case OPTION_LATTICE_SAMPLE:
        return set_sample(lattice, value);
    case OPTION_LATTICE_SEED:
        lattice->seed_given = true;
        return options_number("seed", value, UINT64_MAX, &lattice->seed);
    case OPTION_LATTICE_CONFIG:
        return set_file(&lattice->config, "config", value);
    case OPTION_LATTICE_CSV:
        return set_file(&lattice->csv, "csv", value);
    default:
        lattice->all |= id == OPTION_LATTICE_ALL;
        lattice->valid |= id == OPTION_LATTICE_VALID;
        lattice->boot |= id == OPTION_LATTICE_BOOT;
        lattice->at_run_time |= id == OPTION_LATTICE_AT_RUN_TIME;
        return EXIT_MET;
    }
}
