/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "world.h"

#include <check.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAME 0x000ffffffffff000ull

struct world world;

void world_make(void)
{
    void *base;

    world.fd = memfd_create("guest", MFD_CLOEXEC);
    ck_assert_int_ge(world.fd, 0);
    ck_assert_int_eq(ftruncate(world.fd, WORLD_BYTES), 0);
    base = mmap(NULL, WORLD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, world.fd,
                0);
    ck_assert_ptr_ne(base, MAP_FAILED);
    world.memory = (struct guest_memory){base, WORLD_BYTES};
    world.registers = (struct engine_registers){
        .cr0 = 0x80000001, .cr4 = 0x20, .efer = 0x500, .cr3 = WORLD_ROOT};
    world.next = WORLD_ROOT + 0x1000;
}

void world_free(void)
{
    munmap(world.memory.base, WORLD_BYTES);
    close(world.fd);
}

void world_put(uint64_t at, uint64_t value)
{
    ck_assert(guest_write(&world.memory, (struct gpa){at}, &value, 8));
}

uint64_t world_get(uint64_t at)
{
    uint64_t value;

    ck_assert(guest_read(&world.memory, (struct gpa){at}, &value, 8));
    return value;
}

void world_map(uint64_t address, uint64_t physical, uint64_t flags)
{
    uint64_t table = WORLD_ROOT;

    for (unsigned shift = 39; shift > 12; shift -= 9) {
        uint64_t slot = table + (address >> shift & 511) * 8;

        if (!world_get(slot)) {
            world_put(slot, world.next | PRESENT | WRITE | USER);
            world.next += 0x1000;
        }
        table = world_get(slot) & FRAME;
    }
    world_put(table + (address >> 12 & 511) * 8, physical | PRESENT | flags);
}

/* xorshift64 */
void world_noise(uint64_t seed)
{
    uint64_t x = seed * 2 + 1;

    for (uint64_t at = 0; at < WORLD_BYTES; at += 8) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        memcpy((uint8_t *)world.memory.base + at, &x, 8);
    }
}
