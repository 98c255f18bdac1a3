/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a fault costs, by who has it: until the handler, another domain, has
 * decided and it goes on; or the kernel has skipped it; or a try of its own has
 * caught it. Arguments of fault_main: samples, then names of children, each
 * held under its name.
 */
#include "samples.h"

/* Nobody may read there. */
static void load(void)
{
    uint64_t value;

    __asm__ volatile("movq (%1), %0" : "=r"(value) : "r"(UINT64_C(0)));
}

static void try(void)
{
    struct ambit_fault fault;
    uint64_t value;

    ambit_assert(!ambit_try_read(0, &value, &fault));
}

/* A child at a time; each has as many faults as there are samples, and one. */
static void handle_faults(const struct samples *samples, const char *name)
{
    struct ambit_handle child, handler;
    struct ambit_outcome outcome;
    struct syscall_fault fault;

    must(ambit_capability(name, &child));
    must(ambit_capability("handler", &handler));
    must(ambit_spawn(child));
    for (uint32_t i = 0; i <= samples->wanted; i++) {
        must(ambit_fault_wait(handler, &fault));
        must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_SKIP));
    }
    must(ambit_wait(child, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
}

/* Its faults are skipped by the kernel. */
static void let_go_on(void)
{
    struct ambit_handle child;
    struct ambit_outcome outcome;

    must(ambit_capability("goes-on", &child));
    must(ambit_spawn(child));
    must(ambit_wait(child, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
}

AMBIT_ENTRY(fault_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    SAMPLES(&samples, try());
    samples_print(&samples, (struct series){"fault", "self", "try", 1});
    let_go_on();
    for (int i = 2; i < argc; i++) {
        handle_faults(&samples, argv[i]);
    }
    return 0;
}

/* Arguments: samples, our name. */
AMBIT_ENTRY(faulter_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    ambit_assert(argc == 3);
    SAMPLES(&samples, load());
    samples_print(&samples, (struct series){"fault", argv[2], "handler", 1});
    return 0;
}

/* The same where the kernel skips what faulted. Argument: samples. */
AMBIT_ENTRY(goes_on_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    SAMPLES(&samples, load());
    samples_print(&samples, (struct series){"fault", "self", "continue", 1});
    return 0;
}
