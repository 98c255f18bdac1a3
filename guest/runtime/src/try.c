/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"
#include <ambit/try.h>
#include <stddef.h>

/* try.S writes the record by these offsets, and knows the call's number. */
_Static_assert(offsetof(struct ambit_fault, type) == 0, "try.S");
_Static_assert(offsetof(struct ambit_fault, access) == 4, "try.S");
_Static_assert(offsetof(struct ambit_fault, range) == 8, "try.S");
_Static_assert(offsetof(struct ambit_fault, owner) == 12, "try.S");
_Static_assert(offsetof(struct ambit_fault, address) == 16, "try.S");
_Static_assert(SYSCALL_TRY == 26, "try.S");

bool ambit_try_read(uint64_t address, uint64_t *value,
                    struct ambit_fault *fault)
{
    return ambit__try((uint64_t)ambit__load, address, 0, value, fault);
}

bool ambit_try_write(uint64_t address, uint64_t value,
                     struct ambit_fault *fault)
{
    uint64_t nothing;

    return ambit__try((uint64_t)ambit__store, address, value, &nothing, fault);
}

bool ambit_try_exec(uint64_t address, uint64_t argument, uint64_t *result,
                    struct ambit_fault *fault)
{
    return ambit__try(address, argument, 0, result, fault);
}
