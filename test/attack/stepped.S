/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for TF, and getting rid of it. The kernel steps what is here. */
#define SYSCALL_YIELD_NUMBER 1 /* abi/syscall.h */

    .text
/* uint64_t pushed_flags(void): all that PUSHF leaves, however it is prefixed;
 * TF (bit 8) is set in the value if any of them shows it. */
    .globl pushed_flags
pushed_flags:
    xorl %eax, %eax
    pushfq
    popq %rcx
    orq %rcx, %rax
    .byte 0x48, 0x9c            /* REX.W */
    popq %rcx
    orq %rcx, %rax
    .byte 0x2e, 0x67, 0x9c      /* CS, address size */
    popq %rcx
    orq %rcx, %rax
    subq $6, %rsp
    .byte 0x66, 0x9c            /* operand size: two bytes */
    movzwl (%rsp), %ecx
    addq $8, %rsp
    orq %rcx, %rax
    ret

/* uint64_t shadowed_flags(void): likewise, behind moves to SS: these and what
 * comes behind them are one step. */
    .globl shadowed_flags
shadowed_flags:
    xorl %eax, %eax
    movl %ss, %edx
    movl %edx, %ss
    pushfq
    popq %rcx
    orq %rcx, %rax
    .byte 0x48, 0x8e, 0xd2      /* REX.W */
    .byte 0x48, 0x9c
    popq %rcx
    orq %rcx, %rax
    pushq %rdx
    .byte 0x36, 0x8e, 0x14, 0x24 /* SS: (%rsp) */
    pushfq
    popq %rcx
    orq %rcx, %rax
    popq %rdx
    movl %edx, %ss
    movl %edx, %ss
    pushfq
    popq %rcx
    orq %rcx, %rax
    ret

/* uint64_t flags_after_call(void): what `syscall` leaves in r11. */
    .globl flags_after_call
flags_after_call:
    movl $SYSCALL_YIELD_NUMBER, %eax
    syscall
    movq %r11, %rax
    ret

/*
 * From one breakpoint to the next: the other way to take flags from a stack,
 * IRET, is not tried. QEMU before 9.1 reads its frame as ring 0 would, and
 * SMAP refuses that.
 */
    .globl popping
popping:
    int3
    pushfq
    popfq
    nop
    nop
    int3
    ret

/* TF of one's own: the trap comes behind the next instruction. */
    .globl own_trap
own_trap:
    pushfq
    orq $0x100, (%rsp)
    popfq
    nop
    ret
    .section .note.GNU-stack, "", @progbits
