/* SPDX-License-Identifier: Apache-2.0 */
/* The pages shared with the host: console, results, published roots. */
#include "kernel.h"

__attribute__((section(".shared"))) struct shared shared;

#define CONSOLE_MASK (SHARED_CONSOLE_BYTES - 1u)
#define CONSOLE_PATIENCE 200000000u

/* What the host has not taken. It may write anything: never more than all. */
static uint32_t console_waiting(void)
{
    uint32_t taken = *(volatile uint32_t *)&shared.console_taken;
    uint32_t waiting = shared.console_written - taken;

    return waiting > SHARED_CONSOLE_BYTES ? SHARED_CONSOLE_BYTES : waiting;
}

/* Some hosts act only after a while: ring, then look until there is room. */
static bool console_room(uint32_t bytes)
{
    if (console_waiting() + bytes <= SHARED_CONSOLE_BYTES) {
        return true;
    }
    arch_out8(HOSTCALL_DOORBELL_PORT, HOSTCALL_CONSOLE);
    for (uint32_t i = 0; i < CONSOLE_PATIENCE; i++) {
        if (console_waiting() + bytes <= SHARED_CONSOLE_BYTES) {
            return true;
        }
    }
    return false;
}

static void console_put(uint32_t at, const void *from, uint32_t count)
{
    const uint8_t *bytes = from;

    for (uint32_t i = 0; i < count; i++) {
        shared.console[(at + i) & CONSOLE_MASK] = bytes[i];
    }
}

void share_console(uint32_t domain, const char *bytes, uint32_t count)
{
    struct shared_console_chunk chunk = {.domain = (uint16_t)domain,
                                         .bytes = (uint16_t)count};

    if (!console_room(count + (uint32_t)sizeof(chunk))) {
        return; /* nobody listens */
    }
    console_put(shared.console_written, &chunk, sizeof(chunk));
    console_put(shared.console_written + (uint32_t)sizeof(chunk), bytes, count);
    /* Published whole: the host never sees half a chunk. */
    __atomic_store_n(&shared.console_written,
                     shared.console_written + (uint32_t)sizeof(chunk) + count,
                     __ATOMIC_RELEASE);
    if (console_waiting() > SHARED_CONSOLE_BYTES / 4) {
        arch_out8(HOSTCALL_DOORBELL_PORT, HOSTCALL_CONSOLE);
    }
}

void share_phase(enum shared_phase phase)
{
    shared.phase = phase;
    arch_out8(HOSTCALL_DOORBELL_PORT, HOSTCALL_PHASE);
}

/* A domain was built or destroyed, a heap has grown, a range was attached or
 * detached; the tables say so already. */
void share_step(void)
{
    if (kernel.module->flags & BOOT_FLAG_STEPS) {
        arch_out8(HOSTCALL_DOORBELL_PORT, HOSTCALL_STEP);
    }
}

void share_root(uint32_t root, uint64_t cr3, uint64_t domains)
{
    if (root >= SHARED_ROOTS) {
        return; /* said in the domain's record */
    }
    /* New domain bits are toggled in or out; a new root starts without. */
    if (shared.roots[root].cr3 != cr3) {
        shared.roots[root].domains = 0;
    }
    shared.roots[root].cr3 = cr3;
    shared.roots[root].domains ^= domains;
}

uint32_t share_fault(const struct shared_fault *fault)
{
    uint32_t index = shared.fault_count;
    bool room = GUARD(FAULT_LIMIT, index < SHARED_FAULTS);

    if (room) {
        shared.faults[index] = *fault;
    }
    /* Counted when it is whole: the host may look at any time. */
    __atomic_store_n(&shared.fault_count, index + (index != UINT32_MAX),
                     __ATOMIC_RELEASE);
    return room ? index : SHARED_NO_RANGE;
}

static void share_own(struct shared_pd_range *to, const struct range *range)
{
    to->granule = (uint32_t)(range->base >> ABI_GRANULE_SHIFT);
    to->limit = range->limit;
    to->pages = range->pages;
}

void share_domain(struct domain *domain)
{
    const struct composition *is = &domain->is;
    struct shared_pd *record = &domain->record;

    record->number = (uint16_t)domain->index;
    record->parent = (uint16_t)is->parent;
    record->root = (uint16_t)is->space->number;
    record->caps = (uint16_t)is->caps;
    record->files = (uint16_t)is->files;
    record->handler = (uint16_t)is->handler;
    __builtin_memcpy(record->degree, is->degree, sizeof(record->degree));
    record->on_fault = is->on_fault;
    record->quota = (uint32_t)(uintptr_t)is->quota;
    record->pool = (uint32_t)(uintptr_t)is->pool;
    record->image = is->image->number;
    record->heap = is->heap ? is->heap->number : SHARED_NO_RANGE;
    record->cr3 = is->space->root;
    record->made = is->space->made;
    record->originals = (uint32_t)arch_physical_of(&domain->originals);
    record->result = (uint32_t)arch_physical_of(&domain->result);
    domain->result.caps =
        domain->caps.size ? arch_physical_of(&domain->caps) : 0;
    domain->result.files =
        domain->files.size ? arch_physical_of(&domain->files) : 0;
    for (uint32_t i = 0; i < 3; i++) {
        if (domain->own[i].granules) {
            share_own(&record->own[i], &domain->own[i]);
        }
    }
    for (uint32_t i = 0; i < sizeof(record->name) - 1 && is->name[i]; i++) {
        record->name[i] = is->name[i];
    }
}

