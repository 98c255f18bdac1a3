/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Core 2: crossings. Synchronous call and reply on endpoints, with up to six
 * words and a badge. Pure: it returns outcomes; the kernel's scheduler acts.
 *
 * A *party* is one domain's state in crossings, indexed by domain. A caller
 * waits in the endpoint's queue (first come, first served), then for the
 * reply. A server holds at most one unanswered call at a time.
 *
 * The *servers* of an endpoint are the domains that have received from it
 * since it was made. A domain *cannot go on* when it waits for the reply of one
 * that cannot go on, or is queued on an endpoint that has servers none of which
 * can go on. All others can, as far as this core knows. A call after which its
 * caller could not go on is refused, so that no domain ever gets there.
 *
 * Our own bugs end in core_assert_fail: "Needs" in a comment below is asserted,
 * rights excepted.
 */
#ifndef IPC_IPC_H
#define IPC_IPC_H

#include <abi/status.h>
#include <capabilities/cap.h>
#include <ipc/bounds.h>
#include <stdbool.h>
#include <stdint.h>

#define IPC_WORDS 6u
#define IPC_NONE 0xffffffffu
#define IPC_GONE 0xfffffffeu /* answering: the caller left meanwhile */
_Static_assert(IPC_PARTIES <= 64, "a set of parties fits endpoint->servers");

struct ipc_message {
    uint64_t badge; /* of the capability the caller used */
    uint64_t words[IPC_WORDS];
};

/* The core alone writes it; the object's refs are core 1's. */
struct ipc_endpoint {
    struct cap_object object;               /* type CAP_ENDPOINT */
    uint32_t first_caller, last_caller;     /* queue of parties, IPC_NONE */
    uint32_t first_receiver, last_receiver; /* waiting servers */
    uint64_t servers; /* bit per domain that has received from it */
};

enum ipc_state {
    IPC_IDLE,     /* not in a crossing */
    IPC_CALLING,  /* queued on `endpoint` */
    IPC_WAITING,  /* its call was received; waits for the reply of `peer` */
    IPC_RECEIVING /* queued as a server on `endpoint` */
};

/* The core alone writes it. */
struct ipc_party {
    uint8_t state; /* enum ipc_state */
    uint32_t next; /* CALLING, RECEIVING: queue link, or IPC_NONE */
    struct ipc_endpoint *endpoint; /* CALLING, RECEIVING: where, else null */
    uint32_t peer;                 /* WAITING: the server, else IPC_NONE */
    uint32_t answering;         /* caller owed a reply, IPC_NONE or IPC_GONE */
    struct ipc_message message; /* in flight: to be received, or received */
    uint8_t result; /* enum status to complete the blocked call with */
};

struct ipc {
    struct ipc_party party[IPC_PARTIES];
};

/*
 * What the kernel must do next. `block`: the acting domain blocks. `wake`: that
 * domain's blocked call completes now with its party's `result` (and, when OK,
 * its `message`). Both may be set.
 */
struct ipc_outcome {
    bool block;
    uint32_t wake; /* domain, or IPC_NONE */
};

/* Over zeroed or any memory. Cost: IPC_PARTIES. */
void ipc_init(struct ipc *ipc);
/* One party idle again (a domain is about to start). */
void ipc_party_init(struct ipc *ipc, uint32_t domain);
void ipc_endpoint_init(struct ipc_endpoint *endpoint);

/*
 * `caller` calls through a capability to `endpoint`, whose count is the badge.
 * When a server waits, it wakes with the message and owes the caller a reply;
 * else the caller is queued. Blocks always, unless an error is returned.
 * Needs: CAP_ENDPOINT with CAP_WRITE (checked by the kernel with
 * cap_look_up_for); caller idle; IPC_WORDS words.
 * Returns WOULD_DEADLOCK (no server waits, the endpoint has servers, and none
 * of them could go on once the caller is blocked: it is the only one itself,
 * say, or they all wait for its reply); OK. On an error nothing has changed.
 * Cost: constant when a server waits or a server is not blocked; else at most
 * IPC_PARTIES rounds over IPC_PARTIES parties.
 */
MUST_CHECK enum status ipc_call(struct ipc *ipc, uint32_t caller,
                                struct ipc_endpoint *endpoint, uint64_t badge,
                                const uint64_t *words,
                                struct ipc_outcome *outcome);

/*
 * `server` receives the next call. When one is queued: no block, its message
 * is in party[server].message and the caller becomes WAITING. Else it blocks.
 * Either way the server counts among the endpoint's servers from now on.
 * Needs: CAP_ENDPOINT with CAP_USE; server idle.
 * Returns BUSY (it still owes a reply; one owed to a caller that has left does
 * not count); OK. On an error nothing has changed. Cost: constant.
 */
MUST_CHECK enum status ipc_receive(struct ipc *ipc, uint32_t server,
                                   struct ipc_endpoint *endpoint,
                                   struct ipc_outcome *outcome);

/*
 * `server` answers the call it received last; the caller wakes with the words
 * and badge 0. Never blocks.
 * Needs: server idle; IPC_WORDS words.
 * Returns NOT_FOUND (owes nobody a reply; nothing changed); CLOSED (the caller
 * left meanwhile; nothing is owed any more, no outcome); OK. Cost: constant.
 */
MUST_CHECK enum status ipc_reply(struct ipc *ipc, uint32_t server,
                                 const uint64_t *words,
                                 struct ipc_outcome *outcome);

/*
 * `domain` is gone: takes it out of its queue and makes its party idle. A
 * server that owes it a reply is told so when it replies. A caller that waits
 * for its reply wakes with CLOSED, one per call: call until outcome->wake is
 * IPC_NONE. Callers that are queued stay: others may serve them, or the domain
 * when it is started again. Cost: IPC_PARTIES.
 */
void ipc_leave(struct ipc *ipc, uint32_t domain, struct ipc_outcome *outcome);

/*
 * `domain` may not wait where it is queued any more: it is taken out of its
 * queue and wakes with `result`. Nobody is woken when it is not queued: idle,
 * or a caller whose call has been received and can still be answered.
 * Cost: IPC_PARTIES.
 */
void ipc_cancel(struct ipc *ipc, uint32_t domain, enum status result,
                struct ipc_outcome *outcome);

/*
 * The endpoint is gone (last capability deleted): one waiting domain wakes
 * with CLOSED per call; call until outcome->wake is IPC_NONE. A call that was
 * received already can still be answered. Cost: constant.
 */
void ipc_close(struct ipc *ipc, struct ipc_endpoint *endpoint,
               struct ipc_outcome *outcome);

/*
 * Invariant checker for tests, the explorer and debug builds: J1..Jn of the
 * room's README over the parties and the given endpoints, which must be all
 * that a party can refer to. Returns null, or the name of the first invariant
 * that does not hold ("J3 queue").
 */
const char *ipc_check(const struct ipc *ipc,
                      struct ipc_endpoint *const *endpoints, uint32_t count);

#endif
