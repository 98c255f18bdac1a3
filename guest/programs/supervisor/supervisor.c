/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A supervisor: starts its worker again when it has ended by a fault or with an
 * error. What is to outlive the worker is in a range that both hold.
 */
#include <ambit/ambit.h>

static volatile uint64_t nowhere = 8; /* an address that is nobody's */

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

static volatile uint64_t *journal(void)
{
    uint64_t base = 0, bytes;

    must(ambit_locate("journal", &base, &bytes));
    return (volatile uint64_t *)base;
}

#define STARTS_MAX 10u

AMBIT_ENTRY(supervisor_main)
{
    struct ambit_handle worker = held("worker");
    struct ambit_outcome outcome;

    for (uint32_t start = 1; start <= STARTS_MAX; start++) {
        must(ambit_spawn(worker));
        must(ambit_wait(worker, &outcome));
        if (outcome.kind == OUTCOME_EXIT && outcome.code == 0) {
            ambit_printf("done after %u starts, %lu items\n", start,
                         *journal());
            return 0;
        }
        ambit_printf("ended by %s, starts it again\n",
                     outcome.kind == OUTCOME_FAULT ? "a fault" : "an error");
    }
    return 1;
}

#define ITEMS 5u

/* Works through the items from where the journal says; two of them are more
 * than it can take, the first time. */
AMBIT_ENTRY(worker_main)
{
    volatile uint64_t *done = journal(), *tried = done + 1;

    while (*done < ITEMS) {
        uint64_t again = *tried == *done + 1;

        *tried = *done + 1;
        if (*done == 1 && !again) {
            *(volatile uint64_t *)nowhere = 1;
        }
        if (*done == 3 && !again) {
            return 3;
        }
        *done += 1;
    }
    return 0;
}
