/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The invariant checker: what one slot or one table says by itself.
 * check_links.c has what holds between slots. Nothing here trusts a link
 * before I1 and I2 have judged it.
 */
#include "internal.h"

bool cap__all(const struct cap__world *world,
              bool (*holds)(const struct cap__world *world,
                            struct cap_slot *slot))
{
    for (uint32_t t = 0; t < world->count; t++) {
        for (uint32_t i = 1; i < world->tables[t]->size; i++) {
            if (!holds(world, cap_table_slot(world->tables[t], i))) {
                return false;
            }
        }
    }
    return true;
}

/* I1 home: a slot that is not free knows its table and its index. */
static bool cap__check_home(const struct cap__world *world)
{
    for (uint32_t t = 0; t < world->count; t++) {
        struct cap_table *table = world->tables[t];
        for (uint32_t i = 1; i < table->size; i++) {
            const struct cap_slot *slot = cap_table_slot(table, i);
            if (slot->state > CAP_RETIRED ||
                (slot->state != CAP_FREE &&
                 (slot->table != table || slot->index != i))) {
                return false;
            }
        }
    }
    return true;
}

static bool cap__slot_links(const struct cap__world *world,
                            struct cap_slot *slot)
{
    return cap__links_to(world, slot->parent) &&
           cap__links_to(world, slot->child) &&
           cap__links_to(world, slot->next) &&
           cap__links_to(world, slot->previous) &&
           cap__links_to(world, slot->member);
}

/* I2 links: a link leads to a live slot or a tombstone of the tables. */
static bool cap__check_links(const struct cap__world *world)
{
    return cap__all(world, cap__slot_links);
}

static bool cap__slot_free(const struct cap__world *world,
                           struct cap_slot *slot)
{
    (void)world;
    if (cap__in_use(slot)) {
        return slot->generation != UINT32_MAX;
    }
    if ((slot->state == CAP_RETIRED) != (slot->generation == UINT32_MAX)) {
        return false;
    }
    if (slot->state == CAP_FREE && (slot->table != NULL || slot->index != 0)) {
        return false;
    }
    return slot->type == CAP_NONE && slot->rights == 0 && slot->flags == 0 &&
           slot->depth == 0 && slot->position == 0 && slot->head == 0 &&
           slot->object == NULL && slot->parent == NULL &&
           slot->child == NULL && slot->next == NULL &&
           slot->previous == NULL && slot->member == NULL && slot->first == 0 &&
           slot->count == 0;
}

/* I3 free: free and retired slots say nothing; retired: no generation left. */
static bool cap__check_free(const struct cap__world *world)
{
    for (uint32_t t = 0; t < world->count; t++) {
        if (world->tables[t]->size > 0 &&
            cap_table_slot(world->tables[t], 0)->state != CAP_FREE) {
            return false;
        }
    }
    return cap__all(world, cap__slot_free);
}

/* I4 table: the counts are right; nothing is free below `first`. */
static bool cap__check_table(const struct cap__world *world)
{
    for (uint32_t t = 0; t < world->count; t++) {
        struct cap_table *table = world->tables[t];
        uint32_t used = 0;
        if ((table->size % CAP_CHUNK_SLOTS != 0 &&
             table->size > CAP_CHUNK_SLOTS) ||
            table->first == 0 || table->cursor > table->size) {
            return false;
        }
        for (uint32_t i = 1; i < table->size; i++) {
            bool is_free = cap_table_slot(table, i)->state == CAP_FREE;
            if (is_free && i < table->first) {
                return false;
            }
            used += !is_free;
        }
        if (used != table->used) {
            return false;
        }
    }
    return true;
}

static bool cap__slot_type(const struct cap__world *world,
                           struct cap_slot *slot)
{
    (void)world;
    if (slot->state != CAP_LIVE) {
        return true;
    }
    if (slot->type == CAP_NONE || slot->type >= CAP_TYPE_COUNT ||
        (slot->rights & ~cap_type_rights(slot->type)) != 0 ||
        (slot->flags & ~(CAP_REVOKING | CAP_MEMBER)) != 0) {
        return false;
    }
    if (slot->type == CAP_COMPOSITE) {
        return slot->object == NULL;
    }
    return slot->object != NULL && slot->object->type == slot->type;
}

/* I5 type: a live slot has a type, rights of that type, and its object. */
static bool cap__check_type(const struct cap__world *world)
{
    return cap__all(world, cap__slot_type);
}

