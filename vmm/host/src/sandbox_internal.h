/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the sandbox share. Each layer fills its part of a report;
 * 0, or -1 and *failure. */
#ifndef HOST_SANDBOX_INTERNAL_H
#define HOST_SANDBOX_INTERNAL_H

#include <host/sandbox.h>

__attribute__((format(printf, 3, 4))) void
sandbox__say(struct sandbox_layer *layer, enum sandbox_state state,
             const char *format, ...);

/* sandbox_calls.c: what every run needs. */
void sandbox__common(struct sandbox *sandbox);
/* sandbox_plain.c or sandbox_sanitizers.c, chosen by the build. */
void sandbox__build(struct sandbox *sandbox);

/* sandbox_descriptors.c */
void sandbox__descriptors(const struct sandbox *sandbox,
                          struct sandbox_layer *out);
void sandbox__descriptors_probe(struct sandbox_layer *out);

/* sandbox_landlock.c */
int sandbox__landlock(const struct sandbox *sandbox, struct sandbox_layer *out,
                      struct failure *failure);
void sandbox__landlock_probe(struct sandbox_layer *out);

/* sandbox_seccomp.c */
int sandbox__seccomp(const struct sandbox *sandbox, struct sandbox_layer *out,
                     struct failure *failure);
void sandbox__seccomp_probe(struct sandbox_layer *out);

/* sandbox_trap.c: from now on SIGSYS names the system call, and kills. */
void sandbox__trap(void);

#endif
