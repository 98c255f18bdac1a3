/* SPDX-License-Identifier: Apache-2.0 */
/* The vCPU: what it says of itself (CPUID), and the PVH entry state. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define CPUID_ENTRIES 256u
#define CPUID_FEATURES 1u
#define CPUID_TOPOLOGY 0xbu
#define CPUID_TOPOLOGY_2 0x1fu
#define CPUID_1_ECX_TSC_DEADLINE (1u << 24)
#define CPUID_1_EBX_APIC_ID 0xff000000u

#define SELECTOR_CODE 0x8u
#define SELECTOR_DATA 0x10u
#define SELECTOR_TASK 0x18u
#define TYPE_CODE 0xbu /* execute, read, accessed */
#define TYPE_DATA 0x3u /* read, write, accessed */
#define TYPE_TASK 0xbu /* 32-bit TSS, busy */
#define TASK_LIMIT 0x67u
#define CR0_PE 1ull
#define CR0_ET 0x10ull
#define RFLAGS_FIXED 2ull

/* The one CPU of the guest has APIC id 0, wherever the host asked. */
static void adjust(struct kvm_cpuid_entry2 *entry, bool deadline)
{
    switch (entry->function) {
    case CPUID_FEATURES:
        entry->ebx &= ~CPUID_1_EBX_APIC_ID;
        if (deadline) {
            entry->ecx |= CPUID_1_ECX_TSC_DEADLINE;
        }
        break;
    case CPUID_TOPOLOGY:
    case CPUID_TOPOLOGY_2:
        entry->edx = 0;
        break;
    default:
        break;
    }
}

static int set_cpuid(const struct engine *engine, struct failure *failure)
{
    size_t bytes = sizeof(struct kvm_cpuid2) +
                   CPUID_ENTRIES * sizeof(struct kvm_cpuid_entry2);
    struct kvm_cpuid2 *cpuid = calloc(1, bytes);
    bool deadline;
    uint32_t i;
    int rc;

    if (!cpuid) {
        return failure_set(failure, EXIT_HOST, "kvm: out of memory");
    }
    cpuid->nent = CPUID_ENTRIES;
    rc = ioctl(engine->kvm, KVM_GET_SUPPORTED_CPUID, cpuid);
    if (rc == 0) {
        deadline = ioctl(engine->kvm, KVM_CHECK_EXTENSION,
                         KVM_CAP_TSC_DEADLINE_TIMER) > 0;
        for (i = 0; i < cpuid->nent && i < CPUID_ENTRIES; i++) {
            adjust(&cpuid->entries[i], deadline);
        }
        rc = ioctl(engine->vcpu, KVM_SET_CPUID2, cpuid);
    }
    if (rc < 0) {
        (void)failure_set(failure, EXIT_HOST, "kvm: setting CPUID: %s",
                          strerror(errno));
    }
    free(cpuid);
    return rc;
}

static struct kvm_segment flat(uint16_t selector, uint8_t type)
{
    return (struct kvm_segment){
        .limit = 0xffffffff,
        .selector = selector,
        .type = type,
        .present = 1,
        .db = 1,
        .s = 1,
        .g = 1,
    };
}

/* hvm/start_info.h: protected mode, paging off, flat 4 GiB segments. */
static int set_segments(const struct engine *engine, struct failure *failure)
{
    struct kvm_sregs sregs;

    /* The reset values first: the APIC base and LDT stay as they are. */
    if (ioctl(engine->vcpu, KVM_GET_SREGS, &sregs) < 0) {
        return failure_set(failure, EXIT_HOST, "kvm: KVM_GET_SREGS: %s",
                           strerror(errno));
    }
    sregs.cs = flat(SELECTOR_CODE, TYPE_CODE);
    sregs.ds = flat(SELECTOR_DATA, TYPE_DATA);
    sregs.es = sregs.ds;
    sregs.fs = sregs.ds;
    sregs.gs = sregs.ds;
    sregs.ss = sregs.ds;
    sregs.tr = (struct kvm_segment){
        .limit = TASK_LIMIT,
        .selector = SELECTOR_TASK,
        .type = TYPE_TASK,
        .present = 1,
    };
    sregs.cr0 = CR0_PE | CR0_ET;
    if (ioctl(engine->vcpu, KVM_SET_SREGS, &sregs) < 0) {
        return failure_set(failure, EXIT_HOST, "kvm: KVM_SET_SREGS: %s",
                           strerror(errno));
    }
    return 0;
}

int kvm_vcpu_prepare(struct engine *engine, uint32_t entry, uint64_t start_info,
                     struct failure *failure)
{
    struct kvm_regs regs = {
        .rip = entry, .rbx = start_info, .rflags = RFLAGS_FIXED};

    if (set_cpuid(engine, failure) < 0 || set_segments(engine, failure) < 0) {
        return -1;
    }
    if (ioctl(engine->vcpu, KVM_SET_REGS, &regs) < 0) {
        return failure_set(failure, EXIT_HOST, "kvm: KVM_SET_REGS: %s",
                           strerror(errno));
    }
    return 0;
}

int kvm_vcpu_registers(const struct engine *engine,
                       struct engine_registers *out)
{
    struct kvm_sregs s;
    struct kvm_regs r;

    if (ioctl(engine->vcpu, KVM_GET_SREGS, &s) < 0 ||
        ioctl(engine->vcpu, KVM_GET_REGS, &r) < 0) {
        return -1;
    }
    *out = (struct engine_registers){
        .rip = r.rip,
        .rsp = r.rsp,
        .cr0 = s.cr0,
        .cr2 = s.cr2,
        .cr3 = s.cr3,
        .cr4 = s.cr4,
        .efer = s.efer,
        .rflags = r.rflags,
        .cs = s.cs.selector,
        .ss = s.ss.selector,
        .bases_known = true,
        .fs_base = s.fs.base,
        .gs_base = s.gs.base,
        .gdt_base = s.gdt.base,
        .idt_base = s.idt.base,
        .general = {r.rax, r.rcx, r.rdx, r.rbx, r.rsp, r.rbp, r.rsi, r.rdi,
                    r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15},
    };
    return 0;
}
