/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)32 << 10)

struct arena_block {
    struct arena_block *next;
    size_t used, bytes;
    max_align_t data[];
};

struct arena *arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
    free(arena);
}

static struct arena_block *add_block(struct arena *arena, size_t at_least)
{
    size_t bytes = at_least > BLOCK_BYTES ? at_least : BLOCK_BYTES;
    struct arena_block *block = NULL;

    if (bytes <= SIZE_MAX - sizeof *block) {
        block = calloc(1, sizeof *block + bytes);
    }
    if (!block) {
        longjmp(arena->out_of_memory, 1);
    }
    block->bytes = bytes;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    struct arena_block *block = arena->blocks;
    size_t unit = sizeof(max_align_t);
    size_t rounded;
    char *out;

    if (bytes > SIZE_MAX - unit) {
        longjmp(arena->out_of_memory, 1);
    }
    rounded = (bytes + unit - 1) / unit * unit;
    if (!block || block->bytes - block->used < rounded) {
        block = add_block(arena, rounded);
    }
    out = (char *)block->data + block->used;
    block->used += rounded;
    return out;
}

void *arena_array(struct arena *arena, size_t count, size_t bytes_each)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, bytes_each, &bytes)) {
        longjmp(arena->out_of_memory, 1);
    }
    return arena_alloc(arena, bytes);
}

char *arena_text(struct arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1);

    memcpy(copy, text, bytes);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    char text[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        length = 0;
    }
    if ((size_t)length >= sizeof text) {
        length = (int)sizeof text - 1;
    }
    return arena_text(arena, text, (size_t)length);
}
