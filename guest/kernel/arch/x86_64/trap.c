/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the processor's reasons to the kernel's, and safely back to ring 3.
 */
#include <abi/layout.h>
#include <abi/shared.h>
#include <stddef.h>

#include "cpu.h"

_Static_assert(offsetof(struct arch_frame, r15) == FRAME_R15, "r15");
_Static_assert(offsetof(struct arch_frame, r14) == FRAME_R14, "r14");
_Static_assert(offsetof(struct arch_frame, r13) == FRAME_R13, "r13");
_Static_assert(offsetof(struct arch_frame, r12) == FRAME_R12, "r12");
_Static_assert(offsetof(struct arch_frame, r10) == FRAME_R10, "r10");
_Static_assert(offsetof(struct arch_frame, r9) == FRAME_R9, "r9");
_Static_assert(offsetof(struct arch_frame, r8) == FRAME_R8, "r8");
_Static_assert(offsetof(struct arch_frame, rbp) == FRAME_RBP, "rbp");
_Static_assert(offsetof(struct arch_frame, rdi) == FRAME_RDI, "rdi");
_Static_assert(offsetof(struct arch_frame, rsi) == FRAME_RSI, "rsi");
_Static_assert(offsetof(struct arch_frame, rdx) == FRAME_RDX, "rdx");
_Static_assert(offsetof(struct arch_frame, rbx) == FRAME_RBX, "rbx");
_Static_assert(offsetof(struct arch_frame, rax) == FRAME_RAX, "rax");
_Static_assert(offsetof(struct arch_frame, rflags) == FRAME_RFLAGS, "rflags");
_Static_assert(offsetof(struct arch_frame, error) == FRAME_ERROR, "error");
_Static_assert(offsetof(struct arch_frame, rip) == FRAME_RIP, "rip");
_Static_assert(offsetof(struct arch_frame, cs) == FRAME_CS, "cs");
_Static_assert(offsetof(struct arch_frame, rsp) == FRAME_RSP, "rsp");
_Static_assert(sizeof(struct arch_frame) == FRAME_BYTES, "frame");
/* The CPU aligns a stack to 16 bytes before it pushes (SDM vol. 3, 6.14.2). */
_Static_assert(FRAME_BYTES % 16 == 0, "frames end aligned");

#define PAGE_ERROR_WRITE 0x02u
#define PAGE_ERROR_FETCH 0x10u
/* Fetch, user, protection: what `syscall` at CPL 3 runs into. */
#define PAGE_ERROR_ENTRY 0x15u

static bool entered_by_fault(const struct arch_frame *frame)
{
    return frame->vector == VECTOR_PAGE && frame->error == PAGE_ERROR_ENTRY &&
           frame->rip == (uintptr_t)syscall_entry &&
           cr2_read() == (uintptr_t)syscall_entry && (frame->cs & 3) == 3 &&
           GUARD(ENTRY_FORGED, !arch_this_cpu()->native_syscall &&
                                   !(frame->rflags & RFLAGS_IF));
}

static uint16_t fault_type_of(uint64_t vector)
{
    static const uint8_t types[32] = {
        [0] = FAULT_DIVIDE,      [1] = FAULT_DEBUG,
        [3] = FAULT_BREAKPOINT,  [6] = FAULT_UNDEFINED,
        [7] = FAULT_UNDEFINED,   [11] = FAULT_PROTECTION,
        [12] = FAULT_PROTECTION, [13] = FAULT_PROTECTION,
        [14] = FAULT_PAGE,       [16] = FAULT_FLOAT,
        [19] = FAULT_FLOAT,
    };

    if (vector < 32 && types[vector] != FAULT_NONE) {
        return types[vector];
    }
    return FAULT_OTHER;
}

static uint16_t page_access(uint64_t error)
{
    if (error & PAGE_ERROR_FETCH) {
        return ACCESS_EXEC;
    }
    return error & PAGE_ERROR_WRITE ? ACCESS_WRITE : ACCESS_READ;
}

static void syscall_frame_normalise(struct arch_frame *frame)
{
    frame->rip = frame->rcx;
    frame->rflags = frame->r11;
    frame->vector = VECTOR_SYSCALL;
    frame->error = 0;
}

