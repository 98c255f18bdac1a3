/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of what the kernel does, for whoever asked for them at the start: the
 * last few, or all of them, in a ring that the host empties.
 */
#include "kernel.h"

uint64_t trace_init(uint64_t base)
{
    uint64_t records = kernel.module->trace_records;
    uint64_t bytes =
        (records * sizeof(struct shared_record) + ABI_PAGE_SIZE - 1) &
        ~(ABI_PAGE_SIZE - 1);

    if (records == 0) {
        return 0;
    }
    if (records & (records - 1) || records < SHARED_EVENTS ||
        records > TRACE_RECORDS_MAX || bytes > kernel.memory / 4) {
        kernel_panic("the trace's ring does not fit", records);
    }
    shared.trace.records = records;
    kernel.trace_mask = records - 1;
    if (records == SHARED_EVENTS) { /* the last ones stay, whoever looks */
        kernel.trace_room = kernel.trace_bell = UINT64_MAX;
        shared.trace.base =
            (uint64_t)(uintptr_t)shared.last_records - ABI_KERNEL_OFFSET;
        kernel.trace = shared.last_records;
        return 0;
    }
    kernel.trace_room = records;
    kernel.trace_bell = records / 2 - 1;
    shared.trace.base = base;
    kernel.trace = arch_physical(base);
    return bytes;
}

/* The host may write anything to `taken`: the ring's end holds all the same. */
void trace_write(uint64_t event, uint64_t second, uint64_t third)
{
    struct shared_trace *trace = &shared.trace;
    uint64_t number = trace->written;
    uint64_t *words =
        (uint64_t *)(void *)&kernel.trace[number & kernel.trace_mask];

    if (number - *(volatile uint64_t *)&trace->taken >= kernel.trace_room) {
        trace->lost++;
        return;
    }
    words[0] = arch_ticks();
    words[1] = event;
    words[2] = second;
    words[3] = third;
    /* Counted when it is whole: the host may look at any time. */
    __atomic_store_n(&trace->written, ++number, __ATOMIC_RELEASE);
    if ((number & kernel.trace_bell) == 0) {
        arch_out8(HOSTCALL_DOORBELL_PORT, HOSTCALL_TRACE);
    }
}

/* Those of the config are named by who brought them. */
static uint64_t quota_name(const struct quota *quota)
{
    return quota >= kernel.quotas && quota <= ROOT_QUOTA
               ? (uint64_t)(quota - kernel.quotas)
               : arch_physical_of(quota);
}

void trace_quota(const struct quota *quota)
{
    if (shared.trace.records != SHARED_EVENTS) { /* the last are few */
        trace_write((uint64_t)EVENT_QUOTA |
                        (uint64_t)(uint16_t)kernel.current << 16 |
                        quota->used << 32,
                    quota->limit, quota_name(quota));
    }
}
