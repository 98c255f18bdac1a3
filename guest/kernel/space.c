/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges, their leaf tables, and roots. A range owns its leaf tables; the
 * master view (one directory a gibibyte, in no root) remembers where they are.
 * A root's directory entries carry that root's rights on a granule, so growth
 * inside a granule appears everywhere at once.
 */
#include "kernel.h"

#include <capabilities/assert.h>

void *memcpy(void *to, const void *from, size_t count);

static uint64_t *master_entry(uint64_t address)
{
    return &kernel
                .directories[address >> 30][address >> ABI_GRANULE_SHIFT & 511];
}

uint64_t *range_page(uint32_t index, uint32_t page)
{
    uint64_t address = plan_range_start(&kernel.plan.ranges[index]) +
                       ((uint64_t)page << ABI_PAGE_SHIFT);
    uint64_t *leaf = arch_physical(*master_entry(address));

    return &leaf[address >> ABI_PAGE_SHIFT & 511];
}

/* What the live attachments of a root give it, of one range. */
static uint8_t attached_rights(const struct attachments *a)
{
    return (uint8_t)(CAP_READ |
                     (GUARD(ROOT_RIGHTS, a->write != 0) ? CAP_WRITE : 0) |
                     (a->exec ? CAP_EXEC : 0));
}

/* Every root that has the range gets the (new, changed or gone) granule. */
static void granule_publish(uint32_t range, uint64_t address)
{
    uint64_t leaf = *master_entry(address);

    for (uint32_t root = 0; root < kernel.plan.root_count; root++) {
        struct attachments *a = &kernel.spaces[root].attached[range];

        if (kernel.spaces[root].root && a->read) {
            *arch_root_entry(kernel.spaces[root].root, address) =
                arch_directory_entry(leaf, attached_rights(a));
        }
    }
}

static void granule_add(uint32_t range, uint64_t address)
{
    *master_entry(address) = frame_take(range_pool(range));
    granule_publish(range, address);
}

static void zero_pages_add(uint32_t index, uint32_t from, uint32_t count)
{
    const uint64_t rights = arch_leaf_entry(0, CAP_READ | CAP_WRITE);
    struct pool *pool = range_pool(index);

    while (count) {
        uint64_t *entry = range_page(index, from);
        uint32_t room = ABI_GRANULE_PAGES -
                        (uint32_t)((uintptr_t)entry / 8 % ABI_GRANULE_PAGES);
        uint32_t run = count < room ? count : room;

        frames_take(pool, entry, run, rights);
        from += run;
        count -= run;
    }
}

static uint64_t module_page(uint32_t page)
{
    return kernel.module_physical + ((uint64_t)page << ABI_PAGE_SHIFT);
}

/* Writable pages are copies, of as many bytes as the file has. */
static void segment_copy(uint32_t range, const struct spec_segment *segment)
{
    uint64_t left = segment->bytes;

    zero_pages_add(range, segment->page, segment->pages);
    for (uint32_t i = 0; left; i++) {
        uint64_t count = left < ABI_PAGE_SIZE ? left : ABI_PAGE_SIZE;
        uint64_t frame =
            arch_entry_frame(*range_page(range, segment->page + i));

        memcpy(arch_physical(frame),
               arch_physical(module_page(segment->source + i)), count);
        left -= count;
    }
}

/* Read-only and executable pages are the module's. */
static void segment_map(uint32_t range, const struct spec_segment *segment)
{
    const uint64_t rights = arch_leaf_entry(0, (uint8_t)segment->rights);

    for (uint32_t i = 0; i < segment->pages; i++) {
        *range_page(range, segment->page + i) =
            rights | module_page(segment->source + i);
    }
}

static void image_map(uint32_t range)
{
    uint32_t program = kernel.plan.ranges[range].object;
    const struct spec_program *p = &kernel.spec.programs[program];

    for (uint32_t i = 0; i < p->segment_count; i++) {
        const struct spec_segment *segment =
            &kernel.spec.segments[p->first_segment + i];

        if (segment->rights & CAP_WRITE && GUARD_ACT(PRIVATE_DATA)) {
            segment_copy(range, segment);
        } else {
            segment_map(range, segment);
        }
    }
}

