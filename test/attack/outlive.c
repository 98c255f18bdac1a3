/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities that try to outlive what they reach, or to reach what the
 * composition did not give: through copies in a shared table, through a
 * respawn, through parts and counts.
 */
#include "attack.h"

static bool readable(const char *range)
{
    uint64_t base, bytes, value = 0;
    struct ambit_fault fault;

    attack_expect("locate", ambit_locate(range, &base, &bytes), STATUS_OK);
    return ambit_try_read(base, &value, &fault);
}

static int succeeded_if(bool success, const char *what)
{
    if (success) {
        ambit_printf("%s\n", what);
    }
    return success ? ATTACK_SUCCEEDED : 0;
}

static uint64_t charged(void)
{
    struct ambit_info info;

    attack_expect("inspect", ambit_inspect(attack_capability("quota"), &info),
                  STATUS_OK);
    return info.first;
}

/* Leaves a frame in the table it shares, and no pool by which to find it. */
AMBIT_ENTRY(frame_leaver_main)
{
    struct ambit_handle pool = attack_capability("pool"), frame = {0};
    uint64_t number;

    attack_expect("allocate", ambit_allocate(pool, &frame, &number), STATUS_OK);
    attack_expect("delete", ambit_delete(pool), STATUS_OK);
    return 0;
}

/* Whatever the child left: it goes, twice, and nothing stays charged. */
AMBIT_ENTRY(undertaker_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;

    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    uint64_t before = charged();
    attack_expect("spawn again", ambit_spawn(child), STATUS_OK);
    attack_expect("wait again", ambit_wait(child, &outcome), STATUS_OK);
    attack_expect("exit", outcome.code == 0 ? STATUS_OK : STATUS_CLOSED,
                  STATUS_OK);
    return succeeded_if(charged() != before, "something is still charged");
}

/* Leaves a copy of its heap's capability, and tells its index. */
AMBIT_ENTRY(heir_child_main)
{
    struct ambit_handle heap = attack_capability("heap"), copy = {0};

    attack_expect("derive", ambit_derive(heap, AMBIT_READ | AMBIT_WRITE, &copy),
                  STATUS_OK);
    attack_expect("delete", ambit_delete(heap), STATUS_OK);
    return (int)(copy.bits & 0xffff);
}

/* Grows the heap of a domain that is gone, by every handle there may be. */
AMBIT_ENTRY(heir_main)
{
    struct ambit_handle child = attack_capability("child"), heap;
    struct ambit_outcome outcome;
    uint64_t bytes;

    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    for (uint64_t generation = 0; generation < 64; generation++) {
        heap.bits = generation << 32 | (uint64_t)outcome.code;
        if (ambit_grow(heap, 8, &bytes) == STATUS_OK) {
            return succeeded_if(true, "a dead heap has grown");
        }
    }
    return 0;
}

/* Finds its parent's range in the table they share; its space keeps none. */
AMBIT_ENTRY(attacher_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};

    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made),
                  STATUS_NO_RIGHTS);
    return succeeded_if(readable("ring"), "readable beyond the plan");
}

/* Control: the parent, whose plan has it, can. */
AMBIT_ENTRY(holder_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};

    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made), STATUS_OK);
    return succeeded_if(!readable("ring"), "the control cannot read");
}

AMBIT_ENTRY(ring_revoker_main)
{
    struct ambit_message message;

    attack_let_one_in(&message);
    attack_expect("revoke", ambit_revoke(attack_capability("ring")), STATUS_OK);
    attack_let_it_go(&message);
    return 0;
}

/* Spawns a child that is to hold what has been revoked. */
AMBIT_ENTRY(respawner_main)
{
    attack_expect("control", readable("ring") ? STATUS_OK : STATUS_NO_RIGHTS,
                  STATUS_OK);
    attack_wait();
    attack_expect("spawn", ambit_spawn(attack_capability("child")), STATUS_OK);
    return succeeded_if(readable("ring"), "a respawn undid a revocation");
}

AMBIT_ENTRY(sleeper_main)
{
    ambit_yield();
    return 0;
}