void arch_trap_read(struct arch_frame *frame, struct arch_trap *trap)
{
    *trap = (struct arch_trap){.kind = TRAP_FAULT};
    if (frame->vector == VECTOR_SYSCALL) {
        trap->kind = TRAP_SYSCALL;
    } else if (entered_by_fault(frame)) {
        syscall_frame_normalise(frame);
        trap->kind = TRAP_SYSCALL;
    } else if (frame->vector == VECTOR_TIMER) {
        trap->kind = TRAP_TIMER;
    } else if (frame->vector >= 32) {
        trap->kind = TRAP_SPURIOUS;
    } else {
        trap->type = fault_type_of(frame->vector);
        if (frame->vector == VECTOR_PAGE || !GUARD_ACT(FAULT_ADDRESS)) {
            trap->address = cr2_read();
            trap->access = page_access(frame->error);
        }
    }
}

void arch_frame_sanitise(struct arch_frame *frame)
{
    if (!GUARD(FRAME_RIP, frame->rip < ABI_USER_LIMIT)) {
        frame->rip = ABI_USER_LIMIT - 1; /* unmapped: its own fault */
    }
    frame->cs = SELECTOR_USER_CODE;
    frame->ss = SELECTOR_USER_DATA;
    /* A forged entry brings flags of its own choice (r11): one guard for both,
     * since either hides that the other is missing. */
    if (GUARD_ACT(ENTRY_FORGED)) {
        frame->rflags =
            (frame->rflags & RFLAGS_USER) | RFLAGS_FIXED | RFLAGS_IF;
    }
}

_Noreturn void arch_resume(struct arch_frame *frame, bool fast)
{
    arch_frame_sanitise(frame);
    arch_frame_select(frame);
    /* Where TF traps first after SYSRET is not the same everywhere. `syscall`
     * has left TF in r11, too, which need not be the domain's own. */
    if (fast && !(frame->rflags & RFLAGS_TF)) {
        if (arch_this_cpu()->native_syscall) {
            arch_load_frame_sysret(frame);
        }
    } else if (fast && GUARD_ACT(STEP_CALL)) {
        frame->r11 &= ~(uint64_t)RFLAGS_TF;
    }
    arch_load_frame_iret(frame);
}

_Noreturn void trap_from_user(struct arch_frame *frame)
{
    if (probe_running) {
        probe_trap(frame);
    }
    kernel_trap(frame);
}

_Noreturn void trap_from_kernel(struct arch_frame *frame)
{
    kernel_panic_frame("the kernel faulted", frame->rip, frame);
}

/* Returns the domain's frame when ring 3 raised it, null to go on. */
struct arch_frame *trap_own_stack(const struct arch_frame *frame)
{
    struct arch_frame *own;

    if (frame->vector == VECTOR_NMI) {
        return NULL;
    }
    if (frame->vector != VECTOR_DEBUG || (frame->cs & 3) != 3) {
        kernel_panic_frame(frame->vector == VECTOR_DOUBLE_FAULT
                               ? "double fault"
                               : "machine check or debug trap in the kernel",
                           frame->rip, frame);
    }
    own = (struct arch_frame *)(uintptr_t)(cpu_frame_end - sizeof(*own));
    *own = *frame;
    return own;
}

static bool user_span(uint64_t address, uint64_t bytes)
{
    return address <= ABI_USER_LIMIT && bytes <= ABI_USER_LIMIT - address;
}

static enum status copy(void *to, const void *from, uint64_t bytes)
{
    uint64_t failed = this_cpu_has(FEATURE_SMAP)
                          ? copy_bytes_smap(to, from, bytes)
                          : copy_bytes(to, from, bytes);

    return failed ? STATUS_BAD_POINTER : STATUS_OK;
}

enum status arch_copy_in(void *to, uint64_t address, uint64_t bytes)
{
    if (!GUARD(COPY_ADDRESS, user_span(address, bytes))) {
        return STATUS_BAD_POINTER;
    }
    return copy(to, (const void *)(uintptr_t)address, bytes);
}

enum status arch_copy_out(uint64_t address, const void *from, uint64_t bytes)
{
    if (!GUARD(COPY_ADDRESS, user_span(address, bytes))) {
        return STATUS_BAD_POINTER;
    }
    return copy((void *)(uintptr_t)address, from, bytes);
}
