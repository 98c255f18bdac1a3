/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine whose page tables are as an honest kernel makes them: app, its
 * thread `worker`, its tis `guard` and its process `child`, with the range
 * `ring`. Tests then spoil one thing.
 */
#ifndef TEST_AUDIT_WORLD_H
#define TEST_AUDIT_WORLD_H

#include "maker.h"

#include <audit/audit.h>

enum { APP, WORKER, GUARD, CHILD, DOMAINS };
enum { ROOT_APP, ROOT_GUARD, ROOT_CHILD, ROOTS };

#define WORLD_RING_PAGES 600u /* two granules, the second in part */
#define WORLD_HEAP_PAGES 3u   /* that app's heap has grown to */

/* Where the kernel keeps what, physically. */
#define WORLD_TEXT 0x280000ull   /* 16 pages of kernel code */
#define WORLD_ROOT 0x2c0000ull   /* the boot root */
#define WORLD_TABLES 0x2c1000ull /* the tables below it */
#define WORLD_FRAMES 0x400000ull /* first frame that is handed out */

/* Bits of an entry, as the manuals give them. */
#define P 1ull
#define W 2ull
#define U 4ull
#define A 0x20ull
#define PS 0x80ull
#define NX (1ull << 63)
#define FRAME 0x000ffffffffff000ull

struct world {
    uint8_t *memory;
    uint64_t bytes;
    void *blob;
    struct spec spec;
    struct plan *plan;
    uint64_t next;                       /* frame */
    uint64_t leaves[PLAN_MAX_RANGES][8]; /* leaf tables, by granule */
    struct audit_target target;
    struct audit audit;
};

void world_make(struct world *w);
void world_free(struct world *w);

/* A frame of zeroes. */
uint64_t world_frame(struct world *w);

/* The 64-bit word at a physical address. */
uint64_t world_get(const struct world *w, uint64_t address);
void world_set(struct world *w, uint64_t address, uint64_t value);

/* Physical address of the entry for `address` in the table of that level. */
uint64_t world_entry(const struct world *w, uint64_t cr3, uint64_t address,
                     unsigned level);

/* The same in a leaf table of a root, and the frame that it leads to. */
uint64_t world_leaf(const struct world *w, uint32_t root, uint64_t address);
uint64_t world_frame_at(const struct world *w, uint32_t root, uint64_t address);

/* CR3 of a root, and publishing it. */
uint64_t world_root(const struct world *w, uint32_t root);
void world_publish(struct world *w, uint32_t root, uint64_t cr3);

/* First page of a domain's ranges. */
uint64_t world_stack(const struct world *w, uint32_t domain);
uint64_t world_heap(const struct world *w, uint32_t domain);
uint64_t world_image(const struct world *w, uint32_t domain);
uint64_t world_ring(const struct world *w);

/* Samples; the violation must be the only kept one, and described so. */
void world_finds(struct world *w, enum audit_kind kind, const char *text);

/* Samples; some kept violation is of that kind and described so. */
void world_finds_among(struct world *w, enum audit_kind kind, const char *text);

/* Samples; nothing is found. */
void world_is_clean(struct world *w);

/* Fixture of one world a test: tcase_add_checked_fixture. */
extern struct world world;
void world_setup(void);
void world_teardown(void);

#endif
