/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the broken kernel how to end: the number of a way (ways.h). */
#include <ambit/ambit.h>
#include <ambit/syscall.h>

__attribute__((noinline)) static uint64_t break_kernel(uint64_t way)
{
    struct ambit_registers io = {.rdi = way};

    ambit_assert(ambit_syscall(SYSCALL_RANDOM, &io) == STATUS_OK);
    return io.rdx;
}

AMBIT_ENTRY(main)
{
    uint64_t way = 0;

    if (argc < 2 || !ambit_number(argv[1], &way)) {
        return 2;
    }
    ambit_printf("way %lu\n", way);
    return break_kernel(way) == 0;
}
