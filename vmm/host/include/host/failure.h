/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong on the host, for people: one message, one remedy. */
#ifndef HOST_FAILURE_H
#define HOST_FAILURE_H

/* Exit codes of `ambit`, as documented in docs/reference.md. */
enum exit_code {
    EXIT_MET = 0,          /* everything met */
    EXIT_MISSED = 1,       /* an expectation was missed */
    EXIT_USAGE = 2,        /* usage or config */
    EXIT_HOST = 3,         /* host or VMM */
    EXIT_PANIC = 4,        /* guest kernel panic */
    EXIT_VIOLATED = 5,     /* isolation violated: assertion or audit */
    EXIT_UNAVAILABLE = 77, /* no usable engine, or a required feature missing */
    EXIT_TIMEOUT = 124,
    EXIT_INTERRUPTED = 130
};

struct failure {
    int exit_code;    /* enum exit_code; 0: nothing failed */
    char text[1024];  /* one line or more, no trailing newline */
    char remedy[512]; /* what to do next; "" when there is nothing to say */
};

/* Fills `failure` (cut to size); returns -1 so that callers can return it. */
__attribute__((format(printf, 3, 4))) int
failure_set(struct failure *failure, int exit_code, const char *format, ...);
__attribute__((format(printf, 2, 3))) void
failure_remedy(struct failure *failure, const char *format, ...);

#endif
