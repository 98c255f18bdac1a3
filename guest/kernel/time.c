/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processor time. A domain runs on the time it is bound to, and on those that
 * one was made out of: what it uses is taken from each budget of this chain.
 * When one is used up, its domains are set aside until its period ends; all
 * others go on. What was used beyond a budget (the kernel does not interrupt
 * itself) is missing from the next.
 *
 * Chains are no longer than derivations are deep.
 */
#include "kernel.h"

#include <capabilities/assert.h>

/* In the order of their ends. */
static void exhausted_insert(struct time *time)
{
    struct time **at = &kernel.exhausted;

    while (*at && (*at)->end <= time->end) {
        at = &(*at)->next;
    }
    time->next = *at;
    *at = time;
    time->exhausted = true;
}

static void exhausted_remove(struct time *time)
{
    struct time **at = &kernel.exhausted;

    while (*at != time) {
        at = &(*at)->next;
    }
    *at = time->next;
    time->exhausted = false;
}

/* Whole periods go by, each with its budget; none is saved up. */
static void roll(struct time *time, uint64_t now)
{
    uint64_t periods;
    int64_t left;

    if (!time->period || now < time->end) {
        return;
    }
    periods = (now - time->end) / time->period + 1;
    time->end += periods * time->period;
    left = GUARD_ACT(TIME_DEBT) ? time->left : 0;
    if (left < 0 && (uint64_t)-left / time->budget >= periods) {
        time->left = left + (int64_t)(periods * time->budget);
        return;
    }
    left = left < 0 ? left + (int64_t)(periods * time->budget) : 0;
    time->left =
        left > 0 && left < (int64_t)time->budget ? left : (int64_t)time->budget;
}

static void unpark(struct time *time)
{
    while (time->parked.first) {
        schedule_wake(time->parked.first->index);
    }
}

static void spend(struct time *time, uint64_t ticks, uint64_t now)
{
    if (!time->period) {
        return;
    }
    time->left -= (int64_t)ticks;
    if (time->exhausted) {
        return; /* its period's end sees to the rest */
    }
    roll(time, now);
    if (time->left <= 0) {
        exhausted_insert(time);
    }
}

static void refill(uint64_t now)
{
    while (kernel.exhausted && kernel.exhausted->end <= now) {
        struct time *time = kernel.exhausted;

        exhausted_remove(time);
        roll(time, now);
        if (time->left <= 0) {
            exhausted_insert(time); /* overdrawn by more than a budget */
        } else {
            unpark(time);
        }
    }
}

void time_pass(void)
{
    uint64_t now = arch_ticks();
    const struct domain *current = domain_at(kernel.current);
    struct time *time = current ? current->time : NULL;

    while (time) {
        spend(time, now - kernel.since, now);
        time = GUARD_ACT(TIME_CHAIN) ? time->from : NULL;
    }
    kernel.since = now;
    refill(now);
}

bool time_up(struct domain *domain)
{
    for (struct time *time = domain->time; time; time = time->from) {
        if (!GUARD(TIME_BUDGET, !time->exhausted)) {
            schedule_park(domain, &time->parked);
            return true;
        }
    }
    return false;
}

uint64_t time_horizon(const struct domain *domain)
{
    uint64_t until = kernel.exhausted ? kernel.exhausted->end : UINT64_MAX;

    for (struct time *time = domain->time; time; time = time->from) {
        uint64_t end;

        roll(time, kernel.since);
        end = kernel.since + (uint64_t)time->left;
        if (time->period && !time->exhausted && end < until) {
            until = end;
        }
    }
    return until;
}

/* Ring 0 takes no interrupts: it looks at the clock. Nobody pays for it. */
void time_idle(void)
{
    core_assert(kernel.exhausted != NULL);
    do {
        kernel.since = arch_ticks();
    } while (kernel.since < kernel.exhausted->end);
    refill(kernel.since);
}

static void unbind(struct domain *domain)
{
    if (domain->bound_next) {
        domain->bound_next->bound_previous = domain->bound_previous;
    }
    if (domain->bound_previous) {
        domain->bound_previous->bound_next = domain->bound_next;
    } else {
        domain->time->bound = domain->bound_next;
    }
    domain->time = NULL;
}

void time_bind(struct domain *domain, struct time *time)
{
    if (domain->time) {
        unbind(domain);
    }
    if (!time) {
        return;
    }
    domain->time = time;
    domain->bound_previous = NULL;
    domain->bound_next = time->bound;
    if (time->bound) {
        time->bound->bound_previous = domain;
    }
    time->bound = domain;
    schedule_priority(domain, time_priority(time));
    if (domain->parked) {
        schedule_wake(domain->index); /* the other's budget is not its */
    }
}

struct time *time_default(uint32_t index)
{
    const struct spec_domain *spec = &kernel.spec.domains[index];
    const struct domain *parent = domain_at(spec->parent);

    if (spec->time) {
        return &kernel.times[spec->time - 1];
    }
    return parent ? parent->time : &kernel.machine_time;
}

static bool no_more(const struct spec_time *to, const struct spec_time *than)
{
    if (to->priority > than->priority) {
        return false;
    }
    /* At most 4e9 each: no product overflows. */
    return than->period == 0 ||
           (to->period != 0 &&
            to->budget * than->period <= than->budget * to->period);
}

bool time_no_more(const struct time *source, const struct spec_time *to)
{
    const struct spec_time than = {.priority = time_priority(source),
                                   .budget = source->budget_ns,
                                   .period = source->period_ns};

    return no_more(to, &than);
}

bool time_within(const struct time *time, const struct spec_time *to)
{
    return time->from ? time_no_more(time->from, to)
                      : no_more(to, &kernel.spec.times[time - kernel.times]);
}

/* A budget begins full, and does not become fuller by being set. */
static void budget_set(struct time *time, const struct spec_time *to)
{
    bool begins = time->period == 0;

    time->budget = arch_ticks_of(to->budget);
    time->period = arch_ticks_of(to->period);
    if (begins) {
        time->end = kernel.since + time->period;
    }
    if (begins || !GUARD_ACT(TIME_REFILL) ||
        time->left > (int64_t)time->budget) {
        time->left = (int64_t)time->budget;
    }
}

void time_change(struct time *time, const struct spec_time *to)
{
    if (to->period && !kernel.budgets) {
        arch_clock_init();
        kernel.since = arch_ticks();
    }
    kernel.budgets += to->period != 0;
    kernel.budgets -= time->period != 0;
    fast_update();
    if (to->period) {
        budget_set(time, to);
    } else {
        time->budget = time->period = 0;
    }
    if (time->exhausted && (!to->period || time->left > 0)) {
        exhausted_remove(time);
        unpark(time);
    }
    time->budget_ns = (uint32_t)to->budget; /* 4 s at most */
    time->period_ns = (uint32_t)to->period;
    time->priority = (uint8_t)to->priority;
    time_reprioritise(time);
}

/* The machine's, and those that the config names. */
void time_init(void)
{
    kernel.machine_time.object.type = CAP_TIME;
    kernel.machine_time.priority = SPEC_PRIORITY_MIDDLE;
    kernel.machine_time.lowest = SPEC_PRIORITY_MIDDLE;
    for (uint32_t i = 0; i < kernel.spec.header->times.count; i++) {
        kernel.times[i].object.type = CAP_TIME;
        time_change(&kernel.times[i], &kernel.spec.times[i]);
    }
}
