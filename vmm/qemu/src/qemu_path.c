/* SPDX-License-Identifier: Apache-2.0 */
#include "qemu_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool qemu_find(char path[QEMU_PATH_MAX])
{
    const char *next = getenv("PATH");

    while (next && *next) {
        size_t bytes = strcspn(next, ":");
        int n = snprintf(path, QEMU_PATH_MAX, "%.*s/" QEMU_PROGRAM, (int)bytes,
                         next);

        if (bytes > 0 && n > 0 && (unsigned)n < QEMU_PATH_MAX &&
            access(path, X_OK) == 0) {
            return true;
        }
        next += bytes;
        next += *next == ':';
    }
    return false;
}
