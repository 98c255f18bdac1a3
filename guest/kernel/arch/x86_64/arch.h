/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel needs of a processor. Everything privileged is behind these
 * functions; nothing above them knows an instruction or a register but by name.
 */
#ifndef ARCH_H
#define ARCH_H

#include <abi/status.h>
#include <stdbool.h>
#include <stdint.h>

struct shared_control;

/* Registers, in the order entry.S pushes them: abi/shared.h's shared_registers.
 */
struct arch_frame {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t vector, error;
    uint64_t rip, cs, rflags, rsp, ss;
};

/* x87 and SSE state as FXSAVE lays it out. */
struct arch_registers {
    _Alignas(16) uint8_t fx[512];
    uint64_t fs_base, gs_base;
};

/* Why ring 3 stopped. */
enum arch_trap_kind {
    TRAP_SYSCALL,
    TRAP_TIMER,
    TRAP_SPURIOUS, /* nothing to do: resume */
    TRAP_FAULT
};
struct arch_trap {
    enum arch_trap_kind kind;
    uint16_t type;   /* enum fault_type */
    uint16_t access; /* enum fault_access */
    uint64_t address;
};

/* Per-CPU data: one CPU for now. */
struct arch_cpu {
    uint32_t features; /* enum shared_feature bits in use */
    bool native_syscall;
    bool holes; /* ring 3 reaches state that ring 0 cannot save */
    uint64_t cr3;
    uint64_t cr3_writes, msr_writes, flushes;
};

/* arch_this_cpu, arch_physical, arch_physical_of, arch_entry_frame, arch_clear:
 * one CPU, one direct map. */
#include <arch/inline.h>

/* TSC at the PVH entry, before anything else. */
uint64_t arch_entry_tick(void);

/* Segments, descriptors, control registers, system-call registers, timer.
 * Needs: nothing before it but boot.S. */
void arch_init(void);

/*
 * Kernel image by section rights, module head read-only, the executable arena
 * out of the direct map (both in bytes, granule-aligned). Drops the identity
 * map. Cost: the image's pages, whatever the memory's size.
 */
void arch_paging_init(uint64_t head, uint64_t head_bytes, uint64_t exec,
                      uint64_t exec_bytes);

/* Runs the ring-3 probe, then calls `next` on a fresh kernel stack. */
_Noreturn void arch_probe(void (*next)(void));

/* Physical address of the probe's page, for the audit. */
uint64_t arch_probe_frame(void);
/*
 * Where ring 3 keeps state that ring 0 cannot touch (arch_cpu.holes): has ring
 * 3 empty its segment registers, in the kernel's own root, then calls `next`
 * on a fresh kernel stack.
 */
_Noreturn void arch_selectors_cleanse(void (*next)(void));

/* First registers of a domain: everything else zero. */
void arch_frame_init(struct arch_frame *frame, uint64_t rip, uint64_t rsp,
                     uint64_t argument);
/* Whatever is in the frame, returning through it is safe after this. */
void arch_frame_sanitise(struct arch_frame *frame);
/* Where ring-3 registers are saved from now on. */
void arch_frame_select(struct arch_frame *frame);
/* Sanitises, then leaves ring 0. `fast`: rcx and r11 may be lost. */
_Noreturn void arch_resume(struct arch_frame *frame, bool fast);
/* Says why ring 3 stopped; a system call's frame is made to look the same
 * whatever the substrate. */
void arch_trap_read(struct arch_frame *frame, struct arch_trap *trap);

/* System calls enter where some of them have a short way (fast.S), or not.
 * Needs: they enter ring 0 (arch_cpu.native_syscall), for `open`. */
void arch_fast(bool open);

/* Vector registers and segment bases of the running domain. */
void arch_registers_save(struct arch_registers *registers);
void arch_registers_load(const struct arch_registers *registers);
void arch_registers_clear(void); /* a known state, nobody's */
/* Segment selectors and bases that ring 3 can change by itself. */
void arch_selectors_reset(void);

/* `address` is ring 3's, under the current root; bytes <= 64 KiB.
 * Returns OK or BAD_POINTER (outside the user window, or not mapped so). */
