/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way of a crossing: CALL to a server that waits, and REPLY_RECEIVE
 * where no other call is queued. All checks come first, and whoever does not
 * pass one goes the long way from the beginning, counted by the check
 * (docs/crossings.md lists them). Behind the point of no return nothing fails.
 *
 * In both, rsp is the end of the acting domain's frame, with which its control
 * block begins, and rbp the other domain's control block. The message
 * stays where it is: rsi rdx r10 r8 r9 r12. Of the acting domain's registers
 * its frame keeps what a system call preserves; the others are overwritten with
 * what is the other's own, or with 0, before ring 3 is entered.
 *
 * What the kernel's queues and `current` say of who runs is put right when ring
 * 3 is left the next time by the long way (fast_settle).
 */
#include <abi/guard_asm.h>

#include "arch_asm.h"
#include "fast_asm.h"

/* A field of the acting domain. */
#define OWN(offset) (offset - FRAME_BYTES)(%rsp)

.macro count_fall reason
    incq shared + SHARED_FALLS + 8 * \reason(%rip)
.endm

/* The long way saves these again, from the same registers. */
.macro save_preserved number
    movq %rsp, %rax
    movq cpu_frame_end(%rip), %rsp
    movq %rbx, OWN(FRAME_RBX)
    movq %rbp, OWN(FRAME_RBP)
    movq %r14, OWN(FRAME_R14)
    movq %r15, OWN(FRAME_R15)
    movq %rcx, OWN(FRAME_RIP)
    movq %r11, OWN(FRAME_RFLAGS)
    movq %rax, OWN(FRAME_RSP)
    movq $\number, OWN(FRAME_RAX)
.endm

/* A call that comes to nothing leaves its arguments as they were, and who looks
 * at a caller that waits sees them. What was replied is gone. */
.macro save_message
    movq %rdi, OWN(FRAME_RDI)
    movq %rsi, OWN(FRAME_RSI)
    movq %rdx, OWN(FRAME_RDX)
    movq %r10, OWN(FRAME_R10)
    movq %r8, OWN(FRAME_R8)
    movq %r9, OWN(FRAME_R9)
    movq %r12, OWN(FRAME_R12)
    movq %r13, OWN(FRAME_R13)
.endm

/* Can the domain r15 come to run here and now? Then rbp is its control block,
 * rcx where it goes on, and r11 with which flags. */
.macro check_other
    movq kernel(, %r15, 8), %rbp
    movzwl DOMAIN_PRIORITY(%rbp), %eax /* and whether it is paused */
    GUARD_ASM(FAST_PRIORITY, cmpw %ax, OWN(DOMAIN_PRIORITY); jne .Lfall_priority)
    movl FRAME_RFLAGS(%rbp), %r11d
    GUARD_ASM(FAST_STEPPED, testl $RFLAGS_TF, %r11d; jne .Lfall_stopped)
    movq FRAME_RIP(%rbp), %rcx
    cmpq user_limit(%rip), %rcx
    jae .Lfall_stopped
.endm

/* The domain r15, at rbp, runs in the place of the acting one. */
.macro switch_to
    movb $STATE_CROSSING, OWN(DOMAIN_STATE)
    movb $STATE_RUNNABLE, DOMAIN_STATE(%rbp)
    movq OWN(DOMAIN_COUNTS), %rax
    incq COUNT_CALLS(%rax)
    movq DOMAIN_COUNTS(%rbp), %rax
    incq COUNT_SWITCHES(%rax)
    incq shared + SHARED_FAST(%rip)
    movl %r15d, shared + SHARED_CURRENT(%rip)
    leaq FRAME_BYTES(%rbp), %rax
    movq %rax, cpu_frame_end(%rip)
    movq DOMAIN_SPACE(%rbp), %rax
    movq SPACE_ROOT(%rax), %rax
    cmpq %rax, arch_cpu_now + CPU_CR3(%rip)
    je 1f
    movq %rax, arch_cpu_now + CPU_CR3(%rip)
    incq arch_cpu_now + CPU_CR3_WRITES(%rip)
    movq %rax, %cr3
