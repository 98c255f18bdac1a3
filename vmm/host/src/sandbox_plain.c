/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A build without sanitizers. Calls by which libraries look for files fail:
 * libdw asks for the path of what it reads (readlink), the C library for the
 * time zone (openat, even for UTC), and both do without. Anything else kills.
 */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <fcntl.h>
#include <sys/syscall.h>

static const struct sandbox_rule refused[] = {
    {.call = SYS_open, .refuse = true},
    {.call = SYS_openat, .refuse = true},
    {.call = SYS_access, .refuse = true},
    {.call = SYS_stat, .refuse = true},
    {.call = SYS_readlink, .refuse = true},
    {.call = SYS_readlinkat, .refuse = true},
    {.call = SYS_newfstatat,
     .refuse = true,
     .count = 1,
     .argument = {{3, AT_EMPTY_PATH, 0}}},
};

void sandbox__build(struct sandbox *sandbox)
{
    sandbox_allow(sandbox, refused, sizeof(refused) / sizeof(refused[0]));
}
