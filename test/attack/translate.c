/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that was taken away, used through what the processor remembers of its
 * translation: touched before, touched after.
 */
#include "attack.h"

#define READ_WRITE (AMBIT_READ | AMBIT_WRITE)

static void must_fault(uint64_t place, bool write)
{
    struct ambit_fault fault;
    uint64_t value;
    bool came = write ? ambit_try_write(place, 7, &fault)
                      : ambit_try_read(place, &value, &fault);

    if (came) {
        attack_succeeded(write ? "written all the same" : "read all the same");
    }
    ambit_assert(fault.access == (write ? ACCESS_WRITE : ACCESS_READ));
    ambit_assert(fault.address == place);
}

/* Two attachments; giving up the one that writes leaves one that reads. */
AMBIT_ENTRY(downgrade_main)
{
    struct ambit_handle ring = attack_capability("ring"), reads = {0},
                        writes = {0};
    uint64_t place = attack_place("ring");
    volatile uint64_t *word = (volatile uint64_t *)place;

    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    attack_expect("attach r", ambit_attach(ring, AMBIT_READ, &reads),
                  STATUS_OK);
    must_fault(place, true);
    attack_expect("attach rw", ambit_attach(ring, READ_WRITE, &writes),
                  STATUS_OK);
    *word = 42; /* the control */
    attack_expect("delete", ambit_delete(writes), STATUS_OK);
    must_fault(place, true);
    ambit_assert(*word == 42);
    return 0;
}

/* Holds ring: rwu, and lets another in its space revoke what it has touched. */
AMBIT_ENTRY(touch_main)
{
    struct ambit_handle ring = attack_capability("ring");
    uint64_t place = attack_place("ring");

    *(volatile uint64_t *)place = 42;
    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    must_fault(place, false);
    must_fault(place, true);
    return 0;
}

/* The kernel, too, must not use what it remembers: its own copies. */
AMBIT_ENTRY(touch_by_kernel_main)
{
    struct ambit_handle ring = attack_capability("ring");
    struct ambit_registers io = {.rdi = attack_place("ring"), .rsi = 1};

    *(volatile uint64_t *)io.rdi = '\n';
    attack_expect("control", ambit_syscall(SYSCALL_CONSOLE, &io), STATUS_OK);
    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    attack_expect("print", ambit_syscall(SYSCALL_CONSOLE, &io),
                  STATUS_BAD_POINTER);
    return 0;
}

/*
 * The stack of a thread that has ended is gone for those who shared its space;
 * its frames are somebody else's by then.
 */
AMBIT_ENTRY(dead_stack_main)
{
    struct ambit_handle child = attack_capability("child");
    uint64_t place = attack_place("child.stack"), bytes;
    struct ambit_outcome outcome;

    attack_expect("spawn", ambit_spawn(child), STATUS_OK);
    *(volatile uint64_t *)place = 42; /* the control: one space, no secret */
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    attack_expect("grow", ambit_grow(attack_capability("heap"), 64, &bytes),
                  STATUS_OK);
    must_fault(place, false);
    must_fault(place, true);
    return 0;
}
