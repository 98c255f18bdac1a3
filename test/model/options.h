/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_OPTIONS_H
#define MODEL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *bug, *scene; /* null: none, all */
    uint32_t depth, states;  /* bounds in place of the scene's; 0: its own */
    uint32_t least;          /* states that there must be, all in all */
    uint32_t exactly;        /* or exactly so many; 0: any number */
    uint32_t memory;         /* MiB that may be resident at most; 0: any */
    bool list, trace, longer, plain, mutual;
};

/* False: what is wrong was said. */
bool options_read(int argc, char **argv, struct options *options);

#endif
