/* SPDX-License-Identifier: Apache-2.0 */
/* A debugger that pauses one that stands at a fault, too. */
#include "pausing.h"

void breaking(void);

AMBIT_ENTRY(breaking_main)
{
    breaking();
    return 0;
}

static uint32_t stop_of(struct ambit_handle handler)
{
    struct syscall_fault fault = {0};

    must(ambit_fault_wait(handler, &fault));
    ambit_assert(fault.type == FAULT_BREAKPOINT);
    return fault.domain;
}

/* Steps of one that is paused come back to who has paused it. */
AMBIT_ENTRY(fault_and_pause_main)
{
    struct ambit_handle handler = held("handler"), cpu = cpu_of(held("child"));
    struct syscall_registers before, after;
    enum syscall_stand stand;
    uint32_t child = stop_of(handler);

    must(ambit_pause_wait(cpu, &stand));
    ambit_assert(stand == SYSCALL_STAND_FAULT);
    ambit_assert(paused(cpu) == SYSCALL_STAND_FAULT);
    before = registers_of(cpu);
    must(ambit_step(cpu, 1));
    must(ambit_fault_resume(handler, child, AMBIT_RESUME_RETRY));
    turns();
    after = registers_of(cpu);
    ambit_assert(after.rip == before.rip);
    must(ambit_continue(cpu));
    must(ambit_pause_wait(cpu, &stand));
    ambit_assert(stand == SYSCALL_STAND_INSTRUCTION);
    ambit_assert(registers_of(cpu).rip == before.rip + 1);
    must(ambit_continue(cpu));
    child = stop_of(handler);
    (void)paused(cpu);
    must(ambit_continue(cpu));
    turns();
    ambit_assert(registers_of(cpu).rip == before.rip + 2);
    must(ambit_fault_resume(handler, child, AMBIT_RESUME_RETRY));
    return 0;
}
