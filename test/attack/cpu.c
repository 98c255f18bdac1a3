/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Debuggers, pagers and supervisors that do what they should not: registers of
 * domains that run, of kernels, flags that are not ring 3's, parts of domains
 * that are not theirs.
 */
#include "attack.h"

#include <abi/layout.h>

#define TF 0x100u
#define RING_0_FLAGS 0x1b7000u /* VIP VIF VM RF NT IOPL */

static struct ambit_handle part(enum ambit_type type, uint32_t rights)
{
    struct ambit_handle out = {0};

    attack_expect("part",
                  ambit_part_of(attack_capability("child"), type, rights, &out),
                  STATUS_OK);
    return out;
}

static struct ambit_handle child_cpu(void)
{
    return part(AMBIT_TYPE_CPU, AMBIT_READ | AMBIT_WRITE);
}

static struct ambit_handle handler(void)
{
    return attack_capability("handler");
}

static uint32_t next_stop(uint32_t type)
{
    struct syscall_fault fault = {0};

    attack_expect("wait", ambit_fault_wait(handler(), &fault), STATUS_OK);
    if (fault.type != type) {
        attack_succeeded("another fault than the one that was due");
    }
    return fault.domain;
}

static void go_on(uint32_t child)
{
    attack_expect("resume",
                  ambit_fault_resume(handler(), child, AMBIT_RESUME_RETRY),
                  STATUS_OK);
}

/* Stops where it can be looked at, and goes on to its end. */
AMBIT_ENTRY(stopping_main)
{
    uint64_t value = 7;

    __asm__ volatile("int3\n\tnop\n\tnop" : "+r"(value));
    return value == 7 ? 0 : ATTACK_SUCCEEDED;
}

static void refused(struct ambit_handle cpu, enum status status)
{
    struct syscall_registers registers = {.rip = 0x1000};

    attack_expect("read", ambit_cpu_read(cpu, &registers), status);
    attack_expect("write", ambit_cpu_write(cpu, &registers), status);
    attack_expect("step", ambit_step(cpu, 1), status);
}

/* The child waits at the gate, at no fault. */
AMBIT_ENTRY(cpu_running_main)
{
    struct ambit_message message;

    attack_let_one_in(&message);
    refused(child_cpu(), STATUS_BUSY);
    attack_let_it_go(&message);
    return 0;
}

AMBIT_ENTRY(waiting_main)
{
    attack_wait();
    return 0;
}

AMBIT_ENTRY(cpu_self_main)
{
    refused(attack_capability("cpu"), STATUS_BUSY);
    return 0;
}

/* Each call with each right but its own. */
AMBIT_ENTRY(cpu_rights_main)
{
    struct ambit_handle child = attack_capability("child"), none;
    struct syscall_registers registers;
    enum syscall_stand stand;
    uint32_t stopped = next_stop(FAULT_BREAKPOINT);
    struct ambit_handle reader = part(AMBIT_TYPE_CPU, AMBIT_READ);
    struct ambit_handle writer = part(AMBIT_TYPE_CPU, AMBIT_WRITE);

    attack_expect("read", ambit_cpu_read(writer, &registers), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_cpu_read(reader, &registers), STATUS_OK);
    attack_expect("write", ambit_cpu_write(reader, &registers),
                  STATUS_NO_RIGHTS);
    attack_expect("control", ambit_cpu_write(writer, &registers), STATUS_OK);
    attack_expect("step", ambit_step(reader, 1), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_step(writer, 0), STATUS_OK);
    attack_expect("pause", ambit_pause(reader, &stand), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_pause(writer, &stand), STATUS_OK);
    attack_expect("wait", ambit_pause_wait(writer, &stand), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_pause_wait(reader, &stand), STATUS_OK);
    attack_expect("go on", ambit_continue(reader), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_continue(writer), STATUS_OK);
    attack_expect("no such right",
                  ambit_part_of(child, AMBIT_TYPE_CPU, AMBIT_EXEC, &none),
                  STATUS_INVALID_ARGUMENT);
    attack_expect("no such part",
                  ambit_part_of(child, AMBIT_TYPE_POOL, AMBIT_READ, &none),
                  STATUS_INVALID_ARGUMENT);
    go_on(stopped);
    return 0;
}

/* Who may inspect the child, and not stop it. */
AMBIT_ENTRY(part_rights_main)
{
    static const struct {
        enum ambit_type type;
        uint32_t rights;
    } more[] = {{AMBIT_TYPE_CPU, AMBIT_WRITE},
                {AMBIT_TYPE_SPACE, AMBIT_WRITE},
                {AMBIT_TYPE_SPACE, AMBIT_USE},
                {AMBIT_TYPE_HANDLER, AMBIT_USE}};
    struct ambit_handle child = attack_capability("child"), out;

    for (uint32_t i = 0; i < sizeof more / sizeof *more; i++) {
        attack_expect("more than to inspect",
                      ambit_part_of(child, more[i].type, more[i].rights, &out),
                      STATUS_NO_RIGHTS);
    }
    attack_expect("control",
                  ambit_part_of(child, AMBIT_TYPE_CPU, AMBIT_READ, &out),
                  STATUS_OK);
    return 0;
}

/* ---- what is written to registers ---- */

