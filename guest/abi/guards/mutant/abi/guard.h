/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GUARD in the mutation kernel: one guard, which the boot module names, passes
 * everything without looking. What GUARD means: the file of the same name in
 * ../../normal.
 */
#ifndef ABI_GUARD_H
#define ABI_GUARD_H

#include <abi/guards.h>
#include <stdbool.h>
#include <stdint.h>

extern uint32_t guard_off; /* enum abi_guard; set once, at boot */

#define GUARD(id, condition) (guard_off == GUARD_##id || (condition))
#define GUARD_ACT(id) (guard_off != GUARD_##id)

/* Called first of all: learns which guard is left out. */
void guards_select(uint64_t start_info);
/* Takes away what is no condition. Needs: the kernel's final page tables. */
void guards_apply(void);

#endif
