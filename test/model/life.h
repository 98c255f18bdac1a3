/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's rules of a domain's life, over the same cores: what reserve
 * charges, what destroying gives back and in which order. guest/kernel's
 * compose.c, destroy.c and give.c say the same with frames and page tables.
 */
#ifndef MODEL_LIFE_H
#define MODEL_LIFE_H

#include "world.h"

void life_prepare(void); /* the scene's spec and plan */
void life_clear(void);   /* no domain lives */
void life_begin(void);   /* the machine's memory and capabilities */

enum status life_build(uint32_t domain);
enum status life_reserve(void *context, uint32_t domain,
                         const struct pd_needs *needs);
void life_end(uint32_t domain);
enum status life_destroy(uint32_t domain);
void life_drop_tables(uint32_t domain);
void life_clear_tombstone(struct cap_slot *slot);
/* Revokes what came of a table, clears it and takes it away. */
void life_empty(uint32_t table);
enum status life_allocate(uint32_t domain, struct cap_slot *pool);
void life_frame_gone(const struct cap_slot *slot, bool last);
/* What composing a domain charges, in pages. */
uint32_t life_needs(uint32_t domain);
/* Pages of the machine: fewer than the quotas allow, so that memory can run
 * out before a quota does. */
uint32_t life_memory(void);
/* Does a live domain have this one as its parent? */
bool life_depended_on(uint32_t domain);
/* What an outcome of ipc means for who runs. */
void life_apply(uint32_t actor, const struct ipc_outcome *outcome);

/* Are roots, ranges and attachments what the plan says of who lives? */
bool life_views_hold(void);
void life_views_set(void);

#endif
