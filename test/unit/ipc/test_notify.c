/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications: signals before and after the wait, and every end of one. */
#include "world.h"

static struct world *bell_new(void)
{
    struct world *w = world_new();

    ipc_notification_init(&w->endpoint[0]);
    assert_world(w);
    return w;
}

static void signals(struct world *w, uint64_t bits)
{
    ipc_signal(&w->ipc, &w->endpoint[0], bits, &w->outcome);
}

static void awaits(struct world *w, uint32_t domain, bool poll)
{
    ipc_await(&w->ipc, domain, &w->endpoint[0], poll, &w->outcome);
}

static uint64_t word_of(const struct world *w, uint32_t domain)
{
    ck_assert_uint_eq(w->party[domain].result, STATUS_OK);
    return w->party[domain].message.words[0];
}

START_TEST(signals_gather_until_they_are_taken)
{
    struct world *w = bell_new();

    signals(w, 1);
    assert_outcome(w, false, IPC_NONE);
    signals(w, 4);
    awaits(w, 3, false);
    assert_outcome(w, false, IPC_NONE);
    ck_assert_uint_eq(word_of(w, 3), 5);
    awaits(w, 3, true);
    assert_outcome(w, false, IPC_NONE);
    ck_assert_uint_eq(word_of(w, 3), 0);
}
END_TEST

START_TEST(the_first_that_waits_takes_all)
{
    struct world *w = bell_new();

    awaits(w, 1, false);
    assert_outcome(w, true, IPC_NONE);
    awaits(w, 2, false);
    assert_outcome(w, true, IPC_NONE);
    signals(w, 6);
    assert_outcome(w, false, 1);
    ck_assert_uint_eq(word_of(w, 1), 6);
    ck_assert_uint_eq(w->endpoint[0].word, 0);
    signals(w, 8);
    assert_outcome(w, false, 2);
    ck_assert_uint_eq(word_of(w, 2), 8);
}
END_TEST

/* Who waits leaves, loses its right, or the notification goes. */
START_TEST(every_end_of_a_wait)
{
    for (int end = 0; end < 3; end++) {
        struct world *w = bell_new();

        awaits(w, 1, false);
        if (end == 0) {
            ipc_leave(&w->ipc, 1, &w->outcome);
            assert_outcome(w, false, IPC_NONE);
        } else {
            if (end == 1) {
                ipc_cancel(&w->ipc, 1, STATUS_CLOSED, &w->outcome);
            } else {
                ipc_close(&w->ipc, &w->endpoint[0], &w->outcome);
            }
            assert_outcome(w, false, 1);
            ck_assert_uint_eq(w->party[1].result, STATUS_CLOSED);
        }
        signals(w, 2);
        assert_outcome(w, false, IPC_NONE);
        ck_assert_uint_eq(w->endpoint[0].word, 2);
    }
}
END_TEST

/* A server waits while it owes a reply, and answers then. */
START_TEST(a_server_may_wait)
{
    struct world *w = bell_new();

    assert_status(do_receive(w, 1, 1), STATUS_OK);
    assert_status(do_call(w, 2, 1, 7), STATUS_OK);
    awaits(w, 1, false);
    assert_outcome(w, true, IPC_NONE);
    signals(w, 1);
    assert_outcome(w, false, 1);
    assert_status(do_reply(w, 1, 9), STATUS_OK);
    assert_outcome(w, false, 2);
}
END_TEST

TCase *case_notify(void)
{
    TCase *c = tcase_create("notify");

    tcase_add_test(c, signals_gather_until_they_are_taken);
    tcase_add_test(c, the_first_that_waits_takes_all);
    tcase_add_test(c, every_end_of_a_wait);
    tcase_add_test(c, a_server_may_wait);
    return c;
}
