/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small guests in one: the test writes at 4 MiB which one it wants to be
 * (enum tiny of machine.h). They run in the state of the PVH entry.
 */
#include "guest.inc"

    .set WANTED, 0x400000
    .set WORDS, 0x401000 /* what the guest tells the test */

    guest_begin
    movl WANTED, %eax
    jmp *table(, %eax, 4)

hello:
    movb $'P', %al
    outb %al, $0xe9
    guest_exit

panic:
    movb $0x11, %al
    outb %al, $0xf4
    hlt

bad_exit:
    movb $0x55, %al
    outb %al, $0xf4
    hlt

triple_fault:
    lidt no_table
    ud2

    .globl spin
spin:
    incl WORDS
    jmp spin

halt:
    cli
    hlt
    jmp halt

/* Rings and waits for the host to have come, 1000 times. */
ring:
    xorl %ecx, %ecx
1:
    incl %ecx
    movl %ecx, WORDS
    movb $'C', %al
    outb %al, $0xe9
2:
    pause
    cmpl %ecx, WORDS + 4 /* the host answers here */
    jne 2b
    cmpl $1000, %ecx
    jne 1b
    guest_exit

/* Rings without waiting: must not be held up by a slow host. */
flood:
    movl $100000, %ecx
    movb $'C', %al
1:
    outb %al, $0xe9
    decl %ecx
    jnz 1b
    guest_exit

/* Copies start information, module entry, memory map; then the registers. */
start:
    movl %ebx, %esi
    movl $WORDS, %edi
    movl $56 / 4, %ecx
    rep movsl
    movl 16(%ebx), %esi
    movl $32 / 4, %ecx
    rep movsl
    movl 40(%ebx), %esi
    imull $24 / 4, 48(%ebx), %ecx
    rep movsl
    guest_exit

unknown_port:
    movl $0x12345678, %eax
    outl %eax, $0x80
    hlt

unknown_memory:
    movl $0xd0000000, %eax
    movl %eax, (%eax)
    hlt

unknown_call:
    movl $0x24004001, %eax /* 9, from 1 to 2 */
    outl %eax, $0xea
    hlt

wide_bell:
    movl $'P', %eax
    outl %eax, $0xe9
    hlt

    .data
    .balign 4
table:
    .long hello, panic, bad_exit, triple_fault, spin, halt, ring, flood
    .long start, unknown_port, unknown_memory, unknown_call, wide_bell
no_table:
    .word 0
    .long 0
