/* SPDX-License-Identifier: Apache-2.0 */
/* Set-up and tear-down, in the order the kernel wants them. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <abi/boot.h>
#include <cpuid.h>
#include <errno.h>
#include <host/kick.h>
#include <kvm/kvm_engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define IRQ_ROUTES 24u

static uint32_t boot_flags(const struct engine_options *options)
{
    (void)options;
    return BOOT_FLAG_HOST_REGISTERS;
}

/* KVM on a processor without VT-x or SVM runs ring 0 by interpretation. */
static const char *ring0(void)
{
    unsigned a, b, c, d;

    if (__get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 5))) {
        return "hardware"; /* VMX */
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d) && (c & (1u << 2))) {
        return "hardware"; /* SVM */
    }
    return "emulated";
}

static void probe(struct engine_probe *out)
{
    struct failure failure;
    int kvm = kvm_device_open(&failure);

    *out = (struct engine_probe){.usable = kvm >= 0, .ring0 = "unknown"};
    if (kvm < 0) {
        (void)snprintf(out->why, sizeof(out->why), "%.*s",
                       (int)sizeof(out->why) - 1, failure.text);
        (void)snprintf(out->remedy, sizeof(out->remedy), "%s", failure.remedy);
        return;
    }
    (void)close(kvm);
    out->ring0 = ring0();
    (void)snprintf(out->version, sizeof(out->version), "KVM API %d",
                   KVM_API_VERSION);
    (void)snprintf(out->why, sizeof(out->why), "/dev/kvm works, ring 0 is %s",
                   out->ring0);
}

static int create_vm(struct engine *engine, struct failure *failure)
{
    struct kvm_enable_cap split = {.cap = KVM_CAP_SPLIT_IRQCHIP,
                                   .args = {IRQ_ROUTES}};

    do {
        engine->vm = ioctl(engine->kvm, KVM_CREATE_VM, 0);
    } while (engine->vm < 0 && errno == EINTR);
    if (engine->vm < 0) {
        return kvm_device_failed(errno, "cannot create a virtual machine",
                                 failure);
    }
    if (ioctl(engine->vm, KVM_ENABLE_CAP, &split) < 0) {
        return kvm_device_failed(errno, "cannot have a split irqchip", failure);
    }
    return 0;
}

static int add_memory(struct engine *engine, struct failure *failure)
{
    struct kvm_userspace_memory_region slot = {
        .memory_size = engine->memory.bytes,
        .userspace_addr = (uint64_t)(uintptr_t)engine->memory.base,
    };

    if (ioctl(engine->vm, KVM_SET_USER_MEMORY_REGION, &slot) < 0) {
        return kvm_device_failed(errno, "cannot give memory to the guest",
                                 failure);
    }
    return 0;
}

static int create_vcpu(struct engine *engine, struct failure *failure)
{
    int bytes = ioctl(engine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    void *run;

    engine->vcpu = ioctl(engine->vm, KVM_CREATE_VCPU, 0);
    if (engine->vcpu < 0 || bytes < (int)sizeof(struct kvm_run)) {
        return kvm_device_failed(errno, "cannot create a vCPU", failure);
    }
    run = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
               engine->vcpu, 0);
    if (run == MAP_FAILED) {
        return kvm_device_failed(errno, "cannot map the vCPU", failure);
    }
    engine->run = run;
    engine->run_bytes = (size_t)bytes;
    engine_kick_watch(&engine->run->immediate_exit, -1);
    return 0;
}

static int set_up(struct engine *engine, const struct engine_guest *guest,
                  struct failure *failure)
{
    uint64_t start_info = 0;
    uint32_t entry = 0;

    engine->kvm = kvm_device_open(failure);
    if (engine->kvm < 0 || create_vm(engine, failure) < 0 ||
        add_memory(engine, failure) < 0 || create_vcpu(engine, failure) < 0 ||
        kvm_load(guest, &entry, &start_info, failure) < 0) {
        return -1;
    }
    return kvm_vcpu_prepare(engine, entry, start_info, failure);
}

static void shut(struct engine *engine)
{
    if (!engine) {
        return;
    }
    engine_kick_watch(NULL, -1);
    kvm_timer_close(&engine->timer);
    kvm_registers_free(&engine->store);
    if (engine->run) {
        (void)munmap(engine->run, engine->run_bytes);
    }
    if (engine->vcpu >= 0) {
        (void)close(engine->vcpu);
    }
    if (engine->vm >= 0) {
        (void)close(engine->vm);
    }
    if (engine->kvm >= 0) {
        (void)close(engine->kvm);
    }
    free(engine);
}

static int open_engine(struct engine **out, const struct engine_guest *guest,
                       const struct engine_options *options,
                       struct failure *failure)
{
    struct engine *engine;

    if (options->icount) {
        (void)failure_set(failure, EXIT_UNAVAILABLE,
                          "kvm: cannot count instructions");
        failure_remedy(failure, "run with --engine qemu for exact counts");
        return -1;
    }
    engine = calloc(1, sizeof(*engine));
    if (!engine) {
        return failure_set(failure, EXIT_HOST, "kvm: out of memory");
    }
    engine->kvm = -1;
    engine->vm = -1;
    engine->vcpu = -1;
    engine->memory = (struct guest_memory){guest->memory, guest->memory_bytes};
    kvm_trace_open(&engine->trace);
    if (set_up(engine, guest, failure) < 0) {
        shut(engine);
        return -1;
    }
    *out = engine;
    return 0;
}

static int registers(struct engine *engine, struct engine_registers *out)
{
    return kvm_vcpu_registers(engine, out);
}

const struct engine_ops kvm_engine = {
    .name = "kvm",
    .boot_flags = boot_flags,
    .probe = probe,
    .open = open_engine,
    .run = kvm_engine_run,
    .registers = registers,
    .confine = kvm_confine,
    .close = shut,
};
