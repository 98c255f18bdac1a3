/* SPDX-License-Identifier: Apache-2.0 */
/* Revoking: everything below a slot goes, leaves first, in bounded steps. */
#include "internal.h"

static void cap__mark(struct cap_slot *slot, bool revoking)
{
    uint8_t flag = revoking ? CAP_REVOKING : 0;

    slot->flags = (uint8_t)((slot->flags & ~CAP_REVOKING) | flag);
}

/* Marks the slot and, of a composite, its members. */
static void cap__begin(struct cap_slot *slot)
{
    cap__mark(slot, true);
    if (slot->type == CAP_COMPOSITE) {
        for (struct cap_slot *m = slot->member; m != NULL; m = m->member) {
            cap__mark(m, true);
        }
    }
}

/* Takes the marks back; a member keeps it while its composite is revoked. */
static void cap__end(struct cap_slot *slot)
{
    const struct cap_slot *head = cap_table_slot(slot->table, slot->head);

    cap__mark(slot, (slot->flags & CAP_MEMBER) != 0 &&
                        (head->flags & CAP_REVOKING) != 0);
    if (slot->type == CAP_COMPOSITE) {
        for (struct cap_slot *m = slot->member; m != NULL; m = m->member) {
            cap__mark(m, false);
        }
    }
}

/*
 * As cap__remove, of what most descendants are: the first child of its parent,
 * without children, neither composite nor member. Returns the parent, or what
 * is left above it.
 */
static inline struct cap_slot *cap__pluck(const struct cap_context *context,
                                          struct cap_slot *slot)
{
    const struct cap_ops *ops = context->ops;
    struct cap_slot *parent = slot->parent;
    struct cap_slot *next = slot->next;
    uint32_t refs = --slot->object->refs;

    slot->object->uses -= cap__uses(slot);
    if (ops != NULL && ops->removed[slot->type] != NULL) {
        ops->removed[slot->type](context->context, slot, refs == 0);
    }
    parent->child = next;
    if (next != NULL) {
        next->previous = NULL;
    }
    cap__release(slot);
    return parent->state == CAP_TOMBSTONE && next == NULL ? cap__free_up(parent)
                                                          : parent;
}

/* Removes what is below `top`. False: *removed has reached CAP_STEP_MAX. */
static bool cap__empty(const struct cap_context *context, struct cap_slot *top,
                       uint32_t *removed)
{
    struct cap_slot *at = top;

    while (top->child != NULL) {
        if (*removed >= CAP_STEP_MAX) {
            return false;
        }
        /* `top` is live, so what stays nearest is `top` or below it. */
        while (at->child != NULL) {
            at = at->child;
        }
        if ((at->flags & CAP_MEMBER) == 0 && at->type != CAP_COMPOSITE) {
            at = cap__pluck(context, at);
            *removed += 1;
        } else {
            at = cap__remove(context, at, removed);
        }
    }
    return true;
}

enum status cap_revoke(const struct cap_context *context, struct cap_slot *slot)
{
    uint32_t removed = 0;

    core_assert(slot->state == CAP_LIVE);
    cap__begin(slot);
    if (slot->type == CAP_COMPOSITE) {
        /*
         * What was taken out of this composite, or of one derived from it,
         * hangs below its members.
         */
        for (struct cap_slot *m = slot->member; m != NULL; m = m->member) {
            if (!cap__empty(context, m, &removed)) {
                return STATUS_MORE;
            }
        }
    }
    if (!cap__empty(context, slot, &removed)) {
        return STATUS_MORE;
    }
    cap__end(slot);
    return STATUS_OK;
}
