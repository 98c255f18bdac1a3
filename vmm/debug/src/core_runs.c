/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <debug/core.h>
#include <elf.h>

#define CR0_PG (1ull << 31)
#define CR4_LA57 (1ull << 12)
#define EFER_LMA (1ull << 10)
#define ENTRY_PRESENT 1ull
#define ENTRY_WRITE 2ull
#define ENTRY_LARGE 0x80ull
#define ENTRY_NX (1ull << 63)
#define ENTRY_ADDRESS 0x000ffffffffff000ull
#define ENTRIES 512u
#define LEVELS 4u
#define LARGEST_LEVEL 3u
#define INDEX_BITS 9u
#define ENTRIES_MAX (1u << 22) /* looked at: a tree may have loops */

struct walk {
    const struct guest_memory *memory;
    struct core_runs *runs;
    uint32_t left; /* of ENTRIES_MAX */
};

/* Pages that are not all in guest memory are cut: devices have no memory. */
static void add(struct walk *walk, struct core_run page)
{
    struct core_runs *runs = walk->runs;
    struct core_run *last = runs->count ? &runs->run[runs->count - 1] : NULL;

    if (page.physical >= walk->memory->bytes) {
        return;
    }
    if (page.bytes > walk->memory->bytes - page.physical) {
        page.bytes = walk->memory->bytes - page.physical;
    }
    if (last && last->flags == page.flags &&
        last->address + last->bytes == page.address &&
        last->physical + last->bytes == page.physical) {
        last->bytes += page.bytes;
    } else if (runs->count == CORE_RUNS_MAX) {
        runs->cut = true;
        walk->left = 0;
    } else {
        runs->run[runs->count++] = page;
    }
}

static uint64_t canonical(uint64_t address)
{
    return address >> 47 & 1 ? address | ~0ull << 47 : address;
}

/* One table. Recursion: LEVELS deep, as the level falls by one each time. */
static void walk_table(struct walk *walk, uint64_t table, uint32_t level,
                       struct core_run above)
{
    unsigned shift = ABI_PAGE_SHIFT + INDEX_BITS * (level - 1);

    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct gpa slot = {table + i * sizeof(uint64_t)};
        struct core_run here = above;
        uint64_t entry;

        if (walk->left == 0) {
            walk->runs->cut = true;
            return;
        }
        walk->left--;
        if (!guest_read(walk->memory, slot, &entry, sizeof(entry)) ||
            !(entry & ENTRY_PRESENT)) {
            continue;
        }
        here.address = above.address + ((uint64_t)i << shift);
        here.flags &= entry & ENTRY_WRITE ? ~0u : ~(uint32_t)PF_W;
        here.flags &= entry & ENTRY_NX ? ~(uint32_t)PF_X : ~0u;
        if (level == 1 || (level <= LARGEST_LEVEL && (entry & ENTRY_LARGE))) {
            here.bytes = 1ull << shift;
            here.physical = entry & ENTRY_ADDRESS & ~(here.bytes - 1);
            here.address = canonical(here.address);
            add(walk, here);
        } else {
            walk_table(walk, entry & ENTRY_ADDRESS, level - 1, here);
        }
    }
}

void core_runs_make(const struct guest_memory *memory,
                    const struct engine_registers *registers,
                    struct core_runs *out)
{
    struct core_run all = {.bytes = memory->bytes, .flags = PF_R | PF_W | PF_X};
    struct walk walk = {memory, out, ENTRIES_MAX};

    out->count = 0;
    out->cut = false;
    if (!(registers->cr0 & CR0_PG)) {
        add(&walk, all);
    } else if ((registers->efer & EFER_LMA) && !(registers->cr4 & CR4_LA57)) {
        walk_table(&walk, registers->cr3 & ENTRY_ADDRESS, LEVELS, all);
    }
}
