/* SPDX-License-Identifier: Apache-2.0 */
/* Which engines there are and which of them a run takes. */
#ifndef VMM_ENGINES_H
#define VMM_ENGINES_H

#include "options.h"

#include <host/engine.h>

/* All engines, in the order `auto` prefers. Ended by null. */
extern const struct engine_ops *const engines_all[];

/* A choice being made; zeroed memory to begin with. */
struct engine_pick {
    const struct engine_ops *ops;
    struct engine_probe probe;
    uint32_t next;         /* position in engines_all to go on from */
    char passed_over[512]; /* why earlier engines were not taken; or "" */
    char remedy[512];      /* for the first of them */
};

/*
 * The next usable engine that the options allow. Engines after it are not
 * even probed. 0, or -1 with *failure (EXIT_UNAVAILABLE, EXIT_USAGE).
 */
int engines_next(const struct options *options, struct engine_pick *pick,
                 struct failure *failure);

/* Notes that the picked engine turned out not to work. */
void engines_pass_over(struct engine_pick *pick, const char *why,
                       const char *remedy);

#endif
