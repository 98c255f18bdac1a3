/* SPDX-License-Identifier: Apache-2.0 */
/* cpio's form "newc" (Linux, Documentation/driver-api/early-userspace/
 * buffer-format.rst): a header in hexadecimal, name and content, each padded to
 * four bytes. */
#define _GNU_SOURCE
#include "peers.h"

#include <stdlib.h>
#include <string.h>

#define HEADER "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
#define MODE_FILE 0100755u

static void pad(FILE *out, size_t bytes)
{
    for (; bytes % 4; bytes++) {
        fputc(0, out);
    }
}

/* Fields: inode, mode, owner, group, links, time, bytes, device of the archive
 * (2), of the file (2), bytes of the name with its end, checksum (none). */
static void entry(FILE *out, const char *name, unsigned mode,
                  const void *content, size_t bytes)
{
    size_t name_bytes = strlen(name) + 1;
    int used = fprintf(out, HEADER, 1u, mode, 0u, 0u, 1u, 0u, (unsigned)bytes,
                       0u, 0u, 0u, 0u, (unsigned)name_bytes, 0u);

    fwrite(name, 1, name_bytes, out);
    pad(out, (size_t)used + name_bytes);
    if (bytes) {
        fwrite(content, 1, bytes, out);
    }
    pad(out, bytes);
}

void *peers_archive(const void *program, size_t program_bytes, size_t *bytes)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, bytes);

    if (!out) {
        return NULL;
    }
    entry(out, "init", MODE_FILE, program, program_bytes);
    entry(out, "TRAILER!!!", 0, NULL, 0);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
