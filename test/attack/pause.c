/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains that find out that they are stepped, or get out of it; and debuggers
 * that pause what they should not.
 */
#include "attack.h"

#define TF 0x100u

uint64_t pushed_flags(void);
uint64_t shadowed_flags(void);
uint64_t flags_after_call(void);
void popping(void);
void own_trap(void);

static struct ambit_handle cpu_of(struct ambit_handle domain)
{
    struct ambit_handle cpu = {0};

    attack_expect(
        "cpu",
        ambit_part_of(domain, AMBIT_TYPE_CPU, AMBIT_READ | AMBIT_WRITE, &cpu),
        STATUS_OK);
    return cpu;
}

static struct ambit_handle child_cpu(void)
{
    return cpu_of(attack_capability("child"));
}

static enum syscall_stand pause(struct ambit_handle cpu)
{
    enum syscall_stand stand = SYSCALL_STAND_START;

    attack_expect("pause", ambit_pause(cpu, &stand), STATUS_OK);
    return stand;
}

static void turns(void)
{
    for (int i = 0; i < 8; i++) {
        ambit_yield();
    }
}

/* ---- those who are stepped ---- */

/* Steps the child, from where it waits to its end. */
AMBIT_ENTRY(stepper_main)
{
    struct ambit_handle cpu = child_cpu();
    struct ambit_message message;
    enum syscall_stand stand;
    enum status status;

    attack_let_one_in(&message);
    (void)pause(cpu);
    attack_let_it_go(&message);
    do {
        attack_expect("step", ambit_step(cpu, SYSCALL_STEPS_MAX), STATUS_OK);
        attack_expect("continue", ambit_continue(cpu), STATUS_OK);
        status = ambit_pause_wait(cpu, &stand);
    } while (status == STATUS_OK);
    attack_expect("to its end", status, STATUS_NOT_RUNNING);
    return 0;
}

AMBIT_ENTRY(pusher_main)
{
    attack_wait();
    if (pushed_flags() & TF) {
        attack_succeeded("TF, where there is none of its own");
    }
    return 0;
}

AMBIT_ENTRY(shadow_main)
{
    attack_wait();
    if (shadowed_flags() & TF) {
        attack_succeeded("TF, where there is none of its own");
    }
    return 0;
}

AMBIT_ENTRY(after_call_main)
{
    attack_wait();
    if (flags_after_call() & TF) {
        attack_succeeded("TF, where there is none of its own");
    }
    return 0;
}

AMBIT_ENTRY(popper_main)
{
    popping();
    return 0;
}

static uint64_t steps_to_breakpoint(struct ambit_handle cpu)
{
    struct ambit_handle handler = attack_capability("handler");
    struct syscall_fault fault = {0};
    uint64_t steps = 0;

    attack_expect("wait", ambit_fault_wait(handler, &fault), STATUS_OK);
    while (fault.type == FAULT_DEBUG || steps == 0) {
        attack_expect("step", ambit_step(cpu, 1), STATUS_OK);
        attack_expect(
            "resume",
            ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_RETRY),
            STATUS_OK);
        attack_expect("wait", ambit_fault_wait(handler, &fault), STATUS_OK);
        steps++;
    }
    attack_expect("no step", ambit_step(cpu, 0), STATUS_OK);
    if (fault.type != FAULT_BREAKPOINT) {
        attack_succeeded("another fault than the one that was due");
    }
    attack_expect("resume",
                  ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_RETRY),
                  STATUS_OK);
    return steps;
}

/* Counts what lies between the breakpoints of `popping`, these included. */
AMBIT_ENTRY(counting_main)
{
    struct ambit_handle cpu = child_cpu();

    if (steps_to_breakpoint(cpu) != 5) {
        attack_succeeded("instructions that were not stepped");
    }
    return 0;
}

/* ---- steps that outlive what they were for ---- */

static volatile uint64_t lives;

AMBIT_ENTRY(twice_main)
{
    if (lives++ == 0) {
        attack_wait();
    }
    own_trap();
    return 0;
}

