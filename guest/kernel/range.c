/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges and their leaf tables, which a range owns. The master view (one
 * directory a gibibyte, in no root) remembers where they are, and, at the
 * addresses of run time, whose granule it is.
 */
#include "kernel.h"

#include <capabilities/assert.h>

void *memcpy(void *to, const void *from, size_t count);

uint64_t range_start(const struct range *range)
{
    if (range->kind != PLAN_STACK) {
        return range->base;
    }
    /* One guard page above the stack; all the rest of the granule below. */
    return range->base + (range->granules << ABI_GRANULE_SHIFT) -
           ((uint64_t)(range->limit + 1) << ABI_PAGE_SHIFT);
}

uint64_t *range_page(const struct range *range, uint32_t page)
{
    uint64_t address = range_start(range) + ((uint64_t)page << ABI_PAGE_SHIFT);
    uint64_t *leaf = arch_physical(address_leaf(address));

    return &leaf[address >> ABI_PAGE_SHIFT & 511];
}

struct range *range_at(uint32_t number)
{
    struct domain *domain;

    if (number < PLAN_MAX_RANGES) {
        return &kernel.ranges[number];
    }
    if (number & ABI_MADE_RANGES) {
        return range_made_at(number);
    }
    domain = domain_at((number - ABI_RUNTIME_RANGES) / DOMAIN_RANGES);
    return domain ? &domain->own[number % DOMAIN_RANGES] : NULL;
}

static void granule_add(struct range *range, uint64_t address)
{
    address_leaf_set(address, frame_take(range->pool));
    granule_publish(range, address);
}

static void zero_pages_add(const struct range *range, uint32_t from,
                           uint32_t count)
{
    const uint64_t rights = arch_leaf_entry(0, CAP_READ | CAP_WRITE);

    while (count) {
        uint64_t *entry = range_page(range, from);
        uint32_t room = ABI_GRANULE_PAGES -
                        (uint32_t)((uintptr_t)entry / 8 % ABI_GRANULE_PAGES);
        uint32_t run = count < room ? count : room;

        frames_take(range->pool, entry, run, rights);
        from += run;
        count -= run;
    }
}

static uint64_t module_page(uint32_t page)
{
    return kernel.module_physical + ((uint64_t)page << ABI_PAGE_SHIFT);
}

/* Writable pages are copies, of as many bytes as the file has. */
static void segment_copy(const struct range *range,
                         const struct spec_segment *segment)
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
static void segment_map(const struct range *range,
                        const struct spec_segment *segment)
{
    uint64_t entry = arch_leaf_entry(0, (uint8_t)segment->rights) |
                     module_page(segment->source);
    uint64_t *at = NULL;

    for (uint32_t i = 0; i < segment->pages; i++) {
        if ((uintptr_t)at % ABI_PAGE_SIZE == 0) { /* the next leaf table */
            at = range_page(range, segment->page + i);
        }
        *at++ = entry;
        entry += ABI_PAGE_SIZE;
    }
}

