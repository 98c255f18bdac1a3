/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M19: crossings, as a queue of names a side. Who wakes, with what, and what
 * everybody waits for afterwards.
 */
#include "judge.h"
#include "token.h"

#include <string.h>

struct queue {
    uint8_t domain[DOMAINS];
    uint8_t count;
};

struct crossings {
    uint8_t state[DOMAINS], endpoint[DOMAINS], peer[DOMAINS],
        answering[DOMAINS];
    struct queue callers[ENDPOINTS], receivers[ENDPOINTS];
    /* Those of now, and those that have left; or there were too many. */
    uint8_t servers[ENDPOINTS], left[ENDPOINTS];
    bool many[ENDPOINTS];
};

/* What is expected of one action. */
struct expected {
    struct crossings after;
    enum status status;
    bool block;
    uint32_t wakes;
    struct wake wake;
};

static void walk(const struct rest *rest, uint32_t first, struct queue *queue)
{
    memset(queue, 0, sizeof *queue);
    while (first < DOMAINS && queue->count < DOMAINS) {
        queue->domain[queue->count++] = (uint8_t)first;
        first = rest->party[first].next;
    }
}

static void take_servers(const struct rest *rest, struct crossings *c,
                         uint32_t e)
{
    const struct ipc_endpoint *endpoint = &rest->endpoint[e];

    c->many[e] = endpoint->server_count > IPC_SERVERS;
    for (uint32_t i = 0; !c->many[e] && i < endpoint->server_count; i++) {
        const struct ipc_server *server = &endpoint->servers[i];
        bool same = server->life == rest->party[server->domain].life;

        *(same ? &c->servers[e] : &c->left[e]) |=
            (uint8_t)(1u << server->domain);
    }
}

static void take(const struct rest *rest, struct crossings *c)
{
    memset(c, 0, sizeof *c);
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct ipc_party *p = &rest->party[d];

        c->state[d] = p->state;
        c->endpoint[d] = p->endpoint == NULL
                             ? NOBODY
                             : (uint8_t)(p->endpoint - world.rest.endpoint);
        c->peer[d] = (uint8_t)p->peer;
        c->answering[d] = (uint8_t)p->answering;
    }
    for (uint32_t i = 0; i < scene->endpoints; i++) {
        walk(rest, rest->endpoint[i].first_caller, &c->callers[i]);
        walk(rest, rest->endpoint[i].first_receiver, &c->receivers[i]);
        take_servers(rest, c, i);
    }
}

static void drop(struct queue *queue, uint32_t domain)
{
    struct queue old = *queue;

    memset(queue, 0, sizeof *queue);
    for (uint32_t i = 0; i < old.count; i++) {
        if (old.domain[i] != domain) {
            queue->domain[queue->count++] = old.domain[i];
        }
    }
}

static void idle(struct crossings *c, uint32_t d)
{
    for (uint32_t i = 0; i < ENDPOINTS; i++) {
        drop(&c->callers[i], d);
        drop(&c->receivers[i], d);
    }
    c->state[d] = IPC_IDLE;
    c->endpoint[d] = NOBODY;
    c->peer[d] = NOBODY;
}

static void wait(struct crossings *c, uint32_t d, uint32_t e, enum ipc_state as)
{
    struct queue *queue = as == IPC_CALLING ? &c->callers[e] : &c->receivers[e];

    c->state[d] = (uint8_t)as;
    c->endpoint[d] = (uint8_t)e;
    queue->domain[queue->count++] = (uint8_t)d;
}

/* All that could serve a domain in a queue; 0: who knows. */
static uint32_t known_servers(const struct crossings *c, uint32_t e)
{
    return c->many[e] || c->left[e] != 0 ? 0 : c->servers[e];
}

/* Those who wait only for one another: the largest such set. */
static bool stuck(const struct crossings *c, uint32_t caller)
{
    uint32_t set = 0, before;

    for (uint32_t d = 0; d < scene->domains; d++) {
        set |=
            (uint32_t)(c->state[d] == IPC_CALLING || c->state[d] == IPC_WAITING)
            << d;
    }
    do {
        before = set;
        for (uint32_t d = 0; d < scene->domains; d++) {
            uint32_t on = c->state[d] == IPC_WAITING
                              ? 1u << c->peer[d]
                              : known_servers(c, c->endpoint[d] % ENDPOINTS);

            if ((set >> d & 1) != 0 && (on == 0 || (on & ~set) != 0)) {
                set &= ~(1u << d);
            }
        }
    } while (set != before);
    return (set >> caller & 1) != 0;
}

