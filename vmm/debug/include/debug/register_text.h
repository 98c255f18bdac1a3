/* SPDX-License-Identifier: Apache-2.0 */
/* Registers and error codes in words. */
#ifndef DEBUG_REGISTER_TEXT_H
#define DEBUG_REGISTER_TEXT_H

#include <host/engine.h>
#include <stddef.h>
#include <stdint.h>

enum register_flags {
    FLAGS_RFLAGS, /* "CF ZF IF" */
    FLAGS_CR0,    /* "PE WP PG" */
    FLAGS_CR4,    /* "PAE SMEP" */
    FLAGS_EFER    /* "SCE LME LMA NXE" */
};

/* Names of the bits that are set; "" when none has a name. */
void register_flags_text(enum register_flags which, uint64_t value, char *out,
                         size_t bytes);

/* Of engine_registers.general, by index: "rax", "rcx", ... */
const char *register_name(unsigned index);

/* A page fault's error code: "write, ring 0, not present". */
void register_page_error_text(uint64_t error, char *out, size_t bytes);

#endif
