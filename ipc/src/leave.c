/* SPDX-License-Identifier: Apache-2.0 */
/* The ends: a domain, an endpoint, or the right to wait there is gone. */
#include "internal.h"

void ipc_leave(struct ipc *ipc, uint32_t domain, struct ipc_outcome *outcome)
{
    const struct ipc_party *party = ipc__party(ipc, domain);
    uint32_t caller = party->answering;

    switch ((enum ipc_state)party->state) {
    case IPC_CALLING:
    case IPC_RECEIVING:
        ipc__unqueue(ipc, domain);
        break;
    case IPC_WAITING:
        if (GUARD_ACT(REPLY_CALLER)) {
            ipc__party(ipc, party->peer)->answering = IPC_GONE;
        }
        break;
    case IPC_IDLE:
        break;
    }
    if (caller < ipc->count) {
        ipc__finish(ipc, caller, STATUS_CLOSED);
    } else {
        caller = IPC_NONE;
    }
    ipc__renew(ipc, domain);
    *outcome = (struct ipc_outcome){.block = false, .wake = caller};
}

void ipc_cancel(struct ipc *ipc, uint32_t domain, enum status result,
                struct ipc_outcome *outcome)
{
    struct ipc_party *party = ipc__party(ipc, domain);
    bool queued = party->state == IPC_CALLING || party->state == IPC_RECEIVING;

    if (queued) {
        ipc__unqueue(ipc, domain);
        party->result = (uint8_t)result;
    }
    *outcome = (struct ipc_outcome){.block = false,
                                    .wake = queued ? domain : IPC_NONE};
}

void ipc_close(struct ipc *ipc, struct ipc_endpoint *endpoint,
               struct ipc_outcome *outcome)
{
    uint32_t domain = ipc__pop(ipc, endpoint, IPC_CALLING);

    if (domain == IPC_NONE) {
        domain = ipc__pop(ipc, endpoint, IPC_RECEIVING);
    }
    if (domain != IPC_NONE) {
        ipc->party[domain]->result = STATUS_CLOSED;
    }
    *outcome = (struct ipc_outcome){.block = false, .wake = domain};
}