/* Granules that hold pages from the start; a heap begins with one. */
static uint32_t start_granules(const struct plan_range *range)
{
    if (range->kind == PLAN_HEAP || range->kind == PLAN_STACK) {
        return 1;
    }
    return (uint32_t)((range->pages + ABI_GRANULE_PAGES - 1) /
                      ABI_GRANULE_PAGES);
}

/* Without STACK_GAP: the pages right below a stack are the stack's that was
 * made before it. */
static void stack_gap_close(uint32_t index)
{
    uint64_t *first = range_page(index, 0);

    for (uint32_t other = index; other-- > 0;) {
        uint32_t pages = kernel.ranges[other].pages;

        if (kernel.plan.ranges[other].kind == PLAN_STACK && pages) {
            memcpy(first - pages, range_page(other, 0), pages * 8u);
            return;
        }
    }
}

/* Needs: leaf tables and pages reserved in the range's pool. */
void range_make(uint32_t index)
{
    const struct plan_range *range = &kernel.plan.ranges[index];
    uint32_t granules = start_granules(range);

    for (uint32_t i = 0; i < granules; i++) {
        granule_add(index, range->base + i * ABI_GRANULE_SIZE);
    }
    kernel.ranges[index].object.type = CAP_RANGE;
    kernel.ranges[index].live = 1;
    kernel.ranges[index].pages = range->start_pages;
    if (range->kind == PLAN_IMAGE) {
        image_map(index);
    } else {
        zero_pages_add(index, 0, range->start_pages);
    }
    if (range->kind == PLAN_STACK && !GUARD_ACT(STACK_GAP)) {
        stack_gap_close(index);
    }
}

static bool frame_is_module(uint64_t frame)
{
    return frame >= kernel.module_physical;
}

static void leaf_drop(uint32_t range, uint64_t leaf)
{
    struct quota *quota = range_quota(range);
    struct pool *pool = range_pool(range);
    uint64_t *entries = arch_physical(leaf);

    for (uint32_t i = 0; i < ABI_GRANULE_PAGES; i++) {
        uint64_t frame = arch_entry_frame(entries[i]);

        if (frame && !frame_is_module(frame)) {
            frame_give(pool, frame);
            quota_uncharge(quota, 1);
        }
    }
    frame_give(pool, leaf);
    quota_uncharge(quota, 1);
}

/* Needs: attached nowhere any more. */
void range_drop(uint32_t index)
{
    const struct plan_range *range = &kernel.plan.ranges[index];

    for (uint32_t i = 0; i < range->granules; i++) {
        uint64_t *entry = master_entry(range->base + i * ABI_GRANULE_SIZE);

        if (*entry) {
            leaf_drop(index, *entry);
            *entry = 0;
        }
    }
    kernel.ranges[index].live = 0;
    kernel.ranges[index].pages = 0;
}

