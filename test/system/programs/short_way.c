/* SPDX-License-Identifier: Apache-2.0 */
/* Calls and replies that cannot go the short way; the test counts them. */
#include "tools.h"

#define PLAIN 100u

/*
 * Replies to nobody where it has never received; receives and answers; replies
 * to nobody again; then answers one caller while the other is queued.
 */
AMBIT_ENTRY(short_clerk_main)
{
    struct ambit_handle desk = held("desk");
    struct ambit_message message = {0};

    ambit_assert(ambit_reply_receive(desk, &message) == STATUS_NOT_FOUND);
    must(ambit_receive(desk, &message));
    must(ambit_reply(&message));
    ambit_assert(ambit_reply_receive(desk, &message) == STATUS_NOT_FOUND);
    must(ambit_receive(desk, &message));
    for (uint32_t i = 0; i < 20; i++) {
        ambit_yield(); /* into the queue, the other caller */
    }
    for (;;) {
        message.words[0]++;
        must(ambit_reply_receive(desk, &message));
    }
}

static void ask(struct ambit_handle desk, uint64_t value)
{
    struct ambit_message message = {.words = {value}};

    must(ambit_call(desk, &message));
    ambit_assert(message.words[0] == value + 1);
}

AMBIT_ENTRY(short_first_main)
{
    struct ambit_handle desk = held("desk");
    struct ambit_message message = {0};

    must(ambit_call(desk, &message));
    ask(desk, 1);
    for (uint64_t i = 0; i < PLAIN; i++) {
        ask(desk, i);
    }
    return 0;
}

AMBIT_ENTRY(short_second_main)
{
    for (uint32_t i = 0; i < 10; i++) {
        ambit_yield(); /* the first is served */
    }
    ask(held("desk"), 5);
    return 0;
}

/* Calls before and while its time has a budget. */
AMBIT_ENTRY(short_budget_main)
{
    struct ambit_time budget = {
        .budget_ns = 5000000, .period_ns = 10000000, .priority = 3};
    struct ambit_handle desk = held("desk"), clock = held("clock");

    ask(desk, 1);
    ask(desk, 2);
    must(ambit_time_set(clock, &budget));
    ask(desk, 3);
    budget.budget_ns = budget.period_ns = 0;
    must(ambit_time_set(clock, &budget));
    ask(desk, 4);
    return 0;
}

AMBIT_ENTRY(short_plain_main)
{
    struct ambit_handle desk = held("desk");
    struct ambit_message message = {0};

    must(ambit_receive(desk, &message));
    for (;;) {
        message.words[0]++;
        must(ambit_reply_receive(desk, &message));
    }
}
