/* SPDX-License-Identifier: Apache-2.0 */
/* Exits that end the guest: each has a name, and is told with all we know. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <host/describe.h>
#include <string.h>

#define INTERNAL_DATA_MAX 16u

/* Every reason of <linux/kvm.h>, by its number. */
static const char *const exit_names[] = {
    [KVM_EXIT_UNKNOWN] = "KVM_EXIT_UNKNOWN",
    [KVM_EXIT_EXCEPTION] = "KVM_EXIT_EXCEPTION",
    [KVM_EXIT_IO] = "KVM_EXIT_IO",
    [KVM_EXIT_HYPERCALL] = "KVM_EXIT_HYPERCALL",
    [KVM_EXIT_DEBUG] = "KVM_EXIT_DEBUG",
    [KVM_EXIT_HLT] = "KVM_EXIT_HLT",
    [KVM_EXIT_MMIO] = "KVM_EXIT_MMIO",
    [KVM_EXIT_IRQ_WINDOW_OPEN] = "KVM_EXIT_IRQ_WINDOW_OPEN",
    [KVM_EXIT_SHUTDOWN] = "KVM_EXIT_SHUTDOWN",
    [KVM_EXIT_FAIL_ENTRY] = "KVM_EXIT_FAIL_ENTRY",
    [KVM_EXIT_INTR] = "KVM_EXIT_INTR",
    [KVM_EXIT_SET_TPR] = "KVM_EXIT_SET_TPR",
    [KVM_EXIT_TPR_ACCESS] = "KVM_EXIT_TPR_ACCESS",
    [KVM_EXIT_S390_SIEIC] = "KVM_EXIT_S390_SIEIC",
    [KVM_EXIT_S390_RESET] = "KVM_EXIT_S390_RESET",
    [KVM_EXIT_DCR] = "KVM_EXIT_DCR",
    [KVM_EXIT_NMI] = "KVM_EXIT_NMI",
    [KVM_EXIT_INTERNAL_ERROR] = "KVM_EXIT_INTERNAL_ERROR",
    [KVM_EXIT_OSI] = "KVM_EXIT_OSI",
    [KVM_EXIT_PAPR_HCALL] = "KVM_EXIT_PAPR_HCALL",
    [KVM_EXIT_S390_UCONTROL] = "KVM_EXIT_S390_UCONTROL",
    [KVM_EXIT_WATCHDOG] = "KVM_EXIT_WATCHDOG",
    [KVM_EXIT_S390_TSCH] = "KVM_EXIT_S390_TSCH",
    [KVM_EXIT_EPR] = "KVM_EXIT_EPR",
    [KVM_EXIT_SYSTEM_EVENT] = "KVM_EXIT_SYSTEM_EVENT",
    [KVM_EXIT_S390_STSI] = "KVM_EXIT_S390_STSI",
    [KVM_EXIT_IOAPIC_EOI] = "KVM_EXIT_IOAPIC_EOI",
    [KVM_EXIT_HYPERV] = "KVM_EXIT_HYPERV",
    [KVM_EXIT_ARM_NISV] = "KVM_EXIT_ARM_NISV",
    [KVM_EXIT_X86_RDMSR] = "KVM_EXIT_X86_RDMSR",
    [KVM_EXIT_X86_WRMSR] = "KVM_EXIT_X86_WRMSR",
    [KVM_EXIT_DIRTY_RING_FULL] = "KVM_EXIT_DIRTY_RING_FULL",
    [KVM_EXIT_AP_RESET_HOLD] = "KVM_EXIT_AP_RESET_HOLD",
    [KVM_EXIT_X86_BUS_LOCK] = "KVM_EXIT_X86_BUS_LOCK",
    [KVM_EXIT_XEN] = "KVM_EXIT_XEN",
    [KVM_EXIT_RISCV_SBI] = "KVM_EXIT_RISCV_SBI",
    [KVM_EXIT_RISCV_CSR] = "KVM_EXIT_RISCV_CSR",
    [KVM_EXIT_NOTIFY] = "KVM_EXIT_NOTIFY",
};

