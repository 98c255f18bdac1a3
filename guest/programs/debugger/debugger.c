/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A debugger. Its child stops at an `int3` that is compiled in; the debugger
 * reads its registers, goes on instruction by instruction, changes one, and
 * lets it go.
 */
#include <ambit/ambit.h>

#define ROUNDS 10u

static void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle = {0};

    must(ambit_capability(name, &handle));
    return handle;
}

/* The next stop of the child, which is of this type. */
static uint32_t stop_of(struct ambit_handle handler, uint32_t type)
{
    struct syscall_fault fault = {0};

    must(ambit_fault_wait(handler, &fault));
    ambit_assert(fault.type == type);
    return fault.domain;
}

static uint64_t ticks_of_a_step(struct ambit_handle handler,
                                struct ambit_handle cpu, uint32_t child)
{
    uint64_t start = ambit_ticks();

    must(ambit_step(cpu, 1));
    must(ambit_fault_resume(handler, child, AMBIT_RESUME_RETRY));
    (void)stop_of(handler, FAULT_DEBUG);
    return ambit_ticks() - start;
}

/* From one breakpoint to the next, counting instructions. */
static uint64_t step_to_breakpoint(struct ambit_handle handler,
                                   struct ambit_handle cpu, uint32_t child)
{
    struct syscall_fault fault = {0};
    uint64_t steps = 0;

    for (;;) {
        must(ambit_step(cpu, 1));
        must(ambit_fault_resume(handler, child, AMBIT_RESUME_RETRY));
        must(ambit_fault_wait(handler, &fault));
        if (fault.type != FAULT_DEBUG) {
            ambit_assert(fault.type == FAULT_BREAKPOINT);
            must(ambit_step(cpu, 0));
            return steps;
        }
        steps++;
    }
}

/* Decided about or not, it stands still until it is continued. */
static void pause_and_go_on(struct ambit_handle handler,
                            struct ambit_handle cpu, uint32_t child)
{
    enum syscall_stand stand;

    must(ambit_pause(cpu, &stand));
    ambit_assert(stand == SYSCALL_STAND_FAULT);
    must(ambit_fault_resume(handler, child, AMBIT_RESUME_RETRY));
    must(ambit_pause(cpu, &stand));
    ambit_assert(stand == SYSCALL_STAND_INSTRUCTION);
    must(ambit_continue(cpu));
}

AMBIT_ENTRY(debugger_main)
{
    struct ambit_handle handler = held("handler"), cpu;
    struct syscall_registers registers;
    uint32_t child;

    must(ambit_part_of(held("child"), AMBIT_TYPE_CPU, AMBIT_READ | AMBIT_WRITE,
                       &cpu));
    child = stop_of(handler, FAULT_BREAKPOINT);
    must(ambit_cpu_read(cpu, &registers));
    ambit_printf("rbx is %lu, rcx is %lu\n", registers.rbx, registers.rcx);
    ambit_assert(registers.rbx == 0 && registers.rcx == ROUNDS);

    /* One round of the loop is two instructions. */
    (void)ticks_of_a_step(handler, cpu, child);
    ambit_report_instructions("step and back",
                              ticks_of_a_step(handler, cpu, child));
    must(ambit_cpu_read(cpu, &registers));
    ambit_printf("two steps on, rbx is %lu, rcx is %lu\n", registers.rbx,
                 registers.rcx);
    ambit_assert(registers.rbx == 3 && registers.rcx == ROUNDS - 1);

    ambit_printf("%lu instructions to the next breakpoint\n",
                 step_to_breakpoint(handler, cpu, child));
    must(ambit_cpu_read(cpu, &registers));
    ambit_assert(registers.rbx == 3 * ROUNDS && registers.rcx == 0);
    registers.rbx = 42;
    must(ambit_cpu_write(cpu, &registers));
    pause_and_go_on(handler, cpu, child);
    return 0;
}

/* In summing.S: breakpoint, loop, breakpoint. */
uint64_t summing(uint64_t rounds);

AMBIT_ENTRY(debugged_main)
{
    ambit_printf("the sum is %lu\n", summing(ROUNDS));
    return 0;
}
