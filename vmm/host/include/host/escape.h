/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that come from the guest, made fit for a terminal and for JSON:
 * printable UTF-8 and tabs pass, everything else becomes \xNN. So no domain
 * can move the cursor, change colours or fake another domain's line.
 */
#ifndef HOST_ESCAPE_H
#define HOST_ESCAPE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Most bytes that one input byte can become. */
#define ESCAPE_GROWTH 4u

/* Escapes into `out` (NUL-terminated, cut to size). Returns bytes written. */
size_t escape_text(const void *bytes, size_t count, char *out, size_t size);

/* The same for a NUL-terminated string. */
size_t escape_string(const char *text, char *out, size_t size);

/* Bytes (1..4) of the printable UTF-8 sequence at `bytes`, or 0. */
size_t escape_printable(const uint8_t *bytes, size_t count);

#endif
