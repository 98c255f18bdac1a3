/* SPDX-License-Identifier: Apache-2.0 */
/* Use after revocation: what was derived from a capability goes with it, the
 * memory it attached included. */
#include "attack.h"

static uint64_t ring_base(void)
{
    uint64_t base, bytes;

    attack_expect("ring", ambit_locate("ring", &base, &bytes), STATUS_OK);
    return base;
}

/* Lets the user in, revokes while it waits, then attaches the range again for
 * itself: revoking takes nothing from who revokes but what was derived. */
AMBIT_ENTRY(revoker_main)
{
    struct ambit_handle ring = attack_capability("ring"), again = {0};
    volatile uint64_t *word = (volatile uint64_t *)ring_base();
    struct ambit_message message;
    struct ambit_fault fault;
    uint64_t value;

    *word = 42;
    attack_let_one_in(&message);
    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    ambit_assert(!ambit_try_read((uint64_t)word, &value, &fault));
    ambit_assert(fault.access == ACCESS_READ);
    attack_expect("attach",
                  ambit_attach(ring, AMBIT_READ | AMBIT_WRITE, &again),
                  STATUS_OK);
    ambit_assert(*word == 42);
    attack_let_it_go(&message);
    return 0;
}

/* Reads (the control), waits for the revocation, reads again: a fault. */
AMBIT_ENTRY(user_main)
{
    volatile uint64_t *word = (volatile uint64_t *)ring_base();

    while (*word != 42) {
        ambit_yield();
    }
    attack_wait();
    (void)*word;
    return ATTACK_SUCCEEDED;
}

/* The same, but deleting the attachment's own handle must not need a revoke:
 * an attachment can be given up, and then it is gone. */
AMBIT_ENTRY(detach_main)
{
    struct ambit_handle ring = attack_capability("ring"), again = {0};
    volatile uint64_t *word = (volatile uint64_t *)ring_base();

    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    attack_expect("attach",
                  ambit_attach(ring, AMBIT_READ | AMBIT_WRITE, &again),
                  STATUS_OK);
    *word = 1; /* the control */
    attack_expect("delete", ambit_delete(again), STATUS_OK);
    *word = 2;
    return ATTACK_SUCCEEDED;
}

/* A part of a range cannot be attached as if it were the whole. */
AMBIT_ENTRY(part_main)
{
    struct ambit_handle ring = attack_capability("ring"), part = {0},
                        none = {0};

    attack_expect("derive a part",
                  ambit_derive_part(ring, AMBIT_READ | AMBIT_USE, 0, 1, &part),
                  STATUS_OK);
    attack_expect("revoke", ambit_revoke(part), STATUS_OK);
    attack_expect("attach it", ambit_attach(part, AMBIT_READ, &none),
                  STATUS_OUT_OF_RANGE);
    return 0;
}

/* Takes the right to serve back once the thief has served a call and waits for
 * the next, which then comes here. */
AMBIT_ENTRY(server_revoker_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_handle first = attack_capability("first");
    struct ambit_message message;
    struct ambit_outcome outcome;

    attack_expect("start", ambit_spawn(first), STATUS_OK);
    attack_expect("wait", ambit_wait(first, &outcome), STATUS_OK);
    for (int i = 0; i < 10; i++) {
        ambit_yield(); /* back to waiting, the thief */
    }
    attack_expect("revoke", ambit_revoke(gate), STATUS_OK);
    attack_expect("start", ambit_spawn(attack_capability("second")), STATUS_OK);
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(server_revoked_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message;

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("receive another", ambit_reply_receive(gate, &message),
                  STATUS_CLOSED);
    attack_expect("receive again", ambit_receive(gate, &message),
                  STATUS_INVALID_HANDLE);
    return 0;
}

AMBIT_ENTRY(gate_caller_main)
{
    attack_wait();
    return 0;
}

/* Takes the right to call back while the caller is queued, and serves after. */
AMBIT_ENTRY(caller_revoker_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message;

    attack_expect("start", ambit_spawn(attack_capability("first")), STATUS_OK);
    for (int i = 0; i < 10; i++) {
        ambit_yield(); /* into the queue, the caller */
    }
    attack_expect("revoke", ambit_revoke(gate), STATUS_OK);
    attack_expect("start", ambit_spawn(attack_capability("second")), STATUS_OK);
    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    ambit_assert(message.words[0] == 2);
    return 0;
}

/* Says which of the two callers it is; the first one's right goes. */
AMBIT_ENTRY(gate_revoked_main)
{
    struct ambit_message message = {.words = {1}};

    attack_expect("call", ambit_call(attack_capability("gate"), &message),
                  STATUS_CLOSED);
    return 0;
}

AMBIT_ENTRY(gate_second_main)
{
    struct ambit_message message = {.words = {2}};

    attack_expect("call", ambit_call(attack_capability("gate"), &message),
                  STATUS_OK);
    return 0;
}

/* May serve, never does, and ends. */
AMBIT_ENTRY(deserter_main)
{
    for (int i = 0; i < 20; i++) {
        ambit_yield(); /* into the queue, the caller */
    }
    return 0;
}

AMBIT_ENTRY(deserter_parent_main)
{
    struct ambit_outcome outcome;

    attack_expect("start", ambit_spawn(attack_capability("deserter")),
                  STATUS_OK);
    attack_expect("start", ambit_spawn(attack_capability("victim")), STATUS_OK);
    attack_expect("wait", ambit_wait(attack_capability("victim"), &outcome),
                  STATUS_OK);
    return 0;
}
