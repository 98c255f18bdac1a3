/* SPDX-License-Identifier: Apache-2.0 */
/* What pause.c looks at, instruction by instruction. */
    .text
/*
 * uint64_t spinning(volatile uint64_t *count): four instructions a round,
 * counted in rcx, until rbx is not 0; which is the value.
 */
    .globl spinning
spinning:
    pushq %rbx
    xorl %ebx, %ebx
    xorl %ecx, %ecx
1:  leaq 1(%rcx), %rcx
    movq %rcx, (%rdi)
    testq %rbx, %rbx
    jz 1b
    movq %rbx, %rax
    popq %rbx
    ret

/* Where a domain never begins by itself: exits with what is in rbx. */
    .globl elsewhere
elsewhere:
    nop
    movq %rbx, %rdi
    xorl %eax, %eax
    syscall

/* A breakpoint, and another. */
    .globl breaking
breaking:
    int3
    nop
    int3
    ret
    .section .note.GNU-stack, "", @progbits
