/* SPDX-License-Identifier: Apache-2.0 */
/* Call, receive, reply: every state of every party. */
#include "world.h"

#include <signal.h>

START_TEST(fresh_world)
{
    struct world *w = world_new();

    assert_world(w);
    for (uint32_t i = 0; i < WORLD_PARTIES; i++) {
        ck_assert_int_eq(w->ipc.party[i]->state, IPC_IDLE);
        ck_assert_uint_eq(w->ipc.party[i]->answering, IPC_NONE);
    }
    for (uint32_t i = 0; i < WORLD_ENDPOINTS; i++) {
        ck_assert_int_eq(w->endpoint[i].object.type, CAP_ENDPOINT);
        ck_assert_uint_eq(w->endpoint[i].object.refs, 0);
        ck_assert_uint_eq(w->endpoint[i].server_count, 0);
    }
}
END_TEST

START_TEST(server_comes_first)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 5, 0), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
    ck_assert_int_eq(w->ipc.party[5]->state, IPC_RECEIVING);

    w->ipc.party[5]->result = STATUS_CLOSED;
    assert_status(do_call(w, 3, 0, 100), STATUS_OK);
    assert_outcome(w, true, 5);
    ck_assert(message_is(w, 5, badge_of(100), 100));
    ck_assert_int_eq(w->ipc.party[5]->result, STATUS_OK);
    ck_assert_int_eq(w->ipc.party[5]->state, IPC_IDLE);
    ck_assert_uint_eq(w->ipc.party[5]->answering, 3);
    ck_assert_int_eq(w->ipc.party[3]->state, IPC_WAITING);
    ck_assert_uint_eq(w->ipc.party[3]->peer, 5);

    assert_status(do_reply(w, 5, 200), STATUS_OK);
    assert_outcome(w, false, 3);
    ck_assert(message_is(w, 3, 0, 200));
    ck_assert_int_eq(w->ipc.party[3]->result, STATUS_OK);
    ck_assert_int_eq(w->ipc.party[3]->state, IPC_IDLE);
    ck_assert_uint_eq(w->ipc.party[5]->answering, IPC_NONE);
}
END_TEST

START_TEST(caller_comes_first)
{
    struct world *w = world_new();

    assert_status(do_call(w, 3, 0, 100), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
    ck_assert_int_eq(w->ipc.party[3]->state, IPC_CALLING);

    assert_status(do_receive(w, 5, 0), STATUS_OK);
    assert_outcome(w, false, IPC_NONE);
    ck_assert(message_is(w, 5, badge_of(100), 100));
    ck_assert_uint_eq(w->ipc.party[5]->answering, 3);
    ck_assert_int_eq(w->ipc.party[3]->state, IPC_WAITING);
    assert_status(do_reply(w, 5, 200), STATUS_OK);
    assert_outcome(w, false, 3);
    ck_assert(message_is(w, 3, 0, 200));
}
END_TEST

/* As many callers as there are parties but one, first come, first served. */
START_TEST(callers_in_order)
{
    struct world *w = world_new();

    for (uint32_t i = 1; i < WORLD_PARTIES; i++) {
        assert_status(do_call(w, i, 0, i), STATUS_OK);
        assert_outcome(w, true, IPC_NONE);
    }
    for (uint32_t i = 1; i < WORLD_PARTIES; i++) {
        assert_status(do_receive(w, 0, 0), STATUS_OK);
        assert_outcome(w, false, IPC_NONE);
        ck_assert(message_is(w, 0, badge_of(i), i));
        assert_status(do_reply(w, 0, 0), STATUS_OK);
        assert_outcome(w, false, i);
    }
    assert_status(do_receive(w, 0, 0), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
}
END_TEST

START_TEST(servers_in_order)
{
    struct world *w = world_new();

    for (uint32_t i = 1; i < WORLD_PARTIES; i++) {
        assert_status(do_receive(w, i, 0), STATUS_OK);
        assert_outcome(w, true, IPC_NONE);
    }
    ck_assert_uint_eq(w->endpoint[0].server_count, IPC_SERVERS + 1);
    assert_status(do_call(w, 0, 0, 9), STATUS_OK);
    for (uint32_t i = 1; i < WORLD_PARTIES; i++) {
        assert_outcome(w, true, i);
        assert_status(do_reply(w, i, 0), STATUS_OK);
        assert_outcome(w, false, 0);
        if (i + 1 < WORLD_PARTIES) {
            assert_status(do_call(w, 0, 0, 9), STATUS_OK);
        }
    }
}
END_TEST

START_TEST(endpoints_are_apart)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 2, 1, 10), STATUS_OK);
    assert_outcome(w, true, IPC_NONE);
    assert_status(do_receive(w, 3, 1), STATUS_OK);
    assert_outcome(w, false, IPC_NONE);
    assert_status(do_call(w, 4, 0, 11), STATUS_OK);
    assert_outcome(w, true, 1);
    assert_status(do_reply(w, 3, 12), STATUS_OK);
    assert_outcome(w, false, 2);
    assert_status(do_reply(w, 1, 13), STATUS_OK);
    assert_outcome(w, false, 4);
}
END_TEST

