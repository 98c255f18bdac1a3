/* SPDX-License-Identifier: Apache-2.0 */
/* The run loop: enter the guest, name what came out, go on or return. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <abi/hostcall.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#define NS_PER_S 1000000000ull

/* What to do after one exit. */
enum next { NEXT_ENTER, NEXT_RETURN };

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* One `out` of `bytes` bytes; false if it is none that the ABI knows. */
static bool port_value(const struct engine *engine, size_t bytes,
                       uint32_t *value)
{
    const struct kvm_run *run = engine->run;

    if (run->io.direction != KVM_EXIT_IO_OUT || run->io.count != 1 ||
        run->io.size != bytes || run->io.data_offset > engine->run_bytes ||
        bytes > engine->run_bytes - run->io.data_offset) {
        return false;
    }
    *value = 0;
    memcpy(value, (const uint8_t *)run + run->io.data_offset, bytes);
    return true;
}

static enum next on_registers(struct engine *engine, uint32_t value,
                              struct engine_result *out)
{
    if (kvm_registers_call(engine, value, &out->failure) < 0) {
        out->event = ENGINE_FAILED;
        return NEXT_RETURN;
    }
    return NEXT_ENTER;
}

static enum next on_port(struct engine *engine, struct engine_result *out)
{
    uint16_t port = engine->run->io.port;
    uint32_t value;

    if (port == HOSTCALL_DOORBELL_PORT && port_value(engine, 1, &value)) {
        out->event = ENGINE_DOORBELL;
        out->value = value;
        return NEXT_RETURN;
    }
    if (port == HOSTCALL_REGISTERS_PORT && port_value(engine, 4, &value)) {
        return on_registers(engine, value, out);
    }
    if (port == HOSTCALL_EXIT_PORT && port_value(engine, 1, &value) &&
        (value == HOSTCALL_EXIT_DONE || value == HOSTCALL_EXIT_PANIC)) {
        out->event = ENGINE_DONE;
        out->value = value;
        return NEXT_RETURN;
    }
    kvm_exit_unexpected(engine, out);
    return NEXT_RETURN;
}

static enum next on_interrupted(struct engine *engine, uint64_t run_until_ns,
                                struct engine_result *out)
{
    engine->run->immediate_exit = 0;
    if (run_until_ns != 0 && now_ns() >= run_until_ns) {
        engine->timer.armed_ns = 0; /* it has fired, or is about to */
        out->event = ENGINE_PAUSED;
    } else {
        out->event = ENGINE_SIGNAL;
    }
    return NEXT_RETURN;
}

static enum next enter(struct engine *engine, uint64_t run_until_ns,
                       struct engine_result *out)
{
    if (ioctl(engine->vcpu, KVM_RUN, 0) < 0) {
        if (errno == EINTR) {
            return on_interrupted(engine, run_until_ns, out);
        }
        kvm_exit_run_failed(engine, errno, out);
        return NEXT_RETURN;
    }
    if (engine->run->exit_reason == KVM_EXIT_IO) {
        return on_port(engine, out);
    }
    kvm_exit_unexpected(engine, out);
    return NEXT_RETURN;
}

void kvm_engine_run(struct engine *engine, uint64_t run_until_ns,
                    struct engine_result *out)
{
    *out = (struct engine_result){.event = ENGINE_FAILED};
    if (kvm_timer_set(&engine->timer, run_until_ns, &out->failure) < 0) {
        return;
    }
    kvm_trace_before(engine);
    while (enter(engine, run_until_ns, out) == NEXT_ENTER) {
    }
    kvm_trace_after(engine);
}
