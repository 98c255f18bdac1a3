/* SPDX-License-Identifier: Apache-2.0 */
/* Past what one class forbids, by way of what another class gives: the parent's
 * capabilities are in the table, the pool or the ceiling is not the parent's.
 */
#include "attack.h"

#define INDICES 184u
#define FRAMES 400u

/* The parent's pool is the first there is in its table. */
static struct ambit_handle parents_pool(void)
{
    for (uint64_t index = 1; index < INDICES; index++) {
        struct ambit_handle guess = {index};
        struct ambit_info info;

        if (ambit_inspect(guess, &info) == STATUS_OK &&
            info.type == AMBIT_TYPE_POOL) {
            return guess;
        }
    }
    attack_succeeded("no pool in the table: nothing was tried");
}

/* It has no pool; the table that it shares has its parent's. */
AMBIT_ENTRY(borrowed_pool_main)
{
    struct ambit_handle frame;
    uint64_t number;

    attack_expect("allocate", ambit_allocate(parents_pool(), &frame, &number),
                  STATUS_NO_MEMORY);
    return 0;
}

/* Frames of its parent's pool are charged to its own ceiling all the same.
 * Argument: the most that it may get. */
AMBIT_ENTRY(borrowed_quota_main)
{
    struct ambit_handle pool = parents_pool(), frame;
    uint64_t number, most = 0, count = 0;
    enum status status = STATUS_OK;

    ambit_assert(argc == 2 && ambit_number(argv[1], &most));
    while (count < FRAMES && status == STATUS_OK) {
        status = ambit_allocate(pool, &frame, &number);
        count += status == STATUS_OK;
    }
    if (count == 0 || count > most || status != STATUS_NO_QUOTA) {
        ambit_printf("%lu frames, then: %s\n", (unsigned long)count,
                     ambit_status_text(status));
        return ATTACK_SUCCEEDED;
    }
    return 0;
}
