/* SPDX-License-Identifier: Apache-2.0 */
/* Words for a guest that stopped in a way it should not have. */
#ifndef HOST_DESCRIBE_H
#define HOST_DESCRIBE_H

#include <host/failure.h>
#include <host/memory.h>

/*
 * Appends lines to failure->text: which domain was running (from the shared
 * page), and 16 bytes at RIP. `registers` may be null: then only the domain is
 * told.
 */
void engine_describe(struct failure *failure, const struct guest_memory *memory,
                     const struct engine_registers *registers);

/* Appends to failure->text, cut to size. */
__attribute__((format(printf, 2, 3))) void
failure_append(struct failure *failure, const char *format, ...);

#endif
