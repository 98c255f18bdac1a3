/* SPDX-License-Identifier: Apache-2.0 */
#include "boundary.h"

const char *boundary_mechanism(const struct plan *plan, uint32_t a, uint32_t b)
{
    return plan->domains[a].root == plan->domains[b].root ? "none" : "pages";
}

const struct config_boundary *boundary_requested(const struct config *config,
                                                 uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < config->boundary_count; i++) {
        const uint32_t *between = config->boundaries[i].between;
        if ((between[0] == a && between[1] == b) ||
            (between[0] == b && between[1] == a)) {
            return &config->boundaries[i];
        }
    }
    return NULL;
}
