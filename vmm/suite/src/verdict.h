/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a case that has ended is met. Pure. */
#ifndef SUITE_VERDICT_H
#define SUITE_VERDICT_H

#include "suite_internal.h"

/* What a run's results say. */
struct facts {
    bool there; /* a results file that could be read */
    int exit;
    bool audited; /* numbers, not null */
    uint64_t pages, violations;
};

/* How a run went. */
struct ending {
    int status;          /* as waitpid(2) gives it */
    bool late;           /* killed after its time */
    bool asked;          /* it was asked to end, for an interrupt */
    const char *unsaid;  /* the first text that it did not print, or null */
    const char *message; /* its first message, printable, or "" */
    struct facts facts;
};

/* Fills outcome, exit_code and why of the case. */
void verdict(struct suite_case *one, const struct ending *ending);

/* Reads results; `there` is false if they cannot be. */
struct facts facts_read(const char *path);

#endif
