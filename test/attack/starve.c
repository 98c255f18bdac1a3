/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping the processor. All hold the range `board`, whose first word the
 * witness counts up; who attacks goes on until the witness has had a turn, or
 * until it should have had many.
 */
#include "attack.h"

#define PATIENCE (1ull << 30) /* ticks: much longer than a slice */

static volatile uint64_t *board(void)
{
    return (volatile uint64_t *)attack_place("board");
}

static bool patient(const volatile uint64_t *witnessed, uint64_t start)
{
    return *witnessed == 0 && ambit_ticks() - start < PATIENCE;
}

static int judge(const volatile uint64_t *witnessed)
{
    if (*witnessed == 0) {
        attack_succeeded("nobody else has run");
    }
    return 0;
}

AMBIT_ENTRY(witness_main)
{
    *board() = 1;
    return 0;
}

/* ---- by not asking, and by asking all the time ---- */

AMBIT_ENTRY(spin_main)
{
    volatile uint64_t *witnessed = board();
    uint64_t start = ambit_ticks();

    while (patient(witnessed, start)) {
    }
    return judge(witnessed);
}

AMBIT_ENTRY(call_flood_main)
{
    volatile uint64_t *witnessed = board();
    uint64_t start = ambit_ticks();

    while (patient(witnessed, start)) {
        (void)ambit_random();
    }
    return judge(witnessed);
}

#define FLOOD_TICKS 400000000u

/* Whoever else does the same, too, keeps the timer going: slice after slice
 * ends, most of them within a call. */
AMBIT_ENTRY(timer_flood_main)
{
    uint64_t start = ambit_ticks();

    while (ambit_ticks() - start < FLOOD_TICKS) {
        (void)ambit_random();
    }
    return 0;
}

AMBIT_ENTRY(fault_flood_main)
{
    volatile uint64_t *witnessed = board();
    uint64_t start = ambit_ticks(), value;
    struct ambit_fault fault;

    while (patient(witnessed, start)) {
        ambit_assert(!ambit_try_read(0, &value, &fault));
    }
    return judge(witnessed);
}

/* Builds a child and ends it before it has run, again and again. */
AMBIT_ENTRY(spawn_flood_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;
    volatile uint64_t *witnessed = board();
    uint64_t start = ambit_ticks();

    while (patient(witnessed, start)) {
        attack_expect("spawn", ambit_spawn(child), STATUS_OK);
        attack_expect("stop", ambit_stop(child), STATUS_OK);
    }
    (void)judge(witnessed);
    attack_expect("control", ambit_spawn(child), STATUS_OK);
    attack_expect("control", ambit_wait(child, &outcome), STATUS_OK);
    return 0;
}

/* ---- by handing the processor round ---- */

struct ring_board {
    uint64_t witnessed; /* turns of the witness */
    uint64_t over;
};

#define HAND_OVER_TICKS (24ull * 10000000) /* slices, on qemu */

static volatile struct ring_board *ring_board(void)
{
    return (volatile struct ring_board *)attack_place("board");
}

/* Counts its turns. */
AMBIT_ENTRY(counting_witness_main)
{
    volatile struct ring_board *b = ring_board();

    while (!b->over) {
        b->witnessed++;
        ambit_yield();
    }
    return 0;
}

/*
 * Two that wake one another all the time. Whoever is woken stands behind the
 * witness, so that one of the next slices is the witness's.
 */
AMBIT_ENTRY(first_hand_main)
{
    struct ambit_message message;

    do {
        attack_let_one_in(&message);
        attack_let_it_go(&message);
    } while (message.words[0] == 0);
    return 0;
}

AMBIT_ENTRY(second_hand_main)
{
    struct ambit_handle gate = attack_capability("gate");
    volatile struct ring_board *b = ring_board();
    struct ambit_message message = {0};
    uint64_t before, start;

    attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    before = b->witnessed;
    start = ambit_ticks();
    while (message.words[0] == 0) {
        b->over =
            b->witnessed != before || ambit_ticks() - start > HAND_OVER_TICKS;
        message.words[0] = b->over;
        attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    }
    if (b->witnessed == before) {
        attack_succeeded("nobody else has run");
    }
    return 0;
}
