/* SPDX-License-Identifier: Apache-2.0 */
/* GUARD for assembly: the instructions of the guard and nothing else. */
#ifndef ABI_GUARD_ASM_H
#define ABI_GUARD_ASM_H

#define GUARD_ASM(id, ...) __VA_ARGS__

#endif
