/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#define ALL ((int)WORLD_PARTIES)

static void rest(struct model_domain *d)
{
    d->state = IPC_IDLE;
    d->endpoint = NOBODY;
    d->server = NOBODY;
}

void model_new(struct model *m, struct world *w)
{
    memset(m, 0, sizeof(*m));
    m->w = w;
    for (int i = 0; i < ALL; i++) {
        rest(&m->domain[i]);
        m->domain[i].owes = NOBODY;
    }
}

/* Who has been queued there longest, or NOBODY. */
static int first(const struct model *m, int endpoint, enum ipc_state state)
{
    int found = NOBODY;

    for (int i = 0; i < ALL; i++) {
        const struct model_domain *d = &m->domain[i];
        if (d->state == state && d->endpoint == endpoint &&
            (found == NOBODY || d->since < m->domain[found].since)) {
            found = i;
        }
    }
    return found;
}

static void queue(struct model *m, int domain, int endpoint,
                  enum ipc_state state)
{
    m->domain[domain].state = state;
    m->domain[domain].endpoint = endpoint;
    m->domain[domain].since = m->now++;
}

static void set(struct ipc_outcome *outcome, bool block, int wake)
{
    outcome->block = block;
    outcome->wake = wake == NOBODY ? IPC_NONE : (uint32_t)wake;
}

/* Are there servers, all known and here, and all of them in the set? */
static bool servers_all_in(const struct model *m, int endpoint,
                           const bool *stuck)
{
    bool any = false;

    for (int i = 0; i < ALL; i++) {
        enum model_serves serves = m->serves[endpoint][i];
        if (serves == HAS_LEFT || (serves == SERVES && !stuck[i])) {
            return false;
        }
        any = any || serves == SERVES;
    }
    return any && !m->many[endpoint];
}

/*
 * From the other end than the core does it: at first all that are blocked are
 * stuck, then those come free that wait for one that is not.
 */
static bool deadlock(const struct model *m, int caller, int endpoint)
{
    bool stuck[WORLD_PARTIES];
    bool again = true;

    for (int i = 0; i < ALL; i++) {
        enum ipc_state state = m->domain[i].state;
        stuck[i] = i == caller || state == IPC_CALLING || state == IPC_WAITING;
    }
    while (again) {
        again = false;
        for (int i = 0; i < ALL; i++) {
            const struct model_domain *d = &m->domain[i];
            if (!stuck[i] || i == caller) {
                continue;
            }
            if (d->state == IPC_WAITING
                    ? !stuck[d->server]
                    : !servers_all_in(m, d->endpoint, stuck)) {
                stuck[i] = false;
                again = true;
            }
        }
    }
    return servers_all_in(m, endpoint, stuck);
}

static void deliver(struct model *m, int caller, int server)
{
    m->domain[caller].state = IPC_WAITING;
    m->domain[caller].endpoint = NOBODY;
    m->domain[caller].server = server;
    m->domain[server].owes = caller;
    m->domain[server].seed = m->domain[caller].seed;
    m->domain[server].badge = m->domain[caller].badge;
    m->domain[server].result = STATUS_OK;
    m->domain[caller].seed = 0;
}

enum status model_call(struct model *m, int caller, int endpoint, uint64_t seed,
                       struct ipc_outcome *outcome)
{
    int server = first(m, endpoint, IPC_RECEIVING);

    if (server == NOBODY && deadlock(m, caller, endpoint)) {
        return STATUS_WOULD_DEADLOCK;
    }
    m->domain[caller].seed = seed;
    m->domain[caller].badge = badge_of(seed);
    if (server == NOBODY) {
        queue(m, caller, endpoint, IPC_CALLING);
    } else {
        rest(&m->domain[server]);
        deliver(m, caller, server);
    }
    set(outcome, true, server);
    return STATUS_OK;
}

static void serve(struct model *m, int server, int endpoint)
{
    uint32_t known = 0;

    m->serves[endpoint][server] = SERVES;
    for (int i = 0; i < ALL; i++) {
        known += m->serves[endpoint][i] != SERVES_NOT;
    }
    m->many[endpoint] = m->many[endpoint] || known > IPC_SERVERS;
}

