/* SPDX-License-Identifier: Apache-2.0 */
/* Handles: from {index, generation} to the slot and back. */
#include "internal.h"

struct cap_ref cap_ref_of(const struct cap_slot *slot)
{
    core_assert(slot->state == CAP_LIVE);
    core_assert((slot->flags & CAP_MEMBER) == 0);
    return (struct cap_ref){slot->index, slot->generation};
}

enum status cap_look_up(struct cap_table *table, struct cap_ref ref,
                        struct cap_slot **out)
{
    if (!GUARD(HANDLE_INDEX, ref.index != 0 && ref.index < table->size)) {
        return STATUS_INVALID_HANDLE;
    }

    struct cap_slot *slot = cap_table_slot(table, ref.index);
    if (!GUARD(HANDLE_LIVE, slot->state == CAP_LIVE) ||
        !GUARD(HANDLE_MEMBER, (slot->flags & CAP_MEMBER) == 0)) {
        return STATUS_INVALID_HANDLE;
    }
    if (!GUARD(HANDLE_GENERATION, slot->generation == ref.generation)) {
        return STATUS_STALE_HANDLE;
    }
    *out = slot;
    return STATUS_OK;
}

enum status cap_look_up_for(struct cap_table *table, struct cap_ref ref,
                            enum cap_type type, uint8_t rights,
                            struct cap_slot **out)
{
    struct cap_slot *slot = NULL;
    enum status status = cap_look_up(table, ref, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(HANDLE_TYPE, slot->type == type)) {
        return STATUS_WRONG_TYPE;
    }
    if (!GUARD(HANDLE_RIGHTS, (rights & ~slot->rights) == 0)) {
        return STATUS_NO_RIGHTS;
    }
    *out = slot;
    return STATUS_OK;
}
