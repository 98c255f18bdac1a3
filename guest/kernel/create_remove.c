/* SPDX-License-Identifier: Apache-2.0 */
/* A domain made at run time: started, ended, started again, taken apart. */
#include "create.h"

#include <capabilities/assert.h>

/* Everywhere, whatever became of it there. */
static void range_detach(struct range *range)
{
    while (range->attached) {
        struct attachment *a = range->attached;

        if (a->part) {
            part_detach(a);
            continue;
        }
        uint8_t rights = (uint8_t)(CAP_READ | (a->count.write ? CAP_WRITE : 0) |
                                   (a->count.exec ? CAP_EXEC : 0));

        a->count =
            (struct attachments){1, a->count.write != 0, a->count.exec != 0};
        space_detach(a->space, range, rights);
    }
}

void own_ranges_drop(struct domain *domain)
{
    for (uint32_t i = 0; i < 3; i++) {
        struct range *range = &domain->own[i];

        if (range->granules) {
            range_detach(range);
            range_drop(range);
        }
    }
}

/* Of a chunk: all of it, or, of a table that is empty now, the slots that were
 * used some time. They are given out lowest first, each time with the next
 * generation. */
static uint32_t words_used(const struct cap_table *table,
                           const struct cap_slot *chunk)
{
    uint32_t slots = 1; /* slot 0 never says anything */

    if (table->used) {
        return ABI_PAGE_SIZE / sizeof(uint64_t);
    }
    while (slots < CAP_CHUNK_SLOTS && chunk[slots].generation) {
        slots++;
    }
    return slots * (uint32_t)(sizeof(struct cap_slot) / sizeof(uint64_t));
}

static bool table_end(struct work *work, struct domain *domain,
                      struct cap_table *table)
{
    uint32_t chunks = table->size / CAP_CHUNK_SLOTS;

    if (table->used && !table_revoke(work, table)) {
        return false;
    }
    for (uint32_t i = 0; i < chunks; i++) {
        frame_give_words(domain->is.pool, arch_physical_of(table->chunks[i]), 0,
                         words_used(table, table->chunks[i]));
    }
    quota_uncharge(domain->is.quota, chunks);
    cap_table_init(table);
    return true;
}

/* What it was given in a table that it shares. */
static bool names_end(struct work *work, struct domain *domain)
{
    for (uint32_t i = 0; i < domain->name_count; i++) {
        struct cap_slot *slot;

        if (handle_look_up(domain, domain->names[i].handle, &slot) ==
                STATUS_OK &&
            slot->table != files_of(domain->index) &&
            !work_remove(work, slot)) {
            return false;
        }
    }
    domain->name_count = 0; /* block_clear has been told before */
    return true;
}

/* What of a deleted capability lives on; everything below is of one kind. */
static struct cap_slot *live_below(struct cap_slot *slot)
{
    while (slot->state == CAP_TOMBSTONE) {
        slot = slot->child;
    }
    return slot;
}

/* Capabilities to parts of it; those to it as a whole stay. */
static bool parts_end(struct work *work, struct domain *domain)
{
    struct cap_slot *slot = original_of(domain)->child;

    while (slot) {
        struct cap_slot *next = slot->next, *part = live_below(slot);

        if (part->type != CAP_DOMAIN) {
            if (!work_remove(work, part)) {
                return false;
            }
            next = original_of(domain)->child;
        }
        slot = next;
    }
    return true;
}

/*
 * Capabilities to it, but for the one that it is destroyed by, which a repeated
 * call needs, and those which that was derived from. Members are left for the
 * end: they take others along.
 */
static bool handles_end(struct work *work, struct cap_slot *by)
{
    if (!work_revoke(work, by)) {
        return false;
    }
    for (; by->parent; by = by->parent) {
        struct cap_slot *slot = by->parent->child;

        while (slot) {
            struct cap_slot *next = slot->next;

            if (slot != by && slot->state == CAP_LIVE &&
                !(slot->flags & CAP_MEMBER)) {
                if (!work_remove(work, slot)) {
                    return false;
                }
            }
            slot = next;
        }
    }
    return true;
}

static bool capabilities_end(struct work *work, struct domain *domain)
{
    const struct composition *is = &domain->is;

    if (!parts_end(work, domain)) {
        return false;
    }
    if (!(is->caps == domain->index ? table_end(work, domain, &domain->caps)
                                    : names_end(work, domain))) {
        return false;
    }
    return is->files != domain->index ||
           table_end(work, domain, &domain->files);
}

/* What it kept of its creator's, where it has no table of its own for that. */
static bool kept_end(struct work *work, struct domain *domain)
{
    const struct space *space = &domain->space;
    uint64_t first = (uint64_t)space->made << 32 | space->number;
    struct cap_table *table = caps_of(domain->is.parent);

    for (uint32_t i = 1; domain->keeps && table && i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        if (slot->state == CAP_LIVE && slot->type == CAP_ATTACHMENT &&
            !slot_is_mapping(slot) && slot->first == first &&
            !work_remove(work, slot)) {
            return false;
        }
    }
    domain->keeps = false;
    return true;
}

static void spans_end(struct domain *domain)
{
    for (uint32_t i = 0; i < 3; i++) {
        struct range *range = &domain->own[i];

        if (range->granules) {
            span_give(domain->is.pool, range->base, pd_span(range->limit));
        }
    }
}

/* Quota and pool of its own, when nothing is charged to them any more. */
static void shares_end(struct quota *own, struct pool_block *block,
                       const struct domain *parent)
{
    if (block) {
        pool_block_drop(block, parent->is.pool, parent->is.quota);
    }
    if (own->limit) {
        quota_merge(own);
    }
}