static const char *const suberror_names[] = {
    [KVM_INTERNAL_ERROR_EMULATION] = "instruction that KVM cannot emulate",
    [KVM_INTERNAL_ERROR_SIMUL_EX] = "exceptions at the same time",
    [KVM_INTERNAL_ERROR_DELIVERY_EV] = "exit while an event was delivered",
    [KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON] = "unexpected hardware exit",
};

static const char *name_in(const char *const *names, size_t count,
                           uint32_t number)
{
    if (number < count && names[number]) {
        return names[number];
    }
    return "a reason newer than this program";
}

static void tell_port(const struct kvm_run *run, struct failure *failure)
{
    failure_append(failure, ": %s port 0x%x, %u byte(s), %u time(s)",
                   run->io.direction == KVM_EXIT_IO_OUT ? "out to" : "in from",
                   run->io.port, run->io.size, run->io.count);
}

static void tell_internal(const struct kvm_run *run, struct failure *failure)
{
    uint32_t count = run->internal.ndata;
    uint32_t i;

    failure_append(failure, ": suberror %u (%s)", run->internal.suberror,
                   name_in(suberror_names,
                           sizeof(suberror_names) / sizeof(suberror_names[0]),
                           run->internal.suberror));
    if (count > INTERNAL_DATA_MAX) {
        count = INTERNAL_DATA_MAX;
    }
    for (i = 0; i < count; i++) {
        failure_append(failure, "%s%llx", i == 0 ? ", data " : " ",
                       (unsigned long long)run->internal.data[i]);
    }
}

/* What kvm_run says beyond the reason. */
static void tell_details(const struct kvm_run *run, struct failure *failure)
{
    switch (run->exit_reason) {
    case KVM_EXIT_UNKNOWN:
        failure_append(failure, ": hardware reason 0x%llx",
                       (unsigned long long)run->hw.hardware_exit_reason);
        break;
    case KVM_EXIT_FAIL_ENTRY:
        failure_append(
            failure, ": hardware reason 0x%llx",
            (unsigned long long)run->fail_entry.hardware_entry_failure_reason);
        break;
    case KVM_EXIT_EXCEPTION:
        failure_append(failure, ": vector %u, error code 0x%x",
                       run->ex.exception, run->ex.error_code);
        break;
    case KVM_EXIT_IO:
        tell_port(run, failure);
        break;
    case KVM_EXIT_MMIO:
        failure_append(failure, ": %s of %u byte(s) at guest physical 0x%llx",
                       run->mmio.is_write ? "write" : "read", run->mmio.len,
                       (unsigned long long)run->mmio.phys_addr);
        break;
    case KVM_EXIT_SHUTDOWN:
        failure_append(failure, ": triple fault");
        break;
    case KVM_EXIT_SYSTEM_EVENT:
        failure_append(failure, ": type %u", run->system_event.type);
        break;
    case KVM_EXIT_INTERNAL_ERROR:
        tell_internal(run, failure);
        break;
    default:
        break;
    }
}

static void describe(struct engine *engine, struct engine_result *out)
{
    struct engine_registers registers;
    bool known = kvm_vcpu_registers(engine, &registers) == 0;

    out->event = ENGINE_FAILED;
    engine_describe(&out->failure, &engine->memory, known ? &registers : NULL);
}

void kvm_exit_unexpected(struct engine *engine, struct engine_result *out)
{
    const struct kvm_run *run = engine->run;

    (void)failure_set(&out->failure, EXIT_HOST, "kvm: unexpected exit %u, %s",
                      run->exit_reason,
                      name_in(exit_names,
                              sizeof(exit_names) / sizeof(exit_names[0]),
                              run->exit_reason));
    tell_details(run, &out->failure);
    describe(engine, out);
}

void kvm_exit_run_failed(struct engine *engine, int error,
                         struct engine_result *out)
{
    (void)failure_set(&out->failure, EXIT_HOST, "kvm: KVM_RUN: %s",
                      strerror(error));
    describe(engine, out);
}
