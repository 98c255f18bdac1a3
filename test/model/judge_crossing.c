/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M19: crossings, as a queue of names a side. Who wakes, with what, and what
 * everybody waits for afterwards.
 */
#include "expect.h"
#include "judge.h"
#include "token.h"

#include <string.h>

/* The endpoint an action is on; ENDPOINTS: its capability does not allow it. */
static uint32_t endpoint_of(const struct move *m)
{
    const struct action *a = m->action;
    const struct node *n = &m->before->node[a->node];
    uint8_t needs = a->act == ACT_CALL ? CAP_WRITE : CAP_USE;

    if (a->node == 0) {
        return a->thing - THING_ENDPOINT;
    }
    return (n->rights & needs) == 0 ? ENDPOINTS
                                    : n->thing - (uint32_t)THING_ENDPOINT;
}

static void expect(const struct move *m, struct expected *x)
{
    const struct action *a = m->action;
    uint32_t e = ENDPOINTS;

    switch (a->act) {
    case ACT_CALL:
    case ACT_RECEIVE:
        e = endpoint_of(m);
        if (e == ENDPOINTS) {
            x->status = STATUS_NO_RIGHTS;
        } else if (a->act == ACT_CALL) {
            expect_call(x, a->domain, e);
        } else {
            expect_receive(x, a->domain, e);
        }
        break;
    case ACT_REPLY:
        expect_reply(x, a->domain);
        break;
    case ACT_SIGNAL:
        expect_signal(x, endpoint_of(m), token_bit(a->domain));
        break;
    case ACT_AWAIT:
        expect_await(x, a->domain, endpoint_of(m), a->position == 1);
        break;
    case ACT_LEAVE:
    case ACT_END:
        expect_leave(x, a->domain);
        break;
    case ACT_CANCEL:
        expect_cancel(x, a->domain);
        break;
    case ACT_CLOSE:
        expect_close_one(x, a->thing - THING_ENDPOINT);
        break;
    default:
        break;
    }
}

static bool woken(const struct expected *x)
{
    const struct wake *w = &step.wake[0];

    if (step.wakes != x->wakes) {
        return false;
    }
    return x->wakes == 0 ||
           (w->domain == x->wake.domain && w->result == x->wake.result &&
            (w->result != STATUS_OK ||
             (w->badge == x->wake.badge && w->word == x->wake.word)));
}

/* Who has received at once must have the caller's message; who did not wait
 * for a word, the word. */
static bool heard(const struct move *m, const struct crossings *after)
{
    uint32_t d = m->action->domain;
    const struct ipc_message *message = &world.rest.party[d].message;

    if (m->action->act == ACT_AWAIT && after->state[d] == IPC_IDLE) {
        return message->words[0] == m->rest->endpoint[endpoint_of(m)].word;
    }
    if (m->action->act != ACT_RECEIVE || m->status != STATUS_OK ||
        after->state[d] != IPC_IDLE || after->answering[d] >= DOMAINS) {
        return true;
    }
    return message->words[0] == token_call(after->answering[d]) &&
           message->badge == token_badge(after->answering[d]);
}

const char *judge_crossing(const struct move *m)
{
    struct expected x = {.status = STATUS_OK};
    struct crossings after;

    expect_take(m->rest, &x.after);
    expect_take(&world.rest, &after);
    expect(m, &x);
    if (m->action->act >= ACT_CALL && m->action->act <= ACT_CLOSE &&
        x.status != m->status) {
        return "M12 verdict";
    }
    if (memcmp(&x.after, &after, sizeof after) != 0 || !woken(&x) ||
        x.block != step.outcome.block || !heard(m, &after)) {
        return "M19 crossing";
    }
    return NULL;
}