static void meet(struct crossings *c, uint32_t caller, uint32_t server)
{
    idle(c, caller);
    c->state[caller] = IPC_WAITING;
    c->peer[caller] = (uint8_t)server;
    c->answering[server] = (uint8_t)caller;
}

static void call(struct expected *x, uint32_t d, uint32_t e)
{
    struct crossings *c = &x->after;
    struct crossings before = *c;

    x->block = true;
    if (c->receivers[e].count != 0) {
        uint8_t server = c->receivers[e].domain[0];

        idle(c, server);
        meet(c, d, server);
        x->wakes = 1;
        x->wake =
            (struct wake){server, STATUS_OK, token_badge(d), token_call(d)};
        return;
    }
    wait(c, d, e, IPC_CALLING);
    if (stuck(c, d)) {
        *c = before;
        x->block = false;
        x->status = STATUS_WOULD_DEADLOCK;
    }
}

static void serves(struct crossings *c, uint32_t d, uint32_t e)
{
    uint8_t bit = (uint8_t)(1u << d);

    if (c->many[e]) {
        return;
    }
    c->servers[e] |= bit;
    c->left[e] &= (uint8_t)~bit;
    if (__builtin_popcount((uint32_t)(c->servers[e] | c->left[e])) >
        (int)IPC_SERVERS) {
        c->many[e] = true;
        c->servers[e] = 0;
        c->left[e] = 0;
    }
}

static void receive(struct expected *x, uint32_t d, uint32_t e)
{
    struct crossings *c = &x->after;

    if (c->answering[d] < DOMAINS) {
        x->status = STATUS_BUSY;
        return;
    }
    serves(c, d, e);
    c->answering[d] = NOBODY;
    if (c->callers[e].count != 0) {
        meet(c, c->callers[e].domain[0], d);
    } else {
        wait(c, d, e, IPC_RECEIVING);
        x->block = true;
    }
}

static void reply(struct expected *x, uint32_t d)
{
    struct crossings *c = &x->after;
    uint8_t caller = c->answering[d];

    c->answering[d] = NOBODY;
    if (caller == NOBODY) {
        x->status = STATUS_NOT_FOUND;
    } else if (caller == (uint8_t)IPC_GONE) {
        x->status = STATUS_CLOSED;
    } else {
        idle(c, caller);
        x->wakes = 1;
        x->wake = (struct wake){caller, STATUS_OK, 0, token_reply(d)};
    }
}

static void closed(struct expected *x, uint8_t domain)
{
    idle(&x->after, domain);
    x->wakes = 1;
    x->wake = (struct wake){.domain = domain, .result = STATUS_CLOSED};
}

static void leave(struct expected *x, uint32_t d)
{
    struct crossings *c = &x->after;
    uint8_t caller = c->answering[d];

    if (c->state[d] == IPC_WAITING) {
        c->answering[c->peer[d]] = (uint8_t)IPC_GONE;
    }
    idle(c, d);
    c->answering[d] = NOBODY;
    for (uint32_t e = 0; e < ENDPOINTS; e++) {
        uint8_t bit = c->servers[e] & (uint8_t)(1u << d);

        c->left[e] = (uint8_t)(c->left[e] | bit);
        c->servers[e] = (uint8_t)(c->servers[e] & ~bit);
    }
    if (caller < DOMAINS) {
        closed(x, caller);
    }
}

/* Only from a queue: what has been received can still be answered. */
static void cancel(struct expected *x, uint32_t d)
{
    uint8_t state = x->after.state[d];

    if (state == IPC_CALLING || state == IPC_RECEIVING) {
        closed(x, (uint8_t)d);
    }
}

static void close_one(struct expected *x, uint32_t e)
{
    if (x->after.callers[e].count != 0) {
        closed(x, x->after.callers[e].domain[0]);
    } else if (x->after.receivers[e].count != 0) {
        closed(x, x->after.receivers[e].domain[0]);
    }
}

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
            call(x, a->domain, e);
        } else {
            receive(x, a->domain, e);
        }
        break;
    case ACT_REPLY:
        reply(x, a->domain);
        break;
    case ACT_LEAVE:
    case ACT_END:
        leave(x, a->domain);
        break;
    case ACT_CANCEL:
        cancel(x, a->domain);
        break;
    case ACT_CLOSE:
        close_one(x, a->thing - THING_ENDPOINT);
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

/* Who has received at once must have the caller's message. */
static bool heard(const struct move *m, const struct crossings *after)
{
    uint32_t d = m->action->domain;
    const struct ipc_message *message = &world.rest.party[d].message;

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

    take(m->rest, &x.after);
    take(&world.rest, &after);
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
