/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of the system tests share. Nothing here is static: several
 * domains may run in one image. */
#ifndef SYSTEM_TOOLS_H
#define SYSTEM_TOOLS_H

#include <ambit/ambit.h>

static inline void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

/* One of the caller's initial capabilities, which must be there. */
static inline struct ambit_handle held(const char *name)
{
    struct ambit_handle handle = {0};

    if (ambit_capability(name, &handle) != STATUS_OK) {
        ambit_printf("%s is not held\n", name);
        ambit_exit(AMBIT_EXIT_ASSERT);
    }
    return handle;
}

static inline uint64_t number(const char *text)
{
    uint64_t value = 0;

    ambit_assert(ambit_number(text, &value));
    return value;
}

#endif
