/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seeded bugs: mistakes that somebody could make in the cores or the kernel,
 * each as the entries of the table of operations that it replaces.
 */
#ifndef MODEL_BUGS_H
#define MODEL_BUGS_H

#include "calls.h"

struct bug {
    const char *name;
    const char *what;
    const char *scene;  /* where it is looked for */
    struct calls wrong; /* entries that take the place of the right ones */
    const char *breaks; /* the invariant that must find it */
    uint32_t length;    /* by the shortest trace: so many operations */
};

/* Null past the end. */
const struct bug *bug_at(uint32_t index);
const struct bug *bug_named(const char *name);
/* Puts its entries in the place of the right ones. */
void bug_seed(const struct bug *bug, struct calls *in_use);

extern const struct bug bugs_derive[], bugs_remove[], bugs_crossing[],
    bugs_life[], bugs_moves[], bugs_signals[], bugs_travel[];
extern const uint32_t bugs_derive_count, bugs_remove_count, bugs_crossing_count,
    bugs_life_count, bugs_moves_count, bugs_signals_count, bugs_travel_count;

#endif
