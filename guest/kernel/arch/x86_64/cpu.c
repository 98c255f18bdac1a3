/* SPDX-License-Identifier: Apache-2.0 */
/* Segments, descriptors, control registers, features. */
#include <abi/shared.h>

#include "cpu.h"

struct arch_cpu arch_cpu_now;

/* Task state, Intel SDM vol. 3, 8.7: only stacks are used. */
struct __attribute__((packed)) tss {
    uint32_t reserved0;
    uint64_t rsp[3];
    uint64_t reserved1;
    uint64_t ist[7];
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t iomap;
};

/* An interrupt gate, Intel SDM vol. 3, 6.14.1, as two words. */
struct gate {
    uint64_t low, high;
};

#define GATE_INTERRUPT 0x8e0000000000u /* present, ring 0 only: no `int n` */
#define GATE_RING_3 0x600000000000u    /* int3 is a debugger's, not an attack */

struct __attribute__((packed)) table_pointer {
    uint16_t limit;
    uint64_t base;
};

extern struct tss cpu_tss; /* in entry.S: rsp[0] is cpu_frame_end */
static struct gate idt[VECTOR_COUNT];
static uint64_t gdt[8] = {
    0,
    0x00209b0000000000, /* ring-0 code, 64-bit */
    0x00cf93000000ffff, /* ring-0 data */
    0,                  /* sysret's 32-bit code: never used */
    0x00cff3000000ffff, /* ring-3 data */
    0x0020fb0000000000, /* ring-3 code, 64-bit */
};

extern uint64_t entry_tick;

uint64_t arch_entry_tick(void)
{
    return entry_tick;
}

void arch_out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "d"(port) : "memory");
}

void arch_out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "d"(port) : "memory");
}

_Noreturn void arch_halt(void)
{
    for (;;) {
        __asm__ volatile("cli\n\thlt");
    }
}

static void gdt_init(void)
{
    uint64_t base = (uint64_t)(uintptr_t)&cpu_tss;
    struct table_pointer pointer = {sizeof(gdt) - 1, (uintptr_t)gdt};

    gdt[6] = 0x0000890000000000 | (sizeof(cpu_tss) - 1) |
             (base & 0xffffff) << 16 | (base >> 24 & 0xff) << 56;
    gdt[7] = base >> 32;
    cpu_tss.ist[0] = (uintptr_t)fault_stack_top;
    cpu_tss.ist[1] = (uintptr_t)nmi_stack_top;
    cpu_tss.ist[2] = (uintptr_t)debug_stack_top;
    /* Beyond the limit: no port is ring 3's. */
    cpu_tss.iomap = GUARD_ACT(IO_PORTS) ? sizeof(cpu_tss) : 0;
    __asm__ volatile("lgdt %0" : : "m"(pointer));
    __asm__ volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

/* Stubs are 16 bytes apart and all lie in the kernel's granule, so the upper
 * half of every address is the same. */
static void idt_init(void)
{
    struct table_pointer pointer = {sizeof(idt) - 1, (uintptr_t)idt};
    uint64_t stub = (uintptr_t)vector_stubs;
    uint64_t high = stub >> 32;

    for (uint32_t vector = 0; vector < VECTOR_COUNT; vector++, stub += 16) {
        idt[vector].low = (stub & 0xffff) | SELECTOR_KERNEL_CODE << 16 |
                          GATE_INTERRUPT |
                          (GUARD_ACT(GATE_PRIVILEGE) ? 0 : GATE_RING_3) |
                          (stub & 0xffff0000) << 32;
        idt[vector].high = high;
    }
    idt[VECTOR_DOUBLE_FAULT].low |= 1ull << 32;
    idt[VECTOR_MACHINE_CHECK].low |= 1ull << 32;
    idt[VECTOR_NMI].low |= 2ull << 32;
    idt[VECTOR_DEBUG].low |= 3ull << 32;
    idt[VECTOR_BREAKPOINT].low |= GATE_RING_3;
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

/*
 * Only what is offered is used. CR4.OSXSAVE and CR4.PKE stay clear, so that
 * FXSAVE covers all the vector state that ring 3 can reach by the manuals.
 */
static void features_init(void)
{
    struct cpuid basic = cpuid(1);
    struct cpuid leaf7 = cpuid(0).eax >= 7 ? cpuid(7) : (struct cpuid){0};
    uint64_t cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT;
    uint32_t features = FEATURE_NX;

    if (leaf7.ebx & 1u << 0) {
        cr4 |= CR4_FSGSBASE;
        features |= FEATURE_FSGSBASE;
    }
    if (leaf7.ebx & 1u << 7) {
        cr4 |= CR4_SMEP;
        features |= FEATURE_SMEP;
    }
    if (leaf7.ebx & 1u << 20) {
        cr4 |= CR4_SMAP;
        features |= FEATURE_SMAP;
    }
    if (leaf7.ecx & 1u << 2 && GUARD_ACT(UMIP)) {
        cr4 |= CR4_UMIP;
        features |= FEATURE_UMIP;
    }
    if (leaf7.ecx & 1u << 3) {
        features |= FEATURE_PKU; /* offered; not switched on */
    }
    if (basic.ecx & 1u << 21) {
        features |= FEATURE_X2APIC;
    }
    cr4_write(cr4);
    arch_cpu_now.features = features;
}

static void syscall_init(void)
{
    msr_write(MSR_STAR, (uint64_t)SELECTOR_USER_BASE << 48 |
                            (uint64_t)SELECTOR_KERNEL_CODE << 32);
    msr_write(MSR_LSTAR, (uintptr_t)syscall_entry);
    msr_write(MSR_CSTAR, (uintptr_t)syscall_entry);
    msr_write(MSR_SFMASK,
              (GUARD_ACT(SYSCALL_INTERRUPTS) ? RFLAGS_IF : 0) |
                  (GUARD_ACT(SYSCALL_FLAGS)
                       ? RFLAGS_TF | RFLAGS_DF | RFLAGS_AC | RFLAGS_NT
                       : 0));
}

void arch_fast(bool open)
{
    msr_write(MSR_LSTAR, (uintptr_t)(open ? fast_entry : syscall_entry));
}

void arch_init(void)
{
    gdt_init();
    idt_init();
    features_init();
    syscall_init();
    timer_init();
}

void arch_control_read(struct shared_control *out)
{
    *out = (struct shared_control){
        .cr0 = cr0_read(),
        .cr2 = cr2_read(),
        .cr3 = cr3_read(),
        .cr4 = cr4_read(),
        .efer = msr_read(MSR_EFER),
    };
}

void arch_frame_init(struct arch_frame *frame, uint64_t rip, uint64_t rsp,
                     uint64_t argument)
{
    *frame = (struct arch_frame){
        .rip = rip,
        .cs = SELECTOR_USER_CODE,
        .rflags = RFLAGS_FIXED | RFLAGS_IF,
        .rsp = rsp,
        .ss = SELECTOR_USER_DATA,
        .rdi = argument,
    };
}

void arch_frame_select(struct arch_frame *frame)
{
    cpu_frame_end = (uintptr_t)frame + sizeof(*frame);
}
