/* SPDX-License-Identifier: Apache-2.0 */
/* What separates two domains, and what that takes. */
#ifndef VMM_BOUNDARY_H
#define VMM_BOUNDARY_H

#include <config/config.h>
#include <domains/plan.h>

/* Between two domains, in either order. */
struct boundary {
    const char *mechanism; /* "pages", or "none": they run in one root */
    bool root_changes;     /* a crossing from one to the other loads CR3 */
    /* Frames of the page tables that the later of the two roots is made of
     * (root and directories; leaf tables of what is its first domain's). */
    uint32_t upper, leaves;
};

void boundary_look(const struct spec *spec, const struct plan *plan,
                   const uint32_t between[2], struct boundary *out);

/* What `boundaries:` asks for this pair, or null. */
const struct config_boundary *boundary_requested(const struct config *config,
                                                 const uint32_t between[2]);

/* One is the other's parent. */
bool boundary_adjacent(const struct config *config, const uint32_t between[2]);

#endif
