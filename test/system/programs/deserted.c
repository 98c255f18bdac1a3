/* SPDX-License-Identifier: Apache-2.0 */
/* Callers at an endpoint whose only server comes, goes and comes again. */
#include "tools.h"

enum order { LEAVE, SERVE, GIVE_UP };

/* Asks at `orders` what to do about `gate`, until it is told to leave. */
AMBIT_ENTRY(fickle_main)
{
    struct ambit_handle orders = held("orders"), gate = held("gate");
    struct ambit_message order = {0}, message = {0};

    for (;;) {
        must(ambit_call(orders, &order));
        if (order.words[0] == LEAVE) {
            return 0;
        }
        if (order.words[0] == GIVE_UP) {
            must(ambit_delete(gate));
            continue;
        }
        must(ambit_receive(gate, &message));
        must(ambit_reply(&message));
    }
}

static void callers_queue(void)
{
    for (int i = 0; i < 20; i++) {
        ambit_yield();
    }
}

static void tell(enum order what)
{
    struct ambit_message message = {0};

    callers_queue();
    must(ambit_receive(held("orders"), &message));
    message.words[0] = what;
    must(ambit_reply(&message));
}

/* How its call ended. */
static void ended_with(const char *caller, enum status status)
{
    struct ambit_outcome outcome;

    must(ambit_wait(held(caller), &outcome));
    ambit_assert(outcome.code == (int32_t)status);
}

static void start_both(void)
{
    must(ambit_spawn(held("ann")));
    must(ambit_spawn(held("bob")));
}

static void end_both(enum status status)
{
    ended_with("ann", status);
    ended_with("bob", status);
}

/* How a call at `gate` ends is the exit code. */
AMBIT_ENTRY(asking_main)
{
    struct ambit_message message = {0};

    return (int)ambit_call(held("gate"), &message);
}

AMBIT_ENTRY(deserted_main)
{
    struct ambit_outcome outcome;

    start_both(); /* the server has not been started yet: they wait */
    must(ambit_spawn(held("server")));
    tell(SERVE);
    tell(SERVE);
    end_both(STATUS_OK);

    start_both();
    tell(LEAVE);
    end_both(STATUS_CLOSED);
    must(ambit_spawn(held("ann"))); /* it does not wait at all */
    ended_with("ann", STATUS_CLOSED);

    must(ambit_wait(held("server"), &outcome));
    must(ambit_spawn(held("server"))); /* again: somebody can serve */
    start_both();
    tell(SERVE);
    tell(SERVE);
    end_both(STATUS_OK);

    start_both();
    tell(GIVE_UP); /* it lives on */
    end_both(STATUS_CLOSED);

    must(ambit_stop(held("server")));
    must(ambit_spawn(held("server")));
    start_both();
    callers_queue();
    must(ambit_stop(held("server")));
    end_both(STATUS_CLOSED);

    must(ambit_spawn(held("server")));
    start_both();
    tell(SERVE);
    tell(SERVE);
    end_both(STATUS_OK);
    tell(LEAVE);
    ended_with("server", STATUS_OK);
    ambit_printf("came and went\n");
    return 0;
}
