/* SPDX-License-Identifier: Apache-2.0 */
/* A guest of 4 MiB that never ran: the test writes its page tables. */
#ifndef TEST_DEBUG_WORLD_H
#define TEST_DEBUG_WORLD_H

#include <host/memory.h>

#define WORLD_BYTES 0x400000ull
#define WORLD_ROOT 0x1000ull

#define PRESENT 1ull
#define WRITE 2ull
#define USER 4ull
#define LARGE 0x80ull
#define NX (1ull << 63)

struct world {
    int fd;
    struct guest_memory memory;
    struct engine_registers registers; /* long mode, CR3 is WORLD_ROOT */
    uint64_t next;                     /* where the next table goes */
};

extern struct world world;

/* For checked fixtures. */
void world_make(void);
void world_free(void);

void world_put(uint64_t at, uint64_t value);
uint64_t world_get(uint64_t at);

/* Maps a page of 4 KiB; tables between get write and user. */
void world_map(uint64_t address, uint64_t physical, uint64_t flags);

/* Every byte of it is noise from this seed. */
void world_noise(uint64_t seed);

#endif
