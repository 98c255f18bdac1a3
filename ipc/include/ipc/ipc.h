/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Core 2: crossings. Synchronous call and reply on endpoints, with up to six
 * words and a badge; notifications of one word. Pure: it returns outcomes; the
 * kernel's scheduler acts.
 *
 * A *party* is one domain's state in crossings; whoever uses this core keeps
 * it, and gives an array of pointers to all, indexed by domain. A caller waits
 * in the endpoint's queue (first come, first served), then for the reply. A
 * server holds at most one unanswered call at a time.
 *
 * The *servers* of an endpoint are the domains that have received from it
 * since it was made; it knows them by number while they are few. A domain
 * *cannot go on* when it waits for the reply of one that cannot go on, or is
 * queued on an endpoint whose servers are all known, still the same domains,
 * and none of them can go on. All others can, as far as this core knows. A call
 * after which its caller could not go on is refused, so that no domain ever
 * gets there (but by a way that is longer than the search).
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

struct ipc_message {
    uint64_t badge; /* of the capability the caller used */
    uint64_t words[IPC_WORDS];
};

/* Who has received from an endpoint. Another domain may have its number now:
 * that one has another life. */
struct ipc_server {
    uint32_t domain, life;
};

/*
 * An endpoint, or a notification: that has no callers and no servers, and its
 * receivers wait for a word. The core alone writes it; the object's counts are
 * core 1's.
 */
struct ipc_endpoint {
    struct cap_object object;           /* CAP_ENDPOINT or CAP_NOTIFICATION */
    uint32_t first_caller, last_caller; /* queue of parties, IPC_NONE */
    uint32_t first_receiver, last_receiver; /* waiting servers */
    uint64_t word;         /* notification: what was signalled, not yet taken */
    uint32_t server_count; /* beyond IPC_SERVERS: too many to know */
    struct ipc_server servers[IPC_SERVERS];
};

enum ipc_state {
    IPC_IDLE,     /* not in a crossing */
    IPC_CALLING,  /* queued on `endpoint` */
    IPC_WAITING,  /* its call was received; waits for the reply of `peer` */
    IPC_RECEIVING /* queued as a server on `endpoint` */
};

/* The core alone writes it. */
struct ipc_party {
    uint8_t state;  /* enum ipc_state */
    uint8_t result; /* enum status to complete the blocked call with */
    bool reached;   /* by a search that is under way; false between calls */
    uint32_t life;  /* another one for each domain that has this number */
    uint32_t next, previous; /* CALLING, RECEIVING: in the queue; IPC_NONE */
    struct ipc_endpoint *endpoint; /* CALLING, RECEIVING: where, else null */
    uint32_t peer;                 /* WAITING: the server, else IPC_NONE */
    uint32_t answering;         /* caller owed a reply, IPC_NONE or IPC_GONE */
    struct ipc_message message; /* in flight: to be received, or received */
};

struct ipc {
    struct ipc_party **party; /* by domain; null: no such domain */
    uint32_t count;           /* of domains there may be */
    uint32_t lives;           /* given out */
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

/* Over `count` null pointers (needs: IPC_PARTIES at most). Cost: constant. */
void ipc_init(struct ipc *ipc, struct ipc_party **parties, uint32_t count);
/* A domain comes to be, with this party: idle. Needs: none of that number.
 * Cost: constant. */
void ipc_join(struct ipc *ipc, uint32_t domain, struct ipc_party *party);
/* The memory of its party goes. Needs: it has left, or never did anything.
 * Cost: constant. */
void ipc_forget(struct ipc *ipc, uint32_t domain);
void ipc_endpoint_init(struct ipc_endpoint *endpoint);
void ipc_notification_init(struct ipc_endpoint *notification);

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
 * IPC_SEARCH parties with IPC_SERVERS servers each. More than that many that
 * all wait for one another are not found out.
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
 * Sets bits of a notification's word. Whoever has waited longest wakes with the
 * word, which is 0 then. Never blocks.
 * Needs: CAP_NOTIFICATION with CAP_WRITE. Cost: constant.
 */
void ipc_signal(struct ipc *ipc, struct ipc_endpoint *notification,
                uint64_t bits, struct ipc_outcome *outcome);

/*
 * `domain` takes the word of a notification, which is 0 then. When it is 0
 * already, blocks until a signal; `poll`: does not block, and the word is 0.
 * The word is in party[domain].message.words[0]. A server that owes a reply may
 * wait, too.
 * Needs: CAP_NOTIFICATION with CAP_USE; domain idle. Cost: constant.
 */
void ipc_await(struct ipc *ipc, uint32_t domain,
               struct ipc_endpoint *notification, bool poll,
               struct ipc_outcome *outcome);

/*
 * `domain` is gone: takes it out of its queue and makes its party idle. A
 * server that owes it a reply is told so when it replies. A caller that waits
 * for its reply wakes with CLOSED, one per call: call until outcome->wake is
 * IPC_NONE. Callers that are queued stay: others may serve them, or the domain
 * when it is started again. Cost: constant.
 */
void ipc_leave(struct ipc *ipc, uint32_t domain, struct ipc_outcome *outcome);

/*
 * `domain` may not wait where it is queued any more: it is taken out of its
 * queue and wakes with `result`. Nobody is woken when it is not queued: idle,
 * or a caller whose call has been received and can still be answered.
 * Cost: constant.
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
const char *ipc_check(struct ipc *ipc, struct ipc_endpoint *const *endpoints,
                      uint32_t count);

#endif
