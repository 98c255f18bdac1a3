/* SPDX-License-Identifier: Apache-2.0 */
/* What the run loop, registers and tear-down need: requests to the vCPU that
 * exists, none that makes a VM, gives it memory or a device. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <host/sandbox.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The most frequent one first. */
static const uint32_t vcpu_requests[] = {
    KVM_RUN,       KVM_GET_SREGS, KVM_GET_REGS,   KVM_SET_SREGS,
    KVM_GET_XSAVE, KVM_SET_XSAVE, KVM_GET_XSAVE2,
};
static const uint32_t trace_requests[] = {KVM_GET_MSRS, KVM_GET_TSC_KHZ};

static const int timer_calls[] = {SYS_timer_create, SYS_timer_settime,
                                  SYS_timer_delete};

static void allow_request(struct sandbox *sandbox, int fd, uint32_t request)
{
    const struct sandbox_rule rule = {
        .call = SYS_ioctl,
        .count = 2,
        .argument = {{1, ~0u, request}, {0, ~0u, (uint32_t)fd}}};

    sandbox_allow(sandbox, &rule, 1);
}

void kvm_confine(struct engine *engine, struct sandbox *sandbox)
{
    /* Nothing more is asked of the device itself. */
    (void)close(engine->kvm);
    engine->kvm = -1;
    sandbox_keep(sandbox, engine->vm);
    sandbox_keep(sandbox, engine->vcpu);
    for (size_t i = 0; i < COUNT(vcpu_requests); i++) {
        allow_request(sandbox, engine->vcpu, vcpu_requests[i]);
    }
    allow_request(sandbox, engine->vm, KVM_CHECK_EXTENSION);
    if (engine->trace.fd >= 0) {
        sandbox_keep(sandbox, engine->trace.fd);
        for (size_t i = 0; i < COUNT(trace_requests); i++) {
            allow_request(sandbox, engine->vcpu, trace_requests[i]);
        }
    }
    for (size_t i = 0; i < COUNT(timer_calls); i++) {
        const struct sandbox_rule rule = {.call = timer_calls[i]};

        sandbox_allow(sandbox, &rule, 1);
    }
}
