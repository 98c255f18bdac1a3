/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State of ring 3 beyond the general registers: x87, SSE, segment selectors and
 * bases. FXRSTOR alone leaves the x87 exception pointers of the domain before
 * on some processors (AMD APM vol. 2, 11.4.4), so FNINIT comes first.
 */
#include <abi/shared.h>

#include "cpu.h"

/* Clean state: FCW 0x37f, MXCSR 0x1f80 with all exceptions masked. */
const struct arch_registers arch_registers_clean = {
    .fx = {[0] = 0x7f, [1] = 0x03, [24] = 0x80, [25] = 0x1f},
};

static void bases_write(uint64_t fs, uint64_t gs)
{
    if (this_cpu_has(FEATURE_FSGSBASE) && GUARD_ACT(SEGMENT_BASES)) {
        __asm__ volatile("wrfsbase %0" : : "r"(fs));
        __asm__ volatile("wrgsbase %0" : : "r"(gs));
    }
}

void arch_registers_save(struct arch_registers *registers)
{
    __asm__ volatile("fxsave64 %0" : "=m"(registers->fx));
    if (this_cpu_has(FEATURE_FSGSBASE)) {
        __asm__ volatile("rdfsbase %0" : "=r"(registers->fs_base));
        __asm__ volatile("rdgsbase %0" : "=r"(registers->gs_base));
    }
}

void arch_registers_load(const struct arch_registers *registers)
{
    __asm__ volatile("fninit");
    __asm__ volatile("fxrstor64 %0" : : "m"(registers->fx));
    bases_write(registers->fs_base, registers->gs_base);
}

void arch_registers_clear(void)
{
    arch_registers_load(&arch_registers_clean);
}

/*
 * Loading a selector is the one change of a segment that needs no privilege;
 * with FSGSBASE off, loading null also leaves a base behind on AMD, which
 * ring 3 has no way to have set.
 */
void arch_selectors_reset(void)
{
    __asm__ volatile("movl %0, %%ds\n\t"
                     "movl %0, %%es\n\t"
                     "movl %0, %%fs\n\t"
                     "movl %0, %%gs"
                     :
                     : "r"(0));
}
