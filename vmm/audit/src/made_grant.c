/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which ranges each root may show: what its domains bring, the image and heap
 * that they share with whoever made them, and attachments, which are
 * capabilities in tables. Attachments of a root that is no more may still be
 * there: those of its latest making count.
 */
#include "made.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stddef.h>
#include <stdlib.h>

#define ALL (CAP_READ | CAP_WRITE | CAP_EXEC)

static bool grant_add(struct made *made, struct made_grant grant)
{
    if (made->grant_count == made->grant_room) {
        uint32_t room = 2 * made->grant_room + 64;
        struct made_grant *grants =
            realloc(made->grants, room * sizeof(*grants));

        if (!grants) {
            return false;
        }
        made->grants = grants;
        made->grant_room = room;
    }
    made->grants[made->grant_count++] = grant;
    return true;
}

static bool brought(struct made *made, const struct made_domain *domain)
{
    const struct shared_pd *record = &domain->record;
    uint32_t first = ABI_RUNTIME_RANGES + domain->number * 4;
    bool room = true;

    for (uint32_t kind = 0; kind < 3 && room; kind++) {
        if (record->own[kind].limit) {
            room =
                grant_add(made, (struct made_grant){record->root, first + kind,
                                                    0, ALL, 0, 0});
        }
    }
    if (record->root >= SPEC_MAX_DOMAINS && room) {
        room = grant_add(made, (struct made_grant){record->root, record->image,
                                                   0, ALL, 0, 0});
    }
    if (record->root >= SPEC_MAX_DOMAINS && room &&
        record->heap != SHARED_NO_RANGE) {
        room =
            grant_add(made, (struct made_grant){record->root, record->heap, 0,
                                                CAP_READ | CAP_WRITE, 0, 0});
    }
    return room;
}

/* An attachment is to an object of the kernel's image if it is of a whole
 * range; else to the part, in the direct map. False: it gives nothing. */
static bool part_read(const struct made *made,
                      const struct audit_target *target,
                      const struct cap_slot *slot, struct made_grant *grant)
{
    uint64_t object = (uint64_t)(uintptr_t)slot->object;
    uint32_t part[2];

    if (object >= ABI_KERNEL_OFFSET) {
        return true;
    }
    if (!made_copy(target,
                   object - ABI_DIRECT_MAP + made->objects.part_first_at, part,
                   sizeof(part)) ||
        part[1] == 0) {
        return false;
    }
    grant->first = part[0];
    grant->granules = part[1];
    return true;
}

static bool attachment_add(struct made *made, const struct audit_target *target,
                           const struct cap_slot *slot)
{
    struct made_grant grant = {.root = (uint32_t)slot->first,
                               .range = (uint32_t)slot->count,
                               .made = (uint32_t)(slot->first >> 32),
                               .rights = slot->rights & ALL};

    return !part_read(made, target, slot, &grant) || grant_add(made, grant);
}

static bool slots_read(struct made *made, const struct audit_target *target,
                       uint64_t chunk)
{
    struct cap_slot slots[CAP_CHUNK_SLOTS];

    if (!made_copy(target, chunk - ABI_DIRECT_MAP, slots, sizeof(slots)) &&
        !made_copy(target, chunk - ABI_KERNEL_OFFSET, slots, sizeof(slots))) {
        return true; /* no such place: it gives nothing */
    }
    for (uint32_t i = 0; i < CAP_CHUNK_SLOTS; i++) {
        if (slots[i].state != CAP_LIVE || slots[i].type != CAP_ATTACHMENT) {
            continue;
        }
        if (!(made_is_mapping(&slots[i])
                  ? made_mapping_add(made, &slots[i])
                  : attachment_add(made, target, &slots[i]))) {
            return false;
        }
    }
    return true;
}

static bool table_read(struct made *made, const struct audit_target *target,
                       uint64_t physical)
{
    struct cap_table table;
    bool room = true;

    if (!physical || !made_copy(target, physical, &table, sizeof(table)) ||
        table.size > CAP_TABLE_MAX) {
        return true; /* the look at capability tables says so */
    }
    for (uint32_t i = 0; i < table.size / CAP_CHUNK_SLOTS && room; i++) {
        room = slots_read(made, target, (uint64_t)(uintptr_t)table.chunks[i]);
    }
    return room;
}

static bool result_read(struct made *made, const struct audit_target *target,
                        uint64_t result)
{
    uint64_t caps = 0;

    made_copy(target, result + offsetof(struct shared_domain, caps), &caps,
              sizeof(caps));
    return table_read(made, target, caps);
}

static int by_place(const void *a, const void *b)
{
    const struct made_grant *one = a, *other = b;

    if (one->root != other->root) {
        return one->root < other->root ? -1 : 1;
    }
    if (one->range != other->range) {
        return one->range < other->range ? -1 : 1;
    }
    if (one->first != other->first) {
        return one->first < other->first ? -1 : 1;
    }
    if (one->granules != other->granules) {
        return one->granules < other->granules ? -1 : 1;
    }
    return one->made < other->made ? -1 : one->made > other->made;
}

/* Which making of a root attachments must be of: as the record of the domain it
 * was made for says; of the plan's roots, the latest that any is of. */
static uint32_t making_of(const struct made *made, uint32_t root, uint32_t seen)
{
    const struct made_domain *domain = made_find(made, root);

    return domain && domain->record.root == root ? domain->record.made : seen;
}

