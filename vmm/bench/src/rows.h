/* SPDX-License-Identifier: Apache-2.0 */
/* Rows: one for each thing that could be known, filled from what was told. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "cases.h"

struct windows;

/* Makes the rows of all wanted places, blank. 0, or -1: no memory. */
int rows_make(struct bench_table *table, const struct bench_options *options);

/*
 * Takes one line that a guest or peer printed: `sample OPERATION SUBJECT DETAIL
 * BATCH : VALUE...`; what stands before it on the line is skipped, and a line
 * without it is none of ours. Or `blank OPERATION SUBJECT DETAIL : REASON`. 0,
 * or -1 (no memory; a series that there is not, or numbers that are none:
 * *failure). Each sample takes the next of `windows`, unless that is null.
 */
int rows_take_line(struct bench_table *table, enum bench_place place,
                   const char *line, struct windows *windows,
                   struct failure *failure);
/* All lines of a file. */
int rows_take_file(struct bench_table *table, enum bench_place place,
                   const char *path, struct windows *windows,
                   struct failure *failure);

/* Forgets what was privileged, of all rows of a place. */
void rows_uncount(struct bench_table *table, enum bench_place place);

/* Says why rows of a place, of one operation or (null) all, are blank. */
void rows_blank(struct bench_table *table, enum bench_place place,
                const char *operation, const char *reason);

/* What separates the app from its child of that name. */
void rows_boundary(struct bench_table *table, enum bench_place place,
                   const char *operation, const char *subject,
                   const char *mechanism);

/* Works out every row's numbers; times from ticks of `tsc_hz`. 0 or -1. */
int rows_finish(struct bench_table *table);

#endif
