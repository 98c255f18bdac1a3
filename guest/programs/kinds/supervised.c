/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A supervisor and its worker. They share the heap, where the work stands; a
 * fault of the worker comes to the supervisor, which says what it was, ends the
 * worker and starts another that goes on where the first one was. No worker can
 * take so much that the supervisor has nothing left.
 */
#include "kinds.h"

#define ITEMS 8u

struct ledger {
    uint32_t next;
    uint64_t results[ITEMS];
};

static volatile struct ledger *ledger(void)
{
    return (volatile struct ledger *)base_of("supervisor.heap");
}

/* Two items are bad: their first attempt faults. */
static bool is_bad(uint32_t item)
{
    return item == 3 || item == 6;
}

AMBIT_ENTRY(supervised_worker)
{
    volatile struct ledger *work = ledger();
    enum status status;

    ambit_report("supervisor.stack", try_word(base_of("supervisor.stack")));
    report_call(held("desk"));
    while (work->next < ITEMS) {
        uint32_t item = work->next++;

        if (is_bad(item)) {
            *(volatile uint64_t *)(uint64_t)item = 0;
        }
        work->results[item] = item * item;
    }
    take_all(&status);
    ambit_assert(status == STATUS_NO_QUOTA);
    ambit_report("all it can take", "refused");
    return 0;
}

AMBIT_ENTRY(supervised_clerk)
{
    struct ambit_message message = {0};

    must(ambit_receive(held("desk"), &message));
    for (;;) {
        must(ambit_reply_receive(held("desk"), &message));
    }
}

static void say(const struct syscall_fault *fault)
{
    ambit_printf("the worker wrote to 0x%lx: restarted\n",
                 (unsigned long)fault->address);
}

/* The next fault of the worker; it is ended, and started again. */
static void supervise(struct ambit_handle handler)
{
    struct syscall_fault fault = {0};

    must(ambit_fault_wait(handler, &fault));
    ambit_assert(fault.access == ACCESS_WRITE &&
                 is_bad((uint32_t)fault.address));
    say(&fault);
    must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_STOP));
    ended("worker", OUTCOME_FAULT);
    must(ambit_spawn(held("worker")));
}

AMBIT_ENTRY(supervised_main)
{
    volatile struct ledger *work;
    uint64_t bytes;
    enum status status;

    must(ambit_grow(held("heap"), 1, &bytes));
    work = ledger();
    start("worker");
    supervise(held("handler"));
    supervise(held("handler"));
    ended("worker", OUTCOME_EXIT);
    for (uint32_t i = 0; i < ITEMS; i++) {
        ambit_assert(work->results[i] == (is_bad(i) ? 0 : i * i));
    }
    ambit_assert(take_all(&status) > 0);
    ambit_printf("%u items, 2 restarts\n", ITEMS);
    return 0;
}
