/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the processor translates one address, entry by entry: long mode, four
 * levels (AMD64 manual vol. 2, 5.3; Intel SDM vol. 3, 4.5). For people: where
 * does it stop, and why?
 */
#ifndef DEBUG_PAGE_WALK_H
#define DEBUG_PAGE_WALK_H

#include <host/memory.h>

#define PAGE_WALK_LEVELS 4u

enum page_walk_end {
    WALK_MAPPED,
    WALK_NO_PAGING,     /* CR0.PG is clear: the address is physical */
    WALK_OTHER_MODE,    /* not four levels */
    WALK_NOT_CANONICAL, /* bits 63 to 47 differ: no table is looked at */
    WALK_NOT_PRESENT,   /* the last step's entry */
    WALK_OUTSIDE        /* the next table lies outside guest memory */
};

struct page_walk_step {
    uint32_t level; /* 4: PML4 .. 1: page table */
    uint32_t index;
    uint64_t table; /* guest physical */
    uint64_t entry;
};

struct page_walk {
    uint64_t address, cr3;
    enum page_walk_end end;
    uint32_t steps;
    struct page_walk_step step[PAGE_WALK_LEVELS];
    /* With WALK_MAPPED: */
    uint64_t physical;      /* of the address */
    uint64_t bytes;         /* of the page: 4 KiB, 2 MiB, 1 GiB */
    bool user, write, exec; /* what all entries together allow */
};

/* Walks in guest memory, which may hold anything. */
void page_walk_make(const struct guest_memory *memory,
                    const struct engine_registers *registers, uint64_t address,
                    struct page_walk *out);

/* "PD[73]     0x40a1027  present, write, user -> table 0x40a1000" */
void page_walk_step_text(const struct page_walk *walk, uint32_t step, char *out,
                         size_t bytes);

/* "stops at the page directory: the entry is not present" */
void page_walk_end_text(const struct page_walk *walk, char *out, size_t bytes);

/* "mapped", "not-present", ...: for results. */
const char *page_walk_end_name(enum page_walk_end end);

#endif