AMBIT_ENTRY(useonly_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};

    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &made),
                  STATUS_NO_RIGHTS);
    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made),
                  STATUS_NO_RIGHTS);
    return succeeded_if(readable("ring"), "readable without read");
}

AMBIT_ENTRY(part_grow_main)
{
    struct ambit_handle heap = attack_capability("heap"), part = {0};
    uint64_t bytes;

    attack_expect("part", ambit_derive_part(heap, AMBIT_WRITE, 0, 1, &part),
                  STATUS_OK);
    attack_expect("grow a part", ambit_grow(part, 4, &bytes),
                  STATUS_OUT_OF_RANGE);
    attack_expect("control", ambit_grow(heap, 4, &bytes), STATUS_OK);
    return 0;
}

/* More attachments than a byte can count. */
AMBIT_ENTRY(wrap_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};

    for (uint32_t i = 0; i < 300; i++) {
        attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made),
                      STATUS_OK);
        if (!readable("ring")) {
            return succeeded_if(true, "the mapping was lost");
        }
    }
    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    return succeeded_if(readable("ring"), "revoked and still there");
}

/* ---- what lives on below a capability that is deleted ---- */

/* The parent's own: what comes of them does not go with the child's names. */
static struct ambit_handle lent_pool, lent_time;

/* Whatever the child gave away: it goes, twice, and nothing stays charged. */
static int lend(void)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;
    uint64_t before = charged();

    for (uint32_t i = 0; i < 2; i++) {
        attack_expect("spawn", ambit_spawn(child), STATUS_OK);
        attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
        attack_expect("exit", outcome.code == 0 ? STATUS_OK : STATUS_CLOSED,
                      STATUS_OK);
    }
    return succeeded_if(charged() != before, "something is still charged");
}

AMBIT_ENTRY(pool_lender_main)
{
    lent_pool = attack_capability("pool");
    return lend();
}

AMBIT_ENTRY(time_lender_main)
{
    lent_time = attack_capability("t");
    return lend();
}

/* Gives it away, and keeps none. */
static void bury(struct ambit_handle handle)
{
    struct ambit_message message = {0};

    attack_expect(
        "call",
        ambit_call_with(attack_capability("gate"), &message,
                        ambit_copy_of(handle, AMBIT_READ | AMBIT_USE)),
        STATUS_OK);
    attack_expect("delete", ambit_delete(handle), STATUS_OK);
}

AMBIT_ENTRY(frame_burier_main)
{
    struct ambit_handle frame = {0};
    uint64_t number;

    attack_expect("allocate", ambit_allocate(lent_pool, &frame, &number),
                  STATUS_OK);
    bury(frame);
    return 0;
}

static const struct ambit_time small = {0, 0, 2, 0};

AMBIT_ENTRY(time_burier_main)
{
    struct ambit_handle made = {0};

    attack_expect("make", ambit_time_create(lent_time, &small, &made),
                  STATUS_OK);
    bury(made);
    return 0;
}

AMBIT_ENTRY(frame_taker_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message;

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    while (ambit_reply_receive(gate, &message) == STATUS_OK) {
    }
    return 1;
}

/* Keeps what it makes out of what it is given. */
AMBIT_ENTRY(time_taker_main)
{
    struct ambit_handle gate = attack_capability("gate"), made;
    struct ambit_message message;

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    do {
        attack_expect("make",
                      ambit_time_create(message.capability, &small, &made),
                      STATUS_OK);
        attack_expect("delete", ambit_delete(message.capability), STATUS_OK);
    } while (ambit_reply_receive(gate, &message) == STATUS_OK);
    return 1;
}

/* Attaches a part of a range, and leaves it so. */
AMBIT_ENTRY(part_leaver_main)
{
    struct ambit_handle part = {0}, made = {0};

    attack_expect("part",
                  ambit_derive_part(attack_capability("ring"),
                                    AMBIT_READ | AMBIT_USE, 0, 512, &part),
                  STATUS_OK);
    attack_expect("attach", ambit_attach(part, AMBIT_READ, &made), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(part_lender_main)
{
    return lend();
}
