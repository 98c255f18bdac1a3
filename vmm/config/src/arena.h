/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one config, freed at once. Allocation never returns null: when
 * memory runs out it jumps to where the load began, which reports it. So the
 * readers above have no failure paths that no test can reach.
 */
#ifndef CONFIG_ARENA_H
#define CONFIG_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    jmp_buf out_of_memory;      /* set by the load before the first use */
};

struct arena *arena_new(void); /* or null */
void arena_free(struct arena *arena);

/* Zeroed, aligned for anything. */
void *arena_alloc(struct arena *arena, size_t bytes);
void *arena_array(struct arena *arena, size_t count, size_t bytes_each);
/* A NUL-terminated copy. */
char *arena_text(struct arena *arena, const char *text, size_t bytes);
__attribute__((format(printf, 2, 3))) char *
arena_format(struct arena *arena, const char *format, ...);

#endif
