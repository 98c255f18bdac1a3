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

/* Domains that each serve an endpoint of their own. */
#define CHAIN_MAX (IPC_SEARCH + 4u)

struct chain {
    struct ipc ipc;
    struct ipc_party *parties[CHAIN_MAX];
    struct ipc_party party[CHAIN_MAX];
    struct ipc_endpoint endpoint[CHAIN_MAX];
    struct ipc_endpoint *endpoints[CHAIN_MAX];
};

static const uint64_t silence[IPC_WORDS];

/* Each but the last waits for the reply of the next. */
static void chain_make(struct chain *c, uint32_t length)
{
    struct ipc_outcome outcome;

    memset(c, 0, sizeof(*c));
    ipc_init(&c->ipc, c->parties, CHAIN_MAX);
    for (uint32_t i = 0; i < length; i++) {
        c->endpoints[i] = &c->endpoint[i];
        ipc_endpoint_init(&c->endpoint[i]);
        ipc_join(&c->ipc, i, &c->party[i]);
        assert_status(ipc_receive(&c->ipc, i, &c->endpoint[i], &outcome),
                      STATUS_OK);
    }
    /* 0 was never called; it is told to go on. */
    ipc_cancel(&c->ipc, 0, STATUS_CLOSED, &outcome);
    for (uint32_t i = 0; i + 1 < length; i++) {
        assert_status(
            ipc_call(&c->ipc, i, &c->endpoint[i + 1], 0, silence, &outcome),
            STATUS_OK);
        ck_assert_uint_eq(outcome.wake, i + 1);
    }
}

/* As long as a search goes: back to the first, and to anyone between. */
START_TEST(longest_chain)
{
    static struct chain c, image;
    const uint32_t length = IPC_SEARCH + 1;
    struct ipc_outcome outcome;

    chain_make(&c, length);
    for (uint32_t i = 0; i < length; i++) {
        image = c;
        assert_status(
            ipc_call(&c.ipc, length - 1, &c.endpoint[i], 0, silence, &outcome),
            STATUS_WOULD_DEADLOCK);
        ck_assert_mem_eq(&c, &image, sizeof(c));
    }
    ck_assert_pstr_eq(ipc_check(&c.ipc, c.endpoints, length), NULL);
    for (uint32_t i = length - 1; i > 0; i--) {
        assert_status(ipc_reply(&c.ipc, i, silence, &outcome), STATUS_OK);
        ck_assert_uint_eq(outcome.wake, i - 1);
    }
    ck_assert_pstr_eq(ipc_check(&c.ipc, c.endpoints, length), NULL);
}
END_TEST

/* What is further away than that is not found out, and nothing breaks. */
START_TEST(chain_beyond_the_search)
{
    static struct chain c;
    const uint32_t length = IPC_SEARCH + 2;
    struct ipc_outcome outcome;

    chain_make(&c, length);
    assert_status(
        ipc_call(&c.ipc, length - 1, &c.endpoint[1], 0, silence, &outcome),
        STATUS_WOULD_DEADLOCK);
    assert_status(
        ipc_call(&c.ipc, length - 1, &c.endpoint[0], 0, silence, &outcome),
        STATUS_OK);
    ck_assert_pstr_eq(ipc_check(&c.ipc, c.endpoints, length), NULL);
    ipc_leave(&c.ipc, 0, &outcome);
    ck_assert_uint_eq(outcome.wake, IPC_NONE);
    ck_assert_pstr_eq(ipc_check(&c.ipc, c.endpoints, length), NULL);
}
END_TEST

/* All servers wait for the caller; were all known, its call would be refused,
 * as it is with one less. */
START_TEST(more_servers_than_are_known)
{
    for (uint32_t count = IPC_SERVERS; count <= IPC_SERVERS + 1; count++) {
        struct world *w = world_new();

        for (uint32_t i = 1; i <= count; i++) {
            assert_status(do_receive(w, i, 0), STATUS_OK);
        }
        assert_status(do_receive(w, 0, 1), STATUS_OK);
        for (uint32_t i = 1; i <= count; i++) {
            assert_status(do_call(w, 20 + i, 0, 1), STATUS_OK);
        }
        for (uint32_t i = 1; i <= count; i++) {
            assert_status(do_call(w, i, 1, 1), STATUS_OK);
        }
        if (count == IPC_SERVERS) {
            assert_refused(w, do_call(w, 0, 0, 1), STATUS_WOULD_DEADLOCK);
        } else {
            assert_status(do_call(w, 0, 0, 1), STATUS_OK);
        }
        assert_world(w);
    }
}
END_TEST

/* Another domain has the number of a server: it is not taken for that one. */
START_TEST(number_of_a_server_used_again)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    ipc_leave(&w->ipc, 1, &w->outcome);
    do_come(w, 1);
    assert_status(do_call(w, 1, 0, 1), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
    assert_status(do_receive(w, 2, 0), STATUS_OK);
    assert_outcome(w, false, IPC_NONE);
    ck_assert(message_is(w, 2, badge_of(1), 1));
    /* When it serves, it counts again. */
    assert_status(do_reply(w, 2, 1), STATUS_OK);
    ipc_leave(&w->ipc, 2, &w->outcome);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 3, 0, 1), STATUS_OK);
    assert_status(do_call(w, 1, 0, 1), STATUS_OK); /* 2 may come again */
    assert_world(w);
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
    ck_assert_uint_eq(w->ipc.party[2]->answering, 3);
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
    tcase_add_test(c, chain_beyond_the_search);
    tcase_add_test(c, more_servers_than_are_known);
    tcase_add_test(c, number_of_a_server_used_again);
    tcase_add_test(c, cycle_through_a_queue);
    tcase_add_test(c, one_free_server_is_enough);
    tcase_add_test(c, knot);
    tcase_add_test(c, server_that_left);
    tcase_add_test(c, server_that_receives_elsewhere);
    return c;
}
