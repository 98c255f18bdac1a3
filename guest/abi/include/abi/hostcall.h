/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host calls: how the kernel gets the host's attention. Data is in the shared
 * pages (abi/shared.h); a port write only rings.
 */
#ifndef ABI_HOSTCALL_H
#define ABI_HOSTCALL_H

/*
 * 8-bit doorbell (QEMU: isa-debugcon). The value says what changed. The
 * kernel does not rely on the host having acted when `out` returns.
 */
#define HOSTCALL_DOORBELL_PORT 0xe9u
#define HOSTCALL_CONSOLE 'C' /* the console ring is filling up: drain it */
#define HOSTCALL_PHASE 'P'   /* shared.phase changed */
#define HOSTCALL_TRACE 'T'   /* half of the trace's ring has been written */
#define HOSTCALL_STEP 'S'    /* with BOOT_FLAG_STEPS: a view has changed */

/*
 * 8-bit exit (QEMU: isa-debug-exit, which exits with (value << 1) | 1). The
 * guest does not run on after it.
 */
#define HOSTCALL_EXIT_PORT 0xf4u
#define HOSTCALL_EXIT_DONE 0x10u  /* QEMU exit code 0x21 */
#define HOSTCALL_EXIT_PANIC 0x11u /* QEMU exit code 0x23 */

/*
 * 32-bit register call, only with BOOT_FLAG_HOST_REGISTERS and synchronous:
 * when `out` returns, the state of ring 3 that this substrate lets leak past
 * the kernel (vector registers, PKRU, FS and GS base) has been dealt with.
 * Value: from | to << HOSTCALL_REGISTERS_TO | operation <<
 * HOSTCALL_REGISTERS_OPERATION; numbers of domains, or HOSTCALL_NO_DOMAIN.
 */
#define HOSTCALL_REGISTERS_PORT 0xeau
#define HOSTCALL_REGISTERS_SWITCH 0u /* save `from`'s, load `to`'s */
#define HOSTCALL_REGISTERS_RESET 1u  /* drop `from`'s, `to` starts clean */
#define HOSTCALL_REGISTERS_FORGET 2u /* `from` has ended: drop its copy */
#define HOSTCALL_REGISTERS_TO 13u
#define HOSTCALL_REGISTERS_OPERATION 26u
#define HOSTCALL_DOMAINS 4096u /* numbers that there can be */
#define HOSTCALL_NO_DOMAIN 0x1fffu

#endif
