/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reverse of compose.c. A domain that goes takes back all it has passed on:
 * what was derived from its capabilities is revoked.
 */
#include "kernel.h"

#include <capabilities/assert.h>

/* Does a domain stand on something of this one's? */
bool depended_on(uint32_t domain)
{
    return domain_at(domain)->children != 0 ||
           stood_on(&kernel.quotas[domain], &kernel.pools[domain], domain);
}

struct work work_begin(void)
{
    return GUARD_ACT(DESTROY_STEPS) ? (struct work){WORK_STEPS, 0} : WORK_ALL;
}

/* One that took long was more than one. */
static bool step_left(struct work *work)
{
    uint32_t steps = work->removed / CAP_STEP_MAX;

    work->removed = 0;
    if (steps == 0) {
        steps = 1;
    }
    work->steps = work->steps > steps ? work->steps - steps : 0;
    return work->steps != 0;
}

bool work_revoke(struct work *work, struct cap_slot *slot)
{
    while (cap_revoke_some(&cap_context, slot, &work->removed) == STATUS_MORE) {
        if (!step_left(work)) {
            return false;
        }
    }
    return true;
}

/* A member goes with its composite. */
bool work_remove(struct work *work, struct cap_slot *slot)
{
    if (slot->flags & CAP_MEMBER) {
        slot = cap_table_slot(slot->table, slot->head);
    }
    if ((work->removed >= CAP_STEP_MAX && !step_left(work)) ||
        !work_revoke(work, slot)) {
        return false;
    }
    kernel.work = 0;
    cap_delete(&cap_context, slot);
    work->removed += 1 + kernel.work;
    return true;
}

static void slot_remove(struct cap_slot *slot)
{
    struct work work = WORK_ALL;
    bool done = work_remove(&work, slot);

    core_assert(done);
    (void)done;
}

/* What was derived from a deleted capability lives on, in any table; its
 * ancestors' place goes now. */
static bool tombstone_clear(struct work *work, struct cap_slot *slot)
{
    while (slot->state == CAP_TOMBSTONE && slot->child) {
        struct cap_slot *below = slot->child;

        while (below->state == CAP_TOMBSTONE) {
            below = below->child;
        }
        if (!work_remove(work, below)) {
            return false;
        }
    }
    return true;
}

bool table_revoke(struct work *work, struct cap_table *table)
{
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        if (GUARD_ACT(TOMBSTONE_CLEAR) && !tombstone_clear(work, slot)) {
            return false;
        }
        if (slot->state == CAP_LIVE && slot->child &&
            !work_revoke(work, slot)) {
            return false;
        }
    }
    while (cap_table_clear(&cap_context, table) == STATUS_MORE) {
        if (!step_left(work)) {
            return false;
        }
    }
    return true;
}

static void page_give(uint32_t domain, void *page)
{
    frame_give(pool_of(domain), arch_physical_of(page));
    quota_uncharge(quota_of(domain), 1);
}

static void table_drop(uint32_t domain, struct cap_table *table)
{
    uint32_t chunks = table->size / CAP_CHUNK_SLOTS;

    for (uint32_t i = 0; i < chunks; i++) {
        page_give(domain, table->chunks[i]);
    }
    cap_table_init(table);
}

/* A shared table outlives the domain: only what it was given goes. */
static bool names_delete(struct work *work, struct domain *domain)
{
    for (uint32_t i = 0; i < domain->name_count; i++) {
        struct cap_slot *slot;

        if (handle_look_up(domain, domain->names[i].handle, &slot) !=
            STATUS_OK) {
            continue;
        }
        if (slot->table != files_of(domain->index) &&
            !work_remove(work, slot)) {
            return false;
        }
    }
    return true;
}

/* All that its capabilities have given to others, and its own tables'. */
static bool capabilities_empty(struct work *work, struct domain *domain)
{
    const struct composition *is = &domain->is;

    if (is->caps == domain->index) {
        if (!table_revoke(work, &domain->caps)) {
            return false;
        }
    } else if (GUARD_ACT(DEAD_NAMES) && !names_delete(work, domain)) {
        return false;
    }
    return is->files != domain->index || table_revoke(work, &domain->files);
}

/* Are they the domain's own, or made out of these? */
static bool goes(const struct quota *quota, const struct pool *pool,
                 uint32_t domain)
{
    return quota_is_under(quota, &kernel.quotas[domain]) ||
           pool_is_under(pool, &kernel.pools[domain]);
}

static bool object_goes(const struct cap_object *object, uint32_t domain)
{
    return goes(object_quota(object), object_pool(object), domain);
}

static bool frame_of(const struct cap_slot *slot, uint32_t domain)
{
    const struct frame *frame =
        slot_is_mapping(slot) ? mapping_frame(slot)
                              : (const struct frame *)(void *)slot->object;

    return (slot->type == CAP_FRAME || slot_is_mapping(slot)) &&
           goes(frame->quota, frame->pool, domain);
}

/* An attachment keeps a range that was made at run time. */
static bool attaches_of(const struct cap_slot *slot, uint32_t domain)
{
    const struct space *space = space_at((uint32_t)slot->first);
    const struct range *range;

    if (!space || !space->root || space->made != slot->first >> 32) {
        return false;
    }
    range = range_at((uint32_t)slot->count);
    return range && object_made(&range->object) &&
           goes(range->quota, range->pool, domain);
}

/* Quotas, pools and times stay as long as something is made out of them, also
 * when nobody has a capability to them any more. */
