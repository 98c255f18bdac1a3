/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef IPC_INTERNAL_H
#define IPC_INTERNAL_H

#include <abi/guard.h>
#include <capabilities/assert.h>
#include <ipc/ipc.h>
#include <stddef.h>

/* party.c */

/* The domain's party. Needs: there is one. */
struct ipc_party *ipc__party(struct ipc *ipc, uint32_t domain);
/* As above, of a domain that acts: it is idle. */
struct ipc_party *ipc__idle(struct ipc *ipc, uint32_t domain);

/* The party is as new: the domain has left. */
void ipc__renew(struct ipc *ipc, uint32_t domain);

/* A caller that waits for a reply is idle again; its call ends with `result`.
 */
void ipc__finish(struct ipc *ipc, uint32_t caller, enum status result);

/* Adds the domain at the end of the endpoint's callers or receivers. */
void ipc__append(struct ipc *ipc, struct ipc_endpoint *endpoint,
                 enum ipc_state state, uint32_t domain);
/* Takes the first caller or receiver out and makes it idle; IPC_NONE: none. */
uint32_t ipc__pop(struct ipc *ipc, struct ipc_endpoint *endpoint,
                  enum ipc_state state);
/* Takes a queued domain out, wherever it stands. Cost: constant. */
void ipc__unqueue(struct ipc *ipc, uint32_t domain);

/* progress.c */

/* The domain counts among the endpoint's servers from now on. */
void ipc__serves(struct ipc *ipc, struct ipc_endpoint *endpoint,
                 uint32_t server);
/* Does the endpoint know the domain as a server, or too many to say no? */
bool ipc__is_server(const struct ipc *ipc, const struct ipc_endpoint *endpoint,
                    uint32_t domain);
/* Would `caller`, calling `endpoint` where nobody waits, wait for ever? */
bool ipc__would_deadlock(struct ipc *ipc, uint32_t caller,
                         const struct ipc_endpoint *endpoint);
/* Does a domain wait for ever? */
bool ipc__stuck(struct ipc *ipc, uint32_t domain);

#endif
