/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor of a start: what `ambit run` asks of /dev/kvm, and nothing else.
 * No config, no image, a guest of four instructions.
 *
 *   floor [MiB]      with AMBIT_TRACE_START=FD: see README.md
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MSR_TSC 0x10u
#define GUEST_CODE 0x200000u
#define GUEST_TICK 0x201000u
#define CPUID_ENTRIES 256u
#define IRQ_ROUTES 24u
#define MSRS_BYTES (sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry))
#define NS_PER_S 1000000000ull
#define SKIP 77

struct floor {
    int kvm, vm, vcpu;
    size_t bytes;
    uint8_t *memory;
    struct kvm_run *run;
};

struct moment {
    uint64_t ns;
    uint64_t guest_tsc;
};

/* Ends the program when a step fails: there is nothing to clean up. */
static int must(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        _exit(strcmp(what, "/dev/kvm") == 0 ? SKIP : EXIT_FAILURE);
    }
    return result;
}

static void place_guest(uint8_t *memory)
{
    static const uint8_t code[] = {
        0x0f, 0x31,                         /* rdtsc */
        0xa3, 0x00, 0x10, 0x20, 0x00,       /* mov %eax, GUEST_TICK */
        0x89, 0x15, 0x04, 0x10, 0x20, 0x00, /* mov %edx, ... + 4 */
        0xb0, 0x10, 0xe6, 0xf4,             /* out $0x10, $0xf4 */
    };

    memcpy(memory + GUEST_CODE, code, sizeof(code));
}

static void create(struct floor *f)
{
    struct kvm_enable_cap split = {.cap = KVM_CAP_SPLIT_IRQCHIP,
                                   .args = {IRQ_ROUTES}};
    struct kvm_userspace_memory_region slot = {0};
    int fd = must(memfd_create("floor", MFD_CLOEXEC), "memfd");
    void *at;

    must(ftruncate(fd, (off_t)f->bytes), "memory");
    at = mmap(NULL, f->bytes, PROT_READ | PROT_WRITE,
              MAP_SHARED | MAP_NORESERVE, fd, 0);
    must(at == MAP_FAILED ? -1 : 0, "memory");
    f->memory = at;
    f->kvm = must(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
    must(ioctl(f->kvm, KVM_GET_API_VERSION, 0), "version");
    must(ioctl(f->kvm, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY), "check");
    must(ioctl(f->kvm, KVM_CHECK_EXTENSION, KVM_CAP_IMMEDIATE_EXIT), "check");
    must(ioctl(f->kvm, KVM_CHECK_EXTENSION, KVM_CAP_SPLIT_IRQCHIP), "check");
    f->vm = must(ioctl(f->kvm, KVM_CREATE_VM, 0), "vm");
    must(ioctl(f->vm, KVM_ENABLE_CAP, &split), "split irqchip");
    slot.memory_size = f->bytes;
    slot.userspace_addr = (uint64_t)(uintptr_t)at;
    must(ioctl(f->vm, KVM_SET_USER_MEMORY_REGION, &slot), "slot");
    place_guest(f->memory);
}

static void create_vcpu(struct floor *f)
{
    int bytes = must(ioctl(f->kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "run size");
    void *at;

    f->vcpu = must(ioctl(f->vm, KVM_CREATE_VCPU, 0), "vcpu");
    at = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, f->vcpu,
              0);
    must(at == MAP_FAILED ? -1 : 0, "run");
    f->run = at;
}

static struct kvm_segment segment(uint16_t selector, uint8_t type, uint8_t s)
{
    return (struct kvm_segment){.limit = s ? 0xffffffff : 0x67,
                                .selector = selector,
                                .type = type,
                                .present = 1,
                                .db = s,
                                .s = s,
                                .g = s};
}

static void set_registers(struct floor *f)
{
    struct kvm_cpuid2 *cpuid = calloc(
        1, sizeof(*cpuid) + CPUID_ENTRIES * sizeof(struct kvm_cpuid_entry2));
    struct kvm_regs regs = {.rip = GUEST_CODE, .rflags = 2};
    struct kvm_sregs sregs;

    must(cpuid ? 0 : -1, "memory");
    cpuid->nent = CPUID_ENTRIES;
    must(ioctl(f->kvm, KVM_GET_SUPPORTED_CPUID, cpuid), "cpuid");
    must(ioctl(f->kvm, KVM_CHECK_EXTENSION, KVM_CAP_TSC_DEADLINE_TIMER),
         "check");
    must(ioctl(f->vcpu, KVM_SET_CPUID2, cpuid), "cpuid");
    must(ioctl(f->vcpu, KVM_GET_SREGS, &sregs), "sregs");
    sregs.cs = segment(0x8, 0xb, 1);
    sregs.ds = segment(0x10, 0x3, 1);
    sregs.es = sregs.fs = sregs.gs = sregs.ss = sregs.ds;
    sregs.tr = segment(0x18, 0xb, 0);
    sregs.cr0 = 0x11;
    must(ioctl(f->vcpu, KVM_SET_SREGS, &sregs), "sregs");
    must(ioctl(f->vcpu, KVM_SET_REGS, &regs), "regs");
    free(cpuid);
}

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* The guest's TSC and the host's clock at one moment, before KVM_RUN. */
static struct moment look_at_clocks(const struct floor *f)
{
    _Alignas(struct kvm_msrs) uint8_t room[MSRS_BYTES] = {0};
    struct kvm_msrs *msrs = (struct kvm_msrs *)(void *)room;
    struct moment moment;

    msrs->nmsrs = 1;
    msrs->entries[0].index = MSR_TSC;
    must(ioctl(f->vcpu, KVM_GET_MSRS, msrs), "guest clock");
    moment.ns = now_ns();
    moment.guest_tsc = msrs->entries[0].data;
    return moment;
}

static void tell(const struct floor *f, struct moment start, int fd)
{
    int khz = must(ioctl(f->vcpu, KVM_GET_TSC_KHZ, 0), "guest clock rate");
    uint64_t tick, later;

    memcpy(&tick, f->memory + GUEST_TICK, sizeof(tick));
    later = (tick - start.guest_tsc) * 1000000u / (uint64_t)khz;
    (void)dprintf(fd, "first_instruction_ns %llu\n",
                  (unsigned long long)(start.ns + later));
}

int main(int argc, char **argv)
{
    const char *trace = getenv("AMBIT_TRACE_START");
    struct floor f = {.bytes = (argc > 1 ? strtoul(argv[1], NULL, 10) : 64)
                               << 20};
    struct moment start = {0};

    create(&f);
    create_vcpu(&f);
    set_registers(&f);
    if (trace) {
        start = look_at_clocks(&f);
    }
    must(ioctl(f.vcpu, KVM_RUN, 0), "run");
    if (f.run->exit_reason != KVM_EXIT_IO || f.run->io.port != 0xf4) {
        fprintf(stderr, "floor: unexpected exit %u\n", f.run->exit_reason);
        return EXIT_FAILURE;
    }
    if (trace) {
        tell(&f, start, atoi(trace));
    }
    return EXIT_SUCCESS;
}