enum status model_receive(struct model *m, int server, int endpoint,
                          struct ipc_outcome *outcome)
{
    int caller = first(m, endpoint, IPC_CALLING);

    if (m->domain[server].owes >= 0) {
        return STATUS_BUSY;
    }
    m->domain[server].owes = NOBODY;
    serve(m, server, endpoint);
    if (caller == NOBODY) {
        queue(m, server, endpoint, IPC_RECEIVING);
    } else {
        deliver(m, caller, server);
    }
    set(outcome, caller == NOBODY, NOBODY);
    return STATUS_OK;
}

enum status model_reply(struct model *m, int server, uint64_t seed,
                        struct ipc_outcome *outcome)
{
    int caller = m->domain[server].owes;

    if (caller == NOBODY) {
        return STATUS_NOT_FOUND;
    }
    m->domain[server].owes = NOBODY;
    if (caller == LEFT) {
        return STATUS_CLOSED;
    }
    rest(&m->domain[caller]);
    m->domain[caller].seed = seed;
    m->domain[caller].badge = 0;
    m->domain[caller].result = STATUS_OK;
    set(outcome, false, caller);
    return STATUS_OK;
}

void model_leave(struct model *m, int domain, struct ipc_outcome *outcome)
{
    struct model_domain *d = &m->domain[domain];
    int caller = d->owes >= 0 ? d->owes : NOBODY;

    if (d->state == IPC_WAITING) {
        m->domain[d->server].owes = LEFT;
    }
    if (caller != NOBODY) {
        rest(&m->domain[caller]);
        m->domain[caller].result = STATUS_CLOSED;
    }
    for (uint32_t e = 0; e < WORLD_ENDPOINTS; e++) {
        if (m->serves[e][domain] == SERVES) {
            m->serves[e][domain] = HAS_LEFT;
        }
    }
    rest(d);
    d->owes = NOBODY;
    d->seed = 0;
    d->badge = 0;
    d->result = STATUS_OK;
    set(outcome, false, caller);
}

void model_cancel(struct model *m, int domain, struct ipc_outcome *outcome)
{
    struct model_domain *d = &m->domain[domain];
    bool queued = d->state == IPC_CALLING || d->state == IPC_RECEIVING;

    if (queued) {
        rest(d);
        d->result = STATUS_CLOSED;
    }
    set(outcome, false, queued ? domain : NOBODY);
}

void model_close(struct model *m, int endpoint, struct ipc_outcome *outcome)
{
    int domain = first(m, endpoint, IPC_CALLING);

    if (domain == NOBODY) {
        domain = first(m, endpoint, IPC_RECEIVING);
    }
    if (domain != NOBODY) {
        rest(&m->domain[domain]);
        m->domain[domain].result = STATUS_CLOSED;
    }
    set(outcome, false, domain);
}

void model_renew(struct model *m, int endpoint)
{
    memset(m->serves[endpoint], 0, sizeof(m->serves[endpoint]));
    m->many[endpoint] = false;
}

void model_compare(const struct model *m)
{
    for (uint32_t i = 0; i < WORLD_PARTIES; i++) {
        const struct model_domain *d = &m->domain[i];
        const struct ipc_party *p = m->w->ipc.party[i];
        const struct ipc_endpoint *endpoint =
            d->endpoint == NOBODY ? NULL : &m->w->endpoint[d->endpoint];
        uint32_t owes = d->owes == NOBODY ? IPC_NONE
                        : d->owes == LEFT ? IPC_GONE
                                          : (uint32_t)d->owes;
        expect(p->state == (uint8_t)d->state);
        expect(p->endpoint == endpoint);
        expect(p->peer ==
               (d->server == NOBODY ? IPC_NONE : (uint32_t)d->server));
        expect(p->answering == owes);
        expect(p->result == (uint8_t)d->result);
        expect(d->seed == 0 || message_is(m->w, i, d->badge, d->seed));
    }
}