1:  xorl %eax, %eax
    /* What ring 3 can change without a trap is nobody's now, as after any
     * crossing; in the order of registers_switch. */
    GUARD_ASM(SELECTORS, movl %eax, %ds; movl %eax, %es; movl %eax, %fs;
              movl %eax, %gs)
    GUARD_ASM(REGISTERS_CLEAR, fninit; fxrstor64 arch_registers_clean(%rip))
    testb $CPU_FSGSBASE, arch_cpu_now + CPU_FEATURES(%rip)
    jz 1f
    GUARD_ASM(SEGMENT_BASES, wrfsbase %rax; wrgsbase %rax)
1:  movq FRAME_RBX(%rbp), %rbx
    movq FRAME_R14(%rbp), %r14
    movq FRAME_R15(%rbp), %r15
    andl $(RFLAGS_USER & ~RFLAGS_TF), %r11d
    orl $(RFLAGS_FIXED | RFLAGS_IF), %r11d
    movq FRAME_RSP(%rbp), %rsp
    movq FRAME_RBP(%rbp), %rbp
    sysretq
.endm

    .cfi_sections .debug_frame
    .text
    .balign 64
    .globl fast_entry
/* As syscall_entry, where the short way is open (arch_fast). */
fast_entry:
    .cfi_startproc
    .cfi_undefined rip
    cmpq $FAST_CALL, %rax
    je fast_call
    cmpq $FAST_REPLY, %rax
    jne syscall_entry

    save_preserved FAST_REPLY
    GUARD_ASM(FAST_ALONE, testq %r13, %r13; jne .Lfall_capability)
    cmpq OWN(DOMAIN_SERVE_HANDLE), %rdi
    jne .Lfall_elsewhere
    movq OWN(DOMAIN_SERVE_SLOT), %rbx
    movq OWN(DOMAIN_SERVE_SAYS), %rax
    GUARD_ASM(FAST_SAYS, cmpq %rax, (%rbx); jne .Lfall_handle)
    movzwl SLOT_HEAD(%rbx), %eax
    GUARD_ASM(FAST_NOTE, cmpw OWN(DOMAIN_NOTE), %ax; jne .Lfall_elsewhere)
    movq SLOT_OBJECT(%rbx), %r14
    cmpl $PARTY_NONE, ENDPOINT_FIRST_CALLER(%r14)
    jne .Lfall_queued
    movl OWN(PARTY_ANSWERING), %r15d
    GUARD_ASM(REPLY_OWED, cmpl $PARTY_COUNT, %r15d; jae .Lfall_owed)
    check_other

    /* point of no return */
    movl OWN(DOMAIN_INDEX), %edi
    movl ENDPOINT_LAST_RECEIVER(%r14), %eax
    cmpl $PARTY_NONE, %eax
    jne .Lappend_last
    movl %edi, ENDPOINT_FIRST_RECEIVER(%r14)
.Lappended:
    movl %edi, ENDPOINT_LAST_RECEIVER(%r14)
    movb $STATE_RECEIVING, OWN(PARTY_STATE)
    movq %r14, OWN(PARTY_ENDPOINT)
    movl $PARTY_NONE, OWN(PARTY_ANSWERING)
    movq %rbx, OWN(DOMAIN_WAITS_BY)
    movb $STATE_IDLE, PARTY_STATE(%rbp)
    movl $PARTY_NONE, PARTY_PEER(%rbp)
    xorl %edi, %edi
    switch_to

    .balign 64
fast_call:
    save_preserved FAST_CALL
    GUARD_ASM(FAST_ALONE, testq %r13, %r13; jne .Lfall_capability)
    cmpq OWN(DOMAIN_CALL_HANDLE), %rdi
    jne .Llook_up
.Llooked_up:
    movq OWN(DOMAIN_CALL_SLOT), %rbx
    movq OWN(DOMAIN_CALL_SAYS), %rax
    GUARD_ASM(FAST_SAYS, cmpq %rax, (%rbx); jne .Lfall_handle)
    movq SLOT_OBJECT(%rbx), %r14
    movl ENDPOINT_FIRST_RECEIVER(%r14), %r15d
    cmpl $PARTY_NONE, %r15d
    je .Lfall_nobody
    check_other

    /* point of no return */
    movl PARTY_NEXT(%rbp), %eax
    cmpl $PARTY_NONE, %eax
    jne .Lpop_first
    movq $PARTY_NONE, ENDPOINT_FIRST_RECEIVER(%r14) /* and the last */
