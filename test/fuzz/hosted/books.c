/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books of quotas and pools, made again from what exists: what each domain
 * is built of, frames, slabs, what was split off. Then they are compared with
 * those that the kernel keeps.
 */
#include "machine.h"

#include "fuzz.h"
#include "kernel.h"

#include <string.h>

#define MANY 4096u
#define FRAME_BITS 0x000ffffffffff000ull /* of an entry of a page table */

/* Every quota and pool that can be reached, and what is taken of it. */
static struct {
    struct quota *quotas[MANY];
    uint64_t charged[MANY];
    struct pool *pools[MANY];
    uint64_t taken[MANY];
    uintptr_t slabs[MANY];
    struct range *ranges[MANY];
    uint32_t quota_count, pool_count, slab_count, range_count;
} books;

static uint32_t quota_add(struct quota *quota)
{
    uint32_t i = 0;

    while (i < books.quota_count && books.quotas[i] != quota) {
        i++;
    }
    FUZZ_CHECK(i < MANY);
    if (i == books.quota_count) {
        books.quotas[books.quota_count++] = quota;
        books.charged[i] = 0;
    }
    return i;
}

static uint32_t pool_add(struct pool *pool)
{
    uint32_t i = 0;

    while (i < books.pool_count && books.pools[i] != pool) {
        i++;
    }
    FUZZ_CHECK(i < MANY);
    if (i == books.pool_count) {
        books.pools[books.pool_count++] = pool;
        books.taken[i] = 0;
    }
    return i;
}

static void enter_pages(struct quota *quota, struct pool *pool, uint64_t pages)
{
    books.charged[quota_add(quota)] += pages;
    books.taken[pool_add(pool)] += pages;
}

/* Where an object made at run time lies is charged, once. */
static void enter_slab(struct cap_object *object)
{
    uintptr_t page = (uintptr_t)object / ABI_PAGE_SIZE;

    if (!object->owner) {
        return;
    }
    FUZZ_CHECK(object->owner == OBJECT_MADE);
    for (uint32_t i = 0; i < books.slab_count; i++) {
        if (books.slabs[i] == page) {
            return;
        }
    }
    FUZZ_CHECK(books.slab_count < MANY);
    books.slabs[books.slab_count++] = page;
    enter_pages(object_quota(object), object_pool(object), 1);
}

/* Its pages and its leaf tables, once. */
static void enter_range(struct range *range)
{
    for (uint32_t i = 0; i < books.range_count; i++) {
        if (books.ranges[i] == range) {
            return;
        }
    }
    FUZZ_CHECK(books.range_count < MANY);
    books.ranges[books.range_count++] = range;
    enter_slab(&range->object);
    enter_pages(range->quota, range->pool, range->pages + range->granules);
}

/* A time stays as long as others are made out of it. */
static void enter_sources(struct time *time)
{
    while (time->from) {
        time = time->from;
        enter_slab(&time->object);
    }
}

static void enter_object(struct cap_object *object)
{
    if (!object) {
        return;
    }
    if (object->type == CAP_RANGE && object->owner) {
        enter_range((struct range *)(void *)object);
    }
    enter_slab(object);
    if (object->type == CAP_QUOTA) {
        (void)quota_add((struct quota *)(void *)object);
    } else if (object->type == CAP_POOL) {
        (void)pool_add((struct pool *)(void *)object);
    } else if (object->type == CAP_TIME) {
        enter_sources((struct time *)(void *)object);
    }
}

/* What no capability reaches, an attachment may keep. */
static void enter_attached(const struct cap_slot *slot)
{
    const struct space *space = space_at((uint32_t)slot->first);

    if (slot->type == CAP_ATTACHMENT && !slot_is_mapping(slot) &&
        slot->count >= ABI_MADE_RANGES && space && space->root &&
        space->made == slot->first >> 32) {
        enter_range(range_made_at((uint32_t)slot->count));
    }
}

static void enter_table(struct cap_table *table)
{
    for (uint32_t i = 1; i < table->size; i++) {
        const struct cap_slot *slot = cap_table_slot(table, i);

        if (slot->state == CAP_LIVE) {
            enter_object(slot->object);
            enter_attached(slot);
        }
    }
}

