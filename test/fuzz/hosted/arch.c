/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch.h over fake memory, but for trap.c and instruction.c, which are the
 * kernel's own. Whatever a processor would notice late or never is noticed
 * here: memory that is not mapped, a stale TLB entry that ring 3 could use,
 * registers of another domain.
 */
#include "machine.h"

#include "fake_cpu.h"
#include "fuzz.h"
#include "kernel.h"

#include <string.h>

#define PRESENT 0x1ull
#define WRITE 0x2ull
#define USER 0x4ull
#define LARGE 0x80ull
#define NO_EXEC 0x8000000000000000ull
#define FRAME 0x000ffffffffff000ull

#define TLB_ENTRIES 64u

static struct arch_cpu cpu;
uint64_t fake_cr2;
uint64_t cpu_frame_end;
bool probe_running;
const uint8_t syscall_entry[1];

/* What ring 3 has used since the last switch or flush. */
static struct {
    uint64_t page, frame; /* frame 0: empty */
    uint8_t rights;
} tlb[TLB_ENTRIES];
static uint32_t tlb_next;

/* Whose vector registers are in the CPU, and which life's; 0: nobody's. */
static uint32_t registers_of;
static uint32_t host_saved[HOSTCALL_DOMAINS];

static uint32_t life_of(uint32_t domain)
{
    struct domain *who = domain_at(domain);

    return who->party.life << 8 | (domain_result(who)->starts & 0xff);
}

struct arch_cpu *arch_this_cpu(void)
{
    return &cpu;
}

void *arch_physical(uint64_t address)
{
    FUZZ_CHECK(address >= ABI_PAGE_SIZE && address < machine.scene->bytes);
    FUZZ_CHECK(address < machine.arena || address >= machine.arena_end);
    return machine.scene->memory + address;
}

uint64_t arch_physical_of(const void *mapped)
{
    return (uint64_t)((const uint8_t *)mapped - machine.scene->memory);
}

uint64_t arch_leaf_entry(uint64_t frame, uint8_t rights)
{
    return frame | PRESENT | USER | (rights & CAP_WRITE ? WRITE : 0) |
           (rights & CAP_EXEC ? 0 : NO_EXEC);
}

uint64_t arch_directory_entry(uint64_t leaf, uint8_t rights)
{
    return arch_leaf_entry(leaf, rights);
}

uint64_t arch_entry_frame(uint64_t entry)
{
    return entry & PRESENT ? entry & FRAME : 0;
}

uint64_t arch_kernel_root(void)
{
    return FAKE_ROOT;
}

void arch_root_init(uint64_t root, uint64_t pointers)
{
    uint64_t *top = arch_physical(root), *own = arch_physical(FAKE_ROOT);

    top[0] = pointers | PRESENT | WRITE | USER;
    top[256] = own[256];
}

static uint64_t *root_pointers(uint64_t root)
{
    uint64_t *top = arch_physical(root);

    return arch_physical(arch_entry_frame(top[0]));
}

void arch_root_add(uint64_t root, uint64_t address, uint64_t directory)
{
    root_pointers(root)[address >> 30 & 511] =
        directory | PRESENT | WRITE | USER;
}

uint64_t *arch_root_pointer(uint64_t root, uint64_t address)
{
    return &root_pointers(root)[address >> 30 & 511];
}

uint64_t arch_root_end(uint64_t root)
{
    uint64_t *top = arch_physical(root);
    uint64_t pointers = arch_entry_frame(top[0]);

    top[0] = 0;
    top[256] = 0;
    return pointers;
}

uint64_t *arch_root_entry(uint64_t root, uint64_t address)
{
    uint64_t entry = root_pointers(root)[address >> 30 & 511];
    uint64_t *directory;

    FUZZ_CHECK(entry & PRESENT);
    directory = arch_physical(arch_entry_frame(entry));
    return &directory[address >> ABI_GRANULE_SHIFT & 511];
}

void arch_root_switch(uint64_t root, bool flush)
{
    if (cpu.cr3 == root && !flush) {
        return;
    }
    cpu.flushes += flush;
    cpu.cr3_writes++;
    cpu.cr3 = root;
    memset(tlb, 0, sizeof(tlb));
}

