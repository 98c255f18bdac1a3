/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handlers of faults that do what they should not: resume who stands at no
 * fault, resume twice, resume the dead, and die themselves.
 */
#include "attack.h"

static struct ambit_handle handler(void)
{
    return attack_capability("handler");
}

static enum status resume(uint64_t domain, uint64_t decision)
{
    struct ambit_registers io = {
        .rdi = handler().bits, .rsi = domain, .rdx = decision};

    return ambit_syscall(SYSCALL_FAULT_RESUME, &io);
}

static uint32_t next_fault(void)
{
    struct syscall_fault fault = {0};

    attack_expect("wait for a fault", ambit_fault_wait(handler(), &fault),
                  STATUS_OK);
    return fault.domain;
}

/* Says who it is; whatever comes back, it must be an answer. */
AMBIT_ENTRY(caller_main)
{
    struct ambit_message message = {.words = {ambit_self()->domain}};

    attack_expect("call", ambit_call(attack_capability("gate"), &message),
                  STATUS_OK);
    return message.words[0] == 42 ? 0 : ATTACK_SUCCEEDED;
}

/* Somebody who waits for an answer is not the handler's to wake. */
AMBIT_ENTRY(wake_caller_main)
{
    struct ambit_message message;

    attack_let_one_in(&message);
    for (uint64_t decision = 0; decision <= AMBIT_RESUME_RETRY; decision++) {
        attack_expect("resume a caller",
                      resume(message.words[0], AMBIT_RESUME_RETRY - decision),
                      STATUS_NOT_FOUND);
    }
    attack_expect("resume itself",
                  resume(ambit_self()->domain, AMBIT_RESUME_STOP),
                  STATUS_NOT_FOUND);
    message.words[0] = 42;
    attack_let_it_go(&message);
    return 0;
}

/* Faults once, and goes on when it is told to. */
AMBIT_ENTRY(fault_once_main)
{
    uint64_t value = 7;

    __asm__ volatile("movq (%1), %0" : "+r"(value) : "r"(8ull) : "memory");
    return 0;
}

/* The same, and then waits until it is let go. */
AMBIT_ENTRY(fault_and_wait_main)
{
    (void)fault_once_main(argc, argv);
    attack_wait();
    return 0;
}

/* Domains that there are not, among them some that look like the one. */
AMBIT_ENTRY(resume_index_main)
{
    uint64_t domain = next_fault();
    static const uint64_t beyond[] = {64, 128, 1ull << 32, 1ull << 63};

    for (uint32_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        attack_expect("resume beyond all",
                      resume(beyond[i] + domain, AMBIT_RESUME_RETRY),
                      STATUS_NOT_FOUND);
    }
    attack_expect("control", resume(domain, AMBIT_RESUME_SKIP), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(resume_twice_main)
{
    uint32_t domain = next_fault();
    struct ambit_message message;

    attack_expect("control", resume(domain, AMBIT_RESUME_SKIP), STATUS_OK);
    attack_expect("resume again", resume(domain, AMBIT_RESUME_STOP),
                  STATUS_NOT_FOUND);
    attack_let_one_in(&message);
    attack_let_it_go(&message);
    return 0;
}

/* Ends the child that stands at a fault, then decides about that fault. */
AMBIT_ENTRY(resume_dead_main)
{
    uint32_t domain = next_fault();

    attack_expect("stop", ambit_stop(attack_capability("child")), STATUS_OK);
    attack_expect("resume the dead", resume(domain, AMBIT_RESUME_RETRY),
                  STATUS_NOT_FOUND);
    attack_expect("control", ambit_spawn(attack_capability("child")),
                  STATUS_OK);
    attack_expect("control", resume(next_fault(), AMBIT_RESUME_SKIP),
                  STATUS_OK);
    return 0;
}

/* What a handler may decide, and no more. */
AMBIT_ENTRY(decision_main)
{
    uint32_t domain = next_fault();

    for (uint64_t decision = AMBIT_RESUME_RETRY + 1; decision < 9; decision++) {
        attack_expect("decide otherwise", resume(domain, decision),
                      STATUS_INVALID_ARGUMENT);
    }
    attack_expect("control", resume(domain, AMBIT_RESUME_SKIP), STATUS_OK);
    return 0;
}

/* Takes the fault, and ends without a decision. */
AMBIT_ENTRY(careless_main)
{
    (void)next_fault();
    return 0;
}

/* Whoever waits for the end of the child must not wait for ever. */
AMBIT_ENTRY(orphan_waiter_main)
{
    struct ambit_outcome outcome;

    attack_expect("wait", ambit_wait(attack_capability("child"), &outcome),
                  STATUS_OK);
    return outcome.kind == OUTCOME_FAULT ? 0 : ATTACK_SUCCEEDED;
}

/* ---- by what a dead handler has left ---- */

static volatile uint64_t left_domain, left_handler;

/* Takes the fault, says which, and ends without a decision. */
AMBIT_ENTRY(testator_main)
{
    left_domain = next_fault();
    left_handler = handler().bits;
    return 0;
}

/* A thread of its: the same capabilities, whose owner is dead by now. */
AMBIT_ENTRY(orphan_heir_main)
{
    struct ambit_registers io = {.rdx = AMBIT_RESUME_RETRY};

    while (left_handler == 0) {
        ambit_yield();
    }
    for (uint32_t i = 0; i < 4; i++) {
        ambit_yield(); /* until it has ended */
    }
    io.rdi = left_handler;
    io.rsi = left_domain;
    attack_expect("resume the orphan", ambit_syscall(SYSCALL_FAULT_RESUME, &io),
                  STATUS_NOT_FOUND);
    return 0;
}

/* ---- handlers of handlers ---- */

#define NESTED 600u

static volatile uint32_t depth;

int handled_main(int argc, char **argv);

/* Starts one whose faults are the caller's to decide about. */
static void handled_start(void)
{
    const struct ambit_domain_spec spec = {
        .name = "handled",
        .entry = handled_main,
        .degree = {.cpu = AMBIT_NEW, .handler = AMBIT_NEW},
        .on_fault = 2,
    };
    struct ambit_handle child = {0};

    attack_expect("make", ambit_domain_create(&spec, &child, 0), STATUS_OK);
    attack_expect("start", ambit_domain_start(child), STATUS_OK);
}

/* A handler, too, and faults as well. */
AMBIT_ENTRY(handled_main)
{
    if (++depth <= NESTED) {
        handled_start();
    }
    return fault_once_main(argc, argv);
}

/* Ends when all of them stand at a fault: each falls with its handler. */
AMBIT_ENTRY(handling_main)
{
    handled_start();
    while (depth <= NESTED) {
        ambit_yield();
    }
    for (int i = 0; i < 8; i++) {
        ambit_yield();
    }
    return 0;
}