static void image_map(const struct range *range)
{
    const struct spec_program *p = &kernel.spec.programs[range->program];

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

static uint64_t granules_of(uint64_t pages)
{
    return (pages + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES;
}

/* Granules that hold pages from the start; a heap begins with one. */
uint32_t range_start_granules(const struct range *range)
{
    if (range->kind == PLAN_HEAP || range->kind == PLAN_STACK) {
        return 1;
    }
    return (uint32_t)granules_of(range->limit);
}

uint32_t range_needs(const struct range *range)
{
    const struct spec_program *p = &kernel.spec.programs[range->program];
    uint32_t pages = range->start_pages;

    if (range->kind == PLAN_IMAGE) {
        pages = 0;
        for (uint32_t i = 0; i < p->segment_count; i++) {
            const struct spec_segment *segment =
                &kernel.spec.segments[p->first_segment + i];

            pages += segment->rights & CAP_WRITE ? segment->pages : 0;
        }
    }
    return pages + range_start_granules(range);
}

/* Without STACK_GAP: the pages right below a stack are the stack's that was
 * made before it. */
static void stack_gap_close(const struct range *range)
{
    uint64_t *first = range_page(range, 0);

    for (uint32_t other = range->number; other-- > 0;) {
        const struct range *before = range_at(other);
        uint32_t pages = before->pages;

        if (before->kind == PLAN_STACK && pages) {
            memcpy(first - pages, range_page(before, 0), pages * 8u);
            return;
        }
    }
}

/* Needs: leaf tables and pages reserved in the range's pool. */
void range_make(struct range *range)
{
    uint32_t granules = range_start_granules(range);

    for (uint32_t i = 0; i < granules; i++) {
        granule_add(range, range->base + i * ABI_GRANULE_SIZE);
    }
    range->object.type = CAP_RANGE;
    range->live = true;
    range->pages = range->start_pages;
    if (range->kind == PLAN_IMAGE) {
        image_map(range);
    } else {
        zero_pages_add(range, 0, range->start_pages);
    }
    if (range->kind == PLAN_STACK && !GUARD_ACT(STACK_GAP) &&
        range->number < PLAN_MAX_RANGES) {
        stack_gap_close(range);
    }
}

static bool frame_is_module(uint64_t frame)
{
    return frame >= kernel.module_physical;
}

/* Clears what it has used: entries from `first` to before `end`. */
static void leaf_drop(const struct range *range, uint64_t leaf, uint32_t first,
                      uint32_t end)
{
    uint64_t *entries = arch_physical(leaf);
    uint32_t frames = 0;

    for (uint32_t i = first; i < end; i++) {
        uint64_t frame = arch_entry_frame(entries[i]);

        if (frame && !frame_is_module(frame) && !range->bare) {
            frame_give(range->pool, frame);
            frames++;
        }
    }
    frame_give_words(range->pool, leaf, first, end - first);
    quota_uncharge(range->quota, frames + 1);
}

/* Needs: attached nowhere any more. */
void range_drop(struct range *range)
{
    uint64_t at = range_start(range);
    uint64_t pages = range->bare ? range->limit : range->pages;
    uint64_t end = at + (pages << ABI_PAGE_SHIFT);

    for (uint32_t i = 0; i < range->granules; i++) {
        uint64_t granule = range->base + i * ABI_GRANULE_SIZE;
        uint64_t leaf = address_leaf(granule);
        uint64_t after = granule + ABI_GRANULE_SIZE;
        uint64_t from = at > granule ? at : granule;
        uint64_t to = end < after ? end : after;

        if (leaf) {
            leaf_drop(range, leaf,
                      (uint32_t)((from - granule) >> ABI_PAGE_SHIFT),
                      (uint32_t)((to > from ? to - granule : from - granule) >>
                                 ABI_PAGE_SHIFT));
            address_leaf_set(granule, 0);
        }
    }
    range->live = false;
    range->pages = 0;
}

/* Grows a heap by `pages`. Returns OK, OUT_OF_RANGE, NO_QUOTA, NO_MEMORY. */
enum status range_grow(struct range *range, uint64_t pages)
{
    uint64_t now = range->pages;
    uint64_t tables, have;
    enum status status;

    if (!GUARD(GROW_LIMIT, pages <= range->limit - now)) {
        return STATUS_OUT_OF_RANGE;
    }
    have = now ? granules_of(now) : 1;
    tables =
        granules_of(now + pages) > have ? granules_of(now + pages) - have : 0;
    status = pages_reserve(range->quota, range->pool,
                           pages + (GUARD_ACT(TABLE_CHARGE) ? tables : 0),
                           pages + tables);
    if (status != STATUS_OK) {
        return status;
    }
    /* point of no return */
    for (uint64_t i = have; i < have + tables; i++) {
        granule_add(range, range->base + i * ABI_GRANULE_SIZE);
    }
    zero_pages_add(range, (uint32_t)now, (uint32_t)pages);
    range->pages = (uint32_t)(now + pages);
    return STATUS_OK;
}
