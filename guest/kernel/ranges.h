/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges, roots, attachments and mappings; kernel.h has the rest. */
#ifndef RANGES_H
#define RANGES_H

#include "records.h"

/* range.c: ranges and their leaf tables; space.c: roots and attachments. */
void range_make(struct range *range);
void range_drop(struct range *range);
MUST_CHECK enum status range_grow(struct range *range, uint64_t pages);
uint64_t range_start(const struct range *range); /* address of page 0 */
uint32_t range_start_granules(const struct range *range);
uint32_t range_needs(const struct range *range); /* frames, at its start */
void granule_publish(struct range *range, uint64_t address);
void root_make(struct space *space);
void root_drop(struct space *space);
/* Counts of a range in a space; null: it is not attached there, and (of a
 * planned range in a planned space never) there is no place to count. */
struct attachments *attachments_of(struct space *space, struct range *range);
void space_attach(struct space *space, struct range *range, uint8_t rights);
void space_detach(struct space *space, struct range *range, uint8_t rights);
/* Its leaf entry. */
uint64_t *range_page(const struct range *range, uint32_t page);
struct space *space_at(uint32_t number); /* null: there is none */
/* A place to count, and frames for the directories that the space lacks
 * there: what space_attach needs. OK, NO_SLOT, NO_QUOTA, NO_MEMORY. */
MUST_CHECK enum status space_ready(struct space *space, struct range *range);
void space_unready(struct space *space, struct range *range); /* the reverse */
uint32_t space_lacks(const struct space *space, const struct range *range);
uint8_t space_allows(struct space *space, struct range *range);
bool slot_is_whole(const struct cap_slot *slot); /* to all of its range */
/* Null: there is none. Of one made at run time the number must be alive: its
 * own, or an attachment's. */
struct range *range_at(uint32_t number);

/* Ranges and parts attached in it, but for what a domain made at run time
 * brings itself. */
uint32_t space_ranges(struct space *space);
uint32_t parts_count(const struct space *space);
/* Counts again what a root has of these granules. */
void granules_write(struct space *space, struct range *range, uint32_t first,
                    uint32_t count);
/* Directories for these addresses: how many there are not, and a use of each.
 */
uint32_t space_lacks_at(const struct space *space, uint64_t base,
                        uint32_t granules);
void space_reach(struct space *space, uint64_t base, uint32_t granules);
void space_leave(struct space *space, uint64_t base, uint32_t granules);
void record_link(struct attachment *a); /* into its range's list */
void record_unlink(struct attachment *a);
void space_event(enum event_kind kind, const struct space *space,
                 const struct range *range, uint8_t rights);

/* part.c: parts of ranges. */
bool slot_is_granules(const struct cap_slot *slot); /* it can be attached */
bool slot_is_part(const struct cap_slot *slot);     /* it is attached */
bool part_has(const struct attachment *record, uint64_t address);
/* What a space's parts give at an address, and up to *until, which becomes
 * less if it is too much. */
uint8_t parts_rights(const struct space *space, uint64_t address,
                     uint64_t *until);
/* As attach_into, for a part; `domain` pays for it. NO_SLOT, too, if the
 * space has SPACE_PARTS already. Cost,
 * as of every attach and detach: its granules, and 65 times the space's parts
 * at most. */
MUST_CHECK enum status part_attach(struct domain *domain,
                                   struct cap_slot *source, struct space *space,
                                   uint8_t rights, struct cap_ref *ref);
void part_detach(struct attachment *record);
void part_removed(const struct cap_slot *slot);
void parts_drop(struct space *space); /* all of a root that goes */

/*
 * range_made.c: ranges made at run time. Their numbers say where they lie. One
 * goes with its last capability or attachment, whichever is later.
 */
struct range *range_made_at(uint32_t number);
void range_left(struct range *range); /* no longer attached somewhere */
void range_removed(void *context, const struct cap_slot *slot, bool last);

/*
 * map.c: frames in ranges. A mapping's slot: first = page number of its
 * address, count = range->made. So `first` is never the number of a space.
 */
bool slot_is_mapping(const struct cap_slot *slot);
struct frame *mapping_frame(const struct cap_slot *slot); /* of a mapping */
void mapping_removed(const struct cap_slot *slot);
void frame_removed(void *context, const struct cap_slot *slot, bool last);

#endif
