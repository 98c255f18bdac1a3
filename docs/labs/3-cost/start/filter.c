/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lab 3. `host` has a filter work on a buffer: it calls the filter, which turns
 * the letters of the buffer to capitals. Nothing here is to be changed: what
 * the filter may reach stands in the configs.
 */
#include <ambit/ambit.h>

#define CALLS 8 /* the cheapest counts: others may meet the timer */

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle;

    ambit_assert(ambit_capability(name, &handle) == STATUS_OK);
    return handle;
}

static char *buffer(void)
{
    uint64_t base, bytes;

    ambit_assert(ambit_locate("buffer", &base, &bytes) == STATUS_OK);
    return (char *)base;
}

AMBIT_ENTRY(host_main)
{
    struct ambit_handle work = held("work");
    uint64_t best = UINT64_MAX;

    ambit_assert(ambit_malloc(64) != NULL); /* a heap begins empty */
    for (int i = 0; i < CALLS; i++) {
        struct ambit_message message = {0};

        memcpy(buffer(), "abc", 4);
        uint64_t start = ambit_ticks();
        ambit_assert(ambit_call(work, &message) == STATUS_OK);
        uint64_t ticks = ambit_ticks() - start;
        best = ticks < best ? ticks : best;
        ambit_assert(memcmp(buffer(), "ABC", 4) == 0);
    }
    ambit_report_instructions("call", best);
    return 0;
}

AMBIT_ENTRY(filter_main)
{
    struct ambit_handle work = held("work");
    struct ambit_message message;

    ambit_assert(ambit_receive(work, &message) == STATUS_OK);
    for (;;) {
        for (char *at = buffer(); *at; at++) {
            *at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
        }
        ambit_assert(ambit_reply_receive(work, &message) == STATUS_OK);
    }
}
