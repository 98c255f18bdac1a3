/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M19 where threads cross by capabilities: who wakes with which words, from
 * whom, by which badge, with which capability; and who is told that nothing
 * will come, because a capability, a server or all servers have gone.
 */
#include "expect.h"
#include "judge.h"
#include "life.h"
#include "token.h"

#include <string.h>

struct threads {
    struct crossings c;
    uint8_t life[DOMAINS], by[DOMAINS];
    /* of those who are queued as callers */
    uint8_t badge[DOMAINS], how[DOMAINS], what[DOMAINS];
    uint32_t generation[DOMAINS];
};

/* All that one act must come to, but for the view. */
struct fate {
    struct threads after;
    enum status status;
    bool block;
    uint32_t wakes;
    struct wake wake[DOMAINS];
    bool hears; /* the actor, at once */
    struct wake heard;
};

static struct fate fate; /* of the move that is being judged */

static void take(const struct rest *rest, struct threads *t)
{
    memset(t, 0, sizeof *t);
    expect_take(rest, &t->c);
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct thread *thread = &rest->thread[d];

        t->life[d] = rest->life[d];
        t->by[d] = thread->waits_by;
        if (t->c.state[d] == IPC_CALLING) {
            t->badge[d] = (uint8_t)rest->party[d].message.badge;
            t->how[d] = thread->how;
        }
        if (t->how[d] != PASS_NONE) {
            t->what[d] =
                (uint8_t)(caps_table(d) * CAP_CHUNK_SLOTS + thread->what.index);
            t->generation[d] = thread->what.generation;
        }
    }
}

static void free_thread(struct threads *t, uint32_t d)
{
    t->life[d] = LIFE_RUNNABLE;
    t->by[d] = 0;
    t->badge[d] = 0;
    t->how[d] = 0;
    t->what[d] = 0;
    t->generation[d] = 0;
}

/* One step of the queues' own rules, taken over. */
static void merge(struct expected *x, uint8_t passed)
{
    if (x->wakes != 0) {
        x->wake.passed = passed;
        fate.wake[fate.wakes++ % DOMAINS] = x->wake;
        free_thread(&fate.after, x->wake.domain);
    }
    x->wakes = 0;
    fate.after.c = x->after;
}

static struct expected begin(void)
{
    return (struct expected){.after = fate.after.c, .status = STATUS_OK};
}

/* Taken out of a queue with a status. */
static void cancelled(uint32_t d, enum status status)
{
    struct expected x = begin();

    expect_cancel(&x, d);
    x.wake.result = (uint8_t)status;
    merge(&x, 0);
}

static uint32_t uses(const struct view *view, uint32_t thing)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *n = &view->node[nodes[i]];

        count += n->thing == thing && (n->rights & CAP_USE) != 0 &&
                 view->users[nodes[i] / CAP_CHUNK_SLOTS] != 0;
    }
    return count;
}

/* What `from` gives comes to `to`, or the status why not. */
static enum status passes(struct view *want, uint32_t node, uint8_t how,
                          uint32_t to, uint8_t *passed)
{
    const struct view before = *want;
    enum status status = STATUS_OK;

    *passed = 0;
    if (how == PASS_NONE) {
        return status;
    }
    status = predict_pass(want, node, (enum pass)how, caps_table(to));
    for (uint32_t i = 0; status == STATUS_OK && i < node_count; i++) {
        if (nodes[i] / CAP_CHUNK_SLOTS == caps_table(to) &&
            before.node[nodes[i]].state == CAP_FREE &&
            want->node[nodes[i]].state == CAP_LIVE) {
            *passed = nodes[i];
        }
    }
    return status;
}

static uint8_t how_of(const struct action *a)
{
    return a->other == 0 ? (uint8_t)PASS_NONE : a->position;
}

/* Somebody is there to take it, or it is looked at only. */
static enum status call_passes(const struct move *m, struct view *want,
                               uint32_t e, uint8_t *passed)
{
    const struct action *a = m->action;
    const struct queue *receivers = &fate.after.c.receivers[e];
    uint8_t how = how_of(a);

    if (receivers->count != 0) {
        return passes(want, a->other, how, receivers->domain[0], passed);
    }
    return (how == PASS_CALLS || how == PASS_ALL) &&
                   (pass_rights((enum pass)how) &
                    ~m->before->node[a->other].rights) != 0
               ? STATUS_NO_RIGHTS
               : STATUS_OK;
}

