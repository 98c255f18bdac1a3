/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fault loops: of each system call that takes something, the first request for
 * a resource fails, then the second, until it has all that it asks for.
 */
#ifndef UNIT_KERNEL_LOOPS_H
#define UNIT_KERNEL_LOOPS_H

#include "fuzz.h"
#include "hosted/machine.h"

#include "kernel.h"

/* What there can be too little of, each for whoever calls. */
enum scarce {
    SCARCE_QUOTA,   /* pages that the caller's quota has left */
    SCARCE_POOL,    /* pages that its pool has */
    SCARCE_CAPS,    /* slots of its capabilities */
    SCARCE_FILES,   /* slots of its files */
    SCARCE_OTHERS,  /* slots of whoever is at the other end */
    SCARCE_SPANS,   /* granules of addresses */
    SCARCE_NUMBERS, /* numbers of domains */
    SCARCE_KINDS
};
#define SCARCE(name) (1u << SCARCE_##name)

/* One way to call a system call. */
struct operation {
    uint32_t call;
    const char *name;
    uint32_t takes; /* SCARCE bits: exactly what too little of refuses it */
    /* Puts arguments in `io`; what it needs for them, it makes. */
    void (*prepare)(struct arch_frame *io);
};
extern const struct operation operations[];
extern const uint32_t operation_count;

/* Calls that take nothing of what there can be too little of. */
extern const uint32_t takes_nothing[];
extern const uint32_t takes_nothing_count;

/* ---- for operations.c ---- */

/* The current domain calls; it must succeed. Values are in its frame. */
void done(uint64_t call, uint64_t rdi, uint64_t rsi, uint64_t rdx);
/* The current domain calls, and waits. */
void blocks(uint64_t call, uint64_t rdi);
/* Others run until this one does; null: one that was made at run time. */
void become(const char *name);
uint64_t held(const char *name);
/* Writes to the current domain's stack; where. */
uint64_t written(const void *data, size_t bytes, uint64_t offset);

#endif
