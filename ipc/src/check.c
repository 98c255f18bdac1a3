/* SPDX-License-Identifier: Apache-2.0 */
/* The invariant checker. Nothing here trusts an index before J1 judged it. */
#include "internal.h"

struct ipc__world {
    struct ipc *ipc;
    struct ipc_endpoint *const *endpoints;
    uint32_t count;
};

static bool ipc__domain(const struct ipc *ipc, uint32_t domain)
{
    return domain < ipc->count && ipc->party[domain] != NULL;
}

static bool ipc__index(const struct ipc__world *world, uint32_t domain)
{
    return domain == IPC_NONE || ipc__domain(world->ipc, domain);
}

static bool ipc__known(const struct ipc__world *world,
                       const struct ipc_endpoint *endpoint)
{
    uint32_t i = 0;

    while (i < world->count && world->endpoints[i] != endpoint) {
        i++;
    }
    return i < world->count;
}

/* J1 party: fields that have a meaning in the state are set, others empty. */
static bool ipc__party_good(const struct ipc__world *world,
                            const struct ipc_party *party)
{
    bool queued = party->state == IPC_CALLING || party->state == IPC_RECEIVING;

    if (party->state > IPC_RECEIVING || party->result >= STATUS_COUNT ||
        party->reached || party->life == 0 || party->life > world->ipc->lives) {
        return false;
    }
    if (queued ? !ipc__index(world, party->next) ||
                     !ipc__index(world, party->previous) ||
                     !ipc__known(world, party->endpoint)
               : party->next != IPC_NONE || party->previous != IPC_NONE ||
                     party->endpoint != NULL) {
        return false;
    }
    if (party->state == IPC_WAITING ? !ipc__domain(world->ipc, party->peer)
                                    : party->peer != IPC_NONE) {
        return false;
    }
    return party->answering == IPC_GONE || ipc__index(world, party->answering);
}

static bool ipc__check_party(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < world->ipc->count; i++) {
        const struct ipc_party *party = world->ipc->party[i];
        if (party != NULL && !ipc__party_good(world, party)) {
            return false;
        }
    }
    return true;
}

/* The servers that an endpoint knows are numbers of domains, each once. */
static bool ipc__servers_good(const struct ipc *ipc,
                              const struct ipc_endpoint *endpoint)
{
    uint32_t count = endpoint->server_count;

    if (count > IPC_SERVERS) {
        return count == IPC_SERVERS + 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (endpoint->servers[i].domain >= ipc->count) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (endpoint->servers[j].domain == endpoint->servers[i].domain) {
                return false;
            }
        }
    }
    return true;
}

/* J2 endpoint: its indices are domains; no caller waits while a server does,
 * and no word while somebody waits for it. */
static bool ipc__check_endpoint(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < world->count; i++) {
        const struct ipc_endpoint *endpoint = world->endpoints[i];
        bool notifies = endpoint->object.type == CAP_NOTIFICATION;
        if ((endpoint->object.type != CAP_ENDPOINT && !notifies) ||
            !ipc__index(world, endpoint->first_caller) ||
            !ipc__index(world, endpoint->last_caller) ||
            !ipc__index(world, endpoint->first_receiver) ||
            !ipc__index(world, endpoint->last_receiver) ||
            !ipc__servers_good(world->ipc, endpoint)) {
            return false;
        }
        if (notifies ? endpoint->first_caller != IPC_NONE ||
                           endpoint->server_count != 0
                     : endpoint->word != 0) {
            return false;
        }
        if ((endpoint->first_caller != IPC_NONE || endpoint->word != 0) &&
            endpoint->first_receiver != IPC_NONE) {
            return false;
        }
    }
    return true;
}

/* Length of a good queue; IPC_NONE when it is none. */
static uint32_t ipc__queue_length(const struct ipc *ipc,
                                  const struct ipc_endpoint *endpoint,
                                  enum ipc_state state)
{
    bool callers = state == IPC_CALLING;
    uint32_t at = callers ? endpoint->first_caller : endpoint->first_receiver;
    uint32_t last = IPC_NONE;
    uint32_t length = 0;