static void call(const struct move *m, struct view *want, uint32_t e)
{
    const struct action *a = m->action;
    const struct node *n = &m->before->node[a->node];
    struct threads *t = &fate.after;
    struct expected x = begin();
    uint8_t passed = 0;

    if (uses(m->before, n->thing) == 0) {
        fate.status = STATUS_CLOSED;
        return;
    }
    fate.status = call_passes(m, want, e, &passed);
    if (fate.status != STATUS_OK) {
        return;
    }
    expect_call(&x, a->domain, e);
    fate.status = x.status;
    fate.block = x.block;
    x.wake.badge = n->count;
    if (x.status != STATUS_OK) {
        return;
    }
    t->life[a->domain] = LIFE_CROSSING;
    if (x.wakes == 0) {
        t->by[a->domain] = a->node;
        t->badge[a->domain] = n->count;
        t->how[a->domain] = how_of(a);
    }
    if (t->how[a->domain] != PASS_NONE) {
        t->what[a->domain] = a->other;
        t->generation[a->domain] = m->before->node[a->other].generation;
    }
    merge(&x, passed);
}

/* What a queued caller gives, as it is by now. */
static enum status late_pass(struct view *want, uint32_t caller, uint32_t to,
                             uint8_t *passed)
{
    const struct threads *t = &fate.after;
    const struct node *what = &want->node[t->what[caller]];

    *passed = 0;
    if (t->how[caller] == PASS_NONE) {
        return STATUS_OK;
    }
    if (what->state != CAP_LIVE || is_member(what)) {
        return STATUS_INVALID_HANDLE;
    }
    if (what->generation != t->generation[caller]) {
        return STATUS_STALE_HANDLE;
    }
    return passes(want, t->what[caller], t->how[caller], to, passed);
}

static void receive(const struct move *m, struct view *want, uint32_t e)
{
    const struct action *a = m->action;
    struct threads *t = &fate.after;
    struct expected x;
    uint8_t passed = 0, caller = NOBODY;

    while (t->c.answering[a->domain] >= DOMAINS && t->c.callers[e].count != 0) {
        enum status status;

        caller = t->c.callers[e].domain[0];
        status = late_pass(want, caller, a->domain, &passed);
        if (status == STATUS_OK) {
            break;
        }
        cancelled(caller, status);
        caller = NOBODY;
    }
    x = begin();
    expect_receive(&x, a->domain, e);
    fate.status = x.status;
    fate.block = x.block;
    if (x.block) {
        t->life[a->domain] = LIFE_CROSSING;
        t->by[a->domain] = a->node;
    } else if (x.status == STATUS_OK) {
        fate.hears = true;
        fate.heard = (struct wake){.badge = t->badge[caller],
                                   .word = token_call(caller),
                                   .passed = passed};
        free_thread(t, caller);
        t->life[caller] = LIFE_CROSSING;
    }
    merge(&x, 0);
}

static void reply(const struct move *m, struct view *want)
{
    const struct action *a = m->action;
    uint8_t caller = fate.after.c.answering[a->domain], passed = 0;
    struct expected x = begin();

    if (caller < DOMAINS) {
        fate.status = passes(want, a->other, how_of(a), caller, &passed);
    }
    if (fate.status == STATUS_OK) {
        expect_reply(&x, a->domain);
        fate.status = x.status;
        merge(&x, passed);
    }
}

static void await(const struct move *m, uint32_t e)
{
    const struct action *a = m->action;
    struct expected x = begin();
    uint8_t word = x.after.word[e];

    expect_await(&x, a->domain, e, a->position == 1);
    fate.block = x.block;
    if (x.block) {
        fate.after.life[a->domain] = LIFE_CROSSING;
        fate.after.by[a->domain] = a->node;
    } else {
        fate.hears = true;
        fate.heard = (struct wake){.word = word};
    }
    merge(&x, 0);
}

