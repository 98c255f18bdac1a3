/* SPDX-License-Identifier: Apache-2.0 */
/* The guards of the kernel by name (abi/guards.h). */
#ifndef VMM_GUARDS_H
#define VMM_GUARDS_H

#include <abi/guards.h>
#include <stddef.h>
#include <stdint.h>

struct guard_row {
    const char *id;   /* HANDLE_RIGHTS */
    const char *name; /* handle-rights */
    const char *text; /* what it stops */
};

/* By number, an enum abi_guard from 1 to GUARD_COUNT - 1. */
const struct guard_row *guards_row(uint32_t guard);

/* The guard of that name, or GUARD_NONE. */
uint32_t guards_find(const char *name);

/* Says on stderr that there is no such guard, and which there are. */
void guards_say_unknown(const char *name);

/* The kernel to boot: where a guard is left out, the mutation kernel. */
struct guards_kernel {
    const unsigned char *elf;
    size_t bytes;
};
struct guards_kernel guards_kernel(uint32_t guard);

#endif
