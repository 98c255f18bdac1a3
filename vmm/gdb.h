/* SPDX-License-Identifier: Apache-2.0 */
/* --gdb PORT, and --symbols DIR: what a debugger needs. */
#ifndef VMM_GDB_H
#define VMM_GDB_H

struct run;

/* Listens, so that a port in use is told before anything starts, and gives
 * the socket to the engine. Does nothing without --gdb. 0, or -1 with
 * everything said on stderr and run->exit_code set. */
int gdb_open(struct run *run);

/* The engine has the socket: says how to connect, and lets go of it. */
void gdb_tell(struct run *run);

/* Writes the ELF files of the kernel and of each program into the folder of
 * --symbols, and a script for gdb that loads each where it is in the guest.
 * Does nothing without it. Results like gdb_open()'s. */
int gdb_symbols(struct run *run);

#endif