static bool made_of(const struct cap_slot *slot, uint32_t domain)
{
    const void *object = slot->object;

    if (slot->type == CAP_QUOTA) {
        return goes(object, NULL, domain);
    }
    if (slot->type == CAP_POOL) {
        return goes(NULL, object, domain);
    }
    if (slot->type != CAP_TIME) {
        return false;
    }
    for (const struct time *time = object; time; time = time->from) {
        if (object_goes(&time->object, domain)) {
            return true;
        }
    }
    return false;
}

/* Does the capability reach something that goes with the domain? */
static bool reaches(const struct cap_slot *slot, uint32_t domain)
{
    const struct cap_object *object = slot->object;
    const struct space *space = domain_at(domain)->is.space;

    if (slot->type == CAP_RANGE && !object_made(object)) {
        return slot_range(slot)->owner == domain;
    }
    if (slot->type == CAP_ATTACHMENT && !slot_is_mapping(slot) &&
        attaches_of(slot, domain)) {
        return true;
    }
    return object_goes(object, domain) || frame_of(slot, domain) ||
           made_of(slot, domain) || object == &kernel.cpu_objects[domain] ||
           object == &kernel.handlers[domain].object ||
           (space->first == domain && object == &space->object);
}

/* Whatever copies a domain made in the table it shares: no capability outlives
 * what it reaches. */
static void table_sweep(struct cap_table *table, uint32_t domain)
{
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        if (slot->state == CAP_LIVE && slot->object && reaches(slot, domain)) {
            slot_remove(slot);
        }
    }
}

/* Needs: capabilities_empty has been done. */
static void capabilities_drop(struct domain *domain)
{
    const struct composition *is = &domain->is;

    if (is->caps == domain->index) {
        table_drop(domain->index, &domain->caps);
    } else if (GUARD_ACT(OUTLIVE) && caps_of(domain->index)) {
        table_sweep(caps_of(domain->index), domain->index);
    }
    if (is->files == domain->index) {
        table_drop(domain->index, &domain->files);
    }
}

/*
 * Its own quota and pool go with it. What others still have of them, or what
 * lies in their memory, was moved there: every table is searched.
 */
static void heirs_drop(uint32_t domain)
{
    if ((kernel.quotas[domain].limit == 0 && kernel.pools[domain].total == 0) ||
        !GUARD_ACT(OUTLIVE)) {
        return;
    }
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        struct domain *other = domain_at(i);

        if (other && other->caps.size) {
            table_sweep(&other->caps, domain);
        }
    }
}

static void table_detach(struct cap_table *table, uint32_t root)
{
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        if (slot->state == CAP_LIVE && slot->type == CAP_ATTACHMENT &&
            (uint32_t)slot->first == root) {
            cap_delete(&cap_context, slot);
        }
    }
}

/* An attachment's slot may be in any table that its range came from. */
void attachments_drop(struct space *space)
{
    if (kernel.spec.header->ranges.count == 0) {
        return;
    }
    table_detach(&kernel.root_table, space->number);
    for (uint64_t bits = kernel.live; bits; bits &= bits - 1) {
        table_detach(&domain_at((uint32_t)__builtin_ctzll(bits))->caps,
                     space->number);
    }
}

static void planned_detach(struct range *range)
{
    for (uint32_t root = 0; root < kernel.plan.root_count; root++) {
        struct attachments *a = &kernel.planned[root][range->number];

        if (GUARD_ACT(RANGE_DETACH) && kernel.spaces[root].root && a->read) {
            space_detach(&kernel.spaces[root], range,
                         kernel.plan.attached[root][range->number]);
        }
    }
}

static void ranges_drop(uint32_t domain)
{
    const struct plan_domain *plan = &kernel.plan.domains[domain];

    for (uint32_t i = plan->own; i <= plan->stack; i++) {
        planned_detach(&kernel.ranges[i]);
        while (kernel.ranges[i].attached && kernel.ranges[i].attached->part) {
            part_detach(kernel.ranges[i].attached);
        }
        range_drop(&kernel.ranges[i]);
    }
}

/*
 * Returns OK, BUSY (a domain composed from it still exists, or it runs), MORE.
 */
enum status destroy_domain(uint32_t index)
{
    struct domain *domain = domain_at(index);
    struct work work = work_begin();
    struct space *space;
    struct quota *quota;
    struct pool *pool;

    if (!domain || domain->state != DOMAIN_ENDED ||
        !GUARD(DESTROY_PARENT, !depended_on(index))) {
        return STATUS_BUSY;
    }
    if (!capabilities_empty(&work, domain)) {
        return STATUS_MORE; /* and it stays as it is, but for these */
    }
    space = domain->is.space;
    quota = domain->is.quota;
    pool = domain->is.pool;
    /* point of no return: from here on nobody expects its view */
    share_event(EVENT_DESTROY, index, space->number, 0);
    shared.domains[index].frame = 0;
    shared.domains[index].caps = 0;
    shared.domains[index].files = 0;
    share_root(space->number, space->root, 1ull << index);
    capabilities_drop(domain);
    heirs_drop(index);
    ranges_drop(index);
    kernel.live &= ~(1ull << index);
    if (space->first == index) {
        attachments_drop(space);
        root_drop(space);
    }
    domain_part(domain);
    quota_uncharge(quota, 1);
    frame_give(pool, arch_physical_of(domain));
    if (pool == &kernel.pools[index]) {
        pool_return(pool);
    }
    if (quota == &kernel.quotas[index]) {
        quota_merge(quota);
    }
    share_step();
    return STATUS_OK;
}
