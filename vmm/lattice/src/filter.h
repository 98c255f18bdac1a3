/* SPDX-License-Identifier: Apache-2.0 */
/* --filter class=degree,...: which points are looked at. */
#ifndef LATTICE_FILTER_H
#define LATTICE_FILTER_H

#include <domains/kinds.h>
#include <host/failure.h>
#include <stdbool.h>

/* Bit (1 << degree) set: the class may have it. */
struct lattice_filter {
    uint8_t degrees[PD_CLASS_COUNT];
};

/* Null lets everything through. A class named twice may have either degree.
 * 0, or -1 with *failure (EXIT_USAGE). */
int filter_parse(const char *text, struct lattice_filter *out,
                 struct failure *failure);
bool filter_passes(const struct lattice_filter *filter, const uint8_t *degree);

#endif
