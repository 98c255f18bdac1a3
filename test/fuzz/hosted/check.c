/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds between two entries of the hosted kernel. The books are made
 * again from the objects that exist and compared with those the kernel keeps.
 */
#include "machine.h"

#include "fuzz.h"
#include "kernel.h"

#include <string.h>

static bool alive(uint32_t domain)
{
    return kernel.live >> domain & 1;
}

/* Of the config, or made at run time; ended ones as well. */
static bool exists(uint32_t domain)
{
    return domain < SPEC_MAX_DOMAINS ? alive(domain)
                                     : domain_at(domain) != NULL;
}

/* A table that a domain shares with another is the other's. */
static uint32_t table_add(struct cap_table **tables, uint32_t count,
                          struct cap_table *table)
{
    if (table->size != 0) {
        tables[count++] = table;
    }
    return count;
}

#define ENDPOINTS_MOST 1024u

/* Endpoints and notifications made at run time are where their capabilities
 * say. */
static uint32_t made_endpoints(struct cap_table *table,
                               struct ipc_endpoint **endpoints, uint32_t count)
{
    for (uint32_t i = 1; i < table->size; i++) {
        const struct cap_slot *slot = cap_table_slot(table, i);
        uint32_t known = 0;

        if (slot->state != CAP_LIVE ||
            (slot->type != CAP_ENDPOINT && slot->type != CAP_NOTIFICATION)) {
            continue;
        }
        while (known < count && &endpoints[known]->object != slot->object) {
            known++;
        }
        if (known == count) {
            FUZZ_CHECK(count < ENDPOINTS_MOST);
            endpoints[count++] = (struct ipc_endpoint *)(void *)slot->object;
        }
    }
    return count;
}

void machine_check_cores(void)
{
    static struct cap_table *tables[3 * DOMAIN_MAX + 1];
    struct ipc_endpoint *endpoints[ENDPOINTS_MOST];
    uint32_t count = 0, known = kernel.spec.header->endpoints.count;
    const char *broken;

    tables[count++] = &kernel.root_table;
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        if (exists(i)) {
            count = table_add(tables, count, &kernel.domains[i]->caps);
            count = table_add(tables, count, &kernel.domains[i]->files);
            count = table_add(tables, count, &kernel.domains[i]->originals);
        }
    }
    for (uint32_t i = 0; i < SPEC_MAX_ENDPOINTS; i++) {
        endpoints[i] = &kernel.endpoints[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        known = made_endpoints(tables[i], endpoints, known);
    }
    broken = cap_check(tables, count);
    if (!broken) {
        broken = ipc_check(&kernel.ipc, endpoints, known);
    }
    if (broken) {
        FUZZ_FAIL(broken);
    }
}

/* For the end of one that has not ended, or until one stands still. */
static const struct queue *waited_for(const struct domain *domain)
{
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        if (exists(i) && domain->queue == &kernel.domains[i]->waiters) {
            FUZZ_CHECK(kernel.domains[i]->state != DOMAIN_ENDED);
            return domain->queue;
        }
    }
    FUZZ_FAIL("who waits does so for a domain");
}

/* The queue that a domain's state says it is in. */
static const struct queue *queue_due(const struct domain *domain)
{
    switch (domain->state) {
    case DOMAIN_RUNNABLE:
        if (domain->paused) {
            return NULL;
        }
        return domain->parked ? domain->queue : &kernel.run[domain->priority];
    case DOMAIN_FAULTED:
        return &domain->told->pending;
    case DOMAIN_WAITING:
        return waited_for(domain);
    default:
        return NULL;
    }
}

static bool in_queue(const struct domain *domain)
{
    const struct domain *at = domain->queue->first;

    for (uint32_t i = 0; at && at != domain && i < DOMAIN_MAX; i++) {
        FUZZ_CHECK(at->queue == domain->queue);
        FUZZ_CHECK((at->next ? at->next->previous : domain->queue->last) == at);
        at = at->next;
    }
    return at == domain;
}

/* Nobody stands in a queue but live domains whose state says so. */
static void check_run_queues(void)
{
    for (uint32_t p = 0; p < SPEC_PRIORITIES; p++) {
        const struct domain *at = kernel.run[p].first;

        FUZZ_CHECK((kernel.ready >> p & 1) == (at != NULL));
        for (; at; at = at->next) {
            FUZZ_CHECK(at == domain_at(at->index));
            FUZZ_CHECK(at->state == DOMAIN_RUNNABLE && at->priority == p);
        }
    }
}

/* Is it the handler of somebody who has not ended? */
static bool decides(const struct handler *handler)
{
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        if (exists(i) && handler_of(i) == handler) {
            return kernel.domains[i]->state != DOMAIN_ENDED;
        }
    }
    return false;
}

static void check_domain(const struct domain *domain, uint32_t index)
{
    FUZZ_CHECK(domain->index == index);
    FUZZ_CHECK(domain->queue == queue_due(domain));
    FUZZ_CHECK(!domain->queue || in_queue(domain));
    FUZZ_CHECK((domain->told != NULL) == (domain->state == DOMAIN_FAULTED));
    if (domain->told) {
        FUZZ_CHECK(decides(domain->told));
    }
    FUZZ_CHECK(domain->state != DOMAIN_ABSENT || index >= SPEC_MAX_DOMAINS);
    FUZZ_CHECK(domain->name_count <= DOMAIN_NAMES);
}

