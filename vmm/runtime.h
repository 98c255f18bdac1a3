/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time, as the kernel's records tell of them at the end. */
#ifndef VMM_RUNTIME_H
#define VMM_RUNTIME_H

#include "run.h"

#include <audit/audit.h>
#include <stdio.h>

#define RUNTIME_NAME 32u

/* Those that exist, by number. Null: no memory. The caller frees it. */
struct audit_made *runtime_read(const struct run *run, uint32_t *count);

/* "app", "domain 64"; null: there is no such domain. */
const char *runtime_name(const struct run *run, uint32_t domain,
                         char out[RUNTIME_NAME]);

/* "exit", "blocked", ... as of the config's domains. */
const char *runtime_outcome(const struct run *run,
                            const struct audit_made *made);

/* Lines of `ambit run`: how many were left, and which of them ended badly. */
void runtime_print(const struct run *run, FILE *out);

#endif
