/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <host/memory.h>
#include <string.h>

#define CR0_PG (1ull << 31)
#define CR4_LA57 (1ull << 12)
#define EFER_LMA (1ull << 10)
#define ENTRY_PRESENT 1ull
#define ENTRY_LARGE (1ull << 7)
#define ENTRY_ADDRESS 0x000ffffffffff000ull
#define LEVELS 4u
#define INDEX_BITS 9u

bool guest_holds(const struct guest_memory *memory, struct gpa at, size_t bytes)
{
    return at.value <= memory->bytes && bytes <= memory->bytes - at.value;
}

bool guest_read(const struct guest_memory *memory, struct gpa at, void *to,
                size_t bytes)
{
    if (!guest_holds(memory, at, bytes)) {
        return false;
    }
    memcpy(to, (const uint8_t *)memory->base + at.value, bytes);
    return true;
}

bool guest_write(const struct guest_memory *memory, struct gpa at,
                 const void *from, size_t bytes)
{
    if (!guest_holds(memory, at, bytes)) {
        return false;
    }
    memcpy((uint8_t *)memory->base + at.value, from, bytes);
    return true;
}

static bool walk_long_mode(const struct guest_memory *memory, uint64_t cr3,
                           uint64_t address, struct gpa *out)
{
    struct gpa table = {cr3 & ENTRY_ADDRESS};
    unsigned level;

    for (level = LEVELS; level-- > 0;) {
        unsigned shift = ABI_PAGE_SHIFT + INDEX_BITS * level;
        uint64_t index = (address >> shift) & ((1u << INDEX_BITS) - 1);
        struct gpa slot = {table.value + index * sizeof(uint64_t)};
        uint64_t inside = (1ull << shift) - 1;
        uint64_t entry;

        if (!guest_read(memory, slot, &entry, sizeof(entry)) ||
            !(entry & ENTRY_PRESENT)) {
            return false;
        }
        if (level == 0 || (level < LEVELS - 1 && (entry & ENTRY_LARGE))) {
            out->value = (entry & ENTRY_ADDRESS & ~inside) | (address & inside);
            return true;
        }
        table.value = entry & ENTRY_ADDRESS;
    }
    return false;
}

bool guest_translate(const struct guest_memory *memory,
                     const struct engine_registers *registers, uint64_t address,
                     struct gpa *out)
{
    struct gpa found = {address};

    if (registers->cr0 & CR0_PG) {
        if (!(registers->efer & EFER_LMA) || (registers->cr4 & CR4_LA57) ||
            !walk_long_mode(memory, registers->cr3, address, &found)) {
            return false;
        }
    }
    if (!guest_holds(memory, found, 1)) {
        return false;
    }
    *out = found;
    return true;
}

size_t guest_read_linear(const struct guest_memory *memory,
                         const struct engine_registers *registers,
                         uint64_t address, void *to, size_t bytes)
{
    uint8_t *next = to;
    size_t done;

    for (done = 0; done < bytes; done++) {
        struct gpa at;

        if (!guest_translate(memory, registers, address + done, &at) ||
            !guest_read(memory, at, next + done, 1)) {
            break;
        }
    }
    return done;
}
