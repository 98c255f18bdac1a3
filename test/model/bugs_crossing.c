/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes in crossings. */
#include "bugs.h"

/* The reply goes to whoever waits first, not to whom it is owed. */
static enum status reply_to_first(struct ipc *ipc, uint32_t server,
                                  const uint64_t *words,
                                  struct ipc_outcome *outcome)
{
    uint32_t first = 0;

    while (first < DOMAINS && ipc->party[first]->state != IPC_WAITING) {
        first++;
    }
    if (ipc->party[server]->answering < DOMAINS && first < DOMAINS) {
        ipc->party[server]->answering = first;
    }
    return ipc_reply(ipc, server, words, outcome);
}

/* The caller that came last is served first. */
static enum status receive_last(struct ipc *ipc, uint32_t server,
                                struct ipc_endpoint *endpoint,
                                struct ipc_outcome *outcome)
{
    uint32_t first = endpoint->first_caller, last = endpoint->last_caller;

    if (first != last && ipc->party[first]->next == last) {
        endpoint->first_caller = last;
        endpoint->last_caller = first;
        ipc->party[last]->next = first;
        ipc->party[last]->previous = IPC_NONE;
        ipc->party[first]->next = IPC_NONE;
        ipc->party[first]->previous = last;
    }
    return ipc_receive(ipc, server, endpoint, outcome);
}

/* Only a call to oneself is refused. */
static enum status call_self_only(struct ipc *ipc, uint32_t caller,
                                  struct ipc_endpoint *endpoint, uint64_t badge,
                                  const uint64_t *words,
                                  struct ipc_outcome *outcome)
{
    uint32_t count = endpoint->server_count;
    enum status status;

    if (count == 1 && endpoint->servers[0].domain == caller) {
        return ipc_call(ipc, caller, endpoint, badge, words, outcome);
    }
    endpoint->server_count = 0;
    status = ipc_call(ipc, caller, endpoint, badge, words, outcome);
    endpoint->server_count = count;
    return status;
}

/* A server's death does not reach the caller that waits for its reply. */
static void leave_silent(struct ipc *ipc, uint32_t domain,
                         struct ipc_outcome *outcome)
{
    ipc->party[domain]->answering = IPC_NONE;
    ipc_leave(ipc, domain, outcome);
}

/* A caller's death does not reach the server: the next domain in its place
 * gets the reply. */
static void leave_debt(struct ipc *ipc, uint32_t domain,
                       struct ipc_outcome *outcome)
{
    uint32_t server = ipc->party[domain]->peer;

    ipc_leave(ipc, domain, outcome);
    if (server < DOMAINS) {
        ipc->party[server]->answering = domain;
    }
}

/* A server that owes a reply may receive again; the first caller is lost. */
static enum status receive_twice(struct ipc *ipc, uint32_t server,
                                 struct ipc_endpoint *endpoint,
                                 struct ipc_outcome *outcome)
{
    ipc->party[server]->answering = IPC_NONE;
    return ipc_receive(ipc, server, endpoint, outcome);
}

/* The last receiver of a queue is forgotten when it leaves. */
static void leave_dangling(struct ipc *ipc, uint32_t domain,
                           struct ipc_outcome *outcome)
{
    struct ipc_endpoint *endpoint = ipc->party[domain]->endpoint;

    ipc_leave(ipc, domain, outcome);
    if (endpoint != NULL && endpoint->last_caller == IPC_NONE &&
        endpoint->last_receiver == IPC_NONE) {
        endpoint->last_receiver = domain;
    }
}

/* Who may not wait any more loses a call that a server has received, too; the
 * server still owes the reply. */
static void cancel_received(struct ipc *ipc, uint32_t domain,
                            enum status result, struct ipc_outcome *outcome)
{
    struct ipc_party *party = ipc->party[domain];

    if (party->state == IPC_WAITING) {
        party->state = IPC_IDLE;
        party->peer = IPC_NONE;
        party->result = (uint8_t)result;
        *outcome = (struct ipc_outcome){.block = false, .wake = domain};
        return;
    }
    ipc_cancel(ipc, domain, result, outcome);
}

/* A queue keeps who may not wait there any more. */
static void cancel_queued(struct ipc *ipc, uint32_t domain, enum status result,
                          struct ipc_outcome *outcome)
{
    (void)ipc;
    (void)domain;
    (void)result;
    *outcome = (struct ipc_outcome){.block = false, .wake = IPC_NONE};
}

/* A new domain is taken for the server that had its number. */
static void leave_life(struct ipc *ipc, uint32_t domain,
                       struct ipc_outcome *outcome)
{
    uint32_t life = ipc->party[domain]->life;

    ipc_leave(ipc, domain, outcome);
    ipc->party[domain]->life = life;
}

/* Who comes after one that has left still names it. */
static void cancel_behind(struct ipc *ipc, uint32_t domain, enum status result,
                          struct ipc_outcome *outcome)
{
    uint32_t next = ipc->party[domain]->next;

    ipc_cancel(ipc, domain, result, outcome);
    if (next != IPC_NONE) {
        ipc->party[next]->previous = domain;
    }
}

/* With too many servers to know, only those that are known count. */
static enum status receive_forgets(struct ipc *ipc, uint32_t server,
                                   struct ipc_endpoint *endpoint,
                                   struct ipc_outcome *outcome)
{
    enum status status = ipc_receive(ipc, server, endpoint, outcome);

    if (endpoint->server_count > IPC_SERVERS) {
        endpoint->server_count = IPC_SERVERS;
    }
    return status;
}

const struct bug bugs_crossing[] = {
    {"leave-life",
     "a new domain is taken for a server that has left",
     "crossings",
     {.leave = leave_life},
     "M19 crossing",
     2},
    {"cancel-behind",
     "the next in a queue still names who has left it",
     "crossings",
     {.cancel = cancel_behind},
     "M2 ipc",
     3},
    {"receive-forgets",
     "the server that is one too many is forgotten",
     "crossings",
     {.receive = receive_forgets},
     "M19 crossing",
     4},
    {"cancel-received",
     "a call that was received ends with its queue",
     "crossings",
     {.cancel = cancel_received},
     "M19 crossing",
     3},
    {"cancel-queued",
     "who may not wait any more stays queued",
     "crossings",
     {.cancel = cancel_queued},
     "M19 crossing",
     2},
    {"reply-to-first",
     "the reply wakes another caller",
     "crossings",
     {.reply = reply_to_first},
     "M19 crossing",
     5},
    {"receive-last",
     "the caller that came last is served first",
     "crossings",
     {.receive = receive_last},
     "M19 crossing",
     3},
    {"receive-twice",
     "a server receives while it owes a reply",
     "crossings",
     {.receive = receive_twice},
     "M12 verdict",
     3},
    {"call-cycle",
     "a cycle of calls is not refused",
     "crossings",
     {.call = call_self_only},
     "M12 verdict",
     5},
    {"leave-silent",
     "a server's death does not wake its caller",
     "crossings",
     {.leave = leave_silent},
     "M19 crossing",
     3},
    {"leave-debt",
     "a caller's death leaves it owed a reply",
     "crossings",
     {.leave = leave_debt},
     "M19 crossing",
     3},
    {"leave-dangling",
     "the queue's end still names who has left",
     "crossings",
     {.leave = leave_dangling},
     "M2 ipc",
     2},
};
const uint32_t bugs_crossing_count =
    sizeof bugs_crossing / sizeof bugs_crossing[0];