/* The kernel's half: the direct map, in 2 MiB pages, two holes in it. */
void arch_paging_init(uint64_t head, uint64_t head_bytes, uint64_t exec,
                      uint64_t exec_bytes)
{
    uint64_t *top = arch_physical(FAKE_ROOT);
    uint64_t *pointers = arch_physical(FAKE_ROOT + 0x1000);
    uint64_t *directory = arch_physical(FAKE_ROOT + 0x2000);

    top[256] = (FAKE_ROOT + 0x1000) | PRESENT | WRITE;
    pointers[0] = (FAKE_ROOT + 0x2000) | PRESENT | WRITE;
    for (uint64_t at = 0; at < machine.scene->bytes; at += ABI_GRANULE_SIZE) {
        if (at != ABI_KERNEL_PHYS && (at < exec || at >= exec + exec_bytes)) {
            bool readonly = at >= head && at < head + head_bytes;

            directory[at >> ABI_GRANULE_SHIFT] =
                at | PRESENT | LARGE | NO_EXEC | (readonly ? 0 : WRITE);
        }
    }
    machine.arena = exec;
    machine.arena_end = exec + exec_bytes;
    arch_root_switch(FAKE_ROOT, true);
}

/* One level down; false: nothing there for ring 3. */
static bool step(uint64_t *table, unsigned shift, uint64_t address,
                 uint8_t *rights)
{
    const uint64_t *entries =
        (const uint64_t *)(const void *)(machine.scene->memory + *table);
    uint64_t entry = entries[address >> shift & 511];

    if (!(entry & PRESENT) || !(entry & USER)) {
        return false;
    }
    FUZZ_CHECK((entry & FRAME) < machine.scene->bytes);
    *table = entry & FRAME;
    *rights &= (uint8_t)(CAP_READ | (entry & WRITE ? CAP_WRITE : 0) |
                         (entry & NO_EXEC ? 0 : CAP_EXEC));
    return true;
}

static uint64_t translate(uint64_t root, uint64_t address, uint8_t *rights)
{
    uint64_t table = root;

    *rights = CAP_READ | CAP_WRITE | CAP_EXEC;
    for (unsigned shift = 39; shift >= 12; shift -= 9) {
        if (!step(&table, shift, address, rights)) {
            return 0;
        }
    }
    return table;
}

uint64_t arch_fake_translate(uint64_t address, uint8_t rights)
{
    uint8_t found;
    uint64_t frame;

    if (address >> 47) {
        return 0;
    }
    frame = translate(cpu.cr3, address, &found);
    if (!frame || (rights & ~found)) {
        return 0;
    }
    tlb[tlb_next].page = address >> ABI_PAGE_SHIFT;
    tlb[tlb_next].frame = frame;
    tlb[tlb_next].rights = rights;
    tlb_next = (tlb_next + 1) % TLB_ENTRIES;
    return frame | (address & (ABI_PAGE_SIZE - 1));
}

/* Ring 3 goes on: nothing that it can still reach has been taken away. */
static void tlb_check(void)
{
    for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
        uint8_t found = 0;

        if (tlb[i].frame) {
            FUZZ_CHECK(translate(cpu.cr3, tlb[i].page << ABI_PAGE_SHIFT,
                                 &found) == tlb[i].frame);
            FUZZ_CHECK((tlb[i].rights & ~found) == 0);
        }
    }
}

static uint64_t copy_fake(void *to, const void *from, uint64_t bytes)
{
    /* The pointer of ring 3 is the one that is not in this process. */
    bool in = (uintptr_t)from <= ABI_USER_LIMIT;
    uint64_t address = (uintptr_t)(in ? from : to);
    uint8_t *out = to;
    const uint8_t *own = from;

    for (uint64_t i = 0; i < bytes; i++) {
        uint64_t at =
            arch_fake_translate(address + i, in ? CAP_READ : CAP_WRITE);

        if (!at) {
            return bytes - i;
        }
        if (in) {
            out[i] = machine.scene->memory[at];
        } else {
            machine.scene->memory[at] = own[i];
        }
    }
    return 0;
}

uint64_t copy_bytes(void *to, const void *from, uint64_t bytes)
{
    return copy_fake(to, from, bytes);
}

uint64_t copy_bytes_smap(void *to, const void *from, uint64_t bytes)
{
    return copy_fake(to, from, bytes);
}

void arch_init(void)
{
    cpu.features = FEATURE_NX;
    cpu.native_syscall = machine.options.native;
    cpu.holes = machine.options.holes;
}

uint64_t arch_entry_tick(void)
{
    return 1;
}

uint64_t arch_ticks(void)
{
    return ++machine.ticks;
}

_Noreturn void arch_probe(void (*next)(void))
{
    next();
    FUZZ_FAIL("the kernel returned");
}

uint64_t arch_probe_frame(void)
{
    return ABI_KERNEL_PHYS + 0x1000;
}

_Noreturn void probe_trap(struct arch_frame *frame)
{
    (void)frame;
    FUZZ_FAIL("no probe runs");
}

_Noreturn void arch_selectors_cleanse(void (*next)(void))
{
    arch_root_switch(FAKE_ROOT, true);
    next();
    FUZZ_FAIL("the kernel returned");
}

