/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <stddef.h>
#include <trace/trace.h>

#define BATCH 256u

uint32_t trace_records_for(uint64_t memory_bytes)
{
    uint32_t records = TRACE_RECORDS;

    while (records > 2 * SHARED_EVENTS &&
           records * sizeof(struct shared_record) > memory_bytes / 8) {
        records /= 2;
    }
    return records;
}

static struct gpa shared_at(size_t offset)
{
    return (struct gpa){ABI_SHARED_PHYS + offset};
}

static bool sensible(const struct shared_trace *trace,
                     const struct trace_tap *tap)
{
    uint64_t records = trace->records;

    return records != 0 && records <= TRACE_RECORDS_MAX &&
           (records & (records - 1)) == 0 &&
           trace->written - tap->taken <= records;
}

/* A run of records that are in a row in the ring. */
static int take_run(struct trace_tap *tap, const struct shared_trace *trace,
                    const struct guest_memory *memory,
                    const struct trace_sink *sink)
{
    struct shared_record batch[BATCH];
    uint64_t at = tap->taken % trace->records;
    uint64_t count = trace->written - tap->taken;

    count = count < BATCH ? count : BATCH;
    count = count < trace->records - at ? count : trace->records - at;
    if (!guest_read(memory, (struct gpa){trace->base + at * sizeof(batch[0])},
                    batch, count * sizeof(batch[0]))) {
        tap->broken = true;
        return 0;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (sink->record(sink->to, &batch[i]) < 0) {
            return -1;
        }
    }
    tap->taken += count;
    return 0;
}

int trace_drain(struct trace_tap *tap, const struct guest_memory *memory,
                const struct trace_sink *sink)
{
    struct shared_trace trace;
    uint64_t before = tap->taken;

    if (tap->broken ||
        !guest_read(memory, shared_at(offsetof(struct shared, trace)), &trace,
                    sizeof(trace)) ||
        trace.base == 0) {
        return 0; /* the kernel has not come that far */
    }
    tap->lost = trace.lost;
    tap->broken = !sensible(&trace, tap);
    while (!tap->broken && tap->taken != trace.written) {
        if (take_run(tap, &trace, memory, sink) < 0) {
            return -1;
        }
    }
    if (tap->taken != before) {
        (void)guest_write(memory,
                          shared_at(offsetof(struct shared, trace) +
                                    offsetof(struct shared_trace, taken)),
                          &tap->taken, sizeof(tap->taken));
    }
    return 0;
}
