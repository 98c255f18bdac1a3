/* SPDX-License-Identifier: Apache-2.0 */
/* The rule for WOULD_DEADLOCK. */
#include "world.h"

START_TEST(own_endpoint)
{
    struct world *w = world_new();

    /* The only server calls itself: while it owes nothing, and while it does.
     */
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_refused(w, do_call(w, 1, 0, 1), STATUS_WOULD_DEADLOCK);
    assert_status(do_reply(w, 1, 1), STATUS_OK);
    assert_refused(w, do_call(w, 1, 0, 1), STATUS_WOULD_DEADLOCK);
    /* A second server changes that, whatever else it does. */
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_status(do_receive(w, 2, 0), STATUS_OK);
    assert_status(do_call(w, 1, 0, 1), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

START_TEST(endpoint_without_servers)
{
    struct world *w = world_new();

    /* Whether anybody will come cannot be known. */
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

START_TEST(cycle_of_two)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 0, 0), STATUS_OK);
    assert_status(do_receive(w, 1, 1), STATUS_OK);
    assert_status(do_call(w, 2, 0, 1), STATUS_OK); /* 0 serves 2 */
    assert_status(do_call(w, 0, 1, 1), STATUS_OK); /* 1 serves 0 */
    assert_refused(w, do_call(w, 1, 0, 1), STATUS_WOULD_DEADLOCK);
    assert_refused(w, do_call(w, 1, 1, 1), STATUS_WOULD_DEADLOCK);
    /* A stranger may wait: 0 gets its reply from 1, which runs. */
    assert_status(do_call(w, 3, 0, 1), STATUS_OK);
    assert_status(do_call(w, 4, 1, 1), STATUS_OK);
    assert_world(w);
}
END_TEST

/* A chain through all parties, each waiting for the next one's reply. */
START_TEST(longest_chain)
{
    static struct ipc_endpoint endpoint[IPC_PARTIES];
    static struct ipc_endpoint *endpoints[IPC_PARTIES];
    static struct ipc ipc;
    const uint64_t words[IPC_WORDS] = {0};
    struct ipc_outcome outcome;

    ipc_init(&ipc);
    for (uint32_t i = 0; i < IPC_PARTIES; i++) {
        endpoints[i] = &endpoint[i];
        ipc_endpoint_init(&endpoint[i]);
        assert_status(ipc_receive(&ipc, i, &endpoint[i], &outcome), STATUS_OK);
    }
    /* 0 was never called; it is woken by force to begin. */
    ipc_leave(&ipc, 0, &outcome);
    for (uint32_t i = 0; i + 1 < IPC_PARTIES; i++) {
        assert_status(ipc_call(&ipc, i, &endpoint[i + 1], 0, words, &outcome),
                      STATUS_OK);
        ck_assert_uint_eq(outcome.wake, i + 1);
    }
    for (uint32_t i = 0; i < IPC_PARTIES; i++) {
        struct ipc image = ipc;
        assert_status(
            ipc_call(&ipc, IPC_PARTIES - 1, &endpoint[i], 0, words, &outcome),
            STATUS_WOULD_DEADLOCK);
        ck_assert_mem_eq(&ipc, &image, sizeof(ipc));
    }
    ck_assert_pstr_eq(ipc_check(&ipc, endpoints, IPC_PARTIES), NULL);
    for (uint32_t i = IPC_PARTIES - 1; i > 0; i--) {
        assert_status(ipc_reply(&ipc, i, words, &outcome), STATUS_OK);
        ck_assert_uint_eq(outcome.wake, i - 1);
    }
    ck_assert_pstr_eq(ipc_check(&ipc, endpoints, IPC_PARTIES), NULL);
}
END_TEST

/* The way back leads through a queue: 1 is queued where only 2 serves. */
START_TEST(cycle_through_a_queue)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 1), STATUS_OK);
    assert_status(do_receive(w, 2, 2), STATUS_OK);
    assert_status(do_call(w, 0, 2, 1), STATUS_OK); /* 2 serves 0 */
    assert_status(do_call(w, 3, 1, 1), STATUS_OK); /* 1 serves 3 */
    assert_status(do_call(w, 1, 2, 1), STATUS_OK); /* 1 waits for its turn */
    assert_outcome(w, true, IPC_NONE);
    assert_refused(w, do_call(w, 2, 1, 1), STATUS_WOULD_DEADLOCK);
    /* When 2 has answered, it can call: its caller 1 is the one in the way. */
    assert_status(do_reply(w, 2, 1), STATUS_OK);
    assert_refused(w, do_call(w, 2, 1, 1), STATUS_WOULD_DEADLOCK);
    assert_status(do_receive(w, 2, 2), STATUS_OK);
    assert_status(do_reply(w, 2, 1), STATUS_OK);
    assert_status(do_call(w, 2, 1, 1), STATUS_OK);
    assert_world(w);
}
END_TEST

