/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Do registers cross from one domain to another? The victim plants a value in
 * each kind of state, then loses the processor in one of three ways: by a
 * call, by yielding, by the timer. The spy looks, plants its own, and hands
 * back; the victim looks whether it has kept its value.
 *
 * Both hold the range `board` (rw) and the endpoint `meet` (the spy serves).
 * With the argument `selectors`, both look at segment selectors, else at all
 * the other state.
 */
#include "states.h"
#include <abi/layout.h>
#include <ambit/ambit.h>

enum way { WAY_CALL, WAY_YIELD, WAY_TIMER, WAY_COUNT };
static const char *const way_names[WAY_COUNT] = {"call", "yield", "timer"};

struct board {
    uint32_t planted; /* turns: 1 + way * STATE_COUNT + state */
    uint32_t looked;
    uint32_t victim_lost; /* values that the victim did not find again */
    uint32_t reserved;
    uint64_t operands[2]; /* for the x87 to have read */
};

struct role {
    volatile struct board *board;
    struct ambit_handle meet;
    uint32_t first, end; /* states looked at */
};

static void take_role(struct role *role, int argc, char **argv)
{
    uint64_t base, bytes;
    bool selectors = argc == 2 && strcmp(argv[1], "selectors") == 0;

    role->first = selectors ? STATE_SELECTORS : 0;
    role->end = selectors ? STATE_COUNT : STATE_SELECTORS;
    ambit_assert(ambit_locate("board", &base, &bytes) == STATUS_OK);
    ambit_assert(ambit_capability("meet", &role->meet) == STATUS_OK);
    role->board = (volatile struct board *)base;
    states_init((uint64_t)role->board->operands);
}

/* Without a system call for WAY_TIMER: only the timer takes the CPU away. */
static void wait_for(volatile uint32_t *turn, uint32_t value, enum way way)
{
    while (*turn != value) {
        if (way == WAY_TIMER) {
            __asm__ volatile("pause");
        } else {
            ambit_yield();
        }
    }
}

/* ---- victim ---- */

static void let_spy_look(struct role *role, enum way way, uint32_t turn)
{
    struct ambit_message message = {0};

    role->board->planted = turn;
    if (way == WAY_CALL) {
        ambit_assert(ambit_call(role->meet, &message) == STATUS_OK);
    } else {
        wait_for(&role->board->looked, turn, way);
    }
}

static void victim_turn(struct role *role, enum way way, uint32_t index)
{
    const struct state *state = &states[index];
    uint32_t turn = 1 + (uint32_t)way * STATE_COUNT + index;
    uint64_t before = 0, after = 0;
    bool there =
        state_plant(state, state->victim) && state_look(state, &before);

    let_spy_look(role, way, turn);
    if (!there || before != state->victim) {
        return; /* there is no such state */
    }
    (void)state_look(state, &after);
    bool kept = after == before;
    bool taken_over = after == state->spy;
    /* A call drops what is not words; nothing may bring in the spy's. */
    if (taken_over || (way != WAY_CALL && state->kept && !kept)) {
        role->board->victim_lost++;
        ambit_printf("%s: planted %lx, found %lx after %s\n", state->name,
                     before, after, way_names[way]);
    }
}

AMBIT_ENTRY(victim_main)
{
    struct role role;

    take_role(&role, argc, argv);
    for (uint32_t way = 0; way < WAY_COUNT; way++) {
        for (uint32_t i = role.first; i < role.end; i++) {
            victim_turn(&role, (enum way)way, i);
        }
    }
    return (int)role.board->victim_lost;
}

/* ---- spy ---- */

static const char *verdict(const struct state *state)
{
    uint64_t found = 0, own = 0;

    if (!state_look(state, &found)) {
        return "absent";
    }
    if (found == state->victim) {
        return "leak";
    }
    /* Control: what it plants itself it can see. */
    if (!state_plant(state, state->spy) || !state_look(state, &own) ||
        own != state->spy) {
        return "absent";
    }
    return "clean";
}

static const char *spy_turn(struct role *role, enum way way, uint32_t index)
{
    uint32_t turn = 1 + (uint32_t)way * STATE_COUNT + index;
    struct ambit_message message = {0};
    const char *text;

    if (way == WAY_CALL) {
        ambit_assert(ambit_receive(role->meet, &message) == STATUS_OK);
    } else {
        wait_for(&role->board->planted, turn, way);
    }
    text = verdict(&states[index]);
    role->board->looked = turn;
    if (way == WAY_CALL) {
        ambit_assert(ambit_reply(&message) == STATUS_OK);
    }
    return text;
}

static uint32_t spy_on(struct role *role, enum way way)
{
    uint32_t leaks = 0;

    for (uint32_t i = role->first; i < role->end; i++) {
        const char *text = spy_turn(role, way, i);
        leaks += strcmp(text, "leak") == 0;
        ambit_printf("%-12s after %-6s %s\n", states[i].name, way_names[way],
                     text);
    }
    return leaks;
}

/* What a system call leaves in the registers it is allowed to change. */
static uint32_t look_at_scratch(void)
{
    bool bad = look_rcx(0) >= ABI_USER_LIMIT || look_r11(0) >= ABI_USER_LIMIT;

    ambit_printf("%-12s after %-6s %s\n", "rcx, r11", "yield",
                 bad ? "leak" : "clean");
    return bad;
}

AMBIT_ENTRY(spy_main)
{
    struct role role;
    uint32_t leaks = look_at_scratch();

    take_role(&role, argc, argv);
    for (uint32_t way = 0; way < WAY_COUNT; way++) {
        leaks += spy_on(&role, (enum way)way);
    }
    ambit_report("registers", leaks == 0 ? "clean" : "leak");
    return (int)leaks;
}

/* ---- protection keys ---- */

/*
 * Forbids itself all memory with WRPKRU, where that instruction runs: its next
 * access is then its end. In its second life it does nothing.
 */
AMBIT_ENTRY(pkru_main)
{
    uint64_t base, bytes;

    ambit_assert(ambit_locate("board", &base, &bytes) == STATUS_OK);
    if (((volatile struct board *)base)->looked == 0) {
        (void)state_plant(state_named("pkru"), 0xffffffff);
    }
    return 0;
}

/* Runs `pkru` to its end, whichever that is, and goes on using its memory. */
AMBIT_ENTRY(pkru_keeper_main)
{
    struct ambit_handle pkru;
    struct ambit_outcome outcome;
    uint64_t base, bytes;

    ambit_assert(ambit_locate("board", &base, &bytes) == STATUS_OK);
    ambit_assert(ambit_capability("pkru", &pkru) == STATUS_OK);
    ambit_assert(ambit_spawn(pkru) == STATUS_OK);
    ambit_assert(ambit_wait(pkru, &outcome) == STATUS_OK);
    ambit_printf("wrpkru: %s\n", outcome.kind == OUTCOME_FAULT
                                     ? "its own end"
                                     : "refused or harmless");
    ((volatile struct board *)base)->looked = 1;
    ambit_assert(ambit_spawn(pkru) == STATUS_OK);
    ambit_assert(ambit_wait(pkru, &outcome) == STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    return 0;
}
