/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the app and its children say to each other.
 *
 * A child first calls `turn`, with its name in the words, and waits there: the
 * app lets in one child at a time. The reply gives the child the address and
 * the value of a marked word in the app's heap. The session then runs over
 * `work`: word 0 says what the child wants.
 */
#ifndef SPECTRUM_PROTOCOL_H
#define SPECTRUM_PROTOCOL_H

/* A name of at most 31 bytes fits in four words of the `turn` call. */
#define NAME_WORDS 4u

/* Rounds of the allocator leak; each guesses one random bit. */
#define ROUNDS 64u

enum work {
    WORK_ECHO,        /* reply at once: what a call costs */
    WORK_PROBE_STACK, /* the app tries the caller's stack and reports it */
    WORK_ROUND,       /* the app allocates a frame, or not */
    WORK_GUESS,       /* word 1: the child's guess; the app frees the frame */
    WORK_SCORE,       /* the app reports how many guesses were right */
    WORK_DONE         /* the session is over */
};

/* "rw", "r", "w" or "fault". */
static inline const char *access_text(_Bool read, _Bool written)
{
    if (read) {
        return written ? "rw" : "r";
    }
    return written ? "w" : "fault";
}

#endif
