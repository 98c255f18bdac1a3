/* SPDX-License-Identifier: Apache-2.0 */
/* Breadth first through all states of a scene. */
#ifndef MODEL_SEARCH_H
#define MODEL_SEARCH_H

#include "action.h"

#define TRACE_MAX 64u

struct limits {
    uint32_t depth;  /* 0: none */
    uint32_t states; /* 0: none */
    bool trace;      /* also when nothing breaks: the way to the last state */
    bool teardown;   /* M11 too: it finds a mistake before it is made */
};

struct result {
    uint32_t states, depth;
    uint64_t transitions;
    bool complete;                  /* every state of the scene was visited */
    bool full;                      /* stopped because the store is full */
    const char *broken;             /* invariant, or null */
    uint32_t length;                /* of the trace: its last action broke it */
    struct action trace[TRACE_MAX]; /* in the first state's names */
    enum status status[TRACE_MAX];
};

void search(const struct scene *chosen, const struct limits *limits,
            struct result *result);

#endif
