/* SPDX-License-Identifier: Apache-2.0 */
/* uint64_t try_X(uint64_t unused): one instruction that not every processor
 * has, or lets ring 3 have. */
#define SYSCALL_YIELD 1
#define FLAGS_NT 0x4000

.macro attempt name, instructions
    .text
    .globl try_\name
    .type try_\name, @function
try_\name:
    \instructions
    xorl %eax, %eax
    ret
.endm

attempt int, "int $0x80"
attempt rdfsbase, "rdfsbase %rax"
attempt rdpkru, "xorl %ecx, %ecx; rdpkru"
attempt avx, "vzeroupper"
attempt smsw, "smsw %rax"

/*
 * r11 as a system call leaves it when NT was set before it. The kernel clears
 * NT on every way back, and sysretq takes the flags from r11; an iretq leaves
 * there what `syscall` had put.
 */
    .globl flags_after_call
    .type flags_after_call, @function
flags_after_call:
    pushfq
    orq $FLAGS_NT, (%rsp)
    popfq
    movl $SYSCALL_YIELD, %eax
    syscall
    movq %r11, %rax
    ret

    .section .note.GNU-stack, "", @progbits