static uint32_t cap__count_refs(const struct cap__world *world,
                                const struct cap_object *object)
{
    uint32_t refs = 0;

    for (uint32_t t = 0; t < world->count; t++) {
        for (uint32_t i = 1; i < world->tables[t]->size; i++) {
            refs += cap_table_slot(world->tables[t], i)->object == object;
        }
    }
    return refs;
}

static uint32_t cap__count_uses(const struct cap__world *world,
                                const struct cap_object *object)
{
    uint32_t uses = 0;

    for (uint32_t t = 0; t < world->count; t++) {
        const struct cap_table *table = world->tables[t];

        for (uint32_t i = 1; i < table->size && table->users != 0; i++) {
            const struct cap_slot *slot = cap_table_slot(world->tables[t], i);
            uses += slot->object == object && (slot->rights & CAP_USE) != 0;
        }
    }
    return uses;
}

/* Is this the first slot, in the tables' order, that refers to its object? */
static bool cap__is_first_ref(const struct cap__world *world,
                              const struct cap_slot *slot)
{
    for (uint32_t t = 0; t < world->count; t++) {
        for (uint32_t i = 1; i < world->tables[t]->size; i++) {
            struct cap_slot *other = cap_table_slot(world->tables[t], i);
            if (other->object == slot->object) {
                return other == slot;
            }
        }
    }
    return false;
}

static bool cap__slot_refs(const struct cap__world *world,
                           struct cap_slot *slot)
{
    if (slot->object == NULL || !cap__is_first_ref(world, slot)) {
        return true;
    }
    return slot->object->refs == cap__count_refs(world, slot->object) &&
           slot->object->uses == cap__count_uses(world, slot->object);
}

/* I6 refs: an object counts the live slots that refer to it, and those of
 * them by which somebody can use it. */
static bool cap__check_refs(const struct cap__world *world)
{
    return cap__all(world, cap__slot_refs);
}

static bool cap__slot_tombstone(const struct cap__world *world,
                                struct cap_slot *slot)
{
    (void)world;
    if (slot->state != CAP_TOMBSTONE) {
        return true;
    }
    return slot->child != NULL && slot->type == CAP_NONE && slot->rights == 0 &&
           slot->flags == 0 && slot->object == NULL && slot->member == NULL &&
           slot->position == 0 && slot->head == 0 && slot->first == 0 &&
           slot->count == 0;
}

/* I7 tombstone: it has a child and no authority. */
static bool cap__check_tombstone(const struct cap__world *world)
{
    return cap__all(world, cap__slot_tombstone);
}

static bool cap__slot_narrower(const struct cap__world *world,
                               struct cap_slot *slot)
{
    const struct cap_slot *parent = slot->parent;

    (void)world;
    if (slot->state != CAP_LIVE || parent == NULL ||
        parent->state != CAP_LIVE || parent->object != slot->object) {
        return true;
    }
    if ((slot->rights & ~parent->rights) != 0) {
        return false;
    }
    if (slot->type != CAP_RANGE) {
        return true;
    }
    return slot->first >= parent->first &&
           slot->first - parent->first <= parent->count &&
           slot->count <= parent->count - (slot->first - parent->first);
}

/* I10 narrower: a child to the same object has no more than its parent. */
static bool cap__check_narrower(const struct cap__world *world)
{
    return cap__all(world, cap__slot_narrower);
}

const char *cap_check(struct cap_table *const *tables, uint32_t count)
{
    static const struct {
        const char *name;
        bool (*holds)(const struct cap__world *world);
    } invariants[] = {
        {"I1 home", cap__check_home},
        {"I2 links", cap__check_links},
        {"I3 free", cap__check_free},
        {"I4 table", cap__check_table},
        {"I5 type", cap__check_type},
        {"I6 refs", cap__check_refs},
        {"I7 tombstone", cap__check_tombstone},
        {"I8 family", cap__check_family},
        {"I9 depth", cap__check_depth},
        {"I10 narrower", cap__check_narrower},
        {"I11 composite", cap__check_composite},
    };
    struct cap__world world = {.tables = tables, .count = count};

    for (uint32_t t = 0; t < count; t++) {
        world.slots += tables[t]->size;
    }
    for (uint32_t i = 0; i < sizeof(invariants) / sizeof(invariants[0]); i++) {
        if (!invariants[i].holds(&world)) {
            return invariants[i].name;
        }
    }
    return NULL;
}
