/* SPDX-License-Identifier: Apache-2.0 */
#include "heap_list.h"

#define ALIGNMENT 16u
_Static_assert(sizeof(struct heap) == ALIGNMENT, "blocks begin aligned");
_Static_assert(sizeof(struct heap_block) == ALIGNMENT, "memory is aligned");

#define HEADER sizeof(struct heap_block)
#define BLOCK_MAX (1ull << 40)

static struct heap_block *first_block(struct heap *heap)
{
    return (struct heap_block *)(heap + 1);
}

static struct heap_block *end_of(struct heap *heap)
{
    return (struct heap_block *)((char *)heap + heap->bytes);
}

static struct heap_block *after(struct heap_block *block)
{
    return (struct heap_block *)((char *)block + block->bytes);
}

void heap_init(struct heap *heap, uint64_t bytes)
{
    heap->bytes = bytes;
    *first_block(heap) = (struct heap_block){bytes - sizeof *heap, HEAP_FREE};
    heap->ready = 1;
}

void heap_extend(struct heap *heap, uint64_t bytes)
{
    struct heap_block *block = end_of(heap);

    if (bytes > heap->bytes) {
        *block = (struct heap_block){bytes - heap->bytes, HEAP_FREE};
        heap->bytes = bytes;
    }
}

/* Makes one of a free block and the free blocks that follow it. */
static void merge(struct heap *heap, struct heap_block *block)
{
    const struct heap_block *end = end_of(heap);

    for (struct heap_block *next = after(block);
         next < end && next->used == HEAP_FREE; next = after(block)) {
        block->bytes += next->bytes;
    }
}

/* A block's size for `bytes` of memory; 0: too many. */
static uint64_t block_bytes(uint64_t bytes)
{
    if (bytes > BLOCK_MAX) {
        return 0;
    }
    return HEADER + ((bytes + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1));
}

static void split(struct heap_block *block, uint64_t bytes)
{
    uint64_t rest = block->bytes - bytes;

    if (rest > HEADER) {
        block->bytes = bytes;
        *after(block) = (struct heap_block){rest, HEAP_FREE};
    }
    block->used = HEAP_USED;
}

void *heap_take(struct heap *heap, uint64_t bytes)
{
    uint64_t needed = block_bytes(bytes);
    const struct heap_block *end = end_of(heap);

    if (needed == 0) {
        return 0;
    }
    for (struct heap_block *block = first_block(heap); block < end;
         block = after(block)) {
        if (block->used == HEAP_USED) {
            continue;
        }
        merge(heap, block);
        if (block->bytes >= needed) {
            split(block, needed);
            return block + 1;
        }
    }
    return 0;
}

bool heap_give(struct heap *heap, const void *memory)
{
    const struct heap_block *end = end_of(heap);

    for (struct heap_block *block = first_block(heap); block < end;
         block = after(block)) {
        if (block + 1 == memory) {
            bool live = block->used == HEAP_USED;
            block->used = HEAP_FREE;
            return live;
        }
    }
    return false;
}

uint64_t heap_lacks(uint64_t bytes)
{
    return block_bytes(bytes);
}

const char *heap_check(const struct heap *heap)
{
    uint64_t at = sizeof *heap;

    while (at < heap->bytes) {
        const struct heap_block *block =
            (const struct heap_block *)((const char *)heap + at);
        if (block->bytes % ALIGNMENT != 0 || block->bytes <= HEADER ||
            (block->used != HEAP_USED && block->used != HEAP_FREE)) {
            return "I2";
        }
        at += block->bytes;
    }
    return at == heap->bytes ? 0 : "I1";
}