/* A thread of its own, which may call the caller. */
static struct ambit_handle made(int (*entry)(int, char **),
                                struct ambit_handle *gate)
{
    struct ambit_hold hold = {.name = "gate", .rights = AMBIT_WRITE};
    const struct ambit_domain_spec spec = {
        .name = "child",
        .entry = entry,
        .degree = {.cpu = AMBIT_NEW, .handler = AMBIT_NONE},
        .holds = &hold,
        .hold_count = 1,
    };
    struct ambit_handle child = {0};

    attack_expect("gate", ambit_endpoint_create(gate), STATUS_OK);
    hold.handle = *gate;
    attack_expect("make", ambit_domain_create(&spec, &child, 0), STATUS_OK);
    return child;
}

/* Its first life ends with steps to come; in the second it has a TF of its
 * own, which is its end. */
AMBIT_ENTRY(step_end_main)
{
    struct ambit_handle gate, child = made(twice_main, &gate);
    struct ambit_handle cpu = cpu_of(child);
    struct ambit_outcome outcome;
    struct ambit_message message;

    attack_expect("start", ambit_domain_start(child), STATUS_OK);
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    (void)pause(cpu);
    attack_expect("step", ambit_step(cpu, SYSCALL_STEPS_MAX), STATUS_OK);
    attack_expect("restart", ambit_domain_restart(child), STATUS_OK);
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    if (outcome.kind != OUTCOME_FAULT) {
        attack_succeeded("a trap that was taken for a step");
    }
    return 0;
}

/* ---- those who pause ---- */

/* Answers one that is paused, which ends if it runs. */
AMBIT_ENTRY(pause_held_main)
{
    struct ambit_handle cpu = child_cpu();
    struct ambit_message message;

    attack_let_one_in(&message);
    (void)pause(cpu);
    attack_let_it_go(&message);
    turns();
    if (pause(cpu) != SYSCALL_STAND_INSTRUCTION) {
        attack_succeeded("it has run");
    }
    attack_expect("control", ambit_continue(cpu), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(pause_self_main)
{
    enum syscall_stand stand;

    attack_expect("pause", ambit_pause(attack_capability("cpu"), &stand),
                  STATUS_WOULD_DEADLOCK);
    return 0;
}

/* Registers that a call will write its values to. */
AMBIT_ENTRY(pause_call_main)
{
    struct ambit_handle cpu = child_cpu();
    struct syscall_registers registers;
    struct ambit_message message;

    attack_let_one_in(&message);
    if (pause(cpu) != SYSCALL_STAND_CALL) {
        attack_succeeded("it is in no call");
    }
    attack_expect("read", ambit_cpu_read(cpu, &registers), STATUS_OK);
    attack_expect("write", ambit_cpu_write(cpu, &registers), STATUS_BUSY);
    attack_let_it_go(&message);
    attack_expect("read", ambit_cpu_read(cpu, &registers), STATUS_OK);
    attack_expect("control", ambit_cpu_write(cpu, &registers), STATUS_OK);
    attack_expect("control", ambit_continue(cpu), STATUS_OK);
    return 0;
}

/* Pauses the child, and ends. */
AMBIT_ENTRY(pause_end_main)
{
    struct ambit_message message;

    attack_let_one_in(&message);
    (void)pause(child_cpu());
    attack_let_it_go(&message);
    return 0;
}

static struct ambit_handle shared_cpu;

AMBIT_ENTRY(pausing_main)
{
    (void)pause(shared_cpu);
    attack_wait();
    return 0;
}

/* A thread has paused the child. */
AMBIT_ENTRY(pause_once_main)
{
    struct ambit_handle gate, thread = made(pausing_main, &gate);
    struct ambit_message child, message;
    enum syscall_stand stand;

    shared_cpu = child_cpu();
    attack_let_one_in(&child);
    attack_expect("start", ambit_domain_start(thread), STATUS_OK);
    turns();
    attack_let_it_go(&child);
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("pause", ambit_pause(shared_cpu, &stand), STATUS_BUSY);
    attack_let_it_go(&message);
    return 0;
}
