/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Life cycle: starts its child `one` N times, waits for each end, and shows
 * that nothing is left behind: as many free frames and as much quota as before
 * the first. Arguments: N, and optionally the exit code the child gives.
 */
#include <ambit/ambit.h>

static uint64_t number_of(const char *name)
{
    struct ambit_handle handle;
    struct ambit_info info;

    ambit_assert(ambit_capability(name, &handle) == STATUS_OK);
    ambit_assert(ambit_inspect(handle, &info) == STATUS_OK);
    return info.first;
}

static void run_once(struct ambit_handle child)
{
    struct ambit_outcome outcome;

    ambit_assert(ambit_spawn(child) == STATUS_OK);
    ambit_assert(ambit_wait(child, &outcome) == STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT);
    ambit_assert(outcome.code == 7);
}

AMBIT_ENTRY(main)
{
    uint64_t count = 0;
    struct ambit_handle child;

    ambit_assert(argc == 2 && ambit_number(argv[1], &count));
    ambit_assert(ambit_capability("one", &child) == STATUS_OK);
    uint64_t frames = number_of("pool"), charged = number_of("quota");
    ambit_printf("before: %lu free frames, %lu pages charged\n", frames,
                 charged);
    for (uint64_t i = 0; i < count; i++) {
        run_once(child);
    }
    ambit_printf("after %lu: %lu free frames, %lu pages charged\n", count,
                 number_of("pool"), number_of("quota"));
    ambit_assert(number_of("pool") == frames);
    ambit_assert(number_of("quota") == charged);
    return 0;
}

/* What the child does with its life: uses its heap, and ends. */
AMBIT_ENTRY(one_main)
{
    char *memory = ambit_malloc(10000);

    ambit_assert(memory != 0);
    memset(memory, 0x5a, 10000);
    return 7;
}