/* Every server is in the way, but one after the other comes free. */
START_TEST(one_free_server_is_enough)
{
    for (uint32_t free_one = 0; free_one < 4; free_one++) {
        struct world *w = world_new();

        /* 1, 2 and 3 serve endpoint 0; 10 serves endpoint 1. */
        for (uint32_t i = 1; i < 4; i++) {
            assert_status(do_receive(w, i, 0), STATUS_OK);
        }
        assert_status(do_receive(w, 10, 1), STATUS_OK);
        for (uint32_t i = 1; i < 4; i++) {
            assert_status(do_call(w, 19 + i, 0, 1), STATUS_OK);
        }
        for (uint32_t i = 1; i < 4; i++) {
            if (i != free_one) {
                assert_status(do_call(w, i, 1, 1), STATUS_OK);
            }
        }
        if (free_one == 0) {
            assert_refused(w, do_call(w, 10, 0, 1), STATUS_WOULD_DEADLOCK);
        } else {
            assert_status(do_call(w, 10, 0, 1), STATUS_OK);
            /* Now that one holds the others up, and may not wait for 10. */
            assert_refused(w, do_call(w, free_one, 1, 1),
                           STATUS_WOULD_DEADLOCK);
        }
        assert_world(w);
    }
}
END_TEST

/* No single chain leads back, yet nobody could go on: two servers wait for
 * each other's endpoint. */
START_TEST(knot)
{
    struct world *w = world_new();

    /* 1 and 2 serve endpoint 0; 3 serves endpoint 1. */
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_receive(w, 2, 0), STATUS_OK);
    assert_status(do_receive(w, 3, 1), STATUS_OK);
    for (uint32_t i = 0; i < 2; i++) {
        assert_status(do_call(w, 20 + i, 0, 1), STATUS_OK);
    }
    assert_status(do_call(w, 1, 1, 1), STATUS_OK); /* 3 serves 1 */
    assert_status(do_call(w, 3, 0, 1), STATUS_OK); /* 2 is left */
    assert_refused(w, do_call(w, 2, 0, 1), STATUS_WOULD_DEADLOCK);
    assert_refused(w, do_call(w, 2, 1, 1), STATUS_WOULD_DEADLOCK);
    assert_status(do_reply(w, 2, 1), STATUS_OK);
    assert_refused(w, do_call(w, 2, 1, 1), STATUS_WOULD_DEADLOCK);
    assert_status(do_receive(w, 2, 0), STATUS_OK);
    ck_assert_uint_eq(w->ipc.party[2].answering, 3);
    assert_world(w);
}
END_TEST

/* A server that has left may be started again: nothing is certain. */
START_TEST(server_that_left)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_receive(w, 2, 0), STATUS_OK);
    assert_status(do_receive(w, 3, 1), STATUS_OK);
    assert_status(do_call(w, 20, 0, 1), STATUS_OK);
    assert_status(do_call(w, 21, 0, 1), STATUS_OK);
    assert_status(do_call(w, 1, 1, 1), STATUS_OK);
    assert_status(do_call(w, 2, 1, 1), STATUS_OK);
    assert_refused(w, do_call(w, 3, 0, 1), STATUS_WOULD_DEADLOCK);
    ipc_leave(&w->ipc, 2, &w->outcome);
    assert_outcome(w, false, 21);
    assert_status(do_call(w, 3, 0, 1), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

/* A server that receives elsewhere may come back. */
START_TEST(server_that_receives_elsewhere)
{
    struct world *w = world_new();

    assert_status(do_call(w, 20, 0, 1), STATUS_OK);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_reply(w, 1, 1), STATUS_OK);
    assert_status(do_receive(w, 1, 1), STATUS_OK);
    assert_status(do_call(w, 2, 0, 1), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

TCase *case_deadlock(void)
{
    TCase *c = tcase_create("deadlock");

    tcase_add_test(c, own_endpoint);
    tcase_add_test(c, endpoint_without_servers);
    tcase_add_test(c, cycle_of_two);
    tcase_add_test(c, longest_chain);
    tcase_add_test(c, cycle_through_a_queue);
    tcase_add_test(c, one_free_server_is_enough);
    tcase_add_test(c, knot);
    tcase_add_test(c, server_that_left);
    tcase_add_test(c, server_that_receives_elsewhere);
    return c;
}
