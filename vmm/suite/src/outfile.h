/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that appears whole, by rename, when all is done. It is opened before
 * anything runs, so that one that can't be written is found out in time.
 */
#ifndef SUITE_OUTFILE_H
#define SUITE_OUTFILE_H

#include <host/failure.h>
#include <stdbool.h>
#include <stdio.h>

struct outfile {
    FILE *out; /* to write to; null: there is no such file */
    const char *path;
    char *temporary; /* beside it; null: a device, written through */
};

/* 0, or -1 with *failure (exit 3). `option`: for the remedy. */
int outfile_open(struct outfile *file, const char *path, const char *option,
                 struct failure *failure);
/* Everything is written: the file appears. 0, or -1 with *failure. */
int outfile_commit(struct outfile *file, struct failure *failure);
/* Nothing of it stays. */
void outfile_discard(struct outfile *file);

#endif
