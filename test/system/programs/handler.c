/* SPDX-License-Identifier: Apache-2.0 */
/* A parent that handles its child's faults: skips one, repairs one, and lets
 * the last one end the child. */
#include "tools.h"

static uint64_t base_of(const char *name)
{
    uint64_t base, bytes;

    must(ambit_locate(name, &base, &bytes));
    return base;
}

static struct syscall_fault next_fault(struct ambit_handle handler,
                                       uint64_t address)
{
    struct syscall_fault fault = {0};

    must(ambit_fault_wait(handler, &fault));
    ambit_assert(fault.access == ACCESS_READ && fault.address == address);
    return fault;
}

AMBIT_ENTRY(keeper_main)
{
    struct ambit_handle handler = held("handler");
    struct syscall_fault fault;
    uint64_t bytes = 0;

    fault = next_fault(handler, base_of("app.stack"));
    must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_SKIP));
    /* Not the child again: it may have run, and faulted, already. */
    ambit_assert(ambit_fault_resume(handler, ambit_self()->domain,
                                    AMBIT_RESUME_SKIP) == STATUS_NOT_FOUND);

    fault = next_fault(handler, base_of("app.heap"));
    must(ambit_grow(held("heap"), 1, &bytes));
    *(volatile uint64_t *)base_of("app.heap") = 42;
    must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_RETRY));

    fault = next_fault(handler, 0);
    must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_STOP));
    ambit_assert(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_STOP) ==
                 STATUS_NOT_FOUND);
    return 0;
}

static uint64_t load(uint64_t address)
{
    uint64_t value = 7;

    __asm__ volatile("movq (%1), %0" : "+r"(value) : "r"(address) : "memory");
    return value;
}

AMBIT_ENTRY(kept_main)
{
    ambit_printf("skipped: %lu\n", load(base_of("app.stack")));
    ambit_printf("repaired: %lu\n", load(base_of("app.heap")));
    (void)load(0);
    ambit_printf("went on\n");
    return 0;
}

/* For `on_fault: continue`: three accesses, and then the end. */
AMBIT_ENTRY(stubborn_main)
{
    volatile uint64_t *stack = (volatile uint64_t *)base_of("app.stack");

    (void)load((uint64_t)stack);
    __asm__ volatile("movq %0, (%1)" ::"r"(1ull), "r"(stack) : "memory");
    (void)load(0);
    ambit_printf("went on to the end\n");
    return 0;
}
