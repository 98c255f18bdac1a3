/* SPDX-License-Identifier: Apache-2.0 */
/* Results as JSON, schema 1 (docs/results.md). Fields are only ever added. */
#ifndef VMM_RESULTS_H
#define VMM_RESULTS_H

#include "judge.h"

#define RESULTS_SCHEMA 1

/*
 * Writes the results of a run to the file that it opened before, or to stdout
 * for "-". 0, or -1 with *failure (EXIT_HOST) and nothing left behind.
 */
int results_write(struct run *run, const struct judgement *judgement,
                  struct failure *failure);

#endif
