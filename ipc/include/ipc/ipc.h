/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Core 2: crossings. Synchronous call and reply on endpoints, with up to six
 * words and a badge. Pure: it returns outcomes; the kernel's scheduler acts.
 *
 * A *party* is one domain's state in crossings, indexed by domain. A caller
 * waits in the endpoint's queue (first come, first served), then for the
 * reply. A server holds at most one unanswered call at a time.
 */
#ifndef IPC_IPC_H
#define IPC_IPC_H

#include <abi/status.h>
#include <capabilities/cap.h>
#include <stdbool.h>
#include <stdint.h>

#define IPC_WORDS 6u
#define IPC_PARTIES 64u
#define IPC_NONE 0xffffffffu

struct ipc_message {
    uint64_t badge; /* of the capability the caller used */
    uint64_t words[IPC_WORDS];
};

struct ipc_endpoint {
    struct cap_object object; /* type CAP_ENDPOINT */
    uint32_t first_caller, last_caller;     /* queue of parties, IPC_NONE */
    uint32_t first_receiver, last_receiver; /* waiting servers */
};

enum ipc_state {
    IPC_IDLE,      /* not in a crossing */
    IPC_CALLING,   /* queued on `endpoint` */
    IPC_WAITING,   /* its call was received; waits for the reply of `peer` */
    IPC_RECEIVING  /* queued as a server on `endpoint` */
};

struct ipc_party {
    uint8_t state;  /* enum ipc_state */
    uint32_t next;  /* queue link */
    struct ipc_endpoint *endpoint;
    uint32_t peer;     /* WAITING: the server */
    uint32_t answering; /* as a server: caller owed a reply, or IPC_NONE */
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
 * `caller` calls through `slot`, a capability to an endpoint. The message's
 * badge is the slot's count. Blocks always, unless an error is returned.
 * Needs: CAP_ENDPOINT with CAP_WRITE (checked by the caller with
 * cap_look_up_for); caller idle.
 * Returns OK; WOULD_DEADLOCK (the caller itself is owed-to by nobody else: it
 * is the only waiting server of this endpoint, or waits in a cycle of calls).
 */
MUST_CHECK enum status ipc_call(struct ipc *ipc, uint32_t caller,
                                struct ipc_endpoint *endpoint, uint64_t badge,
                                const uint64_t *words,
                                struct ipc_outcome *outcome);

/*
 * `server` receives the next call. When one is queued: no block, its message
 * is in party[server].message and the caller becomes WAITING. Else it blocks.
 * Needs: CAP_ENDPOINT with CAP_USE; a server that still owes a reply gets BUSY.
 */
MUST_CHECK enum status ipc_receive(struct ipc *ipc, uint32_t server,
                                   struct ipc_endpoint *endpoint,
                                   struct ipc_outcome *outcome);

/*
 * `server` answers the call it received last; the caller wakes with the words.
 * Returns OK, NOT_FOUND (owes nobody a reply), CLOSED (the caller is gone;
 * nothing is owed any more).
 */
MUST_CHECK enum status ipc_reply(struct ipc *ipc, uint32_t server,
                                 const uint64_t *words,
                                 struct ipc_outcome *outcome);

/*
 * `domain` is gone: takes it out of every queue. One caller that waits for its
 * reply wakes with CLOSED per call: call until outcome->wake is IPC_NONE.
 */
void ipc_leave(struct ipc *ipc, uint32_t domain, struct ipc_outcome *outcome);

/*
 * The endpoint is gone (last capability deleted): one waiting domain wakes
 * with CLOSED per call; call until outcome->wake is IPC_NONE.
 */
void ipc_close(struct ipc *ipc, struct ipc_endpoint *endpoint,
               struct ipc_outcome *outcome);

/*
 * Invariants for tests: null or the name of the first broken one.
 */
const char *ipc_check(const struct ipc *ipc,
                      struct ipc_endpoint *const *endpoints, uint32_t count);

#endif
