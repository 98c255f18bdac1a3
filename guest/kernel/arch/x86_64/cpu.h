/* SPDX-License-Identifier: Apache-2.0 */
/* Privileged instructions by name, for the files of this folder only. */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <abi/guard.h>
#include <stdint.h>

#include "arch.h"
#include "arch_asm.h"

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf)
{
    struct cpuid r;

    __asm__ volatile("cpuid"
                     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
                     : "a"(leaf), "c"(0));
    return r;
}

static inline uint64_t msr_read(uint32_t msr)
{
    uint32_t low, high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
    arch_this_cpu()->msr_writes++;
    __asm__ volatile("wrmsr"
                     :
                     : "c"(msr), "a"((uint32_t)value),
                       "d"((uint32_t)(value >> 32))
                     : "memory");
}

static inline uint64_t cr0_read(void)
{
    uint64_t value;

    __asm__ volatile("movq %%cr0, %0" : "=r"(value));
    return value;
}

static inline uint64_t cr2_read(void)
{
    uint64_t value;

    __asm__ volatile("movq %%cr2, %0" : "=r"(value));
    return value;
}

static inline uint64_t cr3_read(void)
{
    uint64_t value;

    __asm__ volatile("movq %%cr3, %0" : "=r"(value));
    return value;
}

static inline void cr3_write(uint64_t value)
{
    arch_this_cpu()->cr3_writes++;
    __asm__ volatile("movq %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t cr4_read(void)
{
    uint64_t value;

    __asm__ volatile("movq %%cr4, %0" : "=r"(value));
    return value;
}

static inline void cr4_write(uint64_t value)
{
    __asm__ volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

static inline bool this_cpu_has(uint32_t feature)
{
    return (arch_this_cpu()->features & feature) != 0;
}

/* Set up by arch_init in this order. */
void timer_init(void);

/* In entry.S and boot.S. */
extern const uint8_t syscall_entry[], fast_entry[], vector_stubs[];
extern uint8_t kernel_stack_top[], fault_stack_top[], nmi_stack_top[],
    debug_stack_top[];
/* A page each, below the stack. */
extern const uint8_t kernel_stack_guard[], fault_stack_guard[],
    nmi_stack_guard[], debug_stack_guard[];
extern uint64_t cpu_frame_end;
extern const struct arch_registers arch_registers_clean;
_Noreturn void arch_load_frame_iret(struct arch_frame *frame);
_Noreturn void arch_load_frame_sysret(struct arch_frame *frame);
uint64_t copy_bytes(void *to, const void *from, uint64_t bytes);
uint64_t copy_bytes_smap(void *to, const void *from, uint64_t bytes);

/* While the ring-3 probe runs, its traps come here (probe.c). */
extern bool probe_running;
_Noreturn void probe_trap(struct arch_frame *frame);

#endif
