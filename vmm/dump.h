/* SPDX-License-Identifier: Apache-2.0 */
/* --dump FILE: the guest as it stood at the end, for gdb. */
#ifndef VMM_DUMP_H
#define VMM_DUMP_H

#include <host/failure.h>

struct run;

/* Writes and commits run->dump, and says on stderr how to read it. After the
 * guest has ended, however it did. 0, or -1 and *failure. */
int dump_write(struct run *run, struct failure *failure);

#endif
