/* SPDX-License-Identifier: Apache-2.0 */
/* Starting, stopping and waiting beyond one's rights; replies that are owed to
 * somebody else. */
#include "attack.h"

/* Handles of its table that answer. */
static uint32_t answering(void)
{
    struct ambit_info info;
    uint32_t count = 0;

    for (uint64_t index = 1; index < 138; index++) {
        for (uint64_t generation = 0; generation < 16; generation++) {
            struct ambit_handle handle = {generation << 32 | index};
            count += ambit_inspect(handle, &info) == STATUS_OK;
        }
    }
    return count;
}

/* A thread finds the capability to itself in the table of its parent. */
AMBIT_ENTRY(stop_self_main)
{
    attack_expect("stop", ambit_stop(attack_capability("self")),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

AMBIT_ENTRY(waiter_main)
{
    struct ambit_handle child = attack_capability("self");
    struct ambit_outcome outcome;

    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    return outcome.kind == OUTCOME_EXIT && outcome.code == 0 ? 0
                                                             : ATTACK_SUCCEEDED;
}

/* Stops a domain whose child still lives on what it has. */
AMBIT_ENTRY(stop_parent_main)
{
    attack_expect("stop", ambit_stop(attack_capability("middle")), STATUS_BUSY);
    return 0;
}

AMBIT_ENTRY(lingerer_main)
{
    for (uint32_t i = 0; i < 50; i++) {
        ambit_yield();
    }
    return 0;
}

/* May start `child`, not stop it. */
AMBIT_ENTRY(restart_main)
{
    struct ambit_handle child = attack_capability("child");

    attack_expect("start", ambit_spawn(child), STATUS_OK);
    ambit_yield();
    attack_expect("start it again", ambit_spawn(child), STATUS_BUSY);
    return 0;
}

/* May wait for `child`, not end it: its result is there for the next. */
AMBIT_ENTRY(wait_twice_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;

    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    attack_expect("wait again", ambit_wait(child, &outcome), STATUS_OK);
    attack_expect("stop", ambit_stop(child), STATUS_NO_RIGHTS);
    return 0;
}

/* Starts the child of a domain that is gone. */
AMBIT_ENTRY(orphan_main)
{
    struct ambit_outcome outcome;

    attack_expect("wait", ambit_wait(attack_capability("middle"), &outcome),
                  STATUS_OK);
    attack_expect("start its child", ambit_spawn(attack_capability("child")),
                  STATUS_NOT_RUNNING);
    return 0;
}

/* What a thread was given in the table it shares is gone when it is. */
AMBIT_ENTRY(heirloom_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;
    uint32_t before = answering();

    attack_expect("start", ambit_spawn(child), STATUS_OK);
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    if (answering() != before) {
        attack_succeeded("it left capabilities");
    }
    return 0;
}

/* A page-table entry: a page of the machine's memory, writable, ring 3's. */
#define FORGED_ENTRY 0x400007u

/* Frames that were free become this heap; one of them may still be a table of
 * pages, and then what is written here maps memory. */
static void forge_entries(void)
{
    uint64_t bytes = 0, *words;

    attack_expect("grow", ambit_grow(attack_capability("heap"), 100, &bytes),
                  STATUS_OK);
    words = (uint64_t *)(attack_place("app.heap") + bytes) - 100 * 512;
    for (uint64_t i = 0; i < 100 * 512; i++) {
        words[i] = FORGED_ENTRY;
    }
}

/* Its stack is in this space, too, until it is gone. */
AMBIT_ENTRY(dead_table_main)
{
    struct ambit_handle child = attack_capability("child");
    uint64_t place = attack_place("child.stack"), value;
    struct ambit_outcome outcome;
    struct ambit_fault fault;

    attack_expect("start", ambit_spawn(child), STATUS_OK);
    ambit_assert(ambit_try_read(place, &value, &fault));
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    forge_entries();
    if (ambit_try_read(place, &value, &fault)) {
        attack_succeeded("the stack of the dead is readable");
    }
    return 0;
}

/* ---- replies ---- */

AMBIT_ENTRY(reply_none_main)
{
    struct ambit_message message = {0};

    attack_expect("reply", ambit_reply(&message), STATUS_NOT_FOUND);
    return 0;
}

#define TRUE_WORD 7u
#define FORGED_WORD 666u

/* Shared by the threads below: what has happened so far. */
static volatile uint32_t step, victim_runs;

static void step_wait(uint32_t wanted)
{
    while (step < wanted) {
        ambit_yield();
    }
}

/* Lets the victim call the forger, starts it anew, and asks how it went. */
AMBIT_ENTRY(late_app_main)
{
    struct ambit_handle victim = attack_capability("victim");
    struct ambit_outcome outcome;

    step_wait(1);
    attack_expect("stop", ambit_stop(victim), STATUS_OK);
    attack_expect("start again", ambit_spawn(victim), STATUS_OK);
    attack_expect("wait", ambit_wait(victim, &outcome), STATUS_OK);
    return outcome.kind == OUTCOME_EXIT ? outcome.code : ATTACK_SUCCEEDED;
}

/* Calls the forger in its first life, the honest server in its second. */
AMBIT_ENTRY(late_victim_main)
{
    struct ambit_message message = {0};
    const char *name = victim_runs++ == 0 ? "forger" : "honest";

    attack_expect(name, ambit_call(attack_capability(name), &message),
                  STATUS_OK);
    return message.words[0] == TRUE_WORD ? 0 : ATTACK_SUCCEEDED;
}

/* Answers the call of the first life while the second waits elsewhere. */
AMBIT_ENTRY(late_forger_main)
{
    struct ambit_message message;

    attack_expect("receive",
                  ambit_receive(attack_capability("forger"), &message),
                  STATUS_OK);
    step = 1;
    step_wait(2);
    message.words[0] = FORGED_WORD;
    enum status status = ambit_reply(&message);
    step = 3;
    attack_expect("reply", status, STATUS_CLOSED);
    return 0;
}

AMBIT_ENTRY(late_honest_main)
{
    struct ambit_message message;

    attack_expect("receive",
                  ambit_receive(attack_capability("honest"), &message),
                  STATUS_OK);
    step = 2;
    step_wait(3);
    message.words[0] = TRUE_WORD;
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    return 0;
}

/* ---- attachments ---- */

/* A mapping that could be written and not read is none. */
AMBIT_ENTRY(attach_write_main)
{
    struct ambit_handle ring = attack_capability("ring"), none = {0};

    attack_expect("attach w", ambit_attach(ring, AMBIT_WRITE, &none),
                  STATUS_INVALID_ARGUMENT);
    attack_expect("attach nothing", ambit_attach(ring, 0, &none),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* A range that is held to be read is attached to be written. */
AMBIT_ENTRY(attach_more_main)
{
    struct ambit_handle ring = attack_capability("ring"), weak = {0};
    struct ambit_handle made = {0};

    attack_expect("derive", ambit_derive(ring, AMBIT_READ | AMBIT_USE, &weak),
                  STATUS_OK);
    if (ambit_attach(weak, AMBIT_READ | AMBIT_WRITE, &made) ==
        STATUS_NO_RIGHTS) {
        return 0;
    }
    *(volatile uint64_t *)attack_place("ring") = 1;
    attack_succeeded("it was written");
}
