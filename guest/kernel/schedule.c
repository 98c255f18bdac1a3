/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Run queues by priority, round robin within one, with a direct hand-over to
 * the domain that a crossing has just woken. The timer runs only while more
 * than one domain can have the next slice; it takes turns of its own, which no
 * hand-over moves: whoever wakes stands last.
 */
#include "kernel.h"

#include <capabilities/assert.h>

/* Whoever is chosen makes progress, and owes what goes beyond its budget: the
 * way to ring 3 is long where ring 0 is interpreted. */
#define SHORTEST_NS 200000u
#define SHORTEST_MAX_NS 3200000u

/* `next`: before whom; null: last. */
static void queue_insert(struct queue *queue, struct domain *domain,
                         struct domain *next)
{
    domain->queue = queue;
    domain->next = next;
    domain->previous = next ? next->previous : queue->last;
    if (domain->previous) {
        domain->previous->next = domain;
    } else {
        queue->first = domain;
    }
    if (next) {
        next->previous = domain;
    } else {
        queue->last = domain;
    }
}

static void queue_remove(struct domain *domain)
{
    struct queue *queue = domain->queue;

    if (domain->next) {
        domain->next->previous = domain->previous;
    } else {
        queue->last = domain->previous;
    }
    if (domain->previous) {
        domain->previous->next = domain->next;
    } else {
        queue->first = domain->next;
    }
    domain->queue = NULL;
}

/* Out of the queue it is in, if any. */
static void leave(struct domain *domain)
{
    if (domain->queue) {
        queue_remove(domain);
        kernel.parked -= domain->parked;
        domain->parked = false;
    }
    if (!kernel.run[domain->priority].first) {
        kernel.ready &= ~(1u << domain->priority);
    }
}

static void ready_last(struct domain *domain)
{
    queue_insert(&kernel.run[domain->priority], domain, NULL);
    kernel.ready |= 1u << domain->priority;
}

void schedule_wake(uint32_t index)
{
    struct domain *domain = domain_at(index);

    leave(domain);
    domain->state = DOMAIN_RUNNABLE;
    if (domain->paused && GUARD_ACT(PAUSE_HELD)) {
        return; /* until it is let go */
    }
    ready_last(domain);
    if (!GUARD_ACT(TIMER_TURN)) { /* a hand-over takes the next turn */
        struct queue *queue = domain->queue;

        queue_remove(domain);
        queue_insert(queue, domain, queue->first);
    }
}

void schedule_replace(struct domain *domain, struct domain *by)
{
    struct queue *queue = domain->queue;
    struct domain *next = domain->next;

    queue_remove(domain);
    queue_insert(queue, by, next);
}

void schedule_park(struct domain *domain, struct queue *queue)
{
    leave(domain);
    queue_insert(queue, domain, NULL);
    domain->parked = true;
    kernel.parked++;
}

void schedule_block(struct domain *domain, enum domain_state state)
{
    leave(domain);
    domain->state = (uint8_t)state;
}

void schedule_wait(struct domain *domain, enum domain_state state,
                   struct queue *queue)
{
    schedule_block(domain, state);
    queue_insert(queue, domain, NULL);
}

/* The highest priority at which somebody can run. Needs: somebody can. */
static uint32_t top(void)
{
    return 31 - (uint32_t)__builtin_clz(kernel.ready);
}

static bool may_go_on(const struct domain *domain)
{
    return domain && domain->queue == &kernel.run[top()];
}

static struct domain *pick(void)
{
    struct domain *preferred = domain_at(kernel.preferred);
    struct domain *current = domain_at(kernel.current);

    kernel.preferred = NO_DOMAIN;
    if (may_go_on(preferred)) {
        return preferred;
    }
    return may_go_on(current) ? current : kernel.run[top()].first;
}

/* Null: nobody can run. Whoever cannot for its time's sake is set aside, once
 * in a period of that time. */
static struct domain *choose(void)
{
    while (kernel.ready) {
        struct domain *domain = pick();

        if (!kernel.budgets || !time_up(domain)) {
            return domain;
        }
    }
    return NULL;
}

void schedule_priority(struct domain *domain, uint8_t priority)
{
    bool queued = domain->queue == &kernel.run[domain->priority];

    if (queued) {
        leave(domain);
    }
    domain->priority = priority;
    if (queued) {
        ready_last(domain);
    }
}

static void to_the_end(struct domain *domain)
{
    leave(domain);
    ready_last(domain);
}

void schedule_yield(void)
{
    struct domain *current = domain_at(kernel.current);

    to_the_end(current);
    kernel.preferred = kernel.run[current->priority].first->index;
}

/* Longer, when it was too short to get anywhere. */
static void shortest_update(void)
{
    const struct domain *current = domain_at(kernel.current);

    if (kernel.shortest < SHORTEST_NS) {
        kernel.shortest = SHORTEST_NS;
    } else if (current && current->frame.rip == kernel.entered &&
               kernel.shortest < SHORTEST_MAX_NS) {
        kernel.shortest *= 2;
    }
}

/*
 * A slice is over. Whoever stands first has the next one, and stands last from
 * now on: domains that hand the processor to one another cannot make a round
 * without the rest.
 */
