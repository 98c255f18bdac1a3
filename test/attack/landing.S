/* SPDX-License-Identifier: Apache-2.0 */
/*
 * void fault_and_look(uint64_t kind, uint64_t address, uint64_t registers[16])
 * kind 0: reads `address`; 1: an undefined instruction. Stores what is in the
 * general registers at the landing: rax rbx rcx rdx rsi rdi rbp rsp r8 .. r15.
 */
#define SYSCALL_TRY 26
#define FLAGS_AT_START 0x202

    .text
    .globl fault_and_look
    .type fault_and_look, @function
fault_and_look:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdx
    movq %rdi, %rbx
    movq %rsi, %r13
    leaq landed(%rip), %rdi
    movq %rsp, %rsi
    movl $SYSCALL_TRY, %eax
    syscall
    testq %rbx, %rbx
    jnz 1f
    movq (%r13), %rax
1:  ud2
landed:
    xchgq (%rsp), %rdx /* the array; its own value waits on the stack */
    movq %rax, 0(%rdx)
    movq %rbx, 8(%rdx)
    movq %rcx, 16(%rdx)
    movq %rsi, 32(%rdx)
    movq %rdi, 40(%rdx)
    movq %rbp, 48(%rdx)
    movq %rsp, 56(%rdx)
    movq %r8, 64(%rdx)
    movq %r9, 72(%rdx)
    movq %r10, 80(%rdx)
    movq %r11, 88(%rdx)
    movq %r12, 96(%rdx)
    movq %r13, 104(%rdx)
    movq %r14, 112(%rdx)
    movq %r15, 120(%rdx)
    popq %rax
    movq %rax, 24(%rdx)
    pushq $FLAGS_AT_START
    popfq
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size fault_and_look, . - fault_and_look

    .section .note.GNU-stack, "", @progbits
