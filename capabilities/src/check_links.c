/* SPDX-License-Identifier: Apache-2.0 */
/* The invariant checker: what holds between slots. */
#include "internal.h"

/* Does the address name one of the chunk's first `slots`? Compares numbers,
 * not pointers: the link may lead anywhere. */
static bool cap__in_chunk(const struct cap_slot *chunk, uint32_t slots,
                          const struct cap_slot *slot)
{
    uintptr_t base = (uintptr_t)chunk;
    uintptr_t at = (uintptr_t)slot;

    return at >= base && at < base + slots * sizeof(*chunk) &&
           (at - base) % sizeof(*chunk) == 0;
}

bool cap__links_to(const struct cap__world *world, const struct cap_slot *slot)
{
    if (slot == NULL) {
        return true;
    }
    for (uint32_t t = 0; t < world->count; t++) {
        uint32_t left = world->tables[t]->size;
        for (uint32_t c = 0; left != 0; c++) {
            uint32_t slots = left < CAP_CHUNK_SLOTS ? left : CAP_CHUNK_SLOTS;
            if (cap__in_chunk(world->tables[t]->chunks[c], slots, slot)) {
                return cap__in_use(slot);
            }
            left -= slots;
        }
    }
    return false;
}

static bool cap__slot_family(const struct cap__world *world,
                             struct cap_slot *slot)
{
    (void)world;
    if (slot->child != NULL &&
        (slot->child->parent != slot || slot->child->previous != NULL)) {
        return false;
    }
    if (slot->parent == NULL) {
        return slot->next == NULL && slot->previous == NULL;
    }
    if (slot->next != NULL &&
        (slot->next->previous != slot || slot->next->parent != slot->parent)) {
        return false;
    }
    return slot->previous == NULL ? slot->parent->child == slot
                                  : slot->previous->next == slot;
}

/* Children of one slot, at most `limit`. */
static uint32_t cap__count_children(const struct cap_slot *slot, uint32_t limit)
{
    uint32_t children = 0;

    for (slot = slot->child; slot != NULL && children < limit;
         slot = slot->next) {
        children++;
    }
    return children;
}

/*
 * I8 family: parent, child and sibling links agree, and every slot that has a
 * parent is on its list (links that agree could still form a ring beside it).
 */
bool cap__check_family(const struct cap__world *world)
{
    uint32_t with_parent = 0;
    uint32_t children = 0;

    if (!cap__all(world, cap__slot_family)) {
        return false;
    }
    for (uint32_t t = 0; t < world->count; t++) {
        for (uint32_t i = 1; i < world->tables[t]->size; i++) {
            struct cap_slot *slot = cap_table_slot(world->tables[t], i);
            with_parent += slot->parent != NULL;
            children += cap__count_children(slot, world->slots);
        }
    }
    return with_parent == children;
}

static bool cap__slot_depth(const struct cap__world *world,
                            struct cap_slot *slot)
{
    (void)world;
    if (slot->parent == NULL) {
        return slot->depth == 0;
    }
    return slot->depth <= CAP_DEPTH_MAX &&
           slot->depth == slot->parent->depth + 1;
}

/* I9 depth: one more than the parent's, so the tree has no cycle. */
bool cap__check_depth(const struct cap__world *world)
{
    return cap__all(world, cap__slot_depth);
}

/* The list of a live composite: members of its table, behind it, in order. */
static bool cap__members_hold(const struct cap_slot *composite)
{
    uint32_t next = 0;

    for (const struct cap_slot *m = composite->member; m != NULL;
         m = m->member) {
        if (m->state != CAP_LIVE || (m->flags & CAP_MEMBER) == 0 ||
            m->type == CAP_COMPOSITE || m->table != composite->table ||
            m->head != composite->index || m->index < m->head ||
            m->position < next || m->position >= CAP_COMPOSITE_MAX) {
            return false;
        }
        next = m->position + 1u;
    }
    return true;
}

static bool cap__is_member_of(const struct cap_slot *composite,
                              const struct cap_slot *slot)
{
    const struct cap_slot *m = composite->member;

    while (m != NULL && m != slot) {
        m = m->member;
    }
    return m != NULL;
}

/* Rising positions below CAP_COMPOSITE_MAX bound the walk along a list. */
static bool cap__slot_list(const struct cap__world *world,
                           struct cap_slot *slot)
{
    (void)world;
    if (slot->state == CAP_LIVE && slot->type == CAP_COMPOSITE) {
        return (slot->flags & CAP_MEMBER) == 0 && cap__members_hold(slot);
    }
    return true;
}

static bool cap__slot_member(const struct cap__world *world,
                             struct cap_slot *slot)
{
    (void)world;
    if (slot->state != CAP_LIVE || slot->type == CAP_COMPOSITE) {
        return true;
    }
    if ((slot->flags & CAP_MEMBER) == 0) {
        bool noted =
            slot->type == CAP_ENDPOINT || slot->type == CAP_NOTIFICATION;
        return slot->member == NULL && slot->position == 0 &&
               (noted || slot->head == 0);
    }
    if (slot->head == 0 || slot->head >= slot->table->size) {
        return false;
    }

    const struct cap_slot *head = cap_table_slot(slot->table, slot->head);
    return head->state == CAP_LIVE && head->type == CAP_COMPOSITE &&
           cap__is_member_of(head, slot);
}

/*
 * I11 composite: its members are live, behind it in its table, in order and
 * no composites; every member is on the list of exactly the composite it names.
 */
bool cap__check_composite(const struct cap__world *world)
{
    return cap__all(world, cap__slot_list) && cap__all(world, cap__slot_member);
}
