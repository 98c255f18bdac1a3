/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seeded bugs: mistakes that somebody could make in the cores or the kernel,
 * each as the table of operations with one entry replaced.
 */
#ifndef MODEL_BUGS_H
#define MODEL_BUGS_H

#include "calls.h"

struct bug {
    const char *name;
    const char *what;
    const char *scene; /* where it is looked for */
    void (*seed)(struct calls *calls);
    const char *breaks; /* the invariant that must find it */
    uint32_t length;    /* by the shortest trace: so many operations */
};

/* Null past the end. */
const struct bug *bug_at(uint32_t index);
const struct bug *bug_named(const char *name);

extern const struct bug bugs_derive[], bugs_remove[], bugs_crossing[],
    bugs_life[];
extern const uint32_t bugs_derive_count, bugs_remove_count, bugs_crossing_count,
    bugs_life_count;

#endif
