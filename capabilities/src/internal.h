/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef CAPABILITIES_INTERNAL_H
#define CAPABILITIES_INTERNAL_H

#include <abi/guard.h>
#include <capabilities/assert.h>
#include <capabilities/cap.h>
#include <stddef.h>

/* What a new slot shall say. */
struct cap__content {
    struct cap_object *object; /* null for a composite */
    uint8_t type;
    uint8_t rights;
    uint64_t first;
    uint64_t count;
};

/* What a live slot adds to its object's `uses`. */
static inline uint32_t cap__uses(const struct cap_slot *slot)
{
    return (slot->rights & CAP_USE) != 0 && slot->table->users != 0;
}

/* table.c */

/*
 * Fills the lowest free slot as a child of `parent` (null: an original).
 * Needs: cap_table_free(table) > 0, and that it was checked by the caller.
 */
struct cap_slot *cap__put(struct cap_table *table, struct cap_slot *parent,
                          const struct cap__content *content);
/* Takes the lowest free slot: live, and it says nothing yet. Needs: as above.
 */
struct cap_slot *cap__take(struct cap_table *table);
/* The slot's generations are used up: nobody gets it any more. */
void cap__retire(struct cap_slot *slot);

/*
 * Gives a slot back: free, with the next generation. Its links to a child, the
 * one before it and members are null already (needs). Here, and field by
 * field, since revoking does little else.
 */
static inline void cap__release(struct cap_slot *slot)
{
    struct cap_table *table = slot->table;
    uint32_t generation = slot->generation + 1;

    if (generation == UINT32_MAX) {
        cap__retire(slot);
        return;
    }
    if (slot->index < table->first) {
        table->first = slot->index;
    }
    table->used--;
    slot->state = CAP_FREE;
    slot->type = CAP_NONE;
    slot->rights = 0;
    slot->flags = 0;
    slot->generation = generation;
    slot->index = 0;
    slot->depth = 0;
    slot->position = 0;
    slot->head = 0;
    slot->object = NULL;
    slot->table = NULL;
    slot->parent = NULL;
    slot->next = NULL;
    slot->first = 0;
    slot->count = 0;
}
/* OK, or INVALID_ARGUMENT when an original cannot say this. */
enum status cap__content_check(const struct cap__content *content);

/* tree.c */

void cap__link(struct cap_slot *parent, struct cap_slot *child);
void cap__unlink(struct cap_slot *slot);
/* Is the slot or one of its ancestors being revoked? Cost: CAP_DEPTH_MAX. */
bool cap__revoking(const struct cap_slot *slot);

/* delete.c */

/* Calls what the kernel has given for the slot's type, if anything. */
void cap__report(const struct cap_context *context, const struct cap_slot *slot,
                 bool last);

/* What reports have cost since it was asked last, in slots. */
static inline uint32_t cap__work(const struct cap_context *context)
{
    uint32_t work = 0;

    if (context->work != NULL) {
        work = *context->work;
        *context->work = 0;
    }
    return work;
}

/*
 * Removes a live slot, a composite's members before it. Adds the slots that
 * stopped being live to *removed.
 * Returns what is left nearest to where it was: itself when it is a tombstone
 * now, else the lowest ancestor that is still there, or null.
 */
struct cap_slot *cap__remove(const struct cap_context *context,
                             struct cap_slot *slot, uint32_t *removed);

/* Frees a slot without children, and each tombstone above it that has none
 * then. Returns the lowest ancestor that stays, or null. */
struct cap_slot *cap__free_up(struct cap_slot *slot);

/* composite.c */

enum status cap__derive_composite(struct cap_slot *source, struct cap_table *to,
                                  const struct cap_part *part,
                                  struct cap_ref *out);
/* Takes a member out of its composite's list. */
void cap__leave_composite(struct cap_slot *member);

/* check.c, check_links.c */

struct cap__world {
    struct cap_table *const *tables;
    uint32_t count;
    uint32_t slots; /* of all tables together */
};

/* Does the predicate hold of every slot (index 0 excepted)? */
bool cap__all(const struct cap__world *world,
              bool (*holds)(const struct cap__world *world,
                            struct cap_slot *slot));
/* Null, or a slot of one of the tables that is live or a tombstone. */
bool cap__links_to(const struct cap__world *world, const struct cap_slot *slot);
bool cap__check_family(const struct cap__world *world);
bool cap__check_depth(const struct cap__world *world);
bool cap__check_composite(const struct cap__world *world);

static inline bool cap__in_use(const struct cap_slot *slot)
{
    return slot->state == CAP_LIVE || slot->state == CAP_TOMBSTONE;
}

#endif
