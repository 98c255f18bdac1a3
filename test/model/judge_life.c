/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel keeps beside the tables: quotas, memory, who lives. */
#include "judge.h"
#include "life.h"

static bool lives(uint32_t domain)
{
    return (world.rest.live >> domain & 1) != 0;
}

/* Pages that a quota must have out, counted from those that have them. */
static uint64_t charged(uint32_t domain)
{
    uint64_t pages = domain < ROOT && lives(domain) ? life_needs(domain) : 0;

    for (uint32_t i = 0; i < FRAMES; i++) {
        pages +=
            world.rest.frame[i].taken && world.rest.frame[i].quota == domain;
    }
    for (uint32_t d = 0; d < scene->domains; d++) {
        uint32_t parent = d == 0 ? ROOT : 0;

        pages += lives(d) && parent == domain
                     ? model_spec.domains[d].quota_pages
                     : 0;
    }
    return pages;
}

/* M6: a quota is what it was made with, and says what is charged. */
static bool quotas_hold(void)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct quota *quota = &world.rest.quota[d];
        uint64_t limit = lives(d) ? model_spec.domains[d].quota_pages : 0;

        if (quota->limit != limit || quota->used != charged(d) ||
            quota->used > quota->limit) {
            return false;
        }
    }
    return world.rest.quota[ROOT].used == charged(ROOT) &&
           world.rest.quota[ROOT].used <= world.rest.quota[ROOT].limit;
}

/* M7: every page is free or somebody's. */
static bool memory_holds(void)
{
    uint64_t pages = world.rest.pool_free;

    for (uint32_t d = 0; d < scene->domains; d++) {
        pages += lives(d) ? life_needs(d) : 0;
    }
    for (uint32_t i = 0; i < FRAMES; i++) {
        const struct frame *frame = &world.rest.frame[i];

        pages += frame->taken;
        if ((frame->taken != 0) != (frame->object.refs != 0)) {
            return false;
        }
    }
    return world.rest.pool_reserved == 0 && pages == life_memory();
}

/* M8: who does not exist has no tables, no quota, nothing charged to it. */
static bool dead_hold_nothing(void)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct rest *r = &world.rest;

        if ((r->life[d] == LIFE_ABSENT) == lives(d)) {
            return false;
        }
        if (!lives(d) &&
            (r->table[caps_table(d)].size != 0 ||
             r->table[files_table(d)].size != 0 || r->quota[d].limit != 0)) {
            return false;
        }
        for (uint32_t i = 0; i < FRAMES && !lives(d); i++) {
            if (r->frame[i].taken && r->frame[i].quota == d) {
                return false;
            }
        }
    }
    return true;
}

/* M9: who waits in a crossing is blocked, and nobody else; and no child
 * outlives its parent. */
static bool running(void)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct ipc_party *p = world.rest.ipc.party[d];
        uint8_t life = world.rest.life[d];

        if ((p->state != IPC_IDLE) != (life == LIFE_CROSSING)) {
            return false;
        }
        if ((life == LIFE_ENDED || life == LIFE_ABSENT) &&
            p->answering != IPC_NONE) {
            return false;
        }
        if (lives(d) && d != 0 && !lives(0)) {
            return false;
        }
    }
    return true;
}

const char *judge_life(void)
{
    if (!quotas_hold()) {
        return "M6 quota";
    }
    if (!memory_holds()) {
        return "M7 memory";
    }
    if (!dead_hold_nothing()) {
        return "M8 dead";
    }
    if (!running()) {
        return "M9 running";
    }
    return life_views_hold() ? NULL : "M10 views";
}

static enum status predict_allocate(const struct move *m, struct view *want)
{
    const struct action *a = m->action;
    uint32_t table = a->node / CAP_CHUNK_SLOTS;
    const struct quota *quota = &m->rest->quota[table_domain(table)];
    struct node frame = {.type = CAP_FRAME,
                         .rights = CAP_READ | CAP_WRITE | CAP_USE,
                         .thing = THING_FRAME,
                         .count = 1};

    while (m->rest->frame[frame.thing - THING_FRAME].taken) {
        frame.thing++;
    }
    if (view_free(m->before, table) == 0) {
        return STATUS_NO_SLOT;
    }
    if (quota->used + 1 > quota->limit) {
        return STATUS_NO_QUOTA;
    }
    if (m->rest->pool_free == 0) {
        return STATUS_NO_MEMORY;
    }
    return predict_object(m->before, want, a->node, table, &frame);
}

/* The endpoint: from the parent's own hold, if that is still whole. */
static void give(const struct move *m, struct view *want, uint32_t domain)
{
    uint32_t table = caps_table(domain);
    uint32_t source =
        domain == 0 ? 1
                    : caps_table(0) * CAP_CHUNK_SLOTS + m->rest->hold[0].index;
    const struct node pool = {
        .type = CAP_POOL, .rights = CAP_READ | CAP_USE, .thing = THING_POOL};
    const struct node directory = {.type = CAP_DIRECTORY,
                                   .rights = CAP_READ | CAP_USE,
                                   .thing = THING_DIRECTORY};
    const struct node endpoint = {.type = CAP_ENDPOINT,
                                  .rights = CAP_WRITE | CAP_USE,
                                  .thing = THING_ENDPOINT,
                                  .parent = (uint8_t)source,
                                  .count = (uint8_t)(domain + 1)};

    (void)view_put(want, table, &pool);
    (void)view_put(want, files_table(domain), &directory);
    if (domain == 0 ||
        (m->rest->hold[0].index != 0 &&
         m->before->node[source].state == CAP_LIVE &&
         m->before->node[source].generation == m->rest->hold[0].generation &&
         !view_revoking(m->before, source))) {
        (void)view_put(want, table, &endpoint);
    }
}

static void appear(struct view *want, uint32_t table)
{
    want->size[table] = CAP_CHUNK_SLOTS;
}

static enum status predict_build(const struct move *m, struct view *want)
{
    uint32_t d = m->action->domain;
    const struct quota *from = &m->rest->quota[d == 0 ? ROOT : 0];
    uint32_t pages = model_spec.domains[d].quota_pages;

    if ((m->rest->live >> d & 1) != 0) {
        return STATUS_EXISTS;
    }
    if (d != 0 && (m->rest->live & 1) == 0) {
        return STATUS_NOT_RUNNING;
    }
    if (from->used + pages > from->limit) {
        return STATUS_NO_QUOTA;
    }
    if (life_needs(d) > m->rest->pool_free) {
        return STATUS_NO_MEMORY;
    }
    appear(want, caps_table(d));
    appear(want, files_table(d));
    give(m, want, d);
    return STATUS_OK;
}

bool predict_life(const struct move *m, struct view *want, enum status *status)
{
    switch (m->action->act) {
    case ACT_ALLOCATE:
        *status = predict_allocate(m, want);
        return true;
    case ACT_BUILD:
        *status = predict_build(m, want);
        return true;
    default:
        return false;
    }
}
