/* SPDX-License-Identifier: Apache-2.0 */
    .text
/* REPLY_RECEIVE at the endpoint rdi with TF set: #DB behind it. Returns the
 * status. */
    .globl reply_receive_stepping
reply_receive_stepping:
    pushq %r12
    pushq %r13
    xorl %r13d, %r13d
    movl $22, %eax
    pushfq
    orq $0x100, (%rsp)
    popfq
    syscall
    nop
    nop
    popq %r13
    popq %r12
    ret
    .section .note.GNU-stack, "", @progbits
