/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a domain begins. rdi -> struct syscall_start, rsp as at a function's
 * entry, nothing relocated yet. ambit__start does not return.
 */
    .text
    .globl _start
    .type _start, @function
_start:
    xorl %ebp, %ebp /* the outermost frame */
    jmp ambit__start
    .size _start, . - _start

/*
 * What the kernel runs, after everything has ended, to try an access in this
 * domain's root: rdi the address, rsi not 0 to write back what was read. Its
 * end is told by ud2. vmm/image/src/probes.c knows these bytes.
 */
    .globl ambit__probe
    .hidden ambit__probe
    .type ambit__probe, @function
ambit__probe:
    movq (%rdi), %rax
    testq %rsi, %rsi
    jz 1f
    movq %rax, (%rdi)
1:  ud2
    .size ambit__probe, . - ambit__probe

    .section .note.GNU-stack, "", @progbits
