/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions that ring 3 must not execute, one function each. */
    .text

.macro attempt name, instructions
    .globl attempt_\name
    .type attempt_\name, @function
attempt_\name:
    \instructions
    xorl %eax, %eax
    ret
.endm

attempt hlt, "hlt"
attempt cli, "cli"
attempt sti, "sti"
attempt clts, "clts"
attempt invd, "invd"
attempt wbinvd, "wbinvd"
attempt invlpg, "invlpg (%rsp)"
attempt swapgs, "swapgs"
attempt ltr, "ltr %di"
attempt lldt, "lldt %di"
attempt lmsw, "lmsw %di"
attempt lgdt, "subq $16, %rsp; movq $0, (%rsp); lgdt (%rsp); addq $16, %rsp"
attempt lidt, "subq $16, %rsp; movq $0, (%rsp); lidt (%rsp); addq $16, %rsp"
attempt cr0, "movq %rdi, %cr0"
attempt cr3, "movq %rdi, %cr3"
attempt cr4, "movq %rdi, %cr4"
attempt read_cr3, "movq %cr3, %rax"
attempt dr7, "movq %rdi, %dr7"
attempt wrmsr, "movl $0xc0000082, %ecx; xorl %eax, %eax; xorl %edx, %edx; wrmsr"
attempt rdmsr, "movl $0xc0000082, %ecx; rdmsr"
attempt out, "movl %edi, %edx; movb $0x10, %al; outb %al, %dx"
attempt out32, "movl %edi, %edx; xorl %eax, %eax; outl %eax, %dx"
attempt in, "movl %edi, %edx; inb %dx, %al"
attempt int, "int $0x80"
attempt iret, "pushq $0; pushq %rsp; pushq $0x3202; pushq $0x8; pushq %rdi; iretq"
attempt ds, "movw $0x10, %ax; movw %ax, %ds"
attempt ss, "movw $0x10, %ax; movw %ax, %ss"

/* What ring 3 may do: the controls. */
attempt nop, "nop"
attempt rdtsc, "rdtsc"

/* IOPL 3 and IF off by POPF: ignored in ring 3, no fault. Returns the flags. */
    .globl attempt_popf
attempt_popf:
    pushfq
    popq %rax
    orq $0x3000, %rax
    andq $~0x200, %rax
    pushq %rax
    popfq
    pushfq
    popq %rax
    ret

/* TF: one step, then #DB. */
    .globl attempt_step
attempt_step:
    pushfq
    orq $0x100, (%rsp)
    popfq
    nop
    nop
    xorl %eax, %eax
    ret

/* Jumps to rdi with the registers that would make it an EXIT, and rcx where a
 * real `syscall` would have left it. */
    .globl jump_to_entry
jump_to_entry:
    movq %rdi, %rdx
    xorl %eax, %eax
    movl $99, %edi
    leaq 1f(%rip), %rcx
    movl $0x2, %r11d
    jmp *%rdx
1:  ret

/* `syscall` (YIELD) with the stack pointer in rdi, whatever that is. */
    .globl syscall_with_stack
syscall_with_stack:
    movq %rsp, %rbx
    movq %rdi, %rsp
    movl $1, %eax
    syscall
    movq %rbx, %rsp
    ret

    .section .note.GNU-stack, "", @progbits
