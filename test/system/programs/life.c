/* SPDX-License-Identifier: Apache-2.0 */
/* Start, stop, start again; parents and children; what a stopped caller leaves
 * behind. */
#include "tools.h"

#define MIDDLE_CODE 5

/* Its image is new each time: the first visit is always the first. */
AMBIT_ENTRY(caller_main)
{
    static uint32_t visits;
    struct ambit_message message = {.words = {7}};

    ambit_assert(visits == 0);
    visits++;
    must(ambit_call(held("line"), &message));
    ambit_printf("answered with %lu\n", message.words[0]);
    return 0;
}

AMBIT_ENTRY(middle_main)
{
    struct ambit_outcome outcome = {0};
    struct ambit_handle leaf = held("leaf");

    must(ambit_spawn(leaf));
    must(ambit_wait(leaf, &outcome));
    ambit_assert(outcome.kind == OUTCOME_STOPPED);
    return MIDDLE_CODE;
}

/* A child that stands in a call is stopped, and started again. */
static void restart(struct ambit_handle child, struct ambit_handle line)
{
    struct ambit_message message = {0};
    struct ambit_outcome outcome = {0};

    ambit_assert(ambit_stop(child) == STATUS_NOT_RUNNING);
    must(ambit_spawn(child));
    ambit_assert(ambit_spawn(child) == STATUS_BUSY);
    must(ambit_receive(line, &message));
    must(ambit_stop(child));
    ambit_assert(ambit_stop(child) == STATUS_NOT_RUNNING);
    ambit_assert(ambit_reply(&message) != STATUS_OK);

    must(ambit_spawn(child));
    must(ambit_receive(line, &message));
    ambit_assert(message.words[0] == 7);
    message.words[0] = 8;
    must(ambit_reply(&message));
    must(ambit_wait(child, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    ambit_assert(ambit_wait(child, &outcome) == STATUS_NOT_RUNNING);
}

/* A parent cannot be stopped while its child exists. */
static void family(struct ambit_handle middle, struct ambit_handle leaf,
                   struct ambit_handle line)
{
    struct ambit_message message = {0};
    struct ambit_outcome outcome = {0};

    must(ambit_spawn(middle));
    must(ambit_receive(line, &message));
    ambit_assert(ambit_stop(middle) == STATUS_BUSY);
    for (uint32_t i = 0; i < 10; i++) {
        ambit_yield(); /* the middle gets to its wait */
    }
    must(ambit_stop(leaf));
    must(ambit_wait(middle, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == MIDDLE_CODE);
}

AMBIT_ENTRY(life_main)
{
    struct ambit_handle line = held("line");

    restart(held("child"), line);
    family(held("middle"), held("leaf"), line);
    ambit_printf("started, stopped, started\n");
    return 0;
}

static uint64_t number_of(const char *name)
{
    struct ambit_info info;

    must(ambit_inspect(held(name), &info));
    return info.first;
}

static void visit(char **names, int count)
{
    struct ambit_outcome outcome;

    for (int i = 0; i < count; i++) {
        must(ambit_spawn(held(names[i])));
        must(ambit_wait(held(names[i]), &outcome));
        ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    }
}

/* argv[1] rounds of the domains named behind it; not a frame is lost. */
AMBIT_ENTRY(cycle_main)
{
    uint64_t rounds = number(argv[1]);
    uint64_t frames = number_of("pool"), charged = number_of("quota");
    for (uint64_t i = 0; i < rounds; i++) {
        visit(argv + 2, argc - 2);
    }
    ambit_assert(number_of("pool") == frames);
    ambit_assert(number_of("quota") == charged);
    ambit_printf("nothing is left behind\n");
    return 0;
}

/* Lives a short life. Told a number, it takes that much heap: one of its own,
 * because what a shared heap has grown by stays with its owner. */
AMBIT_ENTRY(visitor_main)
{
    if (argc > 1) {
        uint64_t bytes = number(argv[1]);
        void *block = ambit_malloc(bytes);
        ambit_assert(block != 0);
        memset(block, 0x5a, bytes);
    }
    return 0;
}
