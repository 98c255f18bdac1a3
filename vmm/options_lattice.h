/* SPDX-License-Identifier: Apache-2.0 */
/* The options that only `lattice` has. */
#ifndef VMM_OPTIONS_LATTICE_H
#define VMM_OPTIONS_LATTICE_H

#include "options.h"

/* Above the ids of options.c. */
enum options_lattice_id {
    OPTION_LATTICE = 512,
    OPTION_LATTICE_ALL,
    OPTION_LATTICE_VALID,
    OPTION_LATTICE_BOOT,
    OPTION_LATTICE_AT_RUN_TIME,
    OPTION_LATTICE_SAMPLE,
    OPTION_LATTICE_SEED,
    OPTION_LATTICE_CONFIG,
    OPTION_LATTICE_CSV
};

/* Takes one of them. EXIT_MET, or EXIT_USAGE after one message. */
int options_lattice(struct options *out, int id, const char *value);

#endif
