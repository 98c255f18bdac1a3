/* SPDX-License-Identifier: Apache-2.0 */
/*
 * More of the processor than one's time gives. The witness of starve.c stands
 * at a lower priority: it runs when the attacker's budget is used up, and only
 * then.
 */
#include "attack.h"

#define PATIENCE (1ull << 30) /* ticks: many periods */
#define MS 1000000ull

static struct ambit_handle time_held(void)
{
    return attack_capability("hog");
}

static volatile uint64_t *board(void)
{
    return (volatile uint64_t *)attack_place("board");
}

/* Runs whenever it can, until it is told that it is over. */
AMBIT_ENTRY(patient_witness_main)
{
    while (!board()[1]) {
        board()[0] = 1;
    }
    return 0;
}

AMBIT_ENTRY(nothing_main)
{
    return 0;
}

/* Fills its budget up by setting it to what it is. */
AMBIT_ENTRY(refill_main)
{
    volatile uint64_t *witnessed = board();
    uint64_t start = ambit_ticks();
    struct ambit_time same;

    attack_expect("query", ambit_time_query(time_held(), &same), STATUS_OK);
    attack_expect("set", ambit_time_set(time_held(), &same), STATUS_OK);
    *witnessed = 0;
    while (*witnessed == 0 && ambit_ticks() - start < PATIENCE) {
        attack_expect("set", ambit_time_set(time_held(), &same), STATUS_OK);
    }
    board()[1] = 1;
    if (*witnessed == 0) {
        attack_succeeded("nobody else has run");
    }
    return 0;
}

static void refused(const char *what, struct ambit_time to, enum status status)
{
    struct ambit_time before, after;

    attack_expect("query", ambit_time_query(time_held(), &before), STATUS_OK);
    attack_expect(what, ambit_time_set(time_held(), &to), status);
    attack_expect("query", ambit_time_query(time_held(), &after), STATUS_OK);
    if (before.budget_ns != after.budget_ns ||
        before.period_ns != after.period_ns ||
        before.priority != after.priority) {
        attack_succeeded(what);
    }
}

/* Times that cannot be. */
AMBIT_ENTRY(time_form_main)
{
    static const struct ambit_time wrong[] = {
        {2 * MS, 1 * MS, 1, 0}, {1, 1, 1, 0},
        {0, 10 * MS, 1, 0},     {1 * MS, 1ull << 63, 1, 0},
        {1 * MS, 0, 1, 0},      {UINT64_MAX, UINT64_MAX, 1, 0},
    };

    for (uint32_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused("no such time", wrong[i], STATUS_INVALID_ARGUMENT);
    }
    refused("no such priority", (struct ambit_time){1 * MS, 10 * MS, 8, 0},
            STATUS_INVALID_ARGUMENT);
    return 0;
}

/* Times that are more than the config gave: 1 ms of 10 ms, priority 5. */
AMBIT_ENTRY(time_share_main)
{
    static const struct ambit_time more[] = {
        {1 * MS, 10 * MS, 6, 0},      {2 * MS, 10 * MS, 5, 0},
        {1 * MS, 9 * MS, 5, 0},       {0, 0, 5, 0},
        {4000 * MS, 4000 * MS, 0, 0},
    };
    struct ambit_time less = {200000, 4 * MS, 5, 0};
    struct ambit_time own = {1 * MS, 10 * MS, 5, 0};

    for (uint32_t i = 0; i < sizeof more / sizeof *more; i++) {
        refused("more than its own", more[i], STATUS_OUT_OF_RANGE);
    }
    attack_expect("control", ambit_time_set(time_held(), &less), STATUS_OK);
    attack_expect("control", ambit_time_set(time_held(), &own), STATUS_OK);
    return 0;
}

/* Each call with each right but its own. */
AMBIT_ENTRY(time_rights_main)
{
    struct ambit_handle time = time_held(), child = attack_capability("child");
    struct ambit_handle no_read, no_write, no_use, weak;
    struct ambit_time own;

    attack_expect("derive",
                  ambit_derive(time, AMBIT_WRITE | AMBIT_USE, &no_read),
                  STATUS_OK);
    attack_expect("derive",
                  ambit_derive(time, AMBIT_READ | AMBIT_USE, &no_write),
                  STATUS_OK);
    attack_expect("derive",
                  ambit_derive(time, AMBIT_READ | AMBIT_WRITE, &no_use),
                  STATUS_OK);
    attack_expect("derive", ambit_derive(child, AMBIT_READ, &weak), STATUS_OK);
    attack_expect("query", ambit_time_query(no_read, &own), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_time_query(no_write, &own), STATUS_OK);
    attack_expect("set", ambit_time_set(no_write, &own), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_time_set(no_read, &own), STATUS_OK);
    attack_expect("bind", ambit_time_bind(no_use, child), STATUS_NO_RIGHTS);
    attack_expect("bind", ambit_time_bind(time, weak), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_time_bind(time, child), STATUS_OK);
    return 0;
}

