/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas and pools that are made at run time: how they go. One that no
 * capability reaches any more stays as long as something is charged to it or
 * taken from it: a domain may stand on it, or another be split off it.
 */
#include "kernel.h"

#include <capabilities/assert.h>

/* Nobody can reach it, and nothing hangs on it. */
static bool quota_is_gone(const struct quota *quota)
{
    return object_made(&quota->object) && quota->object.refs == 0 &&
           quota->used == 0 && quota->children == 0;
}

static bool pool_is_gone(const struct pool *pool)
{
    return object_made(&pool->object) && pool->object.refs == 0 &&
           pool->free == pool->total && pool->reserved == 0 &&
           pool->children == 0 && pool->quota.used == 0;
}

static void quota_go(struct quota *quota)
{
    core_assert(!quota->slabs);
    if (quota->parent) {
        quota_merge(quota);
    }
    object_drop(&quota->object);
}

void pool_unsplit(struct pool *pool)
{
    window_drop(&((struct pool_split *)(void *)pool)->window, pool->parent);
    pool->window = NULL;
    pool_return(pool);
    quota_merge(&pool->quota);
}

static void pool_go(struct pool *pool)
{
    if (pool->parent) {
        pool_unsplit(pool);
    }
    object_drop(&pool->object);
}

/* What goes lets others go: those it was split off, those that paid for where
 * it lies. One at a time, for there is one stack. */
static void settle(void)
{
    if (kernel.settling) {
        return;
    }
    kernel.settling = true;
    while (kernel.gone) {
        struct cap_object *object = kernel.gone;

        if (object->type == CAP_QUOTA) {
            struct quota *quota = (struct quota *)(void *)object;

            kernel.gone = quota->slabs;
            quota->slabs = NULL;
            quota_go(quota);
        } else {
            struct pool *pool = (struct pool *)(void *)object;

            kernel.gone = pool->gone;
            pool_go(pool);
        }
    }
    kernel.settling = false;
}

void quota_left(struct quota *quota)
{
    for (struct quota *q = quota; q; q = pd_quota_above(q)) {
        if (quota_is_gone(q)) {
            q->object.owner = OBJECT_GOING;
            q->slabs = kernel.gone; /* it has none: the link is free */
            kernel.gone = &q->object;
        }
    }
    settle();
}

void pool_left(struct pool *pool)
{
    if (pool_is_gone(pool)) {
        pool->object.owner = OBJECT_GOING;
        pool->gone = kernel.gone;
        kernel.gone = &pool->object;
        settle();
    }
}

void quota_removed(void *context, const struct cap_slot *slot, bool last)
{
    (void)context;
    if (last) {
        quota_left((struct quota *)(void *)slot->object);
    }
}

void pool_removed(void *context, const struct cap_slot *slot, bool last)
{
    (void)context;
    if (last) {
        pool_left((struct pool *)(void *)slot->object);
    }
}

struct quota *pool_payer(struct pool *pool, uint32_t domain)
{
    return object_made(&pool->object) ? &pool->quota : quota_of(domain);
}

bool quota_is_under(const struct quota *quota, const struct quota *top)
{
    while (quota && quota != top) {
        quota = quota->parent;
    }
    return quota != NULL;
}

bool pool_is_under(const struct pool *pool, const struct pool *top)
{
    while (pool && pool != top) {
        pool = pool->parent;
    }
    return pool != NULL;
}

bool stood_on(const struct quota *quota, const struct pool *pool,
              uint32_t domain)
{
    if (quota->children == 0 && pool->children == 0) {
        return false;
    }
    for (uint32_t other = 0; other < DOMAIN_MAX; other++) {
        if (other == domain || !domain_at(other)) {
            continue;
        }
        if (quota_is_under(quota_of(other), quota) ||
            pool_is_under(pool_of(other), pool)) {
            return true;
        }
    }
    return false;
}
