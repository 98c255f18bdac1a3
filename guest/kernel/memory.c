/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames, pools and quotas. Every free frame reads as zero (but for the free
 * list's link in its first word), so nothing is zeroed when it is handed out;
 * frames are scrubbed once, when freed.
 */
#include "kernel.h"

#include <capabilities/assert.h>

struct quota *planned_quota(uint32_t owner)
{
    return owner == PLAN_NONE ? ROOT_QUOTA : &kernel.quotas[owner];
}

struct pool *planned_pool(uint32_t owner)
{
    return owner == PLAN_NONE ? ROOT_POOL : &kernel.pools[owner];
}

struct quota *quota_of(uint32_t domain)
{
    return domain_at(domain)->is.quota;
}

struct pool *pool_of(uint32_t domain)
{
    return domain_at(domain)->is.pool;
}

/* At run time, that is: what a domain is built of its parent pays for. */
enum status domain_may_take(uint32_t domain)
{
    const struct domain *who = domain_at(domain);
    const uint8_t *degree = who ? who->is.degree : NULL;

    if (!degree) {
        return STATUS_OK; /* the machine's */
    }
    if (!GUARD(QUOTA_NONE, degree[PD_QUOTA] != PD_NONE)) {
        return STATUS_NO_QUOTA;
    }
    return GUARD(POOL_NONE, degree[PD_POOL] != PD_NONE) ? STATUS_OK
                                                        : STATUS_NO_MEMORY;
}

enum status quota_charge(struct quota *quota, uint64_t pages)
{
    enum status status = pd_quota_charge(quota, pages);

    if (__builtin_expect(kernel.trace != NULL, 0) && status == STATUS_OK) {
        trace_quota(quota);
    }
    return status;
}

void quota_uncharge(struct quota *quota, uint64_t pages)
{
    pd_quota_uncharge(quota, pages);
    if (__builtin_expect(kernel.trace != NULL, 0)) {
        trace_quota(quota);
    }
    quota_left(quota);
}

void quota_merge(struct quota *quota)
{
    struct quota *parent = quota->parent;

    pd_quota_merge(quota);
    quota_left(parent);
}

enum status pool_reserve(struct pool *pool, uint64_t pages)
{
    if (!GUARD(POOL_LIMIT, pages <= pool->free - pool->reserved)) {
        return STATUS_NO_MEMORY;
    }
    pool->reserved += pages;
    return STATUS_OK;
}

void pool_unreserve(struct pool *pool, uint64_t pages)
{
    pool->reserved -= pages;
}

enum status pages_reserve(struct quota *quota, struct pool *pool,
                          uint64_t charged, uint64_t pages)
{
    enum status status = quota_charge(quota, charged);

    if (status == STATUS_OK) {
        status = pool_reserve(pool, pages);
        if (status != STATUS_OK) {
            quota_uncharge(quota, charged);
        }
    }
    return status;
}

static uint64_t list_take(struct pool *pool)
{
    uint64_t frame = pool->list;
    uint64_t *words = arch_physical(frame);

    pool->list = words[0];
    pool->listed--;
    if (GUARD_ACT(FREE_LINK)) {
        words[0] = 0;
    }
    return frame;
}

static void extent_drop(struct pool *pool)
{
    pool->extent_count--;
    for (uint32_t i = 0; i < pool->extent_count; i++) {
        pool->extents[i] = pool->extents[i + 1];
    }
}

static uint64_t extent_take(struct pool *pool)
{
    uint64_t frame = pool->extents[0].next;

    pool->extents[0].next = frame + ABI_PAGE_SIZE;
    if (pool->extents[0].next == pool->extents[0].end) {
        extent_drop(pool);
    }
    return frame;
}

uint64_t frame_take(struct pool *pool)
{
    core_assert(pool->reserved > 0);
    pool->reserved--;
    pool->free--;
    return pool->list ? list_take(pool) : extent_take(pool);
}

/* Reserved frames, in order of address where the pool is untouched. */
void frames_take(struct pool *pool, uint64_t *out, uint32_t count,
                 uint64_t flags)
{
    uint64_t frame = pool->extents[0].next;
    uint64_t bytes = (uint64_t)count << ABI_PAGE_SHIFT;

    if (pool->list || pool->extents[0].end - frame <= bytes) {
        for (uint32_t i = 0; i < count; i++) {
            out[i] = frame_take(pool) | flags;
        }
        return;
    }
    core_assert(pool->reserved >= count);
    pool->reserved -= count;
    pool->free -= count;
    pool->extents[0].next = frame + bytes;
    for (uint32_t i = 0; i < count; i++, frame += ABI_PAGE_SIZE) {
        out[i] = frame | flags;
    }
}

static void list_put(struct pool *pool, uint64_t frame)
{
    uint64_t *words = arch_physical(frame);

    words[0] = pool->list;
    pool->list = frame;
    pool->listed++;
}

void frame_give(struct pool *pool, uint64_t frame)
{
    if (GUARD_ACT(FRAME_SCRUB)) {
        arch_clear(arch_physical(frame), ABI_PAGE_SIZE / 8);
    }
    list_put(pool, frame);
    pool->free++;
    pool_left(pool);
}

void frame_give_words(struct pool *pool, uint64_t frame, uint32_t first,
                      uint32_t count)
{
    uint64_t *words = arch_physical(frame);

    if (count && GUARD_ACT(FRAME_SCRUB)) {
        arch_clear(words + first, count);
    }
    list_put(pool, frame);
    pool->free++;
    pool_left(pool);
}

/* Adds clean memory; frame by frame where no extent is left to say it. */
static void extent_give(struct pool *pool, uint64_t first, uint64_t end)
{
    for (uint32_t i = 0; i < pool->extent_count; i++) {
        if (pool->extents[i].next == end) {
            pool->extents[i].next = first;
            return;
        }
        if (pool->extents[i].end == first) {
            pool->extents[i].end = end;
            return;
        }
    }
    if (pool->extent_count < POOL_EXTENTS) {
        pool->extents[pool->extent_count].next = first;
        pool->extents[pool->extent_count].end = end;
        pool->extent_count++;
        return;
    }
    for (uint64_t frame = first; frame < end; frame += ABI_PAGE_SIZE) {
        list_put(pool, frame);
    }
}

static void pool_make(struct pool *pool, uint64_t first, uint64_t end)
{
    pool->object.type = CAP_POOL;
    pool->extent_count = 1;
    pool->extents[0].next = first;
    pool->extents[0].end = end;
    pool->first = first;
    pool->end = end;
    pool->list = 0;
    pool->listed = 0;
    pool->reserved = 0;
    pool->total = (end - first) >> ABI_PAGE_SHIFT;
    pool->free = pool->total;
}

/*
 * A pool of its own out of another's untouched memory: contiguous, so that it
 * shares no free list and no frame numbers with anyone.
 */
enum status pool_carve(struct pool *pool, struct pool *from, uint64_t pages)
{
    uint64_t bytes = pages << ABI_PAGE_SHIFT;

    if (pages > from->free - from->reserved) {
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < from->extent_count; i++) {
        /* Strictly larger: an extent is never left empty. */
        if (from->extents[i].end - from->extents[i].next > bytes) {
            from->extents[i].end -= bytes;
            from->free -= pages;
            pool_make(pool, from->extents[i].end, from->extents[i].end + bytes);
            if (!pool->window) {
                pool->window = from->window;
            }
            pool->parent = from;
            from->children++;
            return STATUS_OK;
        }
    }
    return STATUS_NO_MEMORY;
}

/* All its frames have come back: clean the links, give the region back. */
void pool_return(struct pool *pool)
{
    struct pool *parent = pool->parent;

    core_assert(pool->free == pool->total && pool->reserved == 0);
    while (pool->listed) {
        (void)list_take(pool);
    }
    extent_give(parent, pool->first, pool->end);
    parent->free += pool->total;
    parent->children--;
    pool->total = 0;
    pool->free = 0;
    pool->extent_count = 0;
    pool->parent = NULL;
    pool_left(parent);
}

void memory_init(uint64_t first, uint64_t end)
{
    uint64_t table = (kernel.memory >> ABI_PAGE_SHIFT) * sizeof(struct frame);

    kernel.frames = arch_physical(first);
    first += (table + ABI_PAGE_SIZE - 1) & ~(ABI_PAGE_SIZE - 1);
    pool_make(ROOT_POOL, first, end);
    ROOT_QUOTA->object.type = CAP_QUOTA;
    ROOT_QUOTA->limit = ROOT_POOL->total;
    shared.frames_total = ROOT_POOL->total;
}
