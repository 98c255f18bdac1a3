/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uint64_t summing(uint64_t rounds): three a round, in rbx; rcx counts down.
 * What the debugger watches, instruction by instruction.
 */
    .text
    .globl summing
summing:
    pushq %rbx
    xorl %ebx, %ebx
    movq %rdi, %rcx
    int3
1:  leaq 3(%rbx), %rbx
    loop 1b
    int3
    movq %rbx, %rax
    popq %rbx
    ret
    .section .note.GNU-stack, "", @progbits
