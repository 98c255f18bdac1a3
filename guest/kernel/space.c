/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roots, and what is attached in them. A root's directory entries carry that
 * root's rights on a granule of a range, so growth inside a granule appears
 * everywhere at once.
 */
#include "kernel.h"

#include <capabilities/assert.h>

struct space *space_at(uint32_t number)
{
    struct domain *domain;

    if (number < PLAN_MAX_ROOTS) {
        return &kernel.spaces[number];
    }
    domain = domain_at(number);
    return domain ? &domain->space : NULL;
}

static bool is_planned(const struct space *space, const struct range *range)
{
    return space->number < PLAN_MAX_ROOTS && range->number < PLAN_MAX_RANGES;
}

/* A range's own record is for the space of the domain that it goes with. */
static bool at_home(const struct space *space, const struct range *range)
{
    const struct domain *owner = domain_at(range->owner);

    return range->number >= PLAN_MAX_RANGES && !object_made(&range->object) &&
           owner && owner->is.space == space;
}

/* The record of a range in a space; else one that is free; null: neither. */
static struct attachment *record_for(struct space *space, struct range *range)
{
    struct attachment *room = NULL;

    if (at_home(space, range)) {
        return &range->home;
    }
    for (uint32_t i = SPACE_RECORDS; i-- > 0;) {
        struct attachment *record = &space->records[i];

        if (record->range == range) {
            return record;
        }
        if (!record->range) {
            room = record;
        }
    }
    return room;
}

static bool stands(const struct attachment *record, const struct range *range)
{
    return record && record->range == range;
}

struct attachments *attachments_of(struct space *space, struct range *range)
{
    struct attachment *record;

    if (is_planned(space, range)) {
        return &kernel.planned[space->number][range->number];
    }
    record = record_for(space, range);
    return stands(record, range) ? &record->count : NULL;
}

/* What the live attachments of a root give it, of one range. */
static uint8_t attached_rights(const struct attachments *a)
{
    return (uint8_t)(CAP_READ |
                     (GUARD(ROOT_RIGHTS, a->write != 0) ? CAP_WRITE : 0) |
                     (a->exec ? CAP_EXEC : 0));
}

/*
 * What a root has of the granules from an address to another. `a`: of the whole
 * range; null: it is not attached whole. Its parts are asked where one of them
 * begins or ends, not for each granule.
 */
static void entries_write(const struct space *space,
                          const struct attachments *a, uint64_t address,
                          uint64_t end)
{
    uint8_t whole = a && a->read ? attached_rights(a) : 0;

    kernel.work += (uint32_t)((end - address) >> ABI_GRANULE_SHIFT);
    while (space->root && address < end) {
        uint64_t until = end;
        uint8_t rights = whole | parts_rights(space, address, &until);

        for (; address < until; address += ABI_GRANULE_SIZE) {
            uint64_t leaf = address_leaf(address);

            if (leaf) {
                *arch_root_entry(space->root, address) =
                    rights ? arch_directory_entry(leaf, rights) : 0;
            }
        }
    }
}

static void granule_write(const struct space *space,
                          const struct attachments *a, uint64_t address)
{
    entries_write(space, a, address, address + ABI_GRANULE_SIZE);
}

/* Every root that has the range gets the new granule. */
void granule_publish(struct range *range, uint64_t address)
{
    if (range->number < PLAN_MAX_RANGES) {
        uint64_t roots = kernel.plan.ranges[range->number].roots;

        for (; roots; roots &= roots - 1) {
            uint32_t root = (uint32_t)__builtin_ctzll(roots);
            const struct attachments *a = &kernel.planned[root][range->number];

            if (a->read) {
                granule_write(&kernel.spaces[root], a, address);
            }
        }
    }
    for (struct attachment *a = range->attached; a; a = a->next) {
        if (!a->part) {
            granule_write(a->space, &a->count, address);
        } else if (part_has(a, address)) {
            granule_write(a->space, attachments_of(a->space, range), address);
        }
    }
}

static void range_write(const struct space *space, const struct range *range,
                        const struct attachments *a)
{
    entries_write(space, a, range->base,
                  range->base + range->granules * ABI_GRANULE_SIZE);
}

void granules_write(struct space *space, struct range *range, uint32_t first,
                    uint32_t count)
{
    uint64_t base = range->base + first * ABI_GRANULE_SIZE;

    entries_write(space, attachments_of(space, range), base,
                  base + count * ABI_GRANULE_SIZE);
}

/* Directories that come and go with what is attached beneath them: all of a
 * space made at run time, and every space's at the addresses of run time. */
static bool is_counted(const struct space *space, uint64_t address)
{
    return space->number >= PLAN_MAX_ROOTS || address >= ABI_RUNTIME_BASE;
}

static uint64_t last_gibibyte(uint64_t base, uint32_t granules)
{
    return (base + granules * ABI_GRANULE_SIZE - 1) >> 30;
}