void arch_frame_init(struct arch_frame *frame, uint64_t rip, uint64_t rsp,
                     uint64_t argument)
{
    *frame = (struct arch_frame){
        .rip = rip,
        .cs = SELECTOR_USER_CODE,
        .rflags = RFLAGS_FIXED | RFLAGS_IF,
        .rsp = rsp,
        .ss = SELECTOR_USER_DATA,
        .rdi = argument,
    };
}

void arch_frame_select(struct arch_frame *frame)
{
    cpu_frame_end = (uintptr_t)frame + sizeof(*frame);
}

/* Nothing here goes the short way. */
void arch_fast(bool open)
{
    (void)open;
}

static _Noreturn void ring3(struct arch_frame *frame)
{
    const struct domain *domain = (const struct domain *)(void *)frame;

    FUZZ_CHECK(frame->rip < ABI_USER_LIMIT);
    FUZZ_CHECK(frame->cs == SELECTOR_USER_CODE);
    FUZZ_CHECK(frame->ss == SELECTOR_USER_DATA);
    FUZZ_CHECK(frame->rflags & RFLAGS_IF);
    FUZZ_CHECK(!(frame->rflags & (RFLAGS_IOPL | RFLAGS_NT | RFLAGS_VM)));
    FUZZ_CHECK(registers_of == 0 || registers_of == life_of(domain->index));
    FUZZ_CHECK(cpu.cr3 == domain->is.space->root);
    tlb_check();
    registers_of = life_of(domain->index);
    machine.frame = frame;
    machine_leave(MACHINE_RING3);
}

_Noreturn void arch_load_frame_iret(struct arch_frame *frame)
{
    ring3(frame);
}

_Noreturn void arch_load_frame_sysret(struct arch_frame *frame)
{
    ring3(frame);
}

void arch_registers_save(struct arch_registers *registers)
{
    memcpy(registers->fx, &registers_of, sizeof(registers_of));
}

void arch_registers_load(const struct arch_registers *registers)
{
    memcpy(&registers_of, registers->fx, sizeof(registers_of));
}

void arch_registers_clear(void)
{
    registers_of = 0;
}

void arch_selectors_reset(void)
{
}

void arch_timer_arm(uint64_t nanoseconds)
{
    (void)nanoseconds;
}

void arch_clock_init(void)
{
}

/* A tick is a microsecond: waiting for a period is short. */
uint64_t arch_ticks_of(uint64_t nanoseconds)
{
    return nanoseconds / 1000;
}

uint64_t arch_nanoseconds_of(uint64_t ticks)
{
    return ticks * 1000;
}

void arch_timer_acknowledge(void)
{
}

/* What the VMM does at each doorbell, as far as the kernel sees it. */
void arch_out8(uint16_t port, uint8_t value)
{
    if (port == HOSTCALL_DOORBELL_PORT) {
        shared.console_taken = shared.console_written;
        if (value == HOSTCALL_STEP && machine.options.steps) {
            machine_audit();
        }
        return;
    }
    FUZZ_CHECK(port == HOSTCALL_EXIT_PORT);
    FUZZ_CHECK(value == HOSTCALL_EXIT_DONE);
    machine_leave(MACHINE_DONE);
}

/* As vmm/kvm does it (kvm_registers.c). */
void arch_out32(uint16_t port, uint32_t value)
{
    uint32_t from = value & HOSTCALL_NO_DOMAIN;
    uint32_t to = value >> HOSTCALL_REGISTERS_TO & HOSTCALL_NO_DOMAIN;
    uint32_t operation = value >> HOSTCALL_REGISTERS_OPERATION;

    FUZZ_CHECK(port == HOSTCALL_REGISTERS_PORT && machine.options.holes);
    if (operation == HOSTCALL_REGISTERS_FORGET) {
        host_saved[from] = 0;
        return;
    }
    if (from != HOSTCALL_NO_DOMAIN) {
        host_saved[from] = registers_of;
    }
    registers_of = 0;
    if (operation == HOSTCALL_REGISTERS_SWITCH && to != HOSTCALL_NO_DOMAIN) {
        registers_of = host_saved[to];
    }
}

void arch_control_read(struct shared_control *out)
{
    *out = (struct shared_control){.cr3 = cpu.cr3};
}

/* Nothing that ring 3 does may come here. */
_Noreturn void kernel_panic(const char *what, uint64_t value)
{
    (void)value;
    FUZZ_FAIL(what);
}

_Noreturn void arch_halt(void)
{
    FUZZ_FAIL("the kernel halted without a word");
}

void arch_fake_reset(void)
{
    memset(&cpu, 0, sizeof(cpu));
    memset(tlb, 0, sizeof(tlb));
    memset(host_saved, 0, sizeof(host_saved));
    registers_of = 0;
    tlb_next = 0;
}
