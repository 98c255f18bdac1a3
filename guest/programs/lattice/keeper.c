/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A keeper: handles faults, says whose, and lets them go on. Its argument is
 * the number of the first child.
 */
#include "lattice.h"

AMBIT_ENTRY(keeper_main)
{
    struct ambit_handle handler = held("handler");
    struct syscall_fault fault = {0};
    uint64_t first = 0;
    char name[16];

    ambit_assert(argc == 2 && ambit_number(argv[1], &first));
    while (fault.address != KEEPER_QUIT) {
        must(ambit_fault_wait(handler, &fault));
        if (fault.domain >= first && fault.address != KEEPER_QUIT) {
            child_name(name, sizeof name, fault.domain - first);
            ambit_report_about(name, "handler", argv[0]);
        }
        must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_SKIP));
    }
    return 0;
}

static void fault_at(uint64_t address)
{
    (void)*(volatile uint64_t *)address;
}

AMBIT_ENTRY(quit_main)
{
    fault_at(KEEPER_QUIT);
    return 0;
}