uint32_t space_lacks_at(const struct space *space, uint64_t base,
                        uint32_t granules)
{
    uint64_t last = last_gibibyte(base, granules);
    uint32_t lacks = 0;

    for (uint64_t at = base >> 30; at <= last; at++) {
        lacks += is_counted(space, at << 30) &&
                 (!space->root || !*arch_root_pointer(space->root, at << 30));
    }
    return lacks;
}

uint32_t space_lacks(const struct space *space, const struct range *range)
{
    return space_lacks_at(space, range->base, range->granules);
}

/* A use more or less of a directory. Each use has a granule beneath it, and no
 * two but of parts have the same. */
_Static_assert((1u << (30 - ABI_GRANULE_SHIFT)) + SPACE_PARTS <=
                   ARCH_POINTER_USES,
               "uses of a directory can be counted");

static uint64_t uses(uint64_t pointer)
{
    return pointer / ARCH_POINTER_COUNT;
}

/* Needs: space_lacks_at frames reserved in the pool that the root is of. */
void space_reach(struct space *space, uint64_t base, uint32_t granules)
{
    uint64_t last = last_gibibyte(base, granules);

    for (uint64_t at = base >> 30; at <= last; at++) {
        if (is_counted(space, at << 30)) {
            uint64_t *pointer = arch_root_pointer(space->root, at << 30);

            if (!*pointer) {
                arch_root_add(space->root, at << 30,
                              frame_take(pool_of(space->first)));
            }
            core_assert(uses(*pointer) < ARCH_POINTER_USES);
            *pointer += ARCH_POINTER_COUNT;
        }
    }
}

void space_leave(struct space *space, uint64_t base, uint32_t granules)
{
    uint64_t last = last_gibibyte(base, granules);

    for (uint64_t at = base >> 30; at <= last; at++) {
        if (is_counted(space, at << 30)) {
            uint64_t *pointer = arch_root_pointer(space->root, at << 30);

            core_assert(uses(*pointer) != 0);
            *pointer -= ARCH_POINTER_COUNT;
            if (uses(*pointer) == 0) {
                /* Clean: what used it has cleared its entries. */
                frame_give_words(pool_of(space->first),
                                 arch_entry_frame(*pointer), 0, 0);
                quota_uncharge(quota_of(space->first), 1);
                *pointer = 0;
                kernel.flush = true;
            }
        }
    }
}

enum status space_ready(struct space *space, struct range *range)
{
    const struct attachment *record;
    uint32_t lacks;

    if (is_planned(space, range)) {
        return STATUS_OK;
    }
    record = record_for(space, range);
    if (!record) {
        return STATUS_NO_SLOT;
    }
    lacks = stands(record, range) ? 0 : space_lacks(space, range);
    return lacks ? pages_reserve(quota_of(space->first), pool_of(space->first),
                                 lacks, lacks)
                 : STATUS_OK;
}

void space_unready(struct space *space, struct range *range)
{
    uint32_t lacks =
        attachments_of(space, range) ? 0 : space_lacks(space, range);

    pool_unreserve(pool_of(space->first), lacks);
    quota_uncharge(quota_of(space->first), lacks);
}

static void record_take(struct attachment *a, struct space *space,
                        struct range *range)
{
    a->space = space;
    a->range = range;
    record_link(a);
    space_reach(space, range->base, range->granules);
}

static void record_drop(struct attachment *a)
{
    struct space *space = a->space;
    struct range *range = a->range;

    record_unlink(a);
    *a = (struct attachment){0};
    space_leave(space, range->base, range->granules);
    range_left(range);
}

static void count_add(struct attachments *a, uint8_t rights, int by)
{
    core_assert(rights & CAP_READ);
    a->read = (uint16_t)(a->read + by);
    if (rights & CAP_WRITE) {
        a->write = (uint16_t)(a->write + by);
    }
    if (rights & CAP_EXEC) {
        a->exec = (uint16_t)(a->exec + by);
    }
}

/* The record, where it is not planned. */
static struct attachments *counts_for(struct space *space, struct range *range,
                                      struct attachment **record)
{
    *record = NULL;
    if (is_planned(space, range)) {
        return &kernel.planned[space->number][range->number];
    }
    *record = record_for(space, range);
    return &(*record)->count;
}

void space_event(enum event_kind kind, const struct space *space,
                 const struct range *range, uint8_t rights)
{
    share_event(kind, kernel.current,
                (space->number & 0xff) | (uint32_t)rights << 8, range->number);
}

void space_attach(struct space *space, struct range *range, uint8_t rights)
{
    struct attachment *record;
    struct attachments *a = counts_for(space, range, &record);

    if (record && !record->range) {
        record_take(record, space, range);
    }
    space_event(EVENT_ATTACH, space, range, rights);
    /* A TLB may remember the lesser right. */
    kernel.flush |= a->read != 0;
    count_add(a, rights, 1);
    range_write(space, range, a);
}

void space_detach(struct space *space, struct range *range, uint8_t rights)
{
    struct attachment *record;
    struct attachments *a = counts_for(space, range, &record);

    space_event(EVENT_DETACH, space, range, rights);
    count_add(a, rights, -1);
    range_write(space, range, a);
    if (record && !a->read) {
        record_drop(record);
    }
    if (GUARD_ACT(TLB_FLUSH)) {
        kernel.flush = true;
    }
}

