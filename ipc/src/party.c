/* SPDX-License-Identifier: Apache-2.0 */
/* Parties and the two queues of an endpoint. */
#include "internal.h"

static void ipc__begin(struct ipc *ipc, struct ipc_party *party)
{
    *party = (struct ipc_party){
        .state = IPC_IDLE,
        .life = ++ipc->lives,
        .next = IPC_NONE,
        .previous = IPC_NONE,
        .peer = IPC_NONE,
        .answering = IPC_NONE,
    };
}

void ipc_init(struct ipc *ipc, struct ipc_party **parties, uint32_t count)
{
    core_assert(count <= IPC_PARTIES);
    *ipc = (struct ipc){.party = parties, .count = count};
}

void ipc_join(struct ipc *ipc, uint32_t domain, struct ipc_party *party)
{
    core_assert(domain < ipc->count && ipc->party[domain] == NULL);
    ipc->party[domain] = party;
    ipc__begin(ipc, party);
}

void ipc_forget(struct ipc *ipc, uint32_t domain)
{
    core_assert(ipc__idle(ipc, domain)->answering >= ipc->count);
    ipc->party[domain] = NULL;
}

void ipc__renew(struct ipc *ipc, uint32_t domain)
{
    ipc__begin(ipc, ipc__party(ipc, domain));
}

void ipc_endpoint_init(struct ipc_endpoint *endpoint)
{
    *endpoint = (struct ipc_endpoint){
        .object = {.type = CAP_ENDPOINT},
        .first_caller = IPC_NONE,
        .last_caller = IPC_NONE,
        .first_receiver = IPC_NONE,
        .last_receiver = IPC_NONE,
    };
}

void ipc_notification_init(struct ipc_endpoint *notification)
{
    ipc_endpoint_init(notification);
    notification->object.type = CAP_NOTIFICATION;
}

struct ipc_party *ipc__party(struct ipc *ipc, uint32_t domain)
{
    core_assert(domain < ipc->count && ipc->party[domain] != NULL);
    return ipc->party[domain];
}

struct ipc_party *ipc__idle(struct ipc *ipc, uint32_t domain)
{
    struct ipc_party *party = ipc__party(ipc, domain);

    core_assert(party->state == IPC_IDLE);
    return party;
}

void ipc__finish(struct ipc *ipc, uint32_t caller, enum status result)
{
    struct ipc_party *party = ipc__party(ipc, caller);

    core_assert(party->state == IPC_WAITING);
    party->state = IPC_IDLE;
    party->peer = IPC_NONE;
    party->result = (uint8_t)result;
}

static uint32_t *ipc__first(struct ipc_endpoint *endpoint, enum ipc_state state)
{
    return state == IPC_CALLING ? &endpoint->first_caller
                                : &endpoint->first_receiver;
}

static uint32_t *ipc__last(struct ipc_endpoint *endpoint, enum ipc_state state)
{
    return state == IPC_CALLING ? &endpoint->last_caller
                                : &endpoint->last_receiver;
}

void ipc__append(struct ipc *ipc, struct ipc_endpoint *endpoint,
                 enum ipc_state state, uint32_t domain)
{
    struct ipc_party *party = ipc__idle(ipc, domain);
    uint32_t *last = ipc__last(endpoint, state);

    party->state = (uint8_t)state;
    party->endpoint = endpoint;
    party->previous = *last;
    if (*last == IPC_NONE) {
        *ipc__first(endpoint, state) = domain;
    } else {
        ipc__party(ipc, *last)->next = domain;
    }
    *last = domain;
}

uint32_t ipc__pop(struct ipc *ipc, struct ipc_endpoint *endpoint,
                  enum ipc_state state)
{
    uint32_t domain = *ipc__first(endpoint, state);

    if (domain != IPC_NONE) {
        ipc__unqueue(ipc, domain);
    }
    return domain;
}

void ipc__unqueue(struct ipc *ipc, uint32_t domain)
{
    struct ipc_party *party = ipc__party(ipc, domain);
    enum ipc_state state = (enum ipc_state)party->state;

    if (party->previous == IPC_NONE) {
        *ipc__first(party->endpoint, state) = party->next;
    } else {
        ipc__party(ipc, party->previous)->next = party->next;
    }
    if (party->next == IPC_NONE) {
        *ipc__last(party->endpoint, state) = party->previous;
    } else {
        ipc__party(ipc, party->next)->previous = party->previous;
    }
    party->state = IPC_IDLE;
    party->endpoint = NULL;
    party->next = IPC_NONE;
    party->previous = IPC_NONE;
}