/* All but the control block. Nothing happens when it is done again. */
static bool insides_end(struct work *work, struct domain *domain)
{
    if (!capabilities_end(work, domain) || !kept_end(work, domain)) {
        return false;
    }
    own_ranges_drop(domain);
    if (domain->is.space == &domain->space && domain->space.root) {
        root_drop(&domain->space);
    }
    return true;
}

/* Is anything but the control block charged to it, or of its pool? */
static bool lives_on(const struct domain *domain)
{
    const struct pool *pool = domain->is.pool;

    return (domain->is.quota == &domain->quota &&
            (domain->quota.used != 1 || domain->quota.children)) ||
           (domain->block && (pool->free + 1 != pool->total || pool->children));
}

/* Zeroes the fields from `a` to before `b`, which begin on words. */
#define CLEAR(domain, a, b)                                                    \
    arch_clear(&(domain)->a,                                                   \
               (offsetof(struct domain, b) - offsetof(struct domain, a)) /     \
                   sizeof(uint64_t))

/* The words of a control block that this one has used: the large parts that
 * most domains leave empty are told by what counts their contents. */
static void block_clear(struct domain *domain, uint32_t names)
{
    bool spaced = domain->is.space == &domain->space;
    bool tables =
        domain->is.caps == domain->index || domain->is.files == domain->index;

    if (!GUARD_ACT(FRAME_SCRUB)) {
        return;
    }
    if (domain->registers_used) {
        arch_clear(&domain->registers, sizeof(domain->registers) / 8);
    }
    for (uint32_t i = 0; i < 3; i++) {
        if (domain->own[i].granules) {
            arch_clear(&domain->own[i], sizeof(domain->own[i]) / 8);
        }
    }
    if (spaced) {
        CLEAR(domain, space, quota);
    }
    if (tables) {
        arch_clear(&domain->caps, 2 * sizeof(domain->caps) / 8);
    }
    arch_clear(domain->names, names * (sizeof(domain->names[0]) / 8));
    arch_clear(domain->texts, (domain->text_bytes + 7) / 8);
    CLEAR(domain, frame, registers);
    CLEAR(domain, registers_live, own);
    CLEAR(domain, quota, names);
    domain->first_lock = 0;
}

/* It is not started again; what has gone of it says nothing any more. */
static enum status gut(struct domain *domain, uint32_t names,
                       enum status status)
{
    domain->gutted = true;
    if (domain->name_count == 0) {
        arch_clear(domain->names, names * (sizeof(domain->names[0]) / 8));
    }
    return status;
}

enum status create_remove(struct domain *domain, struct work *work,
                          struct cap_slot *by)
{
    const struct domain *parent = domain_at(domain->is.parent);
    struct pool *pool = domain->is.pool;
    struct quota *quota = domain->is.quota, own = {0};
    struct pool_block *block = domain->block;
    uint32_t number = domain->index, names = domain->name_count;
    bool left;

    serve_end(domain);
    if (!insides_end(work, domain)) {
        return gut(domain, names, STATUS_MORE);
    }
    share_event(EVENT_DESTROY, number, domain->is.space->number, 0);
    left = lives_on(domain);
    if (left || (by && !handles_end(work, by))) {
        arch_clear(&domain->record, sizeof(domain->record) / 8);
        domain->name_count = 0;
        return gut(domain, names, left ? STATUS_BUSY : STATUS_MORE);
    }
    *work = WORK_ALL; /* the rest is short, and cannot stop */
    if (work_revoke(work, original_of(domain))) {
        cap_delete(&cap_context, original_of(domain));
    }
    spans_end(domain);
    domain_part(domain);
    number_give(pool, number);
    quota_uncharge(quota, 1);
    if (quota == &domain->quota) {
        own = domain->quota;
    }
    block_clear(domain, names);
    frame_give_words(pool, arch_physical_of(domain), 0, 0);
    shares_end(&own, block, parent);
    share_step();
    return STATUS_OK;
}

/* Its own memory as at first: what it had done there is gone. */
static enum status refresh(struct domain *domain)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < 3 && status == STATUS_OK; i++) {
        struct range *range = &domain->own[i];
        uint64_t before = domain->is.quota->used;

        if (range->granules) {
            range_detach(range);
            range_drop(range);
            before -= domain->is.quota->used;
            status = pages_reserve(range->quota, range->pool,
                                   range_needs(range), range_needs(range));
            core_assert(status == STATUS_OK && before >= range_needs(range));
            range_make(range);
        }
    }
    start_write(domain, &domain->start);
    return own_ranges_attach(domain);
}

static enum status begin(struct domain *domain)
{
    domain->result.starts++;
    domain->result.outcome = OUTCOME_RUNNING;
    domain->try_landing = 0;
    serve_begin(domain);
    schedule_wake(domain->index);
    return STATUS_OK;
}

/* Built and never started, or ended: from the start, unless domains that it has
 * made stand on the memory that would be as at first. */
enum status create_start(struct domain *domain)
{
    enum status status = STATUS_OK;

    if (domain->gutted) {
        return STATUS_CLOSED;
    }
    if (domain->state == DOMAIN_ABSENT) {
        return begin(domain);
    }
    if (!GUARD(CREATE_RUNNING, domain->state == DOMAIN_ENDED)) {
        return STATUS_BUSY;
    }
    if (!GUARD(START_CHILDREN, domain->children == 0)) {
        return STATUS_BUSY;
    }
    if (GUARD_ACT(CREATE_FRESH)) {
        status = refresh(domain);
    } else {
        start_write(domain, &domain->start);
    }
    return status == STATUS_OK ? begin(domain) : status;
}
