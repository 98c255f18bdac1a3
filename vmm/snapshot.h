/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel said in the shared pages, copied in once and made safe to
 * use: strings end, counts fit their arrays, indices that name domains and
 * ranges are checked by whoever uses them.
 */
#ifndef VMM_SNAPSHOT_H
#define VMM_SNAPSHOT_H

#include <abi/shared.h>
#include <stdbool.h>

struct snapshot {
    bool valid; /* magic and version are right */
    /* Copied without the console ring, whose pages stay untouched. */
    struct shared *shared;
    uint32_t faults, reports; /* records that are really there */
};

/* 0, or -1: no memory. */
int snapshot_init(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);

/* Copies from guest memory (at least one granule beyond ABI_SHARED_PHYS). */
void snapshot_take(struct snapshot *snapshot, const void *memory);

/* Only the phase: one load. */
uint32_t snapshot_phase(const void *memory);

/* Only the number of fault records ever made: one load. */
uint32_t snapshot_faults(const void *memory);

/* Only the number of system calls so far: one load. */
uint64_t snapshot_calls(const void *memory);

/* Domains that exist and have not ended: a bitmap. */
uint64_t snapshot_live(const struct snapshot *snapshot);

/* Domains whose tables are there, ended or not: a bitmap. */
uint64_t snapshot_built(const struct snapshot *snapshot);

#endif