    for (; at != IPC_NONE && length <= ipc->count; length++) {
        const struct ipc_party *party = ipc->party[at];
        if (party->state != state || party->endpoint != endpoint ||
            party->previous != last) {
            return IPC_NONE;
        }
        last = at;
        at = party->next;
    }
    if (at != IPC_NONE ||
        last != (callers ? endpoint->last_caller : endpoint->last_receiver)) {
        return IPC_NONE;
    }
    return length;
}

/* J3 queue: a queued domain stands once in its endpoint's queue, ends right. */
static bool ipc__check_queue(const struct ipc__world *world)
{
    uint32_t queued = 0;

    for (uint32_t i = 0; i < world->count; i++) {
        uint32_t callers =
            ipc__queue_length(world->ipc, world->endpoints[i], IPC_CALLING);
        uint32_t receivers =
            ipc__queue_length(world->ipc, world->endpoints[i], IPC_RECEIVING);
        if (callers == IPC_NONE || receivers == IPC_NONE) {
            return false;
        }
        queued += callers + receivers;
    }
    for (uint32_t i = 0; i < world->ipc->count; i++) {
        const struct ipc_party *party = world->ipc->party[i];
        queued -= party != NULL && (party->state == IPC_CALLING ||
                                    party->state == IPC_RECEIVING);
    }
    return queued == 0;
}

/* J4 pair: who waits for a reply is owed it by its peer, and by nobody else. */
static bool ipc__pair_good(const struct ipc *ipc, uint32_t domain)
{
    const struct ipc_party *party = ipc->party[domain];

    if (party->state == IPC_WAITING &&
        ipc->party[party->peer]->answering != domain) {
        return false;
    }
    if (party->answering >= ipc->count) {
        return true;
    }
    const struct ipc_party *caller = ipc->party[party->answering];
    return caller->state == IPC_WAITING && caller->peer == domain;
}

/* J5 server: who receives from an endpoint is a server of it and owes no reply.
 */
static bool ipc__server_good(const struct ipc *ipc, uint32_t domain)
{
    const struct ipc_party *party = ipc->party[domain];

    return party->state != IPC_RECEIVING ||
           party->endpoint->object.type == CAP_NOTIFICATION ||
           (party->answering == IPC_NONE &&
            ipc__is_server(ipc, party->endpoint, domain));
}

static bool ipc__check_pair(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < world->ipc->count; i++) {
        if (world->ipc->party[i] != NULL && !ipc__pair_good(world->ipc, i)) {
            return false;
        }
    }
    return true;
}

static bool ipc__check_server(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < world->ipc->count; i++) {
        if (world->ipc->party[i] != NULL && !ipc__server_good(world->ipc, i)) {
            return false;
        }
    }
    return true;
}

/* J6 progress: every domain can go on, as far as a search reaches. */
static bool ipc__check_progress(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < world->ipc->count; i++) {
        if (world->ipc->party[i] != NULL && ipc__stuck(world->ipc, i)) {
            return false;
        }
    }
    return true;
}

const char *ipc_check(struct ipc *ipc, struct ipc_endpoint *const *endpoints,
                      uint32_t count)
{
    static const struct {
        const char *name;
        bool (*holds)(const struct ipc__world *world);
    } invariants[] = {
        {"J1 party", ipc__check_party},   {"J2 endpoint", ipc__check_endpoint},
        {"J3 queue", ipc__check_queue},   {"J4 pair", ipc__check_pair},
        {"J5 server", ipc__check_server}, {"J6 progress", ipc__check_progress},
    };
    const struct ipc__world world = {ipc, endpoints, count};

    for (uint32_t i = 0; i < sizeof(invariants) / sizeof(invariants[0]); i++) {
        if (!invariants[i].holds(&world)) {
            return invariants[i].name;
        }
    }
    return NULL;
}
