/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds which files, endpoints and domains, as capability tables say. */
#ifndef VMM_SHARING_HELD_H
#define VMM_SHARING_HELD_H

#include "sharing.h"

struct sharing_held {
    uint8_t *rights;  /* of each domain: to each node, endpoint, domain */
    uint32_t *folder; /* of each node: the directory that it is in */
};

/* Needs: the kernel is at rest. 0, or -1: no memory. Free it either way. */
int sharing_held_read(struct sharing_held *held,
                      const struct audit_target *target);
void sharing_held_free(struct sharing_held *held);

/* As graph_add_held. */
void sharing_held_add(const struct sharing_held *held, struct sharing *sharing);

#endif
