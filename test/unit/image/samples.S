/* SPDX-License-Identifier: Apache-2.0 */
/* The sample programs' files, as the build embeds built-in programs. */
    .section .rodata
    .macro embed name, file
    .balign 16
    .globl \name, \name\()_end
\name:
    .incbin "\file"
\name\()_end:
    .endm

    embed sample_elf, SAMPLE_FILE
    embed relr_elf, RELR_FILE
    embed fixed_elf, FIXED_FILE
    embed bare_elf, BARE_FILE

    .section .note.GNU-stack, "", @progbits
