/* SPDX-License-Identifier: Apache-2.0 */
/* Stands before guest/kernel/arch/x86_64/arch/inline.h: the same functions over
 * fake memory (arch.c). */
#ifndef ARCH_INLINE_H
#define ARCH_INLINE_H

#include <stdint.h>
#include <string.h>

uint64_t arch_ticks(void);
struct arch_cpu *arch_this_cpu(void);
void *arch_physical(uint64_t address);
uint64_t arch_physical_of(const void *mapped);
uint64_t arch_entry_frame(uint64_t entry);

static inline void arch_clear(void *to, uint64_t words)
{
    memset(to, 0, words * sizeof(uint64_t));
}

#endif