/* Needs: 2 frames, and of a planned root its directories, reserved in the pool
 * of its first domain. */
void root_make(struct space *space)
{
    struct pool *pool = pool_of(space->first);
    uint64_t frame = frame_take(pool);

    arch_root_init(frame, frame_take(pool));
    for (uint32_t word = 0; space->number < PLAN_MAX_ROOTS && word < 8;
         word++) {
        uint64_t bits = kernel.plan.roots[space->number].gibibytes[word];

        for (; bits; bits &= bits - 1) {
            uint64_t gibibyte = word * 64u + (uint64_t)__builtin_ctzll(bits);

            arch_root_add(frame, gibibyte << 30, frame_take(pool));
        }
    }
    space->object.type = CAP_SPACE;
    space->made = ++kernel.roots_made;
    space->root = frame;
    share_root(space->number, frame, 0);
}

static void table_give(const struct space *space, uint64_t frame)
{
    frame_give(pool_of(space->first), frame);
    quota_uncharge(quota_of(space->first), 1);
}

/* What is planned goes with the root; what has a record has gone before. */
static void directories_drop(const struct space *space)
{
    for (uint32_t word = 0; word < 8; word++) {
        uint64_t bits = kernel.plan.roots[space->number].gibibytes[word];

        for (; bits; bits &= bits - 1) {
            uint64_t at = word * 64u + (uint64_t)__builtin_ctzll(bits);
            uint64_t *pointer = arch_root_pointer(space->root, at << 30);

            table_give(space, arch_entry_frame(*pointer));
            *pointer = 0;
        }
    }
}

/* Slots of attachments may be left, in tables of domains made at run time: they
 * name a root that is gone, and no count is theirs any more. */
static void planned_forget(const struct space *space)
{
    for (uint32_t i = 0; i < kernel.plan.range_count; i++) {
        kernel.planned[space->number][i] = (struct attachments){0};
    }
}

void root_drop(struct space *space)
{
    uint64_t frame = space->root;

    /* Left first: the host never finds the CPU in a root that is not said. */
    arch_root_switch(arch_kernel_root(), false);
    share_event(EVENT_ROOT, kernel.current, 0, arch_kernel_root());
    share_root(space->number, 0, 0);
    parts_drop(space);
    for (uint32_t i = 0; i < SPACE_RECORDS; i++) {
        struct attachment *a = &space->records[i];

        if (a->range) {
            a->count = (struct attachments){0};
            range_write(space, a->range, &a->count);
            record_drop(a);
        }
    }
    if (space->number < PLAN_MAX_ROOTS) {
        if (GUARD_ACT(ROOT_FORGET)) {
            planned_forget(space);
        }
        directories_drop(space);
    }
    quota_uncharge(quota_of(space->first), 2);
    frame_give_words(pool_of(space->first), arch_root_end(frame), 0, 0);
    frame_give_words(pool_of(space->first), frame, 0, 0);
    space->root = 0;
}

uint32_t space_ranges(struct space *space)
{
    uint32_t count = parts_count(space);

    for (uint32_t i = 0; i < SPACE_RECORDS; i++) {
        count += space->records[i].range != NULL;
    }
    for (uint32_t i = 0;
         space->number < PLAN_MAX_ROOTS && i < kernel.plan.range_count; i++) {
        count += kernel.planned[space->number][i].read != 0;
    }
    return count;
}

/* Most that a range may be attached to a space with. */
uint8_t space_allows(struct space *space, struct range *range)
{
    const struct attachments *kept = attachments_of(space, range);

    if (is_planned(space, range)) {
        return kernel.plan.attached[space->number][range->number];
    }
    if (space->any) {
        return CAP_READ | CAP_WRITE | CAP_EXEC;
    }
    return kept && kept->read ? attached_rights(kept) : 0;
}

enum status attach_into(struct cap_slot *source, struct cap_table *table,
                        struct space *space, uint8_t rights,
                        struct cap_ref *ref)
{
    const struct attachments *has;
    struct range *range = slot_range(source);
    enum status status = space_ready(space, range);

    if (status != STATUS_OK) {
        return status;
    }
    has = attachments_of(space, range);
    if (!GUARD(ATTACH_COUNT, !has || has->read != UINT16_MAX)) {
        return STATUS_TOO_BIG;
    }
    status = cap_derive_object(source, table, &kernel.attachment_object, rights,
                               (uint64_t)space->made << 32 | space->number,
                               range->number, ref);
    if (status == STATUS_OK) {
        space_attach(space, range, rights);
    } else {
        space_unready(space, range);
    }
    return status;
}

enum status attach_through(struct cap_slot *source, uint32_t domain,
                           uint8_t rights, struct cap_ref *ref)
{
    struct cap_table *table = caps_of(domain);

    return attach_into(source, table ? table : source->table,
                       domain_at(domain)->is.space, rights, ref);
}
