/* SPDX-License-Identifier: Apache-2.0 */
/* What separates two domains. */
#ifndef VMM_BOUNDARY_H
#define VMM_BOUNDARY_H

#include <config/config.h>
#include <domains/plan.h>

/*
 * "pages": they run in different roots, so a crossing from one to the other
 * changes the root; "none": in the same one.
 */
const char *boundary_mechanism(const struct plan *plan, uint32_t a, uint32_t b);

/* What `boundaries:` asks for this pair, or null. */
const struct config_boundary *boundary_requested(const struct config *config,
                                                 uint32_t a, uint32_t b);

#endif
