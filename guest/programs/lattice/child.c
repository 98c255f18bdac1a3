/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every child runs, whatever it is composed of. It is not told: each
 * letter of its report is something that it tried.
 */
#include "lattice.h"

#define YIELDS 8u /* the clerk tries its stack meanwhile */

static const char letters[] = {
#define LETTER(id, letter, text) letter,
    LATTICE_FINDING_LIST(LETTER)
#undef LETTER
};

/* Its own stack must be there: else every fault would prove nothing. */
static void control(const char *name)
{
    uint64_t value = 0;
    char stack[24];

    ambit_snprintf(stack, sizeof stack, "%s.stack", name);
    ambit_assert(try_word(base_of(stack), &value) == LATTICE_IS_RW);
}

/* What can be read there must be what the parent has written. */
static enum lattice_finding probe_heap(void)
{
    uint64_t value = MARK;
    enum lattice_finding found =
        try_word(base_of("parent.heap") + MARK_OFFSET, &value);

    return value == MARK ? found : LATTICE_IS_UNKNOWN;
}

static enum lattice_finding probe_stack(void)
{
    uint64_t value = 0;

    return try_word(base_of("parent.stack"), &value);
}

static void tell(const enum lattice_finding *found)
{
    char text[LATTICE_PROBES + 1] = {0};

    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        text[i] = letters[found[i]];
    }
    ambit_report("found", text);
}

static void fault(void)
{
    (void)*(volatile uint64_t *)FAULT_ADDRESS;
}

static void probe(const char *name, struct ambit_handle last,
                  enum lattice_finding *found)
{
    const struct ambit_handle *clerk = 0;
    struct counters counters = {0};
    struct ambit_handle endpoint;

    if (ambit_capability("clerk", &endpoint) == STATUS_OK) {
        clerk = &endpoint;
    }
    found[LATTICE_HEAP] = probe_heap();
    found[LATTICE_STACK] = probe_stack();
    found[LATTICE_CAPS] = probe_caps(clerk, &counters);
    found[LATTICE_FILES] = probe_files(name, last);
    found[LATTICE_GROWTH] = probe_growth(clerk);
    found[LATTICE_POOL] = probe_pool(clerk, &counters);
    found[LATTICE_QUOTA] = probe_quota(clerk, &counters);
}

AMBIT_ENTRY(child_main)
{
    enum lattice_finding found[LATTICE_PROBES] = {LATTICE_IS_UNKNOWN};

    for (uint32_t i = 0; i < YIELDS; i++) {
        ambit_yield();
    }
    control(argv[0]);
    probe(argv[0], (struct ambit_handle){0}, found);
    tell(found);
    fault();
    return 0;
}

static uint64_t own_granule(void)
{
    uint64_t here = 0;

    return (uint64_t)&here >> ABI_GRANULE_SHIFT;
}

/*
 * The same for a child made at run time, whose only way to tell is its exit
 * code: four bits for each of seven findings. Its argument is the handle of
 * the file that the clerk opens.
 */
AMBIT_ENTRY(late_main)
{
    enum lattice_finding found[LATTICE_PROBES] = {LATTICE_IS_UNKNOWN};
    uint64_t value = 0, last = 0, code = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &last));
    ambit_assert(try_word(stack_low(own_granule()), &value) == LATTICE_IS_RW);
    probe("c0", (struct ambit_handle){last}, found);
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        if (i != LATTICE_CHILD_STACK && i != LATTICE_FAULTS) {
            code = code << 4 | found[i];
        }
    }
    return (int)code;
}

/* Tells where its stack is. */
AMBIT_ENTRY(where_main)
{
    return (int)own_granule();
}

/* Faults, and says that it went on. */
AMBIT_ENTRY(fault_main)
{
    fault();
    return 0;
}
