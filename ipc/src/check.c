/* SPDX-License-Identifier: Apache-2.0 */
/* The invariant checker. Nothing here trusts an index before J1 judged it. */
#include "internal.h"

struct ipc__world {
    const struct ipc *ipc;
    struct ipc_endpoint *const *endpoints;
    uint32_t count;
};

static bool ipc__index(uint32_t domain)
{
    return domain < IPC_PARTIES || domain == IPC_NONE;
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
static bool ipc__check_party(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < IPC_PARTIES; i++) {
        const struct ipc_party *party = &world->ipc->party[i];
        bool queued =
            party->state == IPC_CALLING || party->state == IPC_RECEIVING;
        if (party->state > IPC_RECEIVING || party->result >= STATUS_COUNT ||
            !ipc__index(party->next) || (!queued && party->next != IPC_NONE)) {
            return false;
        }
        if (queued ? !ipc__known(world, party->endpoint)
                   : party->endpoint != NULL) {
            return false;
        }
        if (party->state == IPC_WAITING ? party->peer >= IPC_PARTIES
                                        : party->peer != IPC_NONE) {
            return false;
        }
        if (party->answering != IPC_GONE && !ipc__index(party->answering)) {
            return false;
        }
    }
    return true;
}

/* J2 endpoint: its indices are domains; no caller waits while a server does. */
static bool ipc__check_endpoint(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < world->count; i++) {
        const struct ipc_endpoint *endpoint = world->endpoints[i];
        if (endpoint->object.type != CAP_ENDPOINT ||
            !ipc__index(endpoint->first_caller) ||
            !ipc__index(endpoint->last_caller) ||
            !ipc__index(endpoint->first_receiver) ||
            !ipc__index(endpoint->last_receiver)) {
            return false;
        }
        if (endpoint->first_caller != IPC_NONE &&
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

    for (; at != IPC_NONE && length <= IPC_PARTIES; length++) {
        if (ipc->party[at].state != state ||
            ipc->party[at].endpoint != endpoint) {
            return IPC_NONE;
        }
        last = at;
        at = ipc->party[at].next;
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
    for (uint32_t i = 0; i < IPC_PARTIES; i++) {
        uint8_t state = world->ipc->party[i].state;
        queued -= state == IPC_CALLING || state == IPC_RECEIVING;
    }
    return queued == 0;
}

/* J4 pair: who waits for a reply is owed it by its peer, and by nobody else. */
static bool ipc__check_pair(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < IPC_PARTIES; i++) {
        const struct ipc_party *party = &world->ipc->party[i];
        if (party->state == IPC_WAITING &&
            world->ipc->party[party->peer].answering != i) {
            return false;
        }
        if (party->answering >= IPC_PARTIES) {
            continue;
        }
        const struct ipc_party *caller = &world->ipc->party[party->answering];
        if (caller->state != IPC_WAITING || caller->peer != i) {
            return false;
        }
    }
    return true;
}

/* J5 server: who receives is a server of the endpoint and owes no reply. */
static bool ipc__check_server(const struct ipc__world *world)
{
    for (uint32_t i = 0; i < IPC_PARTIES; i++) {
        const struct ipc_party *party = &world->ipc->party[i];
        if (party->state == IPC_RECEIVING &&
            (party->answering != IPC_NONE ||
             (party->endpoint->servers & (UINT64_C(1) << i)) == 0)) {
            return false;
        }
    }
    return true;
}

/* J6 progress: every domain can go on. */
static bool ipc__check_progress(const struct ipc__world *world)
{
    return ipc__can_go_on(world->ipc, IPC_NONE) ==
           ~UINT64_C(0) >> (64 - IPC_PARTIES);
}
_Static_assert(IPC_PARTIES > 0 && IPC_PARTIES <= 64, "a set has 64 bits");

const char *ipc_check(const struct ipc *ipc,
                      struct ipc_endpoint *const *endpoints, uint32_t count)
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
