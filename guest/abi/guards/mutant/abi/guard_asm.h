/* SPDX-License-Identifier: Apache-2.0 */
/* GUARD for assembly in the mutation kernel: a byte says that it is off. */
#ifndef ABI_GUARD_ASM_H
#define ABI_GUARD_ASM_H

/* clang-format off */
#define GUARD_ASM(id, ...)                                                     \
    cmpb $0, guard_off_##id(%rip); jne 77f; __VA_ARGS__; 77:
/* clang-format on */

#endif