/* ---- by a system call that is longer than the budget ---- */

#define LARGE_PAGES 2048u

AMBIT_ENTRY(large_main)
{
    uint64_t bytes;

    attack_expect("grow",
                  ambit_grow(attack_capability("heap"), LARGE_PAGES, &bytes),
                  STATUS_OK);
    attack_wait();
    return 0;
}

/* Ends a child with much memory: all of it is scrubbed within one call. */
static uint64_t long_call(void)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_message message;
    uint64_t start;

    attack_expect("spawn", ambit_spawn(child), STATUS_OK);
    attack_let_one_in(&message);
    start = ambit_ticks();
    attack_expect("stop", ambit_stop(child), STATUS_OK);
    return ambit_ticks() - start;
}

/* What takes a tenth of the processor takes ten times as long; half of that
 * will do. */
AMBIT_ENTRY(debt_main)
{
    struct ambit_time tenth = {100000, 1 * MS, 5, 0};
    uint64_t alone = long_call();

    attack_expect("bind",
                  ambit_time_bind(time_held(), (struct ambit_handle){0}),
                  STATUS_OK);
    attack_expect("set", ambit_time_set(time_held(), &tenth), STATUS_OK);
    if (long_call() < 5 * alone) {
        attack_succeeded("nobody has paid for the rest of the call");
    }
    return 0;
}

/* ---- times made at run time ---- */

static struct ambit_handle make(struct ambit_handle source, struct ambit_time t)
{
    struct ambit_handle out = {0};

    attack_expect("create", ambit_time_create(source, &t, &out), STATUS_OK);
    return out;
}

/* Out of 1 ms of 10 ms, priority 5. */
AMBIT_ENTRY(time_source_main)
{
    static const struct ambit_time more[] = {
        {1 * MS, 10 * MS, 6, 0},
        {2 * MS, 10 * MS, 5, 0},
        {1 * MS, 9 * MS, 5, 0},
        {0, 0, 5, 0},
        {0, 0, 0, 0},
        {4000 * MS, 4000 * MS, 0, 0},
    };
    struct ambit_handle made = {0};

    for (uint32_t i = 0; i < sizeof more / sizeof *more; i++) {
        attack_expect("more than the source",
                      ambit_time_create(time_held(), &more[i], &made),
                      STATUS_OUT_OF_RANGE);
    }
    (void)make(time_held(), (struct ambit_time){1 * MS, 10 * MS, 5, 0});
    return 0;
}

/* One full budget after another, each made out of the same. Budgets are long,
 * so that a busy host does not use one up. */
AMBIT_ENTRY(time_chain_main)
{
    volatile uint64_t *witnessed = board();
    uint64_t start = ambit_ticks();
    struct ambit_handle last = {0};
    struct ambit_time own;

    attack_expect("query", ambit_time_query(time_held(), &own), STATUS_OK);
    while (*witnessed == 0 && ambit_ticks() - start < 4 * PATIENCE) {
        struct ambit_handle fresh = make(time_held(), own);

        attack_expect("bind", ambit_time_bind(fresh, (struct ambit_handle){0}),
                      STATUS_OK);
        if (last.bits) {
            attack_expect("delete", ambit_delete(last), STATUS_OK);
        }
        last = fresh;
    }
    board()[1] = 1;
    if (*witnessed == 0) {
        attack_succeeded("nobody else has run");
    }
    return 0;
}

AMBIT_ENTRY(brief_witness_main)
{
    board()[0] = 1;
    return 0;
}

/* The priority that its source had before. */
AMBIT_ENTRY(time_priority_main)
{
    struct ambit_handle made =
        make(time_held(), (struct ambit_time){0, 0, 5, 0});

    attack_expect("bind", ambit_time_bind(made, (struct ambit_handle){0}),
                  STATUS_OK);
    if (board()[0]) {
        attack_succeeded("the witness comes too early");
    }
    attack_expect("set",
                  ambit_time_set(time_held(), &(struct ambit_time){0, 0, 1, 0}),
                  STATUS_OK);
    if (!board()[0]) {
        attack_succeeded("still before those that are above its source");
    }
    return 0;
}

/* Out of a small one, which is thrown away: what is left would be a large
 * one's. */
AMBIT_ENTRY(time_kept_main)
{
    struct ambit_time small = {200000, 10 * MS, 1, 0};
    struct ambit_time large = {1 * MS, 10 * MS, 5, 0};
    struct ambit_handle between = make(time_held(), small);
    struct ambit_handle made = make(between, small);

    attack_expect("delete", ambit_delete(between), STATUS_OK);
    attack_expect("set", ambit_time_set(made, &large), STATUS_OUT_OF_RANGE);
    attack_expect("control", ambit_time_set(made, &small), STATUS_OK);
    attack_expect("delete", ambit_delete(made), STATUS_OK);
    return 0;
}
