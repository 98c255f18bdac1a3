/* SPDX-License-Identifier: Apache-2.0 */
/* What the short way of a crossing must not pass by. */
#include "attack.h"

uint64_t reply_receive_stepping(uint64_t endpoint);

/* Serves argv[1]; its answer is argv[2]. */
AMBIT_ENTRY(fast_server_main)
{
    struct ambit_handle gate = attack_capability(argv[1]);
    struct ambit_message message = {0};
    uint64_t answer = 0;

    ambit_assert(argc == 3 && ambit_number(argv[2], &answer));
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    for (;;) {
        message.words[0] = answer;
        attack_expect("reply", ambit_reply_receive(gate, &message), STATUS_OK);
    }
}

static uint64_t answer_of(struct ambit_handle gate)
{
    struct ambit_message message = {0};

    attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    return message.words[0];
}

/* The slot that its last calls went by leads elsewhere by now. */
AMBIT_ENTRY(fast_stale_main)
{
    struct ambit_handle copy = {0}, other = {0};
    struct ambit_message message = {0};

    attack_expect("derive",
                  ambit_derive(attack_capability("near"), AMBIT_WRITE, &copy),
                  STATUS_OK);
    ambit_assert(answer_of(attack_capability("far")) == 2);
    ambit_assert(answer_of(copy) == 1 && answer_of(copy) == 1);
    attack_expect("delete", ambit_delete(copy), STATUS_OK);
    attack_expect("derive",
                  ambit_derive(attack_capability("far"), AMBIT_WRITE, &other),
                  STATUS_OK);
    ambit_assert((uint32_t)copy.bits == (uint32_t)other.bits);
    attack_expect("call by the old handle", ambit_call(copy, &message),
                  STATUS_STALE_HANDLE);
    ambit_assert(answer_of(other) == 2);
    return 0;
}

/* Who may serve may not call for that, though a server waits. */
AMBIT_ENTRY(fast_rights_main)
{
    struct ambit_message message = {0};

    for (int i = 0; i < 10; i++) {
        ambit_yield(); /* into the queue, the server */
    }
    attack_expect("call", ambit_call(attack_capability("gate"), &message),
                  STATUS_NO_RIGHTS);
    return 0;
}

AMBIT_ENTRY(fast_allowed_main)
{
    ambit_assert(answer_of(attack_capability("gate")) == 1);
    ambit_assert(answer_of(attack_capability("gate")) == 1);
    return 0;
}

/* Gives a capability along with a call to a server that waits. */
AMBIT_ENTRY(fast_giver_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};

    ambit_assert(answer_of(gate) == 0);
    attack_expect(
        "give",
        ambit_call_with(gate, &message,
                        ambit_copy_of(attack_capability("ring"), AMBIT_READ)),
        STATUS_OK);
    return 0;
}

AMBIT_ENTRY(fast_taker_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};
    struct ambit_info info;

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("reply", ambit_reply_receive(gate, &message), STATUS_OK);
    attack_expect("what came", ambit_inspect(message.capability, &info),
                  STATUS_OK);
    ambit_assert(info.type == AMBIT_TYPE_RANGE && info.rights == AMBIT_READ);
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    return 0;
}

/* ---- priorities: `between` is due before the server ---- */

static volatile uint64_t *fast_board(void)
{
    return (volatile uint64_t *)attack_place("board");
}

AMBIT_ENTRY(fast_high_main)
{
    struct ambit_handle gate = attack_capability("gate");

    ambit_assert(answer_of(gate) == 0);
    attack_expect("signal", ambit_signal(attack_capability("bell"), 1),
                  STATUS_OK);
    if (answer_of(gate) != 1) {
        attack_succeeded("the server ran before one that is above it");
    }
    return 0;
}

AMBIT_ENTRY(fast_between_main)
{
    uint64_t word = 0;

    attack_expect("await", ambit_await(attack_capability("bell"), &word),
                  STATUS_OK);
    fast_board()[0] = 1;
    return 0;
}

AMBIT_ENTRY(fast_low_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    for (;;) {
        message.words[0] = fast_board()[0];
        attack_expect("reply", ambit_reply_receive(gate, &message), STATUS_OK);
    }
}

/* ---- steps ---- */

AMBIT_ENTRY(fast_stepped_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};
    struct ambit_fault fault;
    uint64_t result = 0;

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    if (ambit_try_exec((uint64_t)reply_receive_stepping, gate.bits, &result,
                       &fault)) {
        attack_succeeded("it was not stopped behind the crossing");
    }
    ambit_assert(fault.type == FAULT_DEBUG);
    return 0;
}

AMBIT_ENTRY(fast_waking_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};

    attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    attack_expect("call", ambit_call(gate, &message), STATUS_CLOSED);
    return 0;
}

/* ---- two who wait by one capability, which is revoked ---- */

static struct {
    struct ambit_handle gate;
    volatile bool called, waits;
} two;

AMBIT_ENTRY(fast_first_main)
{
    struct ambit_message message = {0};

    two.gate = attack_capability("gate");
    attack_expect("receive", ambit_receive(two.gate, &message), STATUS_OK);
    two.called = true;
    for (int i = 0; i < 10 || !two.waits; i++) {
        ambit_yield(); /* into the queue, the second */
    }
    attack_expect("receive another", ambit_reply_receive(two.gate, &message),
                  STATUS_CLOSED);
    return 0;
}

AMBIT_ENTRY(fast_second_main)
{
    struct ambit_message message = {0};

    while (!two.called) {
        ambit_yield();
    }
    two.waits = true;
    attack_expect("receive", ambit_receive(two.gate, &message), STATUS_CLOSED);
    return 0;
}

AMBIT_ENTRY(fast_revoker_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};

    for (int i = 0; i < 10; i++) {
        ambit_yield(); /* into the queue, the first */
    }
    attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    attack_expect("revoke", ambit_revoke(gate), STATUS_OK);
    attack_expect("start", ambit_spawn(attack_capability("caller")), STATUS_OK);
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    return 0;
}
