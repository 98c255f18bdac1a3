/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When did the guest execute its first instruction? The kernel notes its TSC
 * there (shared.entry_tick); reading the guest's TSC and our clock at one
 * moment before the first KVM_RUN turns that into host time. Only with
 * AMBIT_TRACE_START=FD in the environment (bench/host/README.md).
 */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <abi/layout.h>
#include <abi/shared.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#define MSR_TSC 0x10u
#define MSRS_BYTES (sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry))
#define NS_PER_S 1000000000ull

void kvm_trace_open(struct kvm_trace *trace)
{
    const char *fd = getenv("AMBIT_TRACE_START");

    *trace = (struct kvm_trace){.fd = fd ? atoi(fd) : -1};
}

void kvm_trace_before(struct engine *engine)
{
    struct kvm_trace *trace = &engine->trace;
    _Alignas(struct kvm_msrs) uint8_t room[MSRS_BYTES] = {0};
    struct kvm_msrs *msrs = (struct kvm_msrs *)(void *)room;
    struct timespec now;

    if (trace->fd < 0 || trace->run_ns) {
        return;
    }
    msrs->nmsrs = 1;
    msrs->entries[0].index = MSR_TSC;
    if (ioctl(engine->vcpu, KVM_GET_MSRS, msrs) != 1) {
        trace->fd = -1;
        return;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    trace->run_ns = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
    trace->guest_tsc = msrs->entries[0].data;
}

void kvm_trace_after(struct engine *engine)
{
    const struct gpa at = {ABI_SHARED_PHYS +
                           offsetof(struct shared, entry_tick)};
    struct kvm_trace *trace = &engine->trace;
    uint64_t tick = 0;
    int khz;

    if (trace->fd < 0 ||
        !guest_read(&engine->memory, at, &tick, sizeof(tick)) || tick == 0) {
        return;
    }
    khz = ioctl(engine->vcpu, KVM_GET_TSC_KHZ, 0);
    if (khz > 0) {
        uint64_t later = (tick - trace->guest_tsc) * 1000000u / (uint64_t)khz;

        (void)dprintf(trace->fd, "first_instruction_ns %llu\n",
                      (unsigned long long)(trace->run_ns + later));
    }
    trace->fd = -1;
}
