/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a child prints on one stream: the texts that are looked for are found
 * wherever they stand, the beginning and the end are kept. Bounded, however
 * much comes.
 */
#ifndef SUITE_CAPTURE_H
#define SUITE_CAPTURE_H

#include <config/config.h>
#include <host/match.h>

#define CAPTURE_HEAD 8192u
#define CAPTURE_TAIL 24576u

struct capture {
    char head[CAPTURE_HEAD];
    char tail[CAPTURE_TAIL]; /* a ring: what came after the head */
    uint64_t bytes;          /* ever taken */
    struct match *matches;   /* of the texts */
    uint32_t match_count;
};

/* 0, or -1: no memory (free it all the same). */
int capture_init(struct capture *capture, const struct config_end *end);
void capture_free(struct capture *capture);
void capture_take(struct capture *capture, const char *bytes, size_t count);
/* Writes what was kept, and how much was not. */
void capture_put(const struct capture *capture, FILE *out);

#endif
