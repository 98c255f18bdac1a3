/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attached parts of ranges: whole granules, since all roots share a range's
 * leaf tables and differ in what their directories say of each. A part is an
 * object of whoever attaches it, and its one capability is the attachment. What
 * a root has of a granule is what the range's whole attachments and its parts
 * give.
 */
#include "kernel.h"

bool slot_is_part(const struct cap_slot *slot)
{
    return slot->type == CAP_ATTACHMENT && object_made(slot->object);
}

static struct part *part_at(uint32_t number)
{
    return arch_physical((uint64_t)number * OBJECT_BYTES);
}

static uint32_t part_number(const struct part *part)
{
    return (uint32_t)(arch_physical_of(part) / OBJECT_BYTES);
}

static struct part *part_of(const struct attachment *record)
{
    return (struct part *)((uintptr_t)record - offsetof(struct part, record));
}

static uint64_t part_base(const struct part *part)
{
    return part->record.range->base + part->first * ABI_GRANULE_SIZE;
}

static uint32_t part_granules(const struct part *part)
{
    return GUARD_ACT(PART_ATTACH) ? part->granules
                                  : part->record.range->granules - part->first;
}

bool part_has(const struct attachment *record, uint64_t address)
{
    const struct part *part = part_of(record);

    return address - part_base(part) < part_granules(part) * ABI_GRANULE_SIZE;
}

/* Where a part begins or ends next behind an address, if before `until`. */
static uint64_t next_edge(const struct part *part, uint64_t address,
                          uint64_t until)
{
    uint64_t first = part_base(part);
    uint64_t end = first + part_granules(part) * ABI_GRANULE_SIZE;
    uint64_t edge = first > address ? first : end;

    return edge > address && edge < until ? edge : until;
}

uint8_t parts_rights(const struct space *space, uint64_t address,
                     uint64_t *until)
{
    uint8_t rights = 0;

    for (uint32_t at = space->parts; at; at = part_at(at)->next) {
        const struct attachment *record = &part_at(at)->record;

        kernel.work++;
        *until = next_edge(part_at(at), address, *until);
        if (part_has(record, address)) {
            rights |=
                (uint8_t)(CAP_READ | (record->count.write ? CAP_WRITE : 0) |
                          (record->count.exec ? CAP_EXEC : 0));
        }
    }
    return rights;
}

uint32_t parts_count(const struct space *space)
{
    uint32_t count = 0;

    for (uint32_t at = space->parts; at; at = part_at(at)->next) {
        count++;
    }
    return count;
}

bool slot_is_granules(const struct cap_slot *slot)
{
    const struct range *range = slot_range(slot);
    uint64_t end = slot->first + slot->count;

    return range->kind != PLAN_STACK && slot->first % ABI_GRANULE_PAGES == 0 &&
           (end % ABI_GRANULE_PAGES == 0 || end == range->limit);
}

void record_link(struct attachment *a)
{
    struct range *range = a->range;

    a->previous = NULL;
    a->next = range->attached;
    if (a->next) {
        a->next->previous = a;
    }
    range->attached = a;
}

void record_unlink(struct attachment *a)
{
    if (a->next) {
        a->next->previous = a->previous;
    }
    if (a->previous) {
        a->previous->next = a->next;
    } else {
        a->range->attached = a->next;
    }
}

static void link(struct part *part)
{
    struct space *space = part->record.space;
    uint32_t number = part_number(part);

    part->next = space->parts;
    part->previous = 0;
    if (part->next) {
        part_at(part->next)->previous = number;
    }
    space->parts = number;
    record_link(&part->record);
    space_reach(space, part_base(part), part_granules(part));
}

static void unlink(struct part *part)
{
    if (part->next) {
        part_at(part->next)->previous = part->previous;
    }
    if (part->previous) {
        part_at(part->previous)->next = part->next;
    } else {
        part->record.space->parts = part->next;
    }
    record_unlink(&part->record);
}

static void fill(struct part *part, const struct cap_slot *source,
                 struct space *space, uint8_t rights)
{
    struct range *range = slot_range(source);
    uint64_t pages = source->count + ABI_GRANULE_PAGES - 1;

    part->record.space = space;
    part->record.range = range;
    part->record.part = true;
    part->record.count = (struct attachments){1, (rights & CAP_WRITE) != 0,
                                              (rights & CAP_EXEC) != 0};
    part->first = (uint32_t)(source->first / ABI_GRANULE_PAGES);
    part->granules = (uint32_t)(pages / ABI_GRANULE_PAGES);
}

static enum status reserve(struct part *part, struct cap_slot *source,
                           struct cap_table *table, uint8_t rights,
                           struct cap_ref *ref)
{
    struct space *space = part->record.space;
    uint32_t lacks =
        space_lacks_at(space, part_base(part), part_granules(part));
    struct quota *quota = quota_of(space->first);
    struct pool *pool = pool_of(space->first);
    enum status status = pages_reserve(quota, pool, lacks, lacks);

    if (status != STATUS_OK) {
        return status;
    }
    status = cap_derive_object(source, table, &part->object, rights,
                               (uint64_t)space->made << 32 | space->number,
                               part->record.range->number, ref);
    if (status != STATUS_OK) {
        pool_unreserve(pool, lacks);
        quota_uncharge(quota, lacks);
    }
    return status;
}

enum status part_attach(struct domain *domain, struct cap_slot *source,
                        struct space *space, uint8_t rights,
                        struct cap_ref *ref)
{
    struct cap_table *table = caps_of(domain->index);
    struct cap_object *object;
    struct part *part;
    enum status status;

    if (!GUARD(SPACE_PARTS, parts_count(space) < SPACE_PARTS)) {
        return STATUS_NO_SLOT;
    }
    status = object_make(domain->index, CAP_ATTACHMENT, &object);
    if (status != STATUS_OK) {
        return status;
    }
    part = (struct part *)(void *)object;
    fill(part, source, space, rights);
    status = reserve(part, source, table ? table : source->table, rights, ref);
    if (status != STATUS_OK) {
        object_drop(object);
        return status;
    }
    /* point of no return */
    link(part);
    space_event(EVENT_ATTACH, space, part->record.range, rights);
    granules_write(space, part->record.range, part->first, part_granules(part));
    kernel.flush = true; /* a TLB may remember a lesser right */
    return STATUS_OK;
}

/* Out of its space; what it is an object of stays until its slot goes. */
void part_detach(struct attachment *record)
{
    struct part *part = part_of(record);
    struct space *space = record->space;
    struct range *range = record->range;

    unlink(part);
    record->space = NULL;
    space_event(EVENT_DETACH, space, range, CAP_READ);
    granules_write(space, range, part->first, part_granules(part));
    space_leave(space, range->base + part->first * ABI_GRANULE_SIZE,
                part_granules(part));
    kernel.flush |= GUARD_ACT(TLB_FLUSH);
    range_left(range);
}

void part_removed(const struct cap_slot *slot)
{
    struct part *part = (struct part *)(void *)slot->object;

    if (part->record.space) {
        part_detach(&part->record);
    }
    object_drop(&part->object);
}

void parts_drop(struct space *space)
{
    while (space->parts) {
        part_detach(&part_at(space->parts)->record);
    }
}
