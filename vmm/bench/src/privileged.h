/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Privileged instructions of samples, as the plugin of bench/qemu counts them
 * under QEMU: a line of numbers a sample, in the order in which they were
 * taken.
 */
#ifndef BENCH_PRIVILEGED_H
#define BENCH_PRIVILEGED_H

#include "guest.h"

/* The plugin as a file, and whether this QEMU takes it. */
struct privileged {
    char plugin[FOLDER_PATH];
    char reason[160]; /* why nothing is counted; "" */
};

/* Writes it and tries it. */
void privileged_prepare(struct bench_work *work, struct privileged *out);

/* The file that a run's counts go to. */
void privileged_file(const struct bench_work *work, const char *name,
                     char out[FOLDER_PATH]);

/* Reads counts for rows_take_file; null with *reason if there are none. */
struct windows *windows_read(const char *path, const char **reason);
void windows_free(struct windows *windows);
/* Those of the next sample, or null: there are no more. */
const double *windows_next(struct windows *windows);
/* True if each has been asked for, and no more. */
bool windows_whole(const struct windows *windows);

#endif
