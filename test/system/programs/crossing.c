/* SPDX-License-Identifier: Apache-2.0 */
/* Calls between several clients and servers, and calls that nobody answers. */
#include "tools.h"

/* Adds two words, and says which badge the call came with. */
static void answer(struct ambit_message *message)
{
    message->words[0] += message->words[1];
    message->words[2] = message->badge;
}

/* Serves the endpoint it is told, for ever: a server's usual end is to wait. */
AMBIT_ENTRY(server_main)
{
    struct ambit_handle desk = held(argv[1]);
    struct ambit_message message = {0};

    must(ambit_receive(desk, &message));
    for (;;) {
        answer(&message);
        must(ambit_reply_receive(desk, &message));
    }
}

/* Serves argv[1] with what it gets from argv[2]. */
AMBIT_ENTRY(relay_main)
{
    struct ambit_handle front = held(argv[1]), back = held(argv[2]);
    struct ambit_message message = {0};

    must(ambit_receive(front, &message));
    for (;;) {
        must(ambit_call(back, &message));
        must(ambit_reply_receive(front, &message));
    }
}

static void ask(struct ambit_handle desk, uint64_t round, uint64_t *badge)
{
    struct ambit_message message = {.words = {round, 1000}};

    must(ambit_call(desk, &message));
    ambit_assert(message.words[0] == round + 1000);
    ambit_assert(*badge == 0 || *badge == message.words[2]);
    *badge = message.words[2];
}

/* Calls each endpoint that it is told, argv[1] times, in turn. */
AMBIT_ENTRY(client_main)
{
    uint64_t count = number(argv[1]), badges[8] = {0};

    ambit_assert(argc >= 3 && argc <= 10);
    for (uint64_t round = 0; round < count; round++) {
        for (int i = 2; i < argc; i++) {
            ask(held(argv[i]), round, &badges[i - 2]);
        }
    }
    ambit_printf("%lu answers\n", count * (uint64_t)(argc - 2));
    return 0;
}

/* Calls argv[2] although whoever serves it may be calling argv[1], which is
 * this domain's to serve. */
AMBIT_ENTRY(crossed_main)
{
    struct ambit_message message = {0};

    ambit_assert(argc == 3);
    (void)held(argv[1]);
    enum status status = ambit_call(held(argv[2]), &message);
    ambit_printf("the call ended: %s\n", ambit_status_text(status));
    return status == STATUS_OK;
}

/* Serves argv[1] and answers nobody: it waits at argv[2] instead. */
AMBIT_ENTRY(deaf_main)
{
    struct ambit_message message = {0};

    (void)held(argv[1]);
    return ambit_receive(held(argv[2]), &message) == STATUS_OK;
}

/* Takes one call and ends without an answer. */
AMBIT_ENTRY(rude_main)
{
    struct ambit_message message = {0};

    must(ambit_receive(held(argv[1]), &message));
    return 0;
}

/* Must be told that nobody will answer. */
AMBIT_ENTRY(jilted_main)
{
    struct ambit_message message = {0};
    enum status status = ambit_call(held(argv[1]), &message);

    ambit_printf("%s\n", ambit_status_text(status));
    return status != STATUS_CLOSED;
}
