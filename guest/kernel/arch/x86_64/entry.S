/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways into and out of ring 0. Coming from ring 3 the stack pointer is the end
 * of the current domain's struct arch_frame (TSS.rsp0, cpu_frame_end), so the
 * registers land in their place; C then runs on the one kernel stack and leaves
 * through arch_resume. The kernel takes no interrupts; a fault of its own is
 * either a fix-up of arch_copy or a panic.
 */
#include <abi/guard_asm.h>

#include "arch_asm.h"

.macro save_general
    pushq %rax
    pushq %rbx
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %rbp
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
.endm

.macro load_general
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rbp
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rbx
    popq %rax
.endm

    .cfi_sections .debug_frame
    .text

/*
 * `syscall`: rcx = return address, r11 = flags, both as ring 3 left them;
 * rsp is still ring 3's. SFMASK has cleared IF TF DF AC NT. A page of its own
 * is not needed, but its address is: where `syscall` stays in ring 3, fetching
 * from here faults, and the fault is the system call. It is at the start of a
 * page (kernel.ld), where an attack finds it without the symbol table. A
 * backtrace ends here: below is ring 3.
 */
    .section .text.entry, "ax", @progbits
    .balign 64
    .globl syscall_entry
syscall_entry:
    .cfi_startproc
    .cfi_undefined rip
    movq %rsp, cpu_user_rsp(%rip)
    movq cpu_frame_end(%rip), %rsp
    pushq $SELECTOR_USER_DATA
    pushq cpu_user_rsp(%rip)
    pushq %r11
    pushq $SELECTOR_USER_CODE
    pushq %rcx
    pushq $0
    pushq $VECTOR_SYSCALL
    save_general
    movq %rsp, %rdi
    leaq kernel_stack_top(%rip), %rsp
    xorl %ebp, %ebp
    call trap_from_user
    ud2
    .cfi_endproc

    .text
/* One stub a vector, 16 bytes apart: error code (0 where the CPU gives none),
 * vector number. */
    .balign 16
    .globl vector_stubs
vector_stubs:
    .cfi_startproc
    .cfi_undefined rip
    .set vector, 0
    .rept VECTOR_COUNT
    .balign 16
    .if (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17) \
        || (vector == 21) || (vector == 29) || (vector == 30)
    .else
    pushq $0
    .endif
    pushq $vector
    .if (vector == 1) || (vector == 2) || (vector == 8) || (vector == 18)
    jmp trap_on_own_stack
    .else
    jmp trap_common
    .endif
    .set vector, vector + 1
    .endr

/* Ring 3's flags are untrusted: DF would turn copies round, and AC is SMAP's
 * window. One pop clears both. */
trap_common:
    testb $3, 24(%rsp)          /* CS */
    jz trap_in_kernel
    GUARD_ASM(DIRECTION_FLAG, pushq $RFLAGS_FIXED; popfq)
    save_general
    movq %rsp, %rdi
    leaq kernel_stack_top(%rip), %rsp
    xorl %ebp, %ebp
    call trap_from_user
    ud2

/* Ring 0 faulted. In arch_copy's loops that is an answer, not an accident. */
trap_in_kernel:
    cld
    save_general
    movq FRAME_RIP(%rsp), %rax
    leaq copy_start(%rip), %rcx
    cmpq %rcx, %rax
    jb 1f
    leaq copy_end(%rip), %rcx
    cmpq %rcx, %rax
    jae 1f
    GUARD_ASM(COPY_FAULT, movq FRAME_RSP(%rsp), %rsp; jmp copy_fault)
1:  movq %rsp, %rdi
    call trap_from_kernel
    ud2

/* #DB NMI #DF #MC: on a stack of their own (IST). */
trap_on_own_stack:
    pushq $RFLAGS_FIXED
    popfq
    save_general
    movq %rsp, %rdi
    call trap_own_stack
    testq %rax, %rax            /* a domain's own doing: handle it as such */
    jnz 1f
    load_general
    addq $16, %rsp
    iretq
1:  movq %rax, %rdi
    leaq kernel_stack_top(%rip), %rsp
    xorl %ebp, %ebp
    call trap_from_user
    ud2
    .cfi_endproc