AMBIT_ENTRY(cpu_rip_main)
{
    static const uint64_t beyond[] = {ABI_USER_LIMIT, 1ull << 63,
                                      0xffffffff80200000, UINT64_MAX};
    struct ambit_handle cpu = child_cpu();
    struct syscall_registers registers, after;
    uint32_t child = next_stop(FAULT_BREAKPOINT);

    attack_expect("read", ambit_cpu_read(cpu, &registers), STATUS_OK);
    for (uint32_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        uint64_t own = registers.rip;

        registers.rip = beyond[i];
        attack_expect("rip", ambit_cpu_write(cpu, &registers),
                      STATUS_INVALID_ARGUMENT);
        registers.rip = own;
    }
    attack_expect("read", ambit_cpu_read(cpu, &after), STATUS_OK);
    if (after.rip != registers.rip) {
        attack_succeeded("the registers have changed");
    }
    go_on(child);
    return 0;
}

AMBIT_ENTRY(cpu_flags_main)
{
    struct ambit_handle cpu = child_cpu();
    struct syscall_registers registers, after;
    uint32_t child = next_stop(FAULT_BREAKPOINT);

    attack_expect("read", ambit_cpu_read(cpu, &registers), STATUS_OK);
    registers.rflags = UINT64_MAX & ~(uint64_t)(0x400 | TF | 0x240200);
    attack_expect("write", ambit_cpu_write(cpu, &registers), STATUS_OK);
    attack_expect("read", ambit_cpu_read(cpu, &after), STATUS_OK);
    if (after.rflags & RING_0_FLAGS || after.rflags >> 22 ||
        !(after.rflags & 0x200)) {
        attack_succeeded("flags that are not ring 3's");
    }
    go_on(child);
    return 0;
}

/* A trap that nobody asked for, by way of the flags. */
AMBIT_ENTRY(cpu_trap_flag_main)
{
    struct ambit_handle cpu = child_cpu();
    struct syscall_registers registers;
    uint32_t child = next_stop(FAULT_BREAKPOINT);

    attack_expect("read", ambit_cpu_read(cpu, &registers), STATUS_OK);
    registers.rflags |= TF;
    attack_expect("write", ambit_cpu_write(cpu, &registers), STATUS_OK);
    go_on(child);
    return 0;
}

/* A step, and then on: no further one. */
AMBIT_ENTRY(step_flag_main)
{
    struct ambit_handle cpu = child_cpu();
    uint32_t child = next_stop(FAULT_BREAKPOINT);

    attack_expect("step", ambit_step(cpu, 1), STATUS_OK);
    go_on(child);
    go_on(next_stop(FAULT_DEBUG));
    return 0;
}

AMBIT_ENTRY(step_count_main)
{
    struct ambit_handle cpu = child_cpu();
    uint32_t child = next_stop(FAULT_BREAKPOINT);
    static const uint64_t many[] = {SYSCALL_STEPS_MAX + 1, 1ull << 32,
                                    UINT64_MAX};

    for (uint32_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct ambit_registers io = {.rdi = cpu.bits, .rsi = many[i]};

        attack_expect("steps", ambit_syscall(SYSCALL_STEP, &io),
                      STATUS_OUT_OF_RANGE);
    }
    go_on(child);
    return 0;
}

/* ---- handlers and spaces ---- */

AMBIT_ENTRY(handler_self_main)
{
    struct ambit_handle child = attack_capability("child"), other;

    attack_expect(
        "its own handler",
        ambit_handler_bind(part(AMBIT_TYPE_HANDLER, AMBIT_USE), child),
        STATUS_WOULD_DEADLOCK);
    attack_expect("another's handler",
                  ambit_part_of(attack_capability("other"), AMBIT_TYPE_HANDLER,
                                AMBIT_USE, &other),
                  STATUS_OK);
    attack_expect("control", ambit_handler_bind(other, child), STATUS_OK);
    return 0;
}

/* A space that was the child's. */
AMBIT_ENTRY(attach_gone_main)
{
    struct ambit_handle space = part(AMBIT_TYPE_SPACE, AMBIT_WRITE);
    struct ambit_handle out;
    struct ambit_message message;

    attack_let_one_in(&message);
    attack_expect("stop", ambit_stop(attack_capability("child")), STATUS_OK);
    attack_expect(
        "attach",
        ambit_attach_to(attack_capability("ring"), AMBIT_READ, space, &out),
        STATUS_NOT_RUNNING);
    return 0;
}

/* Ranges that the config does not let the child have, or not so. */
AMBIT_ENTRY(attach_other_main)
{
    struct ambit_handle space = part(AMBIT_TYPE_SPACE, AMBIT_WRITE);
    struct ambit_handle weak = part(AMBIT_TYPE_SPACE, AMBIT_READ), out;
    struct ambit_handle ring = attack_capability("ring");
    struct ambit_handle secret = attack_capability("secret");

    attack_expect("secret", ambit_attach_to(secret, AMBIT_READ, space, &out),
                  STATUS_NO_RIGHTS);
    attack_expect("ring",
                  ambit_attach_to(ring, AMBIT_READ | AMBIT_WRITE, space, &out),
                  STATUS_NO_RIGHTS);
    attack_expect("weak", ambit_attach_to(ring, AMBIT_READ, weak, &out),
                  STATUS_NO_RIGHTS);
    attack_expect("control", ambit_attach_to(ring, AMBIT_READ, space, &out),
                  STATUS_OK);
    attack_expect("control", ambit_delete(out), STATUS_OK);
    return 0;
}
