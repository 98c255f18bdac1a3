/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a call and its reply cost, by who serves. Arguments: samples, then the
 * servers' names; the endpoint of each is held as `to-NAME`.
 */
#include "samples.h"

#define BATCH 64u /* of what is too short to be told from the counter */

static __attribute__((noinline)) uint64_t add_one(uint64_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value + 1;
}

static uint64_t add_often(uint64_t value)
{
    for (uint32_t i = 0; i < BATCH; i++) {
        value = add_one(value);
    }
    return value;
}

/* What everything else is measured with, and what it stands beside. */
static void alone(struct samples *samples)
{
    SAMPLES(samples, (void)0);
    samples_print(samples, (struct series){"call", "self", "nothing", 1});
    SAMPLES(samples, (void)add_often(1));
    samples_print(samples, (struct series){"call", "self", "function", BATCH});
    SAMPLES(samples, (void)ambit_random());
    samples_print(samples, (struct series){"call", "self", "system-call", 1});
}

static void with_server(struct samples *samples, const char *name)
{
    struct ambit_message message = {.words = {1, 2, 3, 4, 5, 6}};
    struct ambit_handle gate, own;
    char held[40];

    ambit_snprintf(held, sizeof(held), "to-%s", name);
    must(ambit_capability(held, &gate));
    must(ambit_capability("quota", &own));
    SAMPLES(samples, must(ambit_call(gate, &message)));
    samples_print(samples, (struct series){"call", name, "reply", 1});
    SAMPLES(samples,
            must(ambit_call_with(gate, &message, ambit_copy_of(own, 1))));
    samples_print(samples, (struct series){"call", name, "capability", 1});
}

AMBIT_ENTRY(call_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    alone(&samples);
    for (int i = 2; i < argc; i++) {
        with_server(&samples, argv[i]);
    }
    return 0;
}

/* Answers every call, and keeps nothing that comes along. */
AMBIT_ENTRY(echo_main)
{
    struct ambit_message message;
    struct ambit_handle gate;

    must(ambit_capability("gate", &gate));
    must(ambit_receive(gate, &message));
    for (;;) {
        if (message.capability.bits) {
            must(ambit_delete(message.capability));
        }
        must(ambit_reply_receive(gate, &message));
    }
}
