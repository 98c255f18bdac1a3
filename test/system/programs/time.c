/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Budgets: who spins on which time gets which part of the processor. All count
 * in the same loop, so that counts of one run compare.
 */
#include "tools.h"

#define SPINNERS 3u
#define SPAN_TICKS 400000000u
#define SPANS_MOST 50u

struct time_board {
    uint64_t counts[SPINNERS];
    uint64_t over;
};

static volatile struct time_board *board(void)
{
    uint64_t base, bytes;

    must(ambit_locate("board", &base, &bytes));
    return (volatile struct time_board *)base;
}

static void spin(uint64_t index, uint64_t ticks)
{
    volatile struct time_board *b = board();
    uint64_t start = ambit_ticks();

    while (!b->over && ambit_ticks() - start < ticks) {
        b->counts[index]++;
    }
}

/* Argument: whose count it is. */
AMBIT_ENTRY(spinner_main)
{
    spin(number(argv[1]), UINT64_MAX);
    return 0;
}

static bool each_has_a_part(volatile struct time_board *b)
{
    uint64_t sum = 0;
    bool each = true;

    for (uint32_t i = 0; i < SPINNERS; i++) {
        sum += b->counts[i];
    }
    for (uint32_t i = 0; i < SPINNERS; i++) {
        each = each && b->counts[i] * 1000 >= sum && b->counts[i] > 0;
    }
    return each;
}

/* Arguments: how far the parts may be off, then each part, in thousandths. */
AMBIT_ENTRY(time_judge_main)
{
    volatile struct time_board *b = board();
    uint64_t off = number(argv[1]), sum = 0;

    spin(0, SPAN_TICKS);
    /* Where ticks are not exact, the machine may have stood still for a span.
     */
    for (uint32_t i = 1; off >= 100 && i < SPANS_MOST && !each_has_a_part(b);
         i++) {
        spin(0, SPAN_TICKS);
    }
    b->over = 1;
    for (uint32_t i = 0; i < SPINNERS; i++) {
        sum += b->counts[i];
    }
    for (uint32_t i = 0; i < SPINNERS; i++) {
        uint64_t part = b->counts[i] * 1000 / sum, due = number(argv[2 + i]);

        if (off < 100) { /* else the same in every run */
            ambit_printf("%u: %lu of 1000, due %lu\n", i, part, due);
        }
        ambit_assert(part > 0);
        ambit_assert(part + off >= due && part <= due + off);
    }
    return 0;
}

/* What a time is, and that its budget is used while one runs. */
AMBIT_ENTRY(time_calls_main)
{
    struct ambit_handle own = held("slow");
    struct ambit_time time, less = {1000000, 20000000, 2, 0};

    must(ambit_time_query(own, &time));
    ambit_assert(time.budget_ns == 2000000 && time.period_ns == 10000000);
    ambit_assert(time.priority == 3);
    ambit_assert(time.left_ns > 0 && time.left_ns < time.budget_ns);
    must(ambit_time_set(own, &less));
    must(ambit_time_query(own, &time));
    ambit_assert(time.budget_ns == 1000000 && time.period_ns == 20000000);
    ambit_assert(time.priority == 2 && time.left_ns <= time.budget_ns);
    must(ambit_time_bind(held("other"), (struct ambit_handle){0}));
    must(ambit_time_bind(own, held("child")));
    must(ambit_time_query(own, &time));
    return 0;
}

AMBIT_ENTRY(time_child_main)
{
    return 0;
}