void schedule_tick(void)
{
    shortest_update();
    kernel.armed = 0;
    if (kernel.budgets && (!kernel.slice || arch_ticks() < kernel.slice)) {
        return; /* it rang for a budget or a period */
    }
    kernel.slice = 0;
    if (kernel.ready) {
        struct domain *first = kernel.run[top()].first;

        to_the_end(first);
        kernel.preferred = first->index;
    }
}

_Static_assert(DOMAIN_MAX <= HOSTCALL_DOMAINS, "each has a number there");
_Static_assert((NO_DOMAIN & HOSTCALL_NO_DOMAIN) == HOSTCALL_NO_DOMAIN,
               "none is none there, too");

static void registers_call(uint32_t operation, uint32_t from, uint32_t to)
{
    shared.register_calls++;
    arch_out32(HOSTCALL_REGISTERS_PORT,
               (from & HOSTCALL_NO_DOMAIN) |
                   (to & HOSTCALL_NO_DOMAIN) << HOSTCALL_REGISTERS_TO |
                   operation << HOSTCALL_REGISTERS_OPERATION);
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
    struct domain *before = domain_at(from);

    if (before && before->registers_live) {
        arch_registers_save(&before->registers);
        before->registers_used = true;
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

/* Rings for whatever comes first: the slice's end, a budget's, a period's. */
static void timer_budgets(const struct domain *domain, bool others)
{
    uint64_t until = time_horizon(domain);

    if (others && !kernel.slice) {
        kernel.slice = kernel.since + arch_ticks_of(SLICE_NS);
    }
    if (others && kernel.slice < until) {
        until = kernel.slice;
    }
    if (until != UINT64_MAX && until != kernel.armed) {
        uint64_t now = arch_ticks();
        uint64_t ns = until > now ? arch_nanoseconds_of(until - now) : 0;

        arch_timer_arm(ns > kernel.shortest ? ns : kernel.shortest);
        kernel.armed = until;
    }
}

/* A slice ends only when another of the same priority waits for one. */
static void timer_update(const struct domain *domain)
{
    const struct queue *queue = &kernel.run[domain->priority];
    bool others = queue->first != queue->last;

    if (kernel.budgets && GUARD_ACT(TIMER)) {
        timer_budgets(domain, others);
    } else if (others && !kernel.armed && GUARD_ACT(TIMER)) {
        arch_timer_arm(SLICE_NS);
        kernel.armed = 1;
    }
}

_Noreturn static void enter(struct domain *domain)
{
    uint32_t index = domain->index;
    uint64_t root = domain->is.space->root;

    if (kernel.current != index) {
        domain_result(domain)->switches++;
        share_event(EVENT_SWITCH, index, kernel.current, root);
    } else if (arch_this_cpu()->cr3 != root) {
        share_event(EVENT_ROOT, index, 0, root);
    }
    kernel.current = index;
    kernel.entered = domain->frame.rip;
    kernel.resident = index;
    shared.current = index;
    /* Whatever it holds from now on is its own, until a crossing drops it. */
    domain->registers_live = true;
    timer_update(domain);
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
    struct domain *domain = domain_at(kernel.chosen);

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

    if (from != NO_DOMAIN && domain_at(from)->registers_live &&
        registers_due(domain_at(index))) {
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

/* Whatever would make `schedule` do more than go back is looked at here. */
bool schedule_undisturbed(const struct domain *domain)
{
    const struct queue *queue = &kernel.run[domain->priority];

    return domain->queue == queue && kernel.ready >> domain->priority == 1 &&
           !kernel.budgets && !kernel.flush &&
           (queue->first == queue->last || kernel.armed) &&
           arch_this_cpu()->cr3 == domain->is.space->root;
}

_Noreturn void schedule(void)
{
    struct domain *domain;

    if (kernel.budgets) {
        time_pass();
    }
    while ((domain = choose()) == NULL) {
        if (!kernel.parked) {
            share_finish();
        }
        time_idle();
    }
    if (kernel.resident != domain->index) {
        if (shared.registers_host) {
            enter_by_host(domain->index);
        }
        registers_switch(kernel.resident, domain);
    }
    enter(domain);
}

void domain_end(struct domain *domain, enum outcome_kind outcome, int32_t code)
{
    struct shared_domain *result = domain_result(domain);
    struct ipc_outcome crossing;

    share_event(EVENT_END, domain->index, outcome, (uint64_t)code);
    schedule_block(domain, DOMAIN_ENDED);
    result->outcome = outcome;
    result->code = code;
    do {
        ipc_leave(&kernel.ipc, domain->index, &crossing);
        crossing_apply(&crossing);
    } while (crossing.wake != IPC_NONE);
    serve_end(domain);
    fault_forget(domain);
    if (domain->steps | domain->debugger | domain->debugs) {
        step_end(domain);
        pause_forget(domain);
    }
    file_forget(domain);
    domain->registers_live = false;
    if (shared.registers_host) {
        registers_call(HOSTCALL_REGISTERS_FORGET, domain->index,
                       HOSTCALL_NO_DOMAIN);
    }
    waiters_wake(domain);
}