static void act(const struct move *m, struct view *want)
{
    const struct action *a = m->action;
    const struct node *n = &m->before->node[a->node];
    uint8_t needs =
        a->act == ACT_CALL || a->act == ACT_SIGNAL ? CAP_WRITE : CAP_USE;
    uint32_t e = n->thing - (uint32_t)THING_ENDPOINT;
    struct expected x = begin();

    if (a->act == ACT_REPLY) {
        reply(m, want);
    } else if ((n->rights & needs) == 0) {
        fate.status = STATUS_NO_RIGHTS;
    } else if (a->act == ACT_CALL) {
        call(m, want, e);
    } else if (a->act == ACT_RECEIVE) {
        receive(m, want, e);
    } else if (a->act == ACT_AWAIT) {
        await(m, e);
    } else {
        expect_signal(&x, e, n->count != 0 ? n->count : token_bit(a->domain));
        merge(&x, 0);
    }
}

static void fate_begin(const struct move *m)
{
    memset(&fate, 0, sizeof fate);
    fate.status = STATUS_OK;
    take(m->rest, &fate.after);
}

bool predict_travel(const struct move *m, struct view *want,
                    enum status *status)
{
    uint8_t as = m->action->act;

    if (!scene->travel || as < ACT_CALL || as > ACT_AWAIT) {
        return false;
    }
    fate_begin(m);
    act(m, want);
    *status = fate.status;
    return true;
}

/* ---- what follows when capabilities go ---- */

static bool went(const struct move *m, uint32_t node)
{
    return node != 0 && m->before->node[node].state == CAP_LIVE &&
           (m->after->node[node].state != CAP_LIVE ||
            m->after->node[node].generation !=
                m->before->node[node].generation);
}

static void follow(const struct move *m)
{
    struct threads *t = &fate.after;

    for (uint32_t d = 0; d < scene->domains; d++) {
        if (t->life[d] == LIFE_CROSSING && went(m, t->by[d])) {
            cancelled(d, STATUS_CLOSED);
        }
    }
    for (uint32_t e = 0; e < scene->endpoints; e++) {
        while (!notifies(e) && t->c.callers[e].count != 0 &&
               uses(m->after, THING_ENDPOINT + e) == 0) {
            cancelled(t->c.callers[e].domain[0], STATUS_CLOSED);
        }
    }
}

static void ends(uint32_t d)
{
    struct threads *t = &fate.after;
    struct expected x = begin();

    expect_leave(&x, d);
    merge(&x, 0);
    free_thread(t, d);
    t->life[d] = LIFE_ENDED;
}

/* ---- comparing ---- */

static bool same_message(const struct wake *a, const struct wake *b)
{
    return a->badge == b->badge && a->word == b->word && a->passed == b->passed;
}

static bool woken(void)
{
    uint32_t met = 0;

    for (uint32_t i = 0; i < step.wakes; i++) {
        const struct wake *is = &step.wake[i];

        for (uint32_t k = 0; k < fate.wakes; k++) {
            const struct wake *want = &fate.wake[k % DOMAINS];

            met += is->domain == want->domain && is->result == want->result &&
                   (is->result != STATUS_OK || same_message(is, want));
        }
    }
    return step.wakes == fate.wakes && met == fate.wakes;
}

static bool heard(const struct move *m)
{
    uint32_t d = m->action->domain;
    const struct ipc_message *message = &world.rest.party[d].message;
    const struct wake is = {.badge = message->badge,
                            .word = message->words[0],
                            .passed = step.passed[d]};

    return !fate.hears || same_message(&is, &fate.heard);
}

const char *judge_travel(const struct move *m)
{
    struct threads after;
    const struct action *a = m->action;

    if (a->act < ACT_CALL || a->act > ACT_AWAIT) {
        fate_begin(m);
        if (a->act == ACT_END) {
            ends(a->domain);
        } else if (a->act == ACT_DESTROY && m->status == STATUS_OK) {
            fate.after.life[a->domain] = LIFE_ABSENT;
        }
        if (a->act != ACT_MOVE) { /* its owner runs: it waits by none */
            follow(m);
        }
    }
    take(&world.rest, &after);
    return memcmp(&fate.after, &after, sizeof after) == 0 && woken() &&
                   heard(m) && fate.block == step.outcome.block
               ? NULL
               : "M19 crossing";
}
