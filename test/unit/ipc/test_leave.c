/* SPDX-License-Identifier: Apache-2.0 */
/* The ends: a domain leaves, an endpoint is closed. */
#include "world.h"

/* Every state of the one that leaves, and who hears of it. */

START_TEST(idle_domain_leaves)
{
    struct world *w = world_new();

    ipc_leave(&w->ipc, 7, &w->outcome);
    assert_outcome(w, false, IPC_NONE);
}
END_TEST

START_TEST(queued_caller_leaves)
{
    for (uint32_t gone = 1; gone <= 4; gone++) {
        struct world *w = world_new();

        for (uint32_t i = 1; i <= 4; i++) {
            assert_status(do_call(w, i, 0, i), STATUS_OK);
        }
        ipc_leave(&w->ipc, gone, &w->outcome);
        assert_outcome(w, false, IPC_NONE);
        ck_assert_int_eq(w->ipc.party[gone]->state, IPC_IDLE);
        /* At the end of the queue again, not where it was. */
        assert_status(do_call(w, gone, 0, 10), STATUS_OK);
        for (uint32_t i = 1; i <= 4; i++) {
            if (i != gone) {
                assert_status(do_receive(w, 0, 0), STATUS_OK);
                assert_outcome(w, false, IPC_NONE);
                ck_assert_uint_eq(w->ipc.party[0]->answering, i);
                assert_status(do_reply(w, 0, 0), STATUS_OK);
            }
        }
        assert_status(do_receive(w, 0, 0), STATUS_OK);
        ck_assert_uint_eq(w->ipc.party[0]->answering, gone);
        assert_world(w);
    }
}
END_TEST

START_TEST(queued_server_leaves)
{
    for (uint32_t gone = 1; gone <= 3; gone++) {
        struct world *w = world_new();

        for (uint32_t i = 1; i <= 3; i++) {
            assert_status(do_receive(w, i, 0), STATUS_OK);
        }
        ipc_leave(&w->ipc, gone, &w->outcome);
        assert_outcome(w, false, IPC_NONE);
        for (uint32_t i = 1; i <= 3; i++) {
            if (i != gone) {
                assert_status(do_call(w, 10 + i, 0, 1), STATUS_OK);
                assert_outcome(w, true, i);
            }
        }
        assert_status(do_call(w, 0, 0, 1), STATUS_OK);
        assert_outcome(w, true, IPC_NONE);
    }
}
END_TEST

/* Who is queued wakes with the result, and the queue goes on without it. */
START_TEST(queued_parties_are_cancelled)
{
    struct world *w = world_new();

    for (uint32_t i = 1; i <= 3; i++) {
        assert_status(do_receive(w, i, 0), STATUS_OK);
        assert_status(do_call(w, 10 + i, 1, i), STATUS_OK);
    }
    ipc_cancel(&w->ipc, 2, STATUS_CLOSED, &w->outcome);
    assert_outcome(w, false, 2);
    ck_assert_uint_eq(w->ipc.party[2]->result, STATUS_CLOSED);
    ipc_cancel(&w->ipc, 11, STATUS_CLOSED, &w->outcome);
    assert_outcome(w, false, 11);
    ck_assert_uint_eq(w->ipc.party[11]->result, STATUS_CLOSED);
    assert_world(w);

    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_outcome(w, true, 1);
    assert_status(do_call(w, 4, 0, 1), STATUS_OK);
    assert_outcome(w, true, 3);
    assert_status(do_receive(w, 5, 1), STATUS_OK);
    ck_assert(message_is(w, 5, badge_of(2), 2));
}
END_TEST

START_TEST(only_queued_parties_are_cancelled)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    for (uint32_t i = 0; i < 3; i++) { /* waits for a reply, owes it, idle */
        ipc_cancel(&w->ipc, i, STATUS_CLOSED, &w->outcome);
        assert_outcome(w, false, IPC_NONE);
    }
    assert_status(do_reply(w, 1, 7), STATUS_OK);
    assert_outcome(w, false, 0);
    ck_assert(message_is(w, 0, 0, 7));
}
END_TEST

START_TEST(caller_leaves_before_the_reply)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    ipc_leave(&w->ipc, 0, &w->outcome);
    assert_outcome(w, false, IPC_NONE);
    ck_assert_uint_eq(w->ipc.party[1]->answering, IPC_GONE);

    /* It hears of it once, and no outcome is written. */
    w->outcome = (struct ipc_outcome){.block = true, .wake = 77};
    assert_status(do_reply(w, 1, 1), STATUS_CLOSED);
    ck_assert_uint_eq(w->outcome.wake, 77);
    assert_refused(w, do_reply(w, 1, 1), STATUS_NOT_FOUND);
    assert_world(w);

    /* Or not at all, when it receives instead. */
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    ipc_leave(&w->ipc, 0, &w->outcome);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

