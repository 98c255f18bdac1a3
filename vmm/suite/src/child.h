/* SPDX-License-Identifier: Apache-2.0 */
/* `ambit run` in a process of its own. */
#ifndef SUITE_CHILD_H
#define SUITE_CHILD_H

#include "capture.h"
#include "suite_internal.h"

#define CHILD_NOT_EXECUTED 126

/* A place where one case at a time runs. */
struct child {
    struct suite_case *one; /* null: free */
    pid_t pid;
    int fds[2];                 /* stdout and stderr, or -1 */
    struct capture captures[2]; /* of these */
    char *results;              /* path */
    uint64_t start_ns;
    uint64_t kill_ns; /* when it is killed */
    bool exited, late, asked;
    int status; /* as waitpid(2) gives it, once exited */
};

/* Path of the running program, to free; or null with *failure. */
char *child_program(struct failure *failure);

/* Starts a case in a free place. 0; 1: no room for more processes now, try
 * again when another has ended; -1 with *failure. */
int child_start(struct child *child, const struct suite *suite,
                const char *program, struct suite_case *one,
                struct failure *failure);

/* Takes what has been printed, at most a little at a time. True when more
 * may be there at once. */
bool child_read(struct child *child);

/* SIGTERM, so that it ends in good order; or SIGKILL. */
void child_ask(struct child *child);
void child_kill(struct child *child);

/* Frees the place. */
void child_close(struct child *child);

#endif
