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
    bool kept = false;

    if (slot->flags & CAP_MEMBER) { /* else `head` may be a note */
        kept = (cap_table_slot(slot->table, slot->head)->flags &
                CAP_REVOKING) != 0;
    }
    cap__mark(slot, kept);
    if (slot->type == CAP_COMPOSITE) {
        for (struct cap_slot *m = slot->member; m != NULL; m = m->member) {
            cap__mark(m, false);
        }
    }
}

/* Most descendants are: without children, neither composite nor member. */
static inline bool cap__is_plain(const struct cap_slot *slot)
{
    return slot->child == NULL && slot->object != NULL &&
           (slot->flags & CAP_MEMBER) == 0;
}

/* One of these goes, but for its place in the tree. `quiet`: see cap_ops.
 * Returns what else that cost, in slots. */
static inline uint32_t cap__pluck(const struct cap_context *context,
                                  struct cap_slot *slot, uint32_t quiet)
{
    struct cap_object *object = slot->object;
    bool last = --object->refs == 0;
    uint32_t work = 0;

    if ((slot->rights & CAP_USE) != 0) {
        object->uses -= cap__uses(slot);
    }
    if (last || (quiet >> slot->type & 1) == 0) {
        cap__report(context, slot, last);
        work = cap__work(context);
    }
    cap__release(slot);
    return work;
}

/*
 * As cap__remove, of the plain slots that the children of `parent` begin with,
 * at most `most`: the list is mended once, behind the last of them. Returns how
 * many there were, and what else they cost.
 */
static inline uint32_t cap__pluck_run(const struct cap_context *context,
                                      struct cap_slot *parent, uint32_t most)
{
    struct cap_slot *slot = parent->child;
    uint32_t quiet = context->ops != NULL ? context->ops->quiet : 0;
    uint32_t left = most, work = 0;

    while (slot != NULL && left > work && cap__is_plain(slot)) {
        struct cap_slot *next = slot->next;

        slot->previous = NULL; /* its neighbour has gone */
        work += cap__pluck(context, slot, quiet);
        slot = next;
        left--;
    }
    parent->child = slot;
    if (slot != NULL) {
        slot->previous = NULL;
    }
    return most - left + work;
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
        /* `top` is live, so what stays nearest is `top` or below it; and every
         * slot on the way down is its parent's first child. */
        while (at->child != NULL) {
            at = at->child;
        }

        struct cap_slot *parent = at->parent;
        uint32_t count =
            cap__pluck_run(context, parent, CAP_STEP_MAX - *removed);
        *removed += count;
        if (count == 0) {
            at = cap__remove(context, at, removed);
            *removed += cap__work(context);
        } else if (parent->child == NULL && parent->state == CAP_TOMBSTONE) {
            at = cap__free_up(parent);
        } else {
            at = parent;
        }
    }
    return true;
}

enum status cap_revoke(const struct cap_context *context, struct cap_slot *slot)
{
    uint32_t removed = 0;

    return cap_revoke_some(context, slot, &removed);
}

enum status cap_revoke_some(const struct cap_context *context,
                            struct cap_slot *slot, uint32_t *removed)
{
    core_assert(slot->state == CAP_LIVE);
    cap__begin(slot);
    if (slot->type == CAP_COMPOSITE) {
        /*
         * What was taken out of this composite, or of one derived from it,
         * hangs below its members.
         */
        for (struct cap_slot *m = slot->member; m != NULL; m = m->member) {
            if (!cap__empty(context, m, removed)) {
                return STATUS_MORE;
            }
        }
    }
    if (!cap__empty(context, slot, removed)) {
        return STATUS_MORE;
    }
    cap__end(slot);
    return STATUS_OK;
}
