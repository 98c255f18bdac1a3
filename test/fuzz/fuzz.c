/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fuzz_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

void bytes_copy(struct bytes *bytes, void *to, size_t count)
{
    size_t have = count < bytes->left ? count : bytes->left;

    memset(to, 0, count);
    if (have != 0) {
        memcpy(to, bytes->at, have);
        bytes->at += have;
        bytes->left -= have;
    }
}

uint8_t bytes_8(struct bytes *bytes)
{
    uint8_t value;

    bytes_copy(bytes, &value, sizeof value);
    return value;
}

uint16_t bytes_16(struct bytes *bytes)
{
    uint16_t value;

    bytes_copy(bytes, &value, sizeof value);
    return value;
}

uint32_t bytes_32(struct bytes *bytes)
{
    uint32_t value;

    bytes_copy(bytes, &value, sizeof value);
    return value;
}

uint64_t bytes_64(struct bytes *bytes)
{
    uint64_t value;

    bytes_copy(bytes, &value, sizeof value);
    return value;
}
