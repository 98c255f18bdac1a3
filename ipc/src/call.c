/* SPDX-License-Identifier: Apache-2.0 */
/* Call, receive, reply. */
#include "internal.h"

static void ipc__write(struct ipc_message *message, uint64_t badge,
                       const uint64_t *words)
{
    message->badge = badge;
    for (uint32_t i = 0; i < IPC_WORDS; i++) {
        message->words[i] = words[i];
    }
}

/* The server has the caller's message now, and owes it a reply. */
static void ipc__hand_over(struct ipc *ipc, uint32_t caller, uint32_t server)
{
    ipc->party[server]->answering = caller;
    ipc->party[server]->result = STATUS_OK;
    ipc->party[caller]->state = IPC_WAITING;
    ipc->party[caller]->peer = server;
}

enum status ipc_call(struct ipc *ipc, uint32_t caller,
                     struct ipc_endpoint *endpoint, uint64_t badge,
                     const uint64_t *words, struct ipc_outcome *outcome)
{
    struct ipc_party *party = ipc__idle(ipc, caller);

    if (endpoint->first_receiver == IPC_NONE &&
        ipc__would_deadlock(ipc, caller, endpoint)) {
        return STATUS_WOULD_DEADLOCK;
    }

    /* point of no return */
    uint32_t server = ipc__pop(ipc, endpoint, IPC_RECEIVING);
    if (server == IPC_NONE) {
        ipc__write(&party->message, badge, words);
        ipc__append(ipc, endpoint, IPC_CALLING, caller);
    } else {
        ipc__write(&ipc->party[server]->message, badge, words);
        ipc__hand_over(ipc, caller, server);
    }
    *outcome = (struct ipc_outcome){.block = true, .wake = server};
    return STATUS_OK;
}

enum status ipc_receive(struct ipc *ipc, uint32_t server,
                        struct ipc_endpoint *endpoint,
                        struct ipc_outcome *outcome)
{
    struct ipc_party *party = ipc__idle(ipc, server);

    if (party->answering < ipc->count) {
        return STATUS_BUSY;
    }

    /* point of no return */
    uint32_t caller = ipc__pop(ipc, endpoint, IPC_CALLING);
    ipc__serves(ipc, endpoint, server);
    party->answering = IPC_NONE;
    if (caller == IPC_NONE) {
        ipc__append(ipc, endpoint, IPC_RECEIVING, server);
    } else {
        party->message = ipc->party[caller]->message;
        ipc__hand_over(ipc, caller, server);
    }
    *outcome = (struct ipc_outcome){
        .block = caller == IPC_NONE,
        .wake = IPC_NONE,
    };
    return STATUS_OK;
}

enum status ipc_reply(struct ipc *ipc, uint32_t server, const uint64_t *words,
                      struct ipc_outcome *outcome)
{
    struct ipc_party *party = ipc__idle(ipc, server);
    uint32_t caller = party->answering;

    if (!GUARD(REPLY_OWED, caller != IPC_NONE)) {
        return STATUS_NOT_FOUND;
    }

    /* point of no return */
    party->answering = IPC_NONE;
    if (caller == IPC_GONE) {
        return STATUS_CLOSED;
    }
    ipc__write(&ipc__party(ipc, caller)->message, 0, words);
    ipc__finish(ipc, caller, STATUS_OK);
    *outcome = (struct ipc_outcome){.block = false, .wake = caller};
    return STATUS_OK;
}
