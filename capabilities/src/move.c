/* SPDX-License-Identifier: Apache-2.0 */
/* Moving: another slot, the same capability and the same place in the tree. */
#include "internal.h"

/* A slot and, of a composite, its members, in the order of their places. */
struct cap__set {
    struct cap_slot *slot[1 + CAP_COMPOSITE_MAX];
    uint32_t count;
};

static void cap__set_of(struct cap_slot *slot, struct cap__set *set)
{
    set->count = 0;
    set->slot[set->count++] = slot;
    if (slot->type == CAP_COMPOSITE) {
        for (struct cap_slot *m = slot->member; m != NULL; m = m->member) {
            set->slot[set->count++] = m;
        }
    }
}

/* All that points to `from` points to `to`, which says what `from` said. */
static void cap__replace(struct cap_slot *from, struct cap_slot *to)
{
    to->type = from->type;
    if (from->object != NULL) {
        from->object->uses -= cap__uses(from);
    }
    to->rights = from->rights;
    to->depth = from->depth;
    to->flags = from->flags;
    to->position = from->position;
    to->object = from->object;
    if (to->object != NULL) {
        to->object->uses += cap__uses(to);
    }
    to->first = from->first;
    to->count = from->count;
    to->parent = from->parent;
    to->child = from->child;
    to->next = from->next;
    to->previous = from->previous;
    if (to->next != NULL) {
        to->next->previous = to;
    }
    if (to->previous != NULL) {
        to->previous->next = to;
    } else if (to->parent != NULL) {
        to->parent->child = to;
    }
    for (struct cap_slot *child = to->child; child != NULL;
         child = child->next) {
        child->parent = to;
    }
    from->child = NULL;
    from->previous = NULL;
}

static bool cap__set_revoking(const struct cap__set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (cap__revoking(set->slot[i])) {
            return true;
        }
    }
    return false;
}

enum status cap_move(struct cap_slot *source, struct cap_table *to,
                     struct cap_ref *out)
{
    struct cap__set old, new;

    core_assert(source->state == CAP_LIVE);
    core_assert((source->flags & CAP_MEMBER) == 0);
    cap__set_of(source, &old);
    if (!GUARD(REVOKE_MARK, !cap__set_revoking(&old))) {
        return STATUS_REVOKING;
    }
    if (!GUARD(TABLE_SLOTS, cap_table_free(to) >= old.count)) {
        return STATUS_NO_SLOT;
    }

    /* point of no return */
    for (uint32_t i = 0; i < old.count; i++) {
        new.slot[i] = cap__take(to);
        cap__replace(old.slot[i], new.slot[i]);
    }
    for (uint32_t i = 1; i < old.count; i++) {
        new.slot[i]->head = (uint16_t) new.slot[0]->index;
        new.slot[i - 1]->member = new.slot[i];
        old.slot[i - 1]->member = NULL;
    }
    old.slot[old.count - 1]->member = NULL;
    for (uint32_t i = 0; i < old.count; i++) {
        if (GUARD_ACT(MOVE_LEAVES) || i != 0) {
            cap__release(old.slot[i]);
        }
    }
    *out = cap_ref_of(new.slot[0]);
    return STATUS_OK;
}

enum status cap_derive_badged(struct cap_slot *source, struct cap_table *to,
                              uint8_t rights, uint64_t badge,
                              struct cap_ref *out)
{
    core_assert(source->state == CAP_LIVE);
    if (source->type != CAP_ENDPOINT && source->type != CAP_NOTIFICATION) {
        return STATUS_WRONG_TYPE;
    }
    if (!GUARD(BADGE_USE, (source->rights & CAP_USE) != 0)) {
        return STATUS_NO_RIGHTS;
    }
    if (badge == 0) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(BADGE_ONCE, source->count == 0)) {
        return STATUS_EXISTS;
    }
    return cap_derive_object(source, to, source->object, rights, 0, badge, out);
}
