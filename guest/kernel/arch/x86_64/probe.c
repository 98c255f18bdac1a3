/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the substrate really does in ring 3, found by doing it: whether
 * `syscall` enters ring 0, and whether instructions run whose state the kernel
 * has not enabled and so cannot save (vzeroupper, rdpkru). On a processor that
 * follows its manual both raise #UD.
 */
#include <abi/layout.h>

#include "cpu.h"

extern const uint8_t probe_code[], cleanse_code[];

#define PROBE_STEP 7u /* a probed instruction and the `or` behind it */

bool probe_running;
static void (*probe_next)(void);
static struct arch_frame probe_frame;
static _Alignas(4096) uint64_t probe_tables[3][512];

static uint64_t physical(const void *address)
{
    return (uintptr_t)address - ABI_KERNEL_OFFSET;
}

extern uint64_t boot_pml4[512];

static void probe_map(void)
{
    uint64_t code = physical(probe_code) & ~(ABI_PAGE_SIZE - 1);

    probe_tables[2][0] = arch_leaf_entry(code, 4 | 1);
    probe_tables[1][0] = arch_directory_entry(physical(probe_tables[2]), 7);
    probe_tables[0][ABI_PROBE_ADDRESS >> 30] =
        arch_directory_entry(physical(probe_tables[1]), 7);
    boot_pml4[0] = arch_directory_entry(physical(probe_tables[0]), 7);
}

_Noreturn void arch_probe(void (*next)(void))
{
    probe_map();
    probe_next = next;
    probe_running = true;
    arch_frame_init(&probe_frame, ABI_PROBE_ADDRESS, ABI_PROBE_ADDRESS, 0);
    arch_frame_select(&probe_frame);
    arch_load_frame_iret(&probe_frame);
}

uint64_t arch_probe_frame(void)
{
    return physical(probe_code);
}

/* Interrupts stay off: nothing but the stub's own system call comes back. */
_Noreturn void arch_selectors_cleanse(void (*next)(void))
{
    probe_map();
    arch_root_switch(arch_kernel_root(), true);
    probe_next = next;
    probe_running = true;
    arch_frame_init(&probe_frame,
                    ABI_PROBE_ADDRESS + (uint64_t)(cleanse_code - probe_code),
                    ABI_PROBE_ADDRESS, 0);
    probe_frame.rflags &= ~(uint64_t)RFLAGS_IF;
    arch_frame_select(&probe_frame);
    arch_load_frame_iret(&probe_frame);
}

/* The probe's findings; the cleansing finds the same again. */
_Noreturn void probe_trap(struct arch_frame *frame)
{
    struct arch_cpu *cpu = arch_this_cpu();

    if (frame->vector == VECTOR_UNDEFINED) {
        frame->rip += PROBE_STEP;
        arch_load_frame_iret(frame);
    }
    if (frame->vector != VECTOR_SYSCALL && frame->vector != VECTOR_PAGE) {
        kernel_panic_frame("the boot probe ended in a fault", frame->rip,
                           frame);
    }
    if (!cpu->holes) {
        cpu->native_syscall = frame->vector == VECTOR_SYSCALL;
        cpu->holes = (frame->r8 & 3) != 0;
    }
    probe_running = false;
    boot_pml4[0] = 0;
    arch_root_switch(arch_kernel_root(), true);
    probe_next();
    __builtin_unreachable();
}
