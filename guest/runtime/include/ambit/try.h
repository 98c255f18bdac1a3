/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trying what may fault. Each function performs the real access; when it
 * faults, the kernel hands the fault record over instead of ending the domain
 * (it is recorded as caught). A try inside a tried function disarms the outer
 * one.
 */
#ifndef AMBIT_TRY_H
#define AMBIT_TRY_H

#include <abi/shared.h>
#include <stdbool.h>
#include <stdint.h>

/* What the kernel tells about a fault that a try caught. */
struct ambit_fault {
    uint32_t type;    /* enum fault_type */
    uint32_t access;  /* enum fault_access */
    uint32_t range;   /* of the plan, or SHARED_NO_RANGE */
    uint32_t owner;   /* domain the range belongs to, or SHARED_NO_DOMAIN */
    uint64_t address; /* that was accessed */
};

/* Reads 8 bytes. True: *value holds them. False: *fault is filled. */
bool ambit_try_read(uint64_t address, uint64_t *value,
                    struct ambit_fault *fault);

/* Writes 8 bytes. True: written. False: *fault is filled. */
bool ambit_try_write(uint64_t address, uint64_t value,
                     struct ambit_fault *fault);

/*
 * Calls what stands at `address` as `uint64_t function(uint64_t argument)`.
 * True: it returned *result. False: *fault is filled, and whatever the
 * function had done to memory stays done.
 */
bool ambit_try_exec(uint64_t address, uint64_t argument, uint64_t *result,
                    struct ambit_fault *fault);

#endif
