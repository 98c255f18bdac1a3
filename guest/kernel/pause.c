/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains that stand still because another wants it: a debugger. Being paused
 * is beside whatever a domain waits for: that goes on, and when it is over the
 * domain does not run. Who has paused it has it in a list, and lets it go at
 * its own end.
 */
#include "kernel.h"

#define NUMBER(domain) ((uint16_t)((domain)->index + 1))

static struct domain *numbered(uint16_t number)
{
    return domain_at(number - 1u);
}

static void unlink(struct domain *domain)
{
    struct domain *next = numbered(domain->pause_next);
    struct domain *previous = numbered(domain->pause_previous);

    if (next) {
        next->pause_previous = domain->pause_previous;
    }
    if (previous) {
        previous->pause_next = domain->pause_next;
    } else {
        numbered(domain->debugger)->debugs = domain->pause_next;
    }
    domain->debugger = domain->pause_next = domain->pause_previous = 0;
}

static void link(struct domain *domain, struct domain *debugger)
{
    struct domain *next = numbered(debugger->debugs);

    domain->debugger = NUMBER(debugger);
    domain->pause_next = debugger->debugs;
    if (next) {
        next->pause_previous = NUMBER(domain);
    }
    debugger->debugs = NUMBER(domain);
}

/* They ask again: their calls are repeated. */
void waiters_wake(struct domain *domain)
{
    while (domain->waiters.first) {
        schedule_wake(domain->waiters.first->index);
    }
}

/* A call that is repeated when its domain wakes is not waited in: the domain
 * stands before it. */
static void hold(struct domain *domain)
{
    domain->paused = true;
    if (domain->state == DOMAIN_RUNNABLE || domain->state == DOMAIN_WAITING ||
        domain->state == DOMAIN_HANDLING) {
        schedule_block(domain, DOMAIN_RUNNABLE);
    }
}

static void let_go(struct domain *domain)
{
    domain->paused = false;
    if (!domain->steps) {
        unlink(domain);
    }
    if (domain->state == DOMAIN_RUNNABLE) {
        schedule_wake(domain->index);
    }
}

/* Its steps are done, or it stands at a fault: whoever waits for that. */
bool pause_stepped(struct domain *domain)
{
    if (domain->debugger) {
        hold(domain);
        waiters_wake(domain);
    }
    return domain->debugger != 0;
}

void pause_forget(struct domain *domain)
{
    if (domain->debugger) {
        unlink(domain);
        domain->paused = false;
    }
    while (domain->debugs && GUARD_ACT(PAUSE_END)) {
        struct domain *held = numbered(domain->debugs);

        step_end(held);
        if (held->paused) {
            let_go(held);
        } else {
            unlink(held);
        }
    }
}

/* Where it stands. */
static enum syscall_stand stand_of(const struct domain *domain)
{
    switch (domain->state) {
    case DOMAIN_ABSENT:
        return SYSCALL_STAND_START;
    case DOMAIN_CROSSING:
        return SYSCALL_STAND_CALL;
    case DOMAIN_FAULTED:
        return SYSCALL_STAND_FAULT;
    default:
        return SYSCALL_STAND_INSTRUCTION;
    }
}

enum status sys_pause(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    enum status status = cpu_for(domain, frame->rdi, CAP_WRITE, &target);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(PAUSE_SELF, target != domain)) {
        return STATUS_WOULD_DEADLOCK;
    }
    if (!GUARD(PAUSE_ONCE,
               !target->debugger || target->debugger == NUMBER(domain))) {
        return STATUS_BUSY;
    }
    if (!target->debugger) {
        link(target, domain);
    }
    hold(target);
    frame->rdx = stand_of(target);
    return STATUS_OK;
}

/* Not only for who has paused it: a debugger may hang. */
enum status sys_continue(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    enum status status = cpu_for(domain, frame->rdi, CAP_WRITE, &target);

    if (status == STATUS_OK && !target->paused) {
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        let_go(target);
    }
    return status;
}

enum status sys_pause_wait(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    enum status status = cpu_for(domain, frame->rdi, CAP_READ, &target);

    if (status != STATUS_OK) {
        return status;
    }
    if (target == domain) {
        return STATUS_WOULD_DEADLOCK;
    }
    if (!stands_still(target)) {
        schedule_wait(domain, DOMAIN_WAITING, &target->waiters);
        return STATUS_MORE; /* asks again when woken */
    }
    frame->rdx = stand_of(target);
    return STATUS_OK;
}
