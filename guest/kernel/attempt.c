/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes: accesses that assertions are about, tried in ring 3 when nothing is
 * left to run. Each runs a few instructions of the domain's own image in the
 * domain's own root, on registers that are nobody's; what a write writes is
 * what was read. All that the host is told about the run has been written
 * before: outcomes, counters, events and control blocks stay as they are.
 */
#include "kernel.h"

/* ambit__probe (guest/runtime): where it writes, and where it ends. */
#define CODE_WRITE 8u
#define CODE_END 11u
#define PATIENCE 1000u /* interrupts that may come in between */

static struct {
    struct arch_frame frame; /* ends on a 16-byte boundary */
    uint64_t code;           /* address of the domain's ambit__probe */
    uint64_t address;        /* being tried */
    uint64_t root;           /* before all this */
    uint32_t probe;          /* of the spec */
    uint32_t step;           /* of its pages */
    uint32_t interrupts;
    bool write;
    bool running;
} attempt __attribute__((aligned(16)));
_Static_assert(sizeof(struct arch_frame) % 16 == 0, "frames end aligned");

bool attempting(void)
{
    return attempt.running;
}

static struct shared_probe *result_of(void)
{
    return &shared.probes[attempt.probe];
}

static uint32_t range_of(const struct spec_probe *probe)
{
    const struct plan_domain *owner = &kernel.plan.domains[probe->object];

    switch (probe->what) {
    case SPEC_PROBE_IMAGE:
        return owner->image;
    case SPEC_PROBE_HEAP:
        return owner->heap;
    case SPEC_PROBE_STACK:
        return owner->stack;
    default:
        return probe->object; /* named ranges come first */
    }
}

/* Pages are tried evenly spread, the first and the last among them. */
static uint64_t address_of(uint32_t range, uint32_t step)
{
    uint32_t pages = kernel.ranges[range].pages;
    uint64_t page = step;

    if (pages > SPEC_PROBE_PAGES) {
        page = (uint64_t)step * (pages - 1) / (SPEC_PROBE_PAGES - 1);
    }
    return plan_range_start(&kernel.plan.ranges[range]) +
           (page << ABI_PAGE_SHIFT);
}

static uint32_t steps_of(uint32_t range)
{
    uint32_t pages = kernel.ranges[range].pages;

    pages = pages ? pages : 1;
    return pages < SPEC_PROBE_PAGES ? pages : SPEC_PROBE_PAGES;
}

/* Why it cannot be tried, or PROBE_TRIED. */
static enum probe_outcome ready(const struct spec_probe *probe)
{
    const struct plan_domain *plan = &kernel.plan.domains[probe->domain];
    uint32_t range = range_of(probe);
    uint64_t code;

    if (!kernel.domains[probe->domain] || !kernel.spaces[plan->root].root) {
        return PROBE_NO_DOMAIN;
    }
    code = kernel.spec.programs[kernel.plan.ranges[plan->image].object].probe;
    if (code == 0) {
        return PROBE_NO_CODE;
    }
    if (range == PLAN_NONE || !kernel.ranges[range].live) {
        return PROBE_NO_RANGE;
    }
    attempt.code = kernel.plan.ranges[plan->image].base + code;
    return PROBE_TRIED;
}

_Noreturn static void enter(const struct spec_probe *probe)
{
    uint32_t root = kernel.plan.domains[probe->domain].root;

    attempt.interrupts = 0;
    attempt.running = true;
    arch_root_switch(kernel.spaces[root].root, kernel.flush);
    kernel.flush = false;
    arch_frame_init(&attempt.frame, attempt.code, attempt.address,
                    attempt.address);
    attempt.frame.rsi = attempt.write;
    arch_resume(&attempt.frame, false);
}

/* From where it stands to the next access, or to the end. */
_Noreturn static void go_on(void)
{
    uint32_t count = kernel.spec.header->probes.count;

    for (; attempt.probe < count; attempt.probe++, attempt.step = 0) {
        const struct spec_probe *probe = &kernel.spec.probes[attempt.probe];
        struct shared_probe *result = result_of();
        uint32_t range = range_of(probe);

        if (attempt.step == 0 && !attempt.write) {
            result->outcome = ready(probe);
        }
        if (result->outcome == PROBE_TRIED && attempt.step < steps_of(range)) {
            result->pages = kernel.ranges[range].pages;
            attempt.address = address_of(range, attempt.step);
            enter(probe);
        }
    }
    attempt.running = false;
    arch_root_switch(attempt.root, false);
    share_end();
}

_Noreturn void attempts(void)
{
    attempt.root = arch_this_cpu()->cr3;
    go_on();
}

static void note(bool allowed)
{
    struct shared_probe *result = result_of();
    uint64_t *first = allowed ? &result->allowed : &result->denied;

    *first = *first ? *first : attempt.address;
    result->tried += !attempt.write;
    if (allowed) {
        result->readable += !attempt.write;
        result->writable += attempt.write;
    }
}

/* A page that can be read is written next, if that is asked; one that cannot
 * be read cannot be written. */
static void advance(bool allowed)
{
    uint32_t access = kernel.spec.probes[attempt.probe].access;

    if (attempt.write || access & CAP_READ || !allowed) {
        note(allowed);
    } else {
        result_of()->tried++;
        result_of()->readable++;
    }
    attempt.write = allowed && !attempt.write && access & CAP_WRITE;
    attempt.step += !attempt.write;
}

_Noreturn void attempt_trap(struct arch_frame *frame)
{
    struct arch_trap trap;
    uint64_t at;

    arch_trap_read(frame, &trap);
    at = frame->rip - attempt.code;
    if (trap.kind == TRAP_TIMER || trap.kind == TRAP_SPURIOUS) {
        if (trap.kind == TRAP_TIMER) {
            arch_timer_acknowledge();
        }
        if (attempt.interrupts++ < PATIENCE) {
            arch_resume(frame, false);
        }
    }
    if (trap.kind == TRAP_FAULT && trap.type == FAULT_UNDEFINED &&
        at == CODE_END) {
        advance(true);
    } else if (trap.kind == TRAP_FAULT && trap.type == FAULT_PAGE &&
               trap.address == attempt.address &&
               (at == 0 || at == CODE_WRITE)) {
        advance(false);
    } else {
        result_of()->outcome = PROBE_LOST;
        attempt.write = false;
        attempt.step = 0;
        attempt.probe++;
    }
    go_on();
}
