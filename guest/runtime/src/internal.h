/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of libambit share with each other only. */
#ifndef AMBIT_INTERNAL_H
#define AMBIT_INTERNAL_H

#include "heap_list.h"
#include <abi/syscall.h>
#include <ambit/calls.h>
#include <stdbool.h>
#include <stdint.h>

/* Reached before relocation: RIP-relative, never through a table. */
#define HIDDEN __attribute__((visibility("hidden")))

/*
 * What libambit keeps per domain. It lives in the frame of ambit__start, that
 * is, on the domain's own stack; the start block's `reserved` points to it.
 */
struct ambit__domain {
    struct ambit_handle heap_handle; /* valid when heap is not null */
    struct heap *heap;               /* found at the first allocation */
    uint32_t line_bytes;
    char line[SYSCALL_CONSOLE_MAX]; /* console output not yet handed over */
};

struct ambit__domain *ambit__domain(void);

HIDDEN _Noreturn void ambit__start(struct syscall_start *start);

/*
 * Applies the image's relocations, once per image however many domains start
 * in it: the others wait. Needs no relocation itself. False: the image holds
 * a kind that is not supported.
 */
HIDDEN bool ambit__relocate(uint64_t base);

/* In try.S. */
HIDDEN bool ambit__try(uint64_t function, uint64_t a, uint64_t b,
                       uint64_t *result, void *fault);
HIDDEN uint64_t ambit__load(uint64_t address, uint64_t unused);
HIDDEN uint64_t ambit__store(uint64_t address, uint64_t value);

#endif
