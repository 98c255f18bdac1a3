/* SPDX-License-Identifier: Apache-2.0 */
#include "boundary.h"

#include <domains/build.h>
#include <string.h>

void boundary_look(const struct spec *spec, const struct plan *plan,
                   const uint32_t between[2], struct boundary *out)
{
    uint32_t a = plan->domains[between[0]].root;
    uint32_t b = plan->domains[between[1]].root;
    struct pd_needs needs;

    memset(out, 0, sizeof(*out));
    out->mechanism = a == b ? "none" : "pages";
    out->root_changes = a != b;
    if (a != b) {
        memset(&needs, 0, sizeof(needs));
        pd_count(spec, plan, plan->roots[a > b ? a : b].first, &needs);
        out->upper = needs.upper;
        out->leaves = needs.leaves;
    }
}

const struct config_boundary *boundary_requested(const struct config *config,
                                                 const uint32_t between[2])
{
    for (uint32_t i = 0; i < config->boundary_count; i++) {
        const uint32_t *asked = config->boundaries[i].between;
        if ((asked[0] == between[0] && asked[1] == between[1]) ||
            (asked[0] == between[1] && asked[1] == between[0])) {
            return &config->boundaries[i];
        }
    }
    return NULL;
}

bool boundary_adjacent(const struct config *config, const uint32_t between[2])
{
    return config->domains[between[0]].parent == between[1] ||
           config->domains[between[1]].parent == between[0];
}