static bool same_place(const struct made_grant *one,
                       const struct made_grant *other)
{
    return one->root == other->root && one->range == other->range &&
           one->first == other->first && one->granules == other->granules;
}

/* One for each root and range or part. */
static void merge(struct made *made)
{
    uint32_t left = 0, first = 0;

    if (made->grant_count == 0) {
        return;
    }
    qsort(made->grants, made->grant_count, sizeof(made->grants[0]), by_place);
    for (uint32_t i = 0; i < made->grant_count; i = first) {
        uint32_t root = made->grants[i].root, latest = 0;
        for (; first < made->grant_count && made->grants[first].root == root;
             first++) {
            if (made->grants[first].made > latest) {
                latest = made->grants[first].made;
            }
        }
        latest = making_of(made, root, latest);
        for (; i < first; i++) {
            struct made_grant grant = made->grants[i];
            if (grant.made && grant.made != latest) {
                continue;
            }
            if (left && same_place(&made->grants[left - 1], &grant)) {
                made->grants[left - 1].rights |= grant.rights;
            } else {
                made->grants[left++] = grant;
            }
        }
    }
    made->grant_count = left;
}

/* Where a range lies that a program has made; its number is a claim, too. */
static bool range_read(struct made *made, const struct audit_target *target,
                       uint32_t number)
{
    const struct shared_objects *objects = &made->objects;
    uint64_t object =
        (uint64_t)(number & ~ABI_MADE_RANGES) * ABI_MADE_RANGE_UNIT;
    uint64_t base, granule, making = 0;
    uint32_t limit;
    uint8_t bare = 0;

    if (!made_copy(target, object + objects->range_base_at, &base,
                   sizeof(base)) ||
        !made_copy(target, object + objects->range_limit_at, &limit,
                   sizeof(limit)) ||
        base < ABI_RUNTIME_BASE || base >= ABI_USER_LIMIT ||
        base % ABI_GRANULE_SIZE || limit == 0) {
        return true; /* no range: it shows nothing */
    }
    made_copy(target, object + objects->range_made_at, &making, sizeof(making));
    made_copy(target, object + objects->range_bare_at, &bare, sizeof(bare));
    granule = base >> ABI_GRANULE_SHIFT;
    return made_range_add(
        made, (struct made_range){
                  .granule = (uint32_t)granule,
                  .granules = (limit - 1) / (uint32_t)ABI_GRANULE_PAGES + 1,
                  .number = number,
                  .limit = limit,
                  .made = making,
                  .bare = bare != 0,
              });
}

static int by_number(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

    return one < other ? -1 : one > other;
}

/* Those of programs, each once, that are attached anywhere. */
static bool ranges_read(struct made *made, const struct audit_target *target)
{
    uint32_t *numbers = calloc(made->grant_count + 1u, sizeof(*numbers));
    uint32_t count = 0;
    bool room = numbers != NULL;

    for (uint32_t i = 0; room && i < made->grant_count; i++) {
        if (made->grants[i].range >= ABI_MADE_RANGES) {
            numbers[count++] = made->grants[i].range;
        }
    }
    if (room && count) {
        qsort(numbers, count, sizeof(*numbers), by_number);
    }
    for (uint32_t i = 0; room && i < count; i++) {
        if (i == 0 || numbers[i] != numbers[i - 1]) {
            room = range_read(made, target, numbers[i]);
        }
    }
    free(numbers);
    return room;
}

/* Of one of a program's; `first`: of these, which are in order still. */
static uint64_t made_granules(const struct made *made, uint32_t first,
                              uint32_t number)
{
    uint32_t low = first, high = made->range_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (made->ranges[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < made->range_count && made->ranges[low].number == number
               ? made->ranges[low].granules
               : 0;
}

static uint64_t granules_of(const struct made *made,
                            const struct audit_target *target, uint32_t first,
                            uint32_t range)
{
    uint32_t own = range - ABI_RUNTIME_RANGES;
    const struct made_domain *domain = made_find(made, own / 4);

    if (range < target->plan->range_count) {
        return target->plan->ranges[range].granules;
    }
    if (range >= ABI_MADE_RANGES) {
        return made_granules(made, first, range);
    }
    return range >= ABI_RUNTIME_RANGES && domain && own % 4 < 3
               ? domain->record.own[own % 4].limit / ABI_GRANULE_PAGES + 1
               : 0;
}

bool made_grants(struct made *made, const struct audit_target *target)
{
    uint32_t first = made->range_count;
    bool room;

    made_copy(target, ABI_SHARED_PHYS + offsetof(struct shared, objects),
              &made->objects, sizeof(made->objects));
    room = table_read(made, target, made->objects.root_table);
    for (uint32_t i = 0; i < SHARED_DOMAINS && room; i++) {
        room = result_read(made, target,
                           ABI_SHARED_PHYS + offsetof(struct shared, domains) +
                               i * sizeof(struct shared_domain));
    }
    for (uint32_t i = 0; i < made->count && room; i++) {
        room = brought(made, &made->domains[i]) &&
               result_read(made, target, made->domains[i].record.result);
    }
    merge(made);
    made_mappings_sort(made);
    room = room && ranges_read(made, target);
    for (uint32_t i = 0; room && i < made->grant_count; i++) {
        made->tables += granules_of(made, target, first, made->grants[i].range);
    }
    return room;
}
