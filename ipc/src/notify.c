/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications: one word, and who waits for it. */
#include "internal.h"

static void ipc__take(struct ipc_party *party,
                      struct ipc_endpoint *notification)
{
    party->message = (struct ipc_message){.words = {notification->word}};
    party->result = STATUS_OK;
    notification->word = 0;
}

void ipc_signal(struct ipc *ipc, struct ipc_endpoint *notification,
                uint64_t bits, struct ipc_outcome *outcome)
{
    uint32_t woken = IPC_NONE;

    notification->word |= bits;
    if (notification->word != 0) {
        woken = ipc__pop(ipc, notification, IPC_RECEIVING);
    }
    if (woken != IPC_NONE) {
        ipc__take(ipc__party(ipc, woken), notification);
    }
    *outcome = (struct ipc_outcome){.block = false, .wake = woken};
}

void ipc_await(struct ipc *ipc, uint32_t domain,
               struct ipc_endpoint *notification, bool poll,
               struct ipc_outcome *outcome)
{
    struct ipc_party *party = ipc__idle(ipc, domain);
    bool block = notification->word == 0 && !poll;

    if (block) {
        ipc__append(ipc, notification, IPC_RECEIVING, domain);
    } else {
        ipc__take(party, notification);
    }
    *outcome = (struct ipc_outcome){.block = block, .wake = IPC_NONE};
}
