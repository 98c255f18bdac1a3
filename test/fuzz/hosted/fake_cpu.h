/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands before guest/kernel/arch/x86_64/cpu.h (same guard) where trap.c is
 * compiled for the host: what it takes from a processor, of a fake one.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <abi/guard.h>

#include "arch.h"
#include "arch_asm.h"

extern uint64_t fake_cr2;

static inline uint64_t cr2_read(void)
{
    return fake_cr2;
}

static inline bool this_cpu_has(uint32_t feature)
{
    return (arch_this_cpu()->features & feature) != 0;
}

extern const uint8_t syscall_entry[];
extern uint64_t cpu_frame_end;
_Noreturn void arch_load_frame_iret(struct arch_frame *frame);
_Noreturn void arch_load_frame_sysret(struct arch_frame *frame);
uint64_t copy_bytes(void *to, const void *from, uint64_t bytes);
uint64_t copy_bytes_smap(void *to, const void *from, uint64_t bytes);

extern bool probe_running;
_Noreturn void probe_trap(struct arch_frame *frame);

#endif
