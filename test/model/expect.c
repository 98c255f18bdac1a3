/* SPDX-License-Identifier: Apache-2.0 */
#include "expect.h"

#include "token.h"

#include <string.h>

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

void expect_take(const struct rest *rest, struct crossings *c)
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
        c->word[i] = (uint8_t)rest->endpoint[i].word;
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

void expect_call(struct expected *x, uint32_t d, uint32_t e)
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
            (struct wake){server, STATUS_OK, token_badge(d), token_call(d), 0};
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

void expect_receive(struct expected *x, uint32_t d, uint32_t e)
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

void expect_reply(struct expected *x, uint32_t d)
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
        x->wake = (struct wake){caller, STATUS_OK, 0, token_reply(d), 0};
    }
}

static void closed(struct expected *x, uint8_t domain)
{
    idle(&x->after, domain);
    x->wakes = 1;
    x->wake = (struct wake){.domain = domain, .result = STATUS_CLOSED};
}

void expect_leave(struct expected *x, uint32_t d)
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

/* Whoever has waited longest takes all of the word. */
void expect_signal(struct expected *x, uint32_t e, uint64_t bits)
{
    struct crossings *c = &x->after;
    uint8_t first = c->receivers[e].domain[0];

    c->word[e] |= (uint8_t)bits;
    if (c->receivers[e].count != 0) {
        idle(c, first);
        x->wakes = 1;
        x->wake = (struct wake){first, STATUS_OK, 0, c->word[e], 0};
        c->word[e] = 0;
    }
}

void expect_await(struct expected *x, uint32_t d, uint32_t e, bool poll)
{
    struct crossings *c = &x->after;

    if (c->word[e] == 0 && !poll) {
        wait(c, d, e, IPC_RECEIVING);
        x->block = true;
    }
    c->word[e] = 0;
}

/* Only from a queue: what has been received can still be answered. */
void expect_cancel(struct expected *x, uint32_t d)
{
    uint8_t state = x->after.state[d];

    if (state == IPC_CALLING || state == IPC_RECEIVING) {
        closed(x, (uint8_t)d);
    }
}

void expect_close_one(struct expected *x, uint32_t e)
{
    if (x->after.callers[e].count != 0) {
        closed(x, x->after.callers[e].domain[0]);
    } else if (x->after.receivers[e].count != 0) {
        closed(x, x->after.receivers[e].domain[0]);
    }
}
