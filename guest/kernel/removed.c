/* SPDX-License-Identifier: Apache-2.0 */
/* What it means when a capability goes. */
#include "kernel.h"

/* Attachment slots, but for mappings (map.c): first = the space's number and,
 * above, which of those that have had it; count = the range's number. */
static void attachment_removed(void *context, const struct cap_slot *slot,
                               bool last)
{
    struct space *space;
    struct range *range;

    (void)context;
    (void)last;
    kernel.work = 0; /* so far it was attaching */
    if (slot_is_mapping(slot)) {
        mapping_removed(slot);
        return;
    }
    if (!GUARD_ACT(REVOKE_DETACH)) {
        return;
    }
    if (slot_is_part(slot)) {
        part_removed(slot);
        return;
    }
    space = space_at((uint32_t)slot->first);
    if (!space || !space->root || space->made != slot->first >> 32) {
        return; /* gone, and what was attached in it: perhaps the range, too */
    }
    range = range_at((uint32_t)slot->count);
    if (range) {
        space_detach(space, range, slot->rights);
    }
}

static void endpoint_removed(void *context, const struct cap_slot *slot,
                             bool last)
{
    (void)context;
    crossing_removed(slot, last);
}

static void file_capability_removed(void *context, const struct cap_slot *slot,
                                    bool last)
{
    (void)context;
    (void)last;
    file_removed(slot);
}

static const struct cap_ops cap_ops = {
    .removed = {[CAP_ATTACHMENT] = attachment_removed,
                [CAP_ENDPOINT] = endpoint_removed,
                [CAP_NOTIFICATION] = endpoint_removed,
                [CAP_FILE] = file_capability_removed,
                [CAP_FRAME] = frame_removed,
                [CAP_POOL] = pool_removed,
                [CAP_QUOTA] = quota_removed,
                [CAP_RANGE] = range_removed,
                [CAP_TIME] = time_removed},
    .quiet = 1u << CAP_RANGE,
};
const struct cap_context cap_context = {
    .ops = &cap_ops, .context = NULL, .work = &kernel.work};
