/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes in taking back: deleting, revoking, clearing. */
#include "bugs.h"

static bool used(const struct cap_slot *slot)
{
    return slot->state == CAP_LIVE || slot->state == CAP_TOMBSTONE;
}

/* Only the first child of a slot is ever looked at. */
static enum status revoke_first_child(const struct cap_context *context,
                                      struct cap_slot *slot)
{
    struct cap_slot *second = slot->child != NULL ? slot->child->next : NULL;
    enum status status;

    if (slot->type == CAP_COMPOSITE || second == NULL) {
        return cap_revoke(context, slot);
    }
    slot->child->next = NULL;
    status = cap_revoke(context, slot);
    second->previous = slot->child;
    if (slot->child != NULL) {
        slot->child->next = second;
    } else {
        slot->child = second;
    }
    return status;
}

/* It says that it is through after its first step. */
static enum status revoke_one_step(const struct cap_context *context,
                                   struct cap_slot *slot)
{
    enum status status = cap_revoke(context, slot);

    return status == STATUS_MORE ? STATUS_OK : status;
}

/* A revocation under way leaves no mark. */
static enum status revoke_unmarked(const struct cap_context *context,
                                   struct cap_slot *slot)
{
    enum status status = cap_revoke(context, slot);

    slot->flags &= (uint8_t)~CAP_REVOKING;
    return status;
}

/* What was taken out of a composite is not looked for. */
static enum status revoke_head_alone(const struct cap_context *context,
                                     struct cap_slot *slot)
{
    struct cap_slot *members = slot->member;
    enum status status;

    if (slot->type == CAP_COMPOSITE) {
        slot->member = NULL;
    }
    status = cap_revoke(context, slot);
    slot->member = members;
    return status;
}

/* What was derived from a deleted slot hangs from that slot's parent. */
static void delete_reparents(const struct cap_context *context,
                             struct cap_slot *slot)
{
    struct cap_slot *up = slot->parent;

    while (slot->child != NULL && up != NULL) {
        struct cap_slot *child = slot->child;

        slot->child = child->next;
        if (child->next != NULL) {
            child->next->previous = NULL;
        }
        child->parent = up;
        child->depth--;
        child->next = up->child;
        up->child->previous = child;
        up->child = child;
    }
    cap_delete(context, slot);
}

/* A freed slot keeps its generation. */
static void delete_same_generation(const struct cap_context *context,
                                   struct cap_slot *slot)
{
    uint32_t generation = slot->generation;

    cap_delete(context, slot);
    if (slot->state == CAP_FREE) {
        slot->generation = generation;
    }
}

/* An object still counts the deleted reference. */
static void delete_keeps_ref(const struct cap_context *context,
                             struct cap_slot *slot)
{
    struct cap_object *object = slot->object;

    cap_delete(context, slot);
    if (object != NULL) {
        object->refs++;
    }
}

/* A composite's last member stays behind. */
static void delete_leaves_member(const struct cap_context *context,
                                 struct cap_slot *slot)
{
    if (slot->type == CAP_COMPOSITE && slot->member != NULL) {
        slot->member = slot->member->member;
    }
    cap_delete(context, slot);
}

/* A tombstone is not freed with its last child. */
static void delete_leaves_tombstone(const struct cap_context *context,
                                    struct cap_slot *slot)
{
    struct cap_slot *up = slot->parent, was;

    if (up == NULL || up->state != CAP_TOMBSTONE || slot->child != NULL) {
        cap_delete(context, slot);
        return;
    }
    was = *up;
    cap_delete(context, slot);
    if (!used(up)) {
        was.child = NULL;
        was.parent = NULL;
        was.next = NULL;
        was.previous = NULL;
        was.depth = 0;
        *up = was;
        up->table->used++;
    }
}

/* The last generation of a slot is followed by the first. */
static void delete_wraps(const struct cap_context *context,
                         struct cap_slot *slot)
{
    cap_delete(context, slot);
    if (slot->state == CAP_RETIRED) {
        struct cap_table *table = slot->table;

        table->used--;
        table->first = slot->index < table->first ? slot->index : table->first;
        *slot = (struct cap_slot){.generation = 0};
    }
}

/* The kernel does not hear of it. */
static void delete_untold(const struct cap_context *context,
                          struct cap_slot *slot)
{
    const struct cap_context deaf = {NULL, context->context, NULL};

    cap_delete(&deaf, slot);
}

/* The sibling behind a freed slot is not told who stands before it now. */
static void delete_half_unlinked(const struct cap_context *context,
                                 struct cap_slot *slot)
{
    struct cap_slot *next = slot->next, *previous = slot->previous;

    cap_delete(context, slot);
    if (next != NULL && previous != NULL && slot->state == CAP_FREE) {
        next->previous = NULL;
    }
}

/* Clearing is through when it has seen the first slot. */
static enum status clear_first(const struct cap_context *context,
                               struct cap_table *table)
{
    enum status status = cap_table_clear(context, table);

    if (status == STATUS_MORE && table->cursor > 1) {
        table->cursor = 0;
        return STATUS_OK;
    }
    return status;
}

const struct bug bugs_remove[] = {
    {"revoke-first-child",
     "revoke skips the siblings of the first child",
     "derive",
     {.revoke = revoke_first_child},
     "M16 removal",
     4},
    {"revoke-one-step",
     "revoke says that it is through when it is not",
     "derive",
     {.revoke = revoke_one_step},
     "M16 removal",
     4},
    {"revoke-unmarked",
     "a revocation under way leaves no mark",
     "derive",
     {.revoke = revoke_unmarked},
     "M15 effect",
     4},
    {"revoke-head-alone",
     "revoke forgets what hangs below members",
     "compose",
     {.revoke = revoke_head_alone},
     "M16 removal",
     4},
    {"delete-reparents",
     "delete hands orphans to the grandparent",
     "derive",
     {.remove = delete_reparents},
     "M18 handle",
     4},
    {"delete-same-generation",
     "a freed slot keeps its generation",
     "derive",
     {.remove = delete_same_generation},
     "M18 handle",
     2},
    {"delete-keeps-ref",
     "delete does not count the reference off",
     "derive",
     {.remove = delete_keeps_ref},
     "M4 refs",
     2},
    {"delete-leaves-member",
     "a composite goes, one of its members stays",
     "compose",
     {.remove = delete_leaves_member},
     "M16 removal",
     3},
    {"delete-leaves-tombstone",
     "a tombstone outlives its last child",
     "derive",
     {.remove = delete_leaves_tombstone},
     "M15 effect",
     4},
    {"delete-untold",
     "the kernel does not hear of a removal",
     "derive",
     {.remove = delete_untold},
     "M17 told",
     2},
    {"delete-half-unlinked",
     "a sibling's link back is not mended",
     "derive",
     {.remove = delete_half_unlinked},
     "M1 capabilities",
     5},
    {"delete-wraps",
     "a worn-out slot starts again at generation 0",
     "clear",
     {.remove = delete_wraps},
     "M18 handle",
     4},
    {"clear-stops-early",
     "clear says that it is through half-way",
     "clear",
     {.clear = clear_first},
     "M16 removal",
     4},
};
const uint32_t bugs_remove_count = sizeof bugs_remove / sizeof bugs_remove[0];
