/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef KVM_INTERNAL_H
#define KVM_INTERNAL_H

#include <abi/hostcall.h>
#include <host/engine.h>
#include <host/memory.h>
#include <linux/kvm.h>
#include <stdbool.h>
#include <time.h>

/* Ring-3 state kept for domains by the register host call. */
struct kvm_bases {
    uint64_t fs, gs;
};

/* Of one domain: its XSAVE image without the zeros that it ends with. */
struct kvm_saved {
    struct kvm_bases bases;
    size_t bytes;
    uint8_t image[];
};

/* At most one state for each number; what is kept grows with who is live. */
struct kvm_register_store {
    size_t bytes;            /* of one XSAVE image; 0: not yet asked */
    struct kvm_xsave *clean; /* what a domain starts with */
    struct kvm_xsave *image; /* being saved or loaded */
    struct kvm_saved *saved[HOSTCALL_DOMAINS]; /* null: starts clean */
};

/* Ends KVM_RUN at a moment (kvm_timer.c). */
struct kvm_timer {
    bool exists;
    timer_t timer;
    uint64_t armed_ns; /* 0: not armed */
};

/* The moment of the first instruction (kvm_trace.c). */
struct kvm_trace {
    int fd;          /* -1: off, or done */
    uint64_t run_ns; /* CLOCK_MONOTONIC before the first KVM_RUN; 0: not yet */
    uint64_t guest_tsc; /* then */
};

struct engine {
    int kvm; /* -1: closed; likewise below */
    int vm;
    int vcpu;
    struct kvm_run *run; /* null: not mapped */
    size_t run_bytes;
    bool has_xsave2;
    struct guest_memory memory;
    struct kvm_register_store store;
    struct kvm_timer timer;
    struct kvm_trace trace;
};

/* kvm_device.c: opens /dev/kvm and checks what we need of it; the descriptor,
 * or -1 and *failure (EXIT_UNAVAILABLE). */
int kvm_device_open(struct failure *failure);
/* What CREATE_VM or CREATE_VCPU failed with `error` means; returns -1. */
int kvm_device_failed(int error, const char *what, struct failure *failure);

/* kvm_vcpu.c: CPUID and the registers of a PVH entry. 0 or -1. */
int kvm_vcpu_prepare(struct engine *engine, uint32_t entry, uint64_t start_info,
                     struct failure *failure);
int kvm_vcpu_registers(const struct engine *engine,
                       struct engine_registers *out);

/* kvm_load.c: kernel, module and start information into guest memory. */
int kvm_load(const struct engine_guest *guest, uint32_t *entry,
             uint64_t *start_info, struct failure *failure);

/* kvm_run.c */
void kvm_engine_run(struct engine *engine, uint64_t run_until_ns,
                    struct engine_result *out);

/* kvm_exit.c: fills *out with ENGINE_FAILED and all that is known. */
void kvm_exit_unexpected(struct engine *engine, struct engine_result *out);
void kvm_exit_run_failed(struct engine *engine, int error,
                         struct engine_result *out);

/* kvm_registers.c: the register host call; 0 or -1 and *failure. */
int kvm_registers_call(struct engine *engine, uint32_t value,
                       struct failure *failure);
void kvm_registers_free(struct kvm_register_store *store);

/* kvm_trace.c: around every run(); they do nothing after the first. */
void kvm_trace_open(struct kvm_trace *trace);
void kvm_trace_before(struct engine *engine);
void kvm_trace_after(struct engine *engine);

/* kvm_confine.c */
void kvm_confine(struct engine *engine, struct sandbox *sandbox);

/* kvm_timer.c: 0 disarms. */
int kvm_timer_set(struct kvm_timer *timer, uint64_t until_ns,
                  struct failure *failure);
void kvm_timer_close(struct kvm_timer *timer);

#endif
