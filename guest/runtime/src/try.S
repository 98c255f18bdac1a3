/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bool ambit__try(uint64_t function, uint64_t a, uint64_t b,
 *                 uint64_t *result, struct ambit_fault *fault)
 *
 * Arms the kernel's one-shot recovery, calls function(a, b), disarms. On a
 * fault the kernel resumes at `landed` with the stack pointer given to TRY,
 * the record in rax, rdx, r10, r8, r9, and nothing in any other register: so
 * all that the caller wants back is on the stack before arming.
 *
 * Stack when armed: [0] fill, [8] fault, [16] result, then saved registers.
 */
#define SYSCALL_TRY 26
#define FAULT_AT_TYPE 0
#define FAULT_AT_ACCESS 4
#define FAULT_AT_RANGE 8
#define FAULT_AT_OWNER 12
#define FAULT_AT_ADDRESS 16
#define FLAGS_AT_START 0x202 /* AC, DF, NT, TF clear */

    .text
    .globl ambit__try
    .hidden ambit__try
    .type ambit__try, @function
ambit__try:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rcx
    pushq %r8
    subq $8, %rsp
    movq %rdi, %rbx
    movq %rsi, %r13
    movq %rdx, %r14
    leaq landed(%rip), %rdi
    movq %rsp, %rsi
    movl $SYSCALL_TRY, %eax
    syscall
    testl %eax, %eax
    jnz refused
    movq %r13, %rdi
    movq %r14, %rsi
    callq *%rbx
    movq %rax, %rbx
    xorl %edi, %edi
    xorl %esi, %esi
    movl $SYSCALL_TRY, %eax
    syscall
    movq 16(%rsp), %rcx
    movq %rbx, (%rcx)
    movl $1, %eax
    jmp leave
landed:
    pushq $FLAGS_AT_START
    popfq
    movq 8(%rsp), %rcx
    movl %eax, FAULT_AT_TYPE(%rcx)
    movl %edx, FAULT_AT_ACCESS(%rcx)
    movl %r8d, FAULT_AT_RANGE(%rcx)
    movl %r9d, FAULT_AT_OWNER(%rcx)
    movq %r10, FAULT_AT_ADDRESS(%rcx)
    xorl %eax, %eax
leave:
    addq $24, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
refused: /* TRY with a landing of ours is always taken: our own bug */
    ud2
    .size ambit__try, . - ambit__try

/* uint64_t ambit__load(uint64_t address, uint64_t unused) */
    .globl ambit__load
    .hidden ambit__load
    .type ambit__load, @function
ambit__load:
    movq (%rdi), %rax
    ret
    .size ambit__load, . - ambit__load

/* uint64_t ambit__store(uint64_t address, uint64_t value) */
    .globl ambit__store
    .hidden ambit__store
    .type ambit__store, @function
ambit__store:
    movq %rsi, (%rdi)
    xorl %eax, %eax
    ret
    .size ambit__store, . - ambit__store

    .section .note.GNU-stack, "", @progbits
