/* SPDX-License-Identifier: Apache-2.0 */
#include "panic.h"

#include "run.h"

#include <abi/layout.h>
#include <string.h>

#define RING(selector) ((selector)&3u)
#define SAMPLE_NS 20000000ull
#define VECTOR_DOUBLE_FAULT 8u
#define VECTOR_PAGE 14u

static struct guest_memory memory_of(const struct run *run)
{
    return (struct guest_memory){run->memory, run->config->memory_bytes};
}

/* Order of engine_registers.general. */
static void copy_general(const struct shared_registers *from,
                         struct engine_registers *to)
{
    const uint64_t general[16] = {from->rax, from->rcx, from->rdx, from->rbx,
                                  from->rsp, from->rbp, from->rsi, from->rdi,
                                  from->r8,  from->r9,  from->r10, from->r11,
                                  from->r12, from->r13, from->r14, from->r15};

    memcpy(to->general, general, sizeof(general));
    to->rip = from->rip;
    to->rsp = from->rsp;
    to->rflags = from->rflags;
    to->cs = from->cs;
    to->ss = from->ss;
}

static void copy_control(const struct shared_control *from,
                         struct engine_registers *to)
{
    to->cr0 = from->cr0;
    to->cr2 = from->cr2;
    to->cr3 = from->cr3;
    to->cr4 = from->cr4;
    to->efer = from->efer;
}

/* Of a panic the kernel's own word counts: the vCPU has gone on since. */
static void take_registers(struct run *run)
{
    const struct shared *shared = run->snapshot.shared;
    struct panic *panic = &run->panic;

    panic->registers = run->registers;
    panic->registers_known = run->registers_known;
    panic->vector = SHARED_NO_VECTOR;
    if (panic->kind == PANIC_KERNEL && shared->panic_registers.rip) {
        copy_general(&shared->panic_registers, &panic->registers);
        copy_control(&shared->control, &panic->registers);
        panic->registers_known = true;
        panic->vector = (uint32_t)shared->panic_registers.vector;
        panic->error = shared->panic_registers.error;
    }
    if (!panic->registers_known) {
        copy_control(&shared->control, &panic->registers);
    }
    panic->value = shared->panic_value;
    panic->in_ring3 = panic->registers_known && RING(panic->registers.cs) == 3;
}

static void take_domain(struct run *run)
{
    const struct shared *shared = run->snapshot.shared;
    const struct guest_memory memory = memory_of(run);
    struct panic *panic = &run->panic;
    struct shared_registers frame;
    struct gpa at;

    panic->domain = shared->current < run->config->domain_count
                        ? shared->current
                        : SHARED_NO_DOMAIN;
    if (panic->domain == SHARED_NO_DOMAIN) {
        return;
    }
    panic->ring3 = panic->registers;
    if (panic->in_ring3) {
        panic->ring3_known = true;
        return;
    }
    at.value = shared->domains[panic->domain].frame;
    if (at.value && guest_read(&memory, at, &frame, sizeof(frame))) {
        copy_general(&frame, &panic->ring3);
        panic->ring3_known = true;
    }
}

static void take_trace(struct run *run)
{
    const struct guest_memory memory = memory_of(run);
    struct unwind *unwind;

    if (!run->panic.registers_known || run->panic.in_ring3) {
        return;
    }
    unwind = unwind_open(run->kernel, run->kernel_bytes);
    unwind_make(unwind, 0, &memory, &run->panic.registers, &run->panic.trace);
    unwind_close(unwind);
}

/* An address that the end is about, or false. */
static bool address_of(const struct panic *panic, uint64_t *address)
{
    if (panic->kind == PANIC_EXIT) {
        *address = panic->registers.cr2;
        return *address != 0;
    }
    if (panic->kind != PANIC_KERNEL) {
        return false;
    }
    if (panic->vector == VECTOR_PAGE || panic->vector == VECTOR_DOUBLE_FAULT) {
        *address = panic->registers.cr2;
        return true;
    }
    /* A decision of the kernel: lines and numbers are no addresses. */
    *address = panic->value;
    return panic->vector == SHARED_NO_VECTOR && panic->value >= ABI_USER_BASE;
}

static void take_walk(struct run *run)
{
    const struct guest_memory memory = memory_of(run);
    struct panic *panic = &run->panic;
    uint64_t address;

    if (panic->registers_known && address_of(panic, &address)) {
        page_walk_make(&memory, &panic->registers, address, &panic->walk);
        panic->walked = true;
    }
}

void panic_collect(struct run *run)
{
    struct panic *panic = &run->panic;
    struct guest_memory memory;

    if (run->end == RUN_PANIC) {
        panic->kind = PANIC_KERNEL;
    } else if (run->end == RUN_FAILED &&
               (run->registers_known || run->snapshot.valid)) {
        panic->kind = PANIC_EXIT;
    } else if (run->end != RUN_TIMEOUT) {
        panic->kind = PANIC_NONE;
    }
    take_registers(run);
    take_domain(run);
    if (panic->kind == PANIC_NONE) {
        return;
    }
    take_trace(run);
    take_walk(run);
    memory = memory_of(run);
    event_list_make(run->snapshot.shared, &memory, &panic->events);
}

/* One more look at a guest that may hang; false: it does not. */
static bool sample(struct run *run, uint64_t calls)
{
    struct engine_result result = {0};
    struct engine_registers registers;
    struct panic *panic = &run->panic;

    run->ops->run(run->engine, run_now() + SAMPLE_NS, &result);
    console_drain(&run->console, run->memory);
    if ((result.event != ENGINE_PAUSED && result.event != ENGINE_SIGNAL) ||
        run->ops->registers(run->engine, &registers) < 0 ||
        RING(registers.cs) != 0 || snapshot_calls(run->memory) != calls) {
        return false;
    }
    panic->sample[panic->samples++] = registers.rip;
    return true;
}

void panic_watch(struct run *run)
{
    uint64_t calls = snapshot_calls(run->memory);

    if (snapshot_phase(run->memory) == PHASE_RESET) {
        return; /* no kernel of ours */
    }
    while (run->panic.samples < PANIC_SAMPLES) {
        if (!sample(run, calls)) {
            return;
        }
    }
    run->panic.kind = PANIC_HANG;
}

const char *panic_kind_name(enum panic_kind kind)
{
    static const char *const names[] = {"none", "panic", "exit", "hang"};

    return names[kind];
}
