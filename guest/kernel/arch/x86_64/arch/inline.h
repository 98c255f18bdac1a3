/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shortest of arch.h, where a call would cost more than what it does. Tests
 * that run the kernel on a host bring a file of this name of their own.
 */
#ifndef ARCH_INLINE_H
#define ARCH_INLINE_H

#include <abi/layout.h>
#include <stdint.h>

#define PTE_PRESENT 0x1ull
#define PTE_FRAME 0x000ffffffffff000ull

extern struct arch_cpu arch_cpu_now;

static inline struct arch_cpu *arch_this_cpu(void)
{
    return &arch_cpu_now;
}

/* Physical memory, through the direct map. */
static inline void *arch_physical(uint64_t address)
{
    return (void *)(uintptr_t)(ABI_DIRECT_MAP + address);
}

/* The reverse. */
static inline uint64_t arch_physical_of(const void *mapped)
{
    return (uintptr_t)mapped - ABI_DIRECT_MAP;
}

/* Frame that an entry names; 0: it names none. */
static inline uint64_t arch_entry_frame(uint64_t entry)
{
    return entry & PTE_PRESENT ? entry & PTE_FRAME : 0;
}

static inline uint64_t arch_ticks(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Zeroes `words` of 8 bytes. */
static inline void arch_clear(void *to, uint64_t words)
{
    __asm__ volatile("rep stosq"
                     : "+D"(to), "+c"(words)
                     : "a"(0ull)
                     : "memory");
}

#endif
