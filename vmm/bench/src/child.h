/* SPDX-License-Identifier: Apache-2.0 */
/* A program in a process of its own, whose output goes to files. */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <bench/bench.h>

struct child {
    const char *program;   /* a path */
    char *const *words;    /* its arguments, from its own name on */
    const char *out, *err; /* files that are made */
    const char *variable;  /* NAME=VALUE for its environment, or null */
    uint64_t timeout_ns;
    int (*interrupted)(void);
};

/*
 * Runs it to its end. Returns its exit code; EXIT_TIMEOUT or EXIT_INTERRUPTED
 * after ending it; EXIT_HOST if it was killed or could not be started. *failure
 * is filled unless it ended by itself.
 */
int child_run(const struct child *child, struct failure *failure);

/* The end of a file, one line's end less; "" if there is none. */
void child_tail(const char *path, char *out, size_t bytes);

#endif
