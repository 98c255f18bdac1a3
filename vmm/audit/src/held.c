/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What capability tables give their holders of the config's objects. What makes
 * no sense gives nothing: the look at the tables (slots.c) says so.
 */
#include "slots.h"

#include <stdlib.h>

struct look {
    audit_held_function *tell;
    void *context;
};

static uint32_t number_of(const struct slots *slots,
                          const struct cap_slot *slot)
{
    const struct spec_header *header = slots->target->spec->header;
    const struct shared_objects *objects = &slots->objects;

    switch (slot->type) {
    case CAP_FILE:
    case CAP_DIRECTORY:
        return slot->first < header->nodes.count ? (uint32_t)slot->first
                                                 : PLAN_NONE;
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        return slots_number(slots, slot->object, objects->endpoints,
                            objects->endpoint_bytes, header->endpoints.count);
    case CAP_DOMAIN:
        return slots_number(slots, slot->object, objects->domains,
                            objects->domain_bytes, header->domains.count);
    default:
        return PLAN_NONE;
    }
}

static void tell_chunk(const struct slots *slots,
                       const struct slots_table *table, uint64_t physical,
                       const struct look *look)
{
    struct cap_slot chunk[CAP_CHUNK_SLOTS];

    if (!slots_copy(slots, physical, chunk, sizeof(chunk))) {
        return;
    }
    for (uint32_t i = 0; i < CAP_CHUNK_SLOTS; i++) {
        uint32_t object = chunk[i].state == CAP_LIVE
                              ? number_of(slots, &chunk[i])
                              : PLAN_NONE;

        if (object != PLAN_NONE) {
            look->tell(look->context,
                       &(struct audit_held){.domain = table->domain,
                                            .files = table->files,
                                            .type = chunk[i].type,
                                            .rights = chunk[i].rights & CAP_ALL,
                                            .object = object});
        }
    }
}

static void tell_table(const struct slots *slots,
                       const struct slots_table *table, const struct look *look)
{
    const uint64_t bytes = CAP_CHUNK_SLOTS * sizeof(struct cap_slot);
    uint64_t physical;

    if (table->domain == PLAN_NONE || table->originals ||
        table->table.size > CAP_TABLE_MAX) {
        return;
    }
    for (uint32_t i = 0; i < table->table.size / CAP_CHUNK_SLOTS; i++) {
        if (slots_physical(slots, table->table.chunks[i], bytes, &physical)) {
            tell_chunk(slots, table, physical, look);
        }
    }
}

int audit_held(const struct audit_target *target, audit_held_function *tell,
               void *context)
{
    struct slots *slots = calloc(1, sizeof(*slots));
    struct audit ignored = {0};
    const struct look look = {tell, context};
    int result = -1;

    if (slots && slots_begin(slots, &ignored, target)) {
        slots_collect(slots);
        for (uint32_t i = 0; i < slots->count; i++) {
            tell_table(slots, &slots->tables[i], &look);
        }
        result = 0;
    }
    slots_end(slots);
    return result;
}