/* A server may call on while it owes a reply; not receive. */
START_TEST(nested_calls)
{
    struct world *w = world_new();

    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_receive(w, 2, 1), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_refused(w, do_receive(w, 1, 0), STATUS_BUSY);
    assert_refused(w, do_receive(w, 1, 1), STATUS_BUSY);
    assert_status(do_call(w, 1, 1, 2), STATUS_OK);
    assert_outcome(w, true, 2);
    ck_assert_uint_eq(w->ipc.party[1]->answering, 0);
    assert_status(do_reply(w, 2, 3), STATUS_OK);
    assert_outcome(w, false, 1);
    assert_status(do_reply(w, 1, 4), STATUS_OK);
    assert_outcome(w, false, 0);
    ck_assert(message_is(w, 0, 0, 4));
}
END_TEST

START_TEST(reply_to_nobody)
{
    struct world *w = world_new();

    assert_refused(w, do_reply(w, 0, 1), STATUS_NOT_FOUND);
    assert_status(do_receive(w, 1, 0), STATUS_OK);
    assert_status(do_call(w, 0, 0, 1), STATUS_OK);
    assert_status(do_reply(w, 1, 1), STATUS_OK);
    assert_refused(w, do_reply(w, 1, 1), STATUS_NOT_FOUND);
}
END_TEST

/* The states that a party can be in, and who acts while in them. */
enum sort { CALLING, WAITING, RECEIVING, BLOCKED_SORTS };

static struct world *world_with(enum sort sort)
{
    struct world *w = world_new();

    if (sort == WAITING) {
        assert_status(do_receive(w, 1, 0), STATUS_OK);
    }
    assert_status(sort == RECEIVING ? do_receive(w, 0, 0) : do_call(w, 0, 0, 1),
                  STATUS_OK);
    return w;
}

START_TEST(blocked_domain_calls)
{
    (void)do_call(world_with((enum sort)_i), 0, 1, 1);
}
END_TEST

START_TEST(blocked_domain_receives)
{
    (void)do_receive(world_with((enum sort)_i), 0, 1);
}
END_TEST

START_TEST(blocked_domain_replies)
{
    (void)do_reply(world_with((enum sort)_i), 0, 1);
}
END_TEST

START_TEST(domain_beyond_the_parties)
{
    struct world *w = world_new();

    _i == 0   ? (void)do_call(w, WORLD_PARTIES, 0, 1)
    : _i == 1 ? (void)do_receive(w, IPC_NONE, 0)
    : _i == 2 ? (void)do_reply(w, IPC_GONE, 0)
              : ipc_leave(&w->ipc, WORLD_PARTIES, &w->outcome);
}
END_TEST

TCase *case_call(void)
{
    TCase *c = tcase_create("call");

    tcase_add_test(c, fresh_world);
    tcase_add_test(c, server_comes_first);
    tcase_add_test(c, caller_comes_first);
    tcase_add_test(c, callers_in_order);
    tcase_add_test(c, servers_in_order);
    tcase_add_test(c, endpoints_are_apart);
    tcase_add_test(c, nested_calls);
    tcase_add_test(c, reply_to_nobody);
    tcase_add_loop_test_raise_signal(c, blocked_domain_calls, SIGABRT, 0,
                                     BLOCKED_SORTS);
    tcase_add_loop_test_raise_signal(c, blocked_domain_receives, SIGABRT, 0,
                                     BLOCKED_SORTS);
    tcase_add_loop_test_raise_signal(c, blocked_domain_replies, SIGABRT, 0,
                                     BLOCKED_SORTS);
    tcase_add_loop_test_raise_signal(c, domain_beyond_the_parties, SIGABRT, 0,
                                     4);
    return c;
}
