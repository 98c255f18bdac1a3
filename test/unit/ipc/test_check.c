/* SPDX-License-Identifier: Apache-2.0 */
/* ipc_check can fail: each corruption is found, under its invariant's name. */
#include "world.h"

/*
 * 1, 2, 3 are queued on endpoint 0, 4 and 5 receive at endpoint 1, 6 waits for
 * 7, 8 is idle, 9 owes one that has left.
 */
static struct world *sample_new(void)
{
    struct world *w = world_new();

    for (uint32_t i = 1; i <= 3; i++) {
        assert_status(do_call(w, i, 0, i), STATUS_OK);
    }
    assert_status(do_receive(w, 7, 2), STATUS_OK);
    assert_status(do_call(w, 6, 2, 6), STATUS_OK);
    assert_status(do_receive(w, 9, 2), STATUS_OK);
    assert_status(do_call(w, 10, 2, 6), STATUS_OK);
    ipc_leave(&w->ipc, 10, &w->outcome);
    assert_status(do_receive(w, 4, 1), STATUS_OK);
    assert_status(do_receive(w, 5, 1), STATUS_OK);
    assert_world(w);
    return w;
}

/* Corruptions, one line each: the invariant and what breaks it. */
#define CORRUPTIONS(X)                                                         \
    X("J1 party", party[8].state = IPC_RECEIVING + 1)                          \
    X("J1 party", party[8].next = WORLD_PARTIES)                               \
    X("J1 party", party[8].next = 3)                                           \
    X("J1 party", party[6].next = 3)                                           \
    X("J1 party", party[1].next = IPC_GONE)                                    \
    X("J1 party", party[8].endpoint = &w->endpoint[0])                         \
    X("J1 party", party[6].endpoint = &w->endpoint[2])                         \
    X("J1 party", party[1].endpoint = NULL)                                    \
    X("J1 party", party[4].endpoint = &stray)                                  \
    X("J1 party", party[6].peer = IPC_NONE)                                    \
    X("J1 party", party[8].peer = 6)                                           \
    X("J1 party", party[1].peer = 6)                                           \
    X("J1 party", party[8].answering = WORLD_PARTIES)                          \
    X("J1 party", party[8].result = STATUS_COUNT)                              \
    X("J1 party", party[4].state = IPC_IDLE)                                   \
    X("J1 party", party[8].previous = 3)                                       \
    X("J1 party", party[1].previous = IPC_GONE)                                \
    X("J1 party", party[8].reached = true)                                     \
    X("J1 party", party[8].life = 0)                                           \
    X("J1 party", party[8].life = w->ipc.lives + 1)                            \
    X("J1 party", ipc.party[7] = NULL)                                         \
    X("J2 endpoint", endpoint[0].object.type = CAP_GATE)                       \
    X("J2 endpoint", endpoint[0].first_caller = WORLD_PARTIES)                 \
    X("J2 endpoint", endpoint[0].last_caller = IPC_GONE)                       \
    X("J2 endpoint", endpoint[0].first_receiver = WORLD_PARTIES)               \
    X("J2 endpoint", endpoint[0].last_receiver = WORLD_PARTIES)                \
    X("J2 endpoint", endpoint[0].first_receiver = 4)                           \
    X("J2 endpoint", endpoint[0].server_count = IPC_SERVERS + 2)               \
    X("J2 endpoint", endpoint[1].servers[1].domain = 4)                        \
    X("J2 endpoint", endpoint[1].servers[1].domain = WORLD_PARTIES)            \
    X("J3 queue", endpoint[0].first_caller = 2)                                \
    X("J3 queue", endpoint[0].first_caller = IPC_NONE)                         \
    X("J3 queue", endpoint[0].last_caller = 2)                                 \
    X("J3 queue", endpoint[0].last_caller = IPC_NONE)                          \
    X("J3 queue", endpoint[1].last_receiver = 4)                               \
    X("J3 queue", endpoint[3].last_receiver = 4)                               \
    X("J3 queue", endpoint[3].first_receiver = 4)                              \
    X("J3 queue", party[2].next = IPC_NONE)                                    \
    X("J3 queue", party[3].next = 1)                                           \
    X("J3 queue", party[3].next = 8)                                           \
    X("J3 queue", party[2].previous = IPC_NONE)                                \
    X("J3 queue", party[2].previous = 3)                                       \
    X("J3 queue", party[1].previous = 3)                                       \
    X("J3 queue", party[2].endpoint = &w->endpoint[1])                         \
    X("J3 queue", party[2].state = IPC_RECEIVING)                              \
    X("J3 queue", party[4].state = IPC_CALLING)                                \
    X("J4 pair", party[6].peer = 8)                                            \
    X("J4 pair", party[7].answering = IPC_NONE)                                \
    X("J4 pair", party[7].answering = IPC_GONE)                                \
    X("J4 pair", party[7].answering = 8)                                       \
    X("J4 pair", party[8].answering = 6)                                       \
    X("J4 pair", party[8].answering = 1)                                       \
    X("J5 server", party[4].answering = IPC_GONE)                              \
    X("J5 server", endpoint[1].server_count = 0)                               \
    X("J5 server", endpoint[1].server_count = 1)                               \
    X("J5 server", endpoint[1].servers[0].life = 0)                            \
    X("J5 server", party[5].life = 1)                                          \
    X("J6 progress", endpoint[0].server_count = servers(w, 1))                 \
    X("J6 progress", endpoint[0].server_count = servers(w, 3))

/* The first of those that are queued at endpoint 0 count as its servers. */
static uint32_t servers(struct world *w, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        w->endpoint[0].servers[i] =
            (struct ipc_server){i + 1, w->party[i + 1].life};
    }
    return count;
}

START_TEST(every_corruption_is_found)
{
    static struct ipc_endpoint stray;
    static struct world image;
    struct world *w = sample_new();

    ipc_endpoint_init(&stray);
    image = *w;
#define CORRUPT(name, change)                                                  \
    w->change;                                                                 \
    ck_assert_msg(world_check(w) != NULL && strcmp(world_check(w), name) == 0, \
                  "%s: %s instead of %s", #change,                             \
                  world_check(w) == NULL ? "nothing" : world_check(w), name);  \
    *w = image;                                                                \
    assert_world(w);
    CORRUPTIONS(CORRUPT)
#undef CORRUPT
}
END_TEST

/* Three that wait for one another, made by hand: no call leads there. */
START_TEST(deadlock_is_found)
{
    struct world *w = world_new();

    for (uint32_t i = 0; i < 3; i++) {
        w->party[i].state = IPC_WAITING;
        w->party[i].peer = (i + 1) % 3;
        w->party[i].answering = (i + 2) % 3;
    }
    ck_assert_str_eq(world_check(w), "J6 progress");
}
END_TEST

START_TEST(every_endpoint_is_needed)
{
    struct world *w = sample_new();
    struct ipc_endpoint *endpoints[] = {&w->endpoint[0], &w->endpoint[2]};

    ck_assert_str_eq(ipc_check(&w->ipc, endpoints, 2), "J1 party");
}
END_TEST

TCase *case_check(void)
{
    TCase *c = tcase_create("check");

    tcase_add_test(c, every_corruption_is_found);
    tcase_add_test(c, deadlock_is_found);
    tcase_add_test(c, every_endpoint_is_needed);
    return c;
}
