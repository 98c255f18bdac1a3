/* SPDX-License-Identifier: Apache-2.0 */
/* Who can still go on: the rule of ipc.h as a closure over the parties. */
#include "internal.h"

static uint64_t ipc__bit(uint32_t domain)
{
    return UINT64_C(1) << domain;
}

/* Can it go on, given a set of those that can? */
static bool ipc__freed_by(const struct ipc_party *party, uint64_t free)
{
    switch ((enum ipc_state)party->state) {
    case IPC_WAITING:
        return (free & ipc__bit(party->peer)) != 0;
    case IPC_CALLING:
        return party->endpoint->servers == 0 ||
               (free & party->endpoint->servers) != 0;
    case IPC_IDLE:
    case IPC_RECEIVING:
        break;
    }
    return true;
}

uint64_t ipc__can_go_on(const struct ipc *ipc, uint32_t blocked)
{
    uint64_t free = 0;
    uint64_t before;

    /* The set only grows, so there are at most IPC_PARTIES rounds. */
    do {
        before = free;
        for (uint32_t domain = 0; domain < IPC_PARTIES; domain++) {
            if (domain != blocked && ipc__freed_by(&ipc->party[domain], free)) {
                free |= ipc__bit(domain);
            }
        }
    } while (free != before);
    return free;
}

/* Does a server other than the caller run, or wait for calls elsewhere? */
static bool ipc__server_free(const struct ipc *ipc, uint64_t servers,
                             uint32_t caller)
{
    for (servers &= ~ipc__bit(caller); servers != 0; servers &= servers - 1) {
        uint32_t domain = (uint32_t)__builtin_ctzll(servers);
        uint8_t state = ipc->party[domain].state;
        if (state == IPC_IDLE || state == IPC_RECEIVING) {
            return true;
        }
    }
    return false;
}

bool ipc__would_deadlock(const struct ipc *ipc, uint32_t caller,
                         const struct ipc_endpoint *endpoint)
{
    if (endpoint->servers == 0 ||
        ipc__server_free(ipc, endpoint->servers, caller)) {
        return false;
    }
    return (ipc__can_go_on(ipc, caller) & endpoint->servers) == 0;
}
