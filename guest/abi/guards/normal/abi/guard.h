/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GUARD in the kernel that runs: the condition and nothing else. The mutation
 * kernel is compiled against another file of this name.
 *
 * GUARD(ID, condition) is true if the check passes. A condition has no effects
 * of its own: where the guard is left out it is not evaluated. Where a guard is
 * an act and not a check: if (GUARD_ACT(ID)) { act(); }.
 */
#ifndef ABI_GUARD_H
#define ABI_GUARD_H

#include <abi/guards.h>
#include <stdbool.h>
#include <stdint.h>

#define GUARD(id, condition) (condition)
#define GUARD_ACT(id) true

/* Called first of all: no guard of this kernel can be left out. */
static inline void guards_select(uint64_t start_info)
{
    (void)start_info;
}

static inline void guards_apply(void)
{
}

#endif
