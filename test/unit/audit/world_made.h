/* SPDX-License-Identifier: Apache-2.0 */
/* Domain 64, made by app at run time: a part of app's space with app's image
 * and heap, a stack of its own, the range `ring`, attached to read, and a range
 * that a program has made. */
#ifndef TEST_AUDIT_WORLD_MADE_H
#define TEST_AUDIT_WORLD_MADE_H

#include "world.h"

#include <abi/shared.h>

/* Physical: pages that nothing else of the world uses. */
#define MADE_BLOCK 0x2a0000ull
#define MADE_RESULT (MADE_BLOCK + 0x400)
#define MADE_CAPS (MADE_BLOCK + 0x800)
#define MADE_CHUNK (MADE_BLOCK + 0x1000)
#define MADE_WORDS (MADE_BLOCK + 0x2000) /* domain_table */
#define MADE_OBJECT                                                            \
    (MADE_BLOCK + 0x3000) /* of the range: base, pages, bare,                  \
                             making */
#define MADE_FRAMES                                                            \
    (MADE_BLOCK + 0x3800) /* objects of the frames from 0 on                   \
                           */
#define MADE_NUMBER 64u

/* Needs: world_slots_make or nothing before it. */
void world_made_make(struct world *w);

/* Its record, to spoil. */
struct shared_pd *world_made_record(struct world *w);

/* A range of two pages that a program has made, attached to read and write;
 * the first is there. */
uint64_t world_made_range(void);

/* Its capability `index`: 1 and 2 are the attachments; 3 is to `ring`, derived
 * from app's to read (needs world_slots_make before). */
uint64_t world_made_slot(uint32_t index);

/* The range is bare now, and its first page what capability 4 has mapped there:
 * `frame`, to read. */
void world_made_bare(struct world *w, uint64_t frame);

/* Its only page of stack. */
uint64_t world_made_stack(void);

/* Maps a page in its root. */
void world_made_map(struct world *w, uint64_t address, uint64_t entry);

#endif