void share_report(const struct shared_report *report)
{
    uint32_t index = shared.report_count;

    shared.report_count += index != UINT32_MAX;
    if (GUARD(REPORT_LIMIT, index < SHARED_REPORTS)) {
        shared.reports[index] = *report;
    }
}

static uint64_t slots_used(void)
{
    uint64_t used = kernel.root_table.used;

    for (uint32_t index = 0; index < kernel.domain_end; index++) {
        struct domain *domain = domain_at(index);

        if (domain) {
            used += domain->caps.used + domain->files.used;
        }
    }
    return used;
}

/* After composition, before anything ran. */
void share_tables(const struct domain *domain)
{
    struct shared_domain *result = &shared.domains[domain->index];

    result->caps = domain->caps.size ? arch_physical_of(&domain->caps) : 0;
    result->files = domain->files.size ? arch_physical_of(&domain->files) : 0;
}

/* Of the kernel's own image. */
static uint64_t image_physical(const void *object)
{
    return (uint64_t)(uintptr_t)object - ABI_KERNEL_OFFSET;
}

void share_start(void)
{
    shared.objects = (struct shared_objects){
        .root_table = image_physical(&kernel.root_table),
        .ranges = image_physical(kernel.ranges),
        .endpoints = image_physical(kernel.endpoints),
        .domains = image_physical(kernel.domain_objects),
        .range_bytes = sizeof(kernel.ranges[0]),
        .endpoint_bytes = sizeof(kernel.endpoints[0]),
        .domain_bytes = sizeof(kernel.domain_objects[0]),
        .range_base_at = offsetof(struct range, base),
        .range_limit_at = offsetof(struct range, limit),
        .range_made_at = offsetof(struct range, made),
        .range_bare_at = offsetof(struct range, bare),
        .frame_bytes = sizeof(kernel.frames[0]),
        .frames = arch_physical_of(kernel.frames),
        .part_first_at = offsetof(struct part, first),
    };
    shared.frames_free_start = ROOT_POOL->free;
    shared.quota_used_start = ROOT_QUOTA->used;
    shared.slots_used_start = slots_used();
}

/* In the config; one that was made at run time has no number. */
static uint32_t endpoint_number(const struct ipc_endpoint *endpoint)
{
    return endpoint >= kernel.endpoints &&
                   endpoint < kernel.endpoints + SPEC_MAX_ENDPOINTS
               ? (uint32_t)(endpoint - kernel.endpoints)
               : SHARED_NO_RANGE;
}

static void domain_summary(uint32_t index)
{
    struct domain *domain = domain_at(index);
    struct shared_domain *result = domain_result(domain);
    const struct quota *quota = quota_of(index);
    const struct range *heap = domain->is.heap;

    result->quota_pages = quota->limit;
    result->peak_pages = quota->peak;
    result->heap_pages = heap ? heap->pages : 0;
    if (domain->state == DOMAIN_FAULTED) {
        result->outcome = OUTCOME_FAULT;
        result->fault = share_fault(&domain->fault);
    } else if (domain->state != DOMAIN_ENDED) {
        const struct ipc_party *party = &domain->party;

        result->outcome = OUTCOME_BLOCKED;
        if (party->endpoint) {
            result->waits = party->state == IPC_RECEIVING ? WAITS_TO_RECEIVE
                                                          : WAITS_TO_CALL;
            result->blocked_on = endpoint_number(party->endpoint);
        }
    }
}

/* Nothing is left that could run. */
_Noreturn void share_finish(void)
{
    const struct arch_cpu *cpu = arch_this_cpu();

    fast_close();
    for (uint32_t index = 0; index < kernel.domain_end; index++) {
        if (domain_at(index)) {
            domain_summary(index);
            if (is_runtime(domain_at(index))) {
                share_domain(domain_at(index));
            }
        }
    }
    shared.current = SHARED_NO_DOMAIN;
    shared.frames_free_end = ROOT_POOL->free;
    shared.quota_used_end = ROOT_QUOTA->used;
    shared.slots_used_end = slots_used();
    shared.cr3_writes = cpu->cr3_writes;
    shared.msr_writes = cpu->msr_writes;
    shared.flushes = cpu->flushes;
    arch_control_read(&shared.control);
    attempts();
}

_Noreturn void share_end(void)
{
    share_phase(PHASE_DONE);
    arch_out8(HOSTCALL_EXIT_PORT, HOSTCALL_EXIT_DONE);
    arch_halt();
}
