/* SPDX-License-Identifier: Apache-2.0 */
/* The derivation tree: links between slots, across tables. */
#include "internal.h"

void cap__link(struct cap_slot *parent, struct cap_slot *child)
{
    core_assert(parent->depth < CAP_DEPTH_MAX);
    child->depth = (uint8_t)(parent->depth + 1);
    child->parent = parent;
    child->previous = NULL;
    child->next = parent->child;
    if (child->next != NULL) {
        child->next->previous = child;
    }
    parent->child = child;
}

void cap__unlink(struct cap_slot *slot)
{
    core_assert(slot->child == NULL);
    if (slot->next != NULL) {
        slot->next->previous = slot->previous;
    }
    if (slot->previous != NULL) {
        slot->previous->next = slot->next;
    } else if (slot->parent != NULL) {
        slot->parent->child = slot->next;
    }
    slot->parent = NULL;
    slot->next = NULL;
    slot->previous = NULL;
}

bool cap__revoking(const struct cap_slot *slot)
{
    while (slot != NULL && (slot->flags & CAP_REVOKING) == 0) {
        slot = slot->parent;
    }
    return slot != NULL;
}
