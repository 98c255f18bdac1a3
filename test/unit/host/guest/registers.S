/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ring 3 follows a script that the test wrote: for each step it makes one
 * register call, writes down what it finds in its registers, then fills them
 * with a byte. Script and results: test_kvm_registers.c.
 */
#include "guest.inc"
#include "long_mode.inc"

    .set SCRIPT, 0x400000
    .set RESULTS, 0x410000
    .set AVX, 1
    .set AVX512, 2

    guest_begin
    long_mode user

user:
    movl SCRIPT, %r12d      /* steps */
    movl SCRIPT + 4, %r13d  /* what of the processor to use */
    movl $SCRIPT + 8, %ebx  /* {call, fill} */
    movl $RESULTS, %ebp
step:
    movl $0xea, %ecx
    movl (%rbx), %eax
    ud2
    call look
    movb 4(%rbx), %al
    testb %al, %al
    jz 1f
    call fill
1:
    addl $8, %ebx
    addl $4096, %ebp
    decl %r12d
    jnz step
    movl $0xf4, %ecx
    movl $0x10, %eax
    ud2

look:
    testl $AVX512, %r13d
    jnz look_512
    testl $AVX, %r13d
    jnz look_256
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movups %xmm\n, \n * 64(%rbp)
    .endr
    jmp look_rest
look_256:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vmovups %ymm\n, \n * 64(%rbp)
    .endr
    jmp look_rest
look_512:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, \
        19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vmovups %zmm\n, \n * 64(%rbp)
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    kmovw %k\n, %eax
    movl %eax, 2112 + \n * 8(%rbp)
    .endr
look_rest:
    fnstenv 2048(%rbp)
    fldenv 2048(%rbp)
    stmxcsr 2080(%rbp)
    leaq 1f(%rip), %r15
    xorl %ecx, %ecx
    rdpkru
    movl %eax, 2084(%rbp)
    movl $1, 2088(%rbp)
1:
    leaq 1f(%rip), %r15
    rdgsbase %rax
    movq %rax, 2096(%rbp)
    rdfsbase %rax
    movq %rax, 2104(%rbp)
    movl $1, 2092(%rbp)
1:
    ret

fill:
    movzbl %al, %eax
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rax
    movl $pattern, %edi
    movl $8, %ecx
1:
    movq %rax, (%rdi)
    addl $8, %edi
    decl %ecx
    jnz 1b
    fldpi
    ldmxcsr other_mxcsr
    testl $AVX512, %r13d
    jnz fill_512
    testl $AVX, %r13d
    jnz fill_256
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movups pattern, %xmm\n
    .endr
    jmp fill_rest
fill_256:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vmovups pattern, %ymm\n
    .endr
    jmp fill_rest
fill_512:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, \
        19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vmovups pattern, %zmm\n
    .endr
    .irp n, 1, 2, 3, 4, 5, 6, 7
    kmovw %eax, %k\n
    .endr
fill_rest:
    movl %eax, %esi
    andl $0x7f7f7f7f, %eax
    leaq 1f(%rip), %r15
    wrgsbase %rax
    wrfsbase %rax
1:
    /* Every key but 0, which our own memory has. */
    movl %esi, %eax
    andl $-4, %eax
    xorl %ecx, %ecx
    xorl %edx, %edx
    leaq 1f(%rip), %r15
    wrpkru
1:
    ret

    .data
    .balign 64
pattern:
    .skip 64
other_mxcsr:
    .long 0x1fc0 /* denormals are zero */
