/* SPDX-License-Identifier: Apache-2.0 */
/* The table of observations: rows are domains, columns what was observed. */
#ifndef VMM_TABLE_H
#define VMM_TABLE_H

#include "run.h"

#include <stdio.h>

/* Prints it, with its footnote. Nothing when nobody reported anything. */
void table_print(const struct run *run, FILE *out);

#endif
