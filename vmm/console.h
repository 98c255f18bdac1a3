/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console: chunks out of the shared ring, put together to lines per
 * domain, each printed as `name| text`.
 */
#ifndef VMM_CONSOLE_H
#define VMM_CONSOLE_H

#include <config/config.h>
#include <host/match.h>
#include <host/sha256.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CONSOLE_LINE_MAX 1024u  /* longer lines are broken */
#define CONSOLE_KEPT_MAX 16384u /* bytes a domain that results keep */

struct console_stream {
    char *line;
    uint32_t line_bytes;
    char *kept; /* the first CONSOLE_KEPT_MAX bytes; may be null */
    uint32_t kept_bytes;
    uint64_t bytes;     /* ever written */
    struct sha256 hash; /* of them */
    struct match match; /* of expect.output; idle without */
    uint32_t number;    /* domains made at run time: whose line it is */
};

struct console {
    FILE *out; /* null: print nothing */
    bool colour;
    uint32_t taken;   /* as in shared.console_taken */
    uint32_t corrupt; /* times the ring made no sense */
    uint32_t count;   /* streams: the config's domains, all that are made at
                         run time together, the kernel */
    struct console_stream *streams;
    const struct config *config;
};

/* 0, or -1: no memory. */
int console_init(struct console *console, const struct config *config,
                 FILE *out);
void console_free(struct console *console);

/* Takes whatever the ring holds. Memory-safe whatever the guest wrote. */
void console_drain(struct console *console, void *memory);

/* Prints lines that have no end yet. */
void console_flush(struct console *console);

#endif