/* Each counts those that were composed from it. */
static void check_children(void)
{
    static uint32_t children[DOMAIN_MAX];

    memset(children, 0, sizeof(children));
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        if (exists(i) && kernel.domains[i]->is.parent != NO_DOMAIN) {
            children[kernel.domains[i]->is.parent]++;
        }
    }
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        FUZZ_CHECK(!exists(i) || kernel.domains[i]->children == children[i]);
    }
}

static void check_domains(void)
{
    for (uint32_t i = 0; i < SPEC_MAX_DOMAINS; i++) {
        uint32_t parent = i < kernel.spec.header->domains.count
                              ? kernel.spec.domains[i].parent
                              : SPEC_NONE;

        FUZZ_CHECK(alive(i) == (kernel.domains[i] != NULL));
        if (alive(i)) {
            check_domain(kernel.domains[i], i);
            FUZZ_CHECK(parent == SPEC_NONE || alive(parent));
        }
    }
    for (uint32_t i = SPEC_MAX_DOMAINS; i < kernel.domain_end; i++) {
        if (exists(i)) {
            check_domain(kernel.domains[i], i);
            FUZZ_CHECK(exists(kernel.domains[i]->is.parent));
        }
    }
    check_children();
    check_run_queues();
}

/* A file that is locked has one capability, and its holder lives. */
static void check_locks(void)
{
    for (uint32_t i = 0; i < kernel.spec.header->nodes.count; i++) {
        const struct file_lock *lock = &kernel.file_locks[i];

        FUZZ_CHECK(lock->object.refs == (lock->slot ? 1 : 0));
        if (lock->slot) {
            FUZZ_CHECK(lock->slot->state == CAP_LIVE);
            FUZZ_CHECK(lock->slot->object == &lock->object);
            FUZZ_CHECK(lock->slot->first == i);
            FUZZ_CHECK(exists(lock->owner) &&
                       domain_at(lock->owner)->state != DOMAIN_ENDED);
        }
    }
}

/* One with a record: there is one, and it has counted this one, too. */
static void check_record(const struct space *space, const struct range *range)
{
    const struct attachment *at = range->attached;

    while (at && at->space != space) {
        at = at->next;
    }
    FUZZ_CHECK(at && at->count.read != 0);
}

/* Attachments of named ranges are counted as the slots say. */
static void count_attachments(struct cap_table *table,
                              uint16_t counts[PLAN_MAX_ROOTS][SPEC_MAX_RANGES])
{
    for (uint32_t i = 1; i < table->size; i++) {
        const struct cap_slot *slot = cap_table_slot(table, i);
        uint32_t root = (uint32_t)slot->first;
        const struct space *space;

        if (slot->state != CAP_LIVE || slot->type != CAP_ATTACHMENT ||
            slot_is_mapping(slot)) {
            continue;
        }
        space = space_at(root);
        if (!space || !space->root || space->made != slot->first >> 32) {
            continue; /* the space has gone */
        }
        if (root < PLAN_MAX_ROOTS &&
            slot->count < kernel.spec.header->ranges.count) {
            counts[root][slot->count]++;
        } else {
            check_record(space, range_at((uint32_t)slot->count));
        }
    }
}

static void check_attachments(void)
{
    static uint16_t counts[PLAN_MAX_ROOTS][SPEC_MAX_RANGES];

    memset(counts, 0, sizeof(counts));
    count_attachments(&kernel.root_table, counts);
    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        if (exists(i)) {
            count_attachments(&kernel.domains[i]->caps, counts);
            count_attachments(&kernel.domains[i]->files, counts);
        }
    }
    for (uint32_t root = 0; root < kernel.plan.root_count; root++) {
        for (uint32_t i = 0; i < kernel.spec.header->ranges.count; i++) {
            const struct attachments *a = &kernel.planned[root][i];

            FUZZ_CHECK(a->read == counts[root][i]);
            FUZZ_CHECK(a->write <= a->read && a->exec <= a->read);
        }
    }
}

void machine_check(void)
{
    machine_check_books();
    check_domains();
    check_attachments();
    check_locks();
}

static bool zero(uint64_t first, uint64_t bytes)
{
    const uint8_t *memory = machine.scene->memory + first;

    return bytes == 0 ||
           (memory[0] == 0 && memcmp(memory, memory + 1, bytes - 1) == 0);
}

void machine_check_free(void)
{
    for (uint32_t i = 0; i <= SPEC_MAX_DOMAINS; i++) {
        const struct pool *pool = &kernel.pools[i];
        uint64_t frame = pool->list;

        for (uint32_t e = 0; pool->total && e < pool->extent_count; e++) {
            FUZZ_CHECK(zero(pool->extents[e].next,
                            pool->extents[e].end - pool->extents[e].next));
        }
        for (uint64_t n = 0; pool->total && n < pool->listed; n++) {
            const uint64_t *words = arch_physical(frame);

            FUZZ_CHECK(zero(frame + 8, ABI_PAGE_SIZE - 8));
            frame = words[0];
        }
    }
}
