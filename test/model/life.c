/* SPDX-License-Identifier: Apache-2.0 */
#include "life.h"

#include "calls.h"
#include "log.h"
#include "travel.h"

#include <string.h>

struct log step;

/* Every removal is logged; a frame's has consequences. */
static void removed(void *context, const struct cap_slot *slot, bool last)
{
    (void)context;
    if (step.removals < LOG_REMOVALS) {
        step.removal[step.removals++] = (struct removal){
            (uint8_t)node_of(slot), (uint8_t)thing_of(slot->object), last};
    }
    if (slot->type == CAP_FRAME) {
        calls.frame_gone(slot, last);
    }
    if (scene->travel) {
        travel_removed(slot);
    }
}

static const struct cap_ops model_ops = {
    .removed = {[CAP_RANGE] = removed,
                [CAP_FRAME] = removed,
                [CAP_POOL] = removed,
                [CAP_FILE] = removed,
                [CAP_DIRECTORY] = removed,
                [CAP_ENDPOINT] = removed,
                [CAP_NOTIFICATION] = removed,
                [CAP_ATTACHMENT] = removed,
                [CAP_COMPOSITE] = removed},
};
const struct cap_context model_context = {.ops = &model_ops};

void life_frame_gone(const struct cap_slot *slot, bool last)
{
    struct frame *frame =
        &world.rest.frame[thing_of(slot->object) - THING_FRAME];

    if (last) {
        calls.uncharge(&world.rest.quota[frame->quota], 1);
        world.rest.pool_free++;
        frame->taken = 0;
        frame->quota = NOBODY;
    }
}

/* Below are the rules of sys_allocate (guest/kernel/syscall_memory.c). */

static enum status frame_reserve(uint32_t quota)
{
    enum status status = calls.charge(&world.rest.quota[quota], 1);

    if (status == STATUS_OK &&
        world.rest.pool_free == world.rest.pool_reserved) {
        calls.uncharge(&world.rest.quota[quota], 1);
        status = STATUS_NO_MEMORY;
    }
    return status;
}

static struct frame *frame_unused(void)
{
    for (uint32_t i = 0; i < scene->frames; i++) {
        if (!world.rest.frame[i].taken) {
            return &world.rest.frame[i];
        }
    }
    return NULL;
}

enum status life_allocate(uint32_t domain, struct cap_slot *pool)
{
    struct frame *frame = frame_unused();
    struct cap_ref ref;
    enum status status;

    if (cap_table_free(pool->table) == 0) {
        return STATUS_NO_SLOT;
    }
    status = frame_reserve(domain);
    if (status != STATUS_OK) {
        return status;
    }
    core_assert(frame != NULL);
    world.rest.pool_free--;
    frame->taken = 1;
    frame->quota = (uint8_t)domain;
    status = calls.derive_object(pool, pool->table, &frame->object,
                                 CAP_READ | CAP_WRITE | CAP_USE, 0, 1, &ref);
    if (status != STATUS_OK) {
        calls.uncharge(&world.rest.quota[domain], 1);
        world.rest.pool_free++;
        frame->taken = 0;
        frame->quota = NOBODY;
    }
    return status;
}

/* Who runs: as schedule_wake and schedule_block. */
void life_apply(uint32_t actor, const struct ipc_outcome *outcome)
{
    uint32_t woken = outcome->wake;

    if (woken < DOMAINS) {
        const struct ipc_party *party = world.rest.ipc.party[woken];

        if (step.wakes < LOG_WAKES) {
            step.wake[step.wakes++] = (struct wake){
                (uint8_t)woken, party->result, party->message.badge,
                party->message.words[0], step.passed[woken]};
            step.passed[woken] = 0;
        }
        world.rest.life[woken] = LIFE_RUNNABLE;
    }
    if (outcome->block) {
        world.rest.life[actor] = LIFE_CROSSING;
    }
}

void life_end(uint32_t domain)
{
    struct ipc_outcome outcome;

    world.rest.life[domain] = LIFE_ENDED;
    do {
        outcome.wake = IPC_NONE;
        calls.leave(&world.rest.ipc, domain, &outcome);
        life_apply(domain, &outcome);
    } while (outcome.wake != IPC_NONE);
}

bool life_depended_on(uint32_t domain)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        if ((world.rest.live >> d & 1) != 0 &&
            model_spec.domains[d].parent == domain) {
            return true;
        }
    }
    return false;
}

static void page_give(uint32_t domain)
{
    world.rest.pool_free++;
    calls.uncharge(&world.rest.quota[domain], 1);
}

/* What came of a deleted capability lives on, in any table; it goes now. */
void life_clear_tombstone(struct cap_slot *slot)
{
    while (slot->state == CAP_TOMBSTONE && slot->child != NULL) {
        struct cap_slot *below = slot->child;

        while (below->state == CAP_TOMBSTONE) {
            below = below->child;
        }
        while (calls.revoke(&model_context, below) == STATUS_MORE) {
        }
        calls.remove(&model_context, below);
    }
}

static void table_revoke(struct cap_table *table)
{
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        calls.clear_tombstone(slot);
        while (slot->state == CAP_LIVE &&
               calls.revoke(&model_context, slot) == STATUS_MORE) {
        }
    }
    while (calls.clear(&model_context, table) == STATUS_MORE) {
    }
}

void life_empty(uint32_t table)
{
    table_revoke(&world.rest.table[table]);
    table_drop(table);
}

void life_drop_tables(uint32_t domain)
{
    life_empty(caps_table(domain));
    page_give(domain);
    life_empty(files_table(domain));
    page_give(domain);
}

static void ranges_drop(uint32_t domain)
{
    for (uint32_t range = 0; range < model_plan.range_count; range++) {
        const struct plan_range *r = &model_plan.ranges[range];

        if (r->owner != domain) {
            continue;
        }
        world.rest.made &= (uint16_t) ~(1u << range);
        for (uint32_t root = 0; root < model_plan.root_count; root++) {
            world.rest.attached[root][range] = 0;
        }
        for (uint32_t i = 0; i < r->leaves + r->frames; i++) {
            page_give(domain);
        }
    }
}

static void root_drop(uint32_t domain)
{
    const struct plan_root *root =
        &model_plan.roots[model_plan.domains[domain].root];

    world.rest.roots &= (uint8_t) ~(1u << model_plan.domains[domain].root);
    for (uint32_t i = 0; i < 2 + root->directories; i++) {
        page_give(domain);
    }
}

enum status life_destroy(uint32_t domain)
{
    struct quota *quota = &world.rest.quota[domain];

    if (world.rest.life[domain] != LIFE_ENDED || life_depended_on(domain)) {
        return STATUS_BUSY;
    }
    /* point of no return */
    calls.drop_tables(domain);
    ranges_drop(domain);
    root_drop(domain);
    page_give(domain); /* the control block */
    calls.merge(quota);
    world.rest.life[domain] = LIFE_ABSENT;
    world.rest.live &= (uint8_t) ~(1u << domain);
    return STATUS_OK;
}
