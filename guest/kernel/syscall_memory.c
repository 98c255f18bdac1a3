/* SPDX-License-Identifier: Apache-2.0 */
/* System calls on ranges, frames and names of places. */
#include "kernel.h"

/* How far a range has grown is told to those whose space has it: to others it
 * would be a message of whoever grows it. */
static bool in_view(const struct domain *domain, struct range *range)
{
    const struct attachments *a = attachments_of(domain->is.space, range);

    return GUARD_ACT(LOCATE_VIEW) ? a && a->read != 0 : true;
}

enum status sys_locate(struct domain *domain, struct arch_frame *frame)
{
    char name[SYSCALL_NAME_MAX + 1];
    uint32_t number;
    struct range *range;
    enum status status =
        name_copy_in(name, frame->rdi, frame->rsi, SYSCALL_NAME_MAX);

    if (status == STATUS_OK) {
        status = plan_locate(&kernel.spec, &kernel.plan, name,
                             (uint32_t)frame->rsi, &number);
    }
    if (status != STATUS_OK) {
        return status;
    }
    range = &kernel.ranges[number];
    frame->rdx = range_start(range);
    frame->r10 =
        (uint64_t)(range->live && in_view(domain, range) ? range->pages
                                                         : range->start_pages)
        << ABI_PAGE_SHIFT;
    return STATUS_OK;
}

bool slot_is_whole(const struct cap_slot *slot)
{
    return slot->first == 0 && slot->count == slot_range(slot)->limit;
}

/*
 * Attaches what the capability is of, a whole range or whole granules, to a
 * space, with at most the capability's rights;
 * write never with exec (W^X), and no more than composition lets this space
 * have: a shared capability table is no way around `part`.
 */
static enum status attach(struct domain *domain, struct arch_frame *frame,
                          struct space *space)
{
    uint8_t rights = (uint8_t)(frame->rsi & CAP_ALL);
    struct cap_table *table = caps_of(domain->index);
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status =
        handle_for(domain, frame->rdi, CAP_RANGE, CAP_USE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (frame->rsi > CAP_ALL || !GUARD(ATTACH_READ, rights & CAP_READ) ||
        rights & CAP_USE || (rights & CAP_WRITE && rights & CAP_EXEC)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(ATTACH_RIGHTS, !(rights & ~slot->rights)) ||
        !GUARD(ATTACH_PLAN,
               !(rights & ~space_allows(space, slot_range(slot))))) {
        return STATUS_NO_RIGHTS;
    }
    if (!GUARD(RANGE_WHOLE, slot_is_whole(slot) || slot_is_granules(slot))) {
        return STATUS_OUT_OF_RANGE;
    }
    status = slot_is_whole(slot) || !slot_is_granules(slot)
                 ? attach_into(slot, table ? table : slot->table, space, rights,
                               &ref)
                 : part_attach(domain, slot, space, rights, &ref);
    if (status == STATUS_OK) {
        share_step();
        frame->rdx = handle_make(ref, false);
    }
    return status;
}

enum status sys_attach(struct domain *domain, struct arch_frame *frame)
{
    return attach(domain, frame, domain->is.space);
}

/* To the space of another: the attachment is the caller's. */
enum status sys_attach_to(struct domain *domain, struct arch_frame *frame)
{
    struct space *space;
    struct cap_slot *slot;
    enum status status =
        handle_for(domain, frame->rdx, CAP_SPACE, CAP_WRITE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    space = (struct space *)(void *)slot->object;
    if (!GUARD(ATTACH_SPACE, space->root != 0)) {
        return STATUS_NOT_RUNNING;
    }
    return attach(domain, frame, space);
}

enum status sys_grow(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    struct range *range;
    enum status status =
        handle_for(domain, frame->rdi, CAP_RANGE, CAP_WRITE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    range = slot_range(slot);
    if (!GUARD(OUTLIVE, range->live)) {
        return STATUS_CLOSED;
    }
    if (!GUARD(RANGE_WHOLE, slot_is_whole(slot))) {
        return STATUS_OUT_OF_RANGE;
    }
    if (!GUARD(GROW_LIMIT, range->kind == PLAN_HEAP)) {
        return STATUS_UNSUPPORTED;
    }
    status = domain_may_take(domain->index);
    if (status == STATUS_OK) {
        status = domain_may_take(range->owner);
    }
    if (status == STATUS_OK) {
        status = range_grow(range, frame->rsi);
    }
    if (status == STATUS_OK) {
        share_step();
        frame->rdx = (uint64_t)range->pages << ABI_PAGE_SHIFT;
    }
    return status;
}

/* One frame of the pool, charged to who pays for it. */
enum status sys_allocate(struct domain *domain, struct arch_frame *frame)
{
    struct quota *quota;
    struct pool *pool;
    struct cap_slot *slot;
    struct cap_ref ref;
    struct frame *object;
    uint64_t number;
    enum status status =
        handle_for(domain, frame->rdi, CAP_POOL, CAP_USE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    status = domain_may_take(domain->index);
    if (status != STATUS_OK) {
        return status;
    }
    if (cap_table_free(slot->table) == 0) {
        return STATUS_NO_SLOT;
    }
    pool = (struct pool *)(void *)slot->object;
    quota = pool_payer(pool, domain->index);
    status = pages_reserve(quota, pool, 1, 1);
    if (status != STATUS_OK) {
        return status;
    }
    number = frame_take(pool) >> ABI_PAGE_SHIFT;
    object = &kernel.frames[number];
    object->object.type = CAP_FRAME;
    object->mapped.type = CAP_ATTACHMENT;
    object->quota = quota;
    object->pool = pool;
    status = cap_derive_object(slot, slot->table, &object->object,
                               CAP_READ | CAP_WRITE | CAP_USE, 0, 1, &ref);
    if (status != STATUS_OK) {
        frame_give(pool, number << ABI_PAGE_SHIFT);
        quota_uncharge(quota, 1);
        return status;
    }
    frame->rdx = handle_make(ref, false);
    frame->r10 = number;
    return STATUS_OK;
}
