/* SPDX-License-Identifier: Apache-2.0 */
/* Capability tables in the world: the root's with the original of `ring`; app's
 * with one derived from it and its attachment; child's likewise, to read. */
#ifndef TEST_AUDIT_WORLD_SLOTS_H
#define TEST_AUDIT_WORLD_SLOTS_H

#include "world.h"

#include <abi/shared.h>
#include <capabilities/cap.h>

/* Physical: 16 pages that nothing else of the world uses. */
#define SLOTS_AREA 0x290000ull
#define SLOTS_BYTES 0x10000ull
enum { TABLE_ROOT, TABLE_APP, TABLE_CHILD, TABLE_COUNT };

void world_slots_make(struct world *w);

/* Physical address of slot `index` of a table, of a table, of a range. */
uint64_t world_slot(unsigned table, uint32_t index);
uint64_t world_table(unsigned table);
uint64_t world_object(uint32_t range);
uint64_t world_domain(uint32_t domain);
uint64_t world_attachment(void); /* the object of all attachments */

void world_slot_get(const struct world *w, uint64_t at, struct cap_slot *out);
void world_slot_put(struct world *w, uint64_t at, const struct cap_slot *slot);

/* As the kernel points to it. */
void *world_pointer(uint64_t physical);

#endif
