/* SPDX-License-Identifier: Apache-2.0 */
/* How long the phases took, and what --verbose says about a run. */
#ifndef VMM_PHASES_H
#define VMM_PHASES_H

#include <stdbool.h>
#include <stdint.h>

struct run;

struct phase_time {
    const char *name; /* as in results: setup, boot, compose, run, teardown */
    bool known;
    uint64_t ns;
};
#define PHASES 5u

void phases_of(const struct run *run, struct phase_time out[PHASES]);

/* Phases, features and memory on stderr, if the run is verbose. */
void phases_verbose(const struct run *run);

/* Resident bytes of this process beyond the guest's touched pages; 0: the
 * host does not tell. */
uint64_t phases_own_memory(const struct run *run);

#endif
