/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting: from live to tombstone or free. */
#include "internal.h"

void cap__report(const struct cap_context *context, const struct cap_slot *slot,
                 bool last)
{
    if (context->ops != NULL && context->ops->removed[slot->type] != NULL) {
        context->ops->removed[slot->type](context->context, slot, last);
    }
}

/* The object loses a reference; then the kernel learns of it. */
static void cap__tell(const struct cap_context *context,
                      const struct cap_slot *slot)
{
    bool last = false;

    if (slot->object != NULL) {
        core_assert(slot->object->refs > 0);
        slot->object->refs--;
        slot->object->uses -= cap__uses(slot);
        last = slot->object->refs == 0;
    }
    if (last || context->ops == NULL ||
        (context->ops->quiet >> slot->type & 1) == 0) {
        cap__report(context, slot, last);
    }
}

/* Keeps nothing but the slot's place in its table and in the tree. */
static void cap__bury(struct cap_slot *slot)
{
    slot->state = CAP_TOMBSTONE;
    slot->type = CAP_NONE;
    slot->rights = 0;
    slot->flags = 0;
    slot->position = 0;
    slot->head = 0;
    slot->object = NULL;
    slot->member = NULL;
    slot->first = 0;
    slot->count = 0;
}

struct cap_slot *cap__free_up(struct cap_slot *slot)
{
    do {
        struct cap_slot *parent = slot->parent;
        cap__unlink(slot);
        cap__release(slot);
        slot = parent;
    } while (slot != NULL && slot->state == CAP_TOMBSTONE &&
             slot->child == NULL);
    return slot;
}

/* One live slot, which has no members (any more). */
static struct cap_slot *cap__drop(const struct cap_context *context,
                                  struct cap_slot *slot)
{
    if ((slot->flags & CAP_MEMBER) != 0) {
        cap__leave_composite(slot);
    }
    cap__tell(context, slot);
    if (slot->child != NULL && GUARD_ACT(TOMBSTONE)) {
        cap__bury(slot);
        return slot;
    }
    return cap__free_up(slot);
}

struct cap_slot *cap__remove(const struct cap_context *context,
                             struct cap_slot *slot, uint32_t *removed)
{
    core_assert(slot->state == CAP_LIVE);
    *removed += 1;
    if (slot->type == CAP_COMPOSITE) {
        /* The head goes last: while it is linked, its parent cannot go. */
        while (slot->member != NULL) {
            (void)cap__drop(context, slot->member);
            *removed += 1;
        }
    }
    return cap__drop(context, slot);
}

void cap_delete(const struct cap_context *context, struct cap_slot *slot)
{
    uint32_t removed = 0;

    core_assert((slot->flags & CAP_MEMBER) == 0);
    (void)cap__remove(context, slot, &removed);
}
