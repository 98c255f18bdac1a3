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

    .section .note.GNU-stack, "", @progbits
