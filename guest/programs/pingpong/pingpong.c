/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call and reply: `ping` calls, `pong` answers each word plus one, and tells
 * its callers apart by their badge. Ping's argument: the number of calls.
 */
#include <ambit/ambit.h>

#define STOP UINT64_MAX /* in word 0: the server may end */

static void add_one(struct ambit_message *message)
{
    for (uint32_t i = 0; i < SYSCALL_WORDS; i++) {
        message->words[i]++;
    }
}

AMBIT_ENTRY(pong_main)
{
    struct ambit_handle ball;
    struct ambit_message message = {0};
    uint64_t first = 0;

    ambit_assert(ambit_capability("ball", &ball) == STATUS_OK);
    ambit_assert(ambit_receive(ball, &message) == STATUS_OK);
    first = message.badge;
    while (message.words[0] != STOP) {
        ambit_assert(message.badge == first);
        add_one(&message);
        ambit_assert(ambit_reply_receive(ball, &message) == STATUS_OK);
    }
    ambit_assert(ambit_reply(&message) == STATUS_OK);
    ambit_printf("all calls came with badge %lu\n", first);
    return 0;
}

/* One call with six words of its own; the answers must be theirs plus one. */
static void ping(struct ambit_handle ball, uint64_t round)
{
    struct ambit_message message;

    for (uint32_t i = 0; i < SYSCALL_WORDS; i++) {
        message.words[i] = round << 32 | i;
    }
    ambit_assert(ambit_call(ball, &message) == STATUS_OK);
    for (uint32_t i = 0; i < SYSCALL_WORDS; i++) {
        ambit_assert(message.words[i] == (round << 32 | i) + 1);
    }
}

AMBIT_ENTRY(ping_main)
{
    struct ambit_handle ball;
    struct ambit_message stop = {.words = {STOP}};
    uint64_t count = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &count));
    ambit_assert(ambit_capability("ball", &ball) == STATUS_OK);
    for (uint64_t i = 0; i < count; i++) {
        ping(ball, i);
    }
    ambit_assert(ambit_call(ball, &stop) == STATUS_OK);
    ambit_printf("%lu calls answered\n", count);
    return 0;
}