static uint64_t granules_of(uint64_t pages)
{
    return (pages + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES;
}

/* Grows a heap by `pages`. Returns OK, OUT_OF_RANGE, NO_QUOTA, NO_MEMORY. */
enum status range_grow(uint32_t index, uint64_t pages)
{
    const struct plan_range *range = &kernel.plan.ranges[index];
    uint64_t now = kernel.ranges[index].pages;
    uint64_t tables, have;
    enum status status;

    if (!GUARD(GROW_LIMIT, pages <= range->pages - now)) {
        return STATUS_OUT_OF_RANGE;
    }
    have = now ? granules_of(now) : 1;
    tables =
        granules_of(now + pages) > have ? granules_of(now + pages) - have : 0;
    status = pages_reserve(range_quota(index), range_pool(index),
                           pages + (GUARD_ACT(TABLE_CHARGE) ? tables : 0),
                           pages + tables);
    if (status != STATUS_OK) {
        return status;
    }
    /* point of no return */
    for (uint64_t i = have; i < have + tables; i++) {
        granule_add(index, range->base + i * ABI_GRANULE_SIZE);
    }
    zero_pages_add(index, (uint32_t)now, (uint32_t)pages);
    kernel.ranges[index].pages = (uint32_t)(now + pages);
    return STATUS_OK;
}

/* Needs: 2 + directories frames reserved in the pool of its first domain. */
void root_make(uint32_t index)
{
    const struct plan_root *root = &kernel.plan.roots[index];
    struct pool *pool = pool_of(root->first);
    uint64_t frame = frame_take(pool);

    arch_root_init(frame, frame_take(pool));
    for (uint32_t word = 0; word < 8; word++) {
        for (uint64_t bits = root->gibibytes[word]; bits; bits &= bits - 1) {
            uint64_t gibibyte = word * 64u + (uint64_t)__builtin_ctzll(bits);

            arch_root_add(frame, gibibyte << 30, frame_take(pool));
        }
    }
    kernel.spaces[index].object.type = CAP_SPACE;
    kernel.spaces[index].root = frame;
    share_root(index, frame, 0);
}

static void table_give(uint32_t domain, uint64_t frame)
{
    frame_give(pool_of(domain), frame);
    quota_uncharge(quota_of(domain), 1);
}

void root_drop(uint32_t index)
{
    uint64_t frame = kernel.spaces[index].root;
    uint32_t domain = kernel.plan.roots[index].first;
    uint64_t *pml4 = arch_physical(frame);
    uint64_t pointers = arch_entry_frame(pml4[0]);
    uint64_t *directories = arch_physical(pointers);

    /* Left first: the host never finds the CPU in a root that is not said. */
    arch_root_switch(arch_kernel_root(), false);
    share_event(EVENT_ROOT, kernel.current, 0, arch_kernel_root());
    share_root(index, 0, 0);
    for (uint32_t i = 0; i < 512; i++) {
        if (arch_entry_frame(directories[i])) {
            table_give(domain, arch_entry_frame(directories[i]));
        }
    }
    table_give(domain, pointers);
    table_give(domain, frame);
    kernel.spaces[index].root = 0;
}

static void count_add(struct attachments *a, uint8_t rights, int by)
{
    core_assert(rights & CAP_READ);
    a->read = (uint16_t)(a->read + by);
    if (rights & CAP_WRITE) {
        a->write = (uint16_t)(a->write + by);
    }
    if (rights & CAP_EXEC) {
        a->exec = (uint16_t)(a->exec + by);
    }
}

static void granules_write(uint32_t root, uint32_t index)
{
    const struct plan_range *range = &kernel.plan.ranges[index];
    const struct attachments *a = &kernel.spaces[root].attached[index];
    uint8_t rights = attached_rights(a);

    for (uint32_t i = 0; i < range->granules; i++) {
        uint64_t address = range->base + i * ABI_GRANULE_SIZE;
        uint64_t leaf = *master_entry(address);

        if (leaf) {
            *arch_root_entry(kernel.spaces[root].root, address) =
                a->read ? arch_directory_entry(leaf, rights) : 0;
        }
    }
}

void space_attach(uint32_t root, uint32_t range, uint8_t rights)
{
    struct attachments *a = &kernel.spaces[root].attached[range];

    share_event(EVENT_ATTACH, kernel.current, root | (uint32_t)rights << 8,
                range);
    /* A TLB may remember the lesser right. */
    kernel.flush |= a->read != 0;
    count_add(a, rights, 1);
    granules_write(root, range);
}

void space_detach(uint32_t root, uint32_t range, uint8_t rights)
{
    share_event(EVENT_DETACH, kernel.current, root | (uint32_t)rights << 8,
                range);
    count_add(&kernel.spaces[root].attached[range], rights, -1);
    if (kernel.spaces[root].root) {
        granules_write(root, range);
    }
    if (GUARD_ACT(TLB_FLUSH)) {
        kernel.flush = true;
    }
}

/* The master view, and the named ranges: the machine's own, made at boot. */
enum status space_init(void)
{
    for (uint32_t i = 0; i < kernel.plan.range_count; i++) {
        const struct plan_range *range = &kernel.plan.ranges[i];
        uint64_t last = range->base + range->granules * ABI_GRANULE_SIZE - 1;

        for (uint64_t gib = range->base >> 30; gib <= last >> 30; gib++) {
            if (!kernel.directories[gib]) {
                if (pages_reserve(ROOT_QUOTA, ROOT_POOL, 1, 1) != STATUS_OK) {
                    return STATUS_NO_MEMORY;
                }
                kernel.directories[gib] = arch_physical(frame_take(ROOT_POOL));
            }
        }
        if (range->kind == PLAN_NAMED) {
            uint64_t need = range->pages + start_granules(range);

            if (pages_reserve(ROOT_QUOTA, ROOT_POOL, need, need) != STATUS_OK) {
                return STATUS_NO_MEMORY;
            }
            range_make(i);
        }
    }
    return STATUS_OK;
}
