/* SPDX-License-Identifier: Apache-2.0 */
#include "walk.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <string.h>

#define LARGEST_LEVEL 3u /* 1 GiB */
#define CANONICAL_BIT (1ull << 47)

bool walk_copy(const void *memory, uint64_t memory_bytes, uint64_t frame,
               uint64_t out[TABLE_ENTRIES])
{
    if (frame % ABI_PAGE_SIZE || memory_bytes < ABI_PAGE_SIZE ||
        frame > memory_bytes - ABI_PAGE_SIZE) {
        return false;
    }
    memcpy(out, (const char *)memory + frame, ABI_PAGE_SIZE);
    return true;
}

struct walk_rights walk_narrow(struct walk_rights above, uint64_t entry)
{
    struct walk_rights rights = {
        .user = above.user && (entry & PTE_USER),
        .write = above.write && (entry & PTE_WRITE),
        .exec = above.exec && !(entry & PTE_NX),
    };

    return rights;
}

uint8_t walk_user_rights(struct walk_rights rights)
{
    unsigned found = 0;

    if (rights.user) {
        found = CAP_READ;
        found |= rights.write ? (unsigned)CAP_WRITE : 0u;
        found |= rights.exec ? (unsigned)CAP_EXEC : 0u;
    }
    return (uint8_t)found;
}

static unsigned level_shift(unsigned level)
{
    return 12u + 9u * (level - 1u);
}

static uint64_t canonical(uint64_t address)
{
    return address & CANONICAL_BIT ? address | ~(CANONICAL_BIT * 2 - 1)
                                   : address;
}

static bool is_leaf(unsigned level, uint64_t entry)
{
    return level == 1 || (level <= LARGEST_LEVEL && (entry & PTE_LARGE));
}

/* A leaf costs the pages of RAM that it maps: they will be looked at. */
static void charge(struct walker *walker, const struct walk_entry *entry)
{
    uint64_t pages = 0;

    if (entry->frame < walker->memory_bytes) {
        pages = (walker->memory_bytes - entry->frame) >> ABI_PAGE_SHIFT;
    }
    pages = pages < entry->pages ? pages : entry->pages;
    walker->budget -= pages < walker->budget ? pages : walker->budget;
}

/* Where the walk is: the table, and what led to it. */
struct place {
    uint64_t frame, address;
    unsigned level, first, last;
    struct walk_rights rights;
};

/* Recursion: at most TOP_LEVEL deep, as the level falls by one each time. */
static void walk_place(struct walker *walker, const struct place *place)
{
    uint64_t table[TABLE_ENTRIES];
    unsigned shift = level_shift(place->level);

    if (!walk_copy(walker->memory, walker->memory_bytes, place->frame, table)) {
        return;
    }
    for (unsigned i = place->first; i <= place->last; i++) {
        struct walk_entry entry;
        if (walker->budget == 0) {
            return;
        }
        walker->budget--;
        if (!(table[i] & PTE_PRESENT)) {
            continue;
        }
        entry.address = canonical(place->address + ((uint64_t)i << shift));
        entry.level = place->level;
        entry.rights = walk_narrow(place->rights, table[i]);
        entry.frame = table[i] & PTE_FRAME;
        entry.pages = 0;
        if (is_leaf(place->level, table[i])) {
            entry.pages = 1ull << (shift - ABI_PAGE_SHIFT);
            entry.frame &= ~((1ull << shift) - 1);
            charge(walker, &entry);
            walker->leaf(walker->context, &entry);
        } else if (walker->table(walker->context, &entry)) {
            struct place below = {.frame = entry.frame,
                                  .address = entry.address,
                                  .level = place->level - 1,
                                  .first = 0,
                                  .last = TABLE_ENTRIES - 1,
                                  .rights = entry.rights};
            walk_place(walker, &below);
        }
    }
}

bool walk_tree(struct walker *walker, uint64_t cr3, unsigned first,
               unsigned last)
{
    struct place top = {.frame = cr3 & PTE_FRAME,
                        .level = TOP_LEVEL,
                        .first = first,
                        .last = last,
                        .rights = {true, true, true}};
    struct walk_entry entry = {
        .frame = top.frame, .level = TOP_LEVEL + 1, .rights = top.rights};

    if (!walker->table(walker->context, &entry)) {
        return false;
    }
    walk_place(walker, &top);
    return true;
}
