/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef IPC_INTERNAL_H
#define IPC_INTERNAL_H

#include <abi/guard.h>
#include <capabilities/assert.h>
#include <ipc/ipc.h>
#include <stddef.h>

/* party.c */

/* The domain's party. Needs: a domain below IPC_PARTIES. */
struct ipc_party *ipc__party(struct ipc *ipc, uint32_t domain);
/* As above, of a domain that acts: it is idle. */
struct ipc_party *ipc__idle(struct ipc *ipc, uint32_t domain);

/* A caller that waits for a reply is idle again; its call ends with `result`.
 */
void ipc__finish(struct ipc *ipc, uint32_t caller, enum status result);

/* Adds the domain at the end of the endpoint's callers or receivers. */
void ipc__append(struct ipc *ipc, struct ipc_endpoint *endpoint,
                 enum ipc_state state, uint32_t domain);
/* Takes the first caller or receiver out and makes it idle; IPC_NONE: none. */
uint32_t ipc__pop(struct ipc *ipc, struct ipc_endpoint *endpoint,
                  enum ipc_state state);
/* Takes a queued domain out, wherever it stands. Cost: IPC_PARTIES. */
void ipc__unqueue(struct ipc *ipc, uint32_t domain);

/* progress.c */

/*
 * The set of domains that can go on, a bit each, when `blocked` (or IPC_NONE)
 * were blocked for ever. The rule is in ipc.h.
 */
uint64_t ipc__can_go_on(const struct ipc *ipc, uint32_t blocked);
/* Would `caller`, calling `endpoint` where nobody waits, wait for ever? */
bool ipc__would_deadlock(const struct ipc *ipc, uint32_t caller,
                         const struct ipc_endpoint *endpoint);

#endif
