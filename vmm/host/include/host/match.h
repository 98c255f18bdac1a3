/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for a text in output that arrives in pieces. */
#ifndef HOST_MATCH_H
#define HOST_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory looks for nothing. */
struct match {
    const char *wanted; /* borrowed */
    uint32_t *failure;  /* how far to fall back, for each byte of it */
    uint32_t matched;   /* bytes of it that match now */
    bool found;
};

/* 0, or -1: no memory. An empty text is found at once. */
int match_init(struct match *match, const char *wanted);
void match_take(struct match *match, const char *bytes, size_t count);
void match_free(struct match *match);

#endif
