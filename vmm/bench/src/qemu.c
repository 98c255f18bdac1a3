/* SPDX-License-Identifier: Apache-2.0 */
#include "qemu.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool qemu_path(char path[FOLDER_PATH])
{
    const char *next = getenv("PATH");

    while (next && *next) {
        size_t bytes = strcspn(next, ":");

        snprintf(path, FOLDER_PATH, "%.*s/" QEMU_NAME,
                 (int)(bytes > 400 ? 400 : bytes), next);
        if (bytes && access(path, X_OK) == 0) {
            return true;
        }
        next += bytes;
        next += *next == ':';
    }
    return false;
}
