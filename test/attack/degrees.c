/* SPDX-License-Identifier: Apache-2.0 */
/* Beyond a degree: a ceiling on a quota, and nothing of quota or pool. */
#include "attack.h"

/* Pages that its heap grows by, one at a time, until `wanted` ends it. */
static uint64_t pages_until(enum status wanted)
{
    struct ambit_handle heap = attack_capability("heap");
    enum status status = STATUS_OK;
    uint64_t bytes, pages = 0;

    while ((status = ambit_grow(heap, 1, &bytes)) == STATUS_OK) {
        pages++;
    }
    attack_expect("grow", status, wanted);
    return pages;
}

/* Takes all but nothing of its quota, then lets the other go on. */
AMBIT_ENTRY(part_owner_main)
{
    struct ambit_message message = {0};
    struct ambit_handle gate = attack_capability("gate");

    ambit_assert(pages_until(STATUS_NO_QUOTA) > 100);
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    return 0;
}

/* Beneath its ceiling there is room, and above it none. */
AMBIT_ENTRY(beneath_main)
{
    attack_wait();
    if (pages_until(STATUS_NO_QUOTA) > 0) {
        attack_succeeded("memory that its parent has used up");
    }
    return 0;
}

/* Its ceiling is lower than what its parent has. */
AMBIT_ENTRY(ceiling_main)
{
    struct ambit_info quota;
    uint64_t pages = pages_until(STATUS_NO_QUOTA);

    attack_expect("quota", ambit_inspect(attack_capability("quota"), &quota),
                  STATUS_OK);
    ambit_assert(quota.second == 64 && quota.first == 64);
    if (pages >= 64) {
        attack_succeeded("more than its ceiling");
    }
    return 0;
}

AMBIT_ENTRY(quota_none_main)
{
    struct ambit_handle handle;
    uint64_t bytes, number;

    attack_expect("quota", ambit_capability("quota", &handle),
                  STATUS_NOT_FOUND);
    attack_expect("grow", ambit_grow(attack_capability("heap"), 1, &bytes),
                  STATUS_NO_QUOTA);
    attack_expect("allocate",
                  ambit_allocate(attack_capability("pool"), &handle, &number),
                  STATUS_NO_QUOTA);
    return 0;
}

AMBIT_ENTRY(pool_none_main)
{
    struct ambit_handle handle;
    uint64_t bytes;

    attack_expect("pool", ambit_capability("pool", &handle), STATUS_NOT_FOUND);
    attack_expect("grow", ambit_grow(attack_capability("heap"), 1, &bytes),
                  STATUS_NO_MEMORY);
    return 0;
}
