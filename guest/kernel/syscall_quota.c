/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls on quotas and pools: split, trade, return. What is split off is
 * a capability derived from the one it was split off by: revoking that takes
 * it back.
 */
#include "kernel.h"

static struct quota *quota_in(const struct cap_slot *slot)
{
    return (struct quota *)(void *)slot->object;
}

static struct pool *pool_in(const struct cap_slot *slot)
{
    return (struct pool *)(void *)slot->object;
}

/* The capability, use of it, and room for another beside it. */
static enum status source_for(const struct domain *domain, uint64_t handle,
                              enum cap_type type, struct cap_slot **slot)
{
    enum status status = handle_for(domain, handle, type, CAP_USE, slot);

    if (status == STATUS_OK) {
        status = domain_may_take(domain->index);
    }
    if (status == STATUS_OK && cap_table_free((*slot)->table) == 0) {
        status = STATUS_NO_SLOT;
    }
    return status;
}

static enum status split(struct quota *from, struct quota *quota,
                         uint64_t pages, bool part)
{
    if (!part) {
        return pd_quota_split(from, quota, pages);
    }
    if (pages > from->limit) {
        return STATUS_NO_QUOTA;
    }
    pd_quota_part(from, quota, pages);
    return STATUS_OK;
}

/* The new object's capability, or its undoing. */
static enum status hand_out(struct cap_slot *source, struct cap_object *object,
                            struct arch_frame *frame)
{
    struct cap_ref ref;
    enum status status = cap_derive_object(source, source->table, object,
                                           CAP_READ | CAP_USE, 0, 0, &ref);

    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}

enum status sys_quota_split(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    struct cap_object *object;
    struct quota *from, *quota;
    enum status status = source_for(domain, frame->rdi, CAP_QUOTA, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (frame->rsi == 0 || frame->rdx > 1) {
        return STATUS_INVALID_ARGUMENT;
    }
    from = quota_in(slot);
    if (!GUARD(QUOTA_DEPTH, pd_quota_depth(from) < PD_QUOTA_DEPTH_MAX)) {
        return STATUS_TOO_BIG;
    }
    status = object_make(domain->index, CAP_QUOTA, &object);
    if (status != STATUS_OK) {
        return status;
    }
    quota = (struct quota *)(void *)object;
    status = split(from, quota, frame->rsi, frame->rdx == 1);
    if (status == STATUS_OK) {
        status = hand_out(slot, object, frame);
        if (status != STATUS_OK) {
            pd_quota_merge(quota);
        }
    }
    if (status != STATUS_OK) {
        object_drop(object);
    }
    return status;
}

enum status sys_quota_trade(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *from, *to;
    enum status status =
        handle_for(domain, frame->rdi, CAP_QUOTA, CAP_USE, &from);

    if (status == STATUS_OK) {
        status = handle_for(domain, frame->rsi, CAP_QUOTA, CAP_USE, &to);
    }
    if (status == STATUS_OK) {
        status = pd_quota_trade(quota_in(from), quota_in(to), frame->rdx);
    }
    if (status == STATUS_OK) {
        quota_left(quota_in(to));
    }
    return status;
}

enum status sys_quota_return(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    enum status status =
        handle_for(domain, frame->rdi, CAP_QUOTA, CAP_USE, &slot);

    if (status == STATUS_OK) {
        status = pd_quota_returnable(quota_in(slot));
    }
    if (status == STATUS_OK) {
        quota_merge(quota_in(slot));
    }
    return status;
}

/* Its window comes with it. */
static enum status carve_out(struct pool *from, struct pool *pool,
                             uint64_t pages)
{
    struct window *window = &((struct pool_split *)(void *)pool)->window;
    enum status status = window_split(window, from, pages);

    if (status != STATUS_OK) {
        return status;
    }
    pool->window = GUARD_ACT(POOL_WINDOW) ? window : from->window;
    status = pool_carve(pool, from, pages);
    if (status != STATUS_OK) {
        window_drop(window, from);
    }
    return status;
}

/* Paid for, and then carved; or neither. */
static enum status carve(struct quota *payer, struct pool *from,
                         struct pool *pool, uint64_t pages)
{
    enum status status =
        pd_quota_split(payer, &pool->quota, GUARD_ACT(POOL_CHARGE) ? pages : 0);

    if (status == STATUS_OK) {
        pool->quota.limit = pages;
        status = carve_out(from, pool, pages);
        if (status != STATUS_OK) {
            pool->quota.limit = GUARD_ACT(POOL_CHARGE) ? pages : 0;
            pd_quota_merge(&pool->quota);
        }
    }
    return status;
}

enum status sys_pool_split(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    struct cap_object *object;
    struct pool *pool;
    enum status status = source_for(domain, frame->rdi, CAP_POOL, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (frame->rsi == 0) {
        return STATUS_INVALID_ARGUMENT;
    }
    status = object_make(domain->index, CAP_POOL, &object);
    if (status != STATUS_OK) {
        return status;
    }
    pool = (struct pool *)(void *)object;
    status = carve(pool_payer(pool_in(slot), domain->index), pool_in(slot),
                   pool, frame->rsi);
    if (status == STATUS_OK) {
        status = hand_out(slot, object, frame);
        if (status != STATUS_OK) {
            pool_unsplit(pool);
        }
    }
    if (status != STATUS_OK) {
        object_drop(object);
    }
    return status;
}

/* Its frames go back to the pool it was carved out of, whole. */
enum status sys_pool_return(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    struct pool *pool;
    enum status status =
        handle_for(domain, frame->rdi, CAP_POOL, CAP_USE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    pool = pool_in(slot);
    if (object_made(&pool->object) && !pool->parent) {
        return STATUS_CLOSED;
    }
    if (!GUARD(POOL_EMPTY, object_made(&pool->object) &&
                               pool->free == pool->total &&
                               pool->children == 0)) {
        return STATUS_BUSY; /* what a domain brought goes with the domain */
    }
    pool_unsplit(pool);
    return STATUS_OK;
}
