/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uint64_t plant_X(uint64_t value), uint64_t look_X(uint64_t unused). High
 * numbered registers, which compiled code rarely touches.
 */
#define SYSCALL_YIELD 1
#define FLAGS_ID 0x200000

.macro function name
    .text
    .globl \name
    .type \name, @function
\name:
.endm

function plant_xmm
    movq %rdi, %xmm15
    ret
function look_xmm
    movq %xmm15, %rax
    ret

/* Upper half of ymm14. */
function plant_ymm
    vmovq %rdi, %xmm13
    vinsertf128 $1, %xmm13, %ymm14, %ymm14
    ret
function look_ymm
    vextractf128 $1, %ymm14, %xmm13
    vmovq %xmm13, %rax
    ret

/* Upper half of zmm12. */
function plant_zmm
    vpbroadcastq %rdi, %zmm12
    ret
function look_zmm
    vextracti64x4 $1, %zmm12, %ymm13
    vmovq %xmm13, %rax
    ret

function plant_zmm31
    vmovq %rdi, %xmm31
    ret
function look_zmm31
    vmovq %xmm31, %rax
    ret

function plant_mask
    kmovq %rdi, %k7
    ret
function look_mask
    kmovq %k7, %rax
    ret

/* The register stack of the x87, seen as MMX. */
function plant_mmx
    movq %rdi, %mm7
    ret
function look_mmx
    movq %mm7, %rax
    ret

function plant_mxcsr
    pushq %rdi
    ldmxcsr (%rsp)
    popq %rdi
    ret
function look_mxcsr
    pushq $0
    stmxcsr (%rsp)
    popq %rax
    ret

function plant_x87_control
    pushq %rdi
    fldcw (%rsp)
    popq %rdi
    ret
function look_x87_control
    pushq $0
    fnstcw (%rsp)
    popq %rax
    ret

/* Where the last x87 operand stood. The argument is a readable address. */
function plant_x87_pointer
    fninit
    fildll (%rdi)
    ret
function look_x87_pointer
    movq %rsp, %rcx
    subq $520, %rsp
    andq $-16, %rsp
    fxsave64 (%rsp)
    movq 16(%rsp), %rax
    movq %rcx, %rsp
    ret

function plant_fs_base
    wrfsbase %rdi
    ret
function look_fs_base
    rdfsbase %rax
    ret

function plant_gs_base
    wrgsbase %rdi
    ret
function look_gs_base
    rdgsbase %rax
    ret

.macro selector name
function plant_\name
    movw %di, %\name
    ret
function look_\name
    xorl %eax, %eax
    movw %\name, %ax
    ret
.endm

selector ds
selector es
selector fs
selector gs

function plant_pkru
    movl %edi, %eax
    xorl %ecx, %ecx
    xorl %edx, %edx
    wrpkru
    ret
function look_pkru
    xorl %ecx, %ecx
    rdpkru
    ret

/* A flag that nothing reads but CPUID detection. */
function plant_flags
    pushfq
    andq $~FLAGS_ID, (%rsp)
    andl $FLAGS_ID, %edi
    orq %rdi, (%rsp)
    popfq
    ret
function look_flags
    pushfq
    popq %rax
    ret

/* Privileged: must be refused, on every substrate. */
function plant_debug
    movq %rdi, %dr0
    ret
function look_debug
    movq %dr0, %rax
    ret

function look_rcx
    movl $SYSCALL_YIELD, %eax
    syscall
    movq %rcx, %rax
    ret
function look_r11
    movl $SYSCALL_YIELD, %eax
    syscall
    movq %r11, %rax
    ret

    .section .note.GNU-stack, "", @progbits
