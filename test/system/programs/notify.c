/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications: of the config, and made at run time. */
#include "tools.h"

#define BITS 60u

AMBIT_ENTRY(ringer_main)
{
    struct ambit_handle bell = held("bell"), done = held("done");
    uint64_t word = 0;

    for (uint32_t i = 0; i < BITS; i++) {
        must(ambit_signal(bell, UINT64_C(1) << i));
        must(ambit_await(done, &word));
        ambit_assert(word == 1);
    }
    ambit_assert(ambit_signal(done, 1) == STATUS_NO_RIGHTS);
    ambit_assert(ambit_poll(bell, &word) == STATUS_NO_RIGHTS);
    ambit_assert(ambit_signal(bell, 0) == STATUS_INVALID_ARGUMENT);
    /* Both before anybody waits: one word. */
    must(ambit_signal(bell, 5));
    must(ambit_signal(bell, 2));
    return 0;
}

AMBIT_ENTRY(sleeper_main)
{
    struct ambit_handle bell = held("bell"), done = held("done");
    uint64_t word = 0, rest = 0;

    for (uint32_t i = 0; i < BITS; i++) {
        must(ambit_await(bell, &word));
        ambit_assert(word == UINT64_C(1) << i);
        must(ambit_signal(done, 1));
    }
    while (rest != 7) {
        must(ambit_await(bell, &word));
        rest |= word;
    }
    must(ambit_poll(bell, &word));
    ambit_assert(word == 0);
    ambit_printf("%u bits, one at a time\n", BITS);
    return 0;
}

/* They share a space and tables: a word in memory is the handle. */
static struct {
    volatile uint64_t handle;
    volatile uint32_t woken;
} shared;

/* Waits by a capability that is revoked, then by one that goes. */
AMBIT_ENTRY(bell_waiter_main)
{
    uint64_t word = 0;

    for (uint32_t i = 0; i < 2; i++) {
        while (shared.handle == 0) {
            ambit_yield();
        }
        struct ambit_handle handle = {shared.handle};
        shared.handle = 0;
        ambit_assert(ambit_await(handle, &word) == STATUS_CLOSED);
        shared.woken++;
    }
    return 0;
}

static void hand_over(struct ambit_handle handle)
{
    shared.handle = handle.bits;
    while (shared.handle != 0) {
        ambit_yield();
    }
    ambit_yield(); /* it waits by now, or will find the handle stale */
}

static void woken(uint32_t times)
{
    while (shared.woken < times) {
        ambit_yield();
    }
}

AMBIT_ENTRY(bell_keeper_main)
{
    struct ambit_handle bell = {0}, copy = {0};

    must(ambit_notification_create(&bell));
    must(ambit_derive(bell, AMBIT_USE, &copy));
    hand_over(copy);
    must(ambit_revoke(bell));
    woken(1);
    hand_over(bell);
    must(ambit_delete(bell)); /* and with it the notification */
    woken(2);
    ambit_printf("woken twice\n");
    return 0;
}
