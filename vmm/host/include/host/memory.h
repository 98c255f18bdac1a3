/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guest memory, copied in and out. A guest physical address is a struct gpa,
 * never a pointer, and no function here returns a pointer into the guest: the
 * guest may change its memory at any time, so every look is one copy.
 */
#ifndef HOST_MEMORY_H
#define HOST_MEMORY_H

#include <host/engine.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gpa {
    uint64_t value;
};

struct guest_memory {
    void *base;
    uint64_t bytes;
};

/* True if [at, at + bytes) lies in guest memory. */
bool guest_holds(const struct guest_memory *memory, struct gpa at,
                 size_t bytes);

/* Copies; false, with nothing copied, if any byte lies outside. */
bool guest_read(const struct guest_memory *memory, struct gpa at, void *to,
                size_t bytes);
bool guest_write(const struct guest_memory *memory, struct gpa at,
                 const void *from, size_t bytes);

/*
 * Where the paging structures that `registers` selects put the linear address
 * `address` (AMD64 manual vol. 2, 5.3: long mode, 4 levels, 4 KiB to 1 GiB
 * pages; paging off: the address itself). False if not mapped, outside guest
 * memory, or translated by another paging mode. Rights are not looked at.
 */
bool guest_translate(const struct guest_memory *memory,
                     const struct engine_registers *registers, uint64_t address,
                     struct gpa *out);

/* Copies up to `bytes` from a linear address; returns how many were there. */
size_t guest_read_linear(const struct guest_memory *memory,
                         const struct engine_registers *registers,
                         uint64_t address, void *to, size_t bytes);

#endif