/* A heap's pages, and its leaf tables beyond the first. */
static uint64_t heap_pages(uint32_t domain)
{
    uint32_t heap = kernel.plan.domains[domain].heap;
    uint64_t pages;

    if (heap == PLAN_NONE || kernel.plan.ranges[heap].owner != domain) {
        return 0;
    }
    pages = kernel.ranges[heap].pages;
    return pages
               ? pages + (pages + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES - 1
               : 0;
}

/* Page directories that a root has. */
static uint64_t directories_of(const struct space *space)
{
    const uint64_t *top = arch_physical(space->root);
    const uint64_t *next = arch_physical(top[0] & FRAME_BITS);
    uint64_t count = 0;

    for (uint32_t i = 0; i < 512; i++) {
        count += next[i] != 0;
    }
    return count;
}

/* Of the config: what it was built of, and what its root has taken since. */
static void enter_domain(uint32_t domain)
{
    const struct space *space = kernel.domains[domain]->is.space;
    struct pd_needs needs = {0};
    uint64_t grown = 0;

    pd_count(&kernel.spec, &kernel.plan, domain, &needs);
    if (space->first == domain) {
        grown = directories_of(space) -
                kernel.plan.roots[space->number].directories;
    }
    enter_pages(quota_of(domain), pool_of(domain),
                needs.total + heap_pages(domain) + grown);
    enter_table(&kernel.domains[domain]->caps);
}

/* Its leaf tables, and pages that are its own: code is the program's. */
static uint64_t own_pages(const struct range *range)
{
    uint64_t leaves = 0;

    for (uint32_t i = 0; i < range->granules; i++) {
        leaves += address_leaf(range->base + i * ABI_GRANULE_SIZE) != 0;
    }
    return range->kind == PLAN_IMAGE ? range_needs(range)
                                     : range->pages + leaves;
}

/* Of run time: its block, and what of it is its own. One that is gutted has
 * given back all but the block. */
static void enter_made(struct domain *domain)
{
    const struct composition *is = &domain->is;
    const struct composition *up = &domain_at(is->parent)->is;
    uint64_t pages = 1;

    pages += (domain->caps.size + domain->files.size) / CAP_CHUNK_SLOTS;
    for (uint32_t i = 0; i < 3; i++) {
        const struct range *range = &domain->own[i];

        pages += range->live ? own_pages(range) : 0;
    }
    if (domain->space.root) {
        pages += 2 + directories_of(&domain->space);
    }
    enter_pages(is->quota, is->pool, pages);
    if (domain->block) {
        enter_pages(up->quota, up->pool, 1);
    }
    enter_table(&domain->caps);
}

static void enter_machine(void)
{
    struct pd_needs needs = {0};
    uint64_t pages = kernel.root_table.size / CAP_CHUNK_SLOTS;

    for (uint32_t i = 0; i < 512; i++) {
        pages += kernel.directories[i] != NULL;
    }
    for (uint32_t i = 0; i < kernel.spec.header->ranges.count; i++) {
        pd_count_range(&kernel.plan, i, &needs);
    }
    enter_pages(ROOT_QUOTA, ROOT_POOL, pages + needs.leaves + needs.pages);
    for (uint64_t i = 0; i < kernel.memory >> ABI_PAGE_SHIFT; i++) {
        const struct frame *frame = &kernel.frames[i];

        if ((frame->object.refs || frame->mapped.refs) && frame->pool) {
            enter_pages(frame->quota, frame->pool, 1);
        }
    }
}

/* Those that no capability reaches, but others hang on. */
static void enter_families(void)
{
    for (uint32_t i = 0; i < books.quota_count || i < books.pool_count; i++) {
        if (i < books.quota_count && books.quotas[i]->parent) {
            (void)quota_add(books.quotas[i]->parent);
            enter_slab(&books.quotas[i]->parent->object);
        }
        if (i < books.pool_count && books.pools[i]->parent) {
            struct pool *pool = books.pools[i];

            books.taken[pool_add(pool->parent)] += pool->total;
            enter_slab(&pool->parent->object);
            if (object_made(&pool->object)) {
                (void)quota_add(&pool->quota);
                FUZZ_CHECK(pool->quota.limit == pool->total);
            }
        }
    }
}

static uint64_t extent_pages(const struct pool *pool)
{
    uint64_t pages = 0;

    for (uint32_t i = 0; i < pool->extent_count; i++) {
        FUZZ_CHECK(pool->extents[i].next < pool->extents[i].end);
        pages +=
            (pool->extents[i].end - pool->extents[i].next) >> ABI_PAGE_SHIFT;
    }
    return pages;
}

static void check_pool(const struct pool *pool, uint64_t taken)
{
    uint32_t children = 0;

    for (uint32_t i = 0; i < books.pool_count; i++) {
        children += books.pools[i]->parent == pool;
    }
    FUZZ_CHECK(pool->reserved == 0);
    FUZZ_CHECK(pool->free == extent_pages(pool) + pool->listed);
    FUZZ_CHECK(pool->total - pool->free == taken);
    FUZZ_CHECK(pool->children == children);
}

void machine_check_books(void)
{
    const char *broken;

    books.quota_count = books.pool_count = 0;
    books.slab_count = books.range_count = 0;
    enter_machine();
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        if (kernel.domains[i] && i < SPEC_MAX_DOMAINS) {
            enter_domain(i);
        } else if (kernel.domains[i]) {
            enter_made(kernel.domains[i]);
        }
    }
    enter_families();
    broken = pd_quota_check(books.quotas, books.charged, books.quota_count);
    if (broken) {
        FUZZ_FAIL(broken);
    }
    for (uint32_t i = 0; i < books.pool_count; i++) {
        check_pool(books.pools[i], books.taken[i]);
    }
    FUZZ_CHECK(!kernel.gone && !kernel.settling);
}
