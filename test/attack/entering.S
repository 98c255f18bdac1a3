/* SPDX-License-Identifier: Apache-2.0 */
/* Ways into the kernel with the processor in an odd state. */
    .text

.macro function name
    .globl \name
    .type \name, @function
\name:
.endm

/* uint64_t syscall_with_flags(uint64_t flags, uint64_t number, uint64_t rdi,
 * uint64_t rsi): the system call with these flags set; returns its status. */
function syscall_with_flags
    movq %rsi, %rax
    movq %rdi, %r8
    movq %rdx, %rdi
    movq %rcx, %rsi
    pushfq
    orq %r8, (%rsp)
    popfq
    syscall
    pushq $0x202
    popfq
    ret

/* uint64_t fault_backwards(uint64_t unused) */
function fault_backwards
    std
    ud2

/* `int n` for every n, each 8 bytes behind the one before. */
    .balign 8
    .globl interrupts
interrupts:
    .set number, 0
    .rept 256
    .balign 8
    .byte 0xcd, number
    ret
    .set number, number + 1
    .endr

/* uint64_t return_to(uint64_t target): jumps to where nothing is, so that the
 * kernel, which leaves the jump out, returns to `target`; from there, where
 * nothing is either, back to here. */
function return_to
    leaq 1f(%rip), %rax
    pushq %rax
    pushq %rdi
    xorl %eax, %eax
    jmp *%rax
1:  movl $42, %eax
    ret

/* Where the kernel keeps its tables, for those who ask the processor. */
.macro tell name, instruction
function tell_\name
    subq $16, %rsp
    movq $0, (%rsp)
    movq $0, 8(%rsp)
    \instruction (%rsp)
    movq (%rsp), %rax
    orq 8(%rsp), %rax
    addq $16, %rsp
    ret
.endm

tell gdt, sgdt
tell idt, sidt
tell ldt, sldt
tell task, str
tell status, smsw

/* What a domain begins with, in registers that its runtime does not use:
 * uint64_t look_at_X(uint64_t unused). */
function look_at_vector
    movq %xmm15, %rax
    ret
function look_at_mmx
    movq %mm7, %rax
    emms
    ret
function look_at_mxcsr
    pushq $0
    stmxcsr (%rsp)
    popq %rax
    ret
function look_at_control
    pushq $0
    fnstcw (%rsp)
    popq %rax
    ret

/* void plant(uint64_t value) */
function plant
    movq %rdi, %mm7
    movq %rdi, %xmm15
    pushq $0x3f80
    ldmxcsr (%rsp)
    movq $0x077f, (%rsp)
    fldcw (%rsp)
    popq %rdi
    ret

    .section .note.GNU-stack, "", @progbits
