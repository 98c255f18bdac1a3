/* SPDX-License-Identifier: Apache-2.0 */
/* Guests of Ambit: an operation each, all kinds in one. */
#ifndef BENCH_GUEST_H
#define BENCH_GUEST_H

#include "folder.h"
#include "rows.h"

struct privileged;

/* What all guests of a bench share. */
struct bench_work {
    struct bench_table *table;
    const struct bench_options *options;
    struct folder folder;
    char ambit[FOLDER_PATH]; /* our own program */
    struct privileged *privileged;
    int exit_code;
};

/* Writes the config of an operation's guest. */
void guest_config(const char *operation, uint32_t repeat, FILE *out);

/* Measures one operation at a place, and notes what went wrong. */
void guest_measure(struct bench_work *work, enum bench_place place,
                   const char *operation);

/* Takes the samples that were printed to `out`, and the counts of `counts` if
 * QEMU's plugin counts. 0, or -1 and *failure. */
int guest_take_rows(struct bench_work *work, enum bench_place place,
                    const char *out, const char *counts,
                    struct failure *failure);

/* Complains of an end that was none of the good ones; the gravest exit code
 * stays. */
void work_note(struct bench_work *work, int exit_code,
               const struct failure *failure);

#endif
