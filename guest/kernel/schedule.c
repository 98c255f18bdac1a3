/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Round robin over a bitmap, with a direct hand-over to the domain that a
 * crossing has just woken. The timer runs only while more than one domain can;
 * it takes turns of its own, which no hand-over moves.
 */
#include "kernel.h"

#include <capabilities/assert.h>

void schedule_wake(uint32_t index)
{
    kernel.domains[index]->state = DOMAIN_RUNNABLE;
    kernel.runnable |= 1ull << index;
}

void schedule_block(struct domain *domain, enum domain_state state)
{
    domain->state = (uint8_t)state;
    kernel.runnable &= ~(1ull << domain->index);
}

static uint32_t next_after(uint32_t index)
{
    uint64_t above =
        index >= 63 ? 0 : kernel.runnable >> (index + 1) << (index + 1);

    return (uint32_t)__builtin_ctzll(above ? above : kernel.runnable);
}

static uint32_t choose(void)
{
    uint32_t preferred = kernel.preferred;
    uint32_t current = kernel.current;

    kernel.preferred = NO_DOMAIN;
    if (preferred != NO_DOMAIN && kernel.runnable >> preferred & 1) {
        return preferred;
    }
    if (current != NO_DOMAIN && kernel.runnable >> current & 1) {
        return current;
    }
    return next_after(current == NO_DOMAIN ? 63 : current);
}

void schedule_yield(void)
{
    if (kernel.runnable) {
        kernel.preferred = next_after(kernel.current);
    }
}

/*
 * A slice is over. Turns go round by themselves, whoever runs just now: domains
 * that hand the processor to one another cannot make a round without the rest.
 */
void schedule_tick(void)
{
    kernel.timer_armed = false;
    if (kernel.runnable) {
        kernel.turn =
            next_after(GUARD_ACT(TIMER_TURN) ? kernel.turn : kernel.current);
        kernel.preferred = kernel.turn;
    }
}

static void registers_call(uint32_t operation, uint32_t from, uint32_t to)
{
    shared.register_calls++;
    arch_out32(HOSTCALL_REGISTERS_PORT,
               (from & 0xff) | (to & 0xff) << 8 | operation << 16);
}

/* A domain that goes on gets its own, one that begins gets clean ones. */
static bool registers_due(const struct domain *to)
{
    return to->registers_live ? GUARD_ACT(REGISTERS_SWITCH)
                              : GUARD_ACT(REGISTERS_CLEAR);
}

/* Vector registers and bases of `to`, in place of `from`'s. */
static void registers_switch(uint32_t from, struct domain *to)
{
    struct domain *before = from == NO_DOMAIN ? NULL : kernel.domains[from];

    if (before && before->registers_live) {
        arch_registers_save(&before->registers);
    }
    /* Between the two: loading a selector changes its base. */
    if (GUARD_ACT(SELECTORS)) {
        arch_selectors_reset();
    }
    if (!registers_due(to)) {
        return;
    }
    if (to->registers_live) {
        arch_registers_load(&to->registers);
    } else {
        arch_registers_clear();
    }
}

static void timer_update(void)
{
    bool others = (kernel.runnable & (kernel.runnable - 1)) != 0;

    if (others && !kernel.timer_armed && GUARD_ACT(TIMER)) {
        arch_timer_arm(SLICE_NS);
        kernel.timer_armed = true;
    }
}

_Noreturn static void enter(struct domain *domain)
{
    uint32_t index = domain->index;
    uint64_t root = kernel.spaces[kernel.plan.domains[index].root].root;

    if (kernel.current != index) {
        shared.domains[index].switches++;
        share_event(EVENT_SWITCH, index, kernel.current, root);
    } else if (arch_this_cpu()->cr3 != root) {
        share_event(EVENT_ROOT, index, 0, root);
    }
    kernel.current = index;
    kernel.resident = index;
    shared.current = index;
    /* Whatever it holds from now on is its own, until a crossing drops it. */
    domain->registers_live = true;
    timer_update();
    arch_root_switch(root, kernel.flush);
    kernel.flush = false;
    if (shared.phase != PHASE_RUN) {
        share_phase(PHASE_RUN);
        shared.ring3_tick = arch_ticks();
    }
    arch_resume(&domain->frame, domain->fast);
}

/* Segment registers are empty: the host gives the domain the rest. */
static void enter_chosen(void)
{
    struct domain *domain = kernel.domains[kernel.chosen];

    if (registers_due(domain)) {
        registers_call(domain->registers_live ? HOSTCALL_REGISTERS_SWITCH
                                              : HOSTCALL_REGISTERS_RESET,
                       NO_DOMAIN, kernel.chosen);
    }
    enter(domain);
}

/*
 * Where ring 3 reaches what ring 0 cannot save, a switch takes three steps: the
 * host saves, ring 3 empties its segment registers, the host restores.
 */
_Noreturn static void enter_by_host(uint32_t index)
{
    uint32_t from = kernel.resident;

    if (from != NO_DOMAIN && kernel.domains[from]->registers_live &&
        registers_due(kernel.domains[index])) {
        registers_call(HOSTCALL_REGISTERS_SWITCH, from, NO_DOMAIN);
    }
    kernel.resident = NO_DOMAIN;
    kernel.chosen = index;
    shared.current = SHARED_NO_DOMAIN;
    if (!GUARD_ACT(SELECTORS)) {
        enter_chosen();
    }
    arch_selectors_cleanse(enter_chosen);
}

_Noreturn void schedule(void)
{
    uint32_t index;

    if (!kernel.runnable) {
        share_finish();
    }
    index = choose();
    if (kernel.resident != index) {
        if (shared.registers_host) {
            enter_by_host(index);
        }
        registers_switch(kernel.resident, kernel.domains[index]);
    }
    enter(kernel.domains[index]);
}

static void waiters_wake(uint32_t ended)
{
    for (uint64_t bits = kernel.live; bits; bits &= bits - 1) {
        uint32_t index = (uint32_t)__builtin_ctzll(bits);
        struct domain *domain = kernel.domains[index];

        if (domain->state == DOMAIN_WAITING && domain->waits_for == ended) {
            /* It asks again: the call is repeated (sys_wait). */
            schedule_wake(index);
        }
    }
}

void domain_end(struct domain *domain, enum outcome_kind outcome, int32_t code)
{
    struct shared_domain *result = &shared.domains[domain->index];
    struct ipc_outcome crossing;

    share_event(EVENT_END, domain->index, outcome, (uint64_t)code);
    schedule_block(domain, DOMAIN_ENDED);
    result->outcome = outcome;
    result->code = code;
    do {
        ipc_leave(&kernel.ipc, domain->index, &crossing);
        crossing_apply(&crossing);
    } while (crossing.wake != IPC_NONE);
    fault_forget(domain);
    domain->registers_live = false;
    if (shared.registers_host) {
        registers_call(HOSTCALL_REGISTERS_FORGET, domain->index,
                       HOSTCALL_NO_DOMAIN);
    }
    waiters_wake(domain->index);
}
