/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a guest that ended as it must not: the kernel gave up, the
 * engine could not go on, or the kernel never came back. Collected once, while
 * the guest stands still; then printed and put into the results.
 */
#ifndef VMM_PANIC_H
#define VMM_PANIC_H

#include <debug/event_text.h>
#include <debug/page_walk.h>
#include <debug/unwind.h>
#include <stdio.h>

#define PANIC_SAMPLES 8u

enum panic_kind {
    PANIC_NONE,
    PANIC_KERNEL, /* it said so: kernel_panic() */
    PANIC_EXIT,   /* an exit that no engine can handle, a triple fault, ... */
    PANIC_HANG    /* the time was up while ring 0 did nothing but run */
};

struct panic {
    enum panic_kind kind;
    /* Where the kernel gave up, as it said itself; else the vCPU's. */
    bool registers_known;
    struct engine_registers registers;
    uint32_t vector;           /* SHARED_NO_VECTOR: no trap led here */
    uint64_t error;            /* error code of the trap */
    uint64_t value;            /* abi/shared.h, panic_value */
    bool in_ring3;             /* the registers are a domain's */
    struct unwind_trace trace; /* of the kernel; count 0: none */
    /* The domain that was current, and where it left ring 3. */
    uint32_t domain; /* or SHARED_NO_DOMAIN */
    bool ring3_known;
    struct engine_registers ring3;
    struct event_list events;
    bool walked; /* there is an address that it is about */
    struct page_walk walk;
    /* PANIC_HANG: where ring 0 was, each time. */
    uint32_t samples;
    uint64_t sample[PANIC_SAMPLES];
};

struct run;

/*
 * At the end of the time: is ring 0 running without doing anything? Lets the
 * guest run on PANIC_SAMPLES times for 20 ms, and notes where it is. Cost:
 * nothing when a domain is at work.
 */
void panic_watch(struct run *run);

/* Collects; run->panic.kind stays PANIC_NONE if nothing is wrong: then only
 * registers and domain are there, for --dump. After the last snapshot, before
 * the engine closes. */
void panic_collect(struct run *run);

/* All of it, for people. */
void panic_print(const struct run *run, FILE *out);

/* "panic", "exit", "hang": for results. */
const char *panic_kind_name(enum panic_kind kind);

struct symbols;

/* An address of the kernel: "space_detach+0x45 (space.c:276)". For a call's
 * return address, of the call. `symbols` may be null. */
void panic_kernel_address(const struct symbols *symbols,
                          const struct unwind_frame *frame, char *out,
                          size_t bytes);

/* What it is about, in a line: "the kernel faulted: page fault at ..." */
void panic_what(const struct run *run, char *out, size_t bytes);

#endif
