/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The block list of a heap, over memory that the caller gives. Pure: tested on
 * the host too. Nothing here locks.
 *
 *   struct heap | block | block | ... up to heap.bytes
 *
 * A block is a header and what it holds; its successor is `bytes` further.
 * I1 blocks tile the heap: the last one ends at heap.bytes.
 * I2 every size is a multiple of 16 and larger than a header.
 */
#ifndef AMBIT_HEAP_LIST_H
#define AMBIT_HEAP_LIST_H

#include <stdbool.h>
#include <stdint.h>

struct heap {
    uint32_t lock;  /* 0: free, 1: taken; zeroed memory is a free lock */
    uint32_t ready; /* heap_init has run; only under the lock */
    uint64_t bytes; /* of the heap, this struct included */
};

struct heap_block {
    uint64_t bytes; /* header included */
    uint64_t used;  /* HEAP_USED or HEAP_FREE */
};

#define HEAP_USED 0x75736564ull
#define HEAP_FREE 0x66726565ull

/* Makes one free block of all. Needs: 16-aligned memory of at least 64 bytes,
 * bytes a multiple of 16. Keeps `lock`. */
void heap_init(struct heap *heap, uint64_t bytes);

/* The memory behind the heap has grown: adds a free block up to `bytes`. */
void heap_extend(struct heap *heap, uint64_t bytes);

/* Returns a block that holds `bytes` (at least 1), or null. */
void *heap_take(struct heap *heap, uint64_t bytes);

/* Gives a block back. False, and nothing done: it is no live block. */
bool heap_give(struct heap *heap, const void *memory);

/* By how many bytes a heap must grow for `bytes` to be had; 0: too many. */
uint64_t heap_lacks(uint64_t bytes);

/* Null, or the name of the invariant that does not hold. */
const char *heap_check(const struct heap *heap);

#endif
