/* SPDX-License-Identifier: Apache-2.0 */
/* Text that others wrote, made fit for terminals, TAP and XML. */
#define _GNU_SOURCE
#include "suite_internal.h"

#include <host/escape.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t suite__now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

char *suite__printable(const char *text, size_t bytes, bool lines)
{
    char *out;
    size_t used = 0, room;

    if (__builtin_mul_overflow(bytes, ESCAPE_GROWTH, &room) ||
        __builtin_add_overflow(room, ESCAPE_GROWTH + 1, &room)) {
        return NULL;
    }
    out = malloc(room);
    if (!out) {
        return NULL;
    }
    for (size_t at = 0; at < bytes;) {
        const char *end = lines ? memchr(text + at, '\n', bytes - at) : NULL;
        size_t piece = end ? (size_t)(end - text) - at : bytes - at;

        used += escape_text(text + at, piece, out + used, room - used);
        if (end) {
            out[used++] = '\n';
        }
        at += piece + (end != NULL);
    }
    out[used] = '\0';
    return out;
}

/* XML 1.0, sections 2.2 and 2.4; control characters are escaped already. */
void suite__put_xml(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&apos;", out);
            break;
        default:
            fputc(*text, out);
            break;
        }
    }
}
