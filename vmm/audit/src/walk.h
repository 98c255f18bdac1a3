/* SPDX-License-Identifier: Apache-2.0 */
/* Page tables in guest memory, copied page by page. */
#ifndef AUDIT_WALK_H
#define AUDIT_WALK_H

#include <audit/audit.h>

#define PTE_PRESENT 1ull
#define PTE_WRITE 2ull
#define PTE_USER 4ull
#define PTE_LARGE 0x80ull
#define PTE_NX (1ull << 63)
#define PTE_FRAME 0x000ffffffffff000ull
/* What an entry says; the other bits are the processor's and the kernel's
 * notes (accessed, dirty, caching), which may differ between copies. */
#define PTE_MEANING                                                            \
    (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_LARGE | PTE_NX | PTE_FRAME)

#define TABLE_ENTRIES 512u
#define TOP_LEVEL 4u
#define KERNEL_HALF 256u /* first top-level entry of the kernel's half */

/* What all levels down to an entry allow. */
struct walk_rights {
    bool user, write, exec;
};

/* One leaf or table entry that a walk meets. */
struct walk_entry {
    uint64_t address; /* virtual, first that it maps, canonical */
    uint64_t frame;   /* physical: page or next table */
    uint64_t pages;   /* that a leaf maps; a table: 0 */
    unsigned level;   /* of the table the entry is in: 4 .. 1 */
    struct walk_rights rights;
};

struct walker {
    const void *memory;
    uint64_t memory_bytes;
    uint64_t budget; /* entries that may still be looked at */
    void *context;
    /* A leaf. */
    void (*leaf)(void *context, const struct walk_entry *entry);
    /* A table about to be entered; false: do not enter. The table at the top
     * is announced too, as level TOP_LEVEL + 1. */
    bool (*table)(void *context, const struct walk_entry *entry);
};

/*
 * Walks top-level entries [first, last] of the tree at `cr3`. Stops early when
 * the budget is used up: then it is 0. A pointer outside RAM is announced by
 * `table` like any other, which must refuse it. Returns false if it refused
 * the tree's own top.
 */
bool walk_tree(struct walker *walker, uint64_t cr3, unsigned first,
               unsigned last);

/* Copies one page of guest memory; false: it lies outside. */
bool walk_copy(const void *memory, uint64_t memory_bytes, uint64_t frame,
               uint64_t out[TABLE_ENTRIES]);

/* Rights of an entry below `above`. */
struct walk_rights walk_narrow(struct walk_rights above, uint64_t entry);

/* As CAP_READ, CAP_WRITE, CAP_EXEC of ring 3; 0: not reachable. */
uint8_t walk_user_rights(struct walk_rights rights);

#endif