/* A new domain in the old one's place does not get the old one's reply. */
START_TEST(caller_leaves_and_comes_again)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    ipc_leave(&w->ipc, 0, &w->outcome);
    do_come(w, 0);
    assert_status(do_call(w, 0, 0, 2), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
    assert_status(do_reply(w, 1, 50), STATUS_CLOSED);
    ck_assert_int_eq(w->ipc.party[0]->state, IPC_CALLING);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    ck_assert(message_is(w, 1, badge_of(2), 2));
    assert_status(do_reply(w, 1, 60), STATUS_OK);
    assert_outcome(w, false, 0);
    ck_assert(message_is(w, 0, 0, 60));
}
END_TEST

START_TEST(server_leaves_before_the_reply)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    ipc_leave(&w->ipc, 1, &w->outcome);
    assert_outcome(w, false, 0);
    ck_assert_int_eq(w->ipc.party[0]->result, STATUS_CLOSED);
    ck_assert_int_eq(w->ipc.party[0]->state, IPC_IDLE);
    ipc_leave(&w->ipc, 1, &w->outcome);
    assert_outcome(w, false, IPC_NONE);
}
END_TEST

/* In the middle of a chain: both sides hear of it. */
START_TEST(middle_of_a_chain_leaves)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_receive(w, 2, 1), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_status(do_call(w, 1, 1, 2), STATUS_OK);
    ipc_leave(&w->ipc, 1, &w->outcome);
    assert_outcome(w, false, 0);
    ipc_leave(&w->ipc, 1, &w->outcome);
    assert_outcome(w, false, IPC_NONE);
    assert_status(do_reply(w, 2, 1), STATUS_CLOSED);

    /* The same while it is queued, not received. */
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_status(do_call(w, 1, 1, 2), STATUS_OK);
    ipc_leave(&w->ipc, 1, &w->outcome);
    assert_outcome(w, false, 0);
    assert_status(do_receive(w, 2, 1), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

START_TEST(queued_callers_outlive_the_server)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 2, 0, 2), STATUS_OK);
    assert_status(do_call(w, 3, 0, 3), STATUS_OK);
    ipc_leave(&w->ipc, 1, &w->outcome);
    assert_outcome(w, false, 2);
    ck_assert_int_eq(w->ipc.party[3]->state, IPC_CALLING);
    do_come(w, 1);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_outcome(w, false, IPC_NONE);
    ck_assert(message_is(w, 1, badge_of(3), 3));
}
END_TEST

START_TEST(close_with_nobody)
{
    struct world *w = world_new();

    ipc_close(&w->ipc, &w->endpoint[0], &w->outcome);
    assert_outcome(w, false, IPC_NONE);
}
END_TEST

START_TEST(close_wakes_all_one_by_one)
{
    for (int servers = 0; servers < 2; servers++) {
        struct world *w = world_new();

        for (uint32_t i = 1; i < WORLD_PARTIES; i++) {
            assert_status(servers ? do_receive(w, i, 0) : do_call(w, i, 0, 1),
                          STATUS_OK);
        }
        for (uint32_t i = 1; i < WORLD_PARTIES; i++) {
            ipc_close(&w->ipc, &w->endpoint[0], &w->outcome);
            assert_outcome(w, false, i);
            ck_assert_int_eq(w->ipc.party[i]->result, STATUS_CLOSED);
            ck_assert_int_eq(w->ipc.party[i]->state, IPC_IDLE);
        }
        ipc_close(&w->ipc, &w->endpoint[0], &w->outcome);
        assert_outcome(w, false, IPC_NONE);
    }
}
END_TEST

START_TEST(received_call_outlives_the_endpoint)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    ipc_close(&w->ipc, &w->endpoint[0], &w->outcome);
    assert_outcome(w, false, IPC_NONE);
    memset(&w->endpoint[0], 0xee, sizeof(w->endpoint[0]));
    assert_status(do_reply(w, 1, 5), STATUS_OK);
    ipc_endpoint_init(&w->endpoint[0]);
    assert_outcome(w, false, 0);
    ck_assert(message_is(w, 0, 0, 5));
}
END_TEST

TCase *case_leave(void)
{
    TCase *c = tcase_create("leave");

    tcase_add_test(c, idle_domain_leaves);
    tcase_add_test(c, queued_caller_leaves);
    tcase_add_test(c, queued_server_leaves);
    tcase_add_test(c, queued_parties_are_cancelled);
    tcase_add_test(c, only_queued_parties_are_cancelled);
    tcase_add_test(c, caller_leaves_before_the_reply);
    tcase_add_test(c, caller_leaves_and_comes_again);
    tcase_add_test(c, server_leaves_before_the_reply);
    tcase_add_test(c, middle_of_a_chain_leaves);
    tcase_add_test(c, queued_callers_outlive_the_server);
    tcase_add_test(c, close_with_nobody);
    tcase_add_test(c, close_wakes_all_one_by_one);
    tcase_add_test(c, received_call_outlives_the_endpoint);
    return c;
}
