/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames in ranges. A mapping is a capability derived from the frame's, of type
 * attachment, to frame->mapped: so revoking the frame takes it out of every
 * range, and a frame that is mapped is not free. A mapping does not keep its
 * range: its slot says which making of a range it is in (range->made), and what
 * is older is in no range any more.
 */
#include "kernel.h"

#include <capabilities/assert.h>

bool slot_is_mapping(const struct cap_slot *slot)
{
    return slot->type == CAP_ATTACHMENT &&
           slot->object != &kernel.attachment_object &&
           !object_made(slot->object);
}

struct frame *mapping_frame(const struct cap_slot *slot)
{
    return (struct frame *)(void *)((uint8_t *)slot->object -
                                    offsetof(struct frame, mapped));
}

static uint64_t frame_number(const struct frame *frame)
{
    return (uint64_t)(frame - kernel.frames);
}

/* Leaf entry of a page of a range that is there; null: it is in none, or in one
 * that was made later. */
static uint64_t *mapping_entry(const struct cap_slot *slot)
{
    uint64_t address = slot->first << ABI_PAGE_SHIFT;
    struct range *range = address_range(address);

    if (!range || !range->bare ||
        !GUARD(MAP_MADE, range->made == slot->count)) {
        return NULL;
    }
    return range_page(range,
                      (uint32_t)((address - range->base) >> ABI_PAGE_SHIFT));
}

/* Nobody holds it, and it is mapped nowhere. Those of programs are the
 * module's. */
static void frame_left(struct frame *frame)
{
    struct pool *pool = frame->pool;

    if (GUARD(FRAME_LAST, frame->object.refs == 0) &&
        GUARD(MAP_KEEP, frame->mapped.refs == 0) && pool) {
        frame->pool = NULL;
        quota_uncharge(frame->quota, 1); /* first: the pool may go with it */
        frame_give(pool, frame_number(frame) << ABI_PAGE_SHIFT);
    }
}

void frame_removed(void *context, const struct cap_slot *slot, bool last)
{
    (void)context;
    (void)last;
    frame_left((struct frame *)(void *)slot->object);
}

void mapping_removed(const struct cap_slot *slot)
{
    uint64_t *entry = mapping_entry(slot);

    if (entry && GUARD_ACT(UNMAP)) {
        *entry = 0;
        kernel.flush |= GUARD_ACT(TLB_FLUSH);
    }
    frame_left(mapping_frame(slot));
}

/* Read, and not write with exec (W^X). */
static bool are_rights(uint64_t rights)
{
    return rights <= CAP_ALL && rights & CAP_READ && !(rights & CAP_USE) &&
           !(rights & CAP_WRITE && rights & CAP_EXEC);
}

/* The entry of page `page` of the part that `slot` is of. */
static enum status page_for(const struct cap_slot *slot, uint64_t page,
                            uint64_t **entry)
{
    struct range *range = slot_range(slot);

    if (!GUARD(MAP_BARE, range->bare) || !range->live) {
        return STATUS_UNSUPPORTED;
    }
    if (!GUARD(MAP_PART, page < slot->count) ||
        page >= range->limit - slot->first) {
        return STATUS_OUT_OF_RANGE;
    }
    *entry = range_page(range, (uint32_t)(slot->first + page));
    return GUARD(MAP_TAKEN, **entry == 0) ? STATUS_OK : STATUS_EXISTS;
}

static enum status map(struct cap_slot *source, const struct cap_slot *to,
                       uint64_t page, uint8_t rights, struct cap_ref *ref)
{
    struct frame *frame = (struct frame *)(void *)source->object;
    struct range *range = slot_range(to);
    uint64_t address = range->base + ((to->first + page) << ABI_PAGE_SHIFT);
    uint64_t *entry;
    enum status status = page_for(to, page, &entry);

    if (status == STATUS_OK) {
        status =
            cap_derive_object(source, source->table, &frame->mapped, rights,
                              address >> ABI_PAGE_SHIFT, range->made, ref);
    }
    if (status != STATUS_OK) {
        return status;
    }
    /* point of no return */
    *entry = arch_leaf_entry(frame_number(frame) << ABI_PAGE_SHIFT, rights) |
             ARCH_LEAF_MAPPED;
    share_step();
    return STATUS_OK;
}

/* Needs use of the frame, with the rights that the page shall have, and write
 * of the range. */
enum status sys_map(struct domain *domain, struct arch_frame *frame)
{
    uint64_t rights = frame->r10;
    struct cap_slot *source, *to;
    struct cap_ref ref;
    enum status status =
        handle_for(domain, frame->rdi, CAP_FRAME, CAP_USE, &source);

    if (status == STATUS_OK) {
        status = handle_for(domain, frame->rsi, CAP_RANGE, CAP_WRITE, &to);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!are_rights(rights)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(MAP_RIGHTS, !(rights & ~(uint64_t)source->rights))) {
        return STATUS_NO_RIGHTS;
    }
    status = map(source, to, frame->rdx, (uint8_t)rights, &ref);
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}

/* Deleting it does the same; this takes nothing but a mapping. */
enum status sys_unmap(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (!slot_is_mapping(slot)) {
        return STATUS_WRONG_TYPE;
    }
    cap_delete(&cap_context, slot);
    share_step();
    return STATUS_OK;
}
