/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's rules of crossings by capability, over the same cores: by what
 * somebody waits, what goes along with a message, who is told when nobody can
 * serve any more. guest/kernel's crossing.c, syscall_pass.c, serve.c and
 * notify.c say the same with frames and handles.
 */
#ifndef MODEL_TRAVEL_H
#define MODEL_TRAVEL_H

#include "action.h"

/* What a capability that goes along comes to at the other end. */
enum pass { PASS_NONE, PASS_CALLS, PASS_ALL, PASS_MOVE, PASSES };

static inline uint8_t pass_rights(enum pass how)
{
    return how == PASS_ALL ? CAP_WRITE | CAP_USE : CAP_WRITE;
}

/* A is the server of all; B and C have what came of A's, with badges. */
void travel_begin(void);

/* The badge that a domain gives to a capability of this type. */
uint64_t travel_badge(uint32_t domain, uint8_t type);

/* Calls, receives, replies, signals, waits; by `slot`, but for replies. */
enum status travel_act(const struct action *action, struct cap_slot *slot);

/* Parts, as entries of the table of operations. */
enum status travel_pass(uint32_t from, const struct thread *what, uint32_t to,
                        uint32_t *node);
void travel_waiters(const struct cap_slot *slot);
void travel_desert(struct cap_object *object);
/* A capability has gone. */
void travel_removed(const struct cap_slot *slot);

void travel_end(uint32_t domain);
enum status travel_destroy(uint32_t domain);

/* Can this one act now? Nobody more urgent can. */
bool travel_runs(uint32_t domain);

#endif
