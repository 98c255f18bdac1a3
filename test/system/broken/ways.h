/* SPDX-License-Identifier: Apache-2.0 */
/* How the broken kernel ends: the first argument of RANDOM. */
#ifndef BROKEN_WAYS_H
#define BROKEN_WAYS_H

enum {
    BREAK_NOT,
    BREAK_WRITE,  /* to an address in no table */
    BREAK_CALL,   /* of such an address */
    BREAK_PANIC,  /* its own decision */
    BREAK_ASSERT, /* a core's */
    BREAK_STACK,  /* a double fault */
    BREAK_TRIPLE, /* a triple fault */
    BREAK_SPIN,   /* never comes back */
    BREAK_DEEP    /* calls without end, into the page below its stack */
};

#endif
