/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: where slots come from and go back to. */
#include "internal.h"

void cap_table_init(struct cap_table *table)
{
    *table = (struct cap_table){.first = 1};
}

void cap_table_add(struct cap_table *table, struct cap_slot *chunk)
{
    core_assert(table->size < CAP_TABLE_MAX);
    table->chunks[table->size / CAP_CHUNK_SLOTS] = chunk;
    table->size += CAP_CHUNK_SLOTS;
}

/* All of it counts from now on, or nothing does. */
static void cap__count(struct cap_table *table, uint32_t users)
{
    uint32_t left = table->used;

    for (uint32_t i = 1; left != 0 && i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        left -= slot->state != CAP_FREE;
        if (slot->state == CAP_LIVE && slot->object != NULL &&
            (slot->rights & CAP_USE) != 0) {
            slot->object->uses += users != 0 ? 1 : UINT32_MAX;
        }
    }
    table->users = users;
}

void cap_table_enter(struct cap_table *table)
{
    if (table->users == 0) {
        cap__count(table, 1);
    } else {
        table->users++;
    }
}

bool cap_table_leave(struct cap_table *table)
{
    core_assert(table->users != 0);
    if (table->users == 1) {
        cap__count(table, 0);
    } else {
        table->users--;
    }
    return table->users == 0;
}

uint32_t cap_table_free(const struct cap_table *table)
{
    /* Slot 0 is never given out. */
    return table->size == 0 ? 0 : table->size - 1 - table->used;
}

struct cap_slot *cap__take(struct cap_table *table)
{
    uint32_t index = table->first;

    while (index < table->size &&
           cap_table_slot(table, index)->state != CAP_FREE) {
        index++;
    }
    core_assert(index < table->size);
    table->first = index + 1;
    table->used++;
    if (index < table->cursor) {
        table->cursor = index; /* a clearing under way must see it */
    }

    struct cap_slot *slot = cap_table_slot(table, index);
    slot->state = CAP_LIVE;
    slot->index = index;
    slot->table = table;
    return slot;
}

struct cap_slot *cap__put(struct cap_table *table, struct cap_slot *parent,
                          const struct cap__content *content)
{
    struct cap_slot *slot = cap__take(table);

    slot->type = content->type;
    slot->rights = content->rights;
    slot->object = content->object;
    slot->first = content->first;
    slot->count = content->count;
    if (slot->object != NULL) {
        slot->object->refs++;
        slot->object->uses += cap__uses(slot);
    }
    if (parent != NULL) {
        cap__link(parent, slot);
    }
    return slot;
}

void cap__retire(struct cap_slot *slot)
{
    /* One more holder would let a handle of the first come alive again. */
    *slot = (struct cap_slot){.state = CAP_RETIRED,
                              .generation = UINT32_MAX,
                              .index = slot->index,
                              .table = slot->table};
}

enum status cap__content_check(const struct cap__content *content)
{
    if (content->object == NULL || content->type == CAP_NONE ||
        content->type >= CAP_COMPOSITE) {
        return STATUS_INVALID_ARGUMENT;
    }
    if ((content->rights & ~cap_type_rights(content->type)) != 0) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (content->type == CAP_RANGE &&
        content->count > UINT64_MAX - content->first) {
        return STATUS_INVALID_ARGUMENT;
    }
    return STATUS_OK;
}

enum status cap_insert(struct cap_table *table, struct cap_object *object,
                       uint8_t rights, uint64_t first, uint64_t count,
                       struct cap_ref *out)
{
    struct cap__content content = {
        .object = object,
        .type = object == NULL ? (uint8_t)CAP_NONE : object->type,
        .rights = rights,
        .first = first,
        .count = count,
    };
    enum status status = cap__content_check(&content);

    if (status != STATUS_OK) {
        return status;
    }
    if (cap_table_free(table) == 0) {
        return STATUS_NO_SLOT;
    }

    /* point of no return */
    *out = cap_ref_of(cap__put(table, NULL, &content));
    return STATUS_OK;
}