/*
 * noreturn void kernel_panic(const char *what, uint64_t value): a frame as a
 * trap here would have left it, so that the caller is the next one up.
 */
    .globl kernel_panic
kernel_panic:
    .cfi_startproc
    pushq $SELECTOR_KERNEL_DATA
    .cfi_adjust_cfa_offset 8
    pushq %rsp
    .cfi_adjust_cfa_offset 8
    addq $8, (%rsp)             /* as before the first push */
    pushfq
    .cfi_adjust_cfa_offset 8
    pushq $SELECTOR_KERNEL_CODE
    .cfi_adjust_cfa_offset 8
    pushq $kernel_panic
    .cfi_adjust_cfa_offset 8
    pushq $0
    .cfi_adjust_cfa_offset 8
    pushq $VECTOR_NONE
    .cfi_adjust_cfa_offset 8
    save_general
    .cfi_adjust_cfa_offset 120
    movq %rsp, %rdx
    call kernel_panic_frame
    ud2
    .cfi_endproc

/* noreturn void arch_load_frame_iret(struct arch_frame *frame) */
    .globl arch_load_frame_iret
arch_load_frame_iret:
    movq %rdi, %rsp
    load_general
    addq $16, %rsp
    iretq

/* noreturn void arch_load_frame_sysret(struct arch_frame *frame): rcx and r11
 * are lost, as after any system call. */
    .globl arch_load_frame_sysret
arch_load_frame_sysret:
    movq %rdi, %rsp
    load_general
    movq 16(%rsp), %rcx         /* rip */
    movq 32(%rsp), %r11         /* rflags */
    movq 40(%rsp), %rsp
    sysretq

/*
 * uint64_t copy_bytes(void *to, const void *from, uint64_t bytes):
 * 0, or 1 after a fault. The only code that touches ring 3's memory.
 */
    .globl copy_bytes
copy_bytes:
    .cfi_startproc
    movq %rdx, %rcx
    shrq $3, %rcx
copy_start:
    rep movsq
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
copy_end:
    xorl %eax, %eax
    ret
copy_fault:
    movl $1, %eax
    ret
    .cfi_endproc

/*
 * The same with EFLAGS.AC set, where SMAP is on. By POPF and not STAC, which
 * one substrate offers and cannot emulate (docs/substrates.md).
 */
    .globl copy_bytes_smap
copy_bytes_smap:
    .cfi_startproc
    pushfq
    .cfi_adjust_cfa_offset 8
    orq $RFLAGS_AC, (%rsp)
    popfq
    .cfi_adjust_cfa_offset -8
    call copy_bytes
    pushfq
    .cfi_adjust_cfa_offset 8
    andq $~RFLAGS_AC, (%rsp)
    popfq
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_endproc

/* Freestanding compilers call these. */
    .globl memcpy
memcpy:
    .cfi_startproc
    movq %rdi, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    ret
    .cfi_endproc

    .globl memset
memset:
    .cfi_startproc
    movq %rdi, %r8
    movzbl %sil, %eax
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep stosq
    movl %edx, %ecx
    andl $7, %ecx
    rep stosb
    movq %r8, %rax
    ret
    .cfi_endproc

/*
 * Runs once in ring 3 at boot: which of these execute although the kernel has
 * not enabled them, and where does `syscall` arrive? arch_probe reads r8.
 */
    .section .probe, "ax", @progbits
    .globl probe_code, probe_avx, probe_pkru
probe_code:
probe_avx:
    vzeroupper
    orl $1, %r8d
probe_pkru:
    rdpkru
    orl $2, %r8d
    syscall
    ud2

/* Ring 3 empties its own segment registers, where ring 0's loads do not reach
 * them (arch_selectors_cleanse). eax is 0. */
    .globl cleanse_code
cleanse_code:
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    syscall
    ud2

    .section .bss
    .balign 8
    .globl cpu_user_rsp, cpu_frame_end, cpu_tss
cpu_user_rsp:
    .quad 0
    .skip 4
cpu_tss:                        /* struct tss: 104 bytes */
    .skip 4
cpu_frame_end:                  /* its rsp[0] */
    .skip 100
    .section .note.GNU-stack, "", @progbits
