/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PVH entry: 32-bit protected mode, paging off, ebx -> start information (Xen
 * "x86/HVM direct boot ABI"). All page tables used here are constants, so that
 * the cost does not depend on the memory's size.
 */
#include "arch_asm.h"

    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 4, 18              /* name size, descriptor size, PHYS32_ENTRY */
    .asciz "Xen"
    .long pvh_entry - KERNEL_OFFSET

    .cfi_sections .debug_frame
    .section .text.boot, "ax", @progbits
    .code32
    .globl pvh_entry
pvh_entry:
    cli
    rdtsc
    movl %eax, (entry_tick - KERNEL_OFFSET)
    movl %edx, (entry_tick - KERNEL_OFFSET + 4)

    movl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $(boot_pml4 - KERNEL_OFFSET), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    movl $(EFER_SCE | EFER_LME | EFER_NXE), %eax
    xorl %edx, %edx
    wrmsr
    movl $(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE), %eax
    movl %eax, %cr0
    lgdt (boot_gdt_pointer - KERNEL_OFFSET)
    ljmpl $SELECTOR_KERNEL_CODE, $(boot_long - KERNEL_OFFSET)

    .code64
boot_long:
    movabsq $boot_high, %rax
    jmpq *%rax
boot_high:
    .cfi_startproc
    .cfi_undefined rip          /* a backtrace ends here */
    movl $SELECTOR_KERNEL_DATA, %eax
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    leaq kernel_stack_top(%rip), %rsp
    movl %ebx, %edi
    xorl %ebp, %ebp
    call kernel_main
    ud2
    .cfi_endproc

    .section .rodata
    .balign 8
boot_gdt:
    .quad 0
    .quad 0x00209b0000000000    /* 64-bit code, accessed */
    .quad 0x00cf93000000ffff    /* data, accessed */
boot_gdt_end:
boot_gdt_pointer:
    .word boot_gdt_end - boot_gdt - 1
    .long boot_gdt - KERNEL_OFFSET

    .section .boot_tables, "aw", @progbits
    .balign 4096
    .globl boot_pml4, direct_pd
boot_pml4:
    .quad low_pdpt - KERNEL_OFFSET + 3
    .fill 255, 8, 0
    .quad direct_pdpt - KERNEL_OFFSET + 3
    .fill 254, 8, 0
    .quad high_pdpt - KERNEL_OFFSET + 3
    /* Identity map of the kernel's granule: for the jump to the high half,
     * removed by paging_init. */
    .globl low_pdpt
low_pdpt:
    .quad low_pd - KERNEL_OFFSET + 3
    .fill 511, 8, 0
low_pd:
    .quad 0
    .quad 0x200000 + 0x83
    .fill 510, 8, 0
    .globl direct_pdpt
direct_pdpt:
    .quad direct_pd - KERNEL_OFFSET + 3
    .quad direct_pd + 4096 - KERNEL_OFFSET + 3
    .quad 0
    .quad device_pd - KERNEL_OFFSET + 3
    .fill 508, 8, 0
    /* 2 GiB of RAM, writable, not executable, without the kernel's granule. */
direct_pd:
    .quad 0x8000000000000083
    .quad 0
    .set address, 0x400000
    .rept 1022
    .quad 0x8000000000000083 + address
    .set address, address + 0x200000
    .endr
    /* The local APIC's registers, uncached. */
device_pd:
    .fill 503, 8, 0
    .quad 0x800000000000009b + 0xfee00000
    .fill 8, 8, 0
high_pdpt:
    .fill 510, 8, 0
    .quad high_pd - KERNEL_OFFSET + 3
    .quad 0
    .globl high_pd
high_pd:
    .quad 0
    .quad 0x200000 + 0x83
    .fill 510, 8, 0

/* Below each stack is a page that arch_paging_init takes out of the map. */
    .macro stack name, bytes
    .globl \name\()_stack_guard, \name\()_stack_top
\name\()_stack_guard:
    .fill 4096
    .fill \bytes
\name\()_stack_top:
    .endm

    .section .bss
    .balign 4096
    stack kernel, 16384
    stack fault, 4096
    stack nmi, 4096
    stack debug, 4096
    .balign 8
    .globl entry_tick
entry_tick:
    .quad 0
    .section .note.GNU-stack, "", @progbits
