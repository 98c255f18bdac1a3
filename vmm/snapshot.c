/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <abi/layout.h>
#include <stdlib.h>
#include <string.h>

int snapshot_init(struct snapshot *snapshot)
{
    memset(snapshot, 0, sizeof(*snapshot));
    snapshot->shared = calloc(1, sizeof(*snapshot->shared));
    return snapshot->shared ? 0 : -1;
}

void snapshot_free(struct snapshot *snapshot)
{
    free(snapshot->shared);
    snapshot->shared = NULL;
}

static const struct shared *guest_shared(const void *memory)
{
    return (const struct shared *)((const char *)memory + ABI_SHARED_PHYS);
}

static void end_strings(struct snapshot *snapshot)
{
    struct shared *shared = snapshot->shared;

    shared->panic[sizeof(shared->panic) - 1] = '\0';
    for (uint32_t i = 0; i < snapshot->reports; i++) {
        shared->reports[i].key[SHARED_NAME - 1] = '\0';
        shared->reports[i].value[SHARED_NAME - 1] = '\0';
    }
}

void snapshot_take(struct snapshot *snapshot, const void *memory)
{
    struct shared *shared = snapshot->shared;

    memcpy(shared, guest_shared(memory), offsetof(struct shared, console));
    snapshot->valid =
        shared->magic == SHARED_MAGIC && shared->version == SHARED_VERSION;
    if (!snapshot->valid) {
        memset(shared, 0, offsetof(struct shared, console));
    }
    snapshot->faults = shared->fault_count < SHARED_FAULTS ? shared->fault_count
                                                           : SHARED_FAULTS;
    snapshot->reports = shared->report_count < SHARED_REPORTS
                            ? shared->report_count
                            : SHARED_REPORTS;
    end_strings(snapshot);
}

uint32_t snapshot_phase(const void *memory)
{
    return __atomic_load_n(&guest_shared(memory)->phase, __ATOMIC_ACQUIRE);
}

uint32_t snapshot_faults(const void *memory)
{
    return __atomic_load_n(&guest_shared(memory)->fault_count,
                           __ATOMIC_ACQUIRE);
}

uint64_t snapshot_calls(const void *memory)
{
    return __atomic_load_n(&guest_shared(memory)->system_calls,
                           __ATOMIC_ACQUIRE);
}

uint64_t snapshot_live(const struct snapshot *snapshot)
{
    uint64_t live = 0;

    for (uint32_t i = 0; i < SHARED_DOMAINS; i++) {
        uint32_t outcome = snapshot->shared->domains[i].outcome;
        if (outcome == OUTCOME_RUNNING || outcome == OUTCOME_BLOCKED) {
            live |= 1ull << i;
        }
    }
    return live;
}

uint64_t snapshot_built(const struct snapshot *snapshot)
{
    uint64_t built = 0;

    for (uint32_t i = 0; i < SHARED_DOMAINS; i++) {
        built |= (uint64_t)(snapshot->shared->domains[i].frame != 0) << i;
    }
    return built;
}