MUST_CHECK enum status arch_copy_in(void *to, uint64_t address, uint64_t bytes);
MUST_CHECK enum status arch_copy_out(uint64_t address, const void *from,
                                     uint64_t bytes);

/* Page tables. Physical addresses; rights are enum cap_rights bits. */
uint64_t arch_leaf_entry(uint64_t frame, uint8_t rights);
/* Bit of a leaf entry that says, to the host too: a frame that a program has
 * mapped there (SDM vol. 3, 4.5.4: ignored by the processor). */
#define ARCH_LEAF_MAPPED (1ull << 9)
uint64_t arch_directory_entry(uint64_t leaf, uint8_t rights);
/* Links a zeroed root frame to the kernel's half; adds a zeroed page-directory
 * pointer table. */
void arch_root_init(uint64_t root, uint64_t pointers);
/* Adds a zeroed page directory for the gibibyte around `address`. */
void arch_root_add(uint64_t root, uint64_t address, uint64_t directory);
/* The directory entry for an address: its gibibyte has a directory. */
uint64_t *arch_root_entry(uint64_t root, uint64_t address);
/* Entry that names the page directory of an address: 0, or there is one. In
 * its bits from 52 up uses are counted, at most ARCH_POINTER_USES: those above
 * are the processor's (SDM vol. 3, 4.5.4). */
#define ARCH_POINTER_COUNT (1ull << 52)
#define ARCH_POINTER_USES 1023u
uint64_t *arch_root_pointer(uint64_t root, uint64_t address);
/* Empties a root that has no directory any more. Returns its other table, which
 * is then a zeroed frame, as the root is. */
uint64_t arch_root_end(uint64_t root);
/* Switches roots if it is another; `flush`: even if it is the same. */
void arch_root_switch(uint64_t root, bool flush);
uint64_t arch_kernel_root(void);

/* The control registers as they are now. */
void arch_control_read(struct shared_control *out);

/*
 * In entry.S: kernel_panic_frame with the registers of this call, before
 * anything has changed them (but for the arithmetic flags). `value` is what
 * the panic is about: an address, an index, a line.
 */
_Noreturn void kernel_panic(const char *what, uint64_t value);

void arch_timer_arm(uint64_t nanoseconds);
/* Measures ticks against the timer, once. Cost: a millisecond. */
void arch_clock_init(void);
/* Needs: arch_clock_init; at most 2^32 ns. The second rounds up. */
uint64_t arch_ticks_of(uint64_t nanoseconds);
uint64_t arch_nanoseconds_of(uint64_t ticks);
void arch_timer_acknowledge(void);

void arch_out8(uint16_t port, uint8_t value);
void arch_out32(uint16_t port, uint32_t value);
_Noreturn void arch_halt(void);

/*
 * Length of the instruction at `code` (`bytes` readable, at most 15 used), or
 * 0 when it is not one this decoder knows.
 */
uint32_t arch_instruction_length(const uint8_t *code, uint32_t bytes);

#define ARCH_INSTRUCTION_MAX 15u
#define ARCH_TRAP_FLAG 0x100u /* of rflags: TF */
bool arch_is_prefix(uint8_t byte);
/* What an instruction does with the flags as a whole, by its opcode. */
enum arch_flags_use { ARCH_FLAGS_KEPT, ARCH_FLAGS_PUSHED, ARCH_FLAGS_POPPED };
enum arch_flags_use arch_flags_used(uint8_t opcode);
/* Length of one behind which no trap comes but behind the next one (a move to
 * SS), else 0. */
uint32_t arch_shadow_length(const uint8_t *code, uint32_t bytes);

/* Called by entry.S. */
_Noreturn void trap_from_user(struct arch_frame *frame);
_Noreturn void trap_from_kernel(struct arch_frame *frame);
struct arch_frame *trap_own_stack(const struct arch_frame *frame);

/* Given by the kernel: every way in from ring 3 ends here. */
_Noreturn void kernel_trap(struct arch_frame *frame);
_Noreturn void kernel_panic_frame(const char *what, uint64_t value,
                                  const struct arch_frame *frame);
_Noreturn void kernel_main(uint64_t start_info);

#endif
