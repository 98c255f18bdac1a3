/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory in the domain's heap range. Domains that have the heap in common
 * (threads, TISes, TIFs of one parent) have this allocator in common too: a
 * block of one may be freed by another. All its state is in the heap itself,
 * behind a lock that waits by yielding.
 *
 * First fit over one list of blocks in address order; neighbours that are
 * free become one when a search passes them. Cost: linear in the blocks.
 */
#ifndef AMBIT_HEAP_H
#define AMBIT_HEAP_H

#include <stddef.h>

/*
 * Returns `bytes` of memory, aligned to 16, contents unspecified; grows the
 * heap by whole pages when no free block is large enough. Null when the heap
 * cannot grow (its limit, the quota or the pool is exhausted), when the domain
 * has no heap, or when bytes is 0.
 */
void *ambit_malloc(size_t bytes);

/* Gives a block back. Null is allowed. Anything else that is no live block of
 * this heap ends the domain with AMBIT_EXIT_ASSERT. */
void ambit_free(void *block);

#endif
