/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reverse of compose.c. A domain that goes takes back all it has passed on:
 * what was derived from its capabilities is revoked.
 */
#include "kernel.h"

/* Does a domain stand on something of this one's? */
bool depended_on(uint32_t domain)
{
    for (uint64_t bits = kernel.live & ~(1ull << domain); bits;
         bits &= bits - 1) {
        uint32_t other = (uint32_t)__builtin_ctzll(bits);

        if (kernel.spec.domains[other].parent == domain) {
            return true;
        }
    }
    return stood_on(&kernel.quotas[domain], &kernel.pools[domain], domain);
}

static void table_revoke(struct cap_table *table)
{
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        while (slot->state == CAP_LIVE &&
               cap_revoke(&cap_context, slot) == STATUS_MORE) {
        }
    }
    while (cap_table_clear(&cap_context, table) == STATUS_MORE) {
    }
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
static void names_delete(struct domain *domain)
{
    for (uint32_t i = 0; i < domain->name_count; i++) {
        struct cap_slot *slot;

        if (handle_look_up(domain, domain->names[i].handle, &slot) !=
            STATUS_OK) {
            continue;
        }
        if (slot->table != files_of(domain->index)) {
            while (cap_revoke(&cap_context, slot) == STATUS_MORE) {
            }
            cap_delete(&cap_context, slot);
        }
    }
}

static bool frame_of(const struct cap_slot *slot, uint32_t domain)
{
    const struct frame *frame = (const struct frame *)(void *)slot->object;

    return slot->type == CAP_FRAME && (frame->quota == &kernel.quotas[domain] ||
                                       frame->pool == &kernel.pools[domain]);
}

/* Does the capability reach something that goes with the domain? */
static bool reaches(const struct cap_slot *slot, uint32_t domain)
{
    const struct cap_object *object = slot->object;
    uint32_t root = kernel.plan.domains[domain].root;

    if (slot->type == CAP_RANGE) {
        return kernel.plan.ranges[slot_range(slot)].owner == domain;
    }
    if (object_quota(object) == &kernel.quotas[domain] ||
        object_pool(object) == &kernel.pools[domain]) {
        return true;
    }
    return frame_of(slot, domain) || object == &kernel.quotas[domain].object ||
           object == &kernel.pools[domain].object ||
           object == &kernel.cpu_objects[domain] ||
           object == &kernel.handlers[domain].object ||
           (kernel.plan.roots[root].first == domain &&
            object == &kernel.spaces[root].object);
}

/* A member goes with its composite. */
static void slot_remove(struct cap_slot *slot)
{
    if (slot->flags & CAP_MEMBER) {
        slot = cap_table_slot(slot->table, slot->head);
    }
    while (cap_revoke(&cap_context, slot) == STATUS_MORE) {
    }
    cap_delete(&cap_context, slot);
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

static void capabilities_drop(struct domain *domain)
{
    const struct plan_domain *plan = &kernel.plan.domains[domain->index];

    if (plan->caps == domain->index) {
        table_revoke(&domain->caps);
        table_drop(domain->index, &domain->caps);
    } else {
        if (GUARD_ACT(DEAD_NAMES)) {
            names_delete(domain);
        }
        if (GUARD_ACT(OUTLIVE) && caps_of(domain->index)) {
            table_sweep(caps_of(domain->index), domain->index);
        }
    }
    if (plan->files == domain->index) {
        table_revoke(&domain->files);
        table_drop(domain->index, &domain->files);
    }
}

static bool has_heirs(const struct quota *quota, const struct pool *pool)
{
    return quota->object.refs || quota->slab_count || quota->children ||
           pool->object.refs || pool->slab_count || pool->children;
}

/*
 * Its own quota and pool go with it. What others still have of them, or what
 * lies in their memory, was moved there: rare, so every table is searched.
 */
static void heirs_drop(uint32_t domain)
{
    if (!has_heirs(&kernel.quotas[domain], &kernel.pools[domain]) ||
        !GUARD_ACT(OUTLIVE)) {
        return;
    }
    for (uint64_t bits = kernel.live; bits; bits &= bits - 1) {
        uint32_t other = (uint32_t)__builtin_ctzll(bits);

        if (kernel.domains[other]->caps.size) {
            table_sweep(&kernel.domains[other]->caps, domain);
        }
    }
}

static void table_detach(struct cap_table *table, uint32_t root)
{
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        if (slot->state == CAP_LIVE && slot->type == CAP_ATTACHMENT &&
            slot->first == root) {
            cap_delete(&cap_context, slot);
        }
    }
}

/* An attachment's slot may be in any table that its range came from. */
void attachments_drop(uint32_t root)
{
    if (kernel.spec.header->ranges.count == 0) {
        return;
    }
    table_detach(&kernel.root_table, root);
    for (uint64_t bits = kernel.live; bits; bits &= bits - 1) {
        table_detach(&kernel.domains[__builtin_ctzll(bits)]->caps, root);
    }
}

static void ranges_drop(uint32_t domain)
{
    for (uint32_t range = 0; range < kernel.plan.range_count; range++) {
        if (kernel.plan.ranges[range].owner != domain ||
            kernel.plan.ranges[range].kind == PLAN_NAMED) {
            continue;
        }
        for (uint32_t root = 0; root < kernel.plan.root_count; root++) {
            if (GUARD_ACT(RANGE_DETACH) && kernel.spaces[root].root &&
                kernel.spaces[root].attached[range].read) {
                space_detach(root, range, kernel.plan.attached[root][range]);
            }
        }
        range_drop(range);
    }
}

/*
 * Returns OK, BUSY (a domain composed from it still exists, or it runs).
 */
enum status destroy_domain(uint32_t index)
{
    struct domain *domain = kernel.domains[index];
    uint32_t root = kernel.plan.domains[index].root;

    if (!domain || domain->state != DOMAIN_ENDED ||
        !GUARD(DESTROY_PARENT, !depended_on(index))) {
        return STATUS_BUSY;
    }
    /* point of no return: from here on nobody expects its view */
    share_event(EVENT_DESTROY, index, root, 0);
    shared.domains[index].frame = 0;
    share_root(root, kernel.spaces[root].root, 1ull << index);
    capabilities_drop(domain);
    heirs_drop(index);
    ranges_drop(index);
    kernel.live &= ~(1ull << index);
    if (kernel.plan.roots[root].first == index) {
        attachments_drop(root);
        root_drop(root);
    }
    if (kernel.resident == index) {
        kernel.resident = NO_DOMAIN;
    }
    time_bind(domain, NULL);
    kernel.domains[index] = NULL;
    ipc_forget(&kernel.ipc, index);
    page_give(index, domain);
    if (pool_of(index) == &kernel.pools[index]) {
        pool_return(&kernel.pools[index]);
    }
    if (quota_of(index) == &kernel.quotas[index]) {
        quota_merge(&kernel.quotas[index]);
    }
    share_step();
    return STATUS_OK;
}