.Lpopped:
    movl OWN(DOMAIN_INDEX), %eax
    movl %eax, PARTY_ANSWERING(%rbp)
    movb $STATE_IDLE, PARTY_STATE(%rbp)
    movq $0, PARTY_ENDPOINT(%rbp)
    movb $STATE_WAITING, OWN(PARTY_STATE)
    movl %r15d, OWN(PARTY_PEER)
    save_message
    movq SLOT_COUNT(%rbx), %rdi     /* the badge */
    switch_to

/* More than one server waits: the next one is the first now. */
.Lpop_first:
    movl %eax, ENDPOINT_FIRST_RECEIVER(%r14)
    movq kernel(, %rax, 8), %rax
    movl $PARTY_NONE, PARTY_PREVIOUS(%rax)
    movl $PARTY_NONE, PARTY_NEXT(%rbp)
    jmp .Lpopped

/* Others wait: eax is the last of them. */
.Lappend_last:
    movl %eax, OWN(PARTY_PREVIOUS)
    movq kernel(, %rax, 8), %rax
    movl %edi, PARTY_NEXT(%rax)
    jmp .Lappended

/* Another handle than last time: what cap_look_up_for does. */
.Llook_up:
    movq OWN(DOMAIN_TABLE), %rbx
    movl %edi, %eax
    GUARD_ASM(HANDLE_INDEX, cmpl TABLE_SIZE(%rbx), %eax; jae .Lfall_handle)
    imull $CHUNK_FACTOR, %eax, %ecx
    shrl $16, %ecx
    movq (%rbx, %rcx, 8), %rbx
    imull $CHUNK_SLOTS, %ecx, %ecx
    subl %ecx, %eax
    imull $SLOT_BYTES, %eax, %eax
    addq %rax, %rbx
    movl (%rbx), %eax
    andl $SLOT_CALL_MASK, %eax
    GUARD_ASM(FAST_RIGHTS, cmpl $SLOT_CALL_SAYS, %eax; jne .Lfall_handle)
    movq %rdi, %rax
    shrq $32, %rax
    GUARD_ASM(HANDLE_GENERATION, cmpl %eax, SLOT_GENERATION(%rbx); jne .Lfall_handle)
    movq (%rbx), %rax
    movq %rdi, OWN(DOMAIN_CALL_HANDLE)
    movq %rbx, OWN(DOMAIN_CALL_SLOT)
    movq %rax, OWN(DOMAIN_CALL_SAYS)
    jmp .Llooked_up

.Lfall_capability:
    count_fall FALL_CAPABILITY
    jmp .Lfall
.Lfall_handle:
    count_fall FALL_HANDLE
    jmp .Lfall
.Lfall_nobody:
    count_fall FALL_NOBODY
    jmp .Lfall
.Lfall_priority:
    cmpb $0, DOMAIN_PAUSED(%rbp)
    jne .Lfall_stopped
    count_fall FALL_PRIORITY
    jmp .Lfall
.Lfall_stopped:
    count_fall FALL_STOPPED
    jmp .Lfall
.Lfall_owed:
    count_fall FALL_OWED
    jmp .Lfall
.Lfall_queued:
    count_fall FALL_QUEUED
    jmp .Lfall
.Lfall_elsewhere:
    count_fall FALL_ELSEWHERE
.Lfall:
    movq OWN(FRAME_RAX), %rax
    movq OWN(FRAME_RBX), %rbx
    movq OWN(FRAME_RBP), %rbp
    movq OWN(FRAME_R14), %r14
    movq OWN(FRAME_R15), %r15
    movq OWN(FRAME_RIP), %rcx
    movq OWN(FRAME_RFLAGS), %r11
    movq OWN(FRAME_RSP), %rsp
    jmp syscall_entry
    .cfi_endproc

    .section .rodata
    .balign 8
user_limit:
    .quad USER_LIMIT
    .section .note.GNU-stack, "", @progbits
