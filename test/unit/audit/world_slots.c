/* SPDX-License-Identifier: Apache-2.0 */
#include "world_slots.h"

#include <abi/layout.h>
#include <stddef.h>
#include <string.h>

#define TABLES SLOTS_AREA
#define OBJECTS (SLOTS_AREA + 0x1000)
#define CHUNKS (SLOTS_AREA + 0x4000)

uint64_t world_slot(unsigned table, uint32_t index)
{
    return CHUNKS + table * ABI_PAGE_SIZE + index * sizeof(struct cap_slot);
}

uint64_t world_table(unsigned table)
{
    return TABLES + table * 512ull;
}

uint64_t world_object(uint32_t range)
{
    return OBJECTS + range * sizeof(struct cap_object);
}

uint64_t world_domain(uint32_t domain)
{
    return OBJECTS + 0x2100 + domain * sizeof(struct cap_object);
}

uint64_t world_attachment(void)
{
    return OBJECTS + 0x2000;
}

void *world_pointer(uint64_t physical)
{
    return (void *)(uintptr_t)(ABI_DIRECT_MAP + physical);
}

void world_slot_get(const struct world *w, uint64_t at, struct cap_slot *out)
{
    memcpy(out, w->memory + at, sizeof(*out));
}

void world_slot_put(struct world *w, uint64_t at, const struct cap_slot *slot)
{
    memcpy(w->memory + at, slot, sizeof(*slot));
}

static void put_table(struct world *w, unsigned table, uint32_t used)
{
    struct cap_table t = {.size = CAP_CHUNK_SLOTS, .used = used, .first = 1};

    t.chunks[0] = world_pointer(world_slot(table, 0));
    memcpy(w->memory + world_table(table), &t, sizeof(t));
}

static void put_slot(struct world *w, unsigned table, uint32_t index,
                     struct cap_slot slot, uint64_t parent)
{
    slot.state = CAP_LIVE;
    slot.index = index;
    slot.table = world_pointer(world_table(table));
    slot.parent = parent ? world_pointer(parent) : NULL;
    world_slot_put(w, world_slot(table, index), &slot);
}

/* Slot 1 holds the range, slot 2 attaches it. */
static void put_holder(struct world *w, unsigned table, uint32_t root,
                       uint8_t rights)
{
    put_table(w, table, 2);
    put_slot(w, table, 1,
             (struct cap_slot){.type = CAP_RANGE,
                               .rights = rights,
                               .depth = 1,
                               .object = world_pointer(world_object(0)),
                               .child = world_pointer(world_slot(table, 2)),
                               .count = WORLD_RING_PAGES},
             world_slot(TABLE_ROOT, 1));
    put_slot(w, table, 2,
             (struct cap_slot){.type = CAP_ATTACHMENT,
                               .rights = rights,
                               .depth = 2,
                               .object = world_pointer(world_attachment()),
                               .first = root},
             world_slot(table, 1));
}

void world_slots_make(struct world *w)
{
    struct shared *shared =
        (struct shared *)(void *)(w->memory + ABI_SHARED_PHYS);

    for (uint32_t i = 0; i < w->plan->range_count; i++) {
        w->memory[world_object(i)] = CAP_RANGE;
    }
    w->memory[world_attachment()] = CAP_ATTACHMENT;
    w->memory[world_domain(0)] = CAP_DOMAIN;
    shared->objects =
        (struct shared_objects){.root_table = world_table(TABLE_ROOT),
                                .ranges = OBJECTS,
                                .range_bytes = sizeof(struct cap_object),
                                .domains = world_domain(0),
                                .domain_bytes = sizeof(struct cap_object)};
    put_table(w, TABLE_ROOT, 1);
    put_slot(w, TABLE_ROOT, 1,
             (struct cap_slot){.type = CAP_RANGE,
                               .rights = CAP_ALL,
                               .object = world_pointer(world_object(0)),
                               .child = world_pointer(world_slot(TABLE_APP, 1)),
                               .count = WORLD_RING_PAGES},
             0);
    put_holder(w, TABLE_APP, ROOT_APP, CAP_READ | CAP_WRITE);
    put_holder(w, TABLE_CHILD, ROOT_CHILD, CAP_READ);
    /* What guard's part keeps of it is attached, too. */
    put_slot(w, TABLE_APP, 3,
             (struct cap_slot){.type = CAP_ATTACHMENT,
                               .rights = CAP_READ | CAP_WRITE,
                               .depth = 2,
                               .object = world_pointer(world_attachment()),
                               .first = ROOT_GUARD},
             world_slot(TABLE_APP, 1));
    shared->domains[APP].caps = world_table(TABLE_APP);
    shared->domains[CHILD].caps = world_table(TABLE_CHILD);
}
