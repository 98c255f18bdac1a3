/* SPDX-License-Identifier: Apache-2.0 */
/* What revoking costs, by the number of descendants. */
#include "tools.h"

#define HALF 500u

AMBIT_ENTRY(revoke_owner_main)
{
    struct ambit_handle ring = held("ring"), desk = held("desk"), one = {0};
    struct ambit_handle top = {0};
    struct ambit_message message = {0};
    struct ambit_info info;

    must(ambit_derive(ring, AMBIT_READ | AMBIT_USE, &top));
    for (uint32_t i = 0; i < HALF; i++) {
        must(ambit_derive(top, AMBIT_READ, &one));
    }
    for (uint32_t i = 0; i < HALF; i++) {
        must(ambit_call_with(desk, &message, ambit_copy_of(top, AMBIT_READ)));
    }
    uint64_t begin = ambit_ticks();
    must(ambit_revoke(top));
    uint64_t ticks = ambit_ticks() - begin;
    ambit_assert(ambit_inspect(one, &info) == STATUS_INVALID_HANDLE);
    must(ambit_call(desk, &message));
    ambit_assert(message.words[0] == STATUS_INVALID_HANDLE);
    ambit_report_instructions("each of 1000", ticks / (2 * HALF));
    ambit_printf("%u gone\n", 2 * HALF);
    return 0;
}

/* Keeps all that comes; then says what the last one is. */
AMBIT_ENTRY(revoke_taker_main)
{
    struct ambit_handle desk = held("desk"), last = {0};
    struct ambit_message message = {0};
    struct ambit_info info;

    must(ambit_receive(desk, &message));
    for (;;) {
        if (message.capability.bits != 0) {
            last = message.capability;
        }
        message.words[0] = ambit_inspect(last, &info);
        must(ambit_reply_receive(desk, &message));
    }
}
