/* SPDX-License-Identifier: Apache-2.0 */
#include "world_made.h"

#include "world_slots.h"

#include <abi/layout.h>
#include <stddef.h>
#include <string.h>

#define GRANULE (ABI_RUNTIME_BASE >> ABI_GRANULE_SHIFT)

struct shared_pd *world_made_record(struct world *w)
{
    return (struct shared_pd *)(void *)(w->memory + MADE_BLOCK +
                                        sizeof(struct shared_registers));
}

uint64_t world_made_stack(void)
{
    return ABI_RUNTIME_BASE + ABI_GRANULE_SIZE - 2 * ABI_PAGE_SIZE;
}

uint64_t world_made_range(void)
{
    return ABI_RUNTIME_BASE + 7 * ABI_GRANULE_SIZE;
}

void world_made_map(struct world *w, uint64_t address, uint64_t entry)
{
    uint64_t table = world_made_record(w)->cr3;

    for (unsigned level = 4; level > 1; level--) {
        uint64_t at = table + (address >> (12 + 9 * (level - 1)) & 511) * 8;

        if (!world_get(w, at)) {
            world_set(w, at, world_frame(w) | P | W | U);
        }
        table = world_get(w, at) & FRAME;
    }
    world_set(w, table + (address >> ABI_PAGE_SHIFT & 511) * 8, entry);
}

/* As a part of app's space: the same frames, with at most these rights. */
static void keep(struct world *w, uint32_t range, bool read_only)
{
    const struct plan_range *r = &w->plan->ranges[range];
    uint64_t start = plan_range_start(r);
    uint32_t pages = r->start_pages ? r->start_pages : WORLD_HEAP_PAGES;

    for (uint32_t i = 0; i < pages; i++) {
        uint64_t address = start + i * ABI_PAGE_SIZE;
        uint64_t entry = world_get(w, world_leaf(w, ROOT_APP, address));

        if (entry) {
            world_made_map(w, address, read_only ? entry & ~W : entry);
        }
    }
}

static void put_record(struct world *w)
{
    struct shared_pd *record = world_made_record(w);

    *record = (struct shared_pd){
        .number = MADE_NUMBER,
        .parent = APP,
        .root = MADE_NUMBER,
        .caps = MADE_NUMBER,
        .degree = {PD_SAME, PD_NEW, PD_PART, PD_SAME, PD_SAME, PD_NEW, PD_NEW},
        .image = w->plan->domains[APP].image,
        .heap = w->plan->domains[APP].heap,
        .cr3 = world_frame(w),
        .own = {[PLAN_STACK] = {.granule = GRANULE, .limit = 1, .pages = 1}},
        .result = MADE_RESULT,
        .made = 1,
    };
    world_set(w, record->cr3 + 256 * 8, world_get(w, WORLD_ROOT + 256 * 8));
    world_set(w, record->cr3 + 511 * 8, world_get(w, WORLD_ROOT + 511 * 8));
}

uint64_t world_made_slot(uint32_t index)
{
    return MADE_CHUNK + index * sizeof(struct cap_slot);
}

static void put_slot(struct world *w, uint32_t index, struct cap_slot slot)
{
    slot.state = CAP_LIVE;
    slot.index = index;
    slot.table = world_pointer(MADE_CAPS);
    world_slot_put(w, world_made_slot(index), &slot);
}

static void put_attachment(struct world *w, uint32_t index, uint8_t rights,
                           uint64_t range)
{
    put_slot(
        w, index,
        (struct cap_slot){.type = CAP_ATTACHMENT,
                          .rights = rights,
                          .object = (void *)(uintptr_t)(ABI_KERNEL_OFFSET +
                                                        world_attachment()),
                          .first = 1ull << 32 | MADE_NUMBER,
                          .count = range});
}

static void put_capabilities(struct world *w)
{
    struct cap_table table = {.size = CAP_CHUNK_SLOTS, .used = 3, .first = 1};

    table.chunks[0] = world_pointer(MADE_CHUNK);
    memcpy(w->memory + MADE_CAPS, &table, sizeof(table));
    put_attachment(w, 1, CAP_READ, 0); /* ring */
    put_attachment(w, 2, CAP_READ | CAP_WRITE,
                   ABI_MADE_RANGES | MADE_OBJECT / ABI_MADE_RANGE_UNIT);
    put_slot(
        w, 3,
        (struct cap_slot){.type = CAP_RANGE,
                          .rights = CAP_READ,
                          .depth = 2,
                          .object = world_pointer(world_object(0)),
                          .parent = world_pointer(world_slot(TABLE_APP, 1)),
                          .count = WORLD_RING_PAGES});
    world_set(w, MADE_RESULT + offsetof(struct shared_domain, caps), MADE_CAPS);
}

void world_made_bare(struct world *w, uint64_t frame)
{
    uint64_t number = frame >> ABI_PAGE_SHIFT;

    world_set(w, MADE_OBJECT + 16, 1);
    world_set(w, MADE_OBJECT + 24, 9);
    put_slot(w, 4,
             (struct cap_slot){.type = CAP_ATTACHMENT,
                               .rights = CAP_READ,
                               .object = world_pointer(MADE_FRAMES + number),
                               .first = world_made_range() >> ABI_PAGE_SHIFT,
                               .count = 9});
    world_made_map(w, world_made_range(), frame | P | U | NX);
}

static void put_range(struct world *w, struct shared *shared)
{
    shared->objects.range_base_at = 0;
    shared->objects.range_limit_at = 8;
    shared->objects.range_bare_at = 16;
    shared->objects.range_made_at = 24;
    shared->objects.frames = MADE_FRAMES;
    shared->objects.frame_bytes = 1;
    world_set(w, MADE_OBJECT, world_made_range());
    world_set(w, MADE_OBJECT + 8, 2);
    world_made_map(w, world_made_range(), world_frame(w) | P | W | U | NX);
}

void world_made_make(struct world *w)
{
    struct shared *shared =
        (struct shared *)(void *)(w->memory + ABI_SHARED_PHYS);

    shared->domain_table = MADE_WORDS;
    shared->domain_end = MADE_NUMBER + 1;
    world_set(w, MADE_WORDS + MADE_NUMBER * 8, ABI_DIRECT_MAP + MADE_BLOCK);
    put_record(w);
    put_capabilities(w);
    put_range(w, shared);
    keep(w, w->plan->domains[APP].image, false);
    keep(w, w->plan->domains[APP].heap, false);
    keep(w, 0, true);
    world_made_map(w, world_made_stack(), world_frame(w) | P | W | U | NX);
}
